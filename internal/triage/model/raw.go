package model

import (
	"math/bits"
	"slices"

	"webcare.example/responder/internal/webcare"
)

// The tables of a weights file.
const (
	ClauseTable = iota
	WindowTable
	MessageTable
	TableCount
)

// Outputs of the tables beside the friction types.
const (
	Praise  = "praise"
	AnyKind = "friction"
)

// typeNames are the friction types in the order of the tables.
func typeNames() []string {
	var names []string
	for _, t := range webcare.FrictionTypes() {
		names = append(names, string(t))
	}
	return names
}

// ClauseOutputs names what is scored per clause: friction types, praise, any
// friction at all, and the signals.
func ClauseOutputs() []string {
	names := append(typeNames(), Praise, AnyKind)
	for _, s := range webcare.Signals() {
		names = append(names, "signal:"+string(s))
	}
	return names
}

// WindowOutputs names what is scored per window: friction types.
func WindowOutputs() []string { return typeNames() }

// MessageOutputs names what is scored for the message as a whole.
func MessageOutputs() []string {
	names := []string{"complaint", "negative", "positive"}
	for _, u := range []webcare.Urgency{webcare.Critical, webcare.High, webcare.Normal, webcare.Low} {
		names = append(names, "urgency:"+string(u))
	}
	for _, k := range []webcare.Kind{webcare.KindQuestion, webcare.KindPraise, webcare.KindSuggestion, webcare.KindPress, webcare.KindSpam, webcare.KindOther} {
		names = append(names, "kind:"+string(k))
	}
	for _, s := range webcare.Signals() {
		names = append(names, "signal:"+string(s))
	}
	return names
}

// Raw holds the scores of one document, in Unit.
type Raw struct {
	Clauses  [][]int32 // per clause, ClauseOutputs
	Windows  [][]int32 // per window, WindowOutputs
	Message  []int32   // MessageOutputs
	Parts    [][]int32 // MessageOutputs of each window, as if it were a message
	Stars    int
	Language string
}

// Raw scores a document.
func (w *Weights) Raw(d *Document) Raw {
	var r Raw
	fs := make([]Feature, 0, 1024)
	width := w.tables[ClauseTable].width
	flat := make([]int32, width*len(d.Clauses))
	r.Clauses = make([][]int32, len(d.Clauses))
	for i := range d.Clauses {
		fs = d.ClauseFeatures(fs[:0], i)
		r.Clauses[i] = flat[i*width : (i+1)*width]
		w.Score(ClauseTable, fs, r.Clauses[i])
	}
	for _, win := range d.Windows() {
		out := make([]int32, w.tables[WindowTable].width)
		fs = d.WindowFeatures(fs[:0], win)
		w.Score(WindowTable, fs, out)
		r.Windows = append(r.Windows, out)
		part := make([]int32, w.tables[MessageTable].width)
		w.Score(MessageTable, fs, part)
		r.Parts = append(r.Parts, part)
	}
	r.Message = make([]int32, w.tables[MessageTable].width)
	if len(d.Clauses) > 0 {
		fs = d.WindowFeatures(fs[:0], Window{0, len(d.Clauses)})
	} else {
		fs = fs[:0]
	}
	w.Score(MessageTable, fs, r.Message)
	return r
}

// MixSize is how many scores make the score of a friction type.
const MixSize = 10

// Mix returns what decides on friction type t: its best and second best
// clause, its best window, how much the message is a complaint, how many
// clauses compete, whether clause and window agree, how far the best clause
// and the best window like t better than any other type, and whether anything
// at all went wrong.
func (r Raw) Mix(t int) [MixSize]int32 {
	if len(r.Clauses) == 0 {
		return [MixSize]int32{-8 * Unit, -8 * Unit, -8 * Unit}
	}
	types := len(r.Windows[0])
	first, second, at := r.best(t)
	window, place := int32(-8*Unit), 0
	for i, w := range r.Windows {
		if w[t] > window {
			window, place = w[t], i
		}
	}
	anything, _, _ := r.best(types + 1)
	return [MixSize]int32{clamp(first), clamp(second), clamp(window), clamp(r.Message[0]),
		int32(bits.Len(uint(len(r.Clauses)))) * Unit, clamp(min(first, window)),
		lead(r.Clauses[at][:types], t), lead(r.Windows[place], t), clamp(anything), rank(r.Windows[place], t)}
}

// lead returns how far scores[t] is above the best of the others, within two units.
func lead(scores []int32, t int) int32 {
	other := int32(-8 * Unit)
	for i, s := range scores {
		if i != t {
			other = max(other, s)
		}
	}
	return min(max(scores[t]-other, -4*Unit), 2*Unit)
}

// rank returns a unit for the best type of a stretch, half of it for the next, and so on.
func rank(scores []int32, t int) int32 {
	better := 0
	for _, s := range scores {
		if s > scores[t] {
			better++
		}
	}
	return Unit / int32(better+1)
}

func clamp(v int32) int32 { return min(max(v, -8*Unit), 8*Unit) }

// best returns the two highest clause scores of output o, and the clause of the highest.
func (r Raw) best(o int) (first, second int32, at int) {
	first, second = -8*Unit, -8*Unit
	for i, c := range r.Clauses {
		switch {
		case c[o] > first:
			first, second, at = c[o], first, i
		case c[o] > second:
			second = c[o]
		}
	}
	return first, second, at
}

// TypePrefix begins the labels of the second models that decide on friction types.
const TypePrefix = "type:"

// Scores returns the score of every friction type, and the input for the
// labels of the message as a whole. Each type is scored by itself first; then
// all scores together have their say, because types exclude and attract each other.
func (w *Weights) Scores(r Raw) (types, input []int32) {
	input = SecondInput(r, w.firstScores(r))
	types = make([]int32, len(w.Types))
	for t := range types {
		types[t] = w.Second[t].SecondScore(input)
	}
	return types, input
}

// FirstScores returns the score of every friction type by itself.
func (w *Weights) FirstScores(r Raw) []int32 { return w.firstScores(r) }

func (w *Weights) firstScores(r Raw) []int32 {
	scores := make([]int32, len(w.Types))
	for t := range w.Types {
		sum := int64(w.Types[t].Bias)
		for k, x := range r.Mix(t) {
			sum += int64(w.Mix[k]) * int64(x) / Unit
		}
		scores[t] = int32(sum)
	}
	return scores
}

// SecondInput lays out what the labels of the whole message are decided on:
// message scores, friction scores, the best clause for praise and each signal.
func SecondInput(r Raw, types []int32) []int32 {
	in := make([]int32, 0, len(r.Message)+len(types)+20)
	for _, v := range r.Message {
		in = append(in, clamp(v))
	}
	top, likely := int32(-8*Unit), int32(0)
	for _, v := range types {
		in = append(in, clamp(v))
		top = max(top, v)
		if v > -Unit {
			likely++
		}
	}
	in = append(in, clamp(top), min(likely, 8)*Unit)
	outputs := len(types)
	for o := outputs; o < outputs+2+len(webcare.Signals()); o++ {
		first, _, _ := r.best(o)
		in = append(in, clamp(first))
	}
	// A column may praise for a page and complain in one paragraph.
	for o := range 3 {
		most, least := r.parts(o)
		in = append(in, clamp(most), clamp(least))
	}
	return append(in, int32(bits.Len(uint(len(r.Clauses))))*Unit)
}

// parts returns the highest and the lowest score that a window has for output o of the message.
func (r Raw) parts(o int) (most, least int32) {
	if len(r.Parts) == 0 {
		return -8 * Unit, -8 * Unit
	}
	most, least = r.Parts[0][o], r.Parts[0][o]
	for _, p := range r.Parts[1:] {
		most, least = max(most, p[o]), min(least, p[o])
	}
	return most, least
}

// SecondScore applies one second model.
func (s Second) SecondScore(in []int32) int32 {
	sum := int64(s.Bias)
	for i, x := range in {
		sum += int64(s.Weights[i]) * int64(x) / Unit
	}
	return int32(min(max(sum, -32*Unit), 32*Unit))
}

// SecondOf returns the index of a label among the second models, or -1.
func (h Header) SecondOf(label string) int {
	return slices.IndexFunc(h.Second, func(s Second) bool { return s.Label == label })
}
