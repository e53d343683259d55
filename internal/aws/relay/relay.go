// Package relay leads what the table's stream brings to where it belongs: new
// and changed tasks ring their stage's doorbell, events are counted and told to
// the webhooks that asked for them.
//
// The stream repeats and, over shards, reorders. Neither matters: a task rung
// twice is done once, an event counted twice changes nothing, and tallies do
// not ask for order.
package relay

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

// Relay is the stream's consumer.
type Relay struct {
	Bells   *queue.Bells
	Tallies interface {
		AddAll(ctx context.Context, events []aws.Counted) error
	}
	// Announce stores a delivery for each webhook that an event concerns; one
	// announced again changes nothing.
	Announce func(ctx context.Context, events []webcare.Event) (int, error)
	// Learn puts the tasks that make examples of posted replies; nil for none.
	Learn webcare.Tasks
	Now   func() time.Time
	// Bad is told of a record that cannot be read; it is left to the stream's
	// dead letters.
	Bad func(ctx context.Context, sequence string, err error)
}

// Handle relays a batch. A record that cannot be read fails the batch from
// itself on, so that Lambda sets it apart and goes on; any other failure fails
// the whole batch, to be repeated.
func (r *Relay) Handle(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	var tasks []webcare.Task
	var happened []webcare.Event
	var out events.DynamoDBEventResponse
	for _, rec := range e.Records {
		t, ev, err := read(rec)
		if err != nil {
			r.Bad(ctx, rec.Change.SequenceNumber, err)
			out.BatchItemFailures = []events.DynamoDBBatchItemFailure{{ItemIdentifier: rec.Change.SequenceNumber}}
			break
		}
		if t != nil {
			tasks = append(tasks, *t)
		}
		if ev != nil {
			happened = append(happened, *ev)
		}
	}
	if _, err := r.Bells.Ring(ctx, tasks, r.Now()); err != nil {
		return out, err
	}
	return out, r.tell(ctx, happened)
}

// tell counts, announces and learns from events; each may be done again.
func (r *Relay) tell(ctx context.Context, happened []webcare.Event) error {
	if len(happened) == 0 {
		return nil
	}
	counted := make([]aws.Counted, len(happened))
	for i, ev := range happened {
		counted[i] = aws.Counted{EventID: ev.ID, Deltas: insight.Deltas(ev)}
		if ev.Type == webcare.ReplyPublished && r.Learn != nil {
			t := webcare.Task{ID: "learn/" + ev.ID, Stage: webcare.StageDraft, CaseID: ev.CaseID, RunAt: r.Now(), Data: map[string]string{run.Learn: "reply"}}
			if err := r.Learn.Put(ctx, t); err != nil {
				return err
			}
		}
	}
	if _, err := r.Announce(ctx, happened); err != nil {
		return err
	}
	return r.Tallies.AddAll(ctx, counted)
}

// read returns the task to ring for, or the event to count, or neither.
func read(rec events.DynamoDBEventRecord) (*webcare.Task, *webcare.Event, error) {
	if rec.EventName == string(events.DynamoDBOperationTypeRemove) {
		return nil, nil, nil
	}
	image, err := fromStream(rec.Change.NewImage)
	if err != nil {
		return nil, nil, err
	}
	kind, _ := image["t"].(*types.AttributeValueMemberS)
	switch {
	case kind == nil:
		return nil, nil, nil
	case kind.Value == aws.TypeTask:
		t, err := aws.DecodeTask(image)
		if err != nil || t.Dead || !t.LeasedUntil.IsZero() {
			return nil, nil, err // dead, or somebody is at it
		}
		return &t, nil, nil
	case kind.Value == aws.TypeEvent && rec.EventName == string(events.DynamoDBOperationTypeInsert):
		body, ok := image["b"].(*types.AttributeValueMemberB)
		if !ok {
			return nil, nil, webcare.Invalidf("an event without a body")
		}
		var ev webcare.Event
		if err := json.Unmarshal(body.Value, &ev); err != nil {
			return nil, nil, webcare.Invalidf("event: %v", err)
		}
		return nil, &ev, nil
	}
	return nil, nil, nil
}

// fromStream turns the attributes of a stream record, of the types that the
// table has, into those of the table.
func fromStream(in map[string]events.DynamoDBAttributeValue) (map[string]types.AttributeValue, error) {
	out := make(map[string]types.AttributeValue, len(in))
	for k, v := range in {
		switch v.DataType() {
		case events.DataTypeString:
			out[k] = &types.AttributeValueMemberS{Value: v.String()}
		case events.DataTypeNumber:
			out[k] = &types.AttributeValueMemberN{Value: v.Number()}
		case events.DataTypeBinary:
			out[k] = &types.AttributeValueMemberB{Value: v.Binary()}
		case events.DataTypeBoolean:
			out[k] = &types.AttributeValueMemberBOOL{Value: v.Boolean()}
		default:
			return nil, webcare.Invalidf("attribute %s of type %v", k, v.DataType())
		}
	}
	return out, nil
}
