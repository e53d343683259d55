// Package sweep looks, on the clock, for what the stream missed: tasks that are
// due and that nobody was told of.
package sweep

import (
	"context"
	"errors"

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/run"
)

// maxDead is where counting dead letters stops.
const maxDead = 100

// Sweep rings for late tasks and measures what waits for a person: dead
// letters, and how many tasks had been lost from sight.
func Sweep(ctx context.Context, w *run.Wired, bells *queue.Bells) error {
	rung, err := bells.Sweep(ctx, w.AWS, w.Now())
	for st, n := range rung {
		w.Measure(map[string]string{"stage": string(st)}, run.Count("Late", float64(n)))
	}
	dead, _, derr := w.Store.DeadLetters.Dead(ctx, "", maxDead)
	if derr == nil {
		w.Measure(map[string]string{}, run.Count("DeadLetters", float64(len(dead))))
	}
	return errors.Join(err, derr)
}
