package mail

import (
	"strings"

	"webcare.example/responder/internal/channel/plain"
)

// Split is a mail's text taken apart.
type Split struct {
	Text    string // the writer's new words, in their order
	History string // quoted history, signature block, disclaimers: all the rest, in its order
	// Forwarded: the writer added no words to a forwarded mail; Text is what
	// the forwarded mail says.
	Forwarded bool
}

// Bounds of what Cut looks at; the rest is history.
const (
	maxCutBytes = 1 << 20
	maxCutLines = 20_000
)

// Cut takes the text of a mail apart: the writer's new words, and what was
// there before or stands under every mail. Answers written between the lines
// of a quotation are kept. A sign-off with a name stays in the text, since it
// says who writes; a signature block after "-- " goes.
//
// It never takes plain words for history because they look a little like it:
// where a line could be either, it is text.
func Cut(text string) Split {
	text = plain.Text(text)
	head := plain.Clip(text, maxCutBytes)
	s := cutLines(strings.Split(head, "\n"), 0)
	if rest := text[len(head):]; rest != "" {
		s.History = strings.TrimSpace(s.History + "\n" + rest)
	}
	return s
}

// cutter marks the lines that are no new words.
type cutter struct {
	lines     []string
	quoted    []bool // starts with ">"
	gone      []bool // no new words
	forwarded bool
	nested    int
}

func cutLines(lines []string, nested int) Split {
	over := 0
	if len(lines) > maxCutLines {
		over = len(lines) - maxCutLines
	}
	c := &cutter{lines: make([]string, len(lines)), nested: nested}
	c.quoted, c.gone = make([]bool, len(lines)), make([]bool, len(lines))
	for i, l := range lines {
		c.lines[i] = strings.TrimRight(l, " \t")
		c.quoted[i] = quoteLine(l)
		c.gone[i] = i >= len(lines)-over
	}
	for i := range lines {
		c.quoted[i] = c.quoted[i] && !c.moreThan(i)
	}
	if s, ok := c.walk(lines); ok {
		return s
	}
	c.tails()
	return c.split()
}

func quoteLine(l string) bool {
	t := strings.TrimLeft(l, " \t")
	return len(l)-len(t) <= 3 && strings.HasPrefix(t, ">")
}

var moreThanSign = lazily(`^\s*>=?\s?[€$]?\s?\d`)

// moreThan reports a lone line in which ">" stands for "more than".
func (c *cutter) moreThan(i int) bool {
	if i > 0 && quoteLine(c.lines[i-1]) || i+1 < len(c.lines) && quoteLine(c.lines[i+1]) {
		return false
	}
	return moreThanSign().MatchString(c.lines[i])
}

// walk goes down the lines and marks quotations, their headings and signature
// blocks. A heading without quoted lines under it takes everything after it.
func (c *cutter) walk(raw []string) (Split, bool) {
	for i := 0; i < len(c.lines); i++ {
		switch {
		case c.gone[i] || c.lines[i] == "":
			continue
		case c.quoted[i]:
			c.gone[i] = true
			i = c.wrapped(i)
			continue
		case signatureMark(c.lines[i]) && c.signature(i, strings.HasSuffix(raw[i], "-- ")):
			continue
		}
		h, ok := c.heading(i)
		if !ok {
			continue
		}
		soft := h.end < len(c.lines) && c.nextQuoted(h.end)
		switch {
		case !soft && c.wordsBefore(i):
			c.mark(c.lineAbove(i), len(c.lines))
			return Split{}, false
		case soft && h.forward && !c.wordsBefore(i) && c.nested < 3:
			return c.unwrap(h.end), true
		}
		c.forwarded = c.forwarded || (h.forward && !soft && !c.wordsBefore(i))
		c.mark(c.lineAbove(i), h.end)
		i = h.end - 1
	}
	return Split{}, false
}

// unwrap reads a forwarded mail whose lines are all quoted.
func (c *cutter) unwrap(from int) Split {
	inner := make([]string, 0, len(c.lines)-from)
	for _, l := range c.lines[from:] {
		l = strings.TrimLeft(l, " \t")
		inner = append(inner, strings.TrimPrefix(strings.TrimPrefix(l, ">"), " "))
	}
	s := cutLines(inner, c.nested+1)
	s.Forwarded = true
	s.History = strings.TrimSpace(strings.Join(c.lines[:from], "\n") + "\n" + s.History)
	return s
}

// wrapped marks the lines after a long quoted line that a mail program broke
// off without a sign of its own, and returns the last line marked.
func (c *cutter) wrapped(i int) int {
	if len(c.lines[i]) < 60 || i+2 >= len(c.lines) {
		return i
	}
	next := c.lines[i+1]
	if next != "" && !c.quoted[i+1] && c.quoted[i+2] && len(next) < 40 && strings.TrimSpace(strings.TrimLeft(c.lines[i+2], "> ")) != "" {
		c.gone[i+1] = true
		return i + 1
	}
	return i
}

func (c *cutter) nextQuoted(i int) bool {
	for ; i < len(c.lines); i++ {
		if c.lines[i] != "" {
			return c.quoted[i]
		}
	}
	return false
}

func (c *cutter) wordsBefore(i int) bool {
	for k := range i {
		if !c.gone[k] && c.lines[k] != "" && !ruleLine(c.lines[k]) {
			return true
		}
	}
	return false
}

func (c *cutter) mark(from, to int) {
	for k := from; k < to; k++ {
		c.gone[k] = true
	}
}

// lineAbove includes the rule that some programs draw over a heading.
func (c *cutter) lineAbove(i int) int {
	k := i - 1
	for k >= 0 && c.lines[k] == "" {
		k--
	}
	if k >= 0 && ruleLine(c.lines[k]) {
		return k
	}
	return i
}

// ruleLine reports a line of dashes or underscores.
func ruleLine(l string) bool {
	l = strings.TrimSpace(l)
	return len(l) >= 5 && strings.Trim(l, "_-=*—–") == ""
}

func signatureMark(l string) bool { return l == "--" || l == "—" }

// signature marks the block after a signature mark. Without the trailing blank
// of RFC 3676 the mark may be a rule that the writer drew, so the block must
// look like one.
func (c *cutter) signature(i int, exact bool) bool {
	if !c.wordsBefore(i) && !c.goneBefore(i) {
		return false
	}
	end, lines, size, longest := i+1, 0, 0, 0
	for ; end < len(c.lines) && !c.quoted[end]; end++ {
		if c.lines[end] == "" {
			continue
		}
		if _, ok := c.heading(end); ok {
			break
		}
		lines++
		size += len(c.lines[end])
		longest = max(longest, len(c.lines[end]))
	}
	if lines > 30 || (!exact && (lines > 12 || size > 500 || longest > 100)) {
		return false
	}
	c.mark(i, end)
	return true
}

func (c *cutter) goneBefore(i int) bool {
	for k := range i {
		if c.gone[k] {
			return true
		}
	}
	return false
}

// split puts the two halves together.
func (c *cutter) split() Split {
	var text, history []string
	for i, l := range c.lines {
		here := &text
		if c.gone[i] {
			here = &history
		}
		if i > 0 && c.gone[i] != c.gone[i-1] && len(*here) > 0 { // one empty line at every seam
			switch last := (*here)[len(*here)-1]; {
			case last != "" && l != "":
				*here = append(*here, "")
			case last == "" && l == "":
				continue
			}
		}
		*here = append(*here, l)
	}
	return Split{Text: strings.TrimSpace(trimBlank(text)), History: trimBlank(history), Forwarded: c.forwarded}
}

// trimBlank joins lines without the empty ones at both ends.
func trimBlank(lines []string) string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}
