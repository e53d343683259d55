package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Graphemes counts what a reader sees as characters: a flag or a family emoji is one.
func Graphemes(s string) int { return uniseg.GraphemeClusterCount(s) }

// Cut returns s where it has at most n graphemes, else its beginning with an
// ellipsis, n graphemes in all, at the last space if one is near. It never
// cuts inside a grapheme.
func Cut(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if len(s) <= n {
		return s
	}
	rest, state, count := s, -1, 0
	keep, space := 0, 0
	for rest != "" {
		var g string
		g, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		count++
		if count > n {
			return finishCut(s, keep, space)
		}
		if count < n {
			if g == " " || g == "\n" {
				space = keep
			}
			keep += len(g)
		}
	}
	return s
}

func finishCut(s string, keep, space int) string {
	if space > keep*2/3 {
		keep = space
	}
	return strings.TrimRight(s[:keep], " \n\t,;:.") + "…"
}
