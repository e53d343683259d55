package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Outcome is how a delivery stands.
type Outcome string

// Outcomes.
const (
	Waiting   Outcome = "waiting"   // its task comes back at NextAt
	Delivered Outcome = "delivered" // answered 2xx
	Failed    Outcome = "failed"    // the schedule is used up, or there is nobody to deliver to
	Held      Outcome = "held"      // its subscription is paused
)

// Attempt is one call.
type Attempt struct {
	At     time.Time `json:"at"`
	Millis int64     `json:"millis"`
	Code   int       `json:"code,omitempty"`  // 0: no answer
	Error  string    `json:"error,omitempty"` // why it counts as failed
	Body   string    `json:"body,omitempty"`  // the first kB of the answer
}

// Delivery is one event on its way to one subscription. The record says what is
// known, its task when it is tried again. Compatibility: as for Subscription.
type Delivery struct {
	ID           string        `json:"id"` // sorts the newest first
	Subscription string        `json:"subscription"`
	Event        webcare.Event `json:"event"`
	Outcome      Outcome       `json:"outcome"`
	Attempts     []Attempt     `json:"attempts,omitempty"` // the last maxAttempts
	Tries        int           `json:"tries"`              // on the schedule, since it was made or replayed
	Replays      int           `json:"replays,omitempty"`
	Task         string        `json:"task"` // the only one that may deliver it
	NextAt       time.Time     `json:"next_at,omitzero"`
	Made         time.Time     `json:"made"`
	Version      int64         `json:"-"`
}

const (
	deliveryKind = "delivery"
	maxAttempts  = 20
	maxAnswer    = 1 << 10
	// Keep is how long a delivery can be looked at and replayed.
	Keep = 30 * 24 * time.Hour
	// noCase stands for the case of events that have none.
	noCase = "none"
)

// MessageID is the webhook-id of an event: the same at every attempt, replay
// and subscription, so that a receiver takes it in once.
func MessageID(e webcare.Event) string {
	return "evt_" + strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, e.ID)
}

// deliveryID sorts the newest first and is the same for the same event.
func deliveryID(e webcare.Event) string {
	return fmt.Sprintf("%013d-%s", 9_999_999_999_999-e.At.UnixMilli(), strings.TrimPrefix(MessageID(e), "evt_"))
}

func (d Delivery) key() string { return d.Subscription + "/" + d.ID }

// task is the unit of work that delivers d at the given time.
func (d Delivery) task(at time.Time) webcare.Task {
	id := d.Event.CaseID
	if id == "" {
		id = noCase
	}
	return webcare.Task{ID: d.Task, Stage: webcare.StageNotify, CaseID: id, RunAt: at.UTC().Truncate(time.Millisecond),
		Data: map[string]string{"webhook": d.Subscription, "delivery": d.ID}}
}

func (d Delivery) taskID() string {
	return fmt.Sprintf("notify/%s/%s/%d", d.Subscription, d.ID, d.Replays)
}

// putDelivery stores d if its version stands, and raises it.
func (c *Courier) putDelivery(ctx context.Context, d *Delivery) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	now := c.Subscriptions.Now()
	err = c.Store.Records.Put(ctx, webcare.Record{Kind: deliveryKind, Key: d.key(), Version: d.Version, Body: body, Expires: now.Add(Keep)}, now)
	if err == nil {
		d.Version++
	}
	return err
}

// Delivery returns one, ErrNotFound if there is none.
func (c *Courier) Delivery(ctx context.Context, subscription, id string) (d Delivery, err error) {
	defer webcare.Wrap(&err, "delivery %s/%s", subscription, id)
	r, err := c.Store.Records.Get(ctx, deliveryKind, subscription+"/"+id, c.Subscriptions.Now())
	if err != nil {
		return d, err
	}
	return decodeDelivery(r)
}

func decodeDelivery(r webcare.Record) (d Delivery, err error) {
	err = json.Unmarshal(r.Body, &d)
	d.Version = r.Version
	return d, err
}

// changeDelivery applies f to a delivery as it stands.
func (c *Courier) changeDelivery(ctx context.Context, d Delivery, f func(*Delivery)) (Delivery, error) {
	for range 5 {
		f(&d)
		err := c.putDelivery(ctx, &d)
		if !errors.Is(err, webcare.ErrConflict) {
			return d, err
		}
		if d, err = c.Delivery(ctx, d.Subscription, d.ID); err != nil {
			return d, err
		}
	}
	return d, webcare.Conflictf("delivery %s keeps changing", d.key())
}

// Range narrows deliveries; what is empty matches all.
type Range struct {
	Outcome      Outcome
	Since, Until time.Time // of the event, the second exclusive
	Case         webcare.CaseID
}

func (r Range) holds(d Delivery) bool {
	return (r.Outcome == "" || r.Outcome == d.Outcome) && (r.Case == "" || r.Case == d.Event.CaseID) &&
		!d.Event.At.Before(r.Since) && (r.Until.IsZero() || d.Event.At.Before(r.Until))
}

// Deliveries lists those of a subscription, the newest first. A page may come
// short with next set.
func (c *Courier) Deliveries(ctx context.Context, subscription string, in Range, cursor string, limit int) (out []Delivery, next string, err error) {
	defer webcare.Wrap(&err, "deliveries of %s", subscription)
	prefix := subscription + "/"
	if cursor != "" {
		cursor = prefix + cursor
	}
	for range webcare.MaxExamined/limit + 1 {
		rs, more, err := c.Store.Records.Scan(ctx, deliveryKind, prefix, cursor, limit-len(out), c.Subscriptions.Now())
		if err != nil {
			return nil, "", err
		}
		for _, r := range rs {
			d, err := decodeDelivery(r)
			if err != nil {
				return nil, "", err
			}
			if in.holds(d) {
				out = append(out, d)
			}
		}
		if cursor = more; more == "" || len(out) == limit {
			break
		}
	}
	return out, strings.TrimPrefix(cursor, prefix), nil
}

// ForgetCase deletes what is kept of a case's deliveries, for erasure.
func (c *Courier) ForgetCase(ctx context.Context, id webcare.CaseID) (err error) {
	defer webcare.Wrap(&err, "forgetting deliveries of %s", id)
	for cursor := ""; ; {
		rs, next, err := c.Store.Records.Scan(ctx, deliveryKind, "", cursor, webcare.MaxPage, time.Unix(1, 0)) // expired ones too
		if err != nil {
			return err
		}
		for _, r := range rs {
			d, err := decodeDelivery(r)
			if err != nil {
				return err
			}
			if d.Event.CaseID == id {
				if err := c.Store.Records.Remove(ctx, deliveryKind, r.Key); err != nil {
					return err
				}
			}
		}
		if cursor = next; next == "" {
			return nil
		}
	}
}
