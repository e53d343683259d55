package triage

import (
	"cmp"
	"math"
	"slices"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// evidence gives the clause that shows friction type i best, with the clauses
// beside it in the same sentence that show it too, and other places where it
// is as clear: one in a message, two in a column.
func (r *reading) evidence(i int) []webcare.Span {
	shown := r.shown(i)
	order := make([]int, len(shown))
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(shown[b], shown[a]) })
	places, least := 2, int32(model.Unit)
	if r.column != nil {
		places, least = 3, -model.Unit
	}
	spans := []webcare.Span{}
	for _, c := range order {
		if len(spans) == places {
			break
		}
		clause := r.doc.Clauses[c].Span
		if len(spans) > 0 && (r.raw.Clauses[c][i] <= least || slices.ContainsFunc(spans, func(s webcare.Span) bool { return inside(s, clause) })) {
			continue
		}
		spans = append(spans, r.widen(c, i))
	}
	slices.SortFunc(spans, func(a, b webcare.Span) int { return cmp.Compare(a.Start, b.Start) })
	return spans
}

// shown scores each clause as evidence of friction type i: what the clause
// itself says, what the sentences around it say, and whether anything at all
// went wrong in it.
func (r *reading) shown(i int) []int32 {
	anything := len(r.types) + 1
	shown := make([]int32, len(r.raw.Clauses))
	for c := range shown {
		shown[c] = math.MinInt32
	}
	for w, win := range r.doc.Windows() {
		for c := win.First; c < win.End; c++ {
			shown[c] = max(shown[c], r.raw.Clauses[c][i]+r.raw.Windows[w][i]/2+r.raw.Clauses[c][anything]/4)
		}
	}
	return shown
}

// widen joins to clause c its neighbours in the same sentence that score for
// the type as well; a very short clause takes the one before it.
func (r *reading) widen(c, i int) webcare.Span {
	clauses, scores := r.doc.Clauses, r.raw.Clauses
	first, last := c, c
	wanted := min(scores[c][i]/2, model.Unit/2)
	for first > 0 && clauses[first-1].Sentence == clauses[c].Sentence && scores[first-1][i] >= wanted {
		first--
	}
	for last+1 < len(clauses) && clauses[last+1].Sentence == clauses[c].Sentence && scores[last+1][i] >= wanted {
		last++
	}
	return r.span(clauses[first].Start, clauses[last].End)
}

func (r *reading) span(start, end int) webcare.Span {
	return webcare.Span{Start: start, End: end, Text: r.text[start:end]}
}

func inside(outer, s webcare.Span) bool { return s.Start >= outer.Start && s.End <= outer.End }

// join appends clause c to spans, or lengthens the last one where c follows it.
func (r *reading) join(spans []webcare.Span, c int) []webcare.Span {
	s := r.doc.Clauses[c].Span
	if n := len(spans); n > 0 && c > 0 && spans[n-1].End == r.doc.Clauses[c-1].End && r.doc.Clauses[c-1].Sentence == r.doc.Clauses[c].Sentence {
		spans[n-1] = r.span(spans[n-1].Start, s.End)
		return spans
	}
	return append(spans, s)
}
