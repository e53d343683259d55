package pipeline_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/pipeline"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// TestRetentionRuns: the running pipeline erases ended cases once their brand's
// term is over, with what webhooks kept of them, and no others: not those that
// are open, that ended later, or that a lead holds.
func TestRetentionRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := *brand.Sample()
		b.RetentionDays = 1
		brands, err := brand.NewSet(&b)
		if err != nil {
			t.Fatal(err)
		}
		p := &plant{t: t, mem: porttest.NewMemory(), eng: &engine{}, out: &channel{}}
		p.Pipeline = pipeline.New(pipeline.Config{Store: p.mem.Store(), Brands: brands, Triager: p.eng, Drafter: p.eng, Undo: 30 * time.Second, Sign: "Iris",
			Publishers: func(_, ch string) (webcare.Publisher, bool) { return p.out, ch == "mastodon" }, Poll: time.Hour, // a bell rings for what is due at once
			Now: time.Now, Random: rand.Reader, Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler)})
		if _, err := p.Courier.Subscriptions.Create(t.Context(), webhook.Subscription{Name: "CRM", URL: "https://crm.example.com/"}, "lea", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Courier.Subscriptions.Pause(t.Context(), onlyWebhook(t, p), "lea"); err != nil { // what it should get is kept for it
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); p.Run(ctx) }()
		ended := p.receive("1", "mastodon", "ans")
		held := p.receive("2", "mastodon", "bea")
		open := p.receive("3", "mastodon", "cis")
		later := p.receive("4", "mastodon", "dee")
		end := func(id webcare.CaseID) {
			t.Helper()
			if _, err := p.Desk.Ignore(t.Context(), id, lea, 0, "dubbel"); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Hour)
		end(ended)
		end(held)
		if _, err := p.Desk.Hold(t.Context(), held, lea, true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(18 * time.Hour)
		end(later)
		for _, tc := range []struct {
			after  time.Duration // from when the first ended
			erased []webcare.CaseID
		}{{23 * time.Hour, nil}, {31 * time.Hour, []webcare.CaseID{ended}}, {50 * time.Hour, []webcare.CaseID{ended, later}}, {400 * time.Hour, []webcare.CaseID{ended, later}}} {
			time.Sleep(time.Until(p.load(open).Head.ReceivedAt.Add(2*time.Hour + tc.after)))
			synctest.Wait()
			gone := map[webcare.CaseID]bool{}
			for _, id := range tc.erased {
				gone[id] = true
			}
			for _, id := range []webcare.CaseID{ended, held, open, later} {
				c := p.load(id)
				if erased := !c.Head.ErasedAt.IsZero(); erased != gone[id] || erased != (c.Messages[0].Value.Text == "") {
					t.Errorf("after %s: case of %q erased %v, want %v", tc.after, c.Head.Author.Name, erased, gone[id])
				}
				if kept := deliveriesOf(t, p, id); (kept == 0) != gone[id] {
					t.Errorf("after %s: %d deliveries of a case, erased %v", tc.after, kept, gone[id])
				}
			}
		}
		stop()
		<-done
	})
}

func onlyWebhook(t *testing.T, p *plant) string {
	t.Helper()
	subs, err := p.Courier.Subscriptions.List(t.Context())
	if err != nil || len(subs) != 1 {
		t.Fatalf("%d webhooks: %v", len(subs), err)
	}
	return subs[0].ID
}

func deliveriesOf(t *testing.T, p *plant, id webcare.CaseID) int {
	t.Helper()
	ds, _, err := p.Courier.Deliveries(t.Context(), onlyWebhook(t, p), webhook.Range{Case: id}, "", 50)
	if err != nil {
		t.Fatal(err)
	}
	return len(ds)
}
