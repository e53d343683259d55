package model

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"webcare.example/responder/internal/text"
)

//go:embed lexicon.txt
var lexiconText string

//go:embed strong.txt
var strongText string

// LexiconText is the lexicon as it stands in its files; training stamps it into the weights.
func LexiconText() string { return lexiconText + strongText }

type concept = uint8

// conceptOf returns the number of a concept, or -1.
func (l *lexicon) conceptOf(name string) int { return slices.Index(l.names, name) }

// lexicon finds the concepts of words and phrases.
type lexicon struct {
	names    []string
	exact    map[string][]concept
	prefixes map[string][]concept
	suffixes map[string][]concept
	phrases  map[string][]phrase // by first word
	numbers  map[string][]concept
}

type phrase struct {
	rest    []string
	open    bool // the last word may go on
	concept concept
}

var loadLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{exact: make(map[string][]concept, 4200), prefixes: make(map[string][]concept, 900),
		suffixes: map[string][]concept{}, phrases: make(map[string][]phrase, 900)}
	for line := range strings.Lines(LexiconText()) {
		name, entries, ok := strings.Cut(line, ":")
		if !ok || line[0] == '#' {
			continue
		}
		id := concept(len(l.names))
		l.names = append(l.names, name)
		for entry := range strings.FieldsSeq(entries) {
			l.add(entry, id)
		}
	}
	l.numbers = map[string][]concept{}
	for _, name := range []string{"0", "0:00", "0,00", "00000", "@"} {
		l.numbers[name] = []concept{concept(len(l.names))}
		l.names = append(l.names, name)
	}
	return l
})

// numberShape tells small numbers, times, prices and long numbers apart.
func numberShape(s string) string {
	switch {
	case strings.Contains(s, ":"):
		return "0:00"
	case strings.ContainsAny(s, ",."):
		return "0,00"
	case len(s) > 4:
		return "00000"
	}
	return "0"
}

func (l *lexicon) add(entry string, id concept) {
	open := strings.HasSuffix(entry, "*")
	entry = strings.TrimSuffix(entry, "*")
	switch {
	case strings.Contains(entry, "_"):
		words := text.Words(text.Normal(strings.ReplaceAll(entry, "_", " ")))
		if len(words) < 2 {
			l.exact[strings.Trim(entry, "_")] = append(l.exact[strings.Trim(entry, "_")], id)
			return
		}
		p := phrase{open: open, concept: id}
		for _, w := range words[1:] {
			p.rest = append(p.rest, w.Norm)
		}
		l.phrases[words[0].Norm] = append(l.phrases[words[0].Norm], p)
	case strings.HasPrefix(entry, "*"):
		l.suffixes[entry[1:]] = append(l.suffixes[entry[1:]], id)
	case open:
		l.prefixes[entry] = append(l.prefixes[entry], id)
	default:
		l.exact[entry] = append(l.exact[entry], id)
	}
}

// hit is a concept found at a word.
type hit struct {
	concept concept
	at      int32 // index of the word
}

// find appends the concepts that begin at words[i], each once.
func (l *lexicon) find(hits []hit, words []text.Word, i int) []hit {
	w := words[i].Norm
	start := len(hits)
	add := func(ids []concept) {
		for _, id := range ids {
			known := false
			for _, h := range hits[start:] {
				known = known || h.concept == id
			}
			if !known {
				hits = append(hits, hit{id, int32(i)})
			}
		}
	}
	add(l.exact[w])
	if words[i].Kind == text.KindWord || words[i].Kind == text.KindNumber {
		for n := min(len(w), 16); n >= 2; n-- {
			if ids := l.prefixes[w[:n]]; ids != nil {
				add(ids)
				break
			}
		}
	}
	switch words[i].Kind {
	case text.KindNumber:
		add(l.numbers[numberShape(w)])
	case text.KindHandle:
		add(l.numbers["@"])
	}
	for _, p := range l.phrases[w] {
		if p.matches(words[i+1:]) {
			add([]concept{p.concept})
		}
	}
	return hits
}

func (p phrase) matches(words []text.Word) bool {
	if len(words) < len(p.rest) {
		return false
	}
	for i, want := range p.rest {
		have := words[i].Norm
		if p.open && i == len(p.rest)-1 && strings.HasPrefix(have, want) {
			continue
		}
		if have != want {
			return false
		}
	}
	return true
}
