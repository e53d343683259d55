package channel

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"webcare.example/responder/internal/channel/plain"
)

// maxPage bounds the HTML of one post or article.
const maxPage = 4 << 20

// Readable returns what a reader sees of a post's HTML: paragraphs, line
// breaks, list items on lines of their own; nothing of scripts, styles and
// what is marked invisible (Mastodon shortens links so).
func Readable(page string) string {
	z := html.NewTokenizer(strings.NewReader(plain.Clip(page, maxPage)))
	var b strings.Builder
	skip := 0 // open elements inside one that is not shown
	for {
		switch z.Next() {
		case html.ErrorToken:
			return tidy(b.String())
		case html.TextToken:
			if skip == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			t := z.Token()
			switch {
			case skip > 0 && !void(t.DataAtom):
				skip++
			case skip == 0 && unseen(t):
				skip = 1
			case skip == 0:
				b.WriteString(lineBefore(t.DataAtom))
			}
		case html.SelfClosingTagToken:
			if t := z.Token(); skip == 0 {
				b.WriteString(lineBefore(t.DataAtom))
			}
		case html.EndTagToken:
			t := z.Token()
			switch {
			case skip > 0:
				skip--
			case t.DataAtom == atom.P || t.DataAtom == atom.Div || t.DataAtom == atom.Blockquote:
				b.WriteString("\n\n")
			}
		}
	}
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Img, atom.Hr, atom.Input, atom.Meta, atom.Link, atom.Wbr, atom.Source, atom.Col, atom.Embed, atom.Area, atom.Base, atom.Track:
		return true
	}
	return false
}

// unseen reports an element whose content no reader sees.
func unseen(t html.Token) bool {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Template, atom.Noscript, atom.Svg, atom.Iframe, atom.Title:
		return true
	}
	for _, a := range t.Attr {
		if a.Key == "class" && t.DataAtom == atom.Span && strings.Contains(" "+a.Val+" ", " invisible ") || a.Key == "hidden" {
			return !void(t.DataAtom)
		}
	}
	return false
}

func lineBefore(a atom.Atom) string {
	switch a {
	case atom.Br:
		return "\n"
	case atom.P, atom.Div, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.Article, atom.Section, atom.Ul, atom.Ol, atom.Table:
		return "\n\n"
	case atom.Li, atom.Tr:
		return "\n"
	}
	return ""
}

// tidy unescapes, and keeps one empty line at most.
func tidy(s string) string {
	s = plain.Text(html.UnescapeString(s))
	var out []string
	for _, line := range strings.Split(s, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
