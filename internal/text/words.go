package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// WordKind tells the sorts of words apart.
type WordKind uint8

// Kinds of words.
const (
	KindWord    WordKind = iota // letters: "pakket", "don't", "e-mail"
	KindNumber                  // begins with a digit: "12,50", "3x", "10:30"
	KindCode                    // letters and digits mixed: "LW-88120", "A12"
	KindHandle                  // "@name"
	KindHashtag                 // "#name"
	KindLink                    // "https://...", "www...."
	KindEmail                   // "a@b.nl"
	KindEmoji                   // pictures, one a word
	KindMark                    // any other single sign: ".", "€", "?"
)

// Word is one word of a text.
type Word struct {
	Start, End int
	Kind       WordKind
	// Norm is the word in lower case without accents, without the sign of a
	// handle or hashtag; links are "http".
	Norm string
}

// Words cuts s into words, in order, leaving out white space.
func Words(s string) []Word {
	words := make([]Word, 0, len(s)/4+4)
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		if unicode.IsSpace(r) || isInvisible(r) {
			i += n
			continue
		}
		w := wordAt(s, i, r, n)
		words = append(words, w)
		i = w.End
	}
	return words
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// isInvisible holds for joiners and variation selectors, which carry no meaning alone.
func isInvisible(r rune) bool {
	return r == 0x200d || r == 0x200b || r == 0xfe0f || r == 0xfeff || r == 0x200c || r == 0xad
}

func wordAt(s string, i int, r rune, n int) Word {
	switch {
	case r == '@' || r == '#':
		if end := runEnd(s, i+1, isHandleRune); end > i+1 {
			kind := KindHandle
			if r == '#' {
				kind = KindHashtag
			}
			return Word{i, end, kind, Normal(s[i+1 : end])}
		}
	case isWordRune(r):
		if end := linkEnd(s, i); end > 0 {
			return Word{i, end, KindLink, "http"}
		}
		if end := emailEnd(s, i); end > 0 {
			return Word{i, end, KindEmail, strings.ToLower(s[i:end])}
		}
		return plainWord(s, i)
	case r == '\'' || r == '’' || r == '‘':
		// 't, 's, 'm: the apostrophe is the first letter of a Dutch short word.
		if end := i + n; end < len(s) && (s[end] == 't' || s[end] == 's' || s[end] == 'k' || s[end] == 'm' || s[end] == 'n') &&
			(end+1 == len(s) || !startsWord(s, end+1)) {
			return Word{i, end + 1, KindWord, "'" + s[end:end+1]}
		}
	case isEmoji(r):
		return Word{i, i + n, KindEmoji, s[i : i+n]}
	}
	return Word{i, i + n, KindMark, markNorm(r, s[i:i+n])}
}

func markNorm(r rune, s string) string {
	switch r {
	case '“', '”', '„', '«', '»', '″', '‟':
		return `"`
	case '’', '‘', '‚', '`', '´':
		return "'"
	case '–', '—', '−':
		return "-"
	}
	return s
}

// plainWord takes letters and digits, with signs between them that belong to
// the word: "don't", "e-mail", "12,50", "10:30", "a.u.b".
func plainWord(s string, i int) Word {
	letters, digits, first := false, false, s[i]
	end := i
	for end < len(s) {
		r, n := decode(s, end)
		if isWordRune(r) {
			if isDigit(r) {
				digits = true
			} else {
				letters = true
			}
			end += n
			continue
		}
		if end == i || !joins(s, i, end, r, n) {
			break
		}
		end += n
	}
	kind := KindWord
	switch {
	case first >= '0' && first <= '9':
		kind = KindNumber
	case letters && digits:
		kind = KindCode
	}
	return Word{i, end, kind, Normal(s[i:end])}
}

// joins reports whether the sign r at s[at] ties the runes before and after it into one word.
func joins(s string, start, at int, r rune, n int) bool {
	if at+n >= len(s) {
		return false
	}
	next, _ := decode(s, at+n)
	prev := rune(s[at-1])
	switch r {
	case '\'', '’':
		return unicode.IsLetter(next)
	case '-', '_':
		return isWordRune(next)
	case ',', ':':
		return isDigit(prev) && isDigit(next)
	case '.':
		if isDigit(prev) {
			return isDigit(next)
		}
		return unicode.IsLetter(next) && isDotted(s, start, at)
	}
	return false
}

// isDotted reports whether s[start:at] is single letters with dots between, as
// in "a.u.b"; "ok.maar" is two words.
func isDotted(s string, start, at int) bool {
	if (at-start)%2 == 0 || at-start > 11 {
		return false
	}
	for i := start; i < at; i++ {
		if ((i-start)%2 == 0) == (s[i] == '.') {
			return false
		}
	}
	return true
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || isDigit(r)
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mn, r)
}

func isHandleRune(r rune) bool { return isWordRune(r) || r == '_' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func startsWord(s string, i int) bool {
	r, _ := decode(s, i)
	return isWordRune(r)
}

func runEnd(s string, i int, ok func(rune) bool) int {
	for i < len(s) {
		r, n := decode(s, i)
		if !ok(r) {
			break
		}
		i += n
	}
	return i
}

// isEmoji holds for pictures and symbols beyond the signs of ordinary writing.
func isEmoji(r rune) bool {
	switch {
	case r < 0x203c:
		return false
	case r >= 0x1f000 && r <= 0x1faff, r >= 0x2600 && r <= 0x27bf, r >= 0x2b00 && r <= 0x2bff,
		r == 0x203c || r == 0x2049, r >= 0x2300 && r <= 0x23ff, r >= 0x2190 && r <= 0x21ff:
		return true
	}
	return false
}

// linkEnd returns the end of a link that begins at i, or 0.
func linkEnd(s string, i int) int {
	if c := s[i] | 0x20; c != 'h' && c != 'w' {
		return 0
	}
	head := strings.ToLower(s[i:min(len(s), i+8)])
	if !strings.HasPrefix(head, "http://") && !strings.HasPrefix(head, "https://") && !strings.HasPrefix(head, "www.") {
		return 0
	}
	end := runEnd(s, i, func(r rune) bool { return !unicode.IsSpace(r) && r != '<' && r != '>' && r != '"' && r != '”' })
	for end > i && strings.IndexByte(".,;:!?)]'", s[end-1]) >= 0 {
		end--
	}
	return end
}

// emailEnd returns the end of a mail address that begins at i, or 0.
func emailEnd(s string, i int) int {
	at := i
	for at < len(s) && at-i <= 64 && isLocalByte(s[at]) {
		at++
	}
	if at == i || at >= len(s) || s[at] != '@' {
		return 0
	}
	end, dot := at+1, 0
	for end < len(s) && end-at <= 254 && (isDomainByte(s[end])) {
		if s[end] == '.' {
			dot = end
		}
		end++
	}
	for end > at && (s[end-1] == '.' || s[end-1] == '-') {
		end--
	}
	if dot >= end {
		dot = strings.LastIndexByte(s[at:end], '.') + at
	}
	if dot <= at+1 || end-dot < 3 {
		return 0
	}
	return end
}

func isLocalByte(c byte) bool {
	return isDomainByte(c) || c == '_' || c == '+' || c == '%'
}

func isDomainByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-'
}
