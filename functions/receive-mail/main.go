// Command receive-mail is the Lambda function that takes in mail: SES has put
// it into the bucket, S3 has told a queue.
package main

import (
	"crypto/rand"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/mailin"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/receive"
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
	run.Start(func() run.Batch {
		brands := w.Brands(cfg.BrandFiles)
		b, err := brands.Get("")
		w.Must(err)
		w.Secret(cfg.MailSecret) // where it cannot be read, nothing is taken in
		in := &mailin.Intake{Objects: w.AWS, Receiver: &receive.Receiver{Store: w.Store, Now: w.Now, Random: rand.Reader},
			Now: w.Now, Log: w.Log, Options: func() mail.Options {
				return mail.Options{Brand: b.ID, Own: []string{run.Sender(b, mail.Channel, cfg.MailFrom)}, AuthServer: "amazonses.com",
					Secret: []byte(w.Secret(cfg.MailSecret))}
			}}
		return in.Handle
	})
}
