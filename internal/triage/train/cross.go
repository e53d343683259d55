package main

import "webcare.example/responder/internal/triage/model"

// crossed holds the scores of the second models, each message scored by models
// fitted on the other half, so that thresholds and reports are honest.
type crossed struct {
	types [][]int32
	held  [][]bool // labels of the message as a whole, in the order of MessageOutputs
}

func crossScores(all []*prepared, w *model.Weights, inputs [][]float64, raws []model.Raw) crossed {
	c := crossed{types: make([][]int32, len(all)), held: make([][]bool, len(all))}
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
			c.types[i] = types
			for _, s := range other.Second[len(types):] {
				c.held[i] = append(c.held[i], s.SecondScore(in) >= s.Threshold)
				if s.Label == "complaint" {
					c.held[i][0] = model.Complains(s.SecondScore(in), s.Threshold, types)
				}
			}
		}
	}
	return c
}
