package model

import (
	"strings"
	"testing"
)

// file makes the bytes of three small tables with the rows given to the first.
func file(t *testing.T, keys []uint32, weights []int8, outputs int) []byte {
	t.Helper()
	var tables []TableData
	for range TableCount {
		h := TableHeader{Name: "t", Outputs: make([]string, outputs), Bias: make([]int32, outputs), Scale: make([]int32, outputs), Rows: len(keys), Bits: 4}
		for o := range outputs {
			h.Scale[o] = 65536
		}
		tables = append(tables, TableData{TableHeader: h, Keys: keys, Weights: weights})
	}
	b, err := Write(Header{Engine: "test/1"}, tables)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestScoreAddsRows(t *testing.T) {
	const outputs = 11
	weights := make([]int8, 2*outputs)
	for o := range outputs {
		weights[o], weights[outputs+o] = int8(o*20-110), int8(127-o)
	}
	w, err := Read(file(t, []uint32{7, 1 << 31}, weights, outputs))
	if err != nil {
		t.Fatal(err)
	}
	// 900 rows overflow the lanes several times; the unknown feature counts in the norm alone.
	fs := []Feature{{Hash: 99}}
	for range 450 {
		fs = append(fs, Feature{Hash: 7}, Feature{Hash: 1 << 31})
	}
	out := make([]int32, outputs)
	w.Score(0, fs, out)
	for o := range outputs {
		sum := int64(450 * (int(weights[o]) + int(weights[outputs+o])))
		if want := int32(sum * int64(Norm(len(fs))) / normUnit); out[o] != want {
			t.Errorf("output %d: %d, want %d", o, out[o], want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	good := file(t, []uint32{7}, make([]int8, 3), 3)
	if _, err := Read(good); err != nil {
		t.Fatal(err)
	}
	for n := range len(good) {
		if _, err := Read(good[:n]); err == nil {
			t.Fatalf("read the first %d of %d bytes", n, len(good))
		}
	}
	if _, err := Read([]byte(strings.Replace(string(good), `"bits":4`, `"bits":-`, 1))); err == nil {
		t.Error("read a broken header")
	}
}

func TestProbability(t *testing.T) {
	last := -1
	for s := int32(-9 * Unit); s <= 9*Unit; s += Unit / 8 {
		p := Probability(s)
		if p < last || p < 0 || p > 1000 {
			t.Fatalf("Probability(%d) = %d after %d", s, p, last)
		}
		last = p
	}
	if p := Probability(0); p != 500 {
		t.Errorf("Probability(0) = %d", p)
	}
}

func TestNorm(t *testing.T) {
	for n, want := range map[int]int32{0: normUnit, 1: normUnit, 4: normUnit / 2, 100: normUnit / 10, 10000: normUnit / 100} {
		if got := Norm(n); got < want-20 || got > want+20 {
			t.Errorf("Norm(%d) = %d, want about %d", n, got, want)
		}
	}
}

func TestWindowsCoverAll(t *testing.T) {
	for _, s := range []string{"", "Kort.", strings.Repeat("Een zin van een paar woorden, en nog een stukje. ", 60), strings.Repeat("geen punt ", 400)} {
		d := NewDocument(s)
		at := 0
		for _, w := range d.Windows() {
			if w.First > at || w.End <= w.First || w.End > len(d.Clauses) {
				t.Fatalf("window %+v after clause %d of %d", w, at, len(d.Clauses))
			}
			at = w.End
		}
		if at != len(d.Clauses) {
			t.Errorf("windows end at clause %d of %d", at, len(d.Clauses))
		}
	}
}

func TestConceptsAndStrongWords(t *testing.T) {
	if d := NewDocument("Ik schakel een advocaat in"); len(d.Strong("legal_threat")) != 1 {
		t.Error("a lawyer is no strong word")
	}
	if d := NewDocument("Dit is geen datalek"); len(d.Strong("privacy_leak")) != 0 {
		t.Error("a negated word is strong")
	}
	if d := NewDocument(`Hij riep "datalek, datalek" en liep weg`); len(d.Strong("privacy_leak")) != 0 {
		t.Error("a quoted word is strong")
	}
}
