package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
)

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
	m := mail.Parse(raw, mail.Options{Brand: b.ID, Own: own, Secret: []byte(cfg.MailSecret), AuthServer: cfg.MailAuthServer, Now: time.Now()})
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
