package console

import (
	"strings"
	"unicode"
)

// change is a stretch of a comparison: kept, added or taken out.
type change struct {
	Text string
	Op   string // "", "ins" or "del"
}

// maxDiffWords bounds the table of a comparison; texts beyond it are shown as
// wholly replaced.
const maxDiffWords = 1500

// diff compares two texts word by word (longest common subsequence).
func diff(was, is string) []change {
	a, b := diffWords(was), diffWords(is)
	var head, tail []string
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head, a, b = append(head, a[0]), a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail, a, b = append(tail, a[len(a)-1]), a[:len(a)-1], b[:len(b)-1]
	}
	var out []change
	add := func(op, word string) {
		if n := len(out); n > 0 && out[n-1].Op == op {
			out[n-1].Text += word
			return
		}
		out = append(out, change{word, op})
	}
	for _, w := range head {
		add("", w)
	}
	middle(a, b, add)
	for i := len(tail) - 1; i >= 0; i-- {
		add("", tail[i])
	}
	return out
}

func middle(a, b []string, add func(op, word string)) {
	if len(a) > maxDiffWords || len(b) > maxDiffWords {
		for _, w := range a {
			add("del", w)
		}
		for _, w := range b {
			add("ins", w)
		}
		return
	}
	width := len(b) + 1
	common := make([]int16, (len(a)+1)*width) // of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add("", a[i])
			i++
			j++
		case j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1]:
			add("del", a[i])
			i++
		default:
			add("ins", b[j])
			j++
		}
	}
}

// diffWords cuts a text into words and what stands between them; joined they are
// the text again.
func diffWords(s string) []string {
	var out []string
	kind := func(r rune) int {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return 1
		case unicode.IsSpace(r):
			return 2
		}
		return 3
	}
	var b strings.Builder
	last := 0
	for _, r := range s {
		k := kind(r)
		if b.Len() > 0 && (k != last || k == 3) {
			out = append(out, b.String())
			b.Reset()
		}
		b.WriteRune(r)
		last = k
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}
