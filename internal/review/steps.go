package review

import (
	"context"
	"errors"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Rejection is what a person sends with a rejected draft.
type Rejection struct {
	Version    int64
	Hash       string
	Reason     string // an instruction to the drafter: "te stijf", "noem de monteur niet"
	Resolution string // a resolution to use instead, "" for the drafter's choice
}

// Reject asks for a new draft.
func (d *Desk) Reject(ctx context.Context, id webcare.CaseID, by webcare.Actor, r Rejection) (*webcare.Case, error) {
	return d.do(ctx, id, by, r.Version, func(c *webcare.Case, ch *webcare.Change) error {
		if r.Resolution != "" {
			b, err := d.Brands.Get(c.Head.Brand)
			if err != nil {
				return err
			}
			if _, _, ok := b.Resolution(r.Resolution); !ok {
				return webcare.Invalidf("resolution: the playbook has no %q", r.Resolution)
			}
		}
		return ch.Redraft(r.Version, r.Hash, r.Reason, r.Resolution, by.Name)
	})
}

// Write stores a person's own draft, guarded.
func (d *Desk) Write(ctx context.Context, id webcare.CaseID, by webcare.Actor, a Approval) (*webcare.Case, error) {
	return d.do(ctx, id, by, a.Version, func(c *webcare.Case, ch *webcare.Change) error {
		draft, ok := c.CurrentDraft()
		if !ok {
			draft = d.blank(c)
			if by.Name == "" {
				return webcare.Invalidf("name: who signs has no first name or alias")
			}
			draft.SignedBy = by.Name
		}
		draft, err := d.edited(ctx, c, draft, a)
		if err != nil {
			return err
		}
		draft.Engine = by.ID
		return ch.WriteDraft(a.Version, draft)
	})
}

// Sign renders the sign-off of the person who handles the case into the
// present draft, so that what is approved is signed by who approves it.
// Nothing changes where it is theirs already, stands in no known form, or was
// proposed: that reply is its proposer's.
func (d *Desk) Sign(ctx context.Context, id webcare.CaseID, by webcare.Actor) (*webcare.Case, error) {
	c, err := d.Store.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	draft, ok := c.CurrentDraft()
	if !ok || c.Head.Status != webcare.StatusInReview || by.Name == "" || draft.SignedBy == "" || draft.SignedBy == by.Name || c.Head.ProposedBy != "" {
		return c, nil
	}
	b, err := d.Brands.Get(c.Head.Brand)
	if err != nil {
		return nil, err
	}
	kind := c.Head.Channel
	if ch, ok := b.Channel(c.Head.Channel); ok {
		kind = ch.Kind
	}
	was, err := b.Sign(draft.SignedBy, draft.Language, kind)
	if err != nil {
		return nil, err
	}
	now, err := b.Sign(by.Name, draft.Language, kind)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(draft.Text, was) {
		return c, nil
	}
	draft.Text = strings.TrimSuffix(draft.Text, was) + now
	draft.PrivateText = swapSuffix(draft.PrivateText, was, now)
	draft.SignedBy = by.Name
	return d.do(ctx, id, by, c.Head.Version, func(c *webcare.Case, ch *webcare.Change) error {
		return ch.WriteDraft(c.Head.Version, draft)
	})
}

func swapSuffix(s, was, now string) string {
	if rest, ok := strings.CutSuffix(s, was); ok {
		return rest + now
	}
	return s
}

// Undo takes an approval back while its undo window runs.
func (d *Desk) UndoApproval(ctx context.Context, id webcare.CaseID, by webcare.Actor) (*webcare.Case, error) {
	return d.do(ctx, id, by, 0, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Undo() })
}

// Posted records that a person posted the approved text by hand.
func (d *Desk) Posted(ctx context.Context, id webcare.CaseID, by webcare.Actor, hash, url string) (*webcare.Case, error) {
	return d.do(ctx, id, by, 0, func(_ *webcare.Case, ch *webcare.Change) error { return ch.PostedByHand(hash, url) })
}

// Ignore decides that no reply is needed.
func (d *Desk) Ignore(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, reason string) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Ignore(reason) })
}

// Close ends a case.
func (d *Desk) Close(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, reason string) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Close(reason) })
}

// Assign gives the case to a person, "" for nobody.
func (d *Desk) Assign(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, to string) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Assign(to) })
}

// Snooze hides the case from the queue until a time.
func (d *Desk) Snooze(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, until time.Time) (*webcare.Case, error) {
	c, err := d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Snooze(until) })
	if err != nil {
		return nil, err
	}
	return c, d.put(ctx, snoozeKind, string(id), snoozed{id}, until)
}

// snoozeKind keeps one record a snoozed case until its time has come: queues
// hide those cases, and must not count them.
const snoozeKind = "snooze"

type snoozed struct {
	Case webcare.CaseID `json:"case"`
}

// Snoozed returns the heads of cases that are snoozed now, at most maxScan of
// them, in the order of the queue. One that came back early is left out.
func (d *Desk) Snoozed(ctx context.Context) (out []webcare.Head, err error) {
	all, err := scan[snoozed](ctx, d, snoozeKind, "")
	if err != nil {
		return nil, err
	}
	now := d.Now()
	for _, s := range all {
		h, err := d.Store.Cases.Head(ctx, s.Case)
		switch {
		case errors.Is(err, webcare.ErrNotFound):
		case err != nil:
			return nil, err
		case h.SnoozedUntil.After(now):
			out = append(out, h)
		}
	}
	webcare.SortHeads(out)
	return out, nil
}

// Wait parks the case on a desk or on the customer until a time.
func (d *Desk) Wait(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, on string, until time.Time) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Wait(on, until) })
}

// Escalate asks somebody with more authority to look.
func (d *Desk) Escalate(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, to, why string) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Escalate(to, why) })
}

// Note adds an internal remark and lets those know whom it calls with @name.
func (d *Desk) Note(ctx context.Context, id webcare.CaseID, by webcare.Actor, text string) (*webcare.Case, error) {
	c, err := d.do(ctx, id, by, 0, func(_ *webcare.Case, ch *webcare.Change) error { return ch.AddNote(text) })
	if err != nil {
		return nil, err
	}
	return c, d.mention(ctx, id, by, text)
}

// Tag sets the case's tags.
func (d *Desk) Tag(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, tags []string) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Tag(tags) })
}

// Correct replaces labels of the triage by a person's.
func (d *Desk) Correct(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, fix webcare.Correction) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Correct(fix) })
}

// Link notes that another case belongs to this one.
func (d *Desk) Link(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64, other webcare.CaseID) (*webcare.Case, error) {
	if _, err := d.Store.Cases.Head(ctx, other); err != nil {
		return nil, err
	}
	return d.do(ctx, id, by, version, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Link(other) })
}

// Hold keeps a case from erasure, or lifts that.
func (d *Desk) Hold(ctx context.Context, id webcare.CaseID, by webcare.Actor, held bool) (*webcare.Case, error) {
	return d.do(ctx, id, by, 0, func(_ *webcare.Case, ch *webcare.Change) error { return ch.Hold(held) })
}

// KeepPromise marks a promise kept, or broken, with a note.
func (d *Desk) KeepPromise(ctx context.Context, id webcare.CaseID, by webcare.Actor, promise string, kept bool, note string) (*webcare.Case, error) {
	return d.do(ctx, id, by, 0, func(_ *webcare.Case, ch *webcare.Change) error { return ch.EndPromise(promise, kept, note) })
}

// CloseWorkOrder records a desk's answer.
func (d *Desk) CloseWorkOrder(ctx context.Context, id webcare.CaseID, by webcare.Actor, order string, done bool, text string) (*webcare.Case, error) {
	return d.do(ctx, id, by, 0, func(_ *webcare.Case, ch *webcare.Change) error { return ch.EndWorkOrder(order, done, text) })
}
