package guard

import (
	"strings"
)

// A phrase is a pattern over the words of one sentence, in normal form (lower
// case, no accents). Words are separated by spaces:
//
//	bel|belt        one of these words
//	vergoed*        a word that begins so; *kosten: one that ends so
//	even?           the word may be missing; even|gerust? likewise
//	_               any word
//	..              up to two words; ... up to six words
//	<               the beginning of a segment (first word only)
//	#               a number, in digits or as a word; also among words: een|#
//	$               an amount: a number beside a currency
//	%               a percentage
//	!niet|geen      the next word is none of these
//
// Marks do not count as words, and no phrase runs over the end of a sentence.
type phrase []element

type element struct {
	kind     elementKind
	words    []string
	heads    []string
	tails    []string
	digits   bool // a number will do too
	money    bool // an amount will do too
	optional bool
	most     int // words of a gap
}

type elementKind uint8

const (
	oneOf elementKind = iota
	anyWord
	gap
	atStart
	number
	amount
	percentage
	notNext
)

// phrases is a set of phrases that are looked for together. The first word of
// each decides whether it is tried at all.
type phrases struct {
	byWord map[string][]phrase
	byHead map[string][]phrase // by the first three letters
	rest   []phrase
}

const headSize = 3

// compile reads a set, one phrase a line. It panics on an empty pattern: sets
// are part of the program.
func compile(lines string) *phrases {
	set := &phrases{byWord: map[string][]phrase{}, byHead: map[string][]phrase{}}
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line != "" {
			set.add(parsePhrase(line))
		}
	}
	return set
}

func parsePhrase(line string) phrase {
	var p phrase
	for field := range strings.FieldsSeq(line) {
		p = append(p, parseElement(field))
	}
	return p
}

func parseElement(field string) element {
	switch field {
	case "_":
		return element{kind: anyWord}
	case "..":
		return element{kind: gap, most: 2}
	case "...":
		return element{kind: gap, most: 6}
	case "<":
		return element{kind: atStart}
	case "#":
		return element{kind: number}
	case "$":
		return element{kind: amount}
	case "%":
		return element{kind: percentage}
	}
	e := element{}
	if rest, ok := strings.CutPrefix(field, "!"); ok {
		e.kind, field = notNext, rest
	}
	if rest, ok := strings.CutSuffix(field, "?"); ok {
		e.optional, field = true, rest
	}
	for w := range strings.SplitSeq(field, "|") {
		switch {
		case w == "#":
			e.digits = true
		case w == "$":
			e.money = true
		case strings.HasSuffix(w, "*"):
			e.heads = append(e.heads, w[:len(w)-1])
		case strings.HasPrefix(w, "*"):
			e.tails = append(e.tails, w[1:])
		default:
			e.words = append(e.words, w)
		}
	}
	return e
}

func (s *phrases) add(p phrase) {
	first := p[0]
	if first.kind == atStart && len(p) > 1 {
		first = p[1]
	}
	short := false
	for _, h := range first.heads {
		short = short || len(h) < headSize
	}
	if first.kind != oneOf || first.optional || first.digits || first.money || len(first.tails) > 0 || short {
		s.rest = append(s.rest, p)
		return
	}
	for _, w := range first.words {
		s.byWord[w] = append(s.byWord[w], p)
	}
	for _, h := range first.heads {
		key := h[:headSize]
		s.byHead[key] = append(s.byHead[key], p)
	}
}

// hit is where a phrase was found: words[first:last] of the reading.
type hit struct{ first, last int }

// find returns the hits of the set in the words, in order, not overlapping;
// of several at one place the longest.
func (s *phrases) find(words []word) []hit {
	var hits []hit
	for i := 0; i < len(words); {
		end := s.at(words, i)
		if end < 0 {
			i++
			continue
		}
		hits = append(hits, hit{i, end})
		i = max(end, i+1)
	}
	return hits
}

// in reports whether the set has a hit in the words.
func (s *phrases) in(words []word) bool {
	for i := range words {
		if s.at(words, i) >= 0 {
			return true
		}
	}
	return false
}

// at returns the end of the longest hit that begins at words[i], or -1.
func (s *phrases) at(words []word, i int) int {
	best := -1
	try := func(candidates []phrase) {
		for _, p := range candidates {
			best = max(best, p.match(words, i))
		}
	}
	norm := words[i].Norm
	try(s.byWord[norm])
	if len(norm) >= headSize {
		try(s.byHead[norm[:headSize]])
	}
	try(s.rest)
	return best
}

// match returns where p ends if it begins at words[i], or -1.
func (p phrase) match(words []word, i int) int {
	if len(p) > 0 && p[0].kind == atStart {
		if i > 0 && words[i-1].segment == words[i].segment {
			return -1
		}
		p = p[1:]
	}
	return p.rest(words, i, words[i].sentence)
}

func (p phrase) rest(words []word, i, sentence int) int {
	if len(p) == 0 {
		return i
	}
	e, left := p[0], i < len(words) && words[i].sentence == sentence
	switch e.kind {
	case notNext:
		if left && e.holds(words[i]) {
			return -1
		}
		return p[1:].rest(words, i, sentence)
	case gap:
		for n := 0; n <= e.most && i+n <= len(words); n++ {
			if n > 0 && words[i+n-1].sentence != sentence {
				break
			}
			if end := p[1:].rest(words, i+n, sentence); end >= 0 {
				return end
			}
		}
		return -1
	}
	if left && e.holds(words[i]) {
		if end := p[1:].rest(words, i+1, sentence); end >= 0 {
			return end
		}
	}
	if e.optional {
		return p[1:].rest(words, i, sentence)
	}
	return -1
}

func (e element) holds(w word) bool {
	switch e.kind {
	case anyWord:
		return true
	case number:
		return w.isNumber()
	case amount:
		return w.money
	case percentage:
		return w.percent
	}
	if e.digits && w.isNumber() || e.money && w.money {
		return true
	}
	for _, x := range e.words {
		if w.Norm == x {
			return true
		}
	}
	for _, x := range e.heads {
		if strings.HasPrefix(w.Norm, x) {
			return true
		}
	}
	for _, x := range e.tails {
		if strings.HasSuffix(w.Norm, x) {
			return true
		}
	}
	return false
}
