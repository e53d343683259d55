package mail

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"webcare.example/responder/internal/channel/plain"
)

// maxHTML is how much of a page is read; mails with more are newsletters.
const maxHTML = 2 << 20

// htmlText renders a page as the text a person reads in it: one line a block,
// quoted blocks with "> " before each line, hidden parts left out (a preheader,
// or text meant for machines alone). It reads tokens, so nesting costs nothing.
func htmlText(page string) string {
	var r renderer
	z := html.NewTokenizer(strings.NewReader(plain.Clip(page, maxHTML)))
	z.SetMaxBuf(maxHTML)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(r.out.String())
		case html.TextToken:
			if r.skip == 0 {
				r.text(string(z.Text()))
			}
		case html.StartTagToken:
			r.start(tagOf(z), false)
		case html.SelfClosingTagToken:
			r.start(tagOf(z), true)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(atom.Lookup(name))
		}
	}
}

type tag struct {
	name   atom.Atom
	hidden bool
	quote  bool
	alt    string
}

// tagOf reads what matters of a start tag.
func tagOf(z *html.Tokenizer) tag {
	name, more := z.TagName()
	t := tag{name: atom.Lookup(name)}
	t.quote = t.name == atom.Blockquote
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "style":
			s := strings.ReplaceAll(strings.ToLower(string(v)), " ", "")
			t.hidden = t.hidden || strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") ||
				strings.Contains(s, "font-size:0;") || strings.HasSuffix(s, "font-size:0") || strings.Contains(s, "font-size:0px")
		case "hidden":
			t.hidden = true
		case "alt":
			t.alt = string(v)
		}
	}
	return t
}

// emoji reports the text of a picture that stands for a character.
func emoji(alt string) bool {
	return alt != "" && len(alt) < 32 && strings.IndexFunc(alt, func(r rune) bool { return r < 0x2000 }) < 0
}

type renderer struct {
	out     strings.Builder
	quote   int         // depth of quoted blocks
	breaks  int         // line ends owed before the next text
	space   bool        // a blank owed before the next text
	pre     int         // inside preformatted text
	skip    int         // depth inside skipped elements
	skipTag atom.Atom   // what opened the outermost skipped element
	quotes  []atom.Atom // open elements that raised quote
}

func skipped(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Object, atom.Svg, atom.Math, atom.Select, atom.Textarea:
		return true
	}
	return false
}

// void elements have no end tag, so nothing may wait for one.
func void(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Img, atom.Hr, atom.Input, atom.Meta, atom.Link, atom.Col, atom.Wbr, atom.Area, atom.Base:
		return true
	}
	return false
}

func (r *renderer) start(t tag, closed bool) {
	closed = closed && t.name != atom.Div && t.name != atom.Span && t.name != atom.P
	if r.skip > 0 {
		if t.name == r.skipTag && !closed && !void(t.name) {
			r.skip++
		}
		return
	}
	if (skipped(t.name) || t.hidden) && !closed && !void(t.name) && t.name != atom.Body {
		r.skip, r.skipTag = 1, t.name
		return
	}
	if t.quote && r.quote < 20 {
		r.owe(1)
		r.quote++
		r.quotes = append(r.quotes, t.name)
	}
	switch t.name {
	case atom.Br:
		r.breaks++
		r.space = false
	case atom.Img:
		if emoji(t.alt) {
			r.text(t.alt)
		}
	case atom.Hr:
		r.owe(1)
	case atom.Li:
		r.owe(1)
		r.text("- ")
	case atom.Td, atom.Th:
		r.space = true
	case atom.Pre:
		r.owe(1)
		r.pre++
	default:
		r.owe(blockBreaks(t.name))
	}
}

func (r *renderer) end(a atom.Atom) {
	if r.skip > 0 {
		if a == r.skipTag {
			r.skip--
		}
		return
	}
	if a == atom.Pre && r.pre > 0 {
		r.pre--
	}
	r.owe(blockBreaks(a))
	if n := len(r.quotes); n > 0 && r.quotes[n-1] == a {
		r.quotes = r.quotes[:n-1]
		r.owe(1)
		r.quote--
		if r.quote == 0 {
			r.owe(2)
		}
	}
}

// blockBreaks is how many line ends stand around an element.
func blockBreaks(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Table:
		return 2
	case atom.Div, atom.Tr, atom.Li, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address, atom.Center,
		atom.Dl, atom.Dt, atom.Dd, atom.Form, atom.Fieldset, atom.Pre, atom.Blockquote:
		return 1
	}
	return 0
}

// owe asks for at least n line ends before the next text.
func (r *renderer) owe(n int) {
	if n == 0 {
		return
	}
	r.breaks = max(r.breaks, n)
	r.space = false
}

func (r *renderer) text(s string) {
	if r.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				r.breaks++
			}
			r.word(line)
		}
		return
	}
	if strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " ")) == "" {
		r.space = r.space || s != ""
		return
	}
	lead := strings.TrimLeft(s, " \t\r\n")
	r.space = r.space || len(lead) < len(s)
	r.word(strings.Join(strings.Fields(lead), " "))
	last := s[len(s)-1]
	r.space = last == ' ' || last == '\n' || last == '\t' || last == '\r'
}

// word writes s after the line ends or the blank that are owed.
func (r *renderer) word(s string) {
	if s == "" {
		return
	}
	prefix := strings.Repeat(">", r.quote)
	if prefix != "" {
		prefix += " "
	}
	if r.out.Len() == 0 {
		r.out.WriteString(prefix)
	} else if r.breaks > 0 {
		for i := range min(r.breaks, 3) {
			if i > 0 {
				r.out.WriteString(strings.TrimSuffix(prefix, " "))
			}
			r.out.WriteByte('\n')
		}
		r.out.WriteString(prefix)
	} else if r.space {
		r.out.WriteByte(' ')
	}
	r.breaks, r.space = 0, false
	r.out.WriteString(s)
}
