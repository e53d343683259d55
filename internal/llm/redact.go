package llm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Known is who takes part in a conversation, beside what the texts say.
type Known struct {
	Language string         // of the placeholders: "nl", else English
	Author   webcare.Author // the customer
	Names    []string       // other people's, as known: earlier authors
	Public   []string       // names that a public reply may carry: staff who are praised
	Ours     []string       // names of the brand and its people: they stay, also inside handles
}

// Redacted is a text as it may leave, and the way back to the original's offsets.
type Redacted struct {
	Text string
	cuts []cut
	size int // of the original
}

// cut is a stretch of the original, and the one that stands in its place.
type cut struct {
	start, end int // in the original
	from, to   int // in the redacted text
}

// Redact takes names, numbers and addresses out of the texts of a
// conversation, oldest first, and returns them with typed placeholders
// ("[NAAM_1]") that stay the same over all texts, and the vault that knows what
// they stand for. Numbering follows first appearance, so that it stays the same
// when a conversation grows. Amounts, dates, durations, products and places
// stay: a reply needs them. So do brackets a customer wrote, except where they
// imitate a placeholder: those become round. Invisible characters are dropped.
func Redact(texts []string, known Known) ([]Redacted, *Vault) {
	v := newVault(known)
	out := make([]Redacted, len(texts))
	for i, t := range texts {
		out[i] = v.Redact(t)
	}
	return out, v
}

// Redact redacts a further text with the same placeholders.
func (v *Vault) Redact(s string) Redacted { return v.redact(s, false) }

// RedactOurs redacts a text of our own: only what the conversation already
// holds is replaced. Our links, our numbers and our people stay.
func (v *Vault) RedactOurs(s string) string { return v.redact(s, true).Text }

func (v *Vault) redact(s string, ours bool) Redacted {
	s = valid(s)
	r := Redacted{size: len(s)}
	var b strings.Builder
	last := 0
	for _, f := range v.find(s) {
		value := f.whole
		if value == "" {
			value = s[f.start:f.end]
		}
		if ours && (f.kind == Link || f.kind != "" && v.Mark(f.kind, value) == "") {
			continue
		}
		b.WriteString(plain(s[last:f.start]))
		from := b.Len()
		if f.kind != "" {
			b.WriteString(v.put(f.kind, value, f.public))
		}
		r.cuts = append(r.cuts, cut{f.start, f.end, from, b.Len()})
		last = f.end
	}
	b.WriteString(plain(s[last:]))
	r.Text = b.String()
	return r
}

var imitation = regexp.MustCompile(`\[[\p{Lu} _-]{2,24}\d{1,4}\s*\]`)

// plain puts imitated placeholders in round brackets, which have as many bytes.
func plain(s string) string {
	return imitation.ReplaceAllStringFunc(s, func(m string) string { return "(" + m[1:len(m)-1] + ")" })
}

// valid replaces each byte that is no UTF-8 by a question mark: offsets stay.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			b[i] = '?'
		}
		i += n
	}
	return string(b)
}

// Original returns the offsets in the original text of a stretch of the
// redacted one. A placeholder is taken whole.
func (r Redacted) Original(start, end int) (int, int) {
	return r.at(start, false), r.at(end, true)
}

func (r Redacted) at(offset int, end bool) int {
	shift := 0
	for _, c := range r.cuts {
		if offset < c.from || end && offset == c.from {
			break
		}
		if offset < c.to || end && offset == c.to && c.to > c.from {
			if end {
				return c.end
			}
			return c.start
		}
		shift = c.end - c.to
	}
	return min(offset+shift, r.size)
}

// found is a stretch to take out; without a kind it is dropped.
type found struct {
	start, end int
	kind       Kind
	public     bool
	whole      string // the whole name, where a part of it stands here
}

// find returns what to take out of s, in order and without overlap: where two
// overlap, the one found by the earlier rule stands, and the rest of the other
// is taken out on its own.
func (v *Vault) find(s string) []found {
	var all []found
	facts := text.Facts(s, v.known.Language)
	for _, rule := range []func(string, []webcare.Fact) []found{tail, invisible, links, v.handles, personal, plates, v.knownIn, birthDates, v.namesIn, longNumbers} {
		for _, f := range rule(s, facts) {
			all = addRest(all, s, f)
		}
	}
	slices.SortFunc(all, func(a, b found) int { return a.start - b.start })
	return all
}

// addRest adds to all what of f no other covers yet and holds a letter or digit.
func addRest(all []found, s string, f found) []found {
	parts := []found{f}
	for _, have := range all {
		var left []found
		for _, p := range parts {
			if have.end <= p.start || have.start >= p.end {
				left = append(left, p)
				continue
			}
			if have.start > p.start {
				left = append(left, found{start: p.start, end: have.start, kind: p.kind, public: p.public})
			}
			if have.end < p.end {
				left = append(left, found{start: have.end, end: p.end, kind: p.kind, public: p.public})
			}
		}
		parts = left
	}
	for _, p := range parts {
		if p.start, p.end = trimmed(s, p.start, p.end); p.kind == "" && p.start < p.end || strings.IndexFunc(s[p.start:p.end], isWordRune) >= 0 {
			all = append(all, p)
		}
	}
	return all
}

// trimmed narrows a stretch to what lies between white space and marks.
func trimmed(s string, start, end int) (int, int) {
	if start == end {
		return start, end
	}
	in := s[start:end]
	left := strings.TrimLeft(in, " \t\r\n,;:")
	right := strings.TrimRight(left, " \t\r\n,;:")
	start += len(in) - len(left)
	return start, start + len(right)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
