// Command console is the Lambda function behind the address where people
// approve drafts: pages, API and insights. Pages ask for news by the clock.
package main

import (
	"net/http"
	"time"
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/console"
)

// version stands on every page; the build sets it.
var version = "dev"

type config struct {
	run.Base
	run.BrandFiles
	// URL is this console's address as browsers see it.
	URL string
	// Undo is how long an approval can be taken back.
	Undo time.Duration `default:"30s"`
	OIDC oidc
}

// oidc is who signs people in. There is no console without.
type oidc struct {
	Issuer   string
	ClientID string `split_words:"true"`
	// Secret names the parameter with the client secret.
	Secret string
	// Claim of the id token carries groups; Roles say what each gives,
	// group:role or group:brand/role, by comma.
	Claim  string `default:"groups"`
	Roles  map[string]string
	Scopes []string
	Term   time.Duration `default:"12h"`
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Serve(func() http.Handler {
		brands := w.Brands(cfg.BrandFiles)
		return run.RenewedHandler(w, cfg.OIDC.Secret, func(secret string) (http.Handler, error) {
			wired := wire(w, cfg, brands, secret)
			if err := wired.OIDC.Check(); err != nil {
				return nil, err
			}
			return console.New(wired)
		})
	})
}
