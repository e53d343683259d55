package draft

import (
	"context"
	"errors"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Stage is the pipeline's step from triaged to in review.
type Stage struct {
	Store   webcare.Store
	Drafter webcare.Drafter
	Brands  *brand.Set
	// Recent returns the brand's latest replies to others, for the near-duplicate rule.
	Recent func(ctx context.Context, s webcare.Store, brandID string, not webcare.CaseID) ([]string, error)
	// Sign is who signs a draft that nobody handles yet.
	Sign string
	Now  func() time.Time
}

// Handle drafts a reply to the customer's unanswered words of one case, or
// puts the case before a person with the reason why there is none.
func (s *Stage) Handle(ctx context.Context, t webcare.Task) error {
	c, err := s.Store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	if c.Head.Status != webcare.StatusTriaged && c.Head.Status != webcare.StatusAttention {
		return nil // the customer wrote again, or a person was faster
	}
	ch := webcare.Begin(c, s.Now(), webcare.Machine("draft"))
	d, err := s.draft(ctx, c, t)
	why, none := Reason(err)
	switch {
	case none:
		err = ch.NoDraft(c.Head.InboundSeq, why)
	case err == nil:
		err = ch.RecordDraft(d)
	}
	if err != nil {
		return err
	}
	ch.Finishes(t.ID)
	_, err = s.Store.Commit(ctx, ch)
	return err
}

func (s *Stage) draft(ctx context.Context, c *webcare.Case, t webcare.Task) (webcare.Draft, error) {
	b, err := s.Brands.Get(c.Head.Brand)
	if err != nil {
		return webcare.Draft{}, err
	}
	recent, err := s.Recent(ctx, s.Store, c.Head.Brand, c.Head.ID)
	if err != nil {
		return webcare.Draft{}, err
	}
	w := Wish{Sign: t.Data["sign"], Instruction: t.Data["instruction"], Resolution: t.Data["resolution"], Recent: recent, Now: s.Now()}
	if w.Sign == "" {
		w.Sign = s.Sign
	}
	return New(ctx, s.Drafter, c, b, w)
}

// Wish is what a draft is to be like, beside what the case says.
type Wish struct {
	Sign        string // first name or alias of who signs
	Instruction string // what a person asked for who rejected the draft before
	Resolution  string // a resolution the person picked, "" for the drafter's choice
	Recent      []string
	Now         time.Time
}

// New has a drafter answer the customer's unanswered words of a case, and
// guards what it wrote. An error of kind webcare.ErrInvalid says in words why
// there is no draft.
func New(ctx context.Context, drafter webcare.Drafter, c *webcare.Case, b *brand.Brand, w Wish) (webcare.Draft, error) {
	latest, ok := c.LatestInbound()
	if !ok {
		return webcare.Draft{}, &NoDraftError{Reason: "no draft: there is no message to answer"}
	}
	for _, r := range b.RoutesFor(c.Head.Signals) {
		if r.NoDraft() {
			return webcare.Draft{}, &NoDraftError{Reason: "no draft: " + string(r.Signal) + " is answered by " + b.Desks[r.Desk].Name, Desk: r.Desk, Alert: r.Alert}
		}
	}
	if p := guard.PostingOf(c, b, w.Now); p.Closed != "" {
		return webcare.Draft{}, &NoDraftError{Reason: "no draft: " + p.Closed}
	}
	d, err := drafter.Draft(ctx, webcare.DraftRequest{Case: c, Text: c.UnansweredText(), Triage: c.Triage(), Brand: c.Head.Brand,
		Channel: c.Head.Channel, Public: latest.Visibility.IsPublic(), Sign: w.Sign, Now: w.Now, Instruction: w.Instruction, Resolution: w.Resolution})
	if err != nil {
		return d, err
	}
	d.InboundSeq, d.ReplyTo, d.Visibility, d.Instruction = c.Head.InboundSeq, latest.ReplyTo, latest.Visibility, w.Instruction
	if d.Subject == "" {
		d.Subject = latest.Subject
	}
	for _, r := range b.RoutesFor(c.Head.Signals) {
		d.Authority = webcare.Higher(d.Authority, r.Authority)
	}
	d.Findings = guard.CheckDraft(c, b, d, w.Recent, w.Now)
	if strings.HasPrefix(d.Engine, "playbook/") { // a model got the whole wish
		d.Findings = append(d.Findings, unheeded(w.Instruction, d, b.Languages[0])...)
	}
	return d, nil
}

// Reason returns why there is no draft, in words, where err says that there is
// to be none.
func Reason(err error) (why string, none bool) {
	var no *NoDraftError
	switch {
	case errors.As(err, &no):
		return no.Reason, true
	case errors.Is(err, webcare.ErrInvalid):
		return "no draft: " + err.Error(), true
	}
	return "", false
}

// Resolver returns how a person's choice of another resolution gets its
// parameters, promises and cost: as the drafter itself would fill it in.
func Resolver(p Playbook) func(b *brand.Brand, c *webcare.Case, id string, now time.Time) (*webcare.Resolution, []webcare.Promised, error) {
	return func(b *brand.Brand, c *webcare.Case, id string, now time.Time) (*webcare.Resolution, []webcare.Promised, error) {
		if _, _, ok := b.Resolution(id); !ok {
			return nil, nil, webcare.Invalidf("resolution: the playbook has no %q", id)
		}
		d, err := New(context.Background(), p, c, b, Wish{Sign: "x", Resolution: id, Now: now})
		if err != nil {
			return nil, nil, err
		}
		if d.Resolution == nil || d.Resolution.ID != id {
			return nil, nil, webcare.Invalidf("resolution: %q does not fit this case: something it needs is not known", id)
		}
		return d.Resolution, d.Promises, nil
	}
}
