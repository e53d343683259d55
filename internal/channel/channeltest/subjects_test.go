package channeltest

import (
	"context"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/bluesky"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/channel/feed"
	"webcare.example/responder/internal/channel/google"
	"webcare.example/responder/internal/channel/imap"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/channel/mastodon"
	"webcare.example/responder/internal/channel/meta"
	"webcare.example/responder/internal/channel/trustpilot"
	"webcare.example/responder/internal/webcare"
)

// subjects are all channels.
var subjects = map[string]func(*testing.T, *world) subject{
	"mastodon":   onMastodon,
	"bluesky":    onBluesky,
	"facebook":   onFacebook,
	"instagram":  onInstagram,
	"rss":        onFeed("/rss"),
	"atom":       onFeed("/atom"),
	"jsonfeed":   onFeed("/json"),
	"trustpilot": onTrustpilot,
	"google":     onGoogle,
	"mailbox":    onMailbox,
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

// told is a source that hands on what the platform tells a hook.
type told struct {
	hook channel.Hook
	from fakes.Deliverer
}

func (s told) Poll(context.Context, string) (b channel.Batch, err error) {
	for _, d := range s.from.Deliveries() {
		items, err := s.hook.Decode(d.Header, d.Body)
		if err != nil {
			return b, err
		}
		b.Items = append(b.Items, items...)
	}
	return b, nil
}

func onFacebook(t *testing.T, w *world) subject  { return onMeta(t, w, false) }
func onInstagram(t *testing.T, w *world) subject { return onMeta(t, w, true) }

func onMeta(t *testing.T, w *world, instagram bool) subject {
	a := meta.Account{Brand: w.brand, Channel: "facebook", Instagram: instagram, ID: "10203040"}
	long := strings.Repeat("Excuses dat je pakket er niet is. ", 300)
	if instagram {
		a.Channel, a.ID = "instagram", "17841400"
	}
	p := fakes.NewMeta("EAAB-page-token-77", "app-secret-5f2e", a.ID, instagram, w.clock.Now)
	base, client := serve(t, p)
	hook := &meta.Hook{AppSecret: p.AppSecret, VerifyToken: "kies-zelf", Accounts: []meta.Account{a}}
	return subject{channel: a.Channel, platform: p, source: func() channel.Source { return told{hook, p} }, hook: true, quiet: instagram,
		publisher: meta.NewPublisher(meta.Config{Account: a, Token: p.Token, AppSecret: p.AppSecret, Graph: base, HTTP: client, Now: w.clock.Now}),
		secrets:   []string{p.Token, p.AppSecret}, long: long}
}

func onFeed(path string) func(*testing.T, *world) subject {
	return func(t *testing.T, w *world) subject {
		p := fakes.NewFeed("Voorbeeld")
		base, client := serve(t, p)
		p.Base = base
		cfg := feed.Config{Brand: w.brand, Channel: "feed", Feeds: []string{base + path}, Names: []string{"Voorbeeld"}, HTTP: client, Now: w.clock.Now}
		return subject{channel: "feed", platform: p, source: func() channel.Source { return feed.NewSource(cfg) }, noAside: true, noOurs: true, noDeletions: true}
	}
}

func onTrustpilot(t *testing.T, w *world) subject {
	p := fakes.NewTrustpilot("tp-key-aaaa", "tp-secret-bbbb", "hook-password-1", "unit1", w.clock.Now)
	base, client := serve(t, p)
	cfg := trustpilot.Config{Brand: w.brand, Channel: "trustpilot", Unit: "unit1", User: "user1", Key: p.Key, Secret: p.Secret, HookSecret: p.HookSecret, API: base, HTTP: client, Now: w.clock.Now}
	return subject{channel: "trustpilot", platform: p, source: func() channel.Source { return told{trustpilot.NewHook(cfg), p} }, hook: true, noAside: true, noOurs: true,
		publisher: trustpilot.NewPublisher(cfg), secrets: []string{p.Key, p.Secret, p.HookSecret, "tp-token"}, long: strings.Repeat("Excuses dat je pakket er niet is. ", 200)}
}

func onGoogle(t *testing.T, w *world) subject {
	p := fakes.NewGoogle("client-1", "google-secret-11", "refresh-token-22", "accounts/1/locations/2", w.clock.Now)
	base, client := serve(t, p)
	cfg := google.Config{Brand: w.brand, Channel: "google", Location: p.Location, ClientID: p.ClientID, Secret: p.Secret, Refresh: p.Refresh, API: base, Tokens: base, HTTP: client, Now: w.clock.Now}
	return subject{channel: "google", platform: p, source: func() channel.Source { return google.NewSource(cfg) }, noAside: true, publisher: google.NewPublisher(cfg),
		secrets: []string{p.Secret, p.Refresh, "google-token"}, long: strings.Repeat("Excuses dat je pakket er niet is. ", 130)}
}

func onMailbox(t *testing.T, w *world) subject {
	p := fakes.NewMailbox("klantenservice@voorbeeld.nl", "imap-password-33")
	cfg := imap.Config{Server: imap.Server{Addr: listen(t, p), User: p.User, Password: p.Password}, Mailbox: fakes.Box, Since: 24 * time.Hour, Now: w.clock.Now,
		Read: mail.Options{Brand: w.brand, Own: []string{p.User}}}
	return subject{channel: mail.Channel, platform: p, source: func() channel.Source { return imap.NewSource(cfg) }, secrets: []string{p.Password},
		noAside: true, noOurs: true, quiet: true, unlimited: true}
}

// TestHeld: Google holds a reply, and rejects it later: the case comes before
// a person.
func TestHeld(t *testing.T) {
	w := newWorld(t, onGoogle)
	p := w.s.platform.(*fakes.Google)
	p.Held = true
	id, cid := w.opened(1)
	w.approve(cid, reply)
	w.drain()
	c := w.load(cid)
	if got := c.Publications[len(c.Publications)-1].Value.Outcome; got != webcare.OutcomePending || c.Head.Status != webcare.StatusAnswered {
		t.Fatalf("%s, %s", got, c.Head.Status)
	}
	w.poll()
	p.Reject(id)
	w.poll()
	w.poll()
	if c = w.load(cid); c.Head.Status != webcare.StatusAttention || len(w.cases()) != 1 {
		t.Errorf("%s, %d cases", c.Head.Status, len(w.cases()))
	}
}
