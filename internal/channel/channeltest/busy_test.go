package channeltest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/bluesky"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/channel/google"
	"webcare.example/responder/internal/channel/imap"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/channel/mastodon"
	"webcare.example/responder/internal/channel/meta"
	"webcare.example/responder/internal/channel/trustpilot"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/pipeline"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
)

// busyDay is how many mentions a busy day has.
const busyDay = 50_000

// BenchmarkBusyDay replays a busy day's mentions in bursts over all channels but
// feeds (which drop what they no longer show) through the fakes, as fast as they are taken: from the platform by the
// pollers and the hook to a draft before a person, on SQLite. It reports posts
// per second, the latency from writing to the draft, and the memory at the end
// over that at the start.
//
//	go test -run xxx -bench BusyDay -benchtime 1x ./internal/channel/channeltest
func BenchmarkBusyDay(b *testing.B) {
	for b.Loop() {
		busy(b, busyDay)
	}
}

// TestBusyHour is the same with a quiet hour's share.
func TestBusyHour(t *testing.T) { busy(t, 175) }

// everywhere are all platforms, and how each is asked or calls.
func everywhere(t testing.TB, id string, records webcare.Records) (platforms []fakes.Platform, lines []channel.Line) {
	add := func(name string, p fakes.Platform, source func(base string, http *http.Client) channel.Source) {
		base, client := serve(t, p)
		platforms = append(platforms, p)
		lines = append(lines, channel.Line{Brand: id, Channel: name, Every: time.Second, Source: source(base, client)})
	}
	m, bl := fakes.NewMastodon("tok-1", "voorbeeld", time.Now), fakes.NewBluesky("voorbeeld.nl", "pass-word", time.Now)
	add("mastodon", m, func(base string, http *http.Client) channel.Source {
		return mastodon.NewSource(mastodon.Config{Brand: id, Channel: "mastodon", Server: base, Token: "tok-1", HTTP: http, Now: time.Now})
	})
	add("bluesky", bl, func(base string, http *http.Client) channel.Source {
		return bluesky.NewSource(bluesky.Config{Brand: id, Channel: "bluesky", Server: base, Handle: "voorbeeld.nl", Password: "pass-word", Records: records, HTTP: http, Now: time.Now})
	})
	for _, a := range []meta.Account{{Brand: id, Channel: "facebook", ID: "1020"}, {Brand: id, Channel: "instagram", ID: "1784", Instagram: true}} {
		p := fakes.NewMeta("token-1", "app-secret", a.ID, a.Instagram, time.Now)
		add(a.Channel, p, func(string, *http.Client) channel.Source {
			return told{&meta.Hook{AppSecret: "app-secret", Accounts: []meta.Account{a}}, p}
		})
	}
	tp := fakes.NewTrustpilot("key", "secret", "hook-password", "unit1", time.Now)
	add("trustpilot", tp, func(string, *http.Client) channel.Source {
		return told{trustpilot.NewHook(trustpilot.Config{Brand: id, Channel: "trustpilot", Unit: "unit1", HookSecret: "hook-password"}), tp}
	})
	g := fakes.NewGoogle("client", "secret", "refresh", "accounts/1/locations/2", time.Now)
	add("google", g, func(base string, http *http.Client) channel.Source {
		return google.NewSource(google.Config{Brand: id, Channel: "google", Location: g.Location, ClientID: "client", Secret: "secret", Refresh: "refresh", API: base, Tokens: base, HTTP: http, Now: time.Now})
	})
	box := fakes.NewMailbox("klantenservice@voorbeeld.nl", "password")
	server := imap.Server{Addr: listen(t, box), User: box.User, Password: box.Password}
	add(mail.Channel, box, func(string, *http.Client) channel.Source {
		return imap.NewSource(imap.Config{Server: server, Mailbox: fakes.Box, Since: 24 * time.Hour, Now: time.Now, Read: mail.Options{Brand: id, Own: []string{box.User}}})
	})
	return platforms, lines
}

// times are when posts were written and when their drafts stood.
type times struct {
	mu      sync.Mutex
	written map[webcare.CaseID]time.Time
	done    map[webcare.CaseID]time.Time
}

// drafted watches saves for drafts.
type drafted struct {
	webcare.Cases
	t *times
}

func (d drafted) Save(ctx context.Context, s webcare.Save) error {
	err := d.Cases.Save(ctx, s)
	if err == nil {
		for _, e := range s.Events {
			if e.Type == webcare.DraftReady || e.Type == webcare.CaseAttention || e.Type == webcare.CaseIgnored {
				d.t.mu.Lock()
				d.t.done[s.Head.ID] = time.Now()
				d.t.mu.Unlock()
			}
		}
	}
	return err
}

func busy(t testing.TB, total int) {
	store, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := triage.New()
	if err != nil {
		t.Fatal(err)
	}
	id := brand.Sample().ID
	seen := &times{written: map[webcare.CaseID]time.Time{}, done: map[webcare.CaseID]time.Time{}}
	ports := store.Ports()
	ports.Cases = drafted{ports.Cases, seen}
	pipe := pipeline.New(pipeline.Config{Store: webcare.Store{Ports: ports}, Brands: brands, Triager: engine, Drafter: draft.PlaybookOf(brands),
		Publishers: func(_, _ string) (webcare.Publisher, bool) { return nil, false }, Resolve: draft.Resolver(draft.PlaybookOf(brands)),
		Sign: "Noor", Now: time.Now, Random: rand.Reader, Jitter: mrand.Float64, Log: slog.New(slog.DiscardHandler)})
	in := &channel.Intake{Store: pipe.Store(), Now: time.Now, Log: slog.New(slog.DiscardHandler), Deliver: func(ctx context.Context, it channel.Item) error {
		res, err := pipe.Receiver.Receive(ctx, receive.Item{Message: it.Message, Raw: it.Raw, Parents: it.Parents, Claims: it.Claims})
		seen.mu.Lock()
		defer seen.mu.Unlock()
		seen.written[res.CaseID] = it.Message.PostedAt
		return err
	}}
	platforms, lines := everywhere(t, id, ports.Records)
	poller := &channel.Poller{Records: ports.Records, Intake: in, Now: time.Now, Jitter: mrand.Float64, Log: slog.New(slog.DiscardHandler), Lines: lines}
	for i, p := range platforms { // polling begins before the day
		p.Write(fakes.Post{Text: complaint, Mention: true, Author: "Begin", Handle: fmt.Sprintf("begin%d", i), At: time.Now(), Lang: "nl", Stars: 1})
		poller.Round(t.Context(), poller.Lines[i])
	}
	total -= total % len(platforms)
	begun := len(platforms)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { pipe.Run(ctx) })
	wg.Go(func() { poller.Run(ctx) })
	for n := 0; n < total; { // bursts, no further ahead than a busy platform is
		for range min(1+mrand.IntN(400), total-n) {
			platforms[n%len(platforms)].Write(fakes.Post{Text: fmt.Sprintf("%s Dit is al de %de keer.", complaint, n%9+2), Mention: true, Author: "Klant", Handle: fmt.Sprintf("klant%d", n), At: time.Now(), Lang: "nl", Stars: n%3 + 1})
			n++
		}
		for seen.count() < n-1500 {
			time.Sleep(20 * time.Millisecond)
		}
	}
	for deadline := time.Now().Add(2 * time.Minute); seen.count() < total+begun && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	took := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	stop()
	wg.Wait()
	if n := seen.count(); n != total+begun {
		t.Errorf("%d drafts of %d posts", n, total+begun)
	}
	lags := make([]time.Duration, 0, total)
	for c, at := range seen.done {
		lags = append(lags, at.Sub(seen.written[c]))
	}
	slices.Sort(lags)
	at := func(q float64) time.Duration { return lags[int(q*float64(len(lags)-1))].Round(time.Millisecond) }
	t.Logf("%d posts in %s (%.0f a second); from post to draft: median %s, 95%% %s, worst %s; heap %d MB more",
		total, took.Round(time.Millisecond), float64(total)/took.Seconds(), at(.5), at(.95), at(1), (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20)
}

func (t *times) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.done)
}
