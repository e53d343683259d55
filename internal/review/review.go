// Package review is what people do with a case: claim it, edit, approve,
// propose, reject, escalate, snooze, undo.
//
// Every step loads the case, takes one Change, and saves it against the
// version the person saw. What a person typed but has not sent lives in
// records of its own, per person, and never raises the case's version.
//
// Start at Desk.Approve.
package review

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Resolve turns a resolution of the playbook into what a draft carries:
// parameters filled from the case, promises with their dates.
type Resolve func(b *brand.Brand, c *webcare.Case, id string, now time.Time) (*webcare.Resolution, []webcare.Promised, error)

// Desk is where people decide.
type Desk struct {
	Store   webcare.Store
	Brands  *brand.Set
	Resolve Resolve
	// Assisted reports whether replies on a channel are posted by hand.
	Assisted func(brand, channel string) bool
	Now      func() time.Time
	Undo     time.Duration // how long an approval can be taken back
}

// Approval is what a person sends to approve.
type Approval struct {
	Version     int64
	Hash        string
	Text        *string // the person's own wording, nil to keep the draft's
	PrivateText *string
	Resolution  *string  // another resolution of the playbook, "" for none
	Overrides   []string // rules of warnings to override
	Ticked      []string // checks of the resolution that the person made
	Propose     bool     // ask a higher authority instead of approving
}

// FindingsError says which findings stand in the way of an approval. It is of
// kind ErrInvalid.
type FindingsError struct{ Findings []webcare.Finding }

func (e *FindingsError) Error() string {
	var rules []string
	for _, f := range e.Findings {
		rules = append(rules, f.Rule+": "+f.Message)
	}
	return "invalid: the reply cannot go out like this: " + strings.Join(rules, "; ")
}

// Is makes it a kind of ErrInvalid.
func (e *FindingsError) Is(target error) bool { return target == webcare.ErrInvalid }

// ChecksError says which checks are not ticked. It is of kind ErrInvalid.
type ChecksError struct{ Unticked []string }

func (e *ChecksError) Error() string {
	return "invalid: not ticked: " + strings.Join(e.Unticked, "; ")
}

// Is makes it a kind of ErrInvalid.
func (e *ChecksError) Is(target error) bool { return target == webcare.ErrInvalid }

// do loads a case, lets step change it, and saves it. version is what the
// person saw, 0 where the step does not depend on it: then a lost race is
// tried again.
func (d *Desk) do(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, step func(*webcare.Case, *webcare.Change) error) (*webcare.Case, error) {
	for try := 0; ; try++ {
		c, err := d.Store.Load(ctx, id)
		if err != nil {
			return nil, err
		}
		if version != 0 && version != c.Head.Version {
			return nil, webcare.Conflictf("the case has changed: you saw version %d, it is at %d", version, c.Head.Version)
		}
		ch := webcare.Begin(c, d.Now(), by)
		if b, err := d.Brands.Get(c.Head.Brand); err == nil {
			ch.CountOpen(b.OpenBetween)
		}
		if err := step(c, ch); err != nil {
			return nil, err
		}
		_, err = d.Store.Commit(ctx, ch)
		if err == nil {
			return d.Store.Load(ctx, id)
		}
		if !errors.Is(err, webcare.ErrConflict) || version != 0 || try == 20 {
			return nil, err
		}
	}
}

// Approve approves a draft, or proposes it. A changed text or resolution is
// guarded first. Errors: ErrConflict (with what is new to be loaded),
// *webcare.AuthorityError, *FindingsError, *ChecksError.
func (d *Desk) Approve(ctx context.Context, id webcare.CaseID, by webcare.Actor, a Approval) (c *webcare.Case, err error) {
	defer webcare.Wrap(&err, "Approve(%s)", id)
	if a.Version == 0 {
		return nil, webcare.Invalidf("version: missing")
	}
	c, err = d.do(ctx, id, by, a.Version, func(c *webcare.Case, ch *webcare.Change) error {
		return d.approve(ctx, c, ch, a)
	})
	if err == nil {
		d.countReply(ctx, c)
		_ = d.DropEdit(ctx, id, by) // the decision stands; what was typed expires by itself
	}
	return c, err
}

func (d *Desk) approve(ctx context.Context, c *webcare.Case, ch *webcare.Change, a Approval) error {
	draft, ok := c.CurrentDraft()
	if !ok {
		return webcare.Conflictf("there is no draft to approve")
	}
	consent := webcare.Consent{Version: a.Version, Hash: a.Hash, Overrides: a.Overrides, Ticked: a.Ticked, Undo: d.Undo,
		Assisted: d.Assisted(c.Head.Brand, c.Head.Channel)}
	if a.edits(draft) {
		edited, err := d.edited(ctx, c, draft, a)
		if err != nil {
			return err
		}
		consent.Edited = &edited
		consent.Distance = Distance(draft, edited)
		draft = edited
	} else if b, err := d.Brands.Get(c.Head.Brand); err == nil { // what was possible when it was made may be over
		for _, f := range guard.PostingOf(c, b, d.Now()).Refuses(draft) {
			if !slices.ContainsFunc(draft.Findings, func(have webcare.Finding) bool { return have.Rule == f.Rule && have.Field == f.Field }) {
				draft.Findings = append(slices.Clip(draft.Findings), f)
			}
		}
	}
	if err := standing(draft, consent); err != nil {
		return err
	}
	if err := d.capped(ctx, c, draft, a.Overrides); err != nil {
		return err
	}
	if a.Propose {
		return ch.Propose(consent)
	}
	return ch.Approve(consent)
}

func (a Approval) edits(d webcare.Draft) bool {
	id := ""
	if d.Resolution != nil {
		id = d.Resolution.ID
	}
	return (a.Text != nil && *a.Text != d.Text) || (a.PrivateText != nil && *a.PrivateText != d.PrivateText) ||
		(a.Resolution != nil && *a.Resolution != id)
}

// edited returns the draft as the person changed it, guarded.
func (d *Desk) edited(ctx context.Context, c *webcare.Case, draft webcare.Draft, a Approval) (webcare.Draft, error) {
	b, err := d.Brands.Get(c.Head.Brand)
	if err != nil {
		return draft, err
	}
	if a.Text != nil {
		draft.Text = *a.Text
	}
	if a.PrivateText != nil {
		draft.PrivateText = *a.PrivateText
	}
	if strings.TrimSpace(draft.Text) == "" {
		return draft, webcare.Invalidf("text: empty")
	}
	if a.Resolution != nil && (draft.Resolution == nil || draft.Resolution.ID != *a.Resolution) {
		if err := d.choose(b, c, &draft, *a.Resolution); err != nil {
			return draft, err
		}
	}
	draft.Findings = guard.CheckDraft(c, b, draft, d.recent(ctx, c), d.Now())
	return draft, nil
}

// choose gives the draft another resolution of the playbook, or none.
func (d *Desk) choose(b *brand.Brand, c *webcare.Case, draft *webcare.Draft, id string) error {
	draft.Resolution, draft.Promises, draft.Authority = nil, nil, webcare.Agent
	for _, r := range b.RoutesFor(c.Head.Signals) {
		draft.Authority = webcare.Higher(draft.Authority, r.Authority)
	}
	if id == "" {
		return nil
	}
	res, promises, err := d.Resolve(b, c, id, d.Now())
	if err != nil {
		return err
	}
	draft.Resolution, draft.Promises = res, promises
	draft.Authority = webcare.Higher(draft.Authority, webcare.Higher(res.Authority, b.AuthorityFor(res.CostCents)))
	return nil
}

// standing reports findings and checks that stand in the way, all at once.
func standing(d webcare.Draft, consent webcare.Consent) error {
	var open []webcare.Finding
	for _, f := range d.Findings {
		if f.Severity == webcare.Blocking || !slices.Contains(consent.Overrides, f.Rule) {
			open = append(open, f)
		}
	}
	if len(open) > 0 {
		return &FindingsError{open}
	}
	if d.Resolution == nil {
		return nil
	}
	var unticked []string
	for _, c := range d.Resolution.Checks {
		if !slices.Contains(consent.Ticked, c) {
			unticked = append(unticked, c)
		}
	}
	if len(unticked) > 0 {
		return &ChecksError{unticked}
	}
	return nil
}

// Distance is how many runes separate what was sent from what the machine
// wrote (Levenshtein), both texts together.
func Distance(machine, sent webcare.Draft) int {
	return levenshtein.ComputeDistance(machine.Text, sent.Text) + levenshtein.ComputeDistance(machine.PrivateText, sent.PrivateText)
}

// recent returns texts of the brand's latest replies to others.
func (d *Desk) recent(ctx context.Context, c *webcare.Case) []string {
	texts, err := webcare.RecentReplies(ctx, d.Store, c.Head.Brand, c.Head.ID)
	if err != nil {
		return nil // the rule is a warning: without the store's help it stays silent
	}
	return texts
}

// Check guards a text as the person has it now, without saving anything.
func (d *Desk) Check(ctx context.Context, id webcare.CaseID, a Approval) (webcare.Draft, error) {
	c, err := d.Store.Load(ctx, id)
	if err != nil {
		return webcare.Draft{}, err
	}
	draft, _ := c.CurrentDraft()
	if draft.Text == "" {
		draft = d.blank(c)
	}
	return d.edited(ctx, c, draft, a)
}

// blank is the frame of a draft that a person writes from nothing.
func (d *Desk) blank(c *webcare.Case) webcare.Draft {
	latest, _ := c.LatestInbound()
	return webcare.Draft{Language: c.Head.Language, Visibility: latest.Visibility, ReplyTo: latest.ReplyTo, Subject: latest.Subject,
		Authority: webcare.Agent, InboundSeq: c.Head.InboundSeq}
}
