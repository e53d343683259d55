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

// options are what the command line says.
type options struct {
	corpus, out, engine, errors string
	workers, folds              int
	report                      bool
}

func main() {
	var o options
	flag.StringVar(&o.corpus, "corpus", "testdata/corpus", "folder of labelled messages")
	flag.StringVar(&o.out, "out", "internal/triage/weights.bin", "file to write")
	flag.StringVar(&o.engine, "engine", "triage/1", "name and version of the engine")
	flag.StringVar(&o.errors, "errors", "", "with -cv, file to write the messages to whose labels differ")
	flag.IntVar(&o.workers, "workers", 2, "folds learned at the same time")
	flag.IntVar(&o.folds, "folds", folds, "with -cv, how many of the five folds to do")
	flag.BoolVar(&o.report, "cv", false, "report on messages left out of training, write nothing")
	flag.Parse()
	examples, hash, err := readCorpus(o.corpus)
	if err == nil {
		err = run(examples, hash, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(examples []corpus.Example, hash string, o options) error {
	all := prepare(examples)
	scored, raws := outOfFold(all, o)
	w := &model.Weights{}
	w.Mix, w.Types = fitMix(scored, raws)
	inputs := secondInputs(w, raws)
	scores := crossScores(scored, w, inputs, raws)
	tuneThresholds(scored, w, scores.types)
	scores.judge(scored, raws, w)
	if o.report {
		printReport(os.Stdout, scored, w, scores)
		return writeErrors(o.errors, scored, w, scores)
	}
	w.Second = fitSecond(scored, inputs, w.Types)
	b, err := build(all, w, hash, o.engine)
	if err != nil {
		return err
	}
	return os.WriteFile(o.out, b, 0o644)
}

// build learns from all messages and puts the file together.
func build(all []*prepared, w *model.Weights, hash, engine string) ([]byte, error) {
	h := w.Header
	h.Engine, h.Corpus, h.Message = engine, hash, fmt.Sprintf("%d messages", len(all))
	return model.Write(h, base(all))
}
