package run

import (
	"context"

	"webcare.example/responder/internal/webcare"
)

// dueBatch is how many tasks are leased at once: few enough to be done within
// their lease.
const dueBatch = 10

// Due does all tasks of a stage that are due now, until none is left or the
// function's time is nearly up; what remains waits for the next run.
func (w *Wired) Due(ctx context.Context, stage webcare.Stage, h webcare.Handler) error {
	worker := w.Worker(stage, h)
	deadline, bounded := ctx.Deadline()
	for {
		now := w.Now()
		if bounded && deadline.Sub(now) < minimum {
			return nil
		}
		tasks, err := w.Store.Tasks.Lease(ctx, stage, dueBatch, now, now.Add(Lease))
		if err != nil || len(tasks) == 0 {
			return err
		}
		for _, t := range tasks {
			w.Do(ctx, worker, t)
		}
	}
}
