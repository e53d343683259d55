// Command receive-hooks is the Lambda function behind the address to which
// partners and platforms push messages, signed.
package main

import (
	"crypto/rand"
	"net/http"
	"strings"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/channels"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webhook"
)

type config struct {
	run.Base
	run.BrandFiles
	// HookSecret names the parameter with the secrets of /hooks/messages,
	// whsec_..., by comma. Sources have theirs in the table.
	HookSecret string `split_words:"true"`
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Serve(func() http.Handler {
		brands, r := w.Brands(cfg.BrandFiles), &receive.Receiver{Store: w.Store, Now: w.Now, Random: rand.Reader}
		told := platforms(w, r, channels.New(w, brands, nil))
		return run.RenewedHandler(w, cfg.HookSecret, func(secret string) (http.Handler, error) {
			in := &hook.Intake{Store: w.Store, Brands: brands, Receiver: r, Now: w.Now, Log: w.Log}
			for _, text := range strings.FieldsFunc(secret, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
				s, err := webhook.ParseSecret(text)
				if err != nil {
					return nil, err
				}
				in.Secrets = append(in.Secrets, s)
			}
			mux := http.NewServeMux()
			in.Register(mux)
			for _, pattern := range hook.PlatformPaths {
				mux.Handle(pattern, told)
			}
			return mux, nil
		})
	})
}
