package main

import (
	"context"
	"crypto/rand"
	mrand "math/rand/v2"
	"time"

	"webcare.example/responder/internal/aws/channels"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/receive"
)

// poller returns what asks every channel that is due, side by side.
func poller(w *run.Wired) func(context.Context, *channels.Opened) {
	r := &receive.Receiver{Store: w.Store, Now: w.Now, Random: rand.Reader}
	in := &channel.Intake{Store: w.Store, Now: w.Now, Log: w.Log, Deliver: func(ctx context.Context, it channel.Item) error {
		_, err := r.Receive(ctx, receive.Item{Message: it.Message, Raw: it.Raw, Files: it.Files, Parents: it.Parents, Claims: it.Claims})
		return err
	}}
	p := &channel.Poller{Records: w.Store.Records, Intake: in, Now: w.Now, Jitter: mrand.Float64, Log: w.Log}
	told := false
	return func(ctx context.Context, opened *channels.Opened) {
		set, anew := opened.Set()
		if !told || anew { // the console asks the store which channels there are
			err := set.Tell(ctx, w.Store.Records, w.Now())
			if told = err == nil; err != nil {
				w.Log.ErrorContext(ctx, "recording the channels", "err", err)
			}
		}
		in.Names, p.Lines = set.Names, set.Lines
		p.Due(ctx)
		measure(context.WithoutCancel(ctx), w, set.Lines)
	}
}

// measure tells CloudWatch how each channel is.
func measure(ctx context.Context, w *run.Wired, lines []channel.Line) {
	for _, l := range lines {
		h, err := channel.HealthOf(ctx, w.Store.Records, l.Brand, l.Channel, w.Now())
		if err != nil {
			w.Log.WarnContext(ctx, "a channel's health", "brand", l.Brand, "channel", l.Channel, "err", err)
			continue
		}
		w.Measure(map[string]string{"brand": l.Brand, "channel": l.Channel}, run.Count("ChannelFailures", float64(h.Failures)),
			run.Millis("ChannelLag", time.Duration(h.LagSeconds*float64(time.Second))))
	}
}
