package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"time"

	"webcare.example/responder/internal/console"
)

// oidcTimeout bounds one call to the sign-in service.
const oidcTimeout = 10 * time.Second

// accounts returns who signs people in, nil where the console has no accounts.
func (p *program) accounts() (*console.OIDC, error) {
	c := p.cfg.OIDC
	if c.Issuer == "" {
		return nil, nil
	}
	o := &console.OIDC{Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: c.ClientSecret, URL: p.cfg.URL, Claim: c.Claim, Roles: c.Roles,
		Scopes: c.Scopes, Term: c.Term, Store: p.pipe.Store(), Client: &http.Client{Timeout: oidcTimeout}, Now: time.Now, Random: rand.Reader,
		Known: p.pipe.Desk.Know}
	if err := o.Check(); err != nil {
		return nil, fmt.Errorf("WEBCARE_OIDC_... and WEBCARE_URL: %w", err)
	}
	return o, nil
}

// identify says who makes a request: with accounts who signed in, else the one
// person at this machine.
func (p *program) identify(o *console.OIDC) console.Identify {
	if o != nil {
		return o.Identify
	}
	return console.Local(p.cfg.Agent)
}
