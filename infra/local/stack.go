package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/brand"
)

// stack is everything that template.yaml makes, emulated.
type stack struct {
	name      string // of table and bucket, and what the queues' names begin with
	store     *aws.Store
	cfg       aws.Config
	queues    *sqs.Client
	tables    *dynamodb.Client
	streams   *dynamodbstreams.Client
	bucket    *s3.Client
	mails     *sesv2.Client
	urls      map[string]string // queue name -> URL
	functions map[string]*function
	moto      string
	log       io.Writer
	proxies   *proxies
	// twice delivers every event of queues and stream a second time, disorder
	// shuffles batches and brings back older stretches of the stream.
	twice, disorder bool
	older           []any // of the stream
}

// queued are the functions that SQS feeds, clocked those of the clock.
var (
	queued = []string{"triage", "draft", "publish", "notify", "receive-mail"}
	all    = append([]string{"relay", "followup", "receive-posts", "receive-hooks", "console", "archive"}, queued...)
)

func newStack(ctx context.Context, tables, moto, dir string, log io.Writer) (*stack, error) {
	s := &stack{name: "local-" + strings.ToLower(rand.Text()), moto: moto, log: &lines{w: log}, urls: map[string]string{}, functions: map[string]*function{}}
	sdk := aws.SDKWith("eu-west-1", "local", "local", "")
	s.cfg = aws.Config{Table: s.name, Bucket: s.name, SDK: sdk, DynamoDB: tables, S3: moto, Settle: -1, Now: time.Now}
	s.store = aws.Open(s.cfg)
	s.queues = sqs.NewFromConfig(sdk, func(o *sqs.Options) { o.BaseEndpoint = &moto })
	s.tables = dynamodb.NewFromConfig(sdk, func(o *dynamodb.Options) { o.BaseEndpoint = &tables })
	s.streams = dynamodbstreams.NewFromConfig(sdk, func(o *dynamodbstreams.Options) { o.BaseEndpoint = &tables })
	s.bucket = s3.NewFromConfig(sdk, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &moto, true })
	s.mails = sesv2.NewFromConfig(sdk, func(o *sesv2.Options) { o.BaseEndpoint = &moto })
	if err := s.store.CreateTable(ctx); err != nil {
		return nil, err
	}
	if err := s.store.CreateBucket(ctx); err != nil {
		return nil, err
	}
	for _, q := range queued {
		out, err := s.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: awssdk.String(s.name + "-" + q),
			Attributes: map[string]string{"VisibilityTimeout": "5"}})
		if err != nil {
			return nil, err
		}
		s.urls[q] = *out.QueueUrl
	}
	ch, _ := brand.Sample().Channel("email")
	_, from, _ := strings.Cut(ch.Settings["from"], "@")
	if _, err := s.mails.CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: &from}); err != nil && !strings.Contains(err.Error(), "AlreadyExists") {
		return nil, err
	}
	if err := s.secret(ctx, "/"+s.name+"/hook", hookSecret); err != nil {
		return nil, err
	}
	return s, s.wire(ctx, dir)
}

// wire makes the Runtime APIs of the binaries in a folder, and the proxies
// between them and the emulators.
func (s *stack) wire(ctx context.Context, dir string) error {
	s.proxies = newProxies()
	tables, err := s.proxies.before(ctx, s.cfg.DynamoDB)
	if err != nil {
		return err
	}
	moto, err := s.proxies.before(ctx, s.moto)
	if err != nil {
		return err
	}
	env := []string{"WEBCARE_TABLE=" + s.name, "WEBCARE_BUCKET=" + s.name, "WEBCARE_TRIAGE_QUEUE=" + s.urls["triage"],
		"WEBCARE_DRAFT_QUEUE=" + s.urls["draft"], "WEBCARE_PUBLISH_QUEUE=" + s.urls["publish"], "WEBCARE_NOTIFY_QUEUE=" + s.urls["notify"],
		"WEBCARE_LEARN=true", "WEBCARE_HOOK_LOOPBACK=true", "WEBCARE_URL=http://" + consoleHost, "WEBCARE_OIDC_ISSUER=http://127.0.0.1:9",
		"WEBCARE_OIDC_CLIENT_ID=local", "WEBCARE_OIDC_ROLES=team:lead", "WEBCARE_HOOK_SECRET=/" + s.name + "/hook",
		"AWS_REGION=eu-west-1", "AWS_SECRET_ACCESS_KEY=local", "AWS_ENDPOINT_URL_DYNAMODB=" + tables,
		"AWS_ENDPOINT_URL_S3=" + moto, "AWS_ENDPOINT_URL_SQS=" + moto, "AWS_ENDPOINT_URL_SESV2=" + moto, "AWS_ENDPOINT_URL_SSM=" + moto}
	for _, name := range all {
		f := &function{name: name, binary: filepath.Join(dir, name), env: append([]string{"AWS_ACCESS_KEY_ID=" + keyOf(name)}, env...), timeout: 30 * time.Second, log: s.log}
		if err := f.start(ctx); err != nil {
			return err
		}
		s.functions[name] = f
	}
	return nil
}

// keyOf is the access key of a function; DynamoDB Local takes letters and digits.
func keyOf(name string) string { return strings.ReplaceAll(name, "-", "0") }

// consoleHost is the name that the console answers to.
const consoleHost = "127.0.0.1:8443"

// compile builds the functions' binaries into a folder, as sam does, but for
// this machine.
func compile(ctx context.Context, dir string) error {
	var packages []string
	for _, name := range all {
		packages = append(packages, "webcare.example/responder/functions/"+name)
	}
	return build(ctx, dir, packages)
}

func build(ctx context.Context, dir string, packages []string) error {
	args := append([]string{"build", "-tags", "lambda.norpc", "-trimpath", "-ldflags=-s -w", "-o", dir + "/"}, packages...)
	if out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w\n%s", err, out)
	}
	return nil
}

// run feeds the functions until ctx ends.
func (s *stack) run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, q := range queued {
		wg.Go(func() { s.feedQueue(ctx, q) })
	}
	wg.Go(func() { s.feedStream(ctx) })
	wg.Go(func() { s.feedClock(ctx) })
	wg.Wait()
}

// put stores a mail as SES would, and tells the queue as S3 would.
func (s *stack) put(ctx context.Context, id string, raw []byte) error {
	key := "inbound/" + id
	if _, err := s.bucket.PutObject(ctx, &s3.PutObjectInput{Bucket: &s.name, Key: &key, Body: bytes.NewReader(raw)}); err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{"Records": []any{map[string]any{"eventName": "ObjectCreated:Put",
		"s3": map[string]any{"bucket": map[string]any{"name": s.name}, "object": map[string]any{"key": key}}}}})
	if err != nil {
		return err
	}
	_, err = s.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: awssdk.String(s.urls["receive-mail"]), MessageBody: awssdk.String(string(body))})
	return err
}

// hookSecret verifies what is pushed to /hooks/messages here.
const hookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// secret stores a parameter.
func (s *stack) secret(ctx context.Context, name, value string) error {
	body, err := json.Marshal(map[string]any{"Name": name, "Value": value, "Type": "SecureString"})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.moto, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AmazonSSM.PutParameter")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/ssm/aws4_request, SignedHeaders=host, Signature=0")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("storing %s: %s", name, res.Status)
	}
	return nil
}

// lines keeps what processes write at once apart.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
