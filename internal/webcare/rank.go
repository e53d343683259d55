package webcare

import (
	"cmp"
	"math"
	"slices"
)

// Ranked is a case found by Rank.
type Ranked struct {
	Case  CaseID
	Score float64
}

// Rank orders cases by BM25 (k1 1.2, b 0.75; Robertson and Zaragoza, "The
// Probabilistic Relevance Framework", 2009) over the postings of the terms
// asked for. Ties go to the newer case. With all set, only cases that carry
// every term count.
func Rank(postings []Posting, terms []string, all bool, limit int) []Ranked {
	const k1, b = 1.2, 0.75
	byTerm := map[string]int{}
	docs := map[CaseID]int{}
	total := 0
	for _, p := range postings {
		byTerm[p.Term]++
		if _, seen := docs[p.Case]; !seen {
			total += p.Size
		}
		docs[p.Case] = p.Size
	}
	if len(docs) == 0 {
		return nil
	}
	mean := math.Max(1, float64(total)/float64(len(docs)))
	score, hits := map[CaseID]float64{}, map[CaseID]int{}
	for _, p := range postings {
		df, n, tf := float64(byTerm[p.Term]), float64(len(docs)), float64(p.Count)
		idf := math.Log(1 + (n-df+0.5)/(df+0.5))
		score[p.Case] += idf * tf * (k1 + 1) / (tf + k1*(1-b+b*float64(p.Size)/mean))
		hits[p.Case]++
	}
	var out []Ranked
	for id, s := range score {
		if !all || hits[id] >= len(slices.Compact(slices.Sorted(slices.Values(terms)))) {
			out = append(out, Ranked{id, s})
		}
	}
	slices.SortFunc(out, func(x, y Ranked) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(y.Case, x.Case))
	})
	return out[:min(len(out), limit)]
}
