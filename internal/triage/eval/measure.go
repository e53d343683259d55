package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Measure triages every message with engine and counts what is right. The
// messages' own language is not given to the engine as a hint.
func Measure(ctx context.Context, engine webcare.Triager, messages []Labelled) (Report, error) {
	c := newCounter()
	for _, l := range messages {
		t, err := engine.Triage(ctx, webcare.TriageInput{Text: l.Text, Channel: l.Channel})
		if err != nil {
			return Report{}, fmt.Errorf("eval.Measure: message %q: %w", l.ID, err)
		}
		c.add(l, t)
	}
	return c.report(), nil
}

type counter struct {
	engine    string
	messages  int
	frictions table
	languages map[string]*tally // of frictions, by the message's language
	signals   table
	sentiment table
	urgency   table
	language  table
	complaint table
	kind      table
	quiet     [2]int // messages that are no complaint: all, with a friction given
	critical  [2]int // critical messages: all, found
	evidence  Evidence
	praise    [2]int // labelled stretches: all, found
	facts     [2]int
	confused  map[[2]string]int
}

func newCounter() *counter {
	return &counter{frictions: table{}, languages: map[string]*tally{}, signals: table{}, sentiment: table{}, urgency: table{},
		language: table{}, complaint: table{}, kind: table{}, confused: map[[2]string]int{}}
}

func (c *counter) add(l Labelled, t webcare.Triage) {
	c.messages++
	c.engine = t.Engine
	c.addFrictions(l, t)
	c.sentiment.label(string(l.Sentiment), string(t.Sentiment.Label))
	c.urgency.label(string(l.Urgency), string(t.Urgency))
	c.language.label(l.Language, t.Language)
	c.complaint.label(fmt.Sprint(l.Complaint), fmt.Sprint(t.Complaint))
	if l.Kind != "" {
		c.kind.label(string(l.Kind), string(t.Kind))
	}
	for _, s := range webcare.Signals() {
		if s != webcare.Press && s != webcare.PrivacyRequest {
			c.signals.set(string(s), slices.Contains(l.Signals, s), t.Has(s))
		}
	}
	if !l.Complaint {
		count(&c.quiet, len(t.Frictions) > 0)
	}
	if l.Urgency == webcare.Critical {
		count(&c.critical, t.Urgency == webcare.Critical)
	}
	for _, p := range l.Praise {
		count(&c.praise, slices.ContainsFunc(t.Praise, func(s webcare.Span) bool { return share(l.Text, s, p) }))
	}
	for _, f := range l.Facts {
		count(&c.facts, slices.ContainsFunc(t.Facts, func(have webcare.Fact) bool {
			return share(l.Text, webcare.Span{Start: have.Start, End: have.End}, f)
		}))
	}
}

func count(c *[2]int, hit bool) {
	c[0]++
	if hit {
		c[1]++
	}
}

// share reports whether s overlaps a place where stretch stands in text.
func share(text string, s webcare.Span, stretch string) bool {
	for at := 0; stretch != ""; {
		i := strings.Index(text[at:], stretch)
		if i < 0 {
			return false
		}
		at += i
		if s.Start < at+len(stretch) && at < s.End {
			return true
		}
		at++
	}
	return false
}

func (c *counter) addFrictions(l Labelled, t webcare.Triage) {
	by := c.languages[l.Language]
	if by == nil {
		by = &tally{}
		c.languages[l.Language] = by
	}
	var missed, extra []string
	for _, ft := range webcare.FrictionTypes() {
		labelled := slices.ContainsFunc(l.Frictions, func(f LabelledFriction) bool { return f.Type == ft })
		at := slices.IndexFunc(t.Frictions, func(f webcare.Friction) bool { return f.Type == ft })
		c.frictions.set(string(ft), labelled, at >= 0)
		by.set(labelled, at >= 0)
		switch {
		case labelled && at >= 0:
			c.addEvidence(l, ft, t.Frictions[at])
		case labelled:
			missed = append(missed, string(ft))
		case at >= 0:
			extra = append(extra, string(ft))
		}
	}
	for _, m := range missed {
		for _, e := range extra {
			c.confused[[2]string{m, e}]++
		}
	}
}

func (c *counter) addEvidence(l Labelled, ft webcare.FrictionType, f webcare.Friction) {
	c.evidence.Right++
	hit, near := false, false
	for _, labelled := range l.Frictions {
		if labelled.Type != ft {
			continue
		}
		for _, s := range f.Evidence {
			hit = hit || share(l.Text, s, labelled.Evidence)
			near = near || isNear(l.Text, s, labelled.Evidence)
		}
	}
	if hit {
		c.evidence.Hit++
	}
	if hit || near {
		c.evidence.Near++
	}
}

// isNear reports whether s lies in a sentence of stretch, or one beside it.
func isNear(s string, found webcare.Span, stretch string) bool {
	at := strings.Index(s, stretch)
	if at < 0 {
		return false
	}
	first, last := -1, -1
	sentences := text.Sentences(s)
	for i, sentence := range sentences {
		if sentence.Start < at+len(stretch) && at < sentence.End {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return false
	}
	from, to := sentences[max(0, first-1)].Start, sentences[min(len(sentences)-1, last+1)].End
	return found.Start < to && from < found.End
}
