package aws

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/aws/bucket"
	"webcare.example/responder/internal/webcare"
)

// Config says where the store is.
type Config struct {
	Table  string
	Bucket string // "" for a function that needs no blobs
	SDK    awssdk.Config
	// DynamoDB and S3 are addresses of emulators, "" for the service itself.
	DynamoDB, S3 string
	// Settle is how long an event waits before Events.After returns it; 60 s if
	// zero, none if negative. Saves stop trying well within it.
	Settle time.Duration
	Now    func() time.Time
}

// Store is the ports on one table and one bucket. It is safe for concurrent use
// and needs no closing.
type Store struct {
	db     *dynamodb.Client
	table  *string
	bucket *bucket.Bucket
	settle time.Duration
	now    func() time.Time
	logged atomic.Bool // the log's first day is stored
}

// Open makes the clients. It calls nothing: a cold start pays no round trip.
func Open(cfg Config) *Store {
	s := &Store{table: &cfg.Table, settle: cfg.Settle, now: cfg.Now}
	if s.settle == 0 {
		s.settle = time.Minute
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.db = dynamodb.NewFromConfig(cfg.SDK, func(o *dynamodb.Options) {
		if cfg.DynamoDB != "" {
			o.BaseEndpoint = &cfg.DynamoDB
		}
	})
	if cfg.Bucket != "" {
		s.bucket = bucket.Open(cfg.SDK, cfg.S3, cfg.Bucket)
	}
	return s
}

// Ports returns the store as the ports of package webcare.
func (s *Store) Ports() webcare.Ports {
	return webcare.Ports{Cases: s, Events: s, Tasks: s, DeadLetters: s, Blobs: blobs{s}, Records: records{s}, Search: s, Tallies: s}
}

// Attempts and times of one call to AWS: a lost packet is noticed and repeated
// well within a function's time.
const (
	maxAttempts = 6
	maxBackoff  = 2 * time.Second
	callTimeout = 5 * time.Second
)

// SDKFromEnv returns the configuration of a process that AWS itself started:
// region and credentials stand in the environment. It leaves out the profiles,
// sign-ons and metadata services that the SDK's own loader brings along, which a
// cold start would pay for.
func SDKFromEnv() awssdk.Config {
	return SDKWith(os.Getenv("AWS_REGION"), os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN"))
}

// SDKWith returns a configuration with given credentials.
func SDKWith(region, id, secret, session string) awssdk.Config {
	return awssdk.Config{Region: region,
		Credentials: awssdk.NewCredentialsCache(credentials.NewStaticCredentialsProvider(id, secret, session)),
		HTTPClient:  awshttp.NewBuildableClient().WithTimeout(callTimeout),
		Retryer: func() awssdk.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts, o.MaxBackoff = maxAttempts, maxBackoff
			})
		}}
}

// ConfigFromEnv returns the configuration of a function, with the addresses of
// emulators where the environment names them as the AWS tools do.
func ConfigFromEnv(table, bucket string) Config {
	return Config{Table: table, Bucket: bucket, SDK: SDKFromEnv(), Now: time.Now,
		DynamoDB: os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), S3: os.Getenv("AWS_ENDPOINT_URL_S3")}
}

// CreateTable makes the table; where AWS runs, template.yaml does.
func (s *Store) CreateTable(ctx context.Context) error { return s.create(ctx, TableInput(*s.table)) }

func (s *Store) create(ctx context.Context, in *dynamodb.CreateTableInput) (err error) {
	defer webcare.Wrap(&err, "CreateTable(%s)", *s.table)
	var made *types.ResourceInUseException // by our own earlier try, whose answer was late
	if _, err = s.db.CreateTable(ctx, in); err != nil && !errors.As(err, &made) {
		return err
	}
	return dynamodb.NewTableExistsWaiter(s.db, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 50*time.Millisecond, time.Second
	}).Wait(ctx, &dynamodb.DescribeTableInput{TableName: s.table}, time.Minute)
}

// CreateBucket makes the bucket; where AWS runs, template.yaml does.
func (s *Store) CreateBucket(ctx context.Context) (err error) {
	defer webcare.Wrap(&err, "CreateBucket")
	err = s.bucket.Create(ctx)
	if errorCode(err) == "BucketAlreadyOwnedByYou" { // made by our own earlier try
		return nil
	}
	return err
}

// Ready reports whether the table answers.
func (s *Store) Ready(ctx context.Context) (err error) {
	defer webcare.Wrap(&err, "Ready")
	_, err = s.get(ctx, key("log", "first"))
	return err
}
