// Command relay is the Lambda function on the table's stream: tasks leave the
// outbox for their stage's queue, events are counted and told to webhooks.
package main

import (
	"context"
	"crypto/rand"
	mrand "math/rand/v2"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/relay"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/webhook"
)

type config struct {
	run.Base
	queue.Config
	// Learn makes examples of posted replies, for a language model.
	Learn bool
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	courier := &webhook.Courier{Store: w.Store, Jitter: mrand.Float64, Log: w.Log,
		Subscriptions: &webhook.Subscriptions{Records: w.Store.Records, Now: w.Now, Random: rand.Reader}}
	r := &relay.Relay{Bells: queue.New(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SQS"), cfg.Config), Tallies: w.AWS, Announce: courier.Announce,
		Now: w.Now, Bad: func(ctx context.Context, sequence string, err error) {
			w.Log.ErrorContext(ctx, "a stream record that cannot be read", "sequence", sequence, "err", err)
		}}
	if cfg.Learn {
		r.Learn = w.Store.Tasks
	}
	lambda.Start(r.Handle)
}
