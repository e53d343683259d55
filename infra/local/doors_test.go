package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/aws/archive"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// ask calls a function's URL.
func (s *stack) ask(t *testing.T, name, method, path string, header http.Header, body []byte) (code int, answer string) {
	t.Helper()
	e := events.LambdaFunctionURLRequest{Version: "2.0", RawPath: path, Headers: map[string]string{}, Body: string(body)}
	e.RequestContext.DomainName, e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = consoleHost, method, path
	for k, v := range header {
		e.Headers[strings.ToLower(k)] = v[0]
	}
	payload, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.functions[name].invoke(t.Context(), payload)
	if err != nil {
		t.Fatal(name, err)
	}
	head, rest, ok := bytes.Cut(out, make([]byte, 8)) // what a streamed answer begins with ends in eight zeros
	var about struct{ StatusCode int }
	if err := json.Unmarshal(head, &about); err != nil || !ok {
		t.Fatalf("%s answered %q", name, out)
	}
	return about.StatusCode, string(rest)
}

// doors: a message pushed to the hook becomes a case, whose events a webhook
// hears; the console answers; everything moves out and in again.
func doors(t *testing.T) {
	s := up(t, func(*stack) {})
	var heard atomic.Int64
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil && r.Header.Get("webhook-signature") != "" {
			heard.Add(1)
		}
	}))
	defer receiver.Close()
	subs := &webhook.Subscriptions{Records: s.store.Ports().Records, Egress: webhook.Egress{AllowLoopback: true}, Now: time.Now, Random: zeros{}}
	if _, err := subs.Create(t.Context(), webhook.Subscription{Name: "test", URL: receiver.URL, Events: []webcare.EventType{webcare.CaseReceived}}, "test", hookSecret); err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"id":"push-1","channel":"forum","author":{"name":"Sanne","handle":"sanne"},"text":"` + wordy + `"}`)
	secret, err := webhook.ParseSecret(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	header, err := secret.Sign("push-1", time.Now(), body)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second is the same message
		if code, answer := s.ask(t, "receive-hooks", http.MethodPost, "/hooks/messages", header, body); code != http.StatusAccepted {
			t.Fatalf("a push is answered %d: %s", code, answer)
		}
	}
	header.Set("webhook-signature", "v1,AAAA")
	if code, _ := s.ask(t, "receive-hooks", http.MethodPost, "/hooks/messages", header, body); code != http.StatusUnauthorized {
		t.Errorf("a push with a wrong signature is answered %d", code)
	}
	await(t, "a draft", func() (int, bool) { n := len(s.heads(t, webcare.StatusInReview)); return n, n == 1 })
	await(t, "the webhook", func() (int64, bool) { n := heard.Load(); return n, n == 1 })
	if code, answer := s.ask(t, "console", http.MethodGet, "/readyz", nil, nil); code != http.StatusOK {
		t.Errorf("the console answers %d: %s", code, answer)
	}
	if code, _ := s.ask(t, "console", http.MethodGet, "/", nil, nil); code != http.StatusSeeOther {
		t.Errorf("somebody who is not signed in is answered %d", code)
	}
	s.move(t)
}

// zeros is randomness that a test can do without.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// move writes an archive by the function, and loads it into an empty house.
func (s *stack) move(t *testing.T) {
	t.Helper()
	s.functions["archive"].timeout = 15 * time.Minute // as in the template
	var wrote archive.Progress
	if err := s.call(t.Context(), "archive", map[string]string{"write": "archive/out"}, &wrote); err != nil || !wrote.Done || wrote.Cases != 1 {
		t.Fatalf("wrote %+v, %v", wrote, err)
	}
	cfg := s.cfg
	cfg.Table, cfg.Bucket = s.name+"-2", s.name+"-2"
	other := aws.Open(cfg)
	if err := errors.Join(other.CreateTable(t.Context()), other.CreateBucket(t.Context())); err != nil {
		t.Fatal(err)
	}
	part, err := s.store.Object(t.Context(), "archive/out/part-00001.zip")
	if err != nil {
		t.Fatal(err)
	}
	if err := other.PutFile(t.Context(), "archive/in.zip", bytes.NewReader(part)); err != nil {
		t.Fatal(err)
	}
	erased(t, other, s.heads(t, webcare.StatusInReview))
	f := s.functions["archive"]
	f.kill()
	<-time.After(200 * time.Millisecond)
	f.env = append(f.env, "WEBCARE_TABLE="+cfg.Table, "WEBCARE_BUCKET="+cfg.Bucket)
	var loaded archive.Progress
	if err := s.call(t.Context(), "archive", map[string]string{"load": "archive/in.zip"}, &loaded); err != nil || !loaded.Done || loaded.Cases != 1 {
		t.Fatalf("loaded %+v, %v", loaded, err)
	}
	page, err := other.List(t.Context(), webcare.Query{Brands: []string{brand.Sample().ID}, Statuses: webcare.Statuses(), Limit: 10})
	if err != nil || len(page.Heads) != 1 {
		t.Fatal(fmt.Sprint(len(page.Heads), " cases after the move: "), err)
	}
	if page.Heads[0].ErasedAt.IsZero() {
		t.Error("a customer who was erased came back with an archive")
	}
}

// erased notes in a house that is still empty that the customers of cases were
// erased, so that a function which loads them erases them again.
func erased(t *testing.T, other *aws.Store, heads []webcare.Head) {
	t.Helper()
	store := webcare.Store{Ports: other.Ports()}
	for _, h := range heads {
		note := webcare.Erasure{Key: webcare.ErasureKey(h.Brand, h.Customer()), At: time.Now().Add(time.Minute)}
		if _, err := store.EraseAgain(t.Context(), []string{h.Brand}, []webcare.Erasure{note}, time.Now(), nil); err != nil {
			t.Fatal(err)
		}
		if err := other.Index(t.Context(), webcare.Document{Brand: h.Brand, Case: h.ID, Set: "case", Terms: map[string]int{"pakket": 1}, Size: 1}); err != nil {
			t.Fatal(err)
		}
	}
}
