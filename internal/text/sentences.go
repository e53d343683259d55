package text

import (
	"strings"
	"unicode"

	"webcare.example/responder/internal/webcare"
)

// abbreviations after which a full stop ends no sentence.
const abbreviations = " bijv bv o.a d.w.z a.u.b aub dhr mw mevr mej dr drs ir ing prof mr mrs ms st nr nrs tel art ca incl excl max min resp evt blz pag jl a.s d.d t.a.v t.n.v i.v.m m.b.t z.s.m i.p.v n.a.v e.g i.e vs etc approx no inc ltd co jr sr ave rd dept appt ref z.b usw bzw ggf inkl zzgl str hr fr mme mlle av env p m e g i jan feb mrt apr jun jul aug sept sep okt oct nov dec mo tu we th ma di wo do vr za zo u "

// Sentences returns the sentences of s in order, without the white space
// around them. A line end closes a sentence, except where a mail program
// wrapped a long line; a run of emoji stays with the sentence before it.
func Sentences(s string) []webcare.Span {
	var spans []webcare.Span
	start := 0
	cut := func(end int) {
		if t := trimmed(s, start, end); t.Start < t.End {
			spans = append(spans, t)
		}
		start = end
	}
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		switch {
		case r == '\n':
			if !isWrap(s, start, i) {
				cut(i)
			}
			i += n
		case r == '.' || r == '!' || r == '?' || r == '…':
			end := terminatorEnd(s, i)
			if endsSentence(s, start, i, end, r) {
				end = pullEmoji(s, end)
				cut(end)
			}
			i = end
		case isEmoji(r):
			end := pullEmoji(s, i)
			if breaksAfterEmoji(s, end) {
				cut(end)
			}
			i = end
		default:
			i += n
		}
	}
	cut(len(s))
	return spans
}

// isWrap reports whether the line end at i was put there by a mail program:
// the line is long, ends without punctuation, and the next begins in lower case.
func isWrap(s string, start, i int) bool {
	line := strings.LastIndexByte(s[:i], '\n') + 1
	if i-line < 50 || i+1 >= len(s) || i == start {
		return false
	}
	next, _ := decode(s, i+1)
	return unicode.IsLower(next) && s[i-1] != '.' && s[i-1] != ':' && s[i-1] != '!' && s[i-1] != '?'
}

// terminatorEnd runs over "?!...", closing marks and brackets after them.
func terminatorEnd(s string, i int) int {
	for i < len(s) {
		r, n := decode(s, i)
		if r != '.' && r != '!' && r != '?' && r != '…' && r != 0xfe0f {
			break
		}
		i += n
	}
	for i < len(s) {
		r, n := decode(s, i)
		closes := r == '"' || r == '”' || r == '’' || r == '\'' || r == ')' || r == ']' || r == '»' || r == '“'
		if !closes || i+n < len(s) && startsWord(s, i+n) {
			break
		}
		i += n
	}
	return i
}

func endsSentence(s string, start, at, end int, r rune) bool {
	if end >= len(s) {
		return true
	}
	next, n := decode(s, end)
	if !unicode.IsSpace(next) {
		return isEmoji(next)
	}
	if next == '\n' {
		return true
	}
	if r != '.' || end-at > 1 {
		return true
	}
	after := end + n
	for after < len(s) && s[after] == ' ' {
		after++
	}
	if after >= len(s) {
		return true
	}
	word := s[max(start, lastBreak(s, start, at)):at]
	if word == "" {
		return true
	}
	follow, _ := decode(s, after)
	if strings.Contains(abbreviations, " "+strings.ToLower(word)+" ") {
		return isPausing(word) && unicode.IsUpper(follow)
	}
	// "J. de Vries": an initial.
	if len(word) == 1 && word[0] >= 'A' && word[0] <= 'Z' {
		return false
	}
	// "3. Vervolgens": the number of a list.
	if len(word) <= 2 && isDigit(rune(word[0])) && at-len(word) == start {
		return false
	}
	return true
}

// isPausing holds for abbreviations that may well end a sentence.
func isPausing(word string) bool {
	switch strings.ToLower(word) {
	case "etc", "aub", "a.u.b", "z.s.m", "jl", "usw", "incl", "excl", "no", "do", "we", "p", "m", "min", "u", "co", "max", "zo", "za", "di", "e", "g", "i", "ing", "art", "ref", "dec", "jan":
		return true
	}
	return false
}

func lastBreak(s string, start, at int) int {
	for i := at - 1; i >= start && at-i < 12; i-- {
		if c := s[i]; c == ' ' || c == '\n' || c == '(' || c == '"' || c == '\t' {
			return i + 1
		}
	}
	return max(start, at-12)
}

// pullEmoji takes the emoji after i, with spaces between, into the sentence.
func pullEmoji(s string, i int) int {
	end := i
	for i < len(s) {
		r, n := decode(s, i)
		switch {
		case isEmoji(r) || isInvisible(r):
			i += n
			end = i
		case r == ' ':
			i += n
		default:
			return end
		}
	}
	return end
}

func breaksAfterEmoji(s string, end int) bool {
	for end < len(s) && s[end] == ' ' {
		end++
	}
	if end >= len(s) {
		return true
	}
	r, _ := decode(s, end)
	return unicode.IsUpper(r) || r == '"' || r == '“'
}
