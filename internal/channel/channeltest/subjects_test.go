package channeltest

import (
	"strings"
	"testing"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/bluesky"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/channel/mastodon"
)

// subjects are all channels.
var subjects = map[string]func(*testing.T, *world) subject{
	"mastodon": onMastodon,
	"bluesky":  onBluesky,
}

func each(t *testing.T, want func(subject) bool, f func(*testing.T, *world)) {
	for name, open := range subjects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, open)
			if want(w.s) {
				f(t, w)
			}
		})
	}
}

func onMastodon(t *testing.T, w *world) subject {
	p := fakes.NewMastodon("tok-9c1d77e2", "voorbeeld", w.clock.Now)
	base, client := serve(t, p)
	cfg := mastodon.Config{Brand: w.brand, Channel: "mastodon", Server: base, Token: p.Token, HTTP: client, Now: w.clock.Now}
	return subject{channel: "mastodon", platform: p, source: func() channel.Source { return mastodon.NewSource(cfg) }, publisher: mastodon.NewPublisher(cfg),
		secrets: []string{p.Token}, long: strings.Repeat("Excuses dat je pakket er niet is. ", 15)}
}

func onBluesky(t *testing.T, w *world) subject {
	p := fakes.NewBluesky("voorbeeld.nl", "abcd-efgh-ijkl-mnop", w.clock.Now)
	base, client := serve(t, p)
	cfg := bluesky.Config{Brand: w.brand, Channel: "bluesky", Server: base, Handle: p.Handle, Password: p.Password, Records: w.store.Records, HTTP: client, Now: w.clock.Now}
	return subject{channel: "bluesky", platform: p, source: func() channel.Source { return bluesky.NewSource(cfg) }, publisher: bluesky.NewPublisher(cfg),
		secrets: []string{p.Password, "secretsecret"}, long: strings.Repeat("Excuses dat je pakket er niet is. ", 10)}
}
