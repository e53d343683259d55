package llm

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"webcare.example/responder/internal/webcare"
)

// budgetKind is the kind of the records that keep what was spent: one per
// brand and day (UTC), kept for 40 days.
const (
	budgetKind = "budget"
	budgetKeep = 40 * 24 * time.Hour
)

// Spent is what a brand's calls of one day took.
type Spent struct {
	Tokens int64 `json:"tokens"`
	Micros int64 `json:"micros"` // millionths of a euro
	Calls  int64 `json:"calls"`
}

// budget keeps what is spent. A call is booked at its worst price before it
// begins and corrected when its count is known: so many callers at once stay
// within the bound, and a call that never came back stays booked.
type budget struct {
	records webcare.Records
	cents   int64
	tokens  int64
}

func (b budget) key(brand string, now time.Time) string {
	return now.UTC().Format(time.DateOnly) + "/" + brand
}

// Spent returns what the brand's calls took on the day of now, UTC.
func (c *Client) Spent(ctx context.Context, brand string, now time.Time) (Spent, error) {
	if c.budget.records == nil {
		return Spent{}, nil
	}
	s, _, err := c.budget.load(ctx, brand, now)
	return s, err
}

func (b budget) load(ctx context.Context, brand string, now time.Time) (Spent, int64, error) {
	rec, err := b.records.Get(ctx, budgetKind, b.key(brand, now), now)
	if errors.Is(err, webcare.ErrNotFound) {
		return Spent{}, 0, nil
	}
	if err != nil {
		return Spent{}, 0, err
	}
	var s Spent
	return s, rec.Version, json.Unmarshal(rec.Body, &s)
}

// book adds u to what is spent, and refuses what goes over the bound.
func (b budget) book(ctx context.Context, brand string, u Usage, now time.Time) error {
	if b.records == nil {
		return nil
	}
	return b.add(ctx, brand, u, 1, now, true)
}

// settle replaces what was booked by what it took. It runs on after ctx ends:
// what was spent is spent.
func (b budget) settle(ctx context.Context, brand string, booked, took Usage, now time.Time) error {
	if b.records == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	change := Usage{TokensIn: took.Tokens() - booked.Tokens(), CostMicros: took.CostMicros - booked.CostMicros}
	return b.add(ctx, brand, change, 0, now, false)
}

// add changes the record by a conditional put, again whenever another caller
// was first.
func (b budget) add(ctx context.Context, brand string, u Usage, calls int64, now time.Time, bounded bool) error {
	const tries = 50
	var err error
	for range tries {
		var s Spent
		var version int64
		if s, version, err = b.load(ctx, brand, now); err != nil {
			break
		}
		s.Tokens, s.Micros, s.Calls = max(0, s.Tokens+u.Tokens()), max(0, s.Micros+u.CostMicros), s.Calls+calls
		if bounded && (b.tokens > 0 && s.Tokens > b.tokens || b.cents > 0 && s.Micros > b.cents*microsPerCent) {
			return &Error{Reason: BudgetSpent}
		}
		var body []byte
		if body, err = json.Marshal(s); err != nil {
			break
		}
		err = b.records.Put(ctx, webcare.Record{Kind: budgetKind, Key: b.key(brand, now), Version: version, Body: body, Expires: now.Add(budgetKeep)}, now)
		if !errors.Is(err, webcare.ErrConflict) {
			break
		}
	}
	if err != nil {
		return &Error{Reason: BudgetUnknown} // better no draft of the model's than an unbounded bill
	}
	return nil
}

const microsPerCent = 10_000
