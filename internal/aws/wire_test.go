package aws_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/aws/units"
)

// wire is the network between the adapter and the emulator: it can lose
// answers after the call has taken effect, throttle, and count what calls cost.
type wire struct {
	mu       sync.Mutex
	random   *rand.Rand
	lose     float64 // share of answers lost after the call was done
	throttle float64 // share of calls refused before they are done
	lost     int
	refused  int

	reads, writes float64 // consumed units, tables and indexes together
	calls         map[string]int
}

// over puts a wire between a configuration and its emulators.
func (w *wire) over(cfg aws.Config) aws.Config {
	w.random, w.calls = rand.New(rand.NewPCG(1, 2)), map[string]int{}
	cfg.SDK.HTTPClient = w
	return cfg
}

func (w *wire) chance(p float64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.random.Float64() < p
}

// Do implements the SDK's HTTP client.
func (w *wire) Do(req *http.Request) (*http.Response, error) {
	_, operation, dynamodb := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	if dynamodb && w.chance(w.throttle) {
		w.mu.Lock()
		w.refused++
		w.mu.Unlock()
		return throttled(req), nil
	}
	var asked []byte
	if dynamodb {
		var err error
		if asked, err = askForUnits(req); err != nil {
			return nil, err
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	if dynamodb {
		w.note(operation, asked, body)
	}
	if operation != "CreateTable" && w.chance(w.lose) {
		w.mu.Lock()
		w.lost++
		w.mu.Unlock()
		return nil, &timeout{errors.New("the answer was lost")}
	}
	return res, nil
}

// timeout is an error that the SDK takes for a broken connection.
type timeout struct{ error }

func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func throttled(req *http.Request) *http.Response {
	body := `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}`
	return &http.Response{StatusCode: http.StatusBadRequest, ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// askForUnits adds to a call that it shall answer what it consumed, and returns
// its body.
func askForUnits(req *http.Request) ([]byte, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	var in map[string]any
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	in["ReturnConsumedCapacity"] = "TOTAL"
	if body, err = json.Marshal(in); err != nil {
		return nil, err
	}
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.Header.Set("Content-Length", "")
	req.Header.Del("Content-Length")
	return body, nil
}

// note adds up what a call consumed.
func (w *wire) note(operation string, asked, body []byte) {
	var out struct{ ConsumedCapacity json.RawMessage }
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls[operation]++
	if operation == "TransactWriteItems" {
		if n, err := units.Transaction(asked); err == nil {
			w.writes += n
		}
		return
	}
	if json.Unmarshal(body, &out) != nil || out.ConsumedCapacity == nil {
		return
	}
	type consumed struct{ CapacityUnits float64 }
	var all []consumed
	if json.Unmarshal(out.ConsumedCapacity, &all) != nil {
		all = make([]consumed, 1)
		_ = json.Unmarshal(out.ConsumedCapacity, &all[0]) // one or a list, nothing else
	}
	for _, u := range all {
		if operation == "Query" || operation == "GetItem" {
			w.reads += u.CapacityUnits
		} else {
			w.writes += u.CapacityUnits
		}
	}
}

func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads, w.writes, w.calls = 0, 0, map[string]int{}
}
