package console

import (
	"context"
	"errors"
	"slices"
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// customer is what else we know: other cases of the same person, and how
// others with the same trouble were answered.
type customer struct {
	Own     []webcare.Head // by the same author on the same channel
	Linked  []webcare.Head // confirmed by a person
	Maybe   []webcare.Head // the same name elsewhere: a person may link them
	Similar []similar
}

// similar is an answered case much like this one, with what was answered.
type similar struct {
	webcare.Head
	Answer string
}

// Bounds of what a case page looks up, whatever stands in the store.
const (
	historySize     = 6
	similarSize     = 3
	similarTerms    = 10
	similarPostings = 60
	similarLooks    = 12 // heads read to find answered ones
)

func (s *Server) customer(ctx context.Context, u User, c *webcare.Case) (customer, error) {
	var out customer
	h := c.Head
	seen := map[webcare.CaseID]bool{h.ID: true}
	var err error
	take := func(ids []webcare.CaseID, keep func(webcare.Head) bool) (heads []webcare.Head) {
		for _, id := range ids {
			if err != nil || seen[id] || len(heads) == historySize {
				continue
			}
			o, herr := s.store.Cases.Head(ctx, id)
			if errors.Is(herr, webcare.ErrNotFound) {
				continue // erased since
			}
			if err = herr; err == nil && u.sees(o.Brand) && keep(o) {
				seen[id] = true
				heads = append(heads, o)
			}
		}
		return heads
	}
	out.Linked = take(h.Links, func(webcare.Head) bool { return true })
	if id := h.Customer(); id != "" && err == nil {
		ids, serr := s.find(ctx, h.Brand, []string{id.Term()}, true, historySize+1)
		if serr != nil {
			return out, serr
		}
		out.Own = take(ids, func(o webcare.Head) bool { return strings.EqualFold(string(o.Customer()), string(id)) })
	}
	if name := strings.Fields(h.Author.Name); len(name) > 1 && err == nil {
		ids, serr := s.find(ctx, h.Brand, text.Terms(h.Author.Name), true, similarLooks)
		if serr != nil {
			return out, serr
		}
		out.Maybe = take(ids, func(o webcare.Head) bool { return strings.EqualFold(o.Author.Name, h.Author.Name) })
	}
	if err != nil {
		return out, err
	}
	out.Similar, err = s.similar(ctx, c)
	return out, err
}

// find returns cases by rank.
func (s *Server) find(ctx context.Context, brandID string, terms []string, all bool, limit int) ([]webcare.CaseID, error) {
	postings, err := s.store.Search.Postings(ctx, brandID, "case", terms, similarPostings)
	if err != nil {
		return nil, err
	}
	var out []webcare.CaseID
	for _, r := range webcare.Rank(postings, terms, all, limit) {
		out = append(out, r.Case)
	}
	return out, nil
}

// similar looks for answered cases in which customers used the same words:
// first among approved replies, then among all cases.
func (s *Server) similar(ctx context.Context, c *webcare.Case) ([]similar, error) {
	terms := telling(text.Terms(c.UnansweredText()))
	if len(terms) == 0 {
		return nil, nil
	}
	var out []similar
	seen := map[webcare.CaseID]bool{c.Head.ID: true}
	for _, set := range []string{"example", "case"} {
		postings, err := s.store.Search.Postings(ctx, c.Head.Brand, set, terms, similarPostings)
		if err != nil {
			return nil, err
		}
		for _, r := range webcare.Rank(postings, terms, false, similarLooks) {
			if seen[r.Case] || len(out) == similarSize {
				continue
			}
			seen[r.Case] = true
			x, ok, err := s.answered(ctx, r.Case, c.Head)
			if err != nil {
				return nil, err
			}
			if ok {
				out = append(out, x)
			}
		}
	}
	return out, nil
}

// answered returns a case with its answer, if it has one that bears on h.
func (s *Server) answered(ctx context.Context, id webcare.CaseID, h webcare.Head) (similar, bool, error) {
	o, err := s.store.Cases.Head(ctx, id)
	if errors.Is(err, webcare.ErrNotFound) {
		return similar{}, false, nil
	}
	same := slices.ContainsFunc(o.Frictions, func(f webcare.FrictionType) bool { return slices.Contains(h.Frictions, f) })
	if err != nil || !same || (o.Status != webcare.StatusAnswered && o.Status != webcare.StatusClosed) {
		return similar{}, false, err
	}
	c, err := s.store.Load(ctx, id)
	if err != nil {
		return similar{}, false, err
	}
	for _, e := range slices.Backward(c.Conversation()) {
		if e.Value.Ours {
			return similar{o, e.Value.Text}, true, nil
		}
	}
	return similar{}, false, nil
}

// telling keeps the longest words: they say most.
func telling(terms []string) []string {
	terms = slices.Compact(slices.Sorted(slices.Values(terms)))
	slices.SortStableFunc(terms, func(x, y string) int { return len(y) - len(x) })
	return terms[:min(len(terms), similarTerms)]
}
