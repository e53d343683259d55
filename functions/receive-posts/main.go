// Command receive-posts is the Lambda function on the clock that asks the
// public channels and mailboxes what is new. Secrets are parameters:
// "ssm:/path" in the brand file.
package main

import (
	"context"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/channels"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/mail"
)

type config struct {
	run.Base
	run.BrandFiles
	// MailFrom is the address replies come from, "" for the brand file's.
	MailFrom string `split_words:"true"`
	// MailSecret names the parameter with what reply tokens are made with.
	MailSecret string `split_words:"true"`
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Start(func() func(context.Context, any) (any, error) {
		opened := channels.New(w, w.Brands(cfg.BrandFiles), func(b *brand.Brand) mail.Options {
			return mail.Options{Brand: b.ID, Own: []string{run.Sender(b, mail.Channel, cfg.MailFrom)}, Secret: []byte(w.Secret(cfg.MailSecret))}
		})
		round := poller(w)
		return func(ctx context.Context, _ any) (any, error) {
			round(ctx, opened)
			return nil, ctx.Err()
		}
	})
}
