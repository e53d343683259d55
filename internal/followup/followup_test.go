package followup_test

import (
	"slices"
	"testing"
	"time"

	"webcare.example/responder/internal/followup"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

var lea = webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}

// watch is one case with its follow-up stage and a clock.
type watch struct {
	t      *testing.T
	mem    *porttest.Memory
	store  webcare.Store
	now    time.Time
	worker webcare.Worker
}

func newWatch(t *testing.T) *watch {
	t.Helper()
	mem := porttest.NewMemory()
	w := &watch{t: t, mem: mem, store: mem.Store(), now: porttest.Start}
	clock := func() time.Time { return w.now }
	stage := &followup.Stage{Store: w.store, Now: clock}
	w.worker = webcare.Worker{Store: w.store, Now: clock, Jitter: func() float64 { return 0.5 },
		Handlers: map[webcare.Stage]webcare.Handler{webcare.StageFollowup: stage.Handle}}
	w.change(webcare.Begin(webcare.NewCase("case1", "b", "mail"), w.now, lea), func(ch *webcare.Change) error {
		return ch.Receive(webcare.Message{Key: webcare.Key{Channel: "mail", ExternalID: "1"}, Brand: "b", Text: "Waar blijft het?", PostedAt: w.now, ReceivedAt: w.now})
	})
	w.step(func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint}, ch.Head().InboundSeq, w.now.Add(8*time.Hour))
	})
	return w
}

func (w *watch) load() *webcare.Case {
	w.t.Helper()
	c, err := w.store.Load(w.t.Context(), "case1")
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *watch) change(ch *webcare.Change, do func(*webcare.Change) error) {
	w.t.Helper()
	if err := do(ch); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.store.Commit(w.t.Context(), ch); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watch) step(do func(*webcare.Change) error) {
	w.t.Helper()
	w.change(webcare.Begin(w.load(), w.now, lea), do)
}

// until runs whatever falls due up to a time.
func (w *watch) until(d time.Duration) {
	w.t.Helper()
	end := porttest.Start.Add(d)
	for range 200 {
		next := end.Add(time.Hour)
		for _, task := range w.mem.Tasks() {
			if task.Stage == webcare.StageFollowup && !task.Dead && task.RunAt.Before(next) {
				next = task.RunAt
			}
		}
		if next.After(end) {
			w.now = end
			return
		}
		if next.After(w.now) {
			w.now = next
		}
		tasks, err := w.store.Tasks.Lease(w.t.Context(), webcare.StageFollowup, 1, w.now, w.now.Add(time.Minute))
		if err != nil || len(tasks) != 1 {
			w.t.Fatal(tasks, err)
		}
		if err := w.worker.Do(w.t.Context(), tasks[0]); err != nil {
			w.t.Fatal(err)
		}
	}
	w.t.Fatal("the follow-ups do not end")
}

// promise posts a reply that promises something due after each of the terms.
func (w *watch) promise(terms ...time.Duration) {
	w.t.Helper()
	var d webcare.Draft
	for _, term := range terms {
		d.Promises = append(d.Promises, webcare.Promised{What: "bellen", Owner: "Lea", Due: porttest.Start.Add(term)})
	}
	w.step(func(ch *webcare.Change) error { return ch.WriteDraft(ch.Head().Version, d) })
	w.step(func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Assisted: true})
	})
	w.step(func(ch *webcare.Change) error { return ch.PostedByHand(ch.Head().DraftHash, "https://example.com/1") })
}

func (w *watch) states() (out []webcare.PromiseState) {
	for _, p := range w.load().Promises {
		out = append(out, p.State)
	}
	return out
}

func (w *watch) count(t webcare.EventType) int {
	n := 0
	for _, e := range w.load().Events {
		if e.Type == t {
			n++
		}
	}
	return n
}

const (
	open, kept, broken = webcare.PromiseOpen, webcare.PromiseKept, webcare.PromiseBroken
	day                = 24 * time.Hour
)

func TestPromises(t *testing.T) {
	w := newWatch(t)
	w.promise(day, 2*day, 3*day)
	w.until(day - time.Minute)
	if got := w.states(); !slices.Equal(got, []webcare.PromiseState{open, open, open}) {
		t.Fatalf("before the first term: %v", got)
	}
	id := w.load().Promises[1].ID
	w.step(func(ch *webcare.Change) error { return ch.EndPromise(id, true, "gebeld") })
	w.until(2*day + time.Minute)
	if got := w.states(); !slices.Equal(got, []webcare.PromiseState{broken, kept, open}) {
		t.Fatalf("after the second: %v", got)
	}
	w.until(10 * day)
	if got := w.states(); !slices.Equal(got, []webcare.PromiseState{broken, kept, broken}) || w.load().Head.OpenPromises != 0 {
		t.Fatalf("after all: %v, %d open", got, w.load().Head.OpenPromises)
	}
	if n := w.count(webcare.PromiseWasBroken); n != 2 {
		t.Fatalf("told %d times", n)
	}
	for _, task := range w.mem.Tasks() {
		if task.Stage == webcare.StageFollowup {
			t.Fatalf("nothing is due any more: %+v", task)
		}
	}
}

// TestManyAtOnce: more promises than one save takes fall due together.
func TestManyAtOnce(t *testing.T) {
	w := newWatch(t)
	for range 3 {
		w.promise(day, day, day, day)
	}
	w.until(2 * day)
	if w.load().Head.OpenPromises != 0 || w.count(webcare.PromiseWasBroken) != 12 {
		t.Fatalf("%v", w.states())
	}
}

// TestSnoozes: further snoozes put off earlier ones, and none disturbs another.
func TestSnoozes(t *testing.T) {
	w := newWatch(t)
	for _, term := range []time.Duration{day, 2 * day, 5 * day} {
		w.step(func(ch *webcare.Change) error { return ch.Snooze(porttest.Start.Add(term)) })
	}
	w.until(4 * day)
	if w.load().Head.SnoozedUntil.IsZero() {
		t.Fatal("an earlier snooze ended the later one")
	}
	w.until(6 * day)
	if h := w.load().Head; !h.SnoozedUntil.IsZero() {
		t.Fatalf("snoozed until %s", h.SnoozedUntil)
	}
}

// TestWaits: a wait that is over puts the case before a person, and the clock
// that stood still goes on from where it stood.
func TestWaits(t *testing.T) {
	for _, tc := range []struct {
		on    string
		due   time.Duration
		still bool
	}{{"customer", 8*time.Hour + 3*day, true}, {"finance", 8 * time.Hour, false}} {
		t.Run(tc.on, func(t *testing.T) {
			w := newWatch(t)
			w.step(func(ch *webcare.Change) error { return ch.Wait(tc.on, porttest.Start.Add(3*day)) })
			if h := w.load().Head; h.PausedAt.IsZero() == tc.still {
				t.Fatalf("the clock stands still since %v", h.PausedAt)
			}
			w.until(2 * day)
			if h := w.load().Head; h.Status != webcare.StatusWaiting {
				t.Fatalf("%s before the wait is over", h.Status)
			}
			w.until(4 * day)
			h := w.load().Head
			if h.Status != webcare.StatusAttention || !h.DueAt.Equal(porttest.Start.Add(tc.due)) || !h.PausedAt.IsZero() || h.WaitingFor != "" {
				t.Fatalf("%s (%q), due %s", h.Status, h.Attention, h.DueAt)
			}
		})
	}
}

// TestWaitsThatChange: what ends or changes a wait ends the pause with it.
func TestWaitsThatChange(t *testing.T) {
	for name, tc := range map[string]struct {
		do  func(*webcare.Change) error
		due time.Duration // zero: no clock
	}{
		"then on a desk":   {func(ch *webcare.Change) error { return ch.Wait("finance", porttest.Start.Add(9*day)) }, 8*time.Hour + day},
		"then a draft":     {func(ch *webcare.Change) error { return ch.WriteDraft(ch.Head().Version, webcare.Draft{Text: "Dag"}) }, 8*time.Hour + day},
		"then a message":   {func(ch *webcare.Change) error { return ch.Receive(again) }, 8*time.Hour + day},
		"then closed":      {func(ch *webcare.Change) error { return ch.Close("") }, 0},
		"longer than that": {func(ch *webcare.Change) error { return ch.Wait("customer", porttest.Start.Add(9*day)) }, 8 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWatch(t)
			w.step(func(ch *webcare.Change) error { return ch.Wait("customer", porttest.Start.Add(3*day)) })
			w.until(day)
			w.step(tc.do)
			h := w.load().Head
			want := time.Time{}
			if tc.due > 0 {
				want = porttest.Start.Add(tc.due)
			}
			if !h.DueAt.Equal(want) || h.PausedAt.IsZero() != (name != "longer than that") {
				t.Fatalf("due %s, want %s; stands still since %v", h.DueAt, want, h.PausedAt)
			}
		})
	}
}

var again = webcare.Message{Key: webcare.Key{Channel: "mail", ExternalID: "2"}, Brand: "b", Text: "Hallo?", PostedAt: porttest.Start, ReceivedAt: porttest.Start}
