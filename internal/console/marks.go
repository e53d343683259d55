package console

import (
	"cmp"
	"slices"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// part is a stretch of a message: plain, or evidence of something.
type part struct {
	Text  string
	Class string // "", "friction", "praise", "finding"
	Label string // friction type, or what the finding says
}

// stretch is a marked span before it is cut.
type stretch struct {
	start, end   int
	class, label string
}

// marked returns the conversation with the evidence of the latest triage
// marked in the texts it read.
func marked(c *webcare.Case) []messageData {
	offset := map[webcare.Key]int{}
	at := 0
	for _, m := range c.Unanswered() {
		offset[m.Key] = at
		at += len(m.Text) + len("\n\n")
	}
	spans := stretches(c.Triage())
	var out []messageData
	for _, e := range c.Conversation() {
		m := e.Value
		d := messageData{Message: m, Parts: []part{{Text: m.Text}}}
		if from, ok := offset[m.Key]; ok && !m.Ours {
			d.Parts = cut(m.Text, from, spans)
		}
		out = append(out, d)
	}
	return out
}

func stretches(t webcare.Triage) []stretch {
	var out []stretch
	for _, f := range t.Frictions {
		for _, e := range f.Evidence {
			out = append(out, stretch{e.Start, e.End, "friction", string(f.Type)})
		}
	}
	for _, p := range t.Praise {
		out = append(out, stretch{p.Start, p.End, "praise", "praise"})
	}
	slices.SortStableFunc(out, func(a, b stretch) int { return cmp.Compare(a.start, b.start) })
	return out
}

// cut cuts text, which begins at offset from of what the spans count in, into
// parts. Of spans that overlap, the first is shown and joined by the labels of
// those that begin within it.
func cut(text string, from int, spans []stretch) []part {
	var out []part
	at := 0
	for _, s := range spans {
		start, end := s.start-from, min(s.end-from, len(text))
		if start < 0 || end <= start || start >= len(text) {
			continue
		}
		if start < at {
			if last := &out[len(out)-1]; !strings.Contains(last.Label, s.label) {
				last.Label += ", " + s.label
			}
			continue
		}
		if start > at {
			out = append(out, part{Text: text[at:start]})
		}
		out = append(out, part{text[start:end], s.class, s.label})
		at = end
	}
	if at < len(text) {
		out = append(out, part{Text: text[at:]})
	}
	return out
}
