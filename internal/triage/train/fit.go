package main

import (
	"math"
	"slices"
)

// sample is one stretch of text to learn from: its features as rows of the
// table, and what is true of it. A label is 1, 0, or masked.
type sample struct {
	rows   []int32
	length int // features before those not in the table were left out
	labels []int8
}

const masked = -1

// eps keeps the first steps of a rare feature small.
const eps = 5e-3

// fit learns logistic weights, one column a label, by stochastic gradient with
// a step per weight (AdaGrad). The order of samples follows from seed alone.
// Products are converted explicitly, so that no machine fuses them with a sum.
type fit struct {
	outputs int
	rows    int
	values  []float32 // per row: how strong its group speaks
	weights []float32
	squares []float32
	bias    []float32
	biasSq  []float32
	sum     []float32 // of the weights after the last epochs
	biasSum []float32
	summed  int
}

type settings struct {
	epochs int
	rate   float32
}

func newFit(rows, outputs int, values []float32) *fit {
	return &fit{outputs: outputs, rows: rows, values: values,
		weights: make([]float32, rows*outputs), squares: make([]float32, rows*outputs),
		bias: make([]float32, outputs), biasSq: make([]float32, outputs)}
}

func (f *fit) train(samples []sample, s settings) {
	for o := range f.outputs {
		f.bias[o] = -3
	}
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	rnd := uint64(88172645463325252)
	margins := make([]float32, f.outputs)
	for epoch := range s.epochs {
		shuffle(order, &rnd)
		rate := s.rate * (1 - 0.8*float32(epoch)/float32(s.epochs))
		for _, i := range order {
			f.step(&samples[i], margins, rate)
		}
		if epoch >= s.epochs-averaged {
			f.remember()
		}
	}
	f.average()
}

// averaged is over how many of the last epochs the weights are averaged: where
// the last samples pulled them matters less.
const averaged = 6

func (f *fit) remember() {
	if f.sum == nil {
		f.sum, f.biasSum = make([]float32, len(f.weights)), make([]float32, len(f.bias))
	}
	for i, w := range f.weights {
		f.sum[i] += w
	}
	for o, b := range f.bias {
		f.biasSum[o] += b
	}
	f.summed++
}

func (f *fit) average() {
	if f.summed == 0 {
		return
	}
	for i, v := range f.sum {
		f.weights[i] = v / float32(f.summed)
	}
	for o, v := range f.biasSum {
		f.bias[o] = v / float32(f.summed)
	}
}

func shuffle(order []int, rnd *uint64) {
	for i := len(order) - 1; i > 0; i-- {
		x := *rnd
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		*rnd = x
		j := int(x % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}

func (f *fit) step(s *sample, margins []float32, rate float32) {
	norm := inverseRoot(s.length)
	f.margins(s, margins, norm)
	active := make([]int, 0, 16)
	for o, m := range margins {
		y := s.labels[o]
		if y == masked {
			continue
		}
		g := sigmoidOf(m)
		if y == 1 {
			g--
		}
		if g > 0.004 || g < -0.004 {
			margins[o] = g
			active = append(active, o)
			f.biasSq[o] += float32(g * g)
			f.bias[o] -= float32(rate*g) / root(f.biasSq[o]+1)
		}
	}
	for _, r := range s.rows {
		v := f.values[r] * norm
		at := int(r) * f.outputs
		w, sq := f.weights[at:at+f.outputs], f.squares[at:at+f.outputs]
		for _, o := range active {
			g := float32(margins[o] * v)
			sq[o] += float32(g * g)
			w[o] -= float32(rate*g) / root(sq[o]+eps)
		}
	}
}

func (f *fit) margins(s *sample, margins []float32, norm float32) {
	copy(margins, f.bias)
	for _, r := range s.rows {
		v := f.values[r] * norm
		at := int(r) * f.outputs
		w := f.weights[at : at+f.outputs]
		for o := range w {
			margins[o] += float32(w[o] * v)
		}
	}
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func inverseRoot(n int) float32 {
	if n <= 1 {
		return 1
	}
	return float32(1 / math.Sqrt(float64(n)))
}

// sigmoidTable holds 1/(1+exp(-x)) for x from -16 to 16, built with sums and
// products alone, so that every machine builds the same.
var sigmoidTable = buildSigmoid()

const sigmoidSteps = 4096

func buildSigmoid() []float32 {
	t := make([]float32, sigmoidSteps+1)
	for i := range t {
		x := float64(i)*32/sigmoidSteps - 16
		t[i] = float32(1 / (1 + expOf(-x)))
	}
	return t
}

// expOf is (1+x/2^20)^(2^20), near enough to exp and the same everywhere.
func expOf(x float64) float64 {
	y := 1 + x/(1<<20)
	for range 20 {
		y = float64(y * y)
	}
	return y
}

func sigmoidOf(x float32) float32 {
	at := int((x + 16) * (sigmoidSteps / 32))
	return sigmoidTable[min(max(at, 0), sigmoidSteps)]
}

// logistic fits a small dense model by full gradient descent with momentum.
type logistic struct {
	weights []float64
	bias    float64
}

func fitLogistic(x [][]float64, y []bool, l2 float64, prior []float64, steps int) logistic {
	n := len(x[0])
	m := logistic{weights: slices.Clone(prior)}
	if m.weights == nil {
		m.weights = make([]float64, n)
	}
	start := slices.Clone(m.weights)
	velocity := make([]float64, n+1)
	grad := make([]float64, n+1)
	for range steps {
		clear(grad)
		for i, row := range x {
			g := float64(sigmoidOf(float32(m.score(row))))
			if y[i] {
				g--
			}
			for k, v := range row {
				grad[k] += float64(g * v)
			}
			grad[n] += g
		}
		scale := 1 / float64(len(x))
		for k := range n {
			velocity[k] = float64(0.9*velocity[k]) - float64(0.15*(float64(grad[k]*scale)+float64(l2*(m.weights[k]-start[k]))))
			m.weights[k] += velocity[k]
		}
		velocity[n] = float64(0.9*velocity[n]) - float64(0.15*float64(grad[n]*scale))
		m.bias += velocity[n]
	}
	return m
}

func (m logistic) score(row []float64) float64 {
	s := m.bias
	for k, v := range row {
		s += float64(m.weights[k] * v)
	}
	return s
}
