package console

import (
	"context"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

// countedCases says how many there are, and how often it was asked.
type countedCases struct {
	webcare.Cases
	n, asked int
}

func (c *countedCases) Count(_ context.Context, _ webcare.Query, limit int) (int, error) {
	c.asked++
	return min(c.n, limit+1), nil
}

// TestCountsRememberOnlyTheMany: what is more than is counted is not asked for
// again at once; what is fewer is, so that no number is ever old.
func TestCountsRememberOnlyTheMany(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	store, c := &countedCases{n: countLimit + 500}, counts{}
	review := webcare.Query{Brands: []string{"a"}, Statuses: []webcare.Status{webcare.StatusInReview}}
	mine := review
	mine.Assignee = "lea"
	for _, step := range []struct {
		q           webcare.Query
		after       time.Duration
		n, want, of int
	}{
		{review, 0, countLimit + 500, countLimit + 1, 1},
		{review, 29 * time.Second, 7, countLimit + 1, 1}, // remembered
		{mine, 29 * time.Second, 7, 7, 2},                // another question
		{review, 30 * time.Second, 7, 7, 3},
		{review, 30 * time.Second, 6, 6, 4}, // a few are counted each time
	} {
		store.n = step.n
		got, err := c.of(t.Context(), store, step.q, now.Add(step.after))
		if err != nil || got != step.want || store.asked != step.of {
			t.Errorf("after %s: %d, asked %d times, want %d and %d (%v)", step.after, got, store.asked, step.want, step.of, err)
		}
	}
}
