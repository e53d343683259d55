// Package insighttest holds the tallies of any adapter to the events they were
// counted from: random cases are triaged, corrected, tagged, answered and
// triaged again, their events are delivered again and again, the relay is
// killed between and within its batches, and in the end a recount must find
// every counter right. An adapter's test calls Recount in ten lines.
package insighttest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

// Start is when the random events begin.
var Start = time.Date(2026, 2, 25, 9, 0, 0, 0, time.UTC)

// perSave is how many events one save carries.
const perSave = 20

// Recount fills a store with n random events, relays them with trouble, and
// counts them again. kill, where not nil, drops the store as a kill would and
// returns what is left; it is called a few times.
func Recount(t *testing.T, ports webcare.Ports, n int, seed uint64, kill func() webcare.Ports) {
	t.Helper()
	ctx := t.Context()
	w := &world{rnd: rand.New(rand.NewPCG(seed, 1)), contacts: map[string]*webcare.Labels{}}
	made := w.fill(ctx, t, ports, n)
	if kill != nil {
		ports = kill()
	}
	w.relay(ctx, t, ports, func() webcare.Ports {
		if kill != nil {
			return kill()
		}
		return ports
	})
	if kill != nil {
		ports = kill()
	}
	got, err := insight.Recount(ctx, ports, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Wrong) > 0 || got.Events != made || got.Counters < 100 {
		t.Fatalf("%d events of %d, %d of %d counters are wrong: %+v", got.Events, made, len(got.Wrong), got.Counters, got.Wrong[:min(len(got.Wrong), 5)])
	}
	w.checkLabels(ctx, t, ports)
	t.Logf("%d events, %d counters", got.Events, got.Counters)
	breakAndRepair(ctx, t, ports)
}

// breakAndRepair: a counter that is off is found, and put right once.
func breakAndRepair(ctx context.Context, t *testing.T, ports webcare.Ports) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(ports.Tallies.Add(ctx, "nobody/1", []webcare.Delta{{Brand: "a", Metric: "friction/late", Hour: Start, N: 3}}))
	off, err := insight.Recount(ctx, ports, func(int) {})
	must(err)
	if len(off.Wrong) != 1 || off.Wrong[0].Stored-off.Wrong[0].Told != 3 {
		t.Fatalf("a counter that is off by 3: %+v", off.Wrong)
	}
	for range 2 {
		must(insight.Repair(ctx, ports.Tallies, "r1", off.Wrong))
	}
	if off, err = insight.Recount(ctx, ports, func(int) {}); err != nil || len(off.Wrong) != 0 {
		t.Fatalf("after the repair: %+v %v", off.Wrong, err)
	}
}

// world makes events as cases do.
type world struct {
	rnd      *rand.Rand
	contacts map[string]*webcare.Labels // what each contact of each case stands under now
	now      time.Time
}

// subject is one case in the making.
type subject struct {
	head    webcare.Head
	labels  *webcare.Labels
	contact string
	before  string
	praise  bool
	state   string // received, triaged, answered
	last    time.Time
}

var (
	brands    = []string{"a", "b"}
	channels  = []string{"x", "email", "forum"}
	languages = []string{"nl", "en", "de"}
	moods     = []webcare.SentimentLabel{webcare.Negative, webcare.Neutral, webcare.Positive, webcare.Mixed}
	tags      = []string{"kerst", "storing west", "a/b", "Überfall"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (w *world) fill(ctx context.Context, t *testing.T, ports webcare.Ports, n int) (made int) {
	t.Helper()
	w.now = Start
	var wg sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i := 0; made < n; i++ {
		w.now = w.now.Add(time.Duration(w.rnd.IntN(600)) * time.Second)
		c := subject{head: webcare.Head{ID: webcare.CaseID(fmt.Sprintf("case%07d", i)), Brand: pick(w.rnd, brands), Channel: pick(w.rnd, channels),
			NextSeq: 1, Status: webcare.StatusReceived, ReceivedAt: w.now}, last: w.now}
		save := webcare.Save{}
		for k := range min(perSave, n-made, 1+w.rnd.IntN(perSave)) {
			e := w.step(&c, k == 0)
			save.Events = append(save.Events, e)
			save.Children = append(save.Children, webcare.Child{Seq: e.Seq, Kind: webcare.ChildEvent, At: e.At, Body: encode(t, e)})
			made++
		}
		save.Head = c.head
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := ports.Cases.Save(ctx, save); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return made
}

// step is the next event of a case.
func (w *world) step(c *subject, first bool) webcare.Event {
	c.last = c.last.Add(time.Duration(1+w.rnd.IntN(50_000)) * time.Second)
	at := c.last
	e := webcare.Event{ID: fmt.Sprintf("%s/%d", c.head.ID, c.head.NextSeq), CaseID: c.head.ID, Seq: c.head.NextSeq, At: at, By: "x",
		Brand: c.head.Brand, Channel: c.head.Channel, Old: c.labels, New: c.labels, Data: map[string]string{}}
	c.head.NextSeq++
	if first {
		e.Type, c.state, c.contact = webcare.CaseReceived, "received", at.Format(time.RFC3339)
		return e
	}
	switch k := w.rnd.IntN(10); {
	case c.state == "received" || (c.state == "triaged" && k < 4):
		w.label(c, &e)
	case c.state == "triaged" && k < 8:
		w.answer(c, &e)
	case c.state == "answered" && k < 6:
		e.Type, c.state = webcare.MessageReceived, "received"
		c.before, c.contact = string(c.labels.Sentiment), at.Format(time.RFC3339)
	default:
		e.Type = pick(w.rnd, []webcare.EventType{webcare.PromiseMade, webcare.PromiseWasKept, webcare.PromiseWasBroken, webcare.WorkOrderCreated,
			webcare.WorkOrderClosed, webcare.CaseNoted, webcare.DraftRejected, webcare.CaseReopened, webcare.CaseAssigned})
		e.Data["desk"] = pick(w.rnd, []string{"", "finance", "visits"})
	}
	return e
}

// label triages a contact, again, or changes its labels by hand.
func (w *world) label(c *subject, e *webcare.Event) {
	e.Type = webcare.CaseTriaged
	e.Data["contact"] = c.contact
	if c.before != "" {
		e.Data["before"] = c.before
	}
	if c.state == "received" && w.contacts[string(c.head.ID)+c.contact] == nil {
		e.Data["fresh"] = "true"
	} else {
		e.Type = pick(w.rnd, []webcare.EventType{webcare.CaseTriaged, webcare.TriageCorrected, webcare.CaseTagged})
		if c.praise {
			e.Data["praise_before"] = "true"
		}
	}
	if c.praise = w.rnd.IntN(4) == 0; c.praise {
		e.Data["praise"] = "true"
	}
	l := &webcare.Labels{Kind: webcare.KindComplaint, Language: pick(w.rnd, languages), Sentiment: pick(w.rnd, moods), Urgency: webcare.Normal}
	all := webcare.FrictionTypes()
	w.rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	l.Frictions = all[:w.rnd.IntN(4)]
	for _, t := range tags {
		if w.rnd.IntN(5) == 0 {
			l.Tags = append(l.Tags, t)
		}
	}
	c.labels, e.New, c.state = l, l, "triaged"
	w.contacts[string(c.head.ID)+c.contact] = l
}

func (w *world) answer(c *subject, e *webcare.Event) {
	e.Type, c.state = pick(w.rnd, []webcare.EventType{webcare.ReplyPublished, webcare.ReplyPublished, webcare.ColleagueReplied}), "answered"
	e.Data = map[string]string{"contact": c.contact, "first": "true", "waited": fmt.Sprint(w.rnd.IntN(1_000_000)), "open": fmt.Sprint(w.rnd.IntN(300_000)),
		"on_time": fmt.Sprint(w.rnd.IntN(2) == 0), "draft": pick(w.rnd, []string{"unchanged", "edited", "written"}),
		"resolution": pick(w.rnd, []string{"", "refund_now", "visit"}), "cost_cents": fmt.Sprint(w.rnd.IntN(5000))}
}

// checkLabels compares the counters with what the contacts stand under now.
func (w *world) checkLabels(ctx context.Context, t *testing.T, ports webcare.Ports) {
	t.Helper()
	want, got := map[string]int64{}, map[string]int64{}
	for _, l := range w.contacts {
		want["contact"]++
		want["sentiment/"+string(l.Sentiment)]++
		for _, f := range l.Frictions {
			want["friction/"+string(f)]++
		}
	}
	for _, b := range brands {
		sums, err := ports.Tallies.Sum(ctx, b, "", Start.AddDate(0, -1, 0), w.now.AddDate(0, 2, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sums {
			got[s.Metric] += s.N
		}
	}
	for m, n := range want {
		if got[m] != n {
			t.Errorf("%s is %d, the contacts say %d", m, got[m], n)
		}
	}
}
