package mail

import (
	"bytes"
	"strings"

	"webcare.example/responder/internal/channel/plain"
)

// field is one header field as it stood, unfolded, its value not yet decoded.
type field struct {
	name  string // lower case
	value string
}

// header is the fields of a mail in their order.
type header []field

// Bounds of a header. Real mails stay far below them.
const (
	maxHeaderBytes = 256 << 10
	maxFields      = 1000
	maxFieldBytes  = 32 << 10
)

// splitHeader separates the header from the body. It forgives what mail
// stores leave before the header (blank lines, an mbox "From " line), bare LF,
// and lines that are no header fields; a mail whose first line is no field has
// no header at all, unless fields that every mail has follow it.
func splitHeader(raw []byte) (h header, body []byte) {
	rest := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), "\r\n")
	if bytes.HasPrefix(rest, []byte("From ")) || bytes.HasPrefix(rest, []byte(">From ")) {
		_, rest = cutLine(rest)
	}
	start := rest
	for len(rest) > 0 {
		line, next := cutLine(rest)
		if len(line) == 0 {
			return h, next
		}
		if !h.add(line) && len(h) == 0 && !mailFields(rest) {
			return nil, start
		}
		rest = next
		if len(start)-len(rest) > maxHeaderBytes {
			break
		}
	}
	return h, rest
}

// mailFields reports whether a field that every mail has stands before the
// first empty line.
func mailFields(b []byte) bool {
	for range 40 {
		var line []byte
		if line, b = cutLine(b); len(line) == 0 {
			return false
		}
		name, _, _ := strings.Cut(strings.ToLower(string(line[:min(len(line), 40)])), ":")
		switch name {
		case "received", "message-id", "mime-version", "return-path", "delivered-to", "x-mailer":
			return true
		}
	}
	return false
}

// cutLine returns the first line without its end, and what follows.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.TrimRight(b, "\r"), nil
	}
	return bytes.TrimRight(b[:i], "\r"), b[i+1:]
}

// add takes one line of the header: a field, the continuation of the last one,
// or neither, which it reports with false.
func (h *header) add(line []byte) bool {
	if line[0] == ' ' || line[0] == '\t' {
		if n := len(*h); n > 0 {
			last := &(*h)[n-1]
			if len(last.value)+len(line) <= maxFieldBytes {
				last.value += " " + strings.TrimSpace(string(line))
			}
			return true
		}
		return len(bytes.TrimSpace(line)) == 0
	}
	name, value, ok := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	if !ok || !fieldName(name) {
		return false
	}
	if len(*h) < maxFields {
		*h = append(*h, field{strings.ToLower(string(name)), strings.TrimSpace(string(value[:min(len(value), maxFieldBytes)]))})
	}
	return true
}

func fieldName(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 127 {
			return false
		}
	}
	return len(b) > 0 && len(b) < 100
}

// get returns the first field of that name as it stands, "" for none. The
// first is what the nearest mail server wrote.
func (h header) get(name string) string {
	v, _ := h.find(name)
	return v
}

func (h header) find(name string) (string, bool) {
	for _, f := range h {
		if f.name == name {
			return f.value, true
		}
	}
	return "", false
}

func (h header) has(name string) bool {
	_, ok := h.find(name)
	return ok
}

// all returns the values of every field of these names, in their order.
func (h header) all(names ...string) []string {
	var out []string
	for _, f := range h {
		for _, n := range names {
			if f.name == n {
				out = append(out, f.value)
			}
		}
	}
	return out
}

// text returns the first field of that name decoded and cleaned.
func (h header) text(name string) string { return plain.Line(decodeWords(h.get(name))) }
