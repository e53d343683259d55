package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/pipeline"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// stopTerm is how long a stop waits for requests under way.
const stopTerm = 10 * time.Second

// program is the responder, wired.
type program struct {
	cfg     config
	log     *slog.Logger
	store   *sqlite.Store
	pipe    *pipeline.Pipeline
	brands  *brand.Set
	console *console.Server
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
	publishers, err := p.publishers(filepath.Join(dir, "outbox"))
	if err != nil {
		return nil, err
	}
	engine, err := triage.New()
	if err != nil {
		return nil, err
	}
	playbook := draft.Playbook{Brand: func(id string) (*brand.Brand, bool) {
		b, err := p.brands.Get(id)
		return b, err == nil
	}}
	p.pipe = pipeline.New(pipeline.Config{Store: webcare.Store{Ports: p.store.Ports()}, Brands: p.brands, Triager: engine, Drafter: playbook,
		Resolve: draft.Resolver(playbook), Publishers: publishers, Sign: a.Agent, Undo: a.Undo, Now: time.Now, Random: rand.Reader,
		Jitter: mrand.Float64, Log: p.log})
	p.console, err = console.New(console.Config{Store: p.pipe.Store(), Brands: p.brands, Desk: p.pipe.Desk, Receiver: p.pipe.Receiver,
		Identify: console.Local(a.Agent), HookSecrets: secrets, Ready: p.store.Ready, Metrics: metrics(), Version: version,
		Now: time.Now, Log: p.log})
	return p, err
}

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

func metrics() http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

// publishers says who posts on which channel: mail by itself, the others by hand.
func (p *program) publishers(outbox string) (func(brandID, channel string) (webcare.Publisher, bool), error) {
	byBrand := map[string]webcare.Publisher{}
	for _, id := range p.brands.IDs() {
		b, err := p.brands.Get(id)
		if err != nil {
			return nil, err
		}
		c := mail.Config{From: mailFrom(b, p.cfg), Name: b.Name, Secret: []byte(p.cfg.MailSecret), Now: time.Now}
		if byBrand[id], err = p.mailer(c, outbox); err != nil {
			return nil, err
		}
	}
	return func(brandID, channel string) (webcare.Publisher, bool) {
		pub, ok := byBrand[brandID]
		return pub, ok && channel == mail.Channel
	}, nil
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

// run serves until ctx ends, then stops in order: no new input, requests under
// way, workers, store.
func (p *program) run(ctx context.Context, ready func(addr string)) (err error) {
	defer func() { err = errors.Join(err, p.store.Close()) }()
	ln, err := p.listen(ctx, p.cfg.Listen)
	if err != nil {
		return err
	}
	p.console.SetHosts(hostNames(ln.Addr().String()))
	srv := &http.Server{Handler: p.console, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelWarn)}
	intake, err := p.smtp()
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { p.pipe.Run(work) })
	failed := make(chan error, 2)
	go func() { failed <- srv.Serve(ln) }()
	if intake != nil {
		go func() { failed <- intake.Serve() }()
	}
	ready(ln.Addr().String())
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTerm)
	defer cancel()
	if intake != nil {
		err = errors.Join(err, intake.Shutdown(stopping))
	}
	err = errors.Join(err, srv.Shutdown(stopping))
	stopWork()
	wg.Wait()
	return err
}

// listen opens the console's port. Without accounts it answers on loopback only.
func (p *program) listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, webcare.Invalidf("--listen %q: %v", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, webcare.Invalidf("--listen %s: only loopback addresses are served without accounts (127.0.0.1, ::1, localhost)", addr)
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, webcare.Unavailablef("--listen %s: %v: is another program there? choose another port", addr, err)
	}
	return ln, nil
}

// hostNames are the names by which a loopback address may be called.
func hostNames(addr string) []string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return []string{addr}
	}
	var out []string
	for _, h := range []string{"127.0.0.1", "localhost", "::1"} {
		out = append(out, net.JoinHostPort(h, port))
	}
	if port == "80" {
		out = append(out, "127.0.0.1", "localhost", "[::1]")
	}
	return append(out, addr)
}

// smtp opens the mail intake, nil for none.
func (p *program) smtp() (*mail.Server, error) {
	if p.cfg.SMTP == "" {
		return nil, nil
	}
	srv, err := mail.NewServer(mail.ServerConfig{Addr: p.cfg.SMTP, Accept: p.cfg.MailTo, Deliver: p.deliver, Log: p.log})
	if err != nil {
		return nil, fmt.Errorf("--smtp %s: %w", p.cfg.SMTP, err)
	}
	return srv, nil
}

// deliver stores one mail; the sender is told it was taken only after that.
func (p *program) deliver(ctx context.Context, _ string, rcpts []string, raw []byte) error {
	b, err := p.brands.Get("")
	if err != nil {
		return err
	}
	_, err = receiveMail(ctx, p.pipe.Receiver, b, p.cfg, rcpts, raw, false)
	return err
}

// receiveMail stores one mail. One whose Message-ID another mail already has
// is stored under an id of its own.
func receiveMail(ctx context.Context, r *receive.Receiver, b *brand.Brand, cfg config, to []string, raw []byte, history bool) (receive.Result, error) {
	own := []string{mailFrom(b, cfg)}
	for _, a := range to {
		if strings.Contains(strings.TrimPrefix(a, "@"), "@") {
			own = append(own, a)
		}
	}
	m := mail.Parse(raw, mail.Options{Brand: b.ID, Own: own, Secret: []byte(cfg.MailSecret), Now: time.Now()})
	store := func(m mail.Parsed) (receive.Result, error) {
		m.Message.Imported = history
		return r.Receive(ctx, receive.Item{Message: m.Message, Raw: raw, Files: m.Files, Parents: m.Parents, Claims: m.Claims})
	}
	res, err := store(m)
	if errors.Is(err, webcare.ErrConflict) {
		return store(m.Renamed())
	}
	return res, err
}

func serve(ctx context.Context, a *app) error {
	p, err := boot(ctx, a, a.Data)
	if err != nil {
		return err
	}
	return p.run(ctx, func(addr string) { a.welcome(addr, a.Data) })
}

func (a *app) welcome(addr, dir string) {
	fmt.Fprintf(a.out, "Webcare responder %s\n  console and API  http://%s/\n", version, addr)
	if a.SMTP != "" {
		fmt.Fprintf(a.out, "  mail intake      smtp://%s\n", a.SMTP)
	}
	fmt.Fprintf(a.out, "  data             %s\nStop with Ctrl-C.\n", dir)
}

// demo serves a throw-away folder with sample complaints already running
// through the pipeline.
func demo(ctx context.Context, a *app) error {
	dir, err := os.MkdirTemp("", "webcare-demo-")
	if err != nil {
		return err
	}
	defer func() {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintln(a.err, "onebox:", err)
		}
	}()
	p, err := boot(ctx, a, dir)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return p.run(ctx, func(addr string) {
		a.welcome(addr, dir+" (removed at the end)")
		wg.Go(func() {
			if err := p.samples(ctx); err != nil && ctx.Err() == nil {
				p.log.Error("sample complaints", "err", err)
			}
		})
	})
}
