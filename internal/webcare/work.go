package webcare

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Handler does one task. It saves its case with Change.Finishes(task.ID), or
// returns nil without saving where there is nothing to do.
//
// A *LaterError puts the task off without counting as a failure; ErrInvalid
// makes it a dead letter at once; any other error is retried with backoff.
type Handler func(ctx context.Context, t Task) error

// LaterError asks for the task to come back at a time.
type LaterError struct {
	At  time.Time
	Why string
}

func (e *LaterError) Error() string {
	return fmt.Sprintf("later, at %s: %s", e.At.Format(time.RFC3339), e.Why)
}

// Worker does tasks by the same rules on every platform.
type Worker struct {
	Store    Store
	Handlers map[Stage]Handler
	Now      func() time.Time
	Jitter   func() float64 // 0..1
}

// Do runs a leased task to its end: done and gone, put off, failed with a
// time to come back, or a dead letter whose case stands before a person. The
// error it returns is for the log; the store already knows what follows.
func (w *Worker) Do(ctx context.Context, t Task) (err error) {
	defer Wrap(&err, "task %s, attempt %d", t.ID, t.Attempt)
	h, ok := w.Handlers[t.Stage]
	if !ok {
		return w.fail(ctx, t, Invalidf("no handler for stage %q", t.Stage))
	}
	herr := runHandler(ctx, h, t)
	switch {
	case herr == nil:
		return w.Store.Tasks.Finish(ctx, t.ID)
	case errors.Is(herr, TaskGone(t.ID)):
		return nil
	}
	return w.fail(ctx, t, herr)
}

// goneError says that a task was finished before.
type goneError struct{ id string }

func (e *goneError) Error() string { return "task " + e.id + ": already handled" }

// Is makes it a kind of ErrNotFound, and equal to the same task's.
func (e *goneError) Is(target error) bool {
	g, ok := target.(*goneError)
	return target == ErrNotFound || (ok && g.id == e.id)
}

// TaskGone is the error, of kind ErrNotFound, that Cases.Save returns when the
// task to finish is gone.
func TaskGone(id string) error { return &goneError{id} }

// runHandler turns a panic into an error: one poison input stops one task.
func runHandler(ctx context.Context, h Handler, t Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return h(ctx, t)
}

func (w *Worker) fail(ctx context.Context, t Task, herr error) error {
	ctx = context.WithoutCancel(ctx) // a stop must not lose what was learned
	now := w.Now()
	var later *LaterError
	if errors.As(herr, &later) {
		t.LastError = later.Why
		return w.Store.Tasks.Fail(ctx, t, later.Why, later.At, false)
	}
	conflict := errors.Is(herr, ErrConflict)
	dead := errors.Is(herr, ErrInvalid) || (t.Attempt >= MaxAttempts && !conflict) || t.Attempt >= 5*MaxAttempts
	if !dead {
		wait := Backoff(t.Attempt, w.Jitter())
		if conflict { // somebody was first: look again soon
			wait = min(wait, 2*time.Second)
		}
		return errors.Join(herr, w.Store.Tasks.Fail(ctx, t, herr.Error(), now.Add(wait), false))
	}
	return errors.Join(herr, w.giveUp(ctx, t, herr), w.Store.Tasks.Fail(ctx, t, herr.Error(), now, true))
}

// giveUp puts the case before a person.
func (w *Worker) giveUp(ctx context.Context, t Task, herr error) error {
	for range 5 {
		c, err := w.Store.Load(ctx, t.CaseID)
		if err != nil {
			return err
		}
		ch := Begin(c, w.Now(), Machine(string(t.Stage)))
		if err := ch.GiveUp(t.Stage, fmt.Sprintf("%s failed %d times: %v", t.Stage, t.Attempt, herr)); err != nil {
			return err
		}
		if ch.Head().Status == c.Head.Status {
			return nil
		}
		if _, err = w.Store.Commit(ctx, ch); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return Conflictf("case %s keeps changing", t.CaseID)
}
