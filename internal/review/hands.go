package review

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"webcare.example/responder/internal/webcare"
)

// ClaimTerm is how long a claim on a case holds without being renewed.
const ClaimTerm = 2 * time.Minute

// EditTerm is how long a half-written reply is kept.
const EditTerm = 14 * 24 * time.Hour

const (
	claimKind = "claim"
	editKind  = "edit"
)

// Hand is who works on a case.
type Hand struct {
	By    string    `json:"by"`
	Name  string    `json:"name"`
	Until time.Time `json:"until"`
}

// Edit is what a person has typed but not sent.
type Edit struct {
	Text        string    `json:"text"`
	PrivateText string    `json:"private_text,omitempty"`
	Resolution  *string   `json:"resolution,omitempty"`
	Ticked      []string  `json:"ticked,omitempty"`
	Hash        string    `json:"hash"` // of the draft it started from
	At          time.Time `json:"at"`
}

// Claim says that a person works on the case, for ClaimTerm. While another
// holds it, that one is returned with ErrConflict.
func (d *Desk) Claim(ctx context.Context, id webcare.CaseID, by webcare.Actor) (Hand, error) {
	now := d.Now()
	held, version, err := d.holder(ctx, id)
	if err != nil {
		return Hand{}, err
	}
	if held.By != "" && held.By != by.ID {
		return held, webcare.Conflictf("%s works on this case", held.Name)
	}
	h := Hand{By: by.ID, Name: by.Name, Until: now.Add(ClaimTerm).UTC()}
	body, err := json.Marshal(h)
	if err != nil {
		return Hand{}, err
	}
	return h, d.Store.Records.Put(ctx, webcare.Record{Kind: claimKind, Key: string(id), Version: version, Body: body, Expires: h.Until}, now)
}

// Holder returns who works on the case, the zero Hand for nobody.
func (d *Desk) Holder(ctx context.Context, id webcare.CaseID) (Hand, error) {
	h, _, err := d.holder(ctx, id)
	return h, err
}

func (d *Desk) holder(ctx context.Context, id webcare.CaseID) (Hand, int64, error) {
	rec, err := d.Store.Records.Get(ctx, claimKind, string(id), d.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return Hand{}, 0, nil
	}
	if err != nil {
		return Hand{}, 0, err
	}
	var h Hand
	return h, rec.Version, json.Unmarshal(rec.Body, &h)
}

// Release ends a person's claim; another's is left alone.
func (d *Desk) Release(ctx context.Context, id webcare.CaseID, by webcare.Actor) error {
	h, _, err := d.holder(ctx, id)
	if err != nil || h.By != by.ID {
		return err
	}
	return d.Store.Records.Remove(ctx, claimKind, string(id))
}

func editKey(id webcare.CaseID, by webcare.Actor) string { return string(id) + "/" + by.ID }

// SaveEdit keeps what a person has typed. The last one holds.
func (d *Desk) SaveEdit(ctx context.Context, id webcare.CaseID, by webcare.Actor, e Edit) error {
	now := d.Now()
	e.At = now.UTC()
	return d.put(ctx, editKind, editKey(id, by), e, now.Add(EditTerm))
}

// LoadEdit returns what a person has typed, nil for nothing.
func (d *Desk) LoadEdit(ctx context.Context, id webcare.CaseID, by webcare.Actor) (*Edit, error) {
	rec, err := d.Store.Records.Get(ctx, editKind, editKey(id, by), d.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var e Edit
	return &e, json.Unmarshal(rec.Body, &e)
}

// DropEdit forgets what a person has typed.
func (d *Desk) DropEdit(ctx context.Context, id webcare.CaseID, by webcare.Actor) error {
	return d.Store.Records.Remove(ctx, editKind, editKey(id, by))
}
