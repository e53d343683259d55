// Command publish is the Lambda function of the publish stage: it posts what a
// person approved, once. Mail leaves by SES, other replies through the channels
// that are connected; where none is, a person posts.
package main

import (
	"math/rand/v2"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/channels"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/aws/ses"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/publish"
	"webcare.example/responder/internal/webcare"
)

type config struct {
	run.Base
	run.BrandFiles
	ses.Env
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Start(func() run.Batch {
		brands := w.Brands(cfg.BrandFiles)
		post, opened := ses.Mailer(w, brands, cfg.Env), channels.New(w, brands, nil)
		publishers := func(brandID, channel string) (webcare.Publisher, bool) {
			if channel == mail.Channel {
				return post(brandID)
			}
			set, _ := opened.Set()
			return set.Publisher(brandID, channel)
		}
		stage := &publish.Stage{Store: w.Store, Brands: brands, Publishers: publishers, Now: w.Now, Jitter: rand.Float64}
		return w.Tasks(webcare.StagePublish, stage.Handle)
	})
}
