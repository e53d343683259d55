package triage

import (
	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// evidence gives the clause that shows friction type i best, with the clauses
// beside it in the same sentence that show it too, and a second place where
// it is as clear.
func (r *reading) evidence(i int) []webcare.Span {
	best, second := -1, -1
	for c, scores := range r.raw.Clauses {
		switch {
		case best < 0 || scores[i] > r.raw.Clauses[best][i]:
			best, second = c, best
		case second < 0 || scores[i] > r.raw.Clauses[second][i]:
			second = c
		}
	}
	if best < 0 {
		return []webcare.Span{}
	}
	spans := []webcare.Span{r.widen(best, i)}
	if second >= 0 && r.raw.Clauses[second][i] > model.Unit && !inside(spans[0], r.doc.Clauses[second].Span) {
		spans = append(spans, r.widen(second, i))
		if spans[1].Start < spans[0].Start {
			spans[0], spans[1] = spans[1], spans[0]
		}
	}
	return spans
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
