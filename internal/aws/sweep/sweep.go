// Package sweep looks, on the clock, for what the stream missed: tasks that are
// due and that nobody was told of.
package sweep

import (
	"context"
	"errors"
	"strconv"

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/webcare"
)

// maxDead is where counting dead letters stops.
const maxDead = 100

// Sweep rings for late tasks and measures what waits for a person: dead
// letters, cases past their response time, and how many tasks had been lost
// from sight.
func Sweep(ctx context.Context, w *run.Wired, bells *queue.Bells, brands []string) error {
	rung, err := bells.Sweep(ctx, w.AWS, w.Now())
	for st, n := range rung {
		w.Measure(map[string]string{"stage": string(st)}, run.Count("Late", float64(n)))
	}
	dead, _, derr := w.Store.DeadLetters.Dead(ctx, "", maxDead)
	if derr == nil {
		w.Measure(map[string]string{}, run.Count("DeadLetters", float64(len(dead))))
	}
	late, lerr := breaches(ctx, w, brands)
	if lerr == nil {
		w.Measure(map[string]string{}, run.Count("ClockBreaches", float64(late)))
	}
	return errors.Join(err, derr, lerr)
}

// maxBreaches is where counting cases of one urgency past their response time
// stops.
const maxBreaches = 10

// breaches counts cases that nobody has answered in time. Queues are ordered by
// urgency, then by response clock, so that only their beginnings are read.
func breaches(ctx context.Context, w *run.Wired, brands []string) (n int, err error) {
	now := w.Now()
	for _, u := range []webcare.Urgency{webcare.Critical, webcare.High, webcare.Normal, webcare.Low} {
		page, err := w.Store.Cases.List(ctx, webcare.Query{Brands: brands, Limit: maxBreaches, Cursor: strconv.Itoa(u.Rank()),
			Statuses: []webcare.Status{webcare.StatusReceived, webcare.StatusTriaged, webcare.StatusInReview, webcare.StatusAttention}})
		if err != nil {
			return n, err
		}
		for _, h := range page.Heads {
			if h.Urgency == u && !h.DueAt.IsZero() && h.DueAt.Before(now) {
				n++
			}
		}
	}
	return n, nil
}
