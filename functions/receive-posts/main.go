// Command receive-posts is the Lambda function on the clock that asks the
// public channels what is new. Secrets are parameters: "ssm:/path" in the
// brand file.
package main

import (
	"context"
	"crypto/rand"
	mrand "math/rand/v2"
	_ "time/tzdata" // a function's file system has no time zones

	"github.com/aws/aws-lambda-go/lambda"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/connect"
	"webcare.example/responder/internal/receive"
)

type config struct {
	run.Base
	run.BrandFiles
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	set, err := connect.Open(w.Brands(cfg.BrandFiles), connect.Env{Records: w.Store.Records, Secret: parameter(w), Now: w.Now})
	w.Must(err)
	r := &receive.Receiver{Store: w.Store, Now: w.Now, Random: rand.Reader}
	in := &channel.Intake{Store: w.Store, Names: set.Names, Now: w.Now, Log: w.Log, Deliver: func(ctx context.Context, it channel.Item) error {
		_, err := r.Receive(ctx, receive.Item{Message: it.Message, Raw: it.Raw, Files: it.Files, Parents: it.Parents, Claims: it.Claims})
		return err
	}}
	p := &channel.Poller{Records: w.Store.Records, Intake: in, Lines: set.Lines, Now: w.Now, Jitter: mrand.Float64, Log: w.Log}
	lambda.Start(func(ctx context.Context) error {
		p.Due(ctx)
		return ctx.Err()
	})
}
