package webcare_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"webcare.example/responder/internal/webcare"
)

// mortal is the store as one delivery sees it: after some calls the process is
// gone, and neither later calls nor their effects happen.
type mortal struct {
	webcare.Cases
	webcare.Tasks
	w     *world
	calls int // left; negative for ever
	late  bool
}

var errGone = errors.New("the process is gone")

// alive counts a call; at the last one the process dies.
func (m *mortal) alive() bool {
	if m.calls > 0 {
		m.calls--
	}
	return m.calls != 0
}

func (m *mortal) Head(ctx context.Context, id webcare.CaseID) (webcare.Head, error) {
	if !m.alive() {
		return webcare.Head{}, errGone
	}
	return m.Cases.Head(ctx, id)
}

func (m *mortal) Save(ctx context.Context, s webcare.Save) error {
	dead := m.calls == 0
	if m.alive() {
		return m.Cases.Save(ctx, s)
	}
	if !dead && m.late { // stored, but nobody hears of it
		_ = m.Cases.Save(ctx, s)
	}
	return errGone
}

func (m *mortal) Finish(ctx context.Context, id string) error {
	if !m.alive() {
		return errGone
	}
	return m.Tasks.Finish(ctx, id)
}

func (m *mortal) Fail(ctx context.Context, t webcare.Task, reason string, runAt time.Time, dead bool) error {
	if !m.alive() {
		return errGone
	}
	return m.Tasks.Fail(ctx, t, reason, runAt, dead)
}

// deliver leases one task of the stage, if any is due, and has a worker do it,
// who may die on the way. A task handled to its end is delivered again, which
// must change nothing.
func (w *world) deliver(stage webcare.Stage) {
	tasks, err := w.store.Tasks.Lease(w.ctx(), stage, 1, w.now, w.now.Add(3*time.Minute))
	if err != nil {
		w.t.Fatalf("lease: %v", err)
	}
	for _, task := range tasks {
		m := &mortal{Cases: w.store.Cases, Tasks: w.store.Tasks, w: w, calls: -1, late: rapid.Bool().Draw(w.t, "late")}
		if rapid.IntRange(0, 3).Draw(w.t, "dies") == 0 {
			m.calls = rapid.IntRange(1, 6).Draw(w.t, "calls")
		}
		_ = w.worker(m).Do(w.ctx(), task) // the store knows what follows
		w.again(task)
	}
}

// again delivers a task a second time, as a queue may.
func (w *world) again(task webcare.Task) {
	for _, t := range w.mem.Tasks() {
		if t.ID == task.ID {
			return // not handled yet
		}
	}
	before, landed := w.load().Head, fmt.Sprint(w.platform.landed)
	m := &mortal{Cases: w.store.Cases, Tasks: w.store.Tasks, w: w, calls: -1}
	quiet := w.quiet(m)
	_ = quiet.Do(w.ctx(), task)
	after := w.load().Head
	if before.Version != after.Version && before.Attempt == nil {
		w.t.Fatalf("a duplicate of %s changed the case: %s -> %s", task.ID, before.Status, after.Status)
	}
	if task.Stage == webcare.StagePublish && landed != fmt.Sprint(w.platform.landed) && before.Attempt == nil {
		w.t.Fatalf("a duplicate of %s posted", task.ID)
	}
}

func (w *world) worker(m *mortal) *webcare.Worker { return w.staffed(m, w.meddle, 30) }

// quiet is a worker during whose work nobody else acts and nothing fails.
func (w *world) quiet(m *mortal) *webcare.Worker { return w.staffed(m, func() {}, 0) }

func (w *world) staffed(m *mortal, meddle func(), poison int) *webcare.Worker {
	p := w.store.Ports
	p.Cases, p.Tasks = m, m
	s := &stages{w: w, store: webcare.Store{Ports: p}, meddle: meddle, poison: poison}
	return &webcare.Worker{Store: s.store, Now: func() time.Time { return w.now }, Jitter: func() float64 { return 0.5 },
		Handlers: map[webcare.Stage]webcare.Handler{webcare.StageTriage: s.poisoned(s.triage), webcare.StageDraft: s.poisoned(s.draft),
			webcare.StagePublish: s.poisoned(s.publish), webcare.StageFollowup: s.poisoned(s.followup)}}
}

// poisoned is a stage that now and then cannot take its input, for good.
func (s *stages) poisoned(h webcare.Handler) webcare.Handler {
	return func(ctx context.Context, t webcare.Task) error {
		if s.poison > 0 && rapid.IntRange(1, s.poison).Draw(s.w.t, "poison") == s.poison {
			return webcare.Invalidf("poison: %s", odd.Draw(s.w.t, "poison"))
		}
		return h(ctx, t)
	}
}

// stages are the least that a stage may do with its task.
type stages struct {
	w      *world
	store  webcare.Store
	meddle func() // somebody else acts at this moment, perhaps
	poison int    // one of how many tasks cannot be done, 0 for none
}

func (s *stages) triage(ctx context.Context, t webcare.Task) error {
	c, err := s.store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	s.meddle()
	ch := webcare.Begin(c, s.w.now, webcare.Machine("triage"))
	if len(c.Unanswered()) == 0 {
		err = ch.NothingToAnswer()
	} else {
		tr := s.w.drawTriage()
		err = ch.Triaged(tr, c.Head.InboundSeq, s.w.now.Add(time.Duration(rapid.IntRange(1, 48).Draw(s.w.t, "due"))*time.Hour))
	}
	if err != nil {
		return err
	}
	ch.Finishes(t.ID)
	_, err = s.store.Commit(ctx, ch)
	return err
}

func (w *world) drawTriage() webcare.Triage {
	tr := webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Engine: "test/1", Urgency: webcare.Critical,
		Sentiment:    webcare.Sentiment{Score: -0.123456789, Label: webcare.Negative},
		Disagreement: odd.Draw(w.t, "disagreement")}
	if rapid.IntRange(0, 9).Draw(w.t, "spam") == 0 {
		tr.Kind = webcare.KindSpam
	}
	if rapid.Bool().Draw(w.t, "many") {
		tr.Signals = webcare.Signals()
		for _, f := range webcare.FrictionTypes() {
			tr.Frictions = append(tr.Frictions, webcare.Friction{Type: f, Family: f.Family(), Score: 0.5})
		}
	}
	return tr
}

func (s *stages) draft(ctx context.Context, t webcare.Task) error {
	c, err := s.store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	if c.Head.Status != webcare.StatusTriaged && c.Head.Status != webcare.StatusAttention {
		return nil
	}
	s.meddle()
	ch := webcare.Begin(c, s.w.now, webcare.Machine("draft"))
	if rapid.IntRange(0, 5).Draw(s.w.t, "no draft") == 0 {
		err = ch.NoDraft(c.Head.InboundSeq, "a language we do not speak: "+odd.Draw(s.w.t, "why"))
	} else {
		d := s.w.drawDraft("playbook/1")
		d.InboundSeq = c.Head.InboundSeq
		err = ch.RecordDraft(d)
	}
	if err != nil {
		return err
	}
	ch.Finishes(t.ID)
	_, err = s.store.Commit(ctx, ch)
	return err
}

func (w *world) drawDraft(engine string) webcare.Draft {
	d := webcare.Draft{Text: odd.Draw(w.t, "reply"), Language: "nl", Visibility: webcare.Public, Engine: engine, SignedBy: "Iris",
		ReplyTo:   webcare.ReplyTarget{ExternalID: "post-1", Recipients: []string{}},
		Authority: rapid.SampledFrom([]webcare.Authority{webcare.NoAuthority, webcare.Agent, webcare.Senior, webcare.Lead}).Draw(w.t, "needs")}
	if rapid.Bool().Draw(w.t, "resolution") {
		d.Resolution = &webcare.Resolution{ID: "refund", CostCents: 500, Authority: d.Authority, Params: map[string]string{"amount": "€ 5"}, Checks: []string{"order seen"}}
		d.Attachments = []webcare.Attachment{}
	}
	for i := range rapid.IntRange(0, webcare.MaxPromises+1).Draw(w.t, "promises") {
		p := webcare.Promised{What: "bellen", Owner: "Iris", Due: w.now.Add(time.Duration(rapid.IntRange(1, 100).Draw(w.t, "term")) * time.Hour)}
		if rapid.Bool().Draw(w.t, "desk") {
			p.Desk, p.Instruction, p.Before = "finance", fmt.Sprint("pay ", i), rapid.Bool().Draw(w.t, "before")
		}
		d.Promises = append(d.Promises, p)
	}
	if f := rapid.IntRange(0, 5).Draw(w.t, "finding"); f == 0 {
		d.Findings = []webcare.Finding{{Rule: "14-tone", Severity: webcare.Warning, Message: "a joke"}}
	} else if f == 1 {
		d.Findings = []webcare.Finding{{Rule: "11-too-long", Severity: webcare.Blocking, Message: "too long"}}
	}
	return d
}

func (s *stages) followup(ctx context.Context, t webcare.Task) error {
	c, err := s.store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	s.meddle()
	ch := webcare.Begin(c, s.w.now, webcare.Machine("followup"))
	if err := ch.FallDue(); err != nil {
		return err
	}
	ch.Finishes(t.ID)
	_, err = s.store.Commit(ctx, ch)
	return err
}

func (s *stages) publish(ctx context.Context, t webcare.Task) error {
	c, err := s.store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	ch := webcare.Begin(c, s.w.now, webcare.Machine("publish"))
	var a webcare.Attempt
	switch {
	case c.Head.Status == webcare.StatusPublishing:
		return s.resume(ctx, c, t)
	case c.Head.Status != webcare.StatusApproved || c.Head.PublishTask() != t.ID:
		return nil
	case s.w.now.Before(c.Head.Approval.PublishAt) && !rapid.Bool().Draw(s.w.t, "hasty"):
		return &webcare.LaterError{At: c.Head.Approval.PublishAt, Why: "the undo window runs"}
	}
	if a, err = ch.BeginAttempt(s.w.platform.class); err != nil {
		return err
	}
	return s.attempt(ctx, ch, a, t)
}

func (s *stages) attempt(ctx context.Context, ch *webcare.Change, a webcare.Attempt, t webcare.Task) error {
	s.meddle()
	if _, err := s.store.Commit(ctx, ch); err != nil {
		return err
	}
	s.w.undoMustConflict()
	s.meddle()
	c, err := s.store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	d, _ := c.Draft(a.DraftSeq)
	r, err := s.w.platform.Publish(ctx, webcare.Outgoing{Key: a.Key, CaseID: c.Head.ID, Brand: c.Head.Brand, Channel: c.Head.Channel, Draft: d})
	s.meddle()
	out := webcare.OutcomePosted
	switch {
	case err == nil && r.Pending:
		out = webcare.OutcomePending
	case errors.Is(err, webcare.ErrRefused):
		out = webcare.OutcomeRefused
	case errors.Is(err, webcare.ErrUnavailable):
		out = webcare.OutcomeUnsent
	case err != nil && s.w.platform.class.Blind():
		out = webcare.OutcomeUnknown
	case err != nil:
		return &webcare.LaterError{At: a.Deadline.Add(webcare.AttemptGrace), Why: "unknown"}
	}
	return s.conclude(ctx, t, a, out, r)
}

func (s *stages) conclude(ctx context.Context, t webcare.Task, a webcare.Attempt, out webcare.Outcome, r webcare.Receipt) error {
	for range 3 {
		c, err := s.store.Load(ctx, t.CaseID)
		if err != nil {
			return err
		}
		ch := webcare.Begin(c, s.w.now, webcare.Machine("publish"))
		retry := time.Time{}
		if out == webcare.OutcomeUnsent && a.N < 3 {
			retry = s.w.now.Add(time.Minute)
		}
		if err := ch.Conclude(a.Key, a.N, out, r, "the platform says: "+strings.Repeat("<", 400), retry); err != nil {
			return err
		}
		s.meddle()
		ch.Finishes(t.ID)
		if _, err = s.store.Commit(ctx, ch); !errors.Is(err, webcare.ErrConflict) {
			return err
		}
	}
	return webcare.Conflictf("others keep changing the case")
}

func (s *stages) resume(ctx context.Context, c *webcare.Case, t webcare.Task) error {
	a := *c.Head.Attempt
	if over := a.Deadline.Add(webcare.AttemptGrace); s.w.now.Before(over) {
		return &webcare.LaterError{At: over, Why: "an attempt is under way"}
	}
	d, _ := c.Draft(a.DraftSeq)
	looked := false
	if s.w.platform.class.Findable {
		r, found, err := s.w.platform.Find(ctx, webcare.Outgoing{Key: a.Key, Draft: d})
		if err != nil {
			return err
		}
		if found {
			return s.conclude(ctx, t, a, webcare.OutcomePosted, r)
		}
		looked = true
	}
	ch := webcare.Begin(c, s.w.now, webcare.Machine("publish"))
	next, err := ch.RepeatAttempt(s.w.platform.class, looked)
	if errors.Is(err, webcare.ErrConflict) {
		return s.conclude(ctx, t, a, webcare.OutcomeUnknown, webcare.Receipt{})
	}
	if err != nil {
		return err
	}
	return s.attempt(ctx, ch, next, t)
}
