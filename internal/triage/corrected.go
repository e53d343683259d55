package triage

import (
	"context"
	"slices"
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/triage/corpus"
	"webcare.example/responder/internal/webcare"
)

// Corrected makes a labelled message, in the form that the engine is trained
// on, of a customer's message and what people corrected in its triage, oldest
// first. A person says which frictions there are; where each stands, the
// engine points at as well as it can. What identifies somebody (numbers,
// addresses) is made unreadable, letter by letter.
func (e *Engine) Corrected(s, channel string, fixes []webcare.Correction) corpus.Example {
	s = masked(head(s, mostText))
	r := e.read(webcare.TriageInput{Text: s})
	t, _ := e.Triage(context.Background(), r.in) // never fails
	for _, fix := range fixes {
		r.correct(&t, fix)
	}
	return corpus.Corrected(s, channel, t)
}

func (r *reading) correct(t *webcare.Triage, fix webcare.Correction) {
	if fix.Sentiment != "" {
		t.Sentiment.Label = fix.Sentiment
	}
	if fix.Urgency != "" {
		t.Urgency = fix.Urgency
	}
	if fix.Complaint != nil && *fix.Complaint != t.Complaint {
		t.Complaint = *fix.Complaint
		t.Kind = r.kind(t.Complaint)
	}
	if fix.Frictions == nil {
		return
	}
	had := t.Frictions
	t.Frictions = nil
	for _, f := range fix.Frictions {
		if at := slices.IndexFunc(had, func(h webcare.Friction) bool { return h.Type == f }); at >= 0 {
			t.Frictions = append(t.Frictions, had[at])
			continue
		}
		t.Frictions = append(t.Frictions, r.friction(slices.Index(webcare.FrictionTypes(), f), f))
	}
}

// masked replaces letters and digits of personal data, at the same offsets.
func masked(s string) string {
	b := []byte(s)
	for _, p := range text.Personal(s) {
		if !p.Kind.Identifies() {
			continue
		}
		for i := p.Start; i < p.End; i++ {
			switch c := b[i]; {
			case c >= '0' && c <= '9':
				b[i] = '0'
			case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
				b[i] = 'x'
			}
		}
	}
	return strings.ToValidUTF8(string(b), "?")
}
