package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// feedQueue is Lambda's poller of one queue: what a batch's answer does not
// name as failed is deleted, the rest comes back.
func (s *stack) feedQueue(ctx context.Context, name string) {
	url := s.urls[name]
	for ctx.Err() == nil {
		out, err := s.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0})
		if err != nil || len(out.Messages) == 0 {
			rest(ctx, 100*time.Millisecond)
			continue
		}
		for _, m := range s.deliver(ctx, name, out.Messages) {
			_, err := s.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle})
			if err != nil && ctx.Err() == nil {
				fmt.Fprintln(s.log, name, err)
			}
		}
	}
}

// deliver invokes the function and returns the messages that are done.
func (s *stack) deliver(ctx context.Context, name string, messages []sqstypes.Message) (done []sqstypes.Message) {
	var e events.SQSEvent
	for _, m := range messages {
		e.Records = append(e.Records, events.SQSMessage{MessageId: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body})
	}
	if s.disorder {
		rand.Shuffle(len(e.Records), func(i, j int) { e.Records[i], e.Records[j] = e.Records[j], e.Records[i] })
	}
	var res events.SQSEventResponse
	if err := s.call(ctx, name, e, &res); err != nil {
		return nil
	}
	failed := map[string]bool{}
	for _, f := range res.BatchItemFailures {
		failed[f.ItemIdentifier] = true
	}
	for _, m := range messages {
		if !failed[*m.MessageId] {
			done = append(done, m)
		}
	}
	return done
}

// call invokes a function with an event, and again where the stack delivers
// everything twice.
func (s *stack) call(ctx context.Context, name string, event, into any) error {
	payload, err := json.Marshal(event)
	if err != nil {
		return err
	}
	for range 1 + times(s.twice) {
		body, err := s.functions[name].invoke(ctx, payload)
		if err != nil {
			if ctx.Err() == nil {
				fmt.Fprintln(s.log, name, err)
			}
			return err
		}
		if into != nil && len(body) > 0 {
			if err := json.Unmarshal(body, into); err != nil {
				return err
			}
		}
	}
	return nil
}

func times(b bool) int {
	if b {
		return 1
	}
	return 0
}

// feedStream is Lambda's poller of the table's stream. A batch that fails is
// delivered again.
func (s *stack) feedStream(ctx context.Context) {
	seen := map[string]*string{} // shard -> iterator
	arn := ""
	for ctx.Err() == nil {
		if arn == "" {
			// Not ListStreams: it gives the first hundred of all tables, and only
			// then looks which are of this one.
			t, err := s.tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &s.name})
			if err != nil || t.Table.LatestStreamArn == nil {
				rest(ctx, 100*time.Millisecond)
				continue
			}
			arn = *t.Table.LatestStreamArn
		}
		d, err := s.streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: &arn})
		if err != nil {
			rest(ctx, 100*time.Millisecond)
			continue
		}
		for _, sh := range d.StreamDescription.Shards {
			if _, ok := seen[*sh.ShardId]; !ok {
				it, err := s.streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{StreamArn: &arn, ShardId: sh.ShardId,
					ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
				if err == nil {
					seen[*sh.ShardId] = it.ShardIterator
				}
			}
			if seen[*sh.ShardId] == nil {
				continue
			}
			next, again := s.relayShard(ctx, seen[*sh.ShardId])
			if seen[*sh.ShardId] = next; again {
				delete(seen, *sh.ShardId)
			}
		}
		rest(ctx, 50*time.Millisecond)
	}
}

// relayShard delivers the next records of a shard and returns where to go on,
// or that an iterator is to be asked for again: DynamoDB Local now and then
// says of an iterator that it just gave that what it points at was trimmed.
func (s *stack) relayShard(ctx context.Context, at *string) (next *string, again bool) {
	out, err := s.streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: at, Limit: awssdk.Int32(100)})
	var trimmed *types.TrimmedDataAccessException
	var expired *types.ExpiredIteratorException
	switch {
	case errors.As(err, &trimmed), errors.As(err, &expired):
		return nil, true
	case err != nil:
		if ctx.Err() == nil {
			fmt.Fprintln(s.log, "stream:", err)
		}
		return at, false
	}
	if len(out.Records) == 0 {
		return out.NextShardIterator, false
	}
	var records []any
	for _, r := range out.Records {
		records = append(records, map[string]any{"eventName": string(r.EventName), "eventID": *r.EventID,
			"dynamodb": map[string]any{"NewImage": image(r.Dynamodb.NewImage), "SequenceNumber": *r.Dynamodb.SequenceNumber}})
	}
	if s.disorder {
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		records, s.older = append(records, s.older...), records
	}
	if err := s.call(ctx, "relay", map[string]any{"Records": records}, nil); err != nil {
		return at, false
	}
	return out.NextShardIterator, false
}

// image is an item as a stream event carries it.
func image(in map[string]types.AttributeValue) map[string]any {
	out := map[string]any{}
	for k, v := range in {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			out[k] = map[string]any{"S": v.Value}
		case *types.AttributeValueMemberN:
			out[k] = map[string]any{"N": v.Value}
		case *types.AttributeValueMemberB:
			out[k] = map[string]any{"B": v.Value}
		case *types.AttributeValueMemberBOOL:
			out[k] = map[string]any{"BOOL": v.Value}
		}
	}
	return out
}

// feedClock is the schedule of follow-up, every three seconds here.
func (s *stack) feedClock(ctx context.Context) {
	for ctx.Err() == nil {
		_ = s.call(ctx, "followup", map[string]any{"source": "aws.scheduler"}, nil) // logged; the next run looks again
		rest(ctx, 3*time.Second)
	}
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
