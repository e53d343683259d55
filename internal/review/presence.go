package review

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Presence is which case a person has open just now.
type Presence struct {
	By    string         `json:"by"`
	Name  string         `json:"name"`
	Case  webcare.CaseID `json:"case"`
	Until time.Time      `json:"until"`
}

// presenceKind keeps one record a person, so that asking who is here reads as
// many records as there are colleagues, however many cases there are.
const presenceKind = "presence"

// Be notes that a person has a case open, for ClaimTerm.
func (d *Desk) Be(ctx context.Context, by webcare.Actor, id webcare.CaseID) error {
	now := d.Now()
	return d.put(ctx, presenceKind, by.ID, Presence{By: by.ID, Name: by.Name, Case: id, Until: now.Add(ClaimTerm).UTC()}, now.Add(ClaimTerm))
}

// Leave ends a person's claim and presence on a case. Where they have gone on
// to another case, that presence stays.
func (d *Desk) Leave(ctx context.Context, by webcare.Actor, id webcare.CaseID) error {
	if err := d.Release(ctx, id, by); err != nil {
		return err
	}
	rec, err := d.Store.Records.Get(ctx, presenceKind, by.ID, d.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return nil
	}
	var p Presence
	if err == nil {
		err = json.Unmarshal(rec.Body, &p)
	}
	if err != nil || p.Case != id {
		return err
	}
	return d.Store.Records.Remove(ctx, presenceKind, by.ID)
}

// Present returns who has which case open, by the person's id.
func (d *Desk) Present(ctx context.Context) ([]Presence, error) {
	return scan[Presence](ctx, d, presenceKind, "")
}

// maxScan bounds how many records of a kind one page asks for.
const maxScan = 200

// scan returns the records of a kind under a prefix, by key.
func scan[T any](ctx context.Context, d *Desk, kind, prefix string) ([]T, error) {
	records, _, err := d.Store.Records.Scan(ctx, kind, prefix, "", maxScan, d.Now())
	if err != nil {
		return nil, err
	}
	out := make([]T, len(records))
	for i, r := range records {
		if err := json.Unmarshal(r.Body, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// put stores a record whatever stood there: the last one holds.
func (d *Desk) put(ctx context.Context, kind, key string, value any, expires time.Time) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	now := d.Now()
	for try := 0; ; try++ {
		var version int64
		rec, err := d.Store.Records.Get(ctx, kind, key, now)
		if err == nil {
			version = rec.Version
		} else if !errors.Is(err, webcare.ErrNotFound) {
			return err
		}
		err = d.Store.Records.Put(ctx, webcare.Record{Kind: kind, Key: key, Version: version, Body: body, Expires: expires}, now)
		if !errors.Is(err, webcare.ErrConflict) || try == 5 {
			return err
		}
	}
}
