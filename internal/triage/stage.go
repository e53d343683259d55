package triage

import (
	"context"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Stage is the pipeline's step from received to triaged.
type Stage struct {
	Store  webcare.Store
	Engine webcare.Triager
	Brands *brand.Set
	Now    func() time.Time
}

// Handle triages the customer's unanswered words of one case, starts the
// response clock and makes the case findable.
func (s *Stage) Handle(ctx context.Context, t webcare.Task) error {
	c, err := s.Store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	latest, ok := c.LatestInbound()
	if !ok || len(c.Unanswered()) == 0 {
		return s.setAside(ctx, c, t)
	}
	b, err := s.Brands.Get(c.Head.Brand)
	if err != nil {
		return err
	}
	tr, err := s.Engine.Triage(ctx, webcare.TriageInput{Text: c.UnansweredText(), Subject: latest.Subject, Channel: c.Head.Channel,
		Author: latest.Author, Language: latest.Language, Stars: latest.Stars, Before: c.Head.Reopened > 0})
	if err != nil {
		return err
	}
	if err := s.Store.Search.Index(ctx, document(c)); err != nil {
		return err
	}
	ch := webcare.Begin(c, s.Now(), webcare.Machine("triage"))
	due := b.ResponseDue(c.Head.Channel, tr.Urgency, latest.ReceivedAt)
	if err := ch.Triaged(tr, c.Head.InboundSeq, due); err != nil {
		return err
	}
	ch.Finishes(t.ID)
	_, err = s.Store.Commit(ctx, ch)
	return err
}

// setAside ends a case in which nobody has anything left to answer: its only
// message was deleted again.
func (s *Stage) setAside(ctx context.Context, c *webcare.Case, t webcare.Task) error {
	ch := webcare.Begin(c, s.Now(), webcare.Machine("triage"))
	if err := ch.NothingToAnswer(); err != nil {
		return err
	}
	ch.Finishes(t.ID)
	_, err := s.Store.Commit(ctx, ch)
	return err
}

// customerCount ranks the customer before any word of a long text, of which
// search keeps only the most frequent.
const customerCount = 1000

// document is what search knows of a case.
func document(c *webcare.Case) webcare.Document {
	d := webcare.Document{Brand: c.Head.Brand, Set: "case", Case: c.Head.ID, Terms: map[string]int{}}
	add := func(s string) {
		for _, term := range text.Terms(s) {
			d.Terms[term]++
			d.Size++
		}
	}
	add(c.Head.Subject + " " + c.Head.Author.Name + " " + c.Head.Author.Handle + " " + c.Head.Author.Address)
	for _, e := range c.Conversation() {
		add(e.Value.Text)
	}
	if id := c.Head.Customer(); id != "" {
		d.Terms[id.Term()] = customerCount
	}
	return d
}
