// Package publish posts exactly what was approved, once.
//
// An attempt is claimed by a conditional save before the platform is called,
// with a deadline shorter than the task's lease. Whoever finds an attempt of
// somebody else waits until its deadline plus grace has passed; then its
// outcome is unknown, and what follows depends on what the platform can do:
// repeat where it is idempotent, look where it can find, and else ask a person.
// It never guesses by posting again.
//
// Start at Stage.Handle.
package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Lease is how long a publish task must be leased: longer than any attempt's
// deadline plus grace.
const Lease = 3 * time.Minute

// MaxTimeout bounds one call to a platform.
const MaxTimeout = time.Minute

// maxUnsent is how often a reply that the platform did not take is tried.
const maxUnsent = 10

// Stage is the pipeline's step from approved to answered.
type Stage struct {
	Store      webcare.Store
	Brands     *brand.Set
	Publishers func(brand, channel string) (webcare.Publisher, bool)
	Now        func() time.Time
	Jitter     func() float64
}

// Handle posts the approved reply of one case.
func (s *Stage) Handle(ctx context.Context, t webcare.Task) error {
	c, err := s.Store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	switch {
	case c.Head.Status == webcare.StatusPublishing:
		return s.resume(ctx, c, t)
	case c.Head.Status != webcare.StatusApproved || c.Head.PublishTask() != t.ID:
		return nil // undone, voided or replaced: nothing to post
	case s.Now().Before(c.Head.Approval.PublishAt):
		return &webcare.LaterError{At: c.Head.Approval.PublishAt, Why: "the undo window runs"}
	}
	return s.first(ctx, c, t)
}

// first claims an attempt and makes it.
func (s *Stage) first(ctx context.Context, c *webcare.Case, t webcare.Task) error {
	p, ok := s.Publishers(c.Head.Brand, c.Head.Channel)
	if !ok {
		return webcare.Invalidf("channel %q of brand %q has no publisher", c.Head.Channel, c.Head.Brand)
	}
	if err := s.guarded(c); err != nil {
		return err
	}
	ch := webcare.Begin(c, s.Now(), webcare.Machine("publish"))
	attempt, err := ch.BeginAttempt(class(p))
	if err != nil {
		return err
	}
	return s.attempt(ctx, ch, attempt, p, t)
}

// guarded runs the guard once more: the brand file may have changed since.
func (s *Stage) guarded(c *webcare.Case) error {
	b, err := s.Brands.Get(c.Head.Brand)
	if err != nil {
		return err
	}
	d, ok := c.Draft(c.Head.Approval.DraftSeq)
	if !ok {
		return webcare.Conflictf("the approved draft is gone")
	}
	for _, f := range guard.CheckDraft(c, b, d, nil, s.Now()) {
		if f.Severity == webcare.Blocking {
			return webcare.Invalidf("blocking finding %s: %s", f.Rule, f.Message)
		}
	}
	return nil
}

func class(p webcare.Publisher) webcare.PublishClass {
	c := p.Class()
	if c.Timeout <= 0 || c.Timeout > MaxTimeout {
		c.Timeout = MaxTimeout
	}
	return c
}

// resume takes over an attempt whose owner has not reported.
func (s *Stage) resume(ctx context.Context, c *webcare.Case, t webcare.Task) error {
	over := c.Head.Attempt.Deadline.Add(webcare.AttemptGrace)
	if s.Now().Before(over) {
		return &webcare.LaterError{At: over, Why: "an attempt is under way"}
	}
	p, ok := s.Publishers(c.Head.Brand, c.Head.Channel)
	if !ok {
		return s.conclude(ctx, c, t, webcare.OutcomeUnknown, webcare.Receipt{}, "the channel has no publisher any more")
	}
	cl := class(p)
	looked := false
	if cl.Findable {
		fctx, cancel := context.WithTimeout(ctx, cl.Timeout)
		defer cancel()
		r, found, err := p.Find(fctx, outgoing(c, *c.Head.Attempt))
		switch {
		case err != nil:
			return fmt.Errorf("looking for the reply: %w", err)
		case found:
			return s.conclude(ctx, c, t, outcomeOf(r), r, "")
		}
		looked = true
	}
	ch := webcare.Begin(c, s.Now(), webcare.Machine("publish"))
	attempt, err := ch.RepeatAttempt(cl, looked)
	if errors.Is(err, webcare.ErrConflict) && looked && overtaken(c.Head) {
		return s.conclude(ctx, c, t, webcare.OutcomeUnsent, webcare.Receipt{}, "the customer wrote again before it was posted")
	}
	if errors.Is(err, webcare.ErrConflict) {
		return s.conclude(ctx, c, t, webcare.OutcomeUnknown, webcare.Receipt{}, "the connection or the program broke off while it was sent")
	}
	if err != nil {
		return err
	}
	return s.attempt(ctx, ch, attempt, p, t)
}

// overtaken reports whether the customer moved on since the approval.
func overtaken(h webcare.Head) bool { return h.Approval.InboundSeq != h.InboundSeq }

// attempt saves the claim, calls the platform and records what came of it.
func (s *Stage) attempt(ctx context.Context, ch *webcare.Change, a webcare.Attempt, p webcare.Publisher, t webcare.Task) error {
	head, err := s.Store.Commit(ctx, ch)
	if err != nil {
		return err
	}
	c, err := s.Store.Load(ctx, head.ID)
	if err != nil {
		return err
	}
	pctx, cancel := context.WithTimeout(ctx, a.Deadline.Sub(s.Now()))
	defer cancel()
	r, err := p.Publish(pctx, outgoing(c, a))
	ctx = context.WithoutCancel(ctx) // a stop must not lose the outcome
	switch {
	case err == nil:
		return s.conclude(ctx, c, t, outcomeOf(r), r, "")
	case errors.Is(err, webcare.ErrRefused), errors.Is(err, webcare.ErrInvalid):
		return s.conclude(ctx, c, t, webcare.OutcomeRefused, r, err.Error())
	case errors.Is(err, webcare.ErrUnavailable):
		return s.conclude(ctx, c, t, webcare.OutcomeUnsent, r, err.Error())
	case class(p).Blind():
		return s.conclude(ctx, c, t, webcare.OutcomeUnknown, r, err.Error())
	}
	// Idempotent or findable: the attempt stays open, the next delivery resumes it.
	return &webcare.LaterError{At: a.Deadline.Add(webcare.AttemptGrace), Why: err.Error()}
}

func outcomeOf(r webcare.Receipt) webcare.Outcome {
	if r.Pending {
		return webcare.OutcomePending
	}
	return webcare.OutcomePosted
}

// conclude records an outcome. Others may change the case meanwhile (a note, a
// new message), so a stale version is loaded and tried again: the outcome of
// what left must not be lost.
func (s *Stage) conclude(ctx context.Context, c *webcare.Case, t webcare.Task, out webcare.Outcome, r webcare.Receipt, reason string) error {
	key, n := c.Head.Attempt.Key, c.Head.Attempt.N
	for try := 0; ; try++ {
		now := s.Now()
		ch := webcare.Begin(c, now, webcare.Machine("publish"))
		if b, err := s.Brands.Get(c.Head.Brand); err == nil {
			ch.CountOpen(b.OpenBetween)
		}
		retry := time.Time{}
		if out == webcare.OutcomeUnsent && n < maxUnsent {
			retry = now.Add(webcare.Backoff(n+2, s.Jitter()))
		}
		if err := ch.Conclude(key, n, out, r, reason, retry); err != nil {
			return err
		}
		ch.Finishes(t.ID)
		err := s.unclaim(ctx, ch)
		if err == nil {
			_, err = s.Store.Commit(ctx, ch)
		}
		if err == nil || !errors.Is(err, webcare.ErrConflict) || try == 20 {
			return err
		}
		if c, err = s.Store.Load(ctx, t.CaseID); err != nil {
			return err
		}
		if c.Head.Status != webcare.StatusPublishing {
			return webcare.Conflictf("the outcome was recorded by another")
		}
	}
}

// unclaim leaves out names that another case holds: a poll may have brought in
// our reply as a case of its own before its outcome could be recorded.
func (s *Stage) unclaim(ctx context.Context, ch *webcare.Change) error {
	for _, cl := range ch.Claims() {
		holder, err := s.Store.Cases.Claimed(ctx, cl)
		switch {
		case errors.Is(err, webcare.ErrNotFound):
		case err != nil:
			return err
		case holder != ch.Head().ID:
			ch.Forgo(cl)
		}
	}
	return nil
}

// outgoing is what the publisher is given.
func outgoing(c *webcare.Case, a webcare.Attempt) webcare.Outgoing {
	d, _ := c.Draft(a.DraftSeq)
	latest, _ := c.LatestInbound()
	return webcare.Outgoing{Key: a.Key, CaseID: c.Head.ID, Brand: c.Head.Brand, Channel: c.Head.Channel, Draft: d, Latest: latest}
}
