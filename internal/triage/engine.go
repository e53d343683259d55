package triage

import (
	"context"
	_ "embed"
	"fmt"
	"sync"
	"unicode/utf8"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

//go:embed weights.bin
var weightsFile []byte

var embedded = sync.OnceValues(func() (*model.Weights, error) { return model.Read(weightsFile) })

// Engine triages offline. It is safe for concurrent use.
type Engine struct {
	weights *model.Weights
}

// New returns the engine with the weights in the binary. They are read on first use.
func New() (*Engine, error) {
	w, err := embedded()
	if err != nil {
		return nil, fmt.Errorf("triage.New: %w", err)
	}
	return &Engine{w}, nil
}

// Name is the engine's name and version, as it stands in a Triage.
func (e *Engine) Name() string { return e.weights.Engine }

// Corpus identifies the labelled messages and the lexicon that the weights were learned from.
func (e *Engine) Corpus() string { return e.weights.Corpus }

// mostText bounds the work on one message, in bytes.
const mostText = 256 << 10

// Triage implements webcare.Triager. It never fails.
func (e *Engine) Triage(_ context.Context, in webcare.TriageInput) (webcare.Triage, error) {
	return e.triage(in), nil
}

func (e *Engine) triage(in webcare.TriageInput) webcare.Triage {
	r := e.read(in)
	t := webcare.Triage{Engine: e.weights.Engine, Language: language(in, r.text), Frictions: []webcare.Friction{},
		Signals: []webcare.Signal{}, Praise: []webcare.Span{}, Facts: []webcare.Fact{}}
	r.decide(&t)
	t.Facts = append(t.Facts, r.facts(t)...)
	return t
}

// read scores a message.
func (e *Engine) read(in webcare.TriageInput) reading {
	s := head(in.Text, mostText)
	r := reading{in: in, text: s, doc: model.NewDocument(s), weights: e.weights}
	r.raw = e.weights.Raw(r.doc)
	r.types, r.second = e.weights.Scores(r.raw)
	r.column = r.raw.Column(r.doc)
	return r
}

// head returns at most n bytes of s, cut between runes.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// language takes the hint where the text itself is too short to tell.
func language(in webcare.TriageInput, s string) string {
	code, confidence := text.Language(s)
	if in.Language != "" && confidence < 0.3 {
		return in.Language
	}
	return code
}

// facts leaves out what a message that is no customer's story states.
func (r *reading) facts(t webcare.Triage) []webcare.Fact {
	if t.Kind == webcare.KindSpam {
		return nil
	}
	return text.Facts(r.text, t.Language)
}
