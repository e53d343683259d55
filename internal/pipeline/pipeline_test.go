package pipeline_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/pipeline"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// engine triages and drafts without reading; it fails as often as it is told.
type engine struct {
	mu    sync.Mutex
	fails int
	err   error
}

func (e *engine) fail() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fails == 0 {
		return nil
	}
	e.fails--
	return e.err
}

func (e *engine) Triage(_ context.Context, in webcare.TriageInput) (webcare.Triage, error) {
	return webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: webcare.Normal, Engine: "test/1",
		Sentiment: webcare.Sentiment{Score: -0.5, Label: webcare.Negative},
		Frictions: []webcare.Friction{{Type: webcare.Late, Family: "time_place", Score: 1, Evidence: []webcare.Span{{Start: 0, End: 4, Text: in.Text[:4]}}}}}, e.fail()
}

func (e *engine) Draft(_ context.Context, r webcare.DraftRequest) (webcare.Draft, error) {
	return webcare.Draft{Text: fmt.Sprintf("Excuses, %s, dat je al drie weken wacht. Ik zoek het voor je uit. ^Iris", r.Case.Head.Author.Name), Language: "nl", Engine: "test/1", SignedBy: "Iris"}, nil
}

// channel takes every reply and keeps them.
type channel struct {
	mu    sync.Mutex
	taken []webcare.Outgoing
	err   error
}

func (c *channel) Class() webcare.PublishClass {
	return webcare.PublishClass{Timeout: 10 * time.Second}
}

func (c *channel) Publish(_ context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return webcare.Receipt{}, c.err
	}
	c.taken = append(c.taken, out)
	return webcare.Receipt{ExternalID: "reply-" + out.Key}, nil
}

func (c *channel) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.taken)
}

func (c *channel) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, errors.New("not asked")
}

// plant is a running pipeline inside a bubble of time.
type plant struct {
	*pipeline.Pipeline
	t   *testing.T
	mem *porttest.Memory
	eng *engine
	out *channel
}

// run runs f beside a pipeline, in a bubble where waiting costs no time.
func run(t *testing.T, f func(p *plant)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		brands, err := brand.NewSet(brand.Sample())
		if err != nil {
			t.Fatal(err)
		}
		p := &plant{t: t, mem: porttest.NewMemory(), eng: &engine{}, out: &channel{}}
		p.Pipeline = pipeline.New(pipeline.Config{Store: p.mem.Store(), Brands: brands, Triager: p.eng, Drafter: p.eng, Undo: 30 * time.Second, Sign: "Iris",
			Publishers: func(_, ch string) (webcare.Publisher, bool) { return p.out, ch == "mastodon" },
			Now:        time.Now, Random: rand.Reader, Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.Run(ctx)
		}()
		f(p)
		stop()
		<-done
	})
}

func (p *plant) receive(id, ch, author string) webcare.CaseID {
	p.t.Helper()
	r, err := p.Receiver.Receive(p.t.Context(), receive.Item{Message: webcare.Message{Key: webcare.Key{Channel: ch, ExternalID: id}, Brand: brand.Sample().ID,
		Author: webcare.Author{Name: author, Handle: "@" + author}, Text: "Ik wacht al drie weken op mijn laptop."}})
	if err != nil {
		p.t.Fatal(err)
	}
	return r.CaseID
}

func (p *plant) load(id webcare.CaseID) *webcare.Case {
	p.t.Helper()
	s := p.Store()
	c, err := s.Load(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

var lea = webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}

func (p *plant) approve(id webcare.CaseID) {
	p.t.Helper()
	h := p.load(id).Head
	d, _ := p.load(id).CurrentDraft()
	var rules []string
	for _, f := range d.Findings {
		rules = append(rules, f.Rule)
	}
	if _, err := p.Desk.Approve(p.t.Context(), id, lea, review.Approval{Version: h.Version, Hash: h.DraftHash, Overrides: rules}); err != nil {
		p.t.Fatalf("%v (%s)", err, h.Status)
	}
}

// TestThrough: messages in, drafts before people, replies out, all counted.
func TestThrough(t *testing.T) {
	run(t, func(p *plant) {
		var ids []webcare.CaseID
		for i := range 25 {
			ids = append(ids, p.receive(fmt.Sprint(i), "mastodon", fmt.Sprint("klant", i)))
		}
		time.Sleep(10 * time.Second)
		for _, id := range ids {
			if h := p.load(id).Head; h.Status != webcare.StatusInReview || h.DueAt.IsZero() || h.Frictions[0] != webcare.Late {
				p.t.Fatalf("%s: %s (%q)", id, h.Status, h.Attention)
			}
			p.approve(id)
		}
		time.Sleep(29 * time.Second)
		if n := p.out.count(); n != 0 {
			p.t.Fatalf("%d replies left inside the undo window", n)
		}
		if _, err := p.Desk.UndoApproval(p.t.Context(), ids[0], lea); err != nil {
			p.t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if n := p.out.count(); n != 24 {
			p.t.Fatalf("%d replies left, want 24", n)
		}
		for i, id := range ids {
			want := webcare.StatusAnswered
			if i == 0 {
				want = webcare.StatusInReview
			}
			if h := p.load(id).Head; h.Status != want {
				p.t.Fatalf("%s: %s (%q), want %s", id, h.Status, h.Attention, want)
			}
		}
		p.tallied(ids)
		for _, left := range p.mem.Tasks() { // answered cases close by themselves, later
			if left.Stage != webcare.StageFollowup || left.RunAt.Before(time.Now().Add(6*24*time.Hour)) {
				p.t.Fatalf("a task is left: %+v", left)
			}
		}
	})
}

// tallied compares the counters with all events counted again.
func (p *plant) tallied(ids []webcare.CaseID) {
	p.t.Helper()
	want := map[string]int64{}
	for _, id := range ids {
		for _, e := range p.load(id).Events {
			for _, d := range insight.Deltas(e) {
				want[d.Metric] += d.N
			}
		}
	}
	sums, err := p.Store().Tallies.Sum(p.t.Context(), brand.Sample().ID, "", time.Now().Add(-24*time.Hour), time.Now().Add(time.Hour))
	if err != nil {
		p.t.Fatal(err)
	}
	got := map[string]int64{}
	for _, s := range sums {
		got[s.Metric] += s.N
	}
	for m, n := range want {
		if got[m] != n {
			p.t.Errorf("%s is %d, events say %d", m, got[m], n)
		}
	}
	if want["friction/late"] != int64(len(ids)) || len(got) != len(want) {
		p.t.Errorf("%d late, %d counters for %d", want["friction/late"], len(got), len(want))
	}
}

// TestWritesAgain: posts close together make one draft; one after approval
// takes it back.
func TestWritesAgain(t *testing.T) {
	run(t, func(p *plant) {
		id := p.receive("1", "mastodon", "sanne")
		time.Sleep(time.Second)
		if again := p.receive("2", "mastodon", "sanne"); again != id {
			p.t.Fatal("two cases")
		}
		time.Sleep(10 * time.Second)
		c := p.load(id)
		if d, ok := c.CurrentDraft(); !ok || d.InboundSeq != c.Head.InboundSeq || c.Head.Status != webcare.StatusInReview {
			p.t.Fatalf("%s, draft for %d of %d", c.Head.Status, d.InboundSeq, c.Head.InboundSeq)
		}
		p.approve(id)
		time.Sleep(20 * time.Second)
		p.receive("3", "mastodon", "sanne") // no longer together: the case is approved
		edit := receive.Item{Message: webcare.Message{Key: webcare.Key{Channel: "mastodon", ExternalID: "2"}, Brand: brand.Sample().ID, Revision: 1,
			Author: webcare.Author{Name: "sanne", Handle: "@sanne"}, Text: "Laat maar, hij is er."}}
		if _, err := p.Receiver.Receive(p.t.Context(), edit); err != nil {
			p.t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if c = p.load(id); c.Head.Status != webcare.StatusInReview || p.out.count() != 0 || !strings.Contains(c.UnansweredText(), "Laat maar") {
			p.t.Fatalf("%s, %d replies", c.Head.Status, p.out.count())
		}
	})
}

// TestTrouble: engines that fail for a while are waited for; for good, a
// person is asked, and a replay goes on where it stopped.
func TestTrouble(t *testing.T) {
	t.Run("for a while", func(t *testing.T) {
		run(t, func(p *plant) {
			p.eng.fails, p.eng.err = 5, webcare.Unavailablef("the model is away")
			id := p.receive("1", "mastodon", "sanne")
			time.Sleep(5 * time.Minute)
			if h := p.load(id).Head; h.Status != webcare.StatusInReview {
				p.t.Fatalf("%s (%q)", h.Status, h.Attention)
			}
		})
	})
	t.Run("for good", func(t *testing.T) {
		run(t, func(p *plant) {
			p.eng.fails, p.eng.err = 8, errors.New("no such model")
			id := p.receive("1", "mastodon", "sanne")
			time.Sleep(time.Hour)
			if h := p.load(id).Head; h.Status != webcare.StatusAttention || !strings.Contains(h.Attention, "no such model") {
				p.t.Fatalf("%s (%q)", h.Status, h.Attention)
			}
			dead, _, err := p.Store().DeadLetters.Dead(p.t.Context(), "", 10)
			if err != nil || len(dead) != 1 {
				p.t.Fatal(dead, err)
			}
			if err := p.Store().DeadLetters.Replay(p.t.Context(), dead[0].ID, time.Now()); err != nil {
				p.t.Fatal(err)
			}
			time.Sleep(time.Minute)
			if h := p.load(id).Head; h.Status != webcare.StatusInReview || h.Attention != "" {
				p.t.Fatalf("after the replay: %s (%q)", h.Status, h.Attention)
			}
		})
	})
}

// TestByHand: a channel without a publisher is posted by people.
func TestByHand(t *testing.T) {
	run(t, func(p *plant) {
		id := p.receive("1", "facebook", "sanne")
		time.Sleep(10 * time.Second)
		p.approve(id)
		time.Sleep(time.Hour)
		c := p.load(id)
		if c.Head.Status != webcare.StatusApproved || !c.Head.Approval.Assisted {
			p.t.Fatalf("%s", c.Head.Status)
		}
		if _, err := p.Desk.Posted(p.t.Context(), id, lea, c.Head.Approval.Hash, "https://facebook.example/1"); err != nil {
			p.t.Fatal(err)
		}
		if h := p.load(id).Head; h.Status != webcare.StatusAnswered || p.out.count() != 0 {
			p.t.Fatalf("%s", h.Status)
		}
	})
}

// TestStop: a stop in the middle loses nothing; the next run goes on.
func TestStop(t *testing.T) {
	run(t, func(p *plant) {
		p.eng.fails, p.eng.err = 2, webcare.Unavailablef("away")
		id := p.receive("1", "mastodon", "sanne")
		ctx, stop := context.WithCancel(p.t.Context())
		stop()
		p.Run(ctx) // a second pipeline on the same store that ends at once
		time.Sleep(time.Minute)
		if h := p.load(id).Head; h.Status != webcare.StatusInReview {
			p.t.Fatalf("%s (%q)", h.Status, h.Attention)
		}
	})
}
