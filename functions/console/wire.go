package main

import (
	"context"
	"crypto/rand"
	mrand "math/rand/v2"
	"net/http"
	"time"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// oidcTimeout bounds one call to the sign-in service.
const oidcTimeout = 10 * time.Second

// wire is the console on AWS. Whatever webhooks it makes known must be on the
// public internet; the feed of changes is left out, for pages and stages are
// different processes.
func wire(w *run.Wired, cfg config, brands *brand.Set, clientSecret string) console.Config {
	desk := &review.Desk{Store: w.Store, Brands: brands, Resolve: byDraft, Assisted: assisted(w), Now: w.Now, Undo: cfg.Undo}
	signIn := &console.OIDC{Issuer: cfg.OIDC.Issuer, ClientID: cfg.OIDC.ClientID, ClientSecret: clientSecret, URL: cfg.URL,
		Claim: cfg.OIDC.Claim, Roles: cfg.OIDC.Roles, Scopes: cfg.OIDC.Scopes, Term: cfg.OIDC.Term, Store: w.Store,
		Client: &http.Client{Timeout: oidcTimeout}, Now: w.Now, Random: rand.Reader, Known: desk.Know}
	courier := &webhook.Courier{Store: w.Store, Link: cfg.URL, Jitter: mrand.Float64, Log: w.Log,
		Subscriptions: &webhook.Subscriptions{Records: w.Store.Records, Now: w.Now, Random: rand.Reader}}
	health := func(ctx context.Context) ([]channel.Health, error) {
		return channel.HealthOfAll(ctx, w.Store.Records, brands, w.Now())
	}
	return console.Config{Store: w.Store, Brands: brands, Desk: desk, Receiver: &receive.Receiver{Store: w.Store, Now: w.Now, Random: rand.Reader},
		Identify: signIn.Identify, OIDC: signIn, Hosts: hosts(signIn), Courier: courier,
		DeskLinks: &webhook.DeskLinks{Records: w.Store.Records, Random: rand.Reader, Now: w.Now, Base: cfg.URL}, Channels: console.Channels{Health: health}, Ready: w.AWS.Ready, Version: version, Now: w.Now, Log: w.Log}
}

// hosts are the names that requests may carry: the one that people sign in at.
func hosts(o *console.OIDC) []string {
	if h := o.Host(); h != "" {
		return []string{h}
	}
	return nil
}

// assisted reports whether a person posts the replies of a channel: mail is
// sent by the publish function, and so is what goes to channels that the
// function which polls them has found connected. Asked too early, or while the
// store does not answer, a person posts: that is always possible.
func assisted(w *run.Wired) func(brandID, channelName string) bool {
	return func(brandID, channelName string) bool {
		if channelName == mail.Channel {
			return false
		}
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		defer cancel()
		posts, err := channel.Posts(ctx, w.Store.Records, brandID, channelName, w.Now())
		return err != nil || !posts
	}
}

// askTimeout bounds one question to the store.
const askTimeout = 3 * time.Second

// byDraft refuses to fill in another resolution here: the drafter does that,
// in a function of its own, and answers with a draft to approve.
func byDraft(_ *brand.Brand, _ *webcare.Case, id string, _ time.Time) (*webcare.Resolution, []webcare.Promised, error) {
	return nil, nil, webcare.Invalidf("resolution: ask for a new draft with %q, then approve that", id)
}
