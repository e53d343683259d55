package text

import (
	"strings"
	"unicode/utf8"

	"webcare.example/responder/internal/webcare"
)

// longestQuote bounds a quotation in bytes: a mark without its pair must not
// swallow the rest of a text.
const longestQuote = 600

// Quotes returns what stands between quotation marks, the marks left out:
// words of somebody else, or words held at arm's length. Apostrophes are no
// quotation marks, and a mark without its pair opens nothing.
func Quotes(s string) []webcare.Span {
	var spans []webcare.Span
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		closing := closingMarks(r)
		if closing == "" || r == '\'' && !opensSingle(s, i) {
			i += n
			continue
		}
		end, width := quoteEnd(s, i+n, closing, r)
		if end < 0 {
			i += n
			continue
		}
		if end > i+n {
			spans = append(spans, span(s, i+n, end))
		}
		i = end + width
	}
	return spans
}

func closingMarks(r rune) string {
	switch r {
	case '"', '“':
		return "\"”“"
	case '„', '”':
		return "”“\""
	case '«':
		return "»"
	case '‘', '\'':
		return "'’"
	}
	return ""
}

// opensSingle tells an opening single mark from an apostrophe ('t, m'n, it's).
func opensSingle(s string, i int) bool {
	if i > 0 && s[i-1] != ' ' && s[i-1] != '\n' && s[i-1] != '(' && s[i-1] != ':' {
		return false
	}
	return i+2 < len(s) && startsWord(s, i+1) && (startsWord(s, i+2) || s[i+2] == ' ' && (s[i+1] == 'I' || s[i+1] == 'U'))
}

func quoteEnd(s string, from int, closing string, opening rune) (end, width int) {
	for i := from; i < len(s) && i-from <= longestQuote; {
		r, n := decode(s, i)
		if r == '\n' && i+1 < len(s) && s[i+1] == '\n' {
			return -1, 0
		}
		if strings.ContainsRune(closing, r) && !(isSingle(r) && i+n < len(s) && startsWord(s, i+n)) {
			if opening == '‘' && i == from {
				return -1, 0
			}
			return i, n
		}
		i += n
	}
	return -1, 0
}

func isSingle(r rune) bool { return r == '\'' || r == '’' }

func span(s string, start, end int) webcare.Span {
	return webcare.Span{Start: start, End: end, Text: s[start:end]}
}

// trimmed returns the span without white space at its ends.
func trimmed(s string, start, end int) webcare.Span {
	for start < end && isSpaceAt(s, start) > 0 {
		start += isSpaceAt(s, start)
	}
	for end > start {
		r, n := utf8.DecodeLastRuneInString(s[start:end])
		if r != ' ' && r != '\n' && r != '\t' && r != '\r' && r != 0xa0 && !isInvisible(r) {
			break
		}
		end -= n
	}
	return span(s, start, end)
}

// isSpaceAt returns the width of the white space at s[i], or 0.
func isSpaceAt(s string, i int) int {
	switch s[i] {
	case ' ', '\n', '\t', '\r', '\v', '\f':
		return 1
	}
	if r, n := decode(s, i); r == 0xa0 || isInvisible(r) || r == 0x2028 || r == 0x202f {
		return n
	}
	return 0
}
