package sweep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// house is a store whose clock a test sets; on a Wednesday.
func house(t *testing.T) (*Rounds, *time.Time) {
	t.Helper()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	s := porttest.NewMemory().Store()
	return &Rounds{Wired: &run.Wired{Store: s, Log: slog.New(slog.DiscardHandler), Now: clock}, Brands: brands,
		Courier: &webhook.Courier{Store: s, Log: slog.New(slog.DiscardHandler), Subscriptions: &webhook.Subscriptions{Records: s.Records, Now: clock}}}, &now
}

func receive(t *testing.T, r *Rounds, n int, text string) webcare.CaseID {
	t.Helper()
	id := webcare.CaseID(fmt.Sprintf("case%03d", n))
	ch := webcare.Begin(webcare.NewCase(id, brand.Sample().ID, "forum"), r.Now(), webcare.Machine("test"))
	if err := ch.Receive(webcare.Message{ID: webcare.MessageID(id), Key: webcare.Key{Channel: "forum", ExternalID: string(id)}, Brand: brand.Sample().ID,
		Thread: string(id), Author: webcare.Author{Name: "Kim"}, Text: text, ReceivedAt: r.Now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Store.Commit(t.Context(), ch); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestOrphans: night after night a stretch of the bucket; in the end what no
// case refers to is gone, and nothing else.
func TestOrphans(t *testing.T) {
	r, now := house(t)
	long := strings.Repeat("Nog steeds niet bezorgd. ", 500)
	for i := range 10 {
		id := receive(t, r, i, long)
		for k := range 3 {
			if err := r.Store.Blobs.Put(t.Context(), webcare.BlobName(fmt.Sprintf("%s/orphan-%d", id, k)), []byte("lost")); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 20 {
		if err := r.orphans(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		*now = now.Add(24 * time.Hour)
	}
	left, _, err := r.Store.Blobs.List(t.Context(), "", "", 1000)
	if err != nil || len(left) != 10 {
		t.Fatalf("%d blobs are left: %v, %v", len(left), left, err)
	}
	for i := range 10 {
		c, err := r.Store.Load(t.Context(), webcare.CaseID(fmt.Sprintf("case%03d", i)))
		if err != nil || c.Messages[0].Value.Text != long {
			t.Fatalf("case %d lost its message: %v", i, err)
		}
	}
}

// postbox keeps mails.
type postbox struct{ taken []webcare.Outgoing }

func (p *postbox) Class() webcare.PublishClass { return webcare.PublishClass{Timeout: time.Second} }
func (p *postbox) Publish(_ context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	p.taken = append(p.taken, out)
	return webcare.Receipt{ExternalID: out.Key}, nil
}
func (p *postbox) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, nil
}

// count tallies a triage as the relay does.
func count(t *testing.T, r *Rounds, n int, at time.Time, f webcare.FrictionType) {
	t.Helper()
	e := webcare.Event{ID: fmt.Sprint("e/", n), CaseID: "c", At: at, Type: webcare.CaseTriaged, Brand: brand.Sample().ID, Channel: "forum",
		Data: map[string]string{"fresh": "true", "contact": at.Format(time.RFC3339)},
		New:  &webcare.Labels{Kind: webcare.KindComplaint, Language: "nl", Sentiment: webcare.Negative, Urgency: webcare.Normal, Frictions: []webcare.FrictionType{f}}}
	if err := r.Store.Tallies.Add(t.Context(), e.ID, insight.Deltas(e)); err != nil {
		t.Fatal(err)
	}
}

// TestHourly: a week's frictions are mailed to their owner once, however often
// the hour strikes.
func TestHourly(t *testing.T) {
	r, now := house(t)
	box := &postbox{}
	r.Mail = func(string) (webcare.Publisher, bool) { return box, true }
	for i := range 5 {
		count(t, r, i, now.AddDate(0, 0, -7), webcare.Late)
	}
	for range 3 {
		if err := r.Do(t.Context(), Hourly, nil); err != nil {
			t.Fatal(err)
		}
		*now = now.Add(time.Hour)
	}
	if len(box.taken) != 1 || !strings.Contains(box.taken[0].Draft.Text, "5 ") {
		t.Errorf("%d digests: %+v", len(box.taken), box.taken)
	}
}

// TestSpikes: far more of a friction than is usual is told once.
func TestSpikes(t *testing.T) {
	r, now := house(t)
	for i := range 60 {
		count(t, r, i, now.Add(-time.Duration(i%5+1)*time.Minute), webcare.Late)
	}
	for range 3 {
		if err := r.spikes(t.Context()); err != nil {
			t.Fatal(err)
		}
		*now = now.Add(time.Minute)
	}
	found, err := insight.Spikes(t.Context(), r.Store.Records, brand.Sample().ID, *now)
	if err != nil || len(found) != 1 || found[0].Friction != webcare.Late {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestUnknownRound(t *testing.T) {
	r, _ := house(t)
	if err := r.Do(t.Context(), "weekly", nil); !errors.Is(err, webcare.ErrInvalid) {
		t.Error(err)
	}
}
