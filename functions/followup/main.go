// Command followup is the Lambda function on the clock: it does what has fallen
// due on cases, and rings again for tasks of other stages that are late.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // a function's file system has no time zones

	"github.com/aws/aws-lambda-go/lambda"

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/aws/sweep"
	"webcare.example/responder/internal/followup"
	"webcare.example/responder/internal/webcare"
)

type config struct {
	run.Base
	run.BrandFiles
	queue.Config
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	brands := w.Brands(cfg.BrandFiles).IDs()
	bells := queue.New(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SQS"), cfg.Config)
	stage := &followup.Stage{Store: w.Store, Now: w.Now}
	lambda.Start(func(ctx context.Context) error {
		if err := sweep.Sweep(ctx, w, bells, brands); err != nil {
			return err
		}
		return w.Due(ctx, webcare.StageFollowup, stage.Handle)
	})
}
