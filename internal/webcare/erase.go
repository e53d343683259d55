package webcare

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Erasure of a customer: texts, names, addresses, files and ids go; what was
// counted stays, so that the tallies still equal the events. A case keeps its
// dates, labels, statuses and who of us decided what.
//
// What was erased is noted by digests alone: a message that comes in again is
// refused (WasErased), and a restored backup is erased anew (EraseAgain).

// Record kinds of the notes: erased messages by claim, erased customers.
const (
	erasedKind  = "erased"
	erasureKind = "erasure"
)

// Erasure is the note of one erased customer: who it was cannot be read from it.
type Erasure struct {
	Key string    `json:"key"` // digest of brand and customer
	At  time.Time `json:"at"`  // what came in before is erased
}

// ErasureKey is what an erasure is noted under.
func ErasureKey(brand string, id CustomerID) string {
	return Digest([]byte("customer\n" + brand + "\n" + strings.ToLower(string(id))))
}

// HeldError says that a lead's hold keeps cases from being erased. It is of
// kind ErrConflict.
type HeldError struct{ Cases []CaseID }

func (e *HeldError) Error() string {
	return fmt.Sprintf("conflict: a hold keeps %v from being erased: lift it first", e.Cases)
}

// Is makes it a kind of ErrConflict.
func (e *HeldError) Is(target error) bool { return target == ErrConflict }

// CasesOf returns the heads of all cases of a customer of a brand. It reads
// every head of the brand: an index may have lost one, an erasure must not.
func (s *Store) CasesOf(ctx context.Context, brand string, id CustomerID) (out []Head, err error) {
	defer Wrap(&err, "CasesOf")
	if id == "" {
		return nil, Invalidf("customer: empty")
	}
	err = s.eachHead(ctx, Query{Brands: []string{brand}, Statuses: Statuses(), Limit: MaxPage,
		Match: func(h Head) bool { return strings.EqualFold(string(h.Customer()), string(id)) }}, func(h Head) error {
		out = append(out, h)
		return nil
	})
	return out, err
}

func (s *Store) eachHead(ctx context.Context, q Query, f func(Head) error) error {
	seen := map[CaseID]bool{} // a case that changes status meanwhile is met twice
	for more := true; more; more = q.Cursor != "" {
		page, err := s.Cases.List(ctx, q)
		if err != nil {
			return err
		}
		q.Cursor = page.Next
		for _, h := range page.Heads {
			if seen[h.ID] {
				continue
			}
			seen[h.ID] = true
			if err := f(h); err != nil {
				return err
			}
		}
	}
	return nil
}

// EraseCustomer erases all cases of a customer of a brand. forget deletes what
// other packages keep of a case; nil for nothing. *HeldError: nothing was
// erased. After any other error, erase again: it goes on where it stopped.
func (s *Store) EraseCustomer(ctx context.Context, brand string, id CustomerID, now time.Time, forget func(context.Context, CaseID) error) (n int, err error) {
	defer Wrap(&err, "EraseCustomer")
	heads, err := s.CasesOf(ctx, brand, id)
	if err != nil {
		return 0, err
	}
	held := &HeldError{}
	for _, h := range heads {
		if h.Held {
			held.Cases = append(held.Cases, h.ID)
		}
	}
	if len(held.Cases) > 0 {
		return 0, held
	}
	if err := s.noteErasure(ctx, Erasure{ErasureKey(brand, id), now.UTC()}, now); err != nil {
		return 0, err
	}
	for _, h := range heads {
		if err := s.EraseCase(ctx, h.ID, now, forget); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Store) noteErasure(ctx context.Context, e Erasure, now time.Time) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	rec, err := s.Records.Get(ctx, erasureKind, e.Key, now)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	var have Erasure
	if err == nil && json.Unmarshal(rec.Body, &have) == nil && have.At.After(e.At) {
		return nil
	}
	return s.Records.Put(ctx, Record{Kind: erasureKind, Key: e.Key, Version: rec.Version, Body: body}, now)
}

// Erasures returns the notes of all erased customers, to be kept beside the
// backups.
func (s *Store) Erasures(ctx context.Context, now time.Time) (out []Erasure, err error) {
	for cursor, more := "", true; more; more = cursor != "" {
		var recs []Record
		if recs, cursor, err = s.Records.Scan(ctx, erasureKind, "", cursor, MaxPage, now); err != nil {
			return nil, err
		}
		for _, r := range recs {
			var e Erasure
			if err := json.Unmarshal(r.Body, &e); err != nil {
				return nil, fmt.Errorf("note of an erasure: %w", err)
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// EraseAgain erases what a restore has brought back: cases of customers in the
// notes that came in before their erasure. Notes given are kept with those of
// the store. It returns how many cases it erased; held ones are left.
func (s *Store) EraseAgain(ctx context.Context, brands []string, notes []Erasure, now time.Time, forget func(context.Context, CaseID) error) (n int, err error) {
	defer Wrap(&err, "EraseAgain")
	for _, e := range notes {
		if err := s.noteErasure(ctx, e, now); err != nil {
			return 0, err
		}
	}
	if notes, err = s.Erasures(ctx, now); err != nil || len(notes) == 0 {
		return 0, err
	}
	at := map[string]time.Time{}
	for _, e := range notes {
		at[e.Key] = e.At
	}
	var due []CaseID
	err = s.eachHead(ctx, Query{Brands: brands, Statuses: Statuses(), Limit: MaxPage}, func(h Head) error {
		if id := h.Customer(); id != "" && !h.Held && h.ReceivedAt.Before(at[ErasureKey(h.Brand, id)]) {
			due = append(due, h.ID)
		}
		return nil
	})
	for _, id := range due {
		if err != nil {
			return n, err
		}
		if err = s.EraseCase(ctx, id, now, forget); err == nil {
			n++
		}
	}
	return n, err
}

// Expire erases the ended cases of a brand about which nothing has happened
// since before, and returns how many. Held ones are left.
func (s *Store) Expire(ctx context.Context, brand string, before, now time.Time, forget func(context.Context, CaseID) error) (n int, err error) {
	defer Wrap(&err, "Expire(%s)", brand)
	from := Head{Status: StatusClosed, UpdatedAt: before}
	q := Query{Brands: []string{brand}, Statuses: []Status{StatusClosed, StatusIgnored}, Limit: MaxPage, Cursor: from.QueueKey(),
		Match: func(h Head) bool { return h.ErasedAt.IsZero() && !h.Held && h.UpdatedAt.Before(before) }}
	var due []CaseID
	if err := s.eachHead(ctx, q, func(h Head) error { due = append(due, h.ID); return nil }); err != nil {
		return 0, err
	}
	for _, id := range due {
		if err := s.EraseCase(ctx, id, now, forget); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// WasErased reports whether a message of this claim was erased: it is not to
// be taken in again.
func (s *Store) WasErased(ctx context.Context, c Claim, now time.Time) (bool, error) {
	_, err := s.Records.Get(ctx, erasedKind, claimDigest(c), now)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func claimDigest(c Claim) string { return Digest([]byte("erased\n" + c.String())) }
