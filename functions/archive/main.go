// Command archive is the Lambda function by which everything moves in or out.
// It is called by hand, {"load": "archive/NAME.zip"} or {"write": "archive/NAME"},
// again and again until it answers that it is done.
package main

import (
	"context"
	"time"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/archive"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

type config struct {
	run.Base
	run.BrandFiles
}

type event struct {
	Load  string `json:"load"`
	Write string `json:"write"`
}

// margin is what a call leaves of its time for the piece it is at.
const margin = 2 * time.Minute

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Start(func() func(context.Context, event) (archive.Progress, error) {
		courier := &webhook.Courier{Store: w.Store, Log: w.Log, Subscriptions: &webhook.Subscriptions{Records: w.Store.Records, Now: w.Now}}
		m := &archive.Mover{Store: w.Store, Objects: w.AWS, Brands: w.Brands(cfg.BrandFiles).IDs(), Now: w.Now, Forget: courier.ForgetCase}
		return func(ctx context.Context, e event) (archive.Progress, error) { return e.move(ctx, m) }
	})
}

func (e event) move(ctx context.Context, m *archive.Mover) (archive.Progress, error) {
	until := m.Now().Add(time.Minute)
	if deadline, ok := ctx.Deadline(); ok {
		until = deadline.Add(-margin)
	}
	switch {
	case e.Load != "" && e.Write == "":
		return m.Load(ctx, e.Load, until)
	case e.Write != "" && e.Load == "":
		return m.Write(ctx, e.Write, until)
	}
	return archive.Progress{}, webcare.Invalidf(`send {"load": KEY} or {"write": NAME}`)
}
