package feed

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
)

// Bounds of a page.
const (
	maxPage  = 4 << 20
	maxDepth = 400
	maxText  = 100 << 10
	least    = 120 // bytes that make an article
)

// Article returns the text of a page's article: of its article element, else
// of the element that holds the most text in paragraphs; "" where a page has
// no article.
func Article(page string) string {
	doc, err := html.ParseWithOptions(strings.NewReader(plain.Clip(page, maxPage)), html.ParseOptionEnableScripting(false))
	if err != nil {
		return ""
	}
	best, most := (*html.Node)(nil), 0
	walk(doc, 0, func(n *html.Node) bool {
		if beside(n) {
			return false
		}
		size := paragraphs(n)
		if n.DataAtom == atom.Article || n.DataAtom == atom.Main {
			size += size / 2
		}
		if size > most {
			best, most = n, size
		}
		return true
	})
	if best == nil {
		return ""
	}
	var b strings.Builder
	walk(best, 0, func(n *html.Node) bool {
		switch {
		case beside(n):
			return false
		case !textual(n):
			return true
		case b.Len() < maxText:
			var part strings.Builder
			if html.Render(&part, n) == nil {
				b.WriteString(channel.Readable(part.String()) + "\n\n")
			}
		}
		return false
	})
	text := strings.TrimSpace(b.String())
	if len(text) < least {
		return ""
	}
	return plain.Clip(text, maxText)
}

func walk(n *html.Node, depth int, visit func(*html.Node) bool) {
	if depth > maxDepth || !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, depth+1, visit)
	}
}

// beside reports what stands beside an article: navigation, forms, asides.
func beside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Aside, atom.Footer, atom.Form, atom.Script, atom.Style, atom.Noscript, atom.Figure, atom.Svg, atom.Iframe, atom.Template, atom.Button, atom.Dialog:
		return n.Type == html.ElementNode
	}
	return false
}

func textual(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Blockquote, atom.Li, atom.H2, atom.H3, atom.H4, atom.Pre:
		return n.Type == html.ElementNode
	}
	return false
}

// paragraphs is how much text stands in paragraphs right below a node, or one
// element further down.
func paragraphs(n *html.Node) (size int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.P {
			size += len(content(c, 0))
			continue
		}
		if c.DataAtom == atom.Div || c.DataAtom == atom.Section {
			for g := c.FirstChild; g != nil; g = g.NextSibling {
				if g.DataAtom == atom.P {
					size += len(content(g, 0)) / 2
				}
			}
		}
	}
	return size
}

func content(n *html.Node, depth int) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if depth > maxDepth {
		return ""
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(content(c, depth+1))
	}
	return b.String()
}
