package channeltest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/webcare"
)

// killed is a store in which every call may be the last one of a process.
type killed struct {
	webcare.Records
	die func()
}

func (k killed) Put(ctx context.Context, r webcare.Record, now time.Time) error {
	k.die()
	if err := ctx.Err(); err != nil {
		return err
	}
	err := k.Records.Put(ctx, r, now)
	k.die()
	return err
}

// TestKilled: a poller killed at random, before, between and after its saves
// and its takes, and started again, over 5,000 posts that come in meanwhile:
// every post is taken exactly once.
func TestKilled(t *testing.T) {
	each(t, func(s subject) bool {
		return polled(s) && !s.hook && (s.channel == "mastodon" || s.channel == "bluesky" || s.channel == "email" || s.channel == "google")
	}, func(t *testing.T, w *world) {
		const total = 5000
		rng := rand.New(rand.NewPCG(5, 5000))
		ctx, cancel := context.WithCancel(t.Context())
		kills := 0
		die := func() {
			if rng.IntN(60) == 0 && ctx.Err() == nil {
				kills++
				cancel()
			}
		}
		w.write(fakes.Post{Text: complaint, Mention: true, Handle: "eerste"})
		w.poll() // polling has begun
		w.poller.Records = killed{w.store.Records, die}
		deliver := w.poller.Intake.Deliver
		w.poller.Intake.Deliver = func(ctx context.Context, it channel.Item) error {
			die()
			if err := ctx.Err(); err != nil {
				return err
			}
			err := deliver(ctx, it)
			die()
			return err
		}
		for n := 1; ; {
			for range min(rng.IntN(90), total-n) {
				w.write(fakes.Post{Text: fmt.Sprintf("Klacht %d over mijn levering", n), Mention: true, Handle: fmt.Sprintf("klant%d", n)})
				n++
			}
			if ctx.Err() != nil {
				ctx, cancel = context.WithCancel(t.Context())
			}
			w.clock.add(channel.DefaultEvery + time.Minute)
			w.poller.Round(ctx, channel.Line{Brand: w.brand, Channel: w.s.channel, Source: w.s.source()})
			if n == total && ctx.Err() == nil {
				break
			}
		}
		cancel()
		for id, n := range w.counted() {
			if n != 1 {
				t.Errorf("%s stands %d times", id, n)
			}
		}
		if n := len(w.counted()); n != total {
			t.Errorf("%d posts, want %d", n, total)
		}
		t.Logf("%d posts, %d kills", total, kills)
	})
}

// TestSickAlone: one channel that hangs, and one that panics, slow no other.
func TestSickAlone(t *testing.T) {
	w := newWorld(t, onMastodon)
	id := w.write(fakes.Post{Text: complaint, Mention: true})
	w.poller.Lines = []channel.Line{{Brand: w.brand, Channel: "hangt", Source: sick(func(ctx context.Context) { <-ctx.Done() })},
		{Brand: w.brand, Channel: "breekt", Source: sick(func(context.Context) { panic("index out of range") })},
		{Brand: w.brand, Channel: "mastodon", Source: w.s.source()}}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	began := time.Now()
	done := make(chan struct{})
	go func() { defer close(done); w.poller.Run(ctx) }()
	for w.caseOf(id) == nil && time.Since(began) < 2*time.Second {
		time.Sleep(5 * time.Millisecond)
	}
	if w.caseOf(id) == nil {
		t.Error("the healthy channel waited for the sick ones")
	}
	cancel()
	<-done
	h, err := channel.HealthOf(t.Context(), w.store.Records, w.brand, "breekt", w.clock.Now())
	if err != nil || h.State != channel.StateFailing || h.Todo == "" {
		t.Errorf("%+v, %v", h, err)
	}
}

type sick func(context.Context)

func (s sick) Poll(ctx context.Context, _ string) (channel.Batch, error) {
	s(ctx)
	return channel.Batch{}, ctx.Err()
}

// TestHookOrder: deliveries of Meta in any order and repeatedly: each comment
// once, the newest edit last, a deleted one never.
func TestHookOrder(t *testing.T) {
	for seed := range uint64(40) {
		w := newWorld(t, onFacebook)
		src := w.s.source().(told)
		a := w.write(fakes.Post{Text: complaint, Handle: "anna", Author: "Anna"})
		b := w.write(fakes.Post{Text: complaint, Handle: "bob", Author: "Bob"})
		w.clock.add(time.Minute)
		w.s.platform.Edit(a, "eerste versie", w.clock.Now())
		w.write(fakes.Post{Text: "Kijken we naar! ^Bram", Ours: true, ReplyTo: a})
		ds := src.from.Deliveries()
		w.clock.add(time.Minute)
		w.s.platform.Edit(a, "tweede versie", w.clock.Now())
		ds = append(ds, src.from.Deliveries()...)
		w.s.platform.Delete(b, w.clock.Now())
		ds = append(ds, src.from.Deliveries()...)
		ds = append(ds, ds...)
		rng := rand.New(rand.NewPCG(seed, 1))
		rng.Shuffle(len(ds), func(i, j int) { ds[i], ds[j] = ds[j], ds[i] })
		for _, d := range ds {
			w.deliverHook(src.hook, d)
		}
		if err := w.poller.Intake.Again(t.Context(), w.brand, "facebook"); err != nil {
			t.Fatal(err)
		}
		for id, n := range w.counted() {
			if n != 1 {
				t.Errorf("seed %d: %s stands %d times", seed, id, n)
			}
		}
		c := w.caseOf(a)
		if m, _ := c.LatestInbound(); m.Text != "tweede versie" {
			t.Errorf("seed %d: reads %q", seed, m.Text)
		}
		if c := w.caseOf(b); c != nil {
			if _, there := c.LatestInbound(); there {
				t.Errorf("seed %d: the deleted comment stands", seed)
			}
		}
	}
}

func (w *world) deliverHook(h channel.Hook, d fakes.Delivery) {
	w.t.Helper()
	items, err := h.Decode(d.Header, d.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, it := range items {
		if _, err := w.poller.Intake.Take(w.t.Context(), it); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestHookSigned: what is not signed over its raw bytes is nobody's.
func TestHookSigned(t *testing.T) {
	w := newWorld(t, onFacebook)
	w.write(fakes.Post{Text: "Al drie wéken wacht ik 🙃.", Handle: "anna"})
	src := w.s.source().(told)
	d := src.from.Deliveries()[0]
	if items, err := src.hook.Decode(d.Header, d.Body); err != nil || len(items) != 1 || items[0].Message.Text != "Al drie wéken wacht ik 🙃." {
		t.Errorf("%+v, %v", items, err)
	}
	for name, change := range map[string]func() (http.Header, []byte){
		"another body": func() (http.Header, []byte) { return d.Header, append([]byte(" "), d.Body...) },
		"no signature": func() (http.Header, []byte) { return http.Header{}, d.Body },
		"half a one": func() (http.Header, []byte) {
			return http.Header{"X-Hub-Signature-256": {d.Header.Get("X-Hub-Signature-256")[:40]}}, d.Body
		},
		"the old one": func() (http.Header, []byte) {
			return http.Header{"X-Hub-Signature": d.Header["X-Hub-Signature-256"]}, d.Body
		},
	} {
		if items, err := src.hook.Decode(change()); err == nil {
			t.Errorf("%s: taken, %d items", name, len(items))
		}
	}
	for query, want := range map[string]string{"hub.mode=subscribe&hub.verify_token=kies-zelf&hub.challenge=1158201444": "1158201444",
		"hub.mode=subscribe&hub.verify_token=anders&hub.challenge=1158201444": "", "hub.challenge=1": ""} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/hooks/meta?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := src.hook.Greet(r); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", query, got, err)
		}
	}
}
