package webcare_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

func TestBackoff(t *testing.T) {
	for _, tc := range []struct {
		attempt int
		jitter  float64
		want    time.Duration
	}{
		{1, 0.5, time.Second}, {2, 0.5, 2 * time.Second}, {5, 0.5, 16 * time.Second}, {9, 0.5, 256 * time.Second},
		{10, 0.5, 5 * time.Minute}, {1000, 0.5, 5 * time.Minute}, {0, 0.5, time.Second},
		{3, 0, 2 * time.Second}, {3, 1, 6 * time.Second}, {1000, 1, 450 * time.Second},
	} {
		if got := webcare.Backoff(tc.attempt, tc.jitter); got != tc.want {
			t.Errorf("attempt %d, jitter %v: %v, want %v", tc.attempt, tc.jitter, got, tc.want)
		}
	}
}

// TestWorker: what becomes of a task, and of its case, by how its handler ends.
func TestWorker(t *testing.T) {
	now := porttest.Start.Add(time.Hour)
	later := now.Add(90 * time.Second)
	for _, tc := range []struct {
		name    string
		attempt int
		handler func(s webcare.Store) webcare.Handler
		gone    bool
		dead    bool
		runAt   time.Time
		reason  string
		status  webcare.Status
		fails   bool
	}{
		{name: "done", handler: ends(nil), gone: true, status: webcare.StatusReceived},
		{name: "saved", handler: saves, gone: true, status: webcare.StatusReceived},
		{name: "handled by another", handler: func(webcare.Store) webcare.Handler {
			return func(_ context.Context, task webcare.Task) error { return webcare.TaskGone(task.ID) }
		}, runAt: porttest.Start.Add(time.Second), status: webcare.StatusReceived}, // whoever handled it ended it
		{name: "later", handler: ends(&webcare.LaterError{At: later, Why: "the platform is closed"}), runAt: later, reason: "the platform is closed", status: webcare.StatusReceived},
		{name: "unavailable", handler: ends(webcare.Unavailablef("the store is away")), runAt: now.Add(time.Second), reason: "unavailable: the store is away", status: webcare.StatusReceived, fails: true},
		{name: "unavailable for long", attempt: 7, handler: ends(webcare.Unavailablef("the store is away")), runAt: now.Add(64 * time.Second), reason: "unavailable", status: webcare.StatusReceived, fails: true},
		{name: "once too often", attempt: 8, handler: ends(webcare.Unavailablef("the store is away")), dead: true, runAt: now, reason: "unavailable", status: webcare.StatusAttention, fails: true},
		{name: "somebody was first", attempt: 9, handler: ends(webcare.Conflictf("version 3")), runAt: now.Add(2 * time.Second), reason: "conflict", status: webcare.StatusReceived, fails: true},
		{name: "somebody is always first", attempt: 40, handler: ends(webcare.Conflictf("version 3")), dead: true, runAt: now, reason: "conflict", status: webcare.StatusAttention, fails: true},
		{name: "poison", handler: ends(webcare.Invalidf("no text")), dead: true, runAt: now, reason: "invalid: no text", status: webcare.StatusAttention, fails: true},
		{name: "a panic", handler: func(webcare.Store) webcare.Handler {
			return func(context.Context, webcare.Task) error { panic("index out of range") }
		}, runAt: now.Add(time.Second), reason: "panic: index out of range", status: webcare.StatusReceived, fails: true},
		{name: "no handler", dead: true, runAt: now, reason: "invalid: no handler", status: webcare.StatusAttention, fails: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			mem := porttest.NewMemory()
			s := mem.Store()
			received(t, s)
			var task webcare.Task
			for range max(tc.attempt, 1) {
				ts, err := s.Tasks.Lease(t.Context(), webcare.StageTriage, 1, now, now)
				if err != nil || len(ts) != 1 {
					t.Fatal(ts, err)
				}
				task = ts[0]
			}
			w := webcare.Worker{Store: s, Now: func() time.Time { return now }, Jitter: func() float64 { return 0.5 }, Handlers: map[webcare.Stage]webcare.Handler{}}
			if tc.handler != nil {
				w.Handlers[webcare.StageTriage] = tc.handler(s)
			}
			if err := w.Do(t.Context(), task); (err != nil) != tc.fails {
				t.Fatalf("Do: %v", err)
			}
			left := mem.Tasks()
			if tc.gone {
				if len(left) != 0 {
					t.Fatalf("left: %+v", left)
				}
			} else if len(left) != 1 || left[0].Dead != tc.dead || !left[0].RunAt.Equal(tc.runAt) || !strings.HasPrefix(left[0].LastError, tc.reason) {
				t.Fatalf("left: %+v", left)
			}
			if h, err := s.Cases.Head(t.Context(), "case1"); err != nil || h.Status != tc.status {
				t.Fatalf("%s (%q), %v", h.Status, h.Attention, err)
			}
		})
	}
}

func ends(err error) func(webcare.Store) webcare.Handler {
	return func(webcare.Store) webcare.Handler {
		return func(context.Context, webcare.Task) error { return err }
	}
}

func saves(s webcare.Store) webcare.Handler {
	return func(ctx context.Context, task webcare.Task) error {
		c, err := s.Load(ctx, task.CaseID)
		if err != nil {
			return err
		}
		ch := webcare.Begin(c, porttest.Start, webcare.Machine("test"))
		if err := ch.AddNote("gezien"); err != nil {
			return err
		}
		ch.Finishes(task.ID)
		_, err = s.Commit(ctx, ch)
		return err
	}
}

func received(t *testing.T, s webcare.Store) {
	t.Helper()
	ch := webcare.Begin(webcare.NewCase("case1", "voorbeeld", "email"), porttest.Start.Add(time.Second), webcare.Machine("receive"))
	if err := ch.Receive(fullMessage()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), ch); err != nil {
		t.Fatal(err)
	}
}

// TestLaterStages: a stage that the case has moved past takes nothing from it
// when it dies.
func TestLaterStages(t *testing.T) {
	s := porttest.NewMemory().Store()
	received(t, s)
	for _, st := range []webcare.Stage{webcare.StageDraft, webcare.StagePublish, webcare.StageFollowup} {
		c, err := s.Load(t.Context(), "case1")
		if err != nil {
			t.Fatal(err)
		}
		ch := webcare.Begin(c, porttest.Start, webcare.Machine(string(st)))
		if err := ch.GiveUp(st, "dood"); err != nil || ch.Head().Status != webcare.StatusReceived {
			t.Errorf("%s: %s, %v", st, ch.Head().Status, err)
		}
	}
}

// TestLargeBodies: what is too large for a row stands in a blob, what is not
// does not, and both come back.
func TestLargeBodies(t *testing.T) {
	for _, size := range []int{10, webcare.MaxInlineBytes - 2000, webcare.MaxInlineBytes + 1, 1 << 20} {
		mem := porttest.NewMemory()
		s := mem.Store()
		received(t, s)
		c, err := s.Load(t.Context(), "case1")
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Repeat("é", size/2)
		ch := webcare.Begin(c, porttest.Start, webcare.Machine("test"))
		if err := ch.AddNote(text); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(t.Context(), ch); err != nil {
			t.Fatal(err)
		}
		names, _, err := s.Blobs.List(t.Context(), "case1/note/", "", 10)
		if err != nil || (len(names) == 1) != (size > webcare.MaxInlineBytes) {
			t.Errorf("%d bytes: blobs %v, %v", size, names, err)
		}
		if c, err = s.Load(t.Context(), "case1"); err != nil || c.Notes[0].Value.Text != text {
			t.Errorf("%d bytes came back different (%v)", size, err)
		}
		for _, name := range names {
			if err := s.Blobs.Delete(t.Context(), name); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Load(t.Context(), "case1"); !errors.Is(err, webcare.ErrNotFound) {
				t.Errorf("a lost body: %v", err)
			}
		}
	}
}

// TestIdle: a step that changes nothing is not saved, and still ends its task.
func TestIdle(t *testing.T) {
	mem := porttest.NewMemory()
	s := mem.Store()
	received(t, s)
	task := mem.Tasks()[0]
	c, err := s.Load(t.Context(), "case1")
	if err != nil {
		t.Fatal(err)
	}
	ch := webcare.Begin(c, porttest.Start.Add(time.Hour), webcare.Machine("followup"))
	ch.Finishes(task.ID)
	h, err := s.Commit(t.Context(), ch)
	if err != nil || h.Version != 1 || mem.Saves() != 1 || len(mem.Tasks()) != 0 {
		t.Fatalf("version %d, %d saves, tasks %v, %v", h.Version, mem.Saves(), mem.Tasks(), err)
	}
}
