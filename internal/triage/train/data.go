package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"webcare.example/responder/internal/triage/corpus"
	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// prepared is an example with everything that training looks at.
type prepared struct {
	corpus.Example
	doc     *model.Document
	fold    int
	clauses [][]model.Feature
	windows [][]model.Feature
	message []model.Feature
	// What is true per clause, window and for the message, in the order of the outputs.
	clauseLabels, windowLabels [][]int8
	messageLabels              []int8
}

// readCorpus reads all files of a folder; the hash is over their contents and the lexicon.
func readCorpus(folder string) ([]corpus.Example, string, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, "", err
	}
	slices.Sort(names)
	var all []corpus.Example
	sum := sha256.New()
	sum.Write([]byte(model.LexiconText()))
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, "", err
		}
		sum.Write(b)
		examples, errs := corpus.Read(newReader(b), filepath.Base(name))
		for _, err := range errs {
			fmt.Fprintln(os.Stderr, "left out:", err)
		}
		all = append(all, examples...)
	}
	return all, hex.EncodeToString(sum.Sum(nil))[:16], nil
}

func prepare(examples []corpus.Example) []*prepared {
	all := make([]*prepared, len(examples))
	for i, e := range examples {
		p := &prepared{Example: e, doc: model.NewDocument(e.Text), fold: foldOf(e.Text)}
		for c := range p.doc.Clauses {
			p.clauses = append(p.clauses, p.doc.ClauseFeatures(nil, c))
			p.clauseLabels = append(p.clauseLabels, p.labelsOf(p.doc.Clauses[c].Span))
		}
		for _, w := range p.doc.Windows() {
			p.windows = append(p.windows, p.doc.WindowFeatures(nil, w))
			span := webcare.Span{Start: p.doc.Clauses[w.First].Start, End: p.doc.Clauses[w.End-1].End}
			p.windowLabels = append(p.windowLabels, p.windowLabelsOf(span))
		}
		if n := len(p.doc.Clauses); n > 0 {
			p.message = p.doc.WindowFeatures(nil, model.Window{First: 0, End: n})
		}
		p.messageLabels = p.labelsOfMessage()
		all[i] = p
	}
	return all
}

const folds = 5

// foldOf spreads messages over folds by their text, so that adding lines moves no others.
func foldOf(s string) int {
	sum := sha256.Sum256([]byte(s))
	return int(sum[0]) % folds
}

// labelsOf says what is true of a clause: a type whose evidence fills half of
// it, or half of whose evidence it holds. A smaller overlap is masked.
func (p *prepared) labelsOf(c webcare.Span) []int8 {
	outputs := model.ClauseOutputs()
	labels := make([]int8, len(outputs))
	mark := func(name string, s webcare.Span) {
		shared := min(c.End, s.End) - max(c.Start, s.Start)
		if shared <= 0 {
			return
		}
		at := slices.Index(outputs, name)
		switch {
		case shared*2 >= c.End-c.Start || shared*2 >= s.End-s.Start:
			labels[at] = 1
		case labels[at] == 0:
			labels[at] = masked
		}
	}
	for _, m := range p.Frictions {
		for _, t := range m.Types {
			mark(string(t), m.Span)
		}
		mark(model.AnyKind, m.Span)
	}
	for _, s := range p.Praise {
		mark(model.Praise, s)
	}
	for _, s := range webcare.Signals() {
		at := slices.Index(outputs, "signal:"+string(s))
		if slices.Contains(p.Signals, s) {
			labels[at] = masked // which clause shows it is found while training
			if len(p.doc.Clauses) == 1 {
				labels[at] = 1
			}
		}
	}
	return labels
}

func (p *prepared) windowLabelsOf(w webcare.Span) []int8 {
	outputs := model.WindowOutputs()
	labels := make([]int8, len(outputs))
	for _, m := range p.Frictions {
		shared := min(w.End, m.End) - max(w.Start, m.Start)
		for _, t := range m.Types {
			at := slices.Index(outputs, string(t))
			switch {
			case shared*3 >= (m.End-m.Start)*2:
				labels[at] = 1
			case shared > 0 && labels[at] == 0:
				labels[at] = masked
			}
		}
	}
	return labels
}

func (p *prepared) labelsOfMessage() []int8 {
	outputs := model.MessageOutputs()
	labels := make([]int8, len(outputs))
	for i, name := range outputs {
		if p.is(name) {
			labels[i] = 1
		}
	}
	return labels
}

// is reports whether a label of the message as a whole holds.
func (p *prepared) is(name string) bool {
	switch name {
	case "complaint":
		return p.Complaint()
	case "negative":
		return p.Sentiment == webcare.Negative || p.Sentiment == webcare.Mixed
	case "positive":
		return p.Sentiment == webcare.Positive || p.Sentiment == webcare.Mixed
	}
	group, label := name[:indexByte(name, ':')], name[indexByte(name, ':')+1:]
	switch group {
	case "type":
		return slices.Contains(p.Types(), webcare.FrictionType(label))
	case "urgency":
		return string(p.Urgency) == label
	case "kind":
		return string(p.Kind) == label
	case "signal":
		return slices.Contains(p.Signals, webcare.Signal(label))
	}
	return false
}
