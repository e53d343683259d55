package webhook_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// call is what a receiver was sent.
type call struct {
	id, stamp string
	body      []byte
	header    http.Header
}

// post is a courier with a receiver and a clock that is moved by hand.
type post struct {
	*webhook.Courier
	t      *testing.T
	now    time.Time
	worker webcare.Worker
	srv    *httptest.Server
	mu     sync.Mutex
	calls  []call
	answer http.HandlerFunc
}

func newPost(t *testing.T, egress webhook.Egress) *post {
	t.Helper()
	p := &post{t: t, now: at.UTC(), answer: func(http.ResponseWriter, *http.Request) {}}
	p.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		p.calls = append(p.calls, call{r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), b, r.Header})
		p.mu.Unlock()
		p.answer(w, r)
	}))
	t.Cleanup(p.srv.Close)
	now := func() time.Time { p.mu.Lock(); defer p.mu.Unlock(); return p.now }
	store := porttest.NewMemory().Store()
	p.Courier = &webhook.Courier{Store: store, Client: egress.Client(300 * time.Millisecond), Link: "https://desk.test/", Jitter: func() float64 { return 0.5 },
		Log:           slog.New(slog.DiscardHandler),
		Subscriptions: &webhook.Subscriptions{Records: store.Records, Egress: egress, Now: now, Random: rand.Reader}}
	p.worker = webcare.Worker{Store: store, Now: now, Jitter: p.Jitter, Handlers: map[webcare.Stage]webcare.Handler{webcare.StageNotify: p.Handle}}
	return p
}

var loopback = webhook.Egress{AllowLoopback: true}

func (p *post) subscribe(s webhook.Subscription) webhook.Subscription {
	p.t.Helper()
	if s.Name == "" {
		s.Name = "test"
	}
	if s.URL == "" {
		s.URL = p.srv.URL
	}
	s, err := p.Subscriptions.Create(p.t.Context(), s, "iris", "")
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *post) event(n int, typ webcare.EventType) webcare.Event {
	return webcare.Event{ID: fmt.Sprintf("case1/%d", n), Type: typ, CaseID: "case1", Seq: int64(n), At: p.now, Brand: "b", Channel: "email",
		New: &webcare.Labels{Status: webcare.StatusInReview, Urgency: webcare.High, Signals: []webcare.Signal{webcare.LegalThreat, webcare.VulnerableCustomer}}}
}

func (p *post) announce(es ...webcare.Event) {
	p.t.Helper()
	if _, err := p.Announce(p.t.Context(), es); err != nil {
		p.t.Fatal(err)
	}
}

// work does what is due until nothing is.
func (p *post) work() {
	p.t.Helper()
	for {
		ts, err := p.Store.Tasks.Lease(p.t.Context(), webcare.StageNotify, 50, p.now, p.now.Add(time.Minute))
		if err != nil {
			p.t.Fatal(err)
		}
		for _, task := range ts {
			if err := p.worker.Do(p.t.Context(), task); err != nil {
				p.t.Fatal(err)
			}
		}
		if len(ts) == 0 {
			return
		}
	}
}

func (p *post) pass(d time.Duration) { p.mu.Lock(); p.now = p.now.Add(d); p.mu.Unlock() }

func (p *post) list(s webhook.Subscription) []webhook.Delivery {
	p.t.Helper()
	ds, _, err := p.Deliveries(p.t.Context(), s.ID, webhook.Range{}, "", 100)
	if err != nil {
		p.t.Fatal(err)
	}
	return ds
}

func (p *post) state(s webhook.Subscription) webhook.Subscription {
	p.t.Helper()
	s, err := p.Subscriptions.Get(p.t.Context(), s.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func TestDeliver(t *testing.T) {
	p := newPost(t, loopback)
	s := p.subscribe(webhook.Subscription{})
	e := p.event(3, webcare.DraftReady)
	p.announce(e)
	p.announce(e, e) // the relay may repeat itself
	p.work()
	p.announce(e)
	p.work()
	if len(p.calls) != 1 {
		t.Fatalf("%d calls", len(p.calls))
	}
	id, err := webhook.Verify([]webhook.Secret{secret(t, s.Secrets[0].Secret)}, p.calls[0].header, p.calls[0].body, p.now)
	if err != nil || id != webhook.MessageID(e) || p.calls[0].header.Get("Content-Type") != "application/json" {
		t.Fatalf("id %q, %v", id, err)
	}
	var got webhook.Payload
	if err := json.Unmarshal(p.calls[0].body, &got); err != nil || got.Type != e.Type || got.Data.Sequence != 3 || got.Data.CaseID != "case1" || got.Data.URL != "https://desk.test/cases/case1" {
		t.Fatalf("%+v, %v", got, err)
	}
	if d := p.list(s); len(d) != 1 || d[0].Outcome != webhook.Delivered || d[0].Attempts[0].Code != 200 {
		t.Fatalf("%+v", d)
	}
}

func TestSchedule(t *testing.T) {
	p := newPost(t, loopback)
	p.answer = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, strings.Repeat("kapot ", 1000), 500) }
	s := p.subscribe(webhook.Subscription{})
	p.announce(p.event(1, webcare.DraftReady))
	p.work()
	ids, stamps := map[string]bool{}, map[string]bool{}
	for i, wait := range webhook.Schedule {
		least, most := wait, wait+wait/5
		d := p.list(s)[0]
		if next := d.NextAt.Sub(p.now); d.Outcome != webhook.Waiting || next < least || next > most {
			t.Fatalf("after attempt %d: %s in %s, want %s to %s", i+1, d.Outcome, next, least, most)
		}
		p.pass(least - time.Millisecond)
		p.work()
		if len(p.calls) != i+1 {
			t.Fatalf("attempt %d came early", i+2)
		}
		p.pass(most - least + time.Millisecond)
		p.work()
	}
	d := p.list(s)[0]
	if d.Outcome != webhook.Failed || len(p.calls) != len(webhook.Schedule)+1 {
		t.Fatalf("%s after %d attempts", d.Outcome, len(p.calls))
	}
	for _, c := range p.calls {
		ids[c.id], stamps[c.stamp] = true, true
	}
	if len(ids) != 1 || len(stamps) != len(p.calls) {
		t.Errorf("%d ids, %d timestamps over %d attempts", len(ids), len(stamps), len(p.calls))
	}
	if last := d.Attempts[len(d.Attempts)-1]; last.Code != 500 || len(last.Body) != 1024 || last.Error == "" {
		t.Errorf("kept %d %q and %d bytes", last.Code, last.Error, len(last.Body))
	}
	p.answer = func(http.ResponseWriter, *http.Request) {}
	if _, err := p.ReplayOne(t.Context(), s.ID, d.ID); err != nil {
		t.Fatal(err)
	}
	p.work()
	if d := p.list(s)[0]; d.Outcome != webhook.Delivered || p.calls[len(p.calls)-1].id != p.calls[0].id {
		t.Fatalf("replayed: %s", d.Outcome)
	}
}

// TestBadReceivers: each way to fail is told apart, and none leads inside.
func TestBadReceivers(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		code   int
		why    string
		state  webhook.State
		out    webhook.Outcome
		wait   time.Duration
	}{
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, 500, "answered 500", webhook.Active, webhook.Waiting, 0},
		{"404", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, 404, "answered 404", webhook.Active, webhook.Waiting, 0},
		{"timeout", func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(2 * time.Second):
			}
		}, 0, "in time", webhook.Active, webhook.Waiting, 0},
		{"reset", func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_ = c.(*net.TCPConn).SetLinger(0)
			c.Close()
		}, 0, "reset", webhook.Active, webhook.Waiting, 0},
		{"redirect inside", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		}, 302, "not followed", webhook.Active, webhook.Waiting, 0},
		{"410", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, 410, "answered 410", webhook.Disabled, webhook.Failed, 0},
		{"429, later", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		}, 429, "answered 429", webhook.Active, webhook.Waiting, time.Hour},
		{"503, absurdly later", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "2000000000")
			w.WriteHeader(503)
		}, 503, "answered 503", webhook.Active, webhook.Waiting, 24 * time.Hour},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPost(t, loopback)
			p.answer = tc.answer
			s := p.subscribe(webhook.Subscription{})
			p.announce(p.event(1, webcare.DraftReady))
			p.work()
			d := p.list(s)[0]
			a := d.Attempts[0]
			if len(p.calls) != 1 || a.Code != tc.code || !strings.Contains(a.Error, tc.why) || d.Outcome != tc.out || p.state(s).State != tc.state {
				t.Fatalf("%d calls, %+v, %s, %s", len(p.calls), a, d.Outcome, p.state(s).State)
			}
			if tc.wait > 0 && d.NextAt.Sub(p.now) != tc.wait {
				t.Errorf("next in %s", d.NextAt.Sub(p.now))
			}
			p.announce(p.event(2, webcare.DraftReady))
			if n := len(p.list(s)); (n == 1) != (tc.state == webhook.Disabled) {
				t.Errorf("%d deliveries", n)
			}
		})
	}
}

func TestInsideIsRefused(t *testing.T) {
	p := newPost(t, webhook.Egress{})
	s := p.subscribe(webhook.Subscription{URL: "https://example.com/"})
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	body = []byte(strings.Replace(string(body), "https://example.com/", "http://localhost:9/", 1)) // a name that now leads inside
	if err := p.Store.Records.Put(t.Context(), webcare.Record{Kind: "webhook", Key: s.ID, Version: 1, Body: body}, p.now); err != nil {
		t.Fatal(err)
	}
	p.announce(p.event(1, webcare.DraftReady))
	p.work()
	if d := p.list(s)[0]; !strings.Contains(d.Attempts[0].Error, "not on the public internet") || strings.Contains(d.Attempts[0].Error, "http") {
		t.Fatalf("%+v", d.Attempts)
	}
}

// TestPaused: what fails for days is paused, its owner told, nothing lost.
func TestPaused(t *testing.T) {
	p := newPost(t, loopback)
	bad := true
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		if bad && r.URL.Path == "/bad" {
			w.WriteHeader(500)
		}
	}
	s := p.subscribe(webhook.Subscription{URL: p.srv.URL + "/bad"})
	box := &postbox{}
	p.Mail = func(string) (webcare.Publisher, bool) { return box, true }
	s, err := p.Subscriptions.Change(t.Context(), s.ID, 0, func(s *webhook.Subscription) error { s.Owner = "beheer@example.com"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	owner := p.subscribe(webhook.Subscription{URL: p.srv.URL + "/owner", Events: []webcare.EventType{webhook.WebhookPaused}})
	for i := range 11 {
		p.announce(p.event(i+1, webcare.DraftReady))
		p.work()
		p.pass(12 * time.Hour)
	}
	if st := p.state(s); !st.Stopped() || st.State != webhook.Paused || !strings.Contains(st.Why, "answered 500") {
		t.Fatalf("%+v", st)
	}
	if d := p.list(owner); len(d) != 1 || d[0].Event.Data["webhook"] != s.ID || d[0].Outcome != webhook.Delivered {
		t.Fatalf("the owner: %+v", d)
	}
	if len(box.taken) != 1 || !strings.Contains(box.taken[0].Draft.Text, "answered 500") || !strings.Contains(box.taken[0].Draft.Text, "https://desk.test/settings/webhooks/"+s.ID) ||
		box.taken[0].Draft.ReplyTo.Recipients[0] != "beheer@example.com" || strings.Contains(box.taken[0].Draft.Text, "/bad") {
		t.Fatalf("the owner's mail: %+v", box.taken)
	}
	p.announce(p.event(50, webcare.DraftReady))
	p.work()
	before := len(p.calls)
	for _, d := range p.list(s) {
		if d.Outcome == webhook.Waiting && d.NextAt.Before(p.now) {
			t.Errorf("%s waits on", d.ID)
		}
	}
	p.pass(48 * time.Hour)
	p.work()
	if len(p.calls) != before {
		t.Fatal("a paused webhook was called")
	}
	bad = false
	if _, err := p.Resume(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	p.work()
	for _, d := range p.list(s) {
		if d.Outcome != webhook.Delivered && d.Outcome != webhook.Failed {
			t.Errorf("after resuming: %s is %s", d.ID, d.Outcome)
		}
	}
}

func TestRotation(t *testing.T) {
	p := newPost(t, loopback)
	s := p.subscribe(webhook.Subscription{})
	s2, err := p.Subscriptions.Rotate(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	p.announce(p.event(1, webcare.DraftReady))
	p.work()
	for _, sec := range []string{s.Secrets[0].Secret, s2.Secrets[0].Secret} {
		if _, err := webhook.Verify([]webhook.Secret{secret(t, sec)}, p.calls[0].header, p.calls[0].body, p.now); err != nil {
			t.Errorf("during the overlap: %v", err)
		}
	}
	p.pass(webhook.Overlap + time.Second)
	p.announce(p.event(2, webcare.DraftReady))
	p.work()
	if _, err := webhook.Verify([]webhook.Secret{secret(t, s.Secrets[0].Secret)}, p.calls[1].header, p.calls[1].body, p.now); !errors.Is(err, webcare.ErrForbidden) {
		t.Errorf("after the overlap: %v", err)
	}
}

func TestWants(t *testing.T) {
	p := newPost(t, loopback)
	all := p.subscribe(webhook.Subscription{})
	one := p.subscribe(webhook.Subscription{Events: []webcare.EventType{webcare.ReplyFailed}, Brands: []string{"b"}})
	other := p.subscribe(webhook.Subscription{Brands: []string{"other"}})
	old, imported := p.event(4, webcare.DraftReady), p.event(5, webcare.DraftReady)
	old.At = p.now.Add(-time.Second)
	imported.Data = map[string]string{"imported": "true"}
	p.announce(p.event(1, webcare.DraftReady), p.event(2, webcare.ReplyFailed), p.event(3, webcare.CaseNoted), old, imported)
	for name, got := range map[string]int{"all": len(p.list(all)) - 2, "one": len(p.list(one)) - 1, "other": len(p.list(other))} {
		if got != 0 {
			t.Errorf("%s: %d too many", name, got)
		}
	}
}

func TestReplayRange(t *testing.T) {
	p := newPost(t, loopback)
	s := p.subscribe(webhook.Subscription{})
	start := p.now
	for i := range 10 {
		p.announce(p.event(i+1, webcare.DraftReady))
		p.pass(time.Minute)
	}
	p.work()
	n, _, err := p.Replay(t.Context(), s.ID, webhook.Range{Since: start.Add(3 * time.Minute), Until: start.Add(6 * time.Minute)}, "", 100)
	if err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	p.work()
	var again []string
	for _, c := range p.calls[10:] {
		again = append(again, c.id)
	}
	slices.Sort(again)
	if fmt.Sprint(again) != "[evt_case1_4 evt_case1_5 evt_case1_6]" {
		t.Fatalf("%v", again)
	}
}

// TestLane: one endpoint cannot have all workers, and its overflow comes back.
func TestLane(t *testing.T) {
	p := newPost(t, loopback)
	release := make(chan struct{})
	p.answer = func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-release
		}
	}
	p.Client = &http.Client{Transport: loopback.Transport()}
	slow, fast := p.subscribe(webhook.Subscription{URL: p.srv.URL + "/slow"}), p.subscribe(webhook.Subscription{URL: p.srv.URL + "/fast"})
	var es []webcare.Event
	for i := range 40 {
		es = append(es, p.event(i+1, webcare.DraftReady))
	}
	p.announce(es...)
	ts, err := p.Store.Tasks.Lease(t.Context(), webcare.StageNotify, 100, p.now, p.now.Add(time.Minute))
	if err != nil || len(ts) != 80 {
		t.Fatalf("%d, %v", len(ts), err)
	}
	var wg, quick sync.WaitGroup
	for _, task := range ts {
		do := func() {
			if err := p.worker.Do(context.WithoutCancel(t.Context()), task); err != nil {
				t.Error(err)
			}
		}
		if task.Data["webhook"] == fast.ID {
			quick.Go(do)
		} else {
			wg.Go(do)
		}
	}
	quick.Wait() // while the slow ones hang
	delivered := 0
	for range 100 { // what overflowed comes back at its turn
		for _, d := range p.list(fast) {
			if d.Outcome == webhook.Delivered {
				delivered++
			}
		}
		if delivered >= 40 {
			break
		}
		delivered = 0
		p.pass(time.Second)
		again, err := p.Store.Tasks.Lease(t.Context(), webcare.StageNotify, 100, p.now, p.now.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range again {
			_ = p.worker.Do(t.Context(), task) // the slow one's are put off again
		}
	}
	if delivered < 40 {
		t.Fatalf("%d of 40 delivered beside the slow endpoint", delivered)
	}
	close(release)
	wg.Wait()
	for range 200 {
		p.pass(10 * time.Second)
		p.work()
	}
	for _, d := range p.list(slow) {
		if d.Outcome != webhook.Delivered || len(d.Attempts) != 1 {
			t.Fatalf("%s is %s after %d attempts", d.ID, d.Outcome, len(d.Attempts))
		}
	}
}

// postbox takes mails for owners.
type postbox struct {
	taken []webcare.Outgoing
	err   error
}

func (p *postbox) Class() webcare.PublishClass { return webcare.PublishClass{} }
func (p *postbox) Publish(_ context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	if p.err != nil {
		return webcare.Receipt{}, p.err
	}
	p.taken = append(p.taken, out)
	return webcare.Receipt{}, nil
}
func (p *postbox) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, nil
}

// TestOwnerOfWhatIsGone is mailed once, also where the mail server answers
// later; and an owner is a mail address.
func TestOwnerOfWhatIsGone(t *testing.T) {
	p := newPost(t, loopback)
	p.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	box := &postbox{err: webcare.Unavailablef("no mail server")}
	p.Mail = func(string) (webcare.Publisher, bool) { return box, true }
	s := p.subscribe(webhook.Subscription{Name: "CRM", Owner: "beheer@example.com", Language: "en"})
	p.announce(p.event(1, webcare.DraftReady), p.event(2, webcare.DraftReady))
	p.work()
	if p.state(s).State != webhook.Disabled || len(box.taken) != 0 {
		t.Fatalf("%+v", p.state(s))
	}
	box.err = nil
	p.pass(time.Hour)
	p.work()
	p.pass(time.Hour)
	p.work()
	if len(box.taken) != 1 || box.taken[0].Draft.Subject != "Webhook CRM has stopped" || !strings.Contains(box.taken[0].Draft.Text, "410") {
		t.Fatalf("%+v", box.taken)
	}
	for _, wrong := range []string{"beheer", "Beheer <b@example.com>", "b@example.com\r\nBcc: x@example.com", "b@example.com, c@example.com"} {
		if _, err := p.Subscriptions.Create(t.Context(), webhook.Subscription{Name: "x", URL: p.srv.URL, Owner: wrong}, "iris", ""); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
