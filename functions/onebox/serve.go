package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// stopTerm is how long a stop waits for requests under way.
const stopTerm = 10 * time.Second

// run serves until ctx ends, then stops in order: no new input, requests under
// way, workers, store.
func (p *program) run(ctx context.Context, ready func(addr string)) (err error) {
	defer func() { err = errors.Join(err, p.store.Close()) }()
	ln, err := p.listen(ctx, p.cfg.Listen)
	if err != nil {
		return err
	}
	hosts := hostNames(ln.Addr().String())
	if p.signIn != nil {
		hosts = append(hosts, p.signIn.Host())
	}
	p.pipe.Courier.Link = p.link(ln.Addr().String())
	p.console.SetHosts(hosts)
	srv := &http.Server{Handler: p.console, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelWarn)}
	srv.RegisterOnShutdown(p.feed.Close)
	intake, err := p.smtp()
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { p.pipe.Run(work) })
	wg.Go(func() { p.poller().Run(ctx) })
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
	if ip := net.ParseIP(host); p.signIn == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, webcare.Invalidf("--listen %s: only loopback addresses are served without accounts (127.0.0.1, ::1, localhost): set WEBCARE_OIDC_ISSUER and the rest of WEBCARE_OIDC_...", addr)
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
	a.apart = true
	if len(a.Brand) == 0 {
		if err := a.stage(ctx); err != nil {
			return err
		}
		defer a.played.close()
	}
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
		if a.played != nil {
			fmt.Fprintln(a.out, "Mastodon, Bluesky, Facebook and Instagram are played on this machine: what you approve is posted there.")
			wg.Go(func() { a.played.call(ctx, a, addr) })
		}
		wg.Go(func() {
			if err := p.samples(ctx); err != nil && ctx.Err() == nil {
				p.log.Error("sample complaints", "err", err)
			}
		})
	})
}
