package main

import "webcare.example/responder/internal/triage/model"

// crossed holds the scores of the second models, each message scored by models
// fitted on the other half, so that thresholds and reports are honest.
type crossed struct {
	types     [][]int32
	complaint []int32        // scores
	by        []model.Header // whose thresholds judge it
	held      [][]bool       // labels of the message as a whole, in the order of MessageOutputs
	given     [][]bool       // friction types
}

func crossScores(all []*prepared, w *model.Weights, inputs [][]float64, raws []model.Raw) crossed {
	n := len(all)
	c := crossed{types: make([][]int32, n), complaint: make([]int32, n), by: make([]model.Header, n), held: make([][]bool, n), given: make([][]bool, n)}
	for half := range 2 {
		var seen []*prepared
		var x [][]float64
		for i, p := range all {
			if i%2 != half {
				seen, x = append(seen, p), append(x, inputs[i])
			}
		}
		other := &model.Weights{}
		other.Mix, other.Types = w.Mix, w.Types
		other.Second = fitSecond(seen, x, w.Types)
		for i := range all {
			if i%2 != half {
				continue
			}
			types, in := other.Scores(raws[i])
			c.types[i], c.by[i] = types, other.Header
			for _, s := range other.Second[len(types):] {
				c.held[i] = append(c.held[i], s.SecondScore(in) >= s.Threshold)
				if s.Label == "complaint" {
					c.complaint[i] = s.SecondScore(in)
				}
			}
		}
	}
	return c
}

// judge labels all messages as the engine would.
func (c *crossed) judge(all []*prepared, raws []model.Raw, w *model.Weights) {
	for i, p := range all {
		h := c.by[i]
		h.Types = w.Types
		c.held[i][0], c.given[i] = h.Judge(c.complaint[i], raws[i].Column(p.doc), c.types[i])
	}
}
