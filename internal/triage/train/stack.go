package main

import (
	"math"
	"slices"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// fitMix learns how clause and window scores make one score per friction
// type: weights common to all types, and a bias of each.
func fitMix(all []*prepared, raws []model.Raw) ([]int32, []model.TypeHeader) {
	types := webcare.FrictionTypes()
	x := make([][][]float64, len(types))
	y := make([][]bool, len(types))
	for t := range types {
		for i, p := range all {
			x[t] = append(x[t], toFloats(raws[i].Mix(t)))
			y[t] = append(y[t], slices.Contains(p.Types(), types[t]))
		}
	}
	weights, bias := descend(x, y)
	mix := make([]int32, len(weights))
	for k, w := range weights {
		mix[k] = int32(math.Round(w * model.Unit))
	}
	headers := make([]model.TypeHeader, len(types))
	for t := range types {
		headers[t].Bias = int32(math.Round(bias[t] * model.Unit))
	}
	return mix, headers
}

func toFloats(v [model.MixSize]int32) []float64 {
	f := make([]float64, len(v))
	for i, x := range v {
		f[i] = float64(x) / model.Unit
	}
	return f
}

var mixSteps = 250

// descend fits common weights and a bias per type, the biases drawn to each other a little.
func descend(x [][][]float64, y [][]bool) (weights, bias []float64) {
	n := len(x[0][0])
	weights = make([]float64, n)
	bias = make([]float64, len(x))
	for t := range bias {
		bias[t] = -1
	}
	weights[0], weights[2] = 0.4, 0.4
	vw, vb := make([]float64, n), make([]float64, len(x))
	gw, gb := make([]float64, n), make([]float64, len(x))
	for range mixSteps {
		clear(gw)
		clear(gb)
		total := 0
		for t := range x {
			for i, row := range x[t] {
				s := bias[t]
				for k, v := range row {
					s += float64(weights[k] * v)
				}
				g := float64(sigmoidOf(float32(s)))
				if y[t][i] {
					g--
				}
				for k, v := range row {
					gw[k] += float64(g * v)
				}
				gb[t] += g
			}
			total += len(x[t])
		}
		for k := range n {
			vw[k] = float64(0.9*vw[k]) - float64(0.3*gw[k])/float64(total)
			weights[k] += vw[k]
		}
		for t := range bias {
			vb[t] = float64(0.9*vb[t]) - float64(0.5*gb[t])/float64(len(x[t])) - 0.0005*bias[t]
			bias[t] += vb[t]
		}
	}
	return weights, bias
}

// tuneThresholds picks, per type, the score that gives the best F1, drawn
// towards the one that is best for all types together.
func tuneThresholds(all []*prepared, w *model.Weights, scores [][]int32) {
	types := webcare.FrictionTypes()
	counts := func(t int, threshold int32) (tp, fp, fn int) {
		for i, p := range all {
			is := slices.Contains(p.Types(), types[t])
			given := scores[i][t] >= threshold
			switch {
			case is && given:
				tp++
			case given:
				fp++
			case is:
				fn++
			}
		}
		return
	}
	common, best := int32(0), -1.0
	for th := int32(-2 * model.Unit); th <= 2*model.Unit; th += model.Unit / 16 {
		tp, fp, fn := 0, 0, 0
		for t := range types {
			a, b, c := counts(t, th)
			tp, fp, fn = tp+a, fp+b, fn+c
		}
		if f := f1(tp, fp, fn); f > best {
			common, best = th, f
		}
	}
	for t := range types {
		own, best := common, -1.0
		for th := common - model.Unit; th <= common+model.Unit; th += model.Unit / 16 {
			tp, fp, fn := counts(t, th)
			// A prior of some messages decided at the common threshold steadies rare types.
			f := f1(tp, fp, fn) - math.Abs(float64(th-common))/model.Unit*0.03
			if f > best {
				own, best = th, f
			}
		}
		w.Types[t].Threshold = (own + common) / 2
	}
}

func f1(tp, fp, fn int) float64 {
	if tp == 0 {
		return 0
	}
	return 2 * float64(tp) / float64(2*tp+fp+fn)
}

// secondInputs lays out what the second models look at, for each message.
func secondInputs(w *model.Weights, raws []model.Raw) [][]float64 {
	inputs := make([][]float64, len(raws))
	for i := range raws {
		for _, v := range model.SecondInput(raws[i], w.FirstScores(raws[i])) {
			inputs[i] = append(inputs[i], float64(v)/model.Unit/secondScale)
		}
	}
	return inputs
}

// secondScale brings scores near one, so that descent is even.
const secondScale = 4

// secondLabels names the second models: friction types first, in the order of
// the taxonomy, then the labels of the message as a whole.
func secondLabels() []string {
	var labels []string
	for _, t := range webcare.FrictionTypes() {
		labels = append(labels, model.TypePrefix+string(t))
	}
	return append(labels, model.MessageOutputs()...)
}

// fitSecond learns the second models on the given messages. Each begins as
// the first score of its own label and departs from it as far as the
// messages ask for.
func fitSecond(all []*prepared, inputs [][]float64, types []model.TypeHeader) []model.Second {
	own := len(model.MessageOutputs())
	var second []model.Second
	for o, label := range secondLabels() {
		y := make([]bool, len(all))
		for i, p := range all {
			y[i] = p.is(label)
		}
		prior := make([]float64, len(inputs[0]))
		strictness := 0.003
		if o < len(types) {
			prior[own+o] = secondScale
			strictness = peerStrictness
		} else {
			prior[o-len(types)] = 2
		}
		m := fitLogistic(inputs, y, strictness, prior, secondSteps)
		s := model.Second{Label: label, Bias: int32(math.Round(m.bias * model.Unit))}
		for _, v := range m.weights {
			s.Weights = append(s.Weights, int32(math.Round(v/secondScale*model.Unit)))
		}
		if o >= len(types) {
			s.Threshold = bestThreshold(m, inputs, y)
		}
		second = append(second, s)
	}
	return second
}

var (
	peerStrictness = 0.02
	secondSteps    = 80
)

// bestThreshold picks the score from which a label holds: the best F1, for a
// label that most messages have the best mean of its F1 and that of its absence.
func bestThreshold(m logistic, x [][]float64, y []bool) int32 {
	scores := make([]float64, len(x))
	positive := 0
	for i, row := range x {
		scores[i] = m.score(row)
		if y[i] {
			positive++
		}
	}
	common := positive*2 > len(y)
	best, at := -1.0, 0.0
	for th := -5.0; th <= 2.5; th += 0.125 {
		tp, fp, fn, tn := 0, 0, 0, 0
		for i, score := range scores {
			given := score >= th
			switch {
			case given && y[i]:
				tp++
			case given:
				fp++
			case y[i]:
				fn++
			default:
				tn++
			}
		}
		f := f1(tp, fp, fn)
		if common {
			f = (f + f1(tn, fn, fp)) / 2
		}
		if f -= math.Abs(th) * 0.003; f > best {
			best, at = f, th
		}
	}
	return int32(at * model.Unit)
}
