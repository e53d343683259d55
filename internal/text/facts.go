package text

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"webcare.example/responder/internal/webcare"
)

//go:embed facts_words.txt
var factWords string

// class is a set of what a word can be in a fact.
type class uint64

const (
	isWeekday class = 1 << iota
	isMonth
	isMayMonth // a month only beside a number: "may", "mars"
	isDay
	isPart
	isLast
	isSince
	isMinute
	isHour
	isLongUnit
	isHalf
	isNumber
	isArticle
	isCurrency
	isReferenceCue
	isReferenceGlue
	isTitle
	isNameCue
	isPlaceCue
	isNotName
	isName
	isPlace
	isStreet
	isRoadEnd
	isUnit
	isSize
	isProduct
	isHealth
	isArrears
	isTimeCue
	isScale
)

var classNames = strings.Fields("weekday month maymonth day part last since minute hour longunit halfword number article currency reference refglue title namecue placecue notname name place street roadend unit size product health arrears timecue scale")

var factClasses = sync.OnceValue(func() map[string]class {
	m := make(map[string]class, 2600)
	for line := range strings.Lines(factWords) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		at := slices.Index(classNames, fields[0])
		if at < 0 {
			continue
		}
		for _, w := range fields[1:] {
			m[w] |= 1 << at
		}
	}
	return m
})

// Facts returns what the writer of s already told, in order, without overlap:
// amounts, dates, times, durations, references, account numbers with right
// check digits, telephone numbers, postcodes and addresses, e-mail addresses,
// names, places, products and quantities. lang is the language code of s, or
// "" where it is not known. Of a text over 64 kB the rest is left out.
func Facts(s, lang string) []webcare.Fact {
	const most = 64 << 10
	if len(s) > most {
		s = s[:most]
	}
	sc := scan(s)
	facts := make([]webcare.Fact, 0, len(sc.found))
	for _, f := range sc.found {
		facts = append(facts, webcare.Fact{Kind: f.kind, Text: s[f.start:f.end], Start: f.start, End: f.end})
	}
	return facts
}

// detail says more of a found fact than its kind.
type detail uint8

const (
	plain detail = iota
	postcode
	address
	plate
	flight
)

type found struct {
	kind       webcare.FactKind
	detail     detail
	start, end int
}

// scanner walks over the words of a text once; each rule looks at the words
// from i on and returns how many it takes, or 0.
type scanner struct {
	s     string
	words []Word
	class []class
	found []found
}

type rule func(sc *scanner, i int) (found, int)

// rules in the order in which they are asked; the first that takes words wins.
var rules = []rule{
	(*scanner).iban, (*scanner).email, (*scanner).phone, (*scanner).address, (*scanner).postcode, (*scanner).amount,
	(*scanner).date, (*scanner).clock, (*scanner).duration, (*scanner).reference,
	(*scanner).titled, (*scanner).quantity, (*scanner).place, (*scanner).name, (*scanner).product,
}

func scan(s string) *scanner {
	sc := &scanner{s: s, words: Words(s)}
	classes := factClasses()
	sc.class = make([]class, len(sc.words))
	for i, w := range sc.words {
		if w.Kind == KindWord || w.Kind == KindNumber {
			sc.class[i] = classes[w.Norm]
		}
	}
	for i := 0; i < len(sc.words); {
		if sc.plain(i) {
			i++
			continue
		}
		taken := 0
		for _, rule := range rules {
			f, n := rule(sc, i)
			if n > 0 {
				sc.found = append(sc.found, f)
				taken = n
				break
			}
		}
		i += max(1, taken)
	}
	return sc
}

// plain reports whether word i begins no fact: a word in small letters that
// belongs to no class. Most words are, so asking the rules would be a waste.
func (sc *scanner) plain(i int) bool {
	w := &sc.words[i]
	if w.Kind != KindWord || sc.class[i] != 0 || w.Norm == "kwart" || w.Norm == "quarter" {
		return false
	}
	c := sc.s[w.Start]
	return c >= 'a' && c <= 'z' && (len(w.Norm) < 3 || !isBrandCase(sc.s[w.Start:w.End]))
}

// take makes the fact of words i to i+n.
func (sc *scanner) take(kind webcare.FactKind, i, n int) (found, int) {
	return found{kind: kind, start: sc.words[i].Start, end: sc.words[i+n-1].End}, n
}

// takeBytes makes the fact of words[i].Start to end, a byte offset.
func (sc *scanner) takeBytes(kind webcare.FactKind, i, end int) (found, int) {
	n := 0
	for i+n < len(sc.words) && sc.words[i+n].Start < end {
		n++
	}
	return found{kind: kind, start: sc.words[i].Start, end: end}, n
}

func (sc *scanner) norm(i int) string {
	if i < 0 || i >= len(sc.words) {
		return ""
	}
	return sc.words[i].Norm
}

func (sc *scanner) is(i int, c class) bool {
	return i >= 0 && i < len(sc.words) && sc.class[i]&c != 0
}

func (sc *scanner) kind(i int) WordKind {
	if i < 0 || i >= len(sc.words) {
		return KindMark
	}
	return sc.words[i].Kind
}

// adjacent reports whether no white space stands between words i and i+1.
func (sc *scanner) adjacent(i int) bool {
	return i >= 0 && i+1 < len(sc.words) && sc.words[i].End == sc.words[i+1].Start
}

func (sc *scanner) isCapital(i int) bool {
	if i < 0 || i >= len(sc.words) || sc.words[i].Kind != KindWord {
		return false
	}
	c := sc.s[sc.words[i].Start]
	return c >= 'A' && c <= 'Z' || c == 0xc3 && sc.s[sc.words[i].Start+1] < 0xa0
}

// opens reports whether word i is the first of a sentence or line, where a capital says nothing.
func (sc *scanner) opens(i int) bool {
	if i == 0 {
		return true
	}
	switch sc.words[i-1].Norm {
	case ".", "!", "?", ":", `"`, "…", "-", "'", "•", "*":
		return true
	}
	return sc.words[i-1].Kind == KindEmoji || sc.words[i-1].Kind == KindHandle || strings.Contains(sc.s[sc.words[i-1].End:sc.words[i].Start], "\n")
}
