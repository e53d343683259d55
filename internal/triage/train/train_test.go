package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"webcare.example/responder/internal/triage"
)

const corpusFolder = "../../../testdata/corpus"

// The weights in the repository were learned from the corpus in the repository.
func TestWeightsMatchCorpus(t *testing.T) {
	examples, hash, err := readCorpus(corpusFolder)
	if err != nil {
		t.Fatal(err)
	}
	if len(examples) < 1000 {
		t.Fatalf("the corpus has %d messages", len(examples))
	}
	e, err := triage.New()
	if err != nil {
		t.Fatal(err)
	}
	if e.Corpus() != hash {
		t.Errorf("weights were learned from corpus %s, which is now %s: run `go generate ./internal/triage`", e.Corpus(), hash)
	}
}

// The same corpus gives the same bytes, whichever fold is ready first.
func TestSameCorpusSameBytes(t *testing.T) {
	examples, _, err := readCorpus(corpusFolder)
	if err != nil {
		t.Fatal(err)
	}
	var some = examples[:0:0]
	for i := 0; i < len(examples); i += 40 {
		some = append(some, examples[i])
	}
	var files [2][]byte
	for i := range files {
		out := filepath.Join(t.TempDir(), "weights.bin")
		if err := run(some, "test", options{out: out, engine: "test/1", workers: 1 + i, folds: folds}); err != nil {
			t.Fatal(err)
		}
		if files[i], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs over the same messages wrote different bytes")
	}
}

func TestExp(t *testing.T) {
	for x, want := range map[float64]float64{0: 1, 1: 2.718281828, -2: 0.135335283} {
		if got := expOf(x); got < want*0.99999 || got > want*1.00001 {
			t.Errorf("expOf(%v) = %v, want %v", x, got, want)
		}
	}
}
