package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/aws/units"
)

// fault is what a proxy does to one call.
type fault int

const (
	none     fault = iota
	throttle       // refused before anything is done
	lose           // done, and its answer lost
)

// call is one call of a function to AWS. Functions are told apart by their
// access keys.
type call struct {
	Function string
	Actions  []string // as IAM names them: dynamodb:PutItem
	On       string   // table, index/list, or the object's first folder
}

// proxies stand between the functions and the emulators: they make faults, and
// keep what each function did and what it consumed.
type proxies struct {
	mu            sync.Mutex
	fault         func(call) fault
	used          map[string]map[string]int // function -> "action on" -> calls
	reads, writes map[string]float64        // units by function
	lost, refused int
}

func newProxies() *proxies {
	return &proxies{used: map[string]map[string]int{}, reads: map[string]float64{}, writes: map[string]float64{}}
}

// before starts a proxy in front of an emulator.
func (p *proxies) before(ctx context.Context, target string) (string, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}, Timeout: time.Minute}
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.pass(client, target, w, r) })}
	go srv.Serve(ln) // ends with Close
	context.AfterFunc(ctx, func() { srv.Close() })
	return "http://" + ln.Addr().String(), nil
}

func (p *proxies) pass(client *http.Client, target string, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	c := identify(r, body)
	what := p.begin(c)
	if what == throttle {
		refuse(w, r)
		return
	}
	if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_") {
		body = withUnits(body)
	}
	req, err := http.NewRequestWithContext(r.Context(), r.Method, target+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	req.Header = r.Header.Clone()
	res, err := client.Do(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	p.consumed(c, r, body, out)
	if what == lose || err != nil {
		panic(http.ErrAbortHandler) // the connection breaks
	}
	for k, v := range res.Header {
		if k != "Content-Length" && k != "X-Amz-Crc32" { // of the body without units
			w.Header()[k] = v
		}
	}
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Length", res.Header.Get("Content-Length"))
	}
	w.WriteHeader(res.StatusCode)
	_, _ = w.Write(out) // a function that was killed needs no answer
}

// begin notes a call and says what becomes of it.
func (p *proxies) begin(c call) fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.used[c.Function] == nil {
		p.used[c.Function] = map[string]int{}
	}
	for _, a := range c.Actions {
		p.used[c.Function][a+" "+c.On]++
	}
	if p.fault == nil {
		return none
	}
	f := p.fault(c)
	switch f {
	case lose:
		p.lost++
	case throttle:
		p.refused++
	}
	return f
}

func refuse(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_") {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}`)
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
}

var credential = regexp.MustCompile(`Credential=([^/]+)/`)

// identify reads who calls what.
func identify(r *http.Request, body []byte) (c call) {
	if m := credential.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		c.Function = strings.ReplaceAll(m[1], "0", "-") // see keyOf
	}
	service, operation, ok := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case ok && strings.HasPrefix(service, "DynamoDB_"):
		c.Actions, c.On = dynamoActions(operation, body)
	case ok && service == "AmazonSQS":
		c.Actions, c.On = []string{"sqs:" + strings.TrimSuffix(operation, "Batch")}, "queue"
	case ok && service == "AmazonSSM":
		c.Actions, c.On = []string{"ssm:" + operation}, "parameter"
	case strings.HasPrefix(r.URL.Path, "/v2/email/"):
		c.Actions, c.On = []string{"ses:SendEmail"}, "identity"
	default:
		c.Actions, c.On = objectAction(r)
	}
	return c
}

func objectAction(r *http.Request) ([]string, string) {
	_, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	folder, _, _ := strings.Cut(key, "/")
	switch {
	case key == "":
		return []string{"s3:ListBucket"}, "bucket"
	case r.Method == http.MethodPut:
		return []string{"s3:PutObject"}, folder
	case r.Method == http.MethodDelete:
		return []string{"s3:DeleteObject"}, folder
	}
	return []string{"s3:GetObject"}, folder
}

// dynamoActions are the permissions that a call takes: of a transaction those
// of its parts.
func dynamoActions(operation string, body []byte) (actions []string, on string) {
	var in struct {
		IndexName     string
		TransactItems []map[string]json.RawMessage
	}
	_ = json.Unmarshal(body, &in) // what it is no call of has neither
	on = "table"
	if in.IndexName != "" {
		on = "index/" + in.IndexName
	}
	if len(in.TransactItems) == 0 {
		return []string{"dynamodb:" + operation}, on
	}
	seen := map[string]bool{}
	for _, it := range in.TransactItems {
		for kind := range it {
			name := "dynamodb:" + kind + "Item"
			if kind == "ConditionCheck" {
				name = "dynamodb:ConditionCheckItem"
			}
			if !seen[name] {
				seen[name] = true
				actions = append(actions, name)
			}
		}
	}
	return actions, on
}

// withUnits asks a call to say what it consumed.
func withUnits(body []byte) []byte {
	var in map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&in) != nil {
		return body
	}
	in["ReturnConsumedCapacity"] = "TOTAL"
	out, err := json.Marshal(in)
	if err != nil {
		return body
	}
	return out
}

// consumed adds up the units that an answer names.
func (p *proxies) consumed(c call, r *http.Request, asked, body []byte) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems") {
		if n, err := units.Transaction(asked); err == nil {
			p.mu.Lock()
			p.writes[c.Function] += n
			p.mu.Unlock()
		}
		return
	}
	var out struct{ ConsumedCapacity json.RawMessage }
	if json.Unmarshal(body, &out) != nil || out.ConsumedCapacity == nil {
		return
	}
	type consumed struct{ CapacityUnits float64 }
	var all []consumed
	if json.Unmarshal(out.ConsumedCapacity, &all) != nil {
		all = make([]consumed, 1)
		_ = json.Unmarshal(out.ConsumedCapacity, &all[0]) // one or a list, nothing else
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range all {
		if strings.HasSuffix(c.Actions[0], ":Query") || strings.HasSuffix(c.Actions[0], ":GetItem") || strings.HasSuffix(c.Actions[0], ":BatchGetItem") {
			p.reads[c.Function] += u.CapacityUnits
		} else {
			p.writes[c.Function] += u.CapacityUnits
		}
	}
}
