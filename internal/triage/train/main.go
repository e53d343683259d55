// Command train learns the weights of the triage engine from the labelled
// messages in a folder and writes the file that the engine embeds.
//
//	go run ./internal/triage/train            learn and write
//	go run ./internal/triage/train -cv        five folds, report only
//
// The same corpus gives the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"

	"webcare.example/responder/internal/triage/corpus"
	"webcare.example/responder/internal/triage/model"
)

func main() {
	folder := flag.String("corpus", "testdata/corpus", "folder of labelled messages")
	out := flag.String("out", "internal/triage/weights.bin", "file to write")
	engine := flag.String("engine", "triage/1", "name and version of the engine")
	workers := flag.Int("workers", 2, "folds learned at the same time")
	report := flag.Bool("cv", false, "report on five folds, write nothing")
	flag.Parse()
	examples, hash, err := readCorpus(*folder)
	if err == nil {
		err = run(examples, hash, *engine, *out, *workers, *report)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(examples []corpus.Example, hash, engine, out string, workers int, report bool) error {
	all := prepare(examples)
	raws := outOfFold(all, workers)
	w := &model.Weights{}
	w.Mix, w.Types = fitMix(all, raws)
	tuneThresholds(all, w, raws)
	w.Second = fitSecond(all, w, raws)
	if report {
		printReport(os.Stdout, all, w, raws)
		return nil
	}
	b, err := build(all, w, hash, engine)
	if err != nil {
		return err
	}
	return os.WriteFile(out, b, 0o644)
}

// build learns from all messages and puts the file together.
func build(all []*prepared, w *model.Weights, hash, engine string) ([]byte, error) {
	h := w.Header
	h.Engine, h.Corpus, h.Message = engine, hash, fmt.Sprintf("%d messages", len(all))
	return model.Write(h, base(all))
}
