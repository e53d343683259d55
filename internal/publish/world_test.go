package publish_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/publish"
	"webcare.example/responder/internal/webcare"
)

// world is one approved case, a platform that does as told, and a worker.
type world struct {
	t      *testing.T
	mem    *porttest.Memory
	store  webcare.Store
	now    time.Time
	p      *platform // nil for a channel without a publisher
	worker webcare.Worker
}

const caseID = webcare.CaseID("case1")

var lea = webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}

// platform answers with its script, the last line again and again.
type platform struct {
	class  webcare.PublishClass
	script []func(ctx context.Context, out webcare.Outgoing) (webcare.Receipt, error)
	find   func() (webcare.Receipt, bool, error)
	calls  []webcare.Outgoing
	finds  int
}

func (p *platform) Class() webcare.PublishClass { return p.class }

func (p *platform) Publish(ctx context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	p.calls = append(p.calls, out)
	return p.script[min(len(p.calls), len(p.script))-1](ctx, out)
}

func (p *platform) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	p.finds++
	return p.find()
}

func newWorld(t *testing.T, p *platform) *world {
	t.Helper()
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	mem := porttest.NewMemory()
	w := &world{t: t, mem: mem, store: mem.Store(), now: porttest.Start, p: p}
	clock := func() time.Time { return w.now }
	stage := &publish.Stage{Store: w.store, Brands: brands, Now: clock, Jitter: func() float64 { return 0.5 },
		Publishers: func(_, _ string) (webcare.Publisher, bool) { return w.p, w.p != nil }}
	w.worker = webcare.Worker{Store: w.store, Now: clock, Jitter: stage.Jitter,
		Handlers: map[webcare.Stage]webcare.Handler{webcare.StagePublish: stage.Handle}}
	w.receive("1", "Mijn pakket is er nog steeds niet")
	return w
}

func (w *world) load() *webcare.Case {
	w.t.Helper()
	c, err := w.store.Load(w.t.Context(), caseID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) step(by webcare.Actor, do func(*webcare.Change) error) {
	w.t.Helper()
	ch := webcare.Begin(w.load(), w.now, by)
	if err := do(ch); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.store.Commit(w.t.Context(), ch); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) receive(id, text string) {
	w.t.Helper()
	c := webcare.NewCase(caseID, brand.Sample().ID, "mastodon")
	if id != "1" {
		c = w.load()
	}
	ch := webcare.Begin(c, w.now, webcare.Machine("receive"))
	err := ch.Receive(webcare.Message{Key: webcare.Key{Channel: "mastodon", ExternalID: id}, Brand: c.Head.Brand,
		Author: webcare.Author{Name: "Sanne", Handle: "@sanne"}, Text: text, Visibility: webcare.Public, PostedAt: w.now, ReceivedAt: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.store.Commit(w.t.Context(), ch); err != nil {
		w.t.Fatal(err)
	}
}

// approve takes the case from received to approved with the given reply.
func (w *world) approve(text string) {
	w.t.Helper()
	w.step(webcare.Machine("triage"), func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: webcare.Normal}, ch.Head().InboundSeq, w.now.Add(time.Hour))
	})
	w.step(webcare.Machine("draft"), func(ch *webcare.Change) error {
		return ch.RecordDraft(webcare.Draft{Text: text, Language: "nl", Visibility: webcare.Public, SignedBy: "Lea", InboundSeq: ch.Head().InboundSeq,
			Promises: []webcare.Promised{{What: "je pakket opzoeken", Owner: "Lea", Due: w.now.Add(48 * time.Hour)}}})
	})
	w.step(lea, func(ch *webcare.Change) error {
		h := ch.Head()
		return ch.Approve(webcare.Consent{Version: h.Version, Hash: h.DraftHash, Undo: 30 * time.Second})
	})
}

const reply = "Excuses, Sanne, dat je pakket er nog niet is. Ik zoek het op. ^Lea"

// drain does publish tasks, each when it is due, until none is left.
func (w *world) drain() {
	w.t.Helper()
	for range 100 {
		next, found := time.Time{}, false
		for _, task := range w.mem.Tasks() {
			due := task.RunAt
			if task.LeasedUntil.After(due) {
				due = task.LeasedUntil
			}
			if task.Stage == webcare.StagePublish && !task.Dead && (!found || due.Before(next)) {
				next, found = due, true
			}
		}
		if !found {
			return
		}
		if next.After(w.now) {
			w.now = next
		}
		w.deliver()
	}
	w.t.Fatal("the publish tasks do not end")
}

// deliver does one publish task that is due now, if there is one.
func (w *world) deliver() {
	w.t.Helper()
	tasks, err := w.store.Tasks.Lease(w.t.Context(), webcare.StagePublish, 1, w.now, w.now.Add(publish.Lease))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, task := range tasks {
		if err := w.worker.Do(w.t.Context(), task); err != nil {
			w.t.Log(err) // what follows stands in the store
		}
	}
}

func (w *world) outcomes() string {
	s := ""
	for _, p := range w.load().Publications {
		s += fmt.Sprintf("%s ", p.Value.Outcome)
	}
	return s
}

func (w *world) hasTask(st webcare.Stage) bool {
	for _, task := range w.mem.Tasks() {
		if task.Stage == st && !task.Dead {
			return true
		}
	}
	return false
}
