package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/channel/inbox"
)

// Credentials of the fakes: they guard nothing.
const (
	fakeToken    = "fake-mastodon-token"
	fakePassword = "fake-bluesky-password"
)

// fakesCommand plays the platforms on one loopback port, for trying out the
// channels: each below a path of its own, and POST /write/NAME to post there
// as a customer ({"text","author","handle","reply_to"?}).
func fakesCommand(ctx context.Context, a *app) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.fakesListen)
	if err != nil {
		return err
	}
	base := "http://" + ln.Addr().String()
	news := fakes.NewFeed("Voorbeeld")
	news.Base = base + "/feed"
	platforms := map[string]fakes.Platform{"mastodon": fakes.NewMastodon(fakeToken, "voorbeeld", time.Now),
		"bluesky": fakes.NewBluesky("voorbeeld.nl", fakePassword, time.Now), "feed": news}
	mux := http.NewServeMux()
	for name, p := range platforms {
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, p))
		mux.HandleFunc("POST /write/"+name, written(p))
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintf(a.out, `Platforms, played on %[1]s. In a brand file:
  - {name: mastodon, secrets: {token: "env:WEBCARE_MASTODON_TOKEN"}, settings: {server: "%[1]s/mastodon"}}
  - {name: bluesky, secrets: {password: "env:WEBCARE_BLUESKY_PASSWORD"}, settings: {handle: voorbeeld.nl, server: "%[1]s/bluesky"}}
  - {name: feed, settings: {feeds: "%[1]s/feed/rss", names: Voorbeeld, every: 10s}}
and, for serve, in the environment:
  WEBCARE_ALLOW_LOOPBACK=true WEBCARE_MASTODON_TOKEN=%[2]s WEBCARE_BLUESKY_PASSWORD=%[3]s
Write as a customer: curl -d '{"text":"Waar blijft mijn pakket?"}' %[1]s/write/mastodon
Stop with Ctrl-C.
`, base, fakeToken, fakePassword)
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func written(p fakes.Platform) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Text    string `json:"text"`
			Author  string `json:"author"`
			Handle  string `json:"handle"`
			ReplyTo string `json:"reply_to"`
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, inbox.MaxText)).Decode(&in); err != nil || in.Text == "" {
			http.Error(w, `a post is {"text":"..."}, with "author", "handle" and "reply_to" if you like`, http.StatusBadRequest)
			return
		}
		if in.Handle == "" {
			in.Author, in.Handle = "Sanne", "sanne"
		}
		id := p.Write(fakes.Post{Text: in.Text, Author: in.Author, Handle: in.Handle, ReplyTo: in.ReplyTo, At: time.Now(), Mention: true, Lang: "nl"})
		fmt.Fprintln(w, id)
	}
}
