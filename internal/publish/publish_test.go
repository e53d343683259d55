package publish_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"webcare.example/responder/internal/webcare"
)

type answer = func(context.Context, webcare.Outgoing) (webcare.Receipt, error)

func posted(_ context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	return webcare.Receipt{ExternalID: "r-1", URL: "https://mastodon.example/r-1"}, nil
}

func fails(err error) answer {
	return func(context.Context, webcare.Outgoing) (webcare.Receipt, error) { return webcare.Receipt{}, err }
}

var (
	unavailable = fails(webcare.Unavailablef("too many requests"))
	refused     = fails(webcare.Refusedf("the thread is closed"))
	broken      = fails(errors.New("connection broke off"))
)

var (
	blind      = webcare.PublishClass{Timeout: 20 * time.Second}
	idempotent = webcare.PublishClass{Timeout: 20 * time.Second, Idempotent: true, Window: time.Hour}
	tooLate    = webcare.PublishClass{Timeout: 20 * time.Second, Idempotent: true, Window: 40 * time.Second}
	findable   = webcare.PublishClass{Timeout: 20 * time.Second, Findable: true}
)

func pending(ctx context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	r, err := posted(ctx, out)
	r.Pending = true
	return r, err
}

func panics(context.Context, webcare.Outgoing) (webcare.Receipt, error) { panic("nil map") }

func found(is bool) func() (webcare.Receipt, bool, error) {
	return func() (webcare.Receipt, bool, error) {
		return webcare.Receipt{ExternalID: "r-1", URL: "https://mastodon.example/r-1"}, is, nil
	}
}

func findFails() (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, webcare.Unavailablef("search is down")
}

// TestOutcomes: what comes of an approved reply, by platform and answer.
func TestOutcomes(t *testing.T) {
	for _, tc := range []struct {
		name     string
		p        platform
		status   webcare.Status
		outcomes string
		calls    int
		says     string // in the reason why a person must look
	}{
		{"posted", platform{class: blind, script: []answer{posted}}, webcare.StatusAnswered, "posted ", 1, ""},
		{"pending at the platform", platform{class: blind, script: []answer{pending}}, webcare.StatusAnswered, "pending ", 1, ""},
		{"not taken, then posted", platform{class: blind, script: []answer{unavailable, unavailable, posted}}, webcare.StatusAnswered, "unsent unsent posted ", 3, ""},
		{"never taken", platform{class: blind, script: []answer{unavailable}}, webcare.StatusAttention, strings.Repeat("unsent ", 10), 10, "could not be sent"},
		{"refused", platform{class: blind, script: []answer{refused}}, webcare.StatusAttention, "refused ", 1, "the thread is closed"},
		{"unknown, blind", platform{class: blind, script: []answer{broken}}, webcare.StatusAttention, "unknown ", 1, "nobody knows"},
		{"unknown, idempotent", platform{class: idempotent, script: []answer{broken, broken, posted}}, webcare.StatusAnswered, "posted ", 3, ""},
		{"unknown, the window is over", platform{class: tooLate, script: []answer{broken}}, webcare.StatusAttention, "unknown ", 1, "nobody knows"},
		{"unknown, found", platform{class: findable, script: []answer{broken}, find: found(true)}, webcare.StatusAnswered, "posted ", 1, ""},
		{"unknown, not found", platform{class: findable, script: []answer{broken, posted}, find: found(false)}, webcare.StatusAnswered, "posted ", 2, ""},
		{"unknown, nobody can look", platform{class: findable, script: []answer{broken}, find: findFails}, webcare.StatusAttention, "unknown ", 1, "search is down"},
		{"a panic, blind", platform{class: blind, script: []answer{panics}}, webcare.StatusAttention, "unknown ", 1, "nobody knows"},
		{"a panic, idempotent", platform{class: idempotent, script: []answer{panics, posted}}, webcare.StatusAnswered, "posted ", 2, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t, &tc.p)
			w.approve(reply)
			w.drain()
			c := w.load()
			if c.Head.Status != tc.status || w.outcomes() != tc.outcomes || len(tc.p.calls) != tc.calls || !strings.Contains(c.Head.Attention, tc.says) {
				t.Fatalf("%s (%q) after %d calls: %s", c.Head.Status, c.Head.Attention, len(tc.p.calls), w.outcomes())
			}
			for _, out := range tc.p.calls {
				if out.Key != tc.p.calls[0].Key || out.Draft.Text != reply || out.Latest.Key.ExternalID != "1" {
					t.Errorf("a try under another key, or of another text: %+v", out)
				}
			}
			told := len(c.Promises) == 1
			if told != (tc.status == webcare.StatusAnswered) {
				t.Errorf("%s with promises %v", tc.status, c.Promises)
			}
			if tc.status == webcare.StatusAttention && c.Head.DraftSeq == 0 {
				t.Error("the draft is gone: a person has nothing to decide on")
			}
		})
	}
}

// TestCustomerWritesMeanwhile: a word of the customer during the call is
// answered by nothing that was approved before it.
func TestCustomerWritesMeanwhile(t *testing.T) {
	for _, tc := range []struct {
		name   string
		class  webcare.PublishClass
		then   answer
		find   func() (webcare.Receipt, bool, error)
		status webcare.Status
		calls  int
	}{
		{"posted", blind, posted, nil, webcare.StatusReceived, 1},
		{"refused", blind, refused, nil, webcare.StatusAttention, 1},
		{"not taken", blind, unavailable, nil, webcare.StatusReceived, 1},
		{"unknown, blind", blind, broken, nil, webcare.StatusAttention, 1},
		{"unknown, idempotent: not repeated", idempotent, broken, nil, webcare.StatusAttention, 1},
		{"unknown, found", findable, broken, found(true), webcare.StatusReceived, 1},
		{"unknown, not found: not repeated", findable, broken, found(false), webcare.StatusReceived, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := &platform{class: tc.class, find: tc.find}
			w := newWorld(t, p)
			p.script = []answer{func(ctx context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
				w.receive("2", "Laat maar, ik heb het gevonden")
				return tc.then(ctx, out)
			}}
			w.approve(reply)
			w.drain()
			c := w.load()
			if c.Head.Status != tc.status || len(p.calls) != tc.calls || c.Head.Approval != nil || c.Head.DraftSeq != 0 {
				t.Fatalf("%s (%q), %d calls, draft %d", c.Head.Status, c.Head.Attention, len(p.calls), c.Head.DraftSeq)
			}
			if !w.hasTask(webcare.StageTriage) || !strings.Contains(c.UnansweredText(), "Laat maar") {
				t.Fatalf("the new message is lost: %q", c.UnansweredText())
			}
		})
	}
}

func TestRacingNotes(t *testing.T) {
	p := &platform{class: blind}
	w := newWorld(t, p)
	p.script = []answer{func(ctx context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
		for range 3 {
			w.step(lea, func(ch *webcare.Change) error { return ch.AddNote("ik kijk mee") })
		}
		return posted(ctx, out)
	}}
	w.approve(reply)
	w.drain()
	if c := w.load(); c.Head.Status != webcare.StatusAnswered || len(c.Notes) != 3 {
		t.Fatalf("%s with %d notes", c.Head.Status, len(c.Notes))
	}
}

// TestReplyCameInFirst: a poll stored our reply as a case of its own before
// its outcome was recorded.
func TestReplyCameInFirst(t *testing.T) {
	p := &platform{class: blind, script: []answer{posted}}
	w := newWorld(t, p)
	w.approve(reply)
	other := webcare.Begin(webcare.NewCase("case2", w.load().Head.Brand, "mastodon"), w.now, webcare.Machine("receive"))
	err := other.Receive(webcare.Message{Key: webcare.Key{Channel: "mastodon", ExternalID: "r-1"}, Brand: w.load().Head.Brand, Ours: true, Text: reply, PostedAt: w.now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Commit(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	w.drain()
	if c := w.load(); c.Head.Status != webcare.StatusAnswered {
		t.Fatalf("%s (%q)", c.Head.Status, c.Head.Attention)
	}
}

func TestNothingLeaves(t *testing.T) {
	for _, tc := range []struct {
		name   string
		before func(w *world)
		status webcare.Status
	}{
		{"inside the undo window", func(w *world) { w.now = w.now.Add(29 * time.Second); w.deliver() }, webcare.StatusApproved},
		{"undone", func(w *world) {
			w.step(lea, func(ch *webcare.Change) error { return ch.Undo() })
			w.drain()
		}, webcare.StatusInReview},
		{"the customer wrote again", func(w *world) { w.receive("2", "Hallo?"); w.drain() }, webcare.StatusReceived},
		{"the channel has no publisher", func(w *world) { w.p = nil; w.drain() }, webcare.StatusAttention},
		{"its date has passed", func(w *world) { w.now = w.now.Add(49 * time.Hour); w.drain() }, webcare.StatusAttention},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := &platform{class: blind, script: []answer{posted}}
			w := newWorld(t, p)
			w.approve(reply)
			tc.before(w)
			if c := w.load(); len(p.calls) > 0 || c.Head.Status != tc.status {
				t.Fatalf("%d calls, %s (%q)", len(p.calls), c.Head.Status, c.Head.Attention)
			}
		})
	}
	t.Run("the guard blocks it since", func(t *testing.T) {
		p := &platform{class: blind, script: []answer{posted}}
		w := newWorld(t, p)
		w.approve("Excuses. Kijk op https://elders.example.net/x. ^Lea")
		w.drain()
		if c := w.load(); len(p.calls) > 0 || c.Head.Status != webcare.StatusAttention || !strings.Contains(c.Head.Attention, "12-foreign-link") {
			t.Fatalf("%d calls, %s (%q)", len(p.calls), c.Head.Status, c.Head.Attention)
		}
	})
}

// TestOldTask: a task of an earlier approval of the same text posts nothing.
func TestOldTask(t *testing.T) {
	p := &platform{class: blind, script: []answer{posted}}
	w := newWorld(t, p)
	w.approve(reply)
	old := w.mem.Tasks()
	w.step(lea, func(ch *webcare.Change) error { return ch.Undo() })
	w.now = w.now.Add(time.Second)
	w.step(lea, func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash})
	})
	w.now = w.now.Add(time.Minute)
	for _, task := range old {
		if task.Stage == webcare.StagePublish {
			if err := w.worker.Do(t.Context(), task); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(p.calls) != 0 {
		t.Fatalf("%d calls", len(p.calls))
	}
	if w.drain(); len(p.calls) != 1 {
		t.Fatalf("%d calls", len(p.calls))
	}
}

// TestHangs: a platform that never answers is cut off at the deadline.
func TestHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &platform{class: blind, script: []answer{func(ctx context.Context, _ webcare.Outgoing) (webcare.Receipt, error) {
			<-ctx.Done()
			return webcare.Receipt{}, ctx.Err()
		}}}
		w := newWorld(t, p)
		w.approve(reply)
		began := time.Now()
		w.drain()
		if c := w.load(); c.Head.Status != webcare.StatusAttention || time.Since(began) != blind.Timeout {
			t.Fatalf("%s after %s", c.Head.Status, time.Since(began))
		}
	})
}
