package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Schedule is how long to wait after each failed attempt, as the specification
// proposes; after the last one the delivery has failed.
var Schedule = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

const (
	// Timeout is how long a receiver may take to answer.
	Timeout = 20 * time.Second
	// PauseAfter is how long an endpoint may do nothing but fail.
	PauseAfter = 5 * 24 * time.Hour
	// maxRetryAfter bounds what a receiver may ask for.
	maxRetryAfter = 24 * time.Hour
	// remember is how long what is known of a subscription is used unread, where
	// another process may have changed it.
	remember = time.Second
)

// Courier delivers events to subscriptions: the notify stage.
type Courier struct {
	Store         webcare.Store
	Subscriptions *Subscriptions
	Client        *http.Client   // Egress.Client(Timeout)
	Link          string         // address of the console, as payloads name it
	Jitter        func() float64 // 0..1
	Log           *slog.Logger
	// Mail is what mails the owners of a brand's webhooks, "" for the first
	// brand; nil where nobody is mailed.
	Mail func(brand string) (webcare.Publisher, bool)

	mu    sync.Mutex
	lanes map[string]*lane
	known map[string]knowledge
}

// knowledge is a subscription with its health as they were a moment ago.
type knowledge struct {
	sub    Subscription
	health health
	until  time.Time
}

// Handle makes one attempt. It never fails a task: what goes wrong at a
// receiver stands in the delivery's record, and the case has nothing to do
// with it.
func (c *Courier) Handle(ctx context.Context, t webcare.Task) error {
	err := c.handle(ctx, t)
	var later *webcare.LaterError
	if err == nil || errors.As(err, &later) {
		return err
	}
	c.Log.WarnContext(ctx, "delivering", "task", t.ID, "err", err)
	return &webcare.LaterError{At: c.Subscriptions.Now().Add(webcare.Backoff(min(t.Attempt, 8), c.Jitter())), Why: clip(err.Error(), 200)}
}

func (c *Courier) handle(ctx context.Context, t webcare.Task) error {
	switch t.Data["watch"] {
	case clockKind:
		return c.clockDue(ctx, t)
	case ownerKind:
		return c.tellOwner(ctx, t)
	}
	d, err := c.Delivery(ctx, t.Data["webhook"], t.Data["delivery"])
	if errors.Is(err, webcare.ErrNotFound) || err == nil && (d.Outcome != Waiting || d.Task != t.ID) {
		return nil // forgotten, done, or another task's
	}
	if err != nil {
		return err
	}
	k, err := c.know(ctx, d.Subscription)
	switch {
	case errors.Is(err, webcare.ErrNotFound):
		return c.end(ctx, d, t, Failed, Attempt{At: c.Subscriptions.Now().UTC(), Error: "the webhook was deleted"})
	case err != nil:
		return err
	case k.sub.State != Active:
		return c.end(ctx, d, t, Held, Attempt{})
	}
	l, at, ok := c.enter(k, c.Subscriptions.Now())
	if !ok {
		return &webcare.LaterError{At: at, Why: "its endpoint is busy"}
	}
	defer c.leave(l)
	body, err := c.body(ctx, k.sub, d.Event)
	if err != nil {
		return err
	}
	a, wait := c.attempt(ctx, k.sub, d.Event, body)
	c.took(l, a)
	return c.record(ctx, k, d, t, a, wait)
}

// end records that there is nothing more to do for now.
func (c *Courier) end(ctx context.Context, d Delivery, t webcare.Task, o Outcome, a Attempt) error {
	_, err := c.changeDelivery(ctx, d, func(d *Delivery) {
		if d.Task != t.ID {
			return
		}
		d.Outcome, d.NextAt = o, time.Time{}
		if a.Error != "" {
			d.add(a)
		}
	})
	return err
}

func (d *Delivery) add(a Attempt) {
	d.Attempts = append(d.Attempts, a)
	d.Attempts = d.Attempts[max(0, len(d.Attempts)-maxAttempts):]
}

// attempt calls the receiver once. wait is what it asked for by Retry-After.
func (c *Courier) attempt(ctx context.Context, s Subscription, e webcare.Event, body []byte) (a Attempt, wait time.Duration) {
	began := c.Subscriptions.Now()
	a.At = began.UTC().Truncate(time.Millisecond)
	defer func() { a.Millis = c.Subscriptions.Now().Sub(began).Milliseconds() }()
	header, err := s.sign(MessageID(e), began, body)
	if err != nil {
		a.Error = err.Error()
		return a, 0
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		a.Error = "the address cannot be called"
		return a, 0
	}
	maps.Copy(req.Header, header)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "webcare-responder (+standard-webhooks)")
	res, err := c.Client.Do(req)
	if err != nil {
		a.Error = whyFailed(err)
		return a, 0
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	a.Code, a.Body = res.StatusCode, clip(string(answer), maxAnswer)
	_, _ = io.CopyN(io.Discard, res.Body, 16<<10) // so that the connection serves again
	switch {
	case a.Code >= 300 && a.Code < 400:
		a.Error = fmt.Sprintf("answered %d: redirects are not followed", a.Code)
	case a.Code < 200 || a.Code > 299:
		a.Error = fmt.Sprintf("answered %d", a.Code)
	case err != nil:
		a.Error = whyFailed(err)
	}
	return a, retryAfter(res.Header.Get("Retry-After"), c.Subscriptions.Now())
}

// retryAfter reads seconds or a date; 0 for neither.
func retryAfter(v string, now time.Time) time.Duration {
	var d time.Duration
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		d = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(v); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), maxRetryAfter)
}

// record stores what came of an attempt and says when the next one is.
func (c *Courier) record(ctx context.Context, k knowledge, d Delivery, t webcare.Task, a Attempt, wait time.Duration) error {
	ctx = context.WithoutCancel(ctx) // a stop must not lose what was learned
	if a.Error == "" && !k.health.Since.IsZero() {
		if err := c.Store.Records.Remove(ctx, healthKind, k.sub.ID); err != nil {
			return err
		}
		c.Forget(k.sub.ID)
	}
	var next time.Time
	_, err := c.changeDelivery(ctx, d, func(d *Delivery) {
		d.add(a)
		if d.Task != t.ID {
			return // replayed meanwhile: its new task goes on
		}
		d.Outcome, next, d.NextAt = Delivered, time.Time{}, time.Time{}
		if a.Error == "" {
			return
		}
		d.Tries++
		if d.Tries > len(Schedule) || a.Code == http.StatusGone {
			d.Outcome = Failed
			return
		}
		next = c.Subscriptions.Now().Add(max(jittered(Schedule[d.Tries-1], c.Jitter()), wait)).UTC().Truncate(time.Millisecond)
		d.Outcome, d.NextAt = Waiting, next
	})
	if errors.Is(err, webcare.ErrNotFound) {
		return nil // forgotten meanwhile
	}
	if err != nil {
		return err
	}
	if a.Error != "" {
		if err := c.failing(ctx, k, a); err != nil {
			return err
		}
	}
	if !next.IsZero() {
		return &webcare.LaterError{At: next, Why: a.Error}
	}
	return nil
}

// jittered spreads a wait over a fifth of itself, so that deliveries that
// failed together do not return together.
func jittered(d time.Duration, jitter float64) time.Duration {
	return time.Duration(float64(d) * (1 + jitter/5))
}

// failing notes an endpoint's first failure, disables one that is gone and
// pauses one that has failed for long; its owner is told.
func (c *Courier) failing(ctx context.Context, k knowledge, a Attempt) error {
	now := c.Subscriptions.Now().UTC()
	defer c.Forget(k.sub.ID)
	switch {
	case a.Code == http.StatusGone:
		if err := c.warnOwner(ctx, k.sub, k.sub.Since); err != nil {
			return err
		}
		_, err := c.Subscriptions.become(ctx, k.sub.ID, Disabled, "its receiver answered 410: gone")
		c.Log.WarnContext(ctx, "a webhook is disabled", "webhook", k.sub.ID)
		return ignoreMissing(err)
	case k.health.Since.IsZero():
		body, err := json.Marshal(health{Since: now, Why: a.Error})
		if err != nil {
			return err
		}
		err = c.Store.Records.Put(ctx, webcare.Record{Kind: healthKind, Key: k.sub.ID, Body: body}, now)
		if errors.Is(err, webcare.ErrConflict) {
			return nil // another delivery failed at the same time
		}
		return err
	case now.Sub(k.health.Since) < PauseAfter:
		return nil
	}
	why := fmt.Sprintf("%s %s, the last one: %s", failingSince, k.health.Since.Format("2006-01-02 15:04"), a.Error)
	if err := c.warnOwner(ctx, k.sub, k.health.Since); err != nil {
		return err
	}
	s, err := c.Subscriptions.Pause(ctx, k.sub.ID, why)
	if err != nil {
		return ignoreMissing(err)
	}
	c.Log.WarnContext(ctx, "a webhook is paused", "webhook", s.ID)
	_, err = c.Announce(ctx, []webcare.Event{{ID: fmt.Sprintf("webhook/%s/%d", s.ID, s.Version), Type: WebhookPaused, At: now,
		Data: map[string]string{"webhook": s.ID, "name": s.Name, "why": why}}})
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, webcare.ErrNotFound) {
		return nil
	}
	return err
}

// know returns a subscription and its health, at most remember old.
func (c *Courier) know(ctx context.Context, id string) (k knowledge, err error) {
	now := c.Subscriptions.Now()
	c.mu.Lock()
	k, ok := c.known[id]
	c.mu.Unlock()
	if ok && k.until.After(now) {
		return k, nil
	}
	if k.sub, err = c.Subscriptions.Get(ctx, id); err != nil {
		return k, err
	}
	if k.health, err = c.loadHealth(ctx, id); err != nil {
		return k, err
	}
	if k.sub.State != Active {
		return k, nil // never remembered: what is held for it must not miss its resuming
	}
	k.until = now.Add(remember)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[string]knowledge{}
	}
	c.known[id] = k
	return k, nil
}

// Forget drops what is remembered of a subscription: it was changed.
func (c *Courier) Forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.known, id)
}
