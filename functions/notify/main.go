// Command notify is the Lambda function that calls webhooks: deliveries from
// its queue, one call each. Owners of webhooks that fail for long get a mail.
package main

import (
	"crypto/rand"
	mrand "math/rand/v2"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/aws/ses"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

type config struct {
	run.Base
	run.BrandFiles
	ses.Env
	// URL is the console's address, as payloads name it.
	URL string
	// HookLoopback lets webhooks be on this machine: for development alone.
	HookLoopback bool `split_words:"true"`
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Start(func() run.Batch {
		egress := webhook.Egress{AllowLoopback: cfg.HookLoopback}
		courier := &webhook.Courier{Store: w.Store, Client: egress.Client(webhook.Timeout), Link: cfg.URL, Jitter: mrand.Float64, Log: w.Log,
			Subscriptions: &webhook.Subscriptions{Records: w.Store.Records, Egress: egress, Now: w.Now, Random: rand.Reader}}
		courier.Mail = ses.Mailer(w, w.Brands(cfg.BrandFiles), cfg.Env)
		return w.Tasks(webcare.StageNotify, courier.Handle)
	})
}
