package main

import (
	"bytes"
	"io"
	"math"
	"math/bits"
	"slices"
	"strings"

	"webcare.example/responder/internal/triage/model"
)

func newReader(b []byte) io.Reader { return bytes.NewReader(b) }

func indexByte(s string, c byte) int { return strings.IndexByte(s, c) }

// leastSeen is how many stretches must show a feature before it is learned.
var leastSeen = 4

// A row is kept for a weight over leastWeight, of 127, and in it what is over
// leastKept: the many small ones say little and would double the file.
const (
	leastWeight = 12
	leastKept   = 5
)

// vocabulary maps the hashes seen often enough in training to rows.
type vocabulary struct {
	row    map[uint32]int32
	keys   []uint32
	values []float32 // by row
}

// groupValues is how strong each group of features speaks.
var groupValues = [model.Groups]float32{model.GroupWord: 1, model.GroupChar: 0.6, model.GroupConcept: 1, model.GroupContext: 0.6}

func newVocabulary(stretches [][]model.Feature, least int) *vocabulary {
	type seen struct {
		count int
		last  int
		group uint8
	}
	counts := map[uint32]*seen{}
	for i, fs := range stretches {
		for _, f := range fs {
			s := counts[f.Hash]
			if s == nil {
				s = &seen{last: -1, group: f.Group}
				counts[f.Hash] = s
			}
			if s.last != i {
				s.last = i
				s.count++
			}
		}
	}
	v := &vocabulary{row: map[uint32]int32{}}
	for h, s := range counts {
		if s.count >= least {
			v.keys = append(v.keys, h)
		}
	}
	slices.Sort(v.keys)
	for i, h := range v.keys {
		v.row[h] = int32(i)
		v.values = append(v.values, groupValues[counts[h].group])
	}
	return v
}

func (v *vocabulary) rows(fs []model.Feature) []int32 {
	rows := make([]int32, 0, len(fs))
	for _, f := range fs {
		if r, ok := v.row[f.Hash]; ok {
			rows = append(rows, r)
		}
	}
	return rows
}

// table turns learned weights into bytes: one step per output, rows of zeros left out.
func (f *fit) table(name string, outputs []string, v *vocabulary) model.TableData {
	t := model.TableData{TableHeader: model.TableHeader{Name: name, Outputs: outputs}}
	steps := make([]float64, f.outputs)
	for o := range f.outputs {
		most := 0.0
		for r := range f.rows {
			most = max(most, math.Abs(float64(f.weights[r*f.outputs+o]*f.values[r])))
		}
		steps[o] = max(most/127, 1e-9)
		t.Scale = append(t.Scale, int32(math.Round(steps[o]*model.Unit*65536)))
		t.Bias = append(t.Bias, int32(math.Round(float64(f.bias[o])*model.Unit)))
	}
	row := make([]int8, f.outputs)
	for r, key := range v.keys {
		any := false
		for o := range f.outputs {
			row[o] = int8(math.Round(float64(f.weights[r*f.outputs+o]*f.values[r]) / steps[o]))
			if row[o] <= leastKept && row[o] >= -leastKept {
				row[o] = 0
			}
			any = any || row[o] > leastWeight || row[o] < -leastWeight
		}
		if any {
			t.Keys = append(t.Keys, key)
			t.Weights = append(t.Weights, row...)
		}
	}
	t.Rows = len(t.Keys)
	t.Bits = max(4, bits.Len(uint(t.Rows))-2)
	return t
}
