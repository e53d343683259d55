package connect

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/bluesky"
	"webcare.example/responder/internal/channel/feed"
	"webcare.example/responder/internal/channel/google"
	"webcare.example/responder/internal/channel/mastodon"
	"webcare.example/responder/internal/channel/meta"
	"webcare.example/responder/internal/channel/trustpilot"
	"webcare.example/responder/internal/webcare"
)

// opening is the work of one Open.
type opening struct {
	env   Env
	set   *Set
	api   *http.Client // follows no redirect: it carries tokens
	pages *http.Client
	apps  []*meta.Hook
	units anyOf // of Trustpilot
}

// one is one channel being opened.
type one struct {
	*opening
	b *brand.Brand
	c brand.Channel

	lacks []string // what it takes to connect it
}

// kinds are all that can be connected.
var kinds = map[string]func(*one) error{
	"mastodon":  (*one).mastodon,
	"bluesky":   (*one).bluesky,
	"facebook":  (*one).meta,
	"instagram": (*one).meta,
	"feed":      (*one).feed,

	"trustpilot": (*one).trustpilot,
	"google":     (*one).google,

	"email": (*one).mail,
	"mail":  (*one).mail,
}

// elsewhere are kinds that other parts of the program connect.
var elsewhere = []string{"inbox"}

func (o *opening) open(b *brand.Brand, c brand.Channel) error {
	connect, known := kinds[c.Kind]
	k := key{b.ID, c.Name}
	o.set.names[k] = names(b, c)
	if slices.Contains(elsewhere, c.Kind) {
		return nil
	}
	x := &one{opening: o, b: b, c: c}
	if known {
		if err := connect(x); err != nil {
			return fmt.Errorf("brand %s, channel %s: %w", b.ID, c.Name, err)
		}
		if len(x.lacks) == 0 {
			return nil
		}
		wrong := "not connected: replies are posted by hand"
		if c.Kind == "email" || c.Kind == "mail" {
			wrong = "the mailbox is not polled"
		}
		o.set.left = append(o.set.left, channel.Health{Brand: b.ID, Channel: c.Name, State: channel.StateNotConnected, Error: wrong, Todo: strings.Join(x.lacks, "; ")})
		return nil
	}
	o.set.left = append(o.set.left, channel.Health{Brand: b.ID, Channel: c.Name, State: channel.StateByHand})
	return nil
}

func names(b *brand.Brand, c brand.Channel) (out []string) {
	for _, n := range append([]string{b.Name, c.Settings["handle"]}, list(c.Settings["names"])...) {
		if n = strings.ToLower(strings.TrimPrefix(n, "@")); n != "" {
			out = append(out, n)
		}
	}
	return out
}

func list(s string) (out []string) {
	for _, w := range strings.Split(s, ",") {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// secret reads a secret of the channel; a missing one is noted.
func (x *one) secret(name string) string {
	ref := x.c.Secrets[name]
	if ref == "" {
		x.lacks = append(x.lacks, "say in the brand file where channels."+x.c.Name+".secrets."+name+" is")
		return ""
	}
	v, err := x.env.Secret(ref)
	if err != nil || v == "" {
		why := "set " + ref
		if err != nil && !errors.Is(err, webcare.ErrNotFound) {
			why += " (" + err.Error() + ")"
		}
		x.lacks = append(x.lacks, why)
	}
	return v
}

// setting reads a setting; a missing one is noted where it is needed.
func (x *one) setting(name, otherwise string, needed bool) string {
	v := strings.TrimSpace(x.c.Settings[name])
	if v == "" {
		v = otherwise
	}
	if v == "" && needed {
		x.lacks = append(x.lacks, "add channels."+x.c.Name+".settings."+name+" to the brand file")
	}
	return v
}

// server reads an address to call.
func (x *one) server(name, otherwise string) (string, error) {
	v := strings.TrimSuffix(x.setting(name, otherwise, true), "/")
	if v == "" {
		return "", nil
	}
	if err := x.env.Egress.CheckURL(v); err != nil {
		return "", fmt.Errorf("settings.%s: %w", name, err)
	}
	return v, nil
}

func (x *one) every(otherwise time.Duration) (time.Duration, error) {
	v := x.setting("every", "", false)
	if v == "" {
		return otherwise, nil
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 10*time.Second || d > 24*time.Hour {
		return 0, webcare.Invalidf("settings.every: %q is no time between 10s and 24h", v)
	}
	return d, nil
}

// line adds a source once all that it takes is there.
func (x *one) line(every time.Duration, s channel.Source, p webcare.Publisher) error {
	every, err := x.every(every)
	if err != nil || len(x.lacks) > 0 {
		return err
	}
	x.set.Lines = append(x.set.Lines, channel.Line{Brand: x.b.ID, Channel: x.c.Name, Source: s, Every: every})
	if p != nil {
		x.set.publishers[key{x.b.ID, x.c.Name}] = p
	}
	return nil
}

func (x *one) mastodon() error {
	server, err := x.server("server", "")
	cfg := mastodon.Config{Brand: x.b.ID, Channel: x.c.Name, Server: server, Token: x.secret("token"), Searches: list(x.setting("searches", "", false)), HTTP: x.api, Now: x.env.Now}
	for _, tag := range list(x.setting("hashtags", "", false)) {
		cfg.Hashtags = append(cfg.Hashtags, strings.TrimPrefix(tag, "#"))
	}
	if err != nil {
		return err
	}
	if v := x.setting("length", "", false); v != "" {
		if cfg.Length, err = strconv.Atoi(v); err != nil || cfg.Length < 50 || cfg.Length > 100_000 {
			return webcare.Invalidf("settings.length: %q is no number of characters", v)
		}
	}
	return x.line(channel.DefaultEvery, mastodon.NewSource(cfg), mastodon.NewPublisher(cfg))
}

func (x *one) bluesky() error {
	server, err := x.server("server", "https://bsky.social")
	cfg := bluesky.Config{Brand: x.b.ID, Channel: x.c.Name, Server: server, Handle: strings.TrimPrefix(x.setting("handle", "", true), "@"), Password: x.secret("password"),
		Searches: list(x.setting("searches", "", false)), Records: x.env.Records, HTTP: x.api, Now: x.env.Now}
	if err != nil {
		return err
	}
	return x.line(channel.DefaultEvery, bluesky.NewSource(cfg), bluesky.NewPublisher(cfg))
}

func (x *one) feed() error {
	feeds := strings.FieldsFunc(x.setting("feeds", "", true), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	for _, f := range feeds {
		if err := x.env.Egress.CheckURL(f); err != nil {
			return fmt.Errorf("settings.feeds: %w", err)
		}
	}
	called := list(x.setting("names", x.b.Name, false))
	return x.line(feed.Every, feed.NewSource(feed.Config{Brand: x.b.ID, Channel: x.c.Name, Feeds: feeds, Names: called, HTTP: x.pages, Now: x.env.Now}), nil)
}

func (x *one) meta() error {
	graph, err := x.server("graph", "https://graph.facebook.com")
	a := meta.Account{Brand: x.b.ID, Channel: x.c.Name, Instagram: x.c.Kind == "instagram", ID: x.setting("account_id", "", true)}
	cfg := meta.Config{Account: a, Token: x.secret("token"), AppSecret: x.secret("app_secret"), Graph: graph, HTTP: x.api, Now: x.env.Now}
	verify := x.secret("verify_token")
	if err != nil || len(x.lacks) > 0 {
		return err
	}
	k := key{x.b.ID, x.c.Name}
	x.set.publishers[k] = meta.NewPublisher(cfg)
	x.set.told = append(x.set.told, k)
	for _, app := range x.apps {
		if app.AppSecret == cfg.AppSecret {
			app.Accounts = append(app.Accounts, a)
			return nil
		}
	}
	x.apps = append(x.apps, &meta.Hook{AppSecret: cfg.AppSecret, VerifyToken: verify, Accounts: []meta.Account{a}})
	return nil
}

func (x *one) trustpilot() error {
	api, err := x.server("api", "https://api.trustpilot.com")
	cfg := trustpilot.Config{Brand: x.b.ID, Channel: x.c.Name, Unit: x.setting("business_unit", "", true), User: x.setting("business_user", "", true),
		Key: x.secret("key"), Secret: x.secret("secret"), HookSecret: x.secret("hook"), API: api, HTTP: x.api, Now: x.env.Now}
	if err != nil || len(x.lacks) > 0 {
		return err
	}
	k := key{x.b.ID, x.c.Name}
	x.set.publishers[k] = trustpilot.NewPublisher(cfg)
	x.set.told = append(x.set.told, k)
	x.units = append(x.units, trustpilot.NewHook(cfg))
	return nil
}

func (x *one) google() error {
	api, err := x.server("api", "https://mybusiness.googleapis.com")
	if err != nil {
		return err
	}
	tokens, err := x.server("tokens", "https://oauth2.googleapis.com")
	if err != nil {
		return err
	}
	cfg := google.Config{Brand: x.b.ID, Channel: x.c.Name, Location: strings.Trim(x.setting("location", "", true), "/"), ClientID: x.secret("client_id"),
		Secret: x.secret("client_secret"), Refresh: x.secret("refresh_token"), API: api, Tokens: tokens, HTTP: x.api, Now: x.env.Now}
	return x.line(google.Every, google.NewSource(cfg), google.NewPublisher(cfg))
}

// hooks puts the apps behind their address.
func (o *opening) hooks() {
	var all anyOf
	for _, app := range o.apps {
		all = append(all, app)
	}
	if len(all) > 0 {
		o.set.Hooks["meta"] = all
	}
	if len(o.units) > 0 {
		o.set.Hooks["trustpilot"] = o.units
	}
}
