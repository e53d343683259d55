// Command followup is the Lambda function on the clock: every minute it does what
// has fallen due on cases, rings again for tasks of other stages that are late
// and looks for spikes; every hour it mails digests, every night it tidies up.
package main

import (
	"context"
	"crypto/rand"
	mrand "math/rand/v2"
	"os"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/aws/ses"
	"webcare.example/responder/internal/aws/sweep"
	"webcare.example/responder/internal/followup"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

type config struct {
	run.Base
	run.BrandFiles
	queue.Config
	ses.Env
	// URL is the console's address, as desks and owners are told it.
	URL string
}

// event is what the clock sends: which round to make, "" for that of every minute.
type event struct {
	Round string `json:"round"`
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Start(func() func(context.Context, event) (any, error) {
		brands := w.Brands(cfg.BrandFiles)
		post := ses.Mailer(w, brands, cfg.Env)
		links := &followup.Links{Records: w.Store.Records, Random: rand.Reader, Now: w.Now, Base: cfg.URL}
		stage := &followup.Stage{Store: w.Store, Now: w.Now, Brands: brands, Mail: post, Links: links}
		courier := &webhook.Courier{Store: w.Store, Link: cfg.URL, Jitter: mrand.Float64, Log: w.Log,
			Subscriptions: &webhook.Subscriptions{Records: w.Store.Records, Now: w.Now, Random: rand.Reader}}
		rounds := &sweep.Rounds{Wired: w, Brands: brands, Bells: queue.New(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SQS"), cfg.Config),
			Courier: courier, Mail: post, Link: cfg.URL}
		due := func(ctx context.Context) error { return w.Due(ctx, webcare.StageFollowup, stage.Handle) }
		return func(ctx context.Context, e event) (any, error) { return nil, rounds.Do(ctx, e.Round, due) }
	})
}
