package draft

import (
	"context"
	"errors"
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
	switch {
	case errors.Is(err, webcare.ErrInvalid):
		err = ch.NoDraft(c.Head.InboundSeq, reason(err))
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
	for _, r := range b.RoutesFor(c.Head.Signals) {
		if r.NoDraft() {
			return webcare.Draft{}, webcare.Invalidf("%s goes to the desk %q, which answers itself", r.Signal, r.Desk)
		}
	}
	latest, ok := c.LatestInbound()
	if !ok {
		return webcare.Draft{}, webcare.Invalidf("there is no message to answer")
	}
	sign := t.Data["sign"]
	if sign == "" {
		sign = s.Sign
	}
	now := s.Now()
	d, err := s.Drafter.Draft(ctx, webcare.DraftRequest{Case: c, Text: c.UnansweredText(), Triage: c.Triage(), Brand: c.Head.Brand,
		Channel: c.Head.Channel, Public: latest.Visibility.IsPublic(), Sign: sign, Now: now,
		Instruction: t.Data["instruction"], Resolution: t.Data["resolution"]})
	if err != nil {
		return d, err
	}
	d.InboundSeq, d.ReplyTo, d.Visibility = c.Head.InboundSeq, latest.ReplyTo, latest.Visibility
	d.Subject, d.Instruction = latest.Subject, t.Data["instruction"]
	for _, r := range b.RoutesFor(c.Head.Signals) {
		d.Authority = webcare.Higher(d.Authority, r.Authority)
	}
	recent, err := s.Recent(ctx, s.Store, c.Head.Brand, c.Head.ID)
	if err != nil {
		return d, err
	}
	d.Findings = guard.CheckDraft(c, b, d, recent, now)
	return d, nil
}

// reason is the error's own words, without the kind before them.
func reason(err error) string {
	var e interface{ Unwrap() []error }
	if errors.As(err, &e) {
		if parts := e.Unwrap(); len(parts) == 2 {
			return parts[1].Error()
		}
	}
	return err.Error()
}
