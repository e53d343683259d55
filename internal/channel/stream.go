package channel

import (
	"context"
	"time"
)

// Stream is how far a list that comes newest first was read. While a poll
// pages down, Top is where it began and Page where it goes on; posts that come
// in meanwhile are for the next one.
type Stream struct {
	Mark time.Time `json:"mark,omitzero"` // everything up to here was read
	Top  time.Time `json:"top,omitzero"`
	Page string    `json:"page,omitempty"`
}

// overlap is how much is read again, for posts that were indexed late.
const overlap = 10 * time.Second

// Lister asks for one page; seen are the times of its entries, newest first.
type Lister func(ctx context.Context, page string) (items []Item, seen []time.Time, next string, err error)

// Read reads one page of the list, oldest first, and says whether more follow.
func (s *Stream) Read(ctx context.Context, list Lister) ([]Item, bool, error) {
	items, seen, next, err := list(ctx, s.Page)
	if err != nil {
		return nil, false, err
	}
	if s.Page == "" {
		s.Top = s.Mark
		if len(seen) > 0 && seen[0].After(s.Mark) {
			s.Top = seen[0]
		}
	}
	reached := s.Mark.IsZero() || next == "" || next == s.Page
	out := make([]Item, 0, len(items))
	for i := range items {
		if !s.Mark.IsZero() && seen[i].Before(s.Mark.Add(-overlap)) {
			reached = true
			break
		}
		out = append(out, items[i])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	if reached {
		paged := s.Page != "" // then newer ones may have come in above
		s.Mark, s.Top, s.Page = s.Top, time.Time{}, ""
		return out, paged, nil
	}
	s.Page = next
	return out, true, nil
}
