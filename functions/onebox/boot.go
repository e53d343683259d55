package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"net/http"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/connect"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/pipeline"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// program is the responder, wired.
type program struct {
	cfg     config
	log     *slog.Logger
	store   *sqlite.Store
	pipe    *pipeline.Pipeline
	brands  *brand.Set
	console *console.Server
	feed    *console.Feed // tells open pages what changes
	signIn  *console.OIDC // nil without accounts

	channels *connect.Set // the public channels
}

// boot opens the data folder and wires everything; nothing runs yet.
func boot(ctx context.Context, a *app, dir string) (_ *program, err error) {
	p := &program{cfg: a.config, log: slog.New(slog.NewJSONHandler(a.err, nil))}
	if p.brands, err = a.brands(); err != nil {
		return nil, err
	}
	secrets, err := hookSecrets(a.HookSecrets)
	if err != nil {
		return nil, err
	}
	if p.store, err = sqlite.Open(ctx, dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.store.Close())
		}
	}()
	// The folder is locked, so whoever held a lease is gone.
	if err := p.store.ReleaseLeases(ctx); err != nil {
		return nil, err
	}
	if err := p.connectChannels(ctx); err != nil {
		return nil, err
	}
	publishers, err := p.publishers(filepath.Join(dir, "outbox"))
	if err != nil {
		return nil, err
	}
	p.feed = console.NewFeed()
	wiring := pipeline.Config{Store: webcare.Store{Ports: p.feed.Watch(p.store.Ports())}, Brands: p.brands, Publishers: publishers, Sign: a.Agent,
		Undo: a.Undo, Now: time.Now, Random: rand.Reader, Jitter: mrand.Float64, Log: p.log,
		Link: p.link(a.Listen), Egress: webhook.Egress{AllowLoopback: a.AllowLoopback}}
	if err := p.engines(&wiring); err != nil {
		return nil, err
	}
	p.pipe = pipeline.New(wiring)
	if p.signIn, err = p.accounts(); err != nil {
		return nil, err
	}
	p.console, err = console.New(console.Config{Store: p.pipe.Store(), Brands: p.brands, Desk: p.pipe.Desk, Receiver: p.pipe.Receiver,
		Identify: p.identify(p.signIn), OIDC: p.signIn, Feed: p.feed, HookSecrets: secrets, Courier: p.pipe.Courier, DeskLinks: p.pipe.Links, Ready: p.store.Ready, Metrics: p.metrics(), Channels: p.consoleChannels(), Version: version,
		Now: time.Now, Log: p.log})
	return p, err
}

// link is the console's address as webhooks name it.
func (p *program) link(addr string) string {
	if p.cfg.URL != "" {
		return p.cfg.URL
	}
	return "http://" + addr
}

// engines chooses who triages and drafts: the offline engines, and with a
// language model configured that model before them.
func (p *program) engines(w *pipeline.Config) (err error) {
	model, err := p.cfg.LLM.Client(p.cfg.LLM.Key, llm.Outside{Records: w.Store.Records, Now: time.Now, Jitter: mrand.Float64, Log: p.log})
	if err != nil {
		return fmt.Errorf("WEBCARE_LLM_...: %w", err)
	}
	w.Drafter, w.Resolve = draft.With(model, w.Store, p.brands), draft.Resolver(draft.PlaybookOf(p.brands))
	w.Learn = draft.Approved{Store: w.Store, Brands: p.brands}.Index
	if model != nil {
		w.Workers = modelWorkers
	}
	w.Triager, err = triage.With(model, p.brands)
	return err
}

// modelWorkers is how many cases are worked on at once where each waits for a
// language model most of the time.
const modelWorkers = 8

func hookSecrets(texts []string) ([]webhook.Secret, error) {
	var out []webhook.Secret
	for i, t := range texts {
		s, err := webhook.ParseSecret(t)
		if err != nil {
			return nil, fmt.Errorf("WEBCARE_HOOK_SECRETS, number %d: %w", i+1, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func (p *program) metrics() http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(channelMetrics{p.channelHealth}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

// publishers says who posts on which channel: mail and connected channels by
// themselves, the others by hand.
func (p *program) publishers(outbox string) (func(brandID, channel string) (webcare.Publisher, bool), error) {
	byBrand := map[string]webcare.Publisher{}
	for _, id := range p.brands.IDs() {
		b, err := p.brands.Get(id)
		if err != nil {
			return nil, err
		}
		c := mail.Config{From: mailFrom(b, p.cfg), Name: b.Name, Secret: []byte(p.cfg.MailSecret), Now: time.Now, File: p.attachment}
		if byBrand[id], err = p.mailer(c, outbox); err != nil {
			return nil, err
		}
	}
	return func(brandID, channel string) (webcare.Publisher, bool) {
		if channel != mail.Channel {
			return p.channels.Publisher(brandID, channel)
		}
		pub, ok := byBrand[brandID]
		return pub, ok
	}, nil
}

// attachment reads the bytes of a file that a reply sends along.
func (p *program) attachment(a webcare.Attachment) ([]byte, error) {
	return p.store.Ports().Blobs.Get(context.Background(), a.Blob)
}

func (p *program) mailer(c mail.Config, outbox string) (webcare.Publisher, error) {
	if p.cfg.SMTPURL == "" {
		return mail.NewOutbox(outbox, c)
	}
	pub, err := mail.NewSMTP(p.cfg.SMTPURL, c)
	if err != nil {
		return nil, fmt.Errorf("WEBCARE_SMTP_URL: %w", err)
	}
	return pub, nil
}

// mailFrom is the address a brand's replies come from.
func mailFrom(b *brand.Brand, cfg config) string {
	if cfg.MailFrom != "" {
		return cfg.MailFrom
	}
	ch, _ := b.Channel(mail.Channel)
	return ch.Settings["from"]
}
