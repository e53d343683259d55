package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// receiver takes deliveries and keeps them, by webhook-id.
type receiver struct {
	srv    *httptest.Server
	answer atomic.Pointer[http.HandlerFunc]
	mu     sync.Mutex
	taken  map[string]int
	last   http.Header
	body   []byte
}

func newReceiver(tb testing.TB) *receiver {
	tb.Helper()
	r := &receiver{taken: map[string]int{}}
	r.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return // killed in the middle
		}
		if f := r.answer.Load(); f != nil {
			(*f)(w, req)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.taken[req.Header.Get("webhook-id")]++
		r.last, r.body = req.Header, body
	}))
	tb.Cleanup(r.srv.Close)
	return r
}

func (r *receiver) answers(f http.HandlerFunc) {
	if f == nil {
		r.answer.Store(nil)
		return
	}
	r.answer.Store(&f)
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.taken)
}

// subscribe makes a webhook at a running program and returns its id and secret.
func subscribe(t *testing.T, addr, url string, events ...string) (id, secret string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"name": "test", "url": url, "events": events})
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ ID, Secret string }
	if code := call(t.Context(), http.MethodPost, "http://"+addr+"/api/v1/webhooks", http.Header{"Content-Type": {"application/json"}}, body, &got); code != http.StatusCreated {
		t.Fatalf("making a webhook: %d", code)
	}
	return got.ID, got.Secret
}

// TestKillWebhooks: 300 deliveries wait when the program is killed; all arrive.
func TestKillWebhooks(t *testing.T) {
	const n = 300
	dir, r := t.TempDir(), newReceiver(t)
	env := []string{"WEBCARE_HOOK_SECRETS=" + testSecret, "WEBCARE_ALLOW_LOOPBACK=true"}
	p := start(t, env, "serve", "--data", dir, "--smtp", "")
	release := make(chan struct{})
	r.answers(func(http.ResponseWriter, *http.Request) { <-release }) // nothing is answered before the kill
	id, _ := subscribe(t, p.addr, r.srv.URL, "case.received")
	secret, err := webhook.ParseSecret(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		msg := fmt.Sprintf("hook-%d", i)
		body := hookBody(msg)
		h, err := secret.Sign(msg, time.Now(), body)
		if err != nil {
			t.Fatal(err)
		}
		if code := call(t.Context(), http.MethodPost, "http://"+p.addr+"/hooks/messages", h, body, nil); code != http.StatusAccepted {
			t.Fatalf("message %d: %d", i, code)
		}
	}
	p.kill() // whatever has become a delivery by now, and whatever has not
	close(release)
	r.answers(nil)
	if r.count() != 0 {
		t.Fatalf("%d arrived before the kill", r.count())
	}
	p = start(t, env, "serve", "--data", dir, "--smtp", "")
	defer p.kill()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	eventually(ctx, t, "all deliveries", func() bool { return r.count() == n })
	twice := 0
	for _, times := range r.taken {
		if times > 1 {
			twice++
		}
	}
	t.Logf("%d of %d arrived %s after the start, %d of them twice", r.count(), n, time.Since(began).Round(time.Millisecond), twice)
	var page struct {
		Deliveries []struct {
			Outcome string `json:"outcome"`
		} `json:"deliveries"`
	}
	eventually(ctx, t, "all recorded as delivered", func() bool {
		return call(ctx, http.MethodGet, "http://"+p.addr+"/api/v1/webhooks/"+id+"/deliveries?limit=200&outcome=waiting", nil, nil, &page) == http.StatusOK && len(page.Deliveries) == 0
	})
}

// TestOtherLibrary: a receiver with the library of another language verifies
// what we send, while a rotation runs too, and refuses it when it was changed.
func TestOtherLibrary(t *testing.T) {
	python := otherPython(t)
	r := newReceiver(t)
	p := start(t, []string{"WEBCARE_HOOK_SECRETS=" + testSecret, "WEBCARE_ALLOW_LOOPBACK=true"}, "serve", "--data", t.TempDir(), "--smtp", "")
	defer p.kill()
	id, first := subscribe(t, p.addr, r.srv.URL)
	send := func(more int) {
		t.Helper()
		if code := call(t.Context(), http.MethodPost, "http://"+p.addr+"/api/v1/webhooks/"+id+"/test", nil, nil, nil); code != http.StatusAccepted {
			t.Fatalf("test event: %d", code)
		}
		eventually(t.Context(), t, "the test event", func() bool { return r.count() == more })
	}
	verify := func(secret string, body []byte) error {
		in, err := json.Marshal(map[string]any{"secret": secret, "body": string(body), "headers": map[string]string{
			"webhook-id": r.last.Get("webhook-id"), "webhook-timestamp": r.last.Get("webhook-timestamp"), "webhook-signature": r.last.Get("webhook-signature")}})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), python, "../../testdata/webhook/verify.py")
		cmd.Stdin = strings.NewReader(string(in))
		out, err := cmd.CombinedOutput()
		if err != nil && !strings.Contains(string(out), "WebhookVerificationError") {
			t.Fatalf("%v: %s", err, out)
		}
		return err
	}
	send(1)
	if err := verify(first, r.body); err != nil {
		t.Errorf("the first secret: %v", err)
	}
	if verify(first, append(slices.Clone(r.body), ' ')) == nil {
		t.Error("a changed body is verified")
	}
	var rotated struct{ Secret string }
	if code := call(t.Context(), http.MethodPost, "http://"+p.addr+"/api/v1/webhooks/"+id+"/rotate", nil, nil, &rotated); code != http.StatusOK {
		t.Fatalf("rotate: %d", code)
	}
	send(2)
	for _, s := range []string{first, rotated.Secret} {
		if err := verify(s, r.body); err != nil {
			t.Errorf("during the rotation: %v", err)
		}
	}
}

// BenchmarkWebhooks delivers 1,000 events a second in all to 20 endpoints
// through relay, store and workers, and reports the latency from event to
// arrival of the healthy ones: first all are, then one takes its 20 seconds.
// Both are measured in turn, as often as -benchtime 5x says, and the best runs
// compared: what else the machine does only ever adds.
func BenchmarkWebhooks(b *testing.B) {
	var healthy, slow [][]time.Duration
	for b.Loop() {
		healthy = append(healthy, deliverMany(b, false))
		slow = append(slow, deliverMany(b, true))
	}
	at := func(runs [][]time.Duration, share int) float64 {
		best := time.Hour
		for _, l := range runs {
			best = min(best, l[len(l)*share/100])
		}
		return float64(best.Microseconds()) / 1000
	}
	b.ReportMetric(at(healthy, 50), "healthy-p50-ms")
	b.ReportMetric(at(healthy, 99), "healthy-p99-ms")
	b.ReportMetric(at(slow, 50), "one-slow-p50-ms")
	b.ReportMetric(at(slow, 99), "one-slow-p99-ms")
	b.ReportMetric(at(slow, 99)/at(healthy, 99), "p99-ratio")
}

const (
	endpoints = 20
	perSecond = 1000 / endpoints // events; each goes to every endpoint
	forTime   = 10 * time.Second
)

// deliverMany announces events at an even pace and returns the latencies, sorted.
func deliverMany(b *testing.B, slow bool) []time.Duration {
	a := &app{stdio: stdio{strings.NewReader(""), io.Discard, io.Discard}}
	a.Agent, a.AllowLoopback = "Noor", true
	p, err := boot(context.Background(), a, b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); p.pipe.Run(ctx) }()
	var mu sync.Mutex
	var took []time.Duration
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if r.URL.Path == "/slow" {
			select {
			case <-release:
			case <-r.Context().Done():
			}
			return
		}
		var e webhook.Payload
		if json.Unmarshal(body, &e) != nil {
			return
		}
		mu.Lock()
		took = append(took, time.Since(e.Timestamp))
		mu.Unlock()
	}))
	for i := range endpoints {
		path := fmt.Sprintf("/%d", i)
		if slow && i == 7 {
			path = "/slow"
		}
		if _, err := p.pipe.Courier.Subscriptions.Create(ctx, webhook.Subscription{Name: "bench", URL: srv.URL + path}, "bench", ""); err != nil {
			b.Fatal(err)
		}
	}
	healthy := endpoints
	if slow {
		healthy--
	}
	const events = int(perSecond * forTime / time.Second)
	tick := time.NewTicker(time.Second / perSecond)
	var wg sync.WaitGroup
	for i := range events {
		<-tick.C
		wg.Go(func() {
			e := webcare.Event{ID: fmt.Sprintf("bench%d/1", i), Type: webcare.DraftReady, CaseID: webcare.CaseID(fmt.Sprintf("bench%d", i)), Seq: 1, At: time.Now(), Brand: "b", Channel: "email"}
			if _, err := p.pipe.Courier.Announce(ctx, []webcare.Event{e}); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	tick.Stop()
	for range 600 {
		mu.Lock()
		n := len(took)
		mu.Unlock()
		if n >= events*healthy {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	close(release)
	stop()
	<-done
	srv.Close()
	if err := p.store.Close(); err != nil {
		b.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(took) < events*healthy {
		b.Fatalf("%d of %d arrived", len(took), events*healthy)
	}
	slices.Sort(took)
	return took
}

// otherPython is a Python with the package standardwebhooks.
func otherPython(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("../../.tools/standardwebhooks-*/bin/python")
	if err != nil || len(found) == 0 {
		t.Skip("needs emulator: python3 -m venv .tools/standardwebhooks-1.0.0 && .tools/standardwebhooks-1.0.0/bin/pip install standardwebhooks==1.0.0")
	}
	return found[0]
}
