package webcare_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

var leaLead = webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}

// life is a case taken to a status by the steps that lead there.
type life struct {
	t   *testing.T
	s   webcare.Store
	now time.Time
	by  *webcare.Actor // nil: leaLead
}

// publishTask is the id of the task that posts.
func (l *life) publishTask() string {
	l.t.Helper()
	tasks, err := l.s.Tasks.Lease(l.t.Context(), webcare.StagePublish, 1, l.now.Add(time.Hour), l.now.Add(2*time.Hour))
	if err != nil || len(tasks) != 1 {
		l.t.Fatal(tasks, err)
	}
	return tasks[0].ID
}

func (l *life) load() *webcare.Case {
	l.t.Helper()
	c, err := l.s.Load(l.t.Context(), "case1")
	if errors.Is(err, webcare.ErrNotFound) {
		return webcare.NewCase("case1", "voorbeeld", "email")
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

func (l *life) step(do func(*webcare.Change) error) {
	l.t.Helper()
	l.now = l.now.Add(time.Second)
	by := leaLead
	if l.by != nil {
		by = *l.by
	}
	ch := webcare.Begin(l.load(), l.now, by)
	if err := do(ch); err != nil {
		l.t.Fatal(err)
	}
	if _, err := l.s.Commit(l.t.Context(), ch); err != nil {
		l.t.Fatal(err)
	}
}

// steps by the names that the table gives them.
var steps = []struct {
	name string
	do   func(ch *webcare.Change) error
}{
	{"message", func(ch *webcare.Change) error { return ch.Receive(simple("2", "Hallo?")) }},
	{"edit", func(ch *webcare.Change) error { m := simple("1", "Anders"); m.Revision = 1; return ch.Receive(m) }},
	{"deletion", func(ch *webcare.Change) error {
		m := simple("1", "")
		m.Revision, m.Deleted = 1, true
		return ch.Receive(m)
	}},
	{"colleague", func(ch *webcare.Change) error { m := simple("3", "Dag"); m.Ours = true; return ch.Receive(m) }},
	{"automatic", func(ch *webcare.Change) error {
		m := simple("4", "Afwezig")
		m.Automatic = "auto-submitted"
		return ch.Receive(m)
	}},
	{"bounce", func(ch *webcare.Change) error {
		m := simple("5", "Failed")
		m.Automatic, m.BounceOf = "bounce", "r"
		return ch.Receive(m)
	}},
	{"triaged", func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint}, ch.Head().InboundSeq, time.Time{})
	}},
	{"triaged spam", func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Kind: webcare.KindSpam}, ch.Head().InboundSeq, time.Time{})
	}},
	{"nothing left", func(ch *webcare.Change) error { return ch.NothingToAnswer() }},
	{"draft", func(ch *webcare.Change) error {
		return ch.RecordDraft(webcare.Draft{Text: "Sorry", InboundSeq: ch.Head().InboundSeq})
	}},
	{"no draft", func(ch *webcare.Change) error { return ch.NoDraft(ch.Head().InboundSeq, "Fins") }},
	{"write", func(ch *webcare.Change) error {
		return ch.WriteDraft(ch.Head().Version, webcare.Draft{Text: "Sorry"})
	}},
	{"approve", approveStep},
	{"propose", func(ch *webcare.Change) error {
		return ch.Propose(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash})
	}},
	{"redraft", func(ch *webcare.Change) error {
		return ch.Redraft(ch.Head().Version, ch.Head().DraftHash, "korter", "", "")
	}},
	{"undo", func(ch *webcare.Change) error { return ch.Undo() }},
	{"attempt", func(ch *webcare.Change) error { _, err := ch.BeginAttempt(blindClass); return err }},
	{"repeat", func(ch *webcare.Change) error { _, err := ch.RepeatAttempt(blindClass, false); return err }},
	{"posted", conclude(webcare.OutcomePosted)},
	{"refused", conclude(webcare.OutcomeRefused)},
	{"unknown", conclude(webcare.OutcomeUnknown)},
	{"unsent", conclude(webcare.OutcomeUnsent)},
	{"posted by hand", func(ch *webcare.Change) error { return ch.PostedByHand(ch.Head().DraftHash, "https://example.com") }},
	{"ignore", func(ch *webcare.Change) error { return ch.Ignore("spam") }},
	{"close", func(ch *webcare.Change) error { return ch.Close("klaar") }},
	{"snooze", func(ch *webcare.Change) error { return ch.Snooze(porttest.Start.Add(99 * time.Hour)) }},
	{"wait", func(ch *webcare.Change) error { return ch.Wait("customer", porttest.Start.Add(99*time.Hour)) }},
	{"fall due", func(ch *webcare.Change) error { return ch.FallDue() }},
	{"triage gives up", func(ch *webcare.Change) error { return ch.GiveUp(webcare.StageTriage, "dood") }},
	{"draft gives up", func(ch *webcare.Change) error { return ch.GiveUp(webcare.StageDraft, "dood") }},
	{"publish gives up", func(ch *webcare.Change) error { return ch.GiveUp(webcare.StagePublish, "dood") }},
	{"follow-up gives up", func(ch *webcare.Change) error { return ch.GiveUp(webcare.StageFollowup, "dood") }},
	{"note", func(ch *webcare.Change) error { return ch.AddNote("x") }},
	{"assign", func(ch *webcare.Change) error { return ch.Assign("tom") }},
	{"escalate", func(ch *webcare.Change) error { return ch.Escalate("lead", "") }},
	{"correct", func(ch *webcare.Change) error { return ch.Correct(webcare.Correction{Urgency: webcare.Low}) }},
}

var blindClass = webcare.PublishClass{Timeout: 20 * time.Second}

func simple(id, text string) webcare.Message {
	return webcare.Message{Key: webcare.Key{Channel: "email", ExternalID: id}, Brand: "voorbeeld", Text: text, PostedAt: porttest.Start.Add(time.Minute)}
}

func approveStep(ch *webcare.Change) error {
	return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash})
}

func conclude(out webcare.Outcome) func(*webcare.Change) error {
	return func(ch *webcare.Change) error {
		key, n := "", 1
		if a := ch.Head().Attempt; a != nil {
			key, n = a.Key, a.N
		}
		retry := time.Time{}
		if out == webcare.OutcomeUnsent {
			retry = porttest.Start.Add(time.Hour)
		}
		return ch.Conclude(key, n, out, webcare.Receipt{ExternalID: "r"}, "", retry)
	}
}

// paths lead to each status.
var paths = []struct {
	status webcare.Status
	steps  []string
}{
	{webcare.StatusReceived, nil},
	{webcare.StatusTriaged, []string{"triaged"}},
	{webcare.StatusInReview, []string{"triaged", "draft"}},
	{webcare.StatusApproved, []string{"triaged", "draft", "approve"}},
	{webcare.StatusPublishing, []string{"triaged", "draft", "approve", "attempt"}},
	{webcare.StatusAnswered, []string{"triaged", "draft", "approve", "attempt", "posted"}},
	{webcare.StatusWaiting, []string{"triaged", "draft", "wait"}},
	{webcare.StatusClosed, []string{"triaged", "draft", "approve", "attempt", "posted", "close"}},
	{webcare.StatusIgnored, []string{"triaged", "ignore"}},
	{webcare.StatusAttention, []string{"triaged", "draft", "approve", "attempt", "unknown"}},
}

func named(name string) func(*webcare.Change) error {
	for _, s := range steps {
		if s.name == name {
			return s.do
		}
	}
	panic("no step " + name)
}

// TestTransitions holds the table of every step on every status: where it
// leads, or the kind of refusal. -update writes it anew; read it in review.
func TestTransitions(t *testing.T) {
	var b strings.Builder
	for _, p := range paths {
		fmt.Fprintf(&b, "%s\n", p.status)
		for _, s := range steps {
			l := &life{t: t, s: porttest.NewMemory().Store(), now: porttest.Start.Add(time.Hour)}
			l.step(func(ch *webcare.Change) error { return ch.Receive(simple("1", "Waar blijft het?")) })
			for _, name := range p.steps {
				l.step(named(name))
			}
			c := l.load()
			if c.Head.Status != p.status {
				t.Fatalf("the steps %v lead to %s", p.steps, c.Head.Status)
			}
			fmt.Fprintf(&b, "\t%-18s -> %s\n", s.name, outcome(c, s.do))
		}
	}
	const golden = "testdata/transitions.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	have, lines := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(have), len(lines)) {
		if i >= len(have) || i >= len(lines) || have[i] != lines[i] {
			t.Fatalf("line %d differs from %s", i+1, golden)
		}
	}
}

// outcome is the status after a step, or the kind of refusal.
func outcome(c *webcare.Case, do func(*webcare.Change) error) string {
	ch := webcare.Begin(c, porttest.Start.Add(2*time.Hour), leaLead)
	switch err := do(ch); {
	case err == nil && ch.Head().Stirred:
		return string(ch.Head().Status) + ", then received"
	case err == nil:
		return string(ch.Head().Status)
	case errors.Is(err, webcare.ErrConflict):
		return "conflict"
	case errors.Is(err, webcare.ErrForbidden):
		return "forbidden"
	case errors.Is(err, webcare.ErrInvalid):
		return "invalid"
	default:
		return err.Error()
	}
}

// TestUndoWindow: no attempt begins before the window is over, whoever asks.
func TestUndoWindow(t *testing.T) {
	l := &life{t: t, s: porttest.NewMemory().Store(), now: porttest.Start}
	l.step(func(ch *webcare.Change) error { return ch.Receive(simple("1", "Waar blijft het?")) })
	l.step(named("triaged"))
	l.step(named("draft"))
	l.step(func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Undo: 30 * time.Second})
	})
	for after, want := range map[time.Duration]error{0: webcare.ErrConflict, 29999 * time.Millisecond: webcare.ErrConflict, 30 * time.Second: nil} {
		_, err := webcare.Begin(l.load(), l.now.Add(after), webcare.Machine("publish")).BeginAttempt(blindClass)
		if !errors.Is(err, want) {
			t.Errorf("after %s: %v, want %v", after, err, want)
		}
	}
}

// TestOnlyPeople: what machines and tokens may never do.
func TestOnlyPeople(t *testing.T) {
	l := &life{t: t, s: porttest.NewMemory().Store(), now: porttest.Start}
	l.step(func(ch *webcare.Change) error { return ch.Receive(simple("1", "Waar blijft het?")) })
	l.step(named("triaged"))
	l.step(named("draft"))
	for _, by := range []webcare.Actor{webcare.Machine("draft"), {ID: "token/1", Authority: webcare.Lead}, {Person: true, Authority: webcare.Lead}} {
		for _, name := range []string{"approve", "propose", "redraft", "write", "undo", "posted by hand", "ignore", "snooze", "wait", "assign", "escalate", "correct"} {
			if err := named(name)(webcare.Begin(l.load(), l.now, by)); !errors.Is(err, webcare.ErrForbidden) {
				t.Errorf("%s by %+v: %v", name, by, err)
			}
		}
	}
}
