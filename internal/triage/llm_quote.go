package triage

import (
	"slices"
	"strings"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// quoted finds what a model quotes from a redacted text, and where that stands
// in the original.
type quoted struct {
	original string
	redacted llm.Redacted
	words    []text.Word // of the redacted text
}

func newQuoted(original string, redacted llm.Redacted) *quoted {
	return &quoted{original, redacted, plainWords(redacted.Text)}
}

// plainWords leaves out marks: models tidy them.
func plainWords(s string) []text.Word {
	return slices.DeleteFunc(text.Words(s), func(w text.Word) bool { return w.Kind == text.KindMark || w.Kind == text.KindEmoji })
}

// findAll finds quotations, those that stand nowhere left out, in the order of
// the text and without overlap.
func (q *quoted) findAll(quotes []string) []webcare.Span {
	spans := []webcare.Span{}
	for _, s := range quotes {
		if span, ok := q.find(s); ok {
			spans = append(spans, span)
		}
	}
	slices.SortFunc(spans, func(a, b webcare.Span) int { return a.Start - b.Start })
	return slices.CompactFunc(spans, func(a, b webcare.Span) bool { return b.Start < a.End })
}

// find finds a quotation to the letter, else word by word whatever the case,
// accents, marks and spaces between.
func (q *quoted) find(quote string) (webcare.Span, bool) {
	quote = strings.TrimSpace(quote)
	if quote == "" {
		return webcare.Span{}, false
	}
	if at := strings.Index(q.redacted.Text, quote); at >= 0 {
		return q.span(at, at+len(quote))
	}
	want := plainWords(quote)
	if len(want) == 0 {
		return webcare.Span{}, false
	}
	for i := 0; i+len(want) <= len(q.words); i++ {
		if same(q.words[i:i+len(want)], want) {
			return q.span(q.words[i].Start, q.words[i+len(want)-1].End)
		}
	}
	return webcare.Span{}, false
}

func same(a, b []text.Word) bool {
	for i := range b {
		if a[i].Norm != b[i].Norm {
			return false
		}
	}
	return true
}

// span is a stretch of the redacted text in the original.
func (q *quoted) span(start, end int) (webcare.Span, bool) {
	from, to := q.redacted.Original(start, end)
	if from >= to {
		return webcare.Span{}, false
	}
	return webcare.Span{Start: from, End: to, Text: q.original[from:to]}, true
}
