package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/channel/inbox"
	"webcare.example/responder/internal/webcare"
)

// fakeSecrets are the credentials of the fakes: they guard nothing.
var fakeSecrets = map[string]string{"WEBCARE_MASTODON_TOKEN": "fake-mastodon-token", "WEBCARE_BLUESKY_PASSWORD": "fake-bluesky-password",
	"WEBCARE_META_TOKEN": "fake-meta-token", "WEBCARE_META_SECRET": "fake-meta-secret", "WEBCARE_META_VERIFY": "fake-meta-verify",
	"WEBCARE_GOOGLE_CLIENT": "fake-google-client", "WEBCARE_GOOGLE_SECRET": "fake-google-secret", "WEBCARE_GOOGLE_REFRESH": "fake-google-refresh",
	"WEBCARE_TRUSTPILOT_KEY": "fake-trustpilot-key", "WEBCARE_TRUSTPILOT_SECRET": "fake-trustpilot-secret", "WEBCARE_TRUSTPILOT_HOOK": "fake-trustpilot-hook",
	"WEBCARE_IMAP_PASSWORD": "fake-imap-password"}

const (
	fakePage, fakeGram = "1020304050", "17841400"
	fakeLocation       = "accounts/1/locations/2"
	fakeMail           = "klantenservice@voorbeeld.nl"
)

// fakesCommand plays the platforms on loopback ports, for trying out the
// channels: each below a path of its own, a mailbox on a port of its own, and
// POST /write/NAME to write there as a customer.
func fakesCommand(ctx context.Context, a *app) error {
	ln, err := loopback(ctx, a.fakesListen)
	if err != nil {
		return err
	}
	post, err := loopback(ctx, a.fakesIMAP)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	base, box := "http://"+ln.Addr().String(), fakes.NewMailbox(fakeMail, fakeSecrets["WEBCARE_IMAP_PASSWORD"])
	platforms := played(base, box)
	channels := fakeChannels(base, post.Addr().String())
	if a.fakesBrand != "" {
		if err := os.WriteFile(a.fakesBrand, fakeBrand(channels), 0o600); err != nil {
			return err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	for name, p := range platforms {
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, p))
		mux.HandleFunc("POST /write/"+name, written(p))
		mux.HandleFunc("GET /answers/"+name, answers(p))
	}
	a.fakesWelcome(base, channels)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	var wg sync.WaitGroup
	wg.Go(func() { _ = box.Serve(post) }) // it ends as its listener does
	if a.fakesHooks != "" {
		wg.Go(func() { a.deliverHooks(ctx, platforms) })
	}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	err = srv.Serve(ln)
	_ = post.Close()
	wg.Wait()
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// loopback opens a port on this machine, and on no other address.
func loopback(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, webcare.Invalidf("%q is no loopback address such as 127.0.0.1:8090: the fakes guard nothing", addr)
	}
	return (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
}

// played are the platforms by name.
func played(base string, box *fakes.Mailbox) map[string]fakes.Platform {
	s := fakeSecrets
	news := fakes.NewFeed("Voorbeeld")
	news.Base = base + "/feed"
	return map[string]fakes.Platform{"feed": news, "email": box,
		"mastodon":   fakes.NewMastodon(s["WEBCARE_MASTODON_TOKEN"], "voorbeeld", time.Now),
		"bluesky":    fakes.NewBluesky("voorbeeld.nl", s["WEBCARE_BLUESKY_PASSWORD"], time.Now),
		"facebook":   fakes.NewMeta(s["WEBCARE_META_TOKEN"], s["WEBCARE_META_SECRET"], fakePage, false, time.Now),
		"instagram":  fakes.NewMeta(s["WEBCARE_META_TOKEN"], s["WEBCARE_META_SECRET"], fakeGram, true, time.Now),
		"google":     fakes.NewGoogle(s["WEBCARE_GOOGLE_CLIENT"], s["WEBCARE_GOOGLE_SECRET"], s["WEBCARE_GOOGLE_REFRESH"], fakeLocation, time.Now),
		"trustpilot": fakes.NewTrustpilot(s["WEBCARE_TRUSTPILOT_KEY"], s["WEBCARE_TRUSTPILOT_SECRET"], s["WEBCARE_TRUSTPILOT_HOOK"], "unit1", time.Now)}
}

// fakeChannels is the part of a brand file that connects the fakes.
func fakeChannels(base, post string) string {
	meta := `secrets: {token: "env:WEBCARE_META_TOKEN", app_secret: "env:WEBCARE_META_SECRET", verify_token: "env:WEBCARE_META_VERIFY"}`
	return strings.NewReplacer("BASE", base, "POSTBOX", post, "META", meta, "PAGE", fakePage, "GRAM", fakeGram, "LOCATION", fakeLocation, "FROM", fakeMail).Replace(`channels:
  - {name: mastodon, secrets: {token: "env:WEBCARE_MASTODON_TOKEN"}, settings: {server: "BASE/mastodon", every: 10s}}
  - {name: bluesky, secrets: {password: "env:WEBCARE_BLUESKY_PASSWORD"}, settings: {handle: voorbeeld.nl, server: "BASE/bluesky", every: 10s}}
  - {name: facebook, META, settings: {account_id: "PAGE", graph: "BASE/facebook"}}
  - {name: instagram, META, settings: {account_id: "GRAM", graph: "BASE/instagram"}}
  - {name: google, secrets: {client_id: "env:WEBCARE_GOOGLE_CLIENT", client_secret: "env:WEBCARE_GOOGLE_SECRET", refresh_token: "env:WEBCARE_GOOGLE_REFRESH"}, settings: {location: "LOCATION", api: "BASE/google", tokens: "BASE/google", every: 10s}}
  - {name: trustpilot, secrets: {key: "env:WEBCARE_TRUSTPILOT_KEY", secret: "env:WEBCARE_TRUSTPILOT_SECRET", hook: "env:WEBCARE_TRUSTPILOT_HOOK"}, settings: {business_unit: unit1, business_user: user1, api: "BASE/trustpilot"}}
  - {name: feed, settings: {feeds: "BASE/feed/rss", names: Voorbeeld, every: 10s}}
  - {name: email, secrets: {imap: "env:WEBCARE_IMAP_PASSWORD"}, settings: {from: FROM, imap: "imap://POSTBOX", every: 10s}}
`)
}

// fakeBrand is the sample brand on the fakes.
func fakeBrand(channels string) []byte {
	section := regexp.MustCompile(`(?ms)^channels:\n.*?\n\n`)
	return section.ReplaceAllLiteral(brand.SampleFile(), []byte(channels+"\n"))
}

func (a *app) fakesWelcome(base, channels string) {
	fmt.Fprintf(a.out, "Platforms, played on %s. In a brand file (--brand-file writes one):\n%s\nand, for serve, in the environment:\n  WEBCARE_ALLOW_LOOPBACK=true", base, channels)
	for _, name := range slices.Sorted(maps.Keys(fakeSecrets)) {
		fmt.Fprintf(a.out, " %s=%s", name, fakeSecrets[name])
	}
	fmt.Fprintf(a.out, "\nWrite as a customer: curl -d '{\"text\":\"Waar blijft mijn pakket?\"}' %[1]s/write/mastodon\nWhat was answered:   curl '%[1]s/answers/mastodon?id=ID'\nStop with Ctrl-C.\n", base)
}

// deliverHooks calls the responder for the platforms that do; what it does not
// take is repeated, as platforms do.
func (a *app) deliverHooks(ctx context.Context, platforms map[string]fakes.Platform) {
	log := slog.New(slog.NewTextHandler(a.err, nil))
	addresses := map[string]string{"facebook": "/hooks/meta", "instagram": "/hooks/meta", "trustpilot": "/hooks/trustpilot"}
	waiting := map[string][]fakes.Delivery{}
	for tick := time.NewTicker(500 * time.Millisecond); ctx.Err() == nil; {
		for name, path := range addresses {
			if platforms[name] == nil {
				continue
			}
			waiting[name] = append(waiting[name], platforms[name].(fakes.Deliverer).Deliveries()...)
			for len(waiting[name]) > 0 {
				if err := deliverHook(ctx, strings.TrimSuffix(a.fakesHooks, "/")+path, waiting[name][0]); err != nil {
					log.Warn("a delivery that was not taken", "platform", name, "err", err)
					break
				}
				waiting[name] = waiting[name][1:]
			}
		}
		select {
		case <-ctx.Done():
			tick.Stop()
		case <-tick.C:
		}
	}
}

func deliverHook(ctx context.Context, address string, d fakes.Delivery) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(d.Body))
	if err != nil {
		return err
	}
	req.Header = d.Header.Clone()
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
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
			Stars   int    `json:"stars"`
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, inbox.MaxText)).Decode(&in); err != nil || in.Text == "" {
			http.Error(w, `a post is {"text":"..."}, with "author", "handle", "reply_to" and "stars" if you like`, http.StatusBadRequest)
			return
		}
		if in.Handle == "" {
			in.Author, in.Handle = "Sanne", "sanne"
		}
		id := p.Write(fakes.Post{Text: in.Text, Author: in.Author, Handle: in.Handle, ReplyTo: in.ReplyTo, Stars: max(1, in.Stars), At: time.Now(), Mention: true, Lang: "nl"})
		fmt.Fprintln(w, id)
	}
}

// answers are what the responder posted to a post.
func answers(p fakes.Platform) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(append([]string{}, p.Answers(r.URL.Query().Get("id"))...)) // a client that hung up needs no answer
	}
}

// theatre is the platforms of a demonstration, played in this process.
type theatre struct {
	platforms map[string]fakes.Platform
	srv       *http.Server
	ln        net.Listener
}

// stage opens the theatre, with the samples written.
func (a *app) stage(ctx context.Context) (err error) {
	if a.played, a.demoBrand, err = openTheatre(ctx); err != nil {
		return err
	}
	all, err := readSamples()
	if err == nil {
		err = a.played.begin(all, time.Now())
	}
	if err != nil {
		a.played.close()
	}
	return err
}

// openTheatre plays the platforms that the samples are written on, and connects
// the sample brand to them. Other channels are answered by hand, as without.
func openTheatre(ctx context.Context) (*theatre, *brand.Brand, error) {
	ln, err := loopback(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	base := "http://" + ln.Addr().String()
	all := played(base, fakes.NewMailbox(fakeMail, ""))
	t := &theatre{platforms: map[string]fakes.Platform{}, ln: ln}
	loaded, err := brand.Load(bytes.NewReader(fakeBrand(fakeChannels(base, ""))), "demo.yaml")
	if err != nil {
		return nil, nil, errors.Join(err, ln.Close())
	}
	b, mux := *brand.Sample(), http.NewServeMux()
	b.Channels = slices.Clone(b.Channels)
	for i, c := range b.Channels {
		if !slices.Contains([]string{"mastodon", "bluesky", "facebook", "instagram"}, c.Name) {
			continue
		}
		on, _ := loaded.Channel(c.Name)
		b.Channels[i].Settings, b.Channels[i].Secrets = on.Settings, on.Secrets
		t.platforms[c.Name] = all[c.Name]
		mux.Handle("/"+c.Name+"/", http.StripPrefix("/"+c.Name, all[c.Name]))
	}
	t.srv = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = t.srv.Serve(ln) }() // until close
	return t, &b, nil
}

func (t *theatre) close() { _ = t.srv.Close() }

// has reports whether a channel is played.
func (t *theatre) has(channel string) bool { return t != nil && t.platforms[channel] != nil }

// begin has the samples' customers write where there is a platform for them.
func (t *theatre) begin(all []sample, now time.Time) error {
	for _, s := range all {
		ago, err := time.ParseDuration(s.Ago)
		if err != nil {
			return err
		}
		handle := strings.TrimPrefix(s.Handle, "@")
		if handle == "" {
			handle = strings.ToLower(strings.ReplaceAll(s.Name, " ", "."))
		}
		if t.has(s.Channel) {
			t.platforms[s.Channel].Write(fakes.Post{Text: s.Text, Author: s.Name, Handle: handle, At: now.Add(-ago), Mention: true, Stars: s.Stars})
		}
	}
	return nil
}

// call has the platforms that call the responder do so, until ctx ends.
func (t *theatre) call(ctx context.Context, a *app, addr string) {
	a.fakesHooks = "http://" + addr
	a.deliverHooks(ctx, t.platforms)
}
