package main

import (
	"context"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/connect"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// connectChannels makes the public channels that the brand files name.
func (p *program) connectChannels(ctx context.Context) (err error) {
	secret := secretOf
	if p.cfg.apart {
		secret = func(ref string) (string, error) {
			if v, ok := fakeSecrets[strings.TrimPrefix(ref, "env:")]; ok && p.cfg.demoBrand != nil {
				return v, nil
			}
			return "", webcare.NotFoundf("%s in a demonstration", ref)
		}
	}
	p.channels, err = connect.Open(p.brands, connect.Env{Records: p.store.Ports().Records, Secret: secret,
		Egress: webhook.Egress{AllowLoopback: p.cfg.AllowLoopback || p.cfg.demoBrand != nil}, Mail: p.mailOptions, Now: time.Now})
	if err != nil {
		return err
	}
	return p.channels.Tell(ctx, p.store.Ports().Records, time.Now())
}

// mailOptions is how the mail of a brand is read, whatever way it comes in.
func (p *program) mailOptions(b *brand.Brand) mail.Options {
	return mail.Options{Brand: b.ID, Own: []string{mailFrom(b, p.cfg)}, Secret: []byte(p.cfg.MailSecret), AuthServer: p.cfg.MailAuthServer}
}

// secretOf reads a secret that a brand file names: on one machine from the
// environment.
func secretOf(ref string) (string, error) {
	name, ok := strings.CutPrefix(ref, "env:")
	if !ok {
		return "", fmt.Errorf("%s can only be read on AWS: name a variable (env:NAME)", ref)
	}
	v, ok := os.LookupEnv(name)
	if !ok {
		return "", webcare.NotFoundf("variable %s", name)
	}
	return v, nil
}

// poller asks the channels that are asked.
func (p *program) poller() *channel.Poller {
	return &channel.Poller{Records: p.store.Ports().Records, Intake: p.intake(), Lines: p.channels.Lines, Now: time.Now, Jitter: mrand.Float64, Log: p.log}
}

// intake takes what channels bring into the pipeline.
func (p *program) intake() *channel.Intake {
	return &channel.Intake{Store: p.pipe.Store(), Names: p.channels.Names, Now: time.Now, Log: p.log, Deliver: func(ctx context.Context, it channel.Item) error {
		_, err := p.pipe.Receiver.Receive(ctx, receive.Item{Message: it.Message, Raw: it.Raw, Files: it.Files, Parents: it.Parents, Claims: it.Claims})
		return err
	}}
}

// consoleChannels is what the console knows of the channels.
func (p *program) consoleChannels() console.Channels {
	return console.Channels{Health: p.channelHealth, Publisher: p.channels.Publisher,
		Platforms: &hook.Platforms{Hooks: p.channels.Hooks, Intake: p.intake(), Now: time.Now, Log: p.log}}
}

func (p *program) channelHealth(ctx context.Context) ([]channel.Health, error) {
	return p.channels.Health(ctx, p.store.Ports().Records, time.Now())
}

// channelMetrics are the channels' health as Prometheus reads it.
type channelMetrics struct {
	health func(context.Context) ([]channel.Health, error)
}

var (
	channelLabels = []string{"brand", "channel"}
	channelUp     = prometheus.NewDesc("webcare_channel_up", "1 where a channel works, 0 where it fails.", channelLabels, nil)
	channelLag    = prometheus.NewDesc("webcare_channel_lag_seconds", "From writing to taking, of the latest post.", channelLabels, nil)
	channelLast   = prometheus.NewDesc("webcare_channel_last_success_timestamp_seconds", "When the channel was read last.", channelLabels, nil)
	channelFails  = prometheus.NewDesc("webcare_channel_failures", "Failures in a row.", channelLabels, nil)
	channelTaken  = prometheus.NewDesc("webcare_channel_posts_total", "Posts taken.", channelLabels, nil)
)

func (m channelMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{channelUp, channelLag, channelLast, channelFails, channelTaken} {
		to <- d
	}
}

func (m channelMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	all, err := m.health(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(channelUp, err)
		return
	}
	for _, h := range all {
		if h.State == channel.StateByHand || h.State == channel.StateNotConnected {
			continue
		}
		gauge := func(d *prometheus.Desc, v float64) {
			to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, h.Brand, h.Channel)
		}
		up := 1.0
		if h.State == channel.StateFailing {
			up = 0
		}
		gauge(channelUp, up)
		gauge(channelLag, h.LagSeconds)
		gauge(channelFails, float64(h.Failures))
		if !h.LastSuccess.IsZero() {
			gauge(channelLast, float64(h.LastSuccess.Unix()))
		}
		to <- prometheus.MustNewConstMetric(channelTaken, prometheus.CounterValue, float64(h.Taken), h.Brand, h.Channel)
	}
}
