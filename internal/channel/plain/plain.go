// Package plain makes text that strangers sent safe to keep and to show:
// valid UTF-8, in the charset it was meant in, without characters that no
// reader sees. Every channel that takes in raw bytes uses it.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden reports characters that no reader sees: controls, direction marks,
// zero-width ones. Joiners between letters of scripts that need them stay.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d':
		return false
	case unicode.IsControl(r), r == '\u00ad', r == '\ufeff', r == '\u200b', r >= '\u2060' && r <= '\u2064':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f':
		return true
	case r >= 0xE0000 && r <= 0xE007F: // tags: text for machines that no person sees
		return true
	}
	return false
}

// Line makes one line of s: nothing hidden, blanks collapsed.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || r == 0 {
			return ' '
		}
		if hidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// Text unifies line ends and drops what no reader sees.
func Text(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0', r == '\u202f', r == '\u2007':
			return ' '
		case r == '\f', r == '\u2028', r == '\u2029', r == '\v':
			return '\n'
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Clip shortens s to at most n bytes on a rune boundary.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
