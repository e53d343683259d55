package review

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Bulk is one step on many cases. Approving is not among them: a reply is
// read before it is approved.
type Bulk struct {
	Step   string // "ignore", "assign" or "tag"
	Value  string // the person to give the cases to, or the tag to add
	Reason string
	Cases  []webcare.CaseID
}

// MaxBulk is how many cases one step may take.
const MaxBulk = 200

// BulkTerm is how long a bulk step can be taken back.
const BulkTerm = 10 * time.Minute

const bulkKind = "bulk"

// Done is a bulk step as it went, kept so that it can be undone.
type Done struct {
	ID      string `json:"id"`
	Step    string `json:"step"`
	Value   string `json:"value,omitempty"`
	Changed []Was  `json:"changed"`
	Skipped []Skip `json:"skipped,omitempty"`
}

// Was is a case as it stood before a bulk step.
type Was struct {
	Case     webcare.CaseID `json:"case"`
	Version  int64          `json:"version"` // after the step
	Assignee string         `json:"assignee,omitempty"`
	Tags     []string       `json:"tags,omitempty"`
	DueAt    time.Time      `json:"due_at,omitzero"`
}

// Skip is a case that a bulk step left alone, and why.
type Skip struct {
	Case webcare.CaseID `json:"case"`
	Why  string         `json:"why"`
}

// SkippedCritical is why a critical case is never set aside unread.
const SkippedCritical = "critical"

// Bulk takes one step on many cases, each by itself: those that cannot take it
// are skipped and named. What it did can be taken back for BulkTerm.
func (d *Desk) Bulk(ctx context.Context, by webcare.Actor, b Bulk, random io.Reader) (_ Done, err error) {
	defer webcare.Wrap(&err, "Bulk(%s, %d cases)", b.Step, len(b.Cases))
	if len(b.Cases) == 0 || len(b.Cases) > MaxBulk {
		return Done{}, webcare.Invalidf("cases: choose 1 to %d", MaxBulk)
	}
	if !slices.Contains([]string{"ignore", "assign", "tag"}, b.Step) {
		return Done{}, webcare.Invalidf("step: %q is not done in bulk", b.Step)
	}
	done := Done{ID: webcare.NewID(d.Now(), random), Step: b.Step, Value: b.Value}
	for _, id := range b.Cases {
		was, err := d.bulkOne(ctx, id, by, b)
		switch {
		case err == nil:
			done.Changed = append(done.Changed, was)
		case errors.Is(err, webcare.ErrConflict), errors.Is(err, webcare.ErrNotFound), errors.Is(err, webcare.ErrInvalid):
			done.Skipped = append(done.Skipped, Skip{id, err.Error()})
		case errors.Is(err, errCritical):
			done.Skipped = append(done.Skipped, Skip{id, SkippedCritical})
		default:
			return done, errors.Join(err, d.keepBulk(ctx, by, done))
		}
	}
	return done, d.keepBulk(ctx, by, done)
}

var errCritical = errors.New("critical")

func (d *Desk) keepBulk(ctx context.Context, by webcare.Actor, done Done) error {
	if len(done.Changed) == 0 {
		return nil
	}
	return d.put(ctx, bulkKind, by.ID+"/"+done.ID, done, d.Now().Add(BulkTerm))
}

func (d *Desk) bulkOne(ctx context.Context, id webcare.CaseID, by webcare.Actor, b Bulk) (Was, error) {
	var was Was
	c, err := d.do(ctx, id, by, 0, func(c *webcare.Case, ch *webcare.Change) error {
		was = Was{Case: id, Assignee: c.Head.Assignee, Tags: c.Head.Tags, DueAt: c.Head.DueAt}
		switch b.Step {
		case "ignore":
			if c.Head.Urgency == webcare.Critical {
				return errCritical
			}
			return ch.Ignore(b.Reason)
		case "assign":
			return ch.Assign(b.Value)
		}
		return ch.Tag(append(slices.Clone(c.Head.Tags), b.Value))
	})
	if err == nil {
		was.Version = c.Head.Version
	}
	return was, err
}

// LoadBulk returns a person's bulk step while it can be undone, else ErrNotFound.
func (d *Desk) LoadBulk(ctx context.Context, by webcare.Actor, id string) (Done, error) {
	rec, err := d.Store.Records.Get(ctx, bulkKind, by.ID+"/"+id, d.Now())
	if err != nil {
		return Done{}, err
	}
	var done Done
	return done, json.Unmarshal(rec.Body, &done)
}

// UndoBulk takes a bulk step back, case by case. Cases that somebody changed
// since stay as they are and are counted in left.
func (d *Desk) UndoBulk(ctx context.Context, by webcare.Actor, id string) (left int, err error) {
	defer webcare.Wrap(&err, "UndoBulk(%s)", id)
	done, err := d.LoadBulk(ctx, by, id)
	if err != nil {
		return 0, err
	}
	for _, was := range done.Changed {
		err := d.undoOne(ctx, by, done.Step, was)
		switch {
		case errors.Is(err, webcare.ErrConflict):
			left++
		case err != nil:
			return left, err
		}
	}
	return left, d.Store.Records.Remove(ctx, bulkKind, by.ID+"/"+id)
}

func (d *Desk) undoOne(ctx context.Context, by webcare.Actor, step string, was Was) error {
	_, err := d.do(ctx, was.Case, by, was.Version, func(_ *webcare.Case, ch *webcare.Change) error {
		switch step {
		case "ignore":
			return ch.Resume(was.DueAt)
		case "assign":
			return ch.Assign(was.Assignee)
		}
		return ch.Tag(was.Tags)
	})
	return err
}

// Resume takes back that no reply is needed; the response clock runs on from
// when the customer wrote.
func (d *Desk) Resume(ctx context.Context, id webcare.CaseID, by webcare.Actor, version int64) (*webcare.Case, error) {
	return d.do(ctx, id, by, version, func(c *webcare.Case, ch *webcare.Change) error {
		latest, ok := c.LatestInbound()
		b, err := d.Brands.Get(c.Head.Brand)
		if err != nil || !ok {
			return ch.Resume(time.Time{})
		}
		return ch.Resume(b.ResponseDue(c.Head.Channel, c.Head.Urgency, latest.ReceivedAt))
	})
}
