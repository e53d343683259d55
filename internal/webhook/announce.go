package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// together is how many deliveries are stored at once: adapters let them share
// a commit.
const together = 128

// Announce stores a delivery, with its task, for every subscription that an
// event is the business of. It is exactly once per event and subscription: an
// event announced again changes nothing. When it returns nil, all is durable.
func (c *Courier) Announce(ctx context.Context, events []webcare.Event) (n int, err error) {
	defer webcare.Wrap(&err, "Announce(%d events)", len(events))
	subs, err := c.Subscriptions.List(ctx)
	if err != nil || len(subs) == 0 {
		return 0, err
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	slots := make(chan struct{}, together)
	run := func(f func() error) {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if ferr := f(); ferr != nil {
				mu.Lock()
				err = errors.Join(err, ferr)
				mu.Unlock()
			}
		})
	}
	clock := false
	for _, s := range subs {
		clock = clock || s.State != Disabled && s.wants(webcare.Event{Type: DueSoon, At: c.Subscriptions.Now()})
		for _, e := range events {
			if s.State != Disabled && s.wants(e) {
				n++
				run(func() error { return c.announce(ctx, s, e) })
			}
		}
	}
	if clock {
		for _, e := range events {
			if e.Type == webcare.CaseTriaged && e.Data["imported"] != "true" {
				run(func() error { return c.watchClock(ctx, e) })
			}
		}
	}
	wg.Wait()
	return n, err
}

// announce stores one delivery. The record comes first: a task without one
// finds nothing to do, a record without one is found by the next try.
func (c *Courier) announce(ctx context.Context, s Subscription, e webcare.Event) error {
	now := c.Subscriptions.Now().UTC()
	d := Delivery{ID: deliveryID(e), Subscription: s.ID, Event: e, Outcome: Waiting, Made: now, NextAt: now}
	if s.State == Paused {
		d.Outcome, d.NextAt = Held, time.Time{}
	}
	d.Task = d.taskID()
	err := c.putDelivery(ctx, &d)
	if errors.Is(err, webcare.ErrConflict) {
		if d, err = c.Delivery(ctx, d.Subscription, d.ID); errors.Is(err, webcare.ErrNotFound) {
			return nil // forgotten meanwhile
		}
	}
	if err != nil || d.Outcome != Waiting {
		return err
	}
	return c.Store.Tasks.Put(ctx, d.task(d.NextAt))
}

// Ping sends a test to one subscription and returns its delivery.
func (c *Courier) Ping(ctx context.Context, subscription string) (d Delivery, err error) {
	defer webcare.Wrap(&err, "Ping(%s)", subscription)
	s, err := c.Subscriptions.Get(ctx, subscription)
	if err != nil {
		return d, err
	}
	now := c.Subscriptions.Now().UTC().Truncate(time.Millisecond)
	e := webcare.Event{ID: "test/" + webcare.NewID(now, c.Subscriptions.Random), Type: Ping, At: now}
	if s.State != Active {
		return d, webcare.Conflictf("it is %s: resume it first", s.State)
	}
	if err := c.announce(ctx, s, e); err != nil {
		return d, err
	}
	return c.Delivery(ctx, s.ID, deliveryID(e))
}

// Replay delivers again what the range holds, delivered or not, up to limit at
// a call, and returns how many and where to go on.
func (c *Courier) Replay(ctx context.Context, subscription string, in Range, cursor string, limit int) (n int, next string, err error) {
	defer webcare.Wrap(&err, "Replay(%s)", subscription)
	s, err := c.Subscriptions.Get(ctx, subscription)
	if err != nil {
		return 0, "", err
	}
	if s.State != Active {
		return 0, "", webcare.Conflictf("it is %s: resume it first", s.State)
	}
	ds, next, err := c.Deliveries(ctx, subscription, in, cursor, limit)
	for _, d := range ds {
		if err := c.replay(ctx, d); err != nil {
			return n, next, err
		}
		n++
	}
	return n, next, err
}

// ReplayOne delivers one again.
func (c *Courier) ReplayOne(ctx context.Context, subscription, id string) (d Delivery, err error) {
	if d, err = c.Delivery(ctx, subscription, id); err != nil {
		return d, err
	}
	if s, err := c.Subscriptions.Get(ctx, subscription); err != nil {
		return d, err
	} else if s.State != Active {
		return d, webcare.Conflictf("the webhook is %s: resume it first", s.State)
	}
	if err := c.replay(ctx, d); err != nil {
		return d, err
	}
	return c.Delivery(ctx, subscription, id)
}

// replay gives a delivery a new task; the old one finds that it is no longer its.
func (c *Courier) replay(ctx context.Context, d Delivery) error {
	now := c.Subscriptions.Now().UTC()
	d, err := c.changeDelivery(ctx, d, func(d *Delivery) {
		d.Replays++
		d.Tries, d.Outcome, d.NextAt, d.Task = 0, Waiting, now, d.taskID()
	})
	if err != nil {
		return err
	}
	return c.Store.Tasks.Put(ctx, d.task(now))
}

// Resume makes a subscription active again and sends what was held for it.
func (c *Courier) Resume(ctx context.Context, id string) (s Subscription, err error) {
	defer webcare.Wrap(&err, "Resume(%s)", id)
	if err := c.Store.Records.Remove(ctx, healthKind, id); err != nil {
		return s, err
	}
	if s, err = c.Subscriptions.become(ctx, id, Active, ""); err != nil {
		return s, err
	}
	c.Forget(id)
	for cursor := ""; ; {
		_, next, err := c.Replay(ctx, id, Range{Outcome: Held}, cursor, 100)
		if err != nil || next == "" {
			return s, err
		}
		cursor = next
	}
}

// clockKind marks the tasks that watch a response clock.
const clockKind = "clock"

// watchClock sets a task for when a fifth of the response clock is left.
func (c *Courier) watchClock(ctx context.Context, e webcare.Event) error {
	h, err := c.Store.Cases.Head(ctx, e.CaseID)
	if errors.Is(err, webcare.ErrNotFound) || err == nil && (h.DueAt.IsZero() || !h.Status.Open()) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.Store.Tasks.Put(ctx, webcare.Task{ID: "notify/" + clockKind + "/" + e.ID, Stage: webcare.StageNotify, CaseID: h.ID, RunAt: warnAt(h),
		Data: map[string]string{"watch": clockKind}})
}

func warnAt(h webcare.Head) time.Time {
	return h.DueAt.Add(-max(h.DueAt.Sub(h.ReceivedAt)/5, 0)).UTC().Truncate(time.Millisecond)
}

// clockDue tells of a response clock that is nearly over, once per due time.
func (c *Courier) clockDue(ctx context.Context, t webcare.Task) error {
	h, err := c.Store.Cases.Head(ctx, t.CaseID)
	if errors.Is(err, webcare.ErrNotFound) || err == nil && (h.DueAt.IsZero() || !h.Status.Open()) {
		return nil
	}
	if err != nil {
		return err
	}
	if at := warnAt(h); at.After(c.Subscriptions.Now()) {
		return &webcare.LaterError{At: at, Why: "the clock was moved"}
	}
	_, err = c.Announce(ctx, []webcare.Event{{ID: fmt.Sprintf("%s/due/%d", h.ID, h.DueAt.Unix()), Type: DueSoon, CaseID: h.ID, At: c.Subscriptions.Now().UTC(),
		Brand: h.Brand, Channel: h.Channel, New: h.Labels(), Seq: h.NextSeq - 1, Data: map[string]string{"due": h.DueAt.Format(time.RFC3339)}}})
	return err
}

// health is how long an endpoint has been failing.
type health struct {
	Since time.Time `json:"since"`
	Why   string    `json:"why"`
}

const healthKind = "webhook_health"

func (c *Courier) loadHealth(ctx context.Context, id string) (h health, err error) {
	r, err := c.Store.Records.Get(ctx, healthKind, id, c.Subscriptions.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal(r.Body, &h)
}
