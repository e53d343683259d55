// Package queue rings the stages' doorbells: SQS queues whose messages name a
// task. The stored task is the truth; a lost message costs a sweep, a second
// one a look at a task that is gone.
package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/webcare"
)

// MaxDelay is the longest that SQS holds a message back. What is due later is
// rung by the sweeper.
const MaxDelay = 15 * time.Minute

// batchSize is what one SendMessageBatch takes.
const batchSize = 10

// Config names the queues in the environment: WEBCARE_TRIAGE_QUEUE and so on.
type Config struct {
	TriageQueue  string `split_words:"true" required:"true"`
	DraftQueue   string `split_words:"true" required:"true"`
	PublishQueue string `split_words:"true" required:"true"`
	NotifyQueue  string `split_words:"true" required:"true"`
}

// Bells are the queues of the stages that have one.
type Bells struct {
	client *sqs.Client
	urls   map[webcare.Stage]string
}

// New makes the client; endpoint is an emulator's address, "" for SQS itself.
func New(cfg awssdk.Config, endpoint string, names Config) *Bells {
	urls := map[webcare.Stage]string{webcare.StageTriage: names.TriageQueue, webcare.StageDraft: names.DraftQueue, webcare.StagePublish: names.PublishQueue,
		webcare.StageNotify: names.NotifyQueue}
	return &Bells{urls: urls, client: sqs.NewFromConfig(cfg, func(o *sqs.Options) {
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	})}
}

// Has reports whether a stage has a queue.
func (b *Bells) Has(st webcare.Stage) bool { return b.urls[st] != "" }

// Ring sends a message for each task, held back until the task is due. Tasks of
// stages without a queue and those due after MaxDelay are left to the sweeper.
func (b *Bells) Ring(ctx context.Context, tasks []webcare.Task, now time.Time) (rung int, err error) {
	defer webcare.Wrap(&err, "Ring(%d tasks)", len(tasks))
	byStage := map[webcare.Stage][]types.SendMessageBatchRequestEntry{}
	for _, t := range tasks {
		wait := t.RunAt.Sub(now)
		if !b.Has(t.Stage) || wait > MaxDelay {
			continue
		}
		body, err := json.Marshal(run.Message{Task: t.ID})
		if err != nil {
			return rung, err
		}
		byStage[t.Stage] = append(byStage[t.Stage], types.SendMessageBatchRequestEntry{
			Id: awssdk.String(strconv.Itoa(len(byStage[t.Stage]))), MessageBody: awssdk.String(string(body)), DelaySeconds: seconds(wait)})
	}
	for st, entries := range byStage {
		for len(entries) > 0 {
			n := min(len(entries), batchSize)
			if err := b.send(ctx, b.urls[st], entries[:n]); err != nil {
				return rung, err
			}
			rung, entries = rung+n, entries[n:]
		}
	}
	return rung, nil
}

// seconds rounds up: a message that comes early would find its task not due.
func seconds(wait time.Duration) int32 {
	if wait <= 0 {
		return 0
	}
	return int32(min((wait+time.Second-1)/time.Second, MaxDelay/time.Second))
}

// send sends a batch and once more what SQS refused of it by its own fault.
func (b *Bells) send(ctx context.Context, url string, entries []types.SendMessageBatchRequestEntry) error {
	for range 3 {
		out, err := b.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
		if err != nil {
			return webcare.Unavailablef("%w", err)
		}
		if len(out.Failed) == 0 {
			return nil
		}
		left := map[string]bool{}
		for _, f := range out.Failed {
			left[*f.Id] = true
			err = fmt.Errorf("%s", awssdk.ToString(f.Code))
			if f.SenderFault {
				return err
			}
		}
		var again []types.SendMessageBatchRequestEntry
		for _, e := range entries {
			if left[*e.Id] {
				again = append(again, e)
			}
		}
		entries = again
	}
	return webcare.Unavailablef("SQS keeps refusing %d messages", len(entries))
}

// Waiting is about how many messages a stage's queue holds that nobody works on.
func (b *Bells) Waiting(ctx context.Context, st webcare.Stage) (int, error) {
	url := b.urls[st]
	name := types.QueueAttributeNameApproximateNumberOfMessages
	out, err := b.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return 0, webcare.Unavailablef("Waiting(%s): %w", st, err)
	}
	return strconv.Atoi(out.Attributes[string(name)])
}

// maxSweep is how many tasks of one stage a sweep rings for. While a queue holds
// as many, its messages are late, not lost, and none are added.
const maxSweep = 500

// Late lists tasks that may be leased.
type Late interface {
	Due(ctx context.Context, stage webcare.Stage, n int, now time.Time) ([]webcare.Task, error)
}

// Patience is how long a due task is left to the message that the relay sent.
const Patience = time.Minute

// Sweep rings for tasks that have been due for longer than Patience: their
// message was lost, their worker died, or they were due too late to be held in
// a queue. It returns how many it rang for by stage.
func (b *Bells) Sweep(ctx context.Context, store Late, now time.Time) (map[webcare.Stage]int, error) {
	rung := map[webcare.Stage]int{}
	for st := range b.urls {
		if !b.Has(st) {
			continue
		}
		late, err := store.Due(ctx, st, maxSweep, now.Add(-Patience))
		if err != nil || len(late) == 0 {
			if err != nil {
				return rung, err
			}
			continue
		}
		waiting, err := b.Waiting(ctx, st)
		if err != nil {
			return rung, err
		}
		if waiting >= maxSweep {
			continue
		}
		if rung[st], err = b.Ring(ctx, late, now); err != nil {
			return rung, err
		}
	}
	return rung, nil
}
