// Command publish is the Lambda function of the publish stage: it posts what a
// person approved, once. Mail leaves by SES, other replies through the channels
// that are connected; where none is, a person posts.
package main

import (
	"math/rand/v2"
	"os"
	_ "time/tzdata" // a function's file system has no time zones

	"github.com/aws/aws-lambda-go/lambda"

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
	// MailFrom is the address replies come from, "" for the brand file's.
	MailFrom string `split_words:"true"`
	// MailSecret names the parameter with what reply tokens are made with.
	MailSecret string `split_words:"true"`
	// MailSet is the SES configuration set.
	MailSet string `split_words:"true"`
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	brands := w.Brands(cfg.BrandFiles)
	key := w.Secret(cfg.MailSecret)
	client := ses.Client(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SESV2"))
	opened := channels.New(w, brands, nil)
	publishers := func(brandID, channel string) (webcare.Publisher, bool) {
		b, err := brands.Get(brandID)
		switch {
		case err != nil:
			return nil, false
		case channel != mail.Channel:
			set, _ := opened.Set()
			return set.Publisher(brandID, channel)
		}
		return ses.New(client, cfg.MailSet, mail.Config{From: run.Sender(b, mail.Channel, cfg.MailFrom), Name: b.Name, Secret: []byte(key), Now: w.Now}), true
	}
	stage := &publish.Stage{Store: w.Store, Brands: brands, Publishers: publishers, Now: w.Now, Jitter: rand.Float64}
	lambda.Start(w.Tasks(webcare.StagePublish, stage.Handle))
}
