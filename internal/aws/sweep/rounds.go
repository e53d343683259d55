package sweep

import (
	"context"
	"errors"
	"time"

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// Rounds is what is done by the clock and for no case in particular. Each may be
// broken off and begun again.
type Rounds struct {
	*run.Wired
	Brands  *brand.Set
	Bells   *queue.Bells
	Courier *webhook.Courier
	Mail    func(brand string) (webcare.Publisher, bool)
	Link    string // of the console
}

// Names of rounds, as the schedules of template.yaml send them.
const (
	Minutely = ""        // late tasks, spikes, whatever is due
	Hourly   = "hourly"  // digests that are due
	Nightly  = "nightly" // what brands keep no longer, blobs of no case
)

// minuteTime is how long the minute's round may take: the next one comes.
const minuteTime = 55 * time.Second

// minute rings for late tasks, looks for spikes, and does what is due.
func (r *Rounds) minute(ctx context.Context, due func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, minuteTime)
	defer cancel()
	if err := Sweep(ctx, r.Wired, r.Bells, r.Brands.IDs()); err != nil {
		return err
	}
	return errors.Join(due(ctx), r.spikes(ctx))
}

// Do makes the round of a name; due does the tasks that are.
func (r *Rounds) Do(ctx context.Context, name string, due func(context.Context) error) error {
	switch name {
	case Minutely:
		return r.minute(ctx, due)
	case Hourly:
		return r.digests(ctx)
	case Nightly:
		return errors.Join(r.expire(ctx), r.orphans(ctx, stretchMost))
	}
	return webcare.Invalidf("round: %q is neither %s nor %s", name, Hourly, Nightly)
}

// spikes tells webhooks of spikes in what customers meet.
func (r *Rounds) spikes(ctx context.Context) (err error) {
	watch := &insight.Watch{Store: r.Store, Now: r.Now, Tell: func(ctx context.Context, e webcare.Event) error {
		_, err := r.Courier.Announce(ctx, []webcare.Event{e})
		return err
	}}
	for _, id := range r.Brands.IDs() {
		found, lookErr := watch.Look(ctx, id)
		if len(found) > 0 {
			r.Measure(map[string]string{}, run.Count("Spikes", float64(len(found))))
		}
		err = errors.Join(err, lookErr)
	}
	return err
}

// digests mails process owners what customers met in their process.
func (r *Rounds) digests(ctx context.Context) (err error) {
	d := &insight.Digests{Store: r.Store, Brands: r.Brands, Mail: r.Mail, Now: r.Now, Link: r.Link}
	for _, id := range r.Brands.IDs() {
		n, sendErr := d.Send(ctx, id)
		if n > 0 {
			r.Log.InfoContext(ctx, "sent digests", "brand", id, "mails", n)
		}
		err = errors.Join(err, sendErr)
	}
	return err
}

// expire erases what brands keep no longer. What the time is not enough for is
// left to the next night.
func (r *Rounds) expire(ctx context.Context) (err error) {
	for _, id := range r.Brands.IDs() {
		b, getErr := r.Brands.Get(id)
		if getErr != nil || b.RetentionDays <= 0 {
			continue
		}
		now := r.Now()
		n, eraseErr := r.Store.Expire(ctx, id, now.AddDate(0, 0, -b.RetentionDays), now, r.Courier.ForgetCase)
		if n > 0 {
			r.Log.InfoContext(ctx, "erased what is kept no longer", "brand", id, "cases", n)
		}
		err = errors.Join(err, eraseErr)
	}
	return err
}
