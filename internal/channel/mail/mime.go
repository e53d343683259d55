package mail

import (
	"bytes"
	"strings"

	"github.com/jhillyerd/enmime/v2/mediatype"

	"webcare.example/responder/internal/channel/plain"
)

// Bounds of the MIME tree. Beyond them the rest stays in the raw bytes, and a
// warning says so.
const (
	maxParsed  = 64 << 20 // bytes
	maxParts   = 1000
	maxNesting = 20 // multiparts in multiparts
)

// part is a node of the MIME tree. Its body is a stretch of the mail, not yet
// decoded.
//
// The tree is built here, in one pass over the lines, and not by enmime, whose
// time doubles with every multipart that is not closed (20 of them take over a
// second, 40 forever); enmime's reading of broken Content-Type fields is used.
type part struct {
	header      header
	kind        string // media type in lower case, "" if none is stated
	params      map[string]string
	disposition string
	name        string // file name, not yet cleaned
	body        []byte
	children    []*part
}

// splitter builds the tree.
type splitter struct {
	stack []open
	count int
	cut   bool // a bound was reached
}

// open is a multipart whose end was not seen yet.
type open struct {
	part     *part
	boundary []byte // with the two dashes
}

// splitParts reads the tree of a mail and reports whether a bound cut it short.
func splitParts(h header, body []byte) (root *part, cut bool) {
	s := splitter{cut: len(body) > maxParsed}
	body = body[:min(len(body), maxParsed)]
	root = newPart(h)
	root.body = body
	if !s.push(root, body) {
		return root, s.cut
	}
	s.walk(body)
	return root, s.cut
}

// newPart reads the fields that shape a part.
func newPart(h header) *part {
	p := &part{header: h}
	p.kind, p.params = parseType(h.get("content-type"))
	d, dp := parseType(h.get("content-disposition"))
	p.disposition = d
	for _, n := range []string{dp["filename"], p.params["name"], p.params["file"]} {
		if p.name = n; n != "" {
			break
		}
	}
	return p
}

// parseType reads a field of the form "type/subtype; name=value", forgiving
// what it can.
func parseType(v string) (string, map[string]string) {
	v = plain.Clip(plain.Line(v), 4000)
	if v == "" {
		return "", nil
	}
	kind, params, _, err := mediatype.ParseWithOptions(v, mediatype.ParseOptions{StripMediaTypeInvalidCharacters: true})
	if err != nil || kind == "" {
		kind, _, _ = strings.Cut(v, ";")
	}
	return strings.ToLower(strings.TrimSpace(kind)), params
}

// push opens a multipart, if p is one and names a boundary, or shows one.
func (s *splitter) push(p *part, body []byte) bool {
	if !strings.HasPrefix(p.kind, "multipart/") {
		return false
	}
	if len(s.stack) >= maxNesting {
		s.cut = true
		return false
	}
	b := strings.TrimRight(p.params["boundary"], " ")
	if b == "" {
		b = guessBoundary(body)
	}
	if b == "" || len(b) > 500 {
		return false
	}
	s.stack = append(s.stack, open{p, []byte("--" + b)})
	return true
}

// guessBoundary finds the boundary of a multipart that names none: a line of
// two dashes and a word, with a field of a part under it.
func guessBoundary(body []byte) string {
	for range 200 {
		if len(body) == 0 {
			return ""
		}
		var line []byte
		line, body = cutLine(body)
		if len(line) < 4 || !bytes.HasPrefix(line, []byte("--")) || bytes.ContainsAny(line, " \t") {
			continue
		}
		if next, _ := cutLine(body); len(next) > 8 && strings.EqualFold(string(next[:8]), "content-") {
			return string(line[2:])
		}
	}
	return ""
}

// walk goes over the lines once. leaf is the part whose body is being read.
func (s *splitter) walk(body []byte) {
	var leaf *part
	start := 0
	end := func(at int) {
		if leaf != nil {
			leaf.body = trimLineEnd(body[start:at])
			leaf = nil
		}
	}
	for at := 0; at < len(body) && len(s.stack) > 0; {
		line, rest := cutLine(body[at:])
		next := len(body) - len(rest)
		level, closing := s.match(line)
		if level < 0 {
			at = next
			continue
		}
		end(at)
		s.stack = s.stack[:level+1]
		if closing {
			s.stack = s.stack[:level]
			at = next
			continue
		}
		if s.count++; s.count > maxParts {
			s.cut = true
			return
		}
		h, after := partHeader(body[next:], s)
		p := newPart(h)
		parent := s.stack[level].part
		parent.children = append(parent.children, p)
		at = len(body) - len(after)
		if !s.push(p, after) {
			leaf, start = p, at
		}
	}
	end(len(body))
}

// match returns the innermost open multipart whose boundary the line is, and
// whether it ends it; -1 for any other line.
func (s *splitter) match(line []byte) (level int, closing bool) {
	if len(line) < 3 || line[0] != '-' || line[1] != '-' {
		return -1, false
	}
	line = bytes.TrimRight(line, " \t")
	for i := len(s.stack) - 1; i >= 0; i-- {
		if rest, ok := bytes.CutPrefix(line, s.stack[i].boundary); ok {
			switch string(rest) {
			case "":
				return i, false
			case "--":
				return i, true
			}
		}
	}
	return -1, false
}

// partHeader reads the fields of a part. A boundary where a field is expected
// ends it, as does a line that is none.
func partHeader(b []byte, s *splitter) (h header, body []byte) {
	for len(b) > 0 {
		line, next := cutLine(b)
		if len(line) == 0 {
			return h, next
		}
		if level, _ := s.match(line); level >= 0 || !h.add(line) {
			return h, b
		}
		b = next
	}
	return h, nil
}

// trimLineEnd drops the line end that belongs to the boundary after it.
func trimLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}
