package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

var (
	lookSettings    = settings{epochs: 3, rate: 0.3}
	clauseSettings  = settings{epochs: 16, rate: 0.3}
	windowSettings  = settings{epochs: 16, rate: 0.3}
	messageSettings = settings{epochs: 12, rate: 0.25}
)

// base learns the three tables from the given messages.
func base(all []*prepared) []model.TableData {
	return []model.TableData{clauseTable(all), windowTable(all), messageTable(all)}
}

func clauseTable(all []*prepared) model.TableData {
	var stretches [][]model.Feature
	for _, p := range all {
		stretches = append(stretches, p.clauses...)
	}
	v := newVocabulary(stretches, leastSeen)
	var samples []sample
	for _, p := range all {
		for i, fs := range p.clauses {
			samples = append(samples, sample{rows: v.rows(fs), length: len(fs), labels: slices.Clone(p.clauseLabels[i])})
		}
	}
	// Which clause shows a signal is not labelled: a first, short look picks the likeliest one.
	look := newFit(len(v.keys), len(model.ClauseOutputs()), v.values)
	look.train(samples, lookSettings)
	look.pickSignals(all, samples)
	f := newFit(len(v.keys), len(model.ClauseOutputs()), v.values)
	f.train(samples, clauseSettings)
	return f.table("clause", model.ClauseOutputs(), v)
}

// pickSignals labels, in each message with a signal, the clause that scores highest for it.
func (f *fit) pickSignals(all []*prepared, samples []sample) {
	margins := make([]float32, f.outputs)
	at := 0
	for _, p := range all {
		n := len(p.clauses)
		for o, name := range model.ClauseOutputs() {
			signal, ok := strings.CutPrefix(name, "signal:")
			if !ok || !slices.Contains(p.Signals, webcare.Signal(signal)) || n == 0 {
				continue
			}
			best, most := at, float32(-1e9)
			for i := at; i < at+n; i++ {
				samples[i].labels[o] = masked
				f.margins(&samples[i], margins, inverseRoot(samples[i].length))
				if margins[o] > most {
					best, most = i, margins[o]
				}
			}
			samples[best].labels[o] = 1
		}
		at += n
	}
}

func windowTable(all []*prepared) model.TableData {
	var stretches [][]model.Feature
	for _, p := range all {
		stretches = append(stretches, p.windows...)
	}
	v := newVocabulary(stretches, leastSeen)
	var samples []sample
	for _, p := range all {
		for i, fs := range p.windows {
			samples = append(samples, sample{rows: v.rows(fs), length: len(fs), labels: p.windowLabels[i]})
		}
	}
	f := newFit(len(v.keys), len(model.WindowOutputs()), v.values)
	f.train(samples, windowSettings)
	return f.table("window", model.WindowOutputs(), v)
}

func messageTable(all []*prepared) model.TableData {
	var stretches [][]model.Feature
	for _, p := range all {
		stretches = append(stretches, p.message)
	}
	v := newVocabulary(stretches, leastSeen)
	var samples []sample
	for i, p := range all {
		samples = append(samples, sample{rows: v.rows(stretches[i]), length: len(stretches[i]), labels: p.messageLabels})
	}
	f := newFit(len(v.keys), len(model.MessageOutputs()), v.values)
	f.train(samples, messageSettings)
	return f.table("message", model.MessageOutputs(), v)
}

// outOfFold scores every message of the folds asked for by a model that has not seen its fold.
func outOfFold(all []*prepared, o options) ([]*prepared, []model.Raw) {
	var scored []*prepared
	at := map[*prepared]int{}
	for _, p := range all {
		if p.fold < o.folds {
			at[p] = len(scored)
			scored = append(scored, p)
		}
	}
	raws := make([]model.Raw, len(scored))
	var wg sync.WaitGroup
	gate := make(chan struct{}, o.workers)
	for fold := range o.folds {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			var seen []*prepared
			for _, p := range all {
				if p.fold != fold {
					seen = append(seen, p)
				}
			}
			w := load(base(seen))
			for _, p := range scored {
				if p.fold == fold {
					raws[at[p]] = w.Raw(p.doc)
				}
			}
		})
	}
	wg.Wait()
	return scored, raws
}

// load reads tables back as a program would, so that training sees the same rounding.
func load(tables []model.TableData) *model.Weights {
	b, err := model.Write(model.Header{}, tables)
	if err != nil {
		panic(fmt.Sprintf("train: %v", err))
	}
	w, err := model.Read(b)
	if err != nil {
		panic(fmt.Sprintf("train: %v", err))
	}
	return w
}
