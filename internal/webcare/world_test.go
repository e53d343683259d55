package webcare_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// world is one case with everybody around it, on a store that audits every
// save. What it knows it learned from outside: who wrote, who approved, what
// the platform took. The case's own fields are checked against that.
type world struct {
	t        *rapid.T
	mem      *porttest.Memory
	store    webcare.Store
	now      time.Time
	id       webcare.CaseID
	assisted bool // replies are posted by hand
	platform *platform

	posts     int              // customer's and colleagues' posts so far, for their ids
	open      map[string]int64 // the customer's live messages nobody answered: id -> sequence of the revision
	written   map[string]webcare.Message
	approvals []*permit
	needs     map[int64]webcare.Authority // draft -> what approving takes
	version   int64
	last      *webcare.Case
}

// permit is an approval as the person gave it.
type permit struct {
	hash    string
	seq     int64 // of the draft
	by      webcare.Actor
	inbound int64
	until   time.Time // end of the undo window
	over    bool      // undone, overtaken or used
}

func newWorld(t *rapid.T) *world {
	w := &world{t: t, mem: porttest.NewMemory(), now: porttest.Start, id: "case1", open: map[string]int64{},
		written: map[string]webcare.Message{}, needs: map[int64]webcare.Authority{}}
	p := w.mem.Ports()
	p.Cases = audited{p.Cases, w}
	w.store = webcare.Store{Ports: p}
	w.assisted = rapid.IntRange(0, 5).Draw(t, "assisted") == 0
	w.platform = newPlatform(w, rapid.SampledFrom([]webcare.PublishClass{
		{Timeout: 20 * time.Second},
		{Timeout: 20 * time.Second, Idempotent: true, Window: time.Hour},
		{Timeout: 20 * time.Second, Findable: true},
	}).Draw(t, "class"))
	w.customerWrites()
	return w
}

func (w *world) ctx() context.Context { return context.Background() }

// load returns the case as it stands, from memory while its version is the same.
func (w *world) load() *webcare.Case {
	if w.last != nil && w.last.Head.Version == w.version {
		return w.last
	}
	c, err := w.store.Load(w.ctx(), w.id)
	if err != nil {
		w.t.Fatalf("load: %v", err)
	}
	w.last = c
	return c
}

// step takes one step on the case as it stands now. Refusals of the known
// kinds are part of the game; anything else is a fault.
func (w *world) step(by webcare.Actor, do func(*webcare.Change) error) (webcare.Head, error) {
	ch := webcare.Begin(w.load(), w.now, by)
	if err := do(ch); err != nil {
		w.known(err)
		return webcare.Head{}, err
	}
	h, err := w.store.Commit(w.ctx(), ch)
	if err != nil {
		w.t.Fatalf("a legal step cannot be saved: %v", err)
	}
	return h, nil
}

func (w *world) known(err error) {
	for _, k := range []error{webcare.ErrConflict, webcare.ErrForbidden, webcare.ErrInvalid, webcare.ErrNotFound} {
		if errors.Is(err, k) {
			return
		}
	}
	w.t.Fatalf("an error of no kind: %v", err)
}

// audited checks every save that is committed.
type audited struct {
	webcare.Cases
	w *world
}

func (a audited) Save(ctx context.Context, s webcare.Save) error {
	old, err := a.Head(ctx, s.Head.ID)
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		return err
	}
	if err := a.Cases.Save(ctx, s); err != nil {
		for _, kind := range []error{webcare.ErrConflict, webcare.ErrNotFound} {
			if errors.Is(err, kind) {
				return err
			}
		}
		a.w.t.Fatalf("a save that no transaction takes: %v", err)
	}
	a.w.audit(old, s)
	return nil
}

func (w *world) audit(old webcare.Head, s webcare.Save) {
	if n := s.Items(); n > webcare.MaxSaveItems {
		w.t.Fatalf("a save of %d items", n)
	}
	now, err := w.store.Cases.Head(w.ctx(), s.Head.ID)
	if err != nil || now.Version != old.Version+1 {
		w.t.Fatalf("version %d after %d (%v)", now.Version, old.Version, err)
	}
	w.version = now.Version
	seq := max(old.NextSeq, 1)
	for _, c := range s.Children {
		if c.Seq != seq {
			w.t.Fatalf("child %d where %d follows", c.Seq, seq)
		}
		seq++
		if c.Kind == webcare.ChildDraft {
			w.drafted(c)
		}
	}
	if now.NextSeq != seq {
		w.t.Fatalf("next sequence %d, want %d", now.NextSeq, seq)
	}
	if b, err := json.Marshal(now); err != nil || len(b) >= webcare.MaxHeadBytes {
		w.t.Fatalf("a head of %d bytes: %s (%v)", len(b), b, err)
	}
	if a := now.Attempt; a != nil && (old.Attempt == nil || *old.Attempt != *a) {
		w.claimed(old, *a)
	}
	for _, e := range s.Events {
		switch e.Type {
		case webcare.ReplyPublished:
			w.answeredUpTo(old, now)
		case webcare.ColleagueReplied:
			clear(w.open)
		}
	}
}

// drafted notes what approving a stored draft takes.
func (w *world) drafted(c webcare.Child) {
	if c.Blob != "" {
		var err error
		if c.Body, err = w.store.Blobs.Get(w.ctx(), c.Blob); err != nil {
			w.t.Fatalf("a draft's body: %v", err)
		}
	}
	var d webcare.Draft
	if err := json.Unmarshal(c.Body, &d); err != nil {
		w.t.Fatalf("a stored draft: %v", err)
	}
	w.needs[c.Seq] = d.Authority
}

// claimed holds the promise that nothing leaves unapproved.
func (w *world) claimed(old webcare.Head, a webcare.Attempt) {
	for _, p := range w.approvals {
		if p.hash != a.Hash || p.seq != a.DraftSeq || p.over {
			continue
		}
		if !p.by.Person || !p.by.Authority.AtLeast(webcare.Higher(webcare.Agent, w.needs[p.seq])) {
			w.t.Fatalf("an attempt on the approval of %+v, which takes %q", p.by, w.needs[p.seq])
		}
		if p.inbound != old.InboundSeq {
			w.t.Fatalf("an attempt on message %d, the customer's latest is %d", p.inbound, old.InboundSeq)
		}
		if w.now.Before(p.until) {
			w.t.Fatalf("an attempt inside the undo window")
		}
		w.platform.claimed[a.Key] = a.Hash
		return
	}
	w.t.Fatalf("an attempt on %s without a standing approval", a.Hash)
}

// answeredUpTo: our reply is recorded as posted. It answers what its draft
// was written for, and nothing the customer wrote since.
func (w *world) answeredUpTo(old, now webcare.Head) {
	inbound := now.InboundSeq
	if old.Approval != nil {
		inbound = old.Approval.InboundSeq
	}
	for id, seq := range w.open {
		if seq <= inbound {
			delete(w.open, id)
		}
	}
	for _, p := range w.approvals {
		p.over = true
	}
}

// overtaken: the customer moved, so what was approved is no longer.
func (w *world) overtaken() {
	for _, p := range w.approvals {
		p.over = true
	}
}

// odd is text of the kinds that make rows grow: long, escaped, cut marks.
var odd = rapid.SampledFrom([]string{"Waar blijft mijn pakket?", "x", strings.Repeat("<", 700), strings.Repeat("é", 300) + "\x01",
	strings.Repeat("\u2028\"\\", 200), strings.Repeat("Nog steeds geen antwoord. ", 500), "kapot \xff\xfe", "👩‍👩‍👧‍👦 " + strings.Repeat("𝔘", 300)})

func (w *world) customerWrites() {
	w.posts++
	id := fmt.Sprintf("post-%d", w.posts)
	m := webcare.Message{ID: webcare.MessageID(id), Key: webcare.Key{Channel: "mastodon", ExternalID: id}, Brand: "b", Thread: "t",
		Author: webcare.Author{Name: odd.Draw(w.t, "name"), Handle: "@sanne"}, Subject: odd.Draw(w.t, "subject"), URL: odd.Draw(w.t, "url"),
		Text: odd.Draw(w.t, "text"), Visibility: webcare.Public, PostedAt: w.now, ReceivedAt: w.now}
	w.receive(m)
}

// receive stores what the customer did and notes it.
func (w *world) receive(m webcare.Message) {
	c := webcare.NewCase(w.id, "b", "mastodon")
	if w.version > 0 {
		c = w.load()
	}
	ch := webcare.Begin(c, w.now, webcare.Machine("receive"))
	if err := ch.Receive(m); err != nil {
		w.t.Fatalf("receive: %v", err)
	}
	h, err := w.store.Commit(w.ctx(), ch)
	if err != nil {
		w.t.Fatalf("a message cannot be stored: %v", err)
	}
	w.overtaken()
	w.written[m.Key.ExternalID] = m
	w.open[m.Key.ExternalID] = h.InboundSeq
	if m.Deleted {
		delete(w.open, m.Key.ExternalID)
		delete(w.written, m.Key.ExternalID)
	}
	if h.Attempt == nil && h.Status != webcare.StatusReceived {
		w.t.Fatalf("after a word of the customer the case is %s", h.Status)
	}
}
