package corpus

import (
	"cmp"
	"slices"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// Format writes e as one line, without a line end, that Parse reads back. The
// signs of the form in the text become round brackets and strokes; evidence
// that overlaps is cut to what stands free, and the same stretch carries all
// its types.
func Format(e Example) string {
	var b strings.Builder
	signals := "-"
	if len(e.Signals) > 0 {
		names := make([]string, len(e.Signals))
		for i, s := range e.Signals {
			names[i] = string(s)
		}
		signals = strings.Join(names, ",")
	}
	for _, f := range []string{word(e.Language, "un"), word(e.Channel, "email"), word(string(e.Sentiment), "neutral"),
		word(string(e.Urgency), "normal"), word(string(e.Kind), "other")} {
		b.WriteString(f + " ")
	}
	b.WriteString(signals + " :: ")
	at := 0
	for _, m := range marksOf(e) {
		start, end := max(m.start, at), m.end
		if start >= end || end > len(e.Text) {
			continue
		}
		b.WriteString(plain(e.Text[at:start]))
		b.WriteString("[" + m.label + "|" + plain(e.Text[start:end]) + "]")
		at = end
	}
	b.WriteString(plain(e.Text[at:]))
	return strings.TrimRight(b.String(), " ")
}

type labelled struct {
	start, end int
	label      string
}

// marksOf returns the marks in the order of the text; equal stretches are one.
func marksOf(e Example) []labelled {
	var marks []labelled
	add := func(s webcare.Span, label string) {
		for i, m := range marks {
			if m.start == s.Start && m.end == s.End && m.label != "+" && label != "+" {
				if !slices.Contains(strings.Split(m.label, ","), label) {
					marks[i].label += "," + label
				}
				return
			}
		}
		marks = append(marks, labelled{s.Start, s.End, label})
	}
	for _, m := range e.Frictions {
		for _, t := range m.Types {
			add(m.Span, string(t))
		}
	}
	for _, p := range e.Praise {
		add(p, "+")
	}
	slices.SortStableFunc(marks, func(a, b labelled) int { return cmp.Compare(a.start, b.start) })
	return marks
}

var plainer = strings.NewReplacer("[", "(", "]", ")", "|", "/", "\\", "/", "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

func plain(s string) string { return plainer.Replace(s) }

// word returns s where it is one word, else instead.
func word(s, instead string) string {
	if s == "" || strings.ContainsAny(s, " \t\r\n") {
		return instead
	}
	return s
}

// Corrected makes an example of a message whose triage a person has put right.
func Corrected(text, channel string, t webcare.Triage) Example {
	e := Example{Language: t.Language, Channel: channel, Sentiment: t.Sentiment.Label, Urgency: t.Urgency,
		Kind: t.Kind, Signals: t.Signals, Text: text, Praise: t.Praise}
	if t.Complaint {
		e.Kind = webcare.KindComplaint
	}
	for _, f := range t.Frictions {
		for _, s := range f.Evidence {
			e.Frictions = append(e.Frictions, Mark{Types: []webcare.FrictionType{f.Type}, Span: s})
		}
	}
	return e
}
