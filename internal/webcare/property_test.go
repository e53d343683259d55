package webcare_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"webcare.example/responder/internal/webcare"
)

// TestRandomWalks lets everybody do anything at any time and holds, after
// every step, what the package promises.
func TestRandomWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		acts := w.acts()
		acts[""] = func(t *rapid.T) { w.t = t; w.check() }
		t.Repeat(acts)
	})
}

var people = rapid.SampledFrom([]webcare.Actor{
	{ID: "nobody", Name: "Nul", Person: true},
	{ID: "iris", Name: "Iris", Authority: webcare.Agent, Person: true},
	{ID: "sem", Name: "Sem", Authority: webcare.Senior, Person: true},
	{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true},
	{ID: "token/7", Name: "Robot", Authority: webcare.Lead},
	{ID: strings.Repeat("auth0|", 40), Name: strings.Repeat("<Lange naam>", 30), Authority: webcare.Lead, Person: true},
})

func (w *world) acts() map[string]func(*rapid.T) {
	acts := map[string]func(*rapid.T){}
	for name, act := range w.others() {
		acts[name] = func(t *rapid.T) { w.t = t; act() }
	}
	for _, st := range []webcare.Stage{webcare.StageTriage, webcare.StageDraft, webcare.StagePublish, webcare.StageFollowup} {
		acts["deliver "+string(st)] = func(t *rapid.T) { w.t = t; w.deliver(st) }
	}
	for i := range 12 { // work comes more often than trouble
		acts[fmt.Sprint("work goes on ", i)] = func(t *rapid.T) { w.t = t; w.goOn() }
	}
	acts["time passes"] = func(t *rapid.T) {
		w.now = w.now.Add(rapid.SampledFrom([]time.Duration{time.Second, 31 * time.Second, 4 * time.Minute, time.Hour, 50 * time.Hour}).Draw(t, "by"))
	}
	acts["a dead letter is replayed"] = func(t *rapid.T) {
		for _, task := range w.mem.Tasks() {
			if task.Dead {
				if err := w.store.DeadLetters.Replay(w.ctx(), task.ID, w.now); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return acts
}

// goOn does what comes next in a case without trouble.
func (w *world) goOn() {
	switch h := w.load().Head; h.Status {
	case webcare.StatusReceived:
		w.deliver(webcare.StageTriage)
	case webcare.StatusTriaged:
		w.deliver(webcare.StageDraft)
	case webcare.StatusInReview, webcare.StatusAttention:
		w.approveRightly()
	case webcare.StatusApproved, webcare.StatusPublishing:
		w.now = w.now.Add(rapid.SampledFrom([]time.Duration{0, 31 * time.Second, 4 * time.Minute}).Draw(w.t, "by"))
		w.deliver(webcare.StagePublish)
	default:
		w.deliver(webcare.StageFollowup)
	}
}

// others is what customers and colleagues do, also while a stage works.
func (w *world) others() map[string]func() {
	return map[string]func(){
		"customer writes":  w.customerWrites,
		"customer edits":   func() { w.customerRevises(false) },
		"customer deletes": func() { w.customerRevises(true) },
		"colleague":        w.colleague,
		"bounce":           w.bounce,
		"approve":          func() { w.approve(w.drawConsent(), people.Draw(w.t, "by"), false) },
		"propose":          func() { w.approve(w.drawConsent(), people.Draw(w.t, "by"), true) },
		"undo":             w.undo,
		"write":            w.write,
		"by hand":          w.byHand,
		"desk":             w.desk,
		"person":           w.person,
	}
}

// meddle lets somebody act between two calls of a stage.
func (w *world) meddle() {
	if rapid.IntRange(0, 4).Draw(w.t, "meddle") > 0 {
		return
	}
	others := w.others()
	names := make([]string, 0, len(others))
	for _, n := range []string{"customer writes", "customer edits", "customer deletes", "colleague", "bounce", "approve", "undo", "write", "desk", "person"} {
		names = append(names, n)
	}
	others[rapid.SampledFrom(names).Draw(w.t, "meddler")]()
}

func (w *world) customerRevises(deletes bool) {
	for i := w.posts; i > 0; i-- {
		m, ok := w.written[fmt.Sprintf("post-%d", i)]
		if !ok {
			continue
		}
		m.Revision++
		m.Deleted, m.Text, m.ReceivedAt = deletes, odd.Draw(w.t, "edit"), w.now
		w.receive(m)
		return
	}
}

func (w *world) colleague() {
	w.posts++
	id := fmt.Sprintf("colleague-%d", w.posts)
	_, _ = w.step(webcare.Machine("receive"), func(ch *webcare.Change) error {
		return ch.Receive(webcare.Message{Key: webcare.Key{Channel: "mastodon", ExternalID: id}, Brand: "b", Thread: "t", Ours: true,
			Author: webcare.Author{Name: "Tom"}, Text: "We zoeken het uit.", PostedAt: w.now, ReceivedAt: w.now})
	})
	if h := w.load().Head; h.Attempt == nil {
		w.overtaken()
	}
}

func (w *world) bounce() {
	w.posts++
	before := w.load().Head
	h, _ := w.step(webcare.Machine("receive"), func(ch *webcare.Change) error {
		return ch.Receive(webcare.Message{Key: webcare.Key{Channel: "mastodon", ExternalID: fmt.Sprintf("bounce-%d", w.posts)}, Brand: "b",
			Automatic: "bounce", BounceOf: "reply-x", Text: "undeliverable", PostedAt: w.now, ReceivedAt: w.now})
	})
	if before.Attempt == nil {
		w.overtaken()
		if h.Status != webcare.StatusAttention {
			w.t.Fatalf("after a bounce the case is %s", h.Status)
		}
	}
}

// drawConsent is what a person may send: mostly right, sometimes not.
func (w *world) drawConsent() webcare.Consent {
	h := w.load().Head
	c := webcare.Consent{Version: h.Version, Hash: h.DraftHash, Undo: 30 * time.Second, Assisted: w.assisted}
	switch rapid.IntRange(0, 5).Draw(w.t, "consent") {
	case 0:
		c.Version--
	case 1:
		c.Hash = webcare.Digest([]byte("other"))
	case 2:
		d := w.drawDraft("iris")
		c.Edited = &d
	}
	if rapid.IntRange(0, 3).Draw(w.t, "ticks") > 0 {
		c.Ticked, c.Overrides = []string{"order seen"}, []string{"14-tone"}
	}
	return c
}

// approveRightly has a person of the needed authority approve what stands there.
func (w *world) approveRightly() {
	h := w.load().Head
	if h.DraftSeq == 0 || h.Blocked {
		return
	}
	w.approve(webcare.Consent{Version: h.Version, Hash: h.DraftHash, Undo: 30 * time.Second, Assisted: w.assisted, Ticked: []string{"order seen"},
		Overrides: []string{"14-tone"}}, webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}, false)
}

func (w *world) approve(c webcare.Consent, by webcare.Actor, propose bool) {
	before := w.load()
	h, err := w.step(by, func(ch *webcare.Change) error {
		if propose {
			return ch.Propose(c)
		}
		return ch.Approve(c)
	})
	if err != nil {
		return
	}
	if c.Version != before.Head.Version || c.Hash != before.Head.DraftHash || !by.Person {
		w.t.Fatalf("decided by %+v on version %d and hash %s of a case at %d and %s", by, c.Version, c.Hash, before.Head.Version, before.Head.DraftHash)
	}
	if propose {
		return
	}
	if needs := webcare.Higher(webcare.Agent, w.needs[h.Approval.DraftSeq]); !by.Authority.AtLeast(needs) {
		w.t.Fatalf("%q approved what takes %q", by.Authority, needs)
	}
	w.overtaken()
	w.approvals = append(w.approvals, &permit{hash: h.Approval.Hash, seq: h.Approval.DraftSeq, by: by, inbound: h.InboundSeq, until: w.now.Add(c.Undo)})
}

func (w *world) undo() {
	before := w.load().Head
	_, err := w.step(people.Draw(w.t, "by"), func(ch *webcare.Change) error { return ch.Undo() })
	if err != nil {
		return
	}
	if before.Attempt != nil {
		w.t.Fatalf("undone while an attempt runs")
	}
	w.overtaken()
}

// undoMustConflict holds that nobody takes back what has been claimed.
func (w *world) undoMustConflict() {
	c := w.load()
	if c.Head.Attempt == nil {
		return
	}
	err := webcare.Begin(c, w.now, webcare.Actor{ID: "lea", Authority: webcare.Lead, Person: true}).Undo()
	if !errors.Is(err, webcare.ErrConflict) {
		w.t.Fatalf("undo after the attempt: %v", err)
	}
}

func (w *world) write() {
	d := w.drawDraft("iris")
	v := w.load().Head.Version
	_, _ = w.step(people.Draw(w.t, "by"), func(ch *webcare.Change) error { return ch.WriteDraft(v, d) })
}

func (w *world) byHand() {
	c := w.load()
	hash := c.Head.DraftHash
	if n := len(c.Publications); n > 0 && rapid.Bool().Draw(w.t, "earlier") {
		hash = c.Publications[n-1].Value.Attempt.Hash
	}
	_, _ = w.step(people.Draw(w.t, "by"), func(ch *webcare.Change) error { return ch.PostedByHand(hash, "https://example.social/1") })
}

// desk closes work orders and promises.
func (w *world) desk() {
	c := w.load()
	by := people.Draw(w.t, "by")
	good := rapid.Bool().Draw(w.t, "good")
	if n := len(c.WorkOrders); n > 0 && rapid.Bool().Draw(w.t, "order") {
		o := c.WorkOrders[rapid.IntRange(0, n-1).Draw(w.t, "which")]
		before := c.Head
		h, err := w.step(by, func(ch *webcare.Change) error { return ch.EndWorkOrder(o.ID, good, odd.Draw(w.t, "reference")) })
		if err == nil && !good && before.Attempt == nil {
			w.overtaken()
			if h.Status != webcare.StatusAttention {
				w.t.Fatalf("after a refused work order the case is %s", h.Status)
			}
		}
		return
	}
	if n := len(c.Promises); n > 0 {
		p := c.Promises[rapid.IntRange(0, n-1).Draw(w.t, "which")]
		_, _ = w.step(by, func(ch *webcare.Change) error { return ch.EndPromise(p.ID, good, "") })
	}
}

// person does one of the things people do besides deciding.
func (w *world) person() {
	v := w.load().Head
	until := w.now.Add(time.Duration(rapid.IntRange(-1, 72).Draw(w.t, "until")) * time.Hour)
	text := odd.Draw(w.t, "words")
	on := rapid.SampledFrom([]string{"customer", "finance", strings.Repeat("desk<", 90)}).Draw(w.t, "on")
	acts := []func(*webcare.Change) error{
		func(ch *webcare.Change) error { return ch.Redraft(v.Version, v.DraftHash, text, "", "Iris") },
		func(ch *webcare.Change) error { return ch.Ignore(text) },
		func(ch *webcare.Change) error { return ch.Resume(until) },
		func(ch *webcare.Change) error { return ch.Close(text) },
		func(ch *webcare.Change) error { return ch.Snooze(until) },
		func(ch *webcare.Change) error { return ch.Wait(on, until) },
		func(ch *webcare.Change) error { return ch.Escalate(text, text) },
		func(ch *webcare.Change) error { return ch.Assign(text) },
		func(ch *webcare.Change) error { return ch.AddNote(text) },
		func(ch *webcare.Change) error {
			var tags []string
			for i := range 12 {
				tags = append(tags, fmt.Sprintf("%02d%s", i, strings.Repeat("<", 38)))
			}
			return ch.Tag(tags)
		},
		func(ch *webcare.Change) error {
			return ch.Link(webcare.CaseID(fmt.Sprintf("%026d", rapid.IntRange(1, 30).Draw(w.t, "link"))))
		},
		func(ch *webcare.Change) error {
			return ch.Correct(webcare.Correction{Frictions: []webcare.FrictionType{webcare.Late}, Urgency: webcare.Low, Sentiment: webcare.Neutral})
		},
	}
	_, _ = w.step(people.Draw(w.t, "by"), acts[rapid.IntRange(0, len(acts)-1).Draw(w.t, "act")])
}
