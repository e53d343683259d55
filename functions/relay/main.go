// Command relay is the Lambda function on the table's stream: tasks leave the
// outbox for their stage's queue, events are counted.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/relay"
	"webcare.example/responder/internal/aws/run"
)

type config struct {
	run.Base
	queue.Config
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	r := &relay.Relay{Bells: queue.New(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SQS"), cfg.Config), Tallies: w.AWS, Now: w.Now, Bad: func(ctx context.Context, sequence string, err error) {
		w.Log.ErrorContext(ctx, "a stream record that cannot be read", "sequence", sequence, "err", err)
	}}
	lambda.Start(r.Handle)
}
