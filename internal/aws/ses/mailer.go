package ses

import (
	"context"
	"os"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// Env is the configuration of functions that send mail: WEBCARE_MAIL_FROM and so on.
type Env struct {
	// MailFrom is the address replies come from, "" for the brand file's.
	MailFrom string `split_words:"true"`
	// MailSecret names the parameter with what reply tokens are made with.
	MailSecret string `split_words:"true"`
	// MailSet is the SES configuration set.
	MailSet string `split_words:"true"`
}

// Mailer returns who sends the mail of a brand: replies to customers, and what
// desks and owners are told.
func Mailer(w *run.Wired, brands *brand.Set, env Env) func(brand string) (webcare.Publisher, bool) {
	client := Client(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SESV2"))
	w.Secret(env.MailSecret) // without it, answers would not find their case
	file := func(a webcare.Attachment) ([]byte, error) { return w.Store.Blobs.Get(context.Background(), a.Blob) }
	return func(id string) (webcare.Publisher, bool) {
		b, err := brands.Get(id)
		if err != nil {
			return nil, false
		}
		return New(client, env.MailSet, mail.Config{From: run.Sender(b, mail.Channel, env.MailFrom), Name: b.Name,
			Secret: []byte(w.Secret(env.MailSecret)), File: file, Now: w.Now}), true
	}
}
