package run

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"webcare.example/responder/internal/webcare"
)

// Lease is how long a task is leased: longer than any function runs, and than
// an attempt to publish with its grace.
const Lease = 3 * time.Minute

// margin is what a task's time leaves of the function's, to record what came
// of it; minimum is the least with which another task is begun.
const (
	margin  = 3 * time.Second
	minimum = 8 * time.Second
)

// Message is the body of a doorbell message, as package queue sends it.
type Message struct {
	Task string `json:"task"`
}

// Learn is in the data of draft tasks that make an example of a posted reply.
const Learn = "learn"

// Worker returns one stage's worker.
func (w *Wired) Worker(stage webcare.Stage, h webcare.Handler) *webcare.Worker {
	return &webcare.Worker{Store: w.Store, Now: w.Now, Jitter: rand.Float64, Handlers: map[webcare.Stage]webcare.Handler{stage: h}}
}

// Tasks returns the handler of one stage's queue. A message whose task is gone,
// dead, leased by another or not yet due is done: the stored task is the truth,
// and the relay or the sweeper rings again for what is left. Messages that
// name no task, or whose task could not be looked at, stay in the queue and end
// among its dead letters.
func (w *Wired) Tasks(stage webcare.Stage, h webcare.Handler) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	worker := w.Worker(stage, h)
	return func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		failed := make([]bool, len(e.Records))
		var wg sync.WaitGroup
		for i, m := range e.Records {
			wg.Go(func() { failed[i] = !w.message(ctx, worker, m) })
		}
		wg.Wait()
		var out events.SQSEventResponse
		for i, m := range e.Records {
			if failed[i] {
				out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
			}
		}
		return out, nil
	}
}

// message does the task that a message names; false leaves it in the queue.
func (w *Wired) message(ctx context.Context, worker *webcare.Worker, m events.SQSMessage) bool {
	var body Message
	if err := json.Unmarshal([]byte(m.Body), &body); err != nil || body.Task == "" {
		w.Log.ErrorContext(ctx, "a message that names no task", "message", m.MessageId)
		return false
	}
	deadline, bounded := ctx.Deadline()
	if bounded && deadline.Sub(w.Now()) < minimum {
		return false // no time left: another invocation's
	}
	now := w.Now()
	t, err := w.Store.Tasks.Take(ctx, body.Task, now, now.Add(Lease))
	switch {
	case errors.Is(err, webcare.ErrNotFound), errors.Is(err, webcare.ErrConflict):
		return true
	case err != nil:
		w.Log.ErrorContext(ctx, "a task cannot be taken", "task", body.Task, "err", err)
		return false
	}
	if bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	w.Do(ctx, worker, t)
	return true
}

// Do runs a leased task, logs and measures it.
func (w *Wired) Do(ctx context.Context, worker *webcare.Worker, t webcare.Task) {
	began := w.Now()
	err := worker.Do(ctx, t)
	took := w.Now().Sub(began)
	if err != nil {
		w.Log.WarnContext(ctx, "task failed", "stage", t.Stage, "case", t.CaseID, "task", t.ID, "attempt", t.Attempt, "err", err)
	}
	w.Measure(map[string]string{"stage": string(t.Stage)}, Count("Tasks", 1), Count("Failures", truth(err != nil)),
		Millis("Duration", took), Millis("Wait", began.Sub(t.RunAt)))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
