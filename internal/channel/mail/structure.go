package mail

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"webcare.example/responder/internal/channel/plain"
)

// Bounds of what is read of a mail. Beyond them the rest stays in the raw
// bytes, and a warning says so.
const (
	maxParsed      = 30 << 20  // bytes given to the parser
	maxParts       = 1000      // lines that may be boundaries
	maxNesting     = 50        // multiparts
	maxText        = 256 << 10 // bytes of text, and of history
	maxAttachments = 100
	maxReport      = 64 << 10 // bytes of a report or an attached header that are looked at
)

// content is the body of a mail, sorted.
type content struct {
	text     string
	files    []file
	warnings []string
	// reports are the machine-readable parts, decoded, by media type.
	reports  map[string]string
	attached string // the start of the first attached message
	hasHTML  bool
	secret   bool // encrypted
	left     int  // files beyond the bound
}

type file struct {
	name, mediaType string
	data            []byte
}

func (c *content) warn(format string, args ...any) {
	w := fmt.Sprintf(format, args...)
	for _, have := range c.warnings {
		if have == w {
			return
		}
	}
	c.warnings = append(c.warnings, w)
}

var partParser = enmime.NewParser(
	enmime.RawContent(true), // decoding is ours: it must not fail, nor guess
	enmime.SkipMalformedParts(true),
	enmime.MultipartWOBoundaryAsSinglePart(true),
	enmime.StripMediaTypeInvalidCharacters(true),
	enmime.MaxStoredPartErrors(20),
	enmime.DisableTextConversion(true),
)

// readContent sorts the body of a mail into text, files and reports. It never
// fails: what the parser refuses is read as plain text.
func readContent(h header, body []byte) *content {
	c := &content{reports: map[string]string{}}
	cut := bounded(body)
	if len(cut) < len(body) {
		c.warn("too large or too deeply nested: only the beginning was read, the whole mail is kept")
	}
	root := readParts(h, cut)
	if root == nil {
		c.warn("MIME structure unreadable: shown as plain text")
		c.text = c.lenient(h, cut)
		return c
	}
	c.text = c.read(root, 0)
	if strings.TrimSpace(c.text) == "" && len(c.files) == 0 && len(bytes.TrimSpace(cut)) > 0 && !c.secret && len(c.reports) == 0 {
		if t := c.lenient(h, cut); t != "" {
			c.warn("MIME structure unreadable: shown as plain text")
			c.text = t
		}
	}
	return c
}

// bounded cuts the body before it exceeds the bounds of size, parts or depth.
func bounded(body []byte) []byte {
	body = body[:min(len(body), maxParsed)]
	parts, nested := 0, 0
	for i := 0; i < len(body); {
		end := bytes.IndexByte(body[i:], '\n')
		if end < 0 {
			end = len(body) - i
		}
		line := body[i : i+end]
		if bytes.HasPrefix(line, []byte("--")) {
			parts++
		}
		if len(line) < 1000 && containsFold(line, "boundary") {
			nested++
		}
		if parts > maxParts || nested > maxNesting {
			return body[:i]
		}
		i += end + 1
	}
	return body
}

func containsFold(line []byte, lower string) bool {
	for i := 0; i+len(lower) <= len(line); i++ {
		if line[i]|0x20 == lower[0] && strings.EqualFold(string(line[i:i+len(lower)]), lower) {
			return true
		}
	}
	return false
}

// readParts gives the parser the header fields that shape the body, cleaned,
// and the body. It returns nil where the parser refuses, or falls over.
func readParts(h header, body []byte) (root *enmime.Part) {
	defer func() {
		if recover() != nil {
			root = nil // a mail must not stop the intake of others
		}
	}()
	var b bytes.Buffer
	b.Grow(len(body) + 1000)
	for _, name := range []string{"content-type", "content-transfer-encoding", "content-disposition"} {
		if v := plain.Line(h.get(name)); v != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, plain.Clip(v, 4000))
		}
	}
	b.WriteString("\r\n")
	b.Write(body)
	root, err := partParser.ReadParts(&b)
	if err != nil {
		return nil
	}
	return root
}

// read returns the text of a part and notes its files.
func (c *content) read(p *enmime.Part, depth int) string {
	kind := strings.ToLower(strings.TrimSpace(p.ContentType))
	switch {
	case depth > maxNesting:
		c.warn("too deeply nested: only the beginning was read, the whole mail is kept")
		return ""
	case p.FirstChild == nil:
		return c.leaf(p, kind)
	case kind == "multipart/alternative":
		return c.alternative(p, depth)
	case kind == "multipart/encrypted":
		c.secret = true
		c.warn("encrypted: cannot be read here")
		return ""
	}
	var texts []string
	for q := p.FirstChild; q != nil; q = q.NextSibling {
		if t := c.read(q, depth+1); strings.TrimSpace(t) != "" {
			texts = append(texts, strings.Trim(t, "\n"))
		}
	}
	return strings.Join(texts, "\n\n")
}

// alternative picks one of the ways in which the same text is written: plain
// text, unless it only says that there is HTML.
func (c *content) alternative(p *enmime.Part, depth int) string {
	var plainText, other string
	for q := p.FirstChild; q != nil; q = q.NextSibling {
		t := c.read(q, depth+1)
		switch {
		case strings.TrimSpace(t) == "":
		case strings.HasPrefix(strings.ToLower(q.ContentType), "text/plain") || q.ContentType == "":
			if plainText != "" && !strings.HasSuffix(plainText, "\n") {
				plainText += "\n"
			}
			plainText += t
		default:
			other = t
		}
	}
	if plainText == "" || (other != "" && stub(plainText, other)) {
		return other
	}
	return plainText
}

// stub reports a plain text that stands for an HTML one.
func stub(plainText, other string) bool {
	n := len(strings.TrimSpace(plainText))
	if n*20 < len(other) && n < 100 {
		return true
	}
	t := strings.ToLower(plainText)
	return n < 400 && strings.Contains(t, "html") && len(other) > 2*n
}

// leaf returns the text of a part without parts of its own, or notes a file.
func (c *content) leaf(p *enmime.Part, kind string) string {
	isText := kind == "" || kind == "text/plain" || kind == "text/html" || strings.HasPrefix(kind, "multipart/")
	attachedFile := p.Disposition == "attachment" || (p.FileName != "" && (kind != "text/plain" || p.Disposition == "inline") && kind != "")
	switch {
	case isText && !attachedFile:
		data := decodeTransfer(p)
		if kind == "" && looksBinary(data) {
			c.addFile(p, kind, data)
			return ""
		}
		return c.textOf(p, kind, data)
	case kind == "message/delivery-status" || kind == "message/feedback-report" || kind == "message/disposition-notification" ||
		kind == "text/rfc822-headers" || kind == "message/global-delivery-status":
		data := decodeTransfer(p)
		t, _ := plain.UTF8(data[:min(len(data), maxReport)], p.Charset)
		c.reports[kind] += t
		return ""
	case kind == "application/pgp-signature" || kind == "application/pkcs7-signature" || kind == "application/x-pkcs7-signature":
		return ""
	}
	data := decodeTransfer(p)
	if kind == "message/rfc822" || kind == "message/global" {
		if c.attached == "" {
			t, _ := plain.UTF8(data[:min(len(data), maxReport)], "")
			c.attached = t
		}
	}
	if (kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime") && !strings.Contains(strings.ToLower(p.Header.Get("Content-Type")), "signed-data") {
		c.secret = true
		c.warn("encrypted: cannot be read here")
	}
	c.addFile(p, kind, data)
	return ""
}

func (c *content) addFile(p *enmime.Part, kind string, data []byte) {
	if len(c.files) >= maxAttachments {
		c.left++
		return
	}
	c.files = append(c.files, file{fileName(p.FileName, kind, len(c.files)+1), mediaType(kind), data})
}

// textOf decodes the text of a part.
func (c *content) textOf(p *enmime.Part, kind string, data []byte) string {
	charset := p.Charset
	if kind == "text/html" && charset == "" {
		charset = pageCharset(data)
	}
	t, guessed := plain.UTF8(data[:min(len(data), 4<<20)], charset)
	if guessed && strings.TrimSpace(t) != "" {
		c.warn("charset guessed")
	}
	t = plain.Text(t)
	if kind == "text/html" || (kind == "" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(t)), "<html")) {
		c.hasHTML = true
		return htmlText(t)
	}
	if strings.EqualFold(contentParam(p, "format"), "flowed") {
		t = unflow(t, strings.EqualFold(contentParam(p, "delsp"), "yes"))
	}
	return unarmour(t)
}

// lenient makes text of a body that the parser refused: boundaries and part
// headers left out, the transfer encoding of the mail undone.
func (c *content) lenient(h header, body []byte) string {
	body = body[:min(len(body), 4<<20)]
	switch strings.ToLower(plain.Line(h.get("content-transfer-encoding"))) {
	case "base64":
		body = decodeBase64(body)
	case "quoted-printable":
		body = decodeQuoted(body, false)
	}
	if looksBinary(body) {
		return ""
	}
	t, _ := plain.UTF8(body, "")
	var keep []string
	inHeader := false
	for line := range strings.Lines(plain.Text(t)) {
		line = strings.TrimRight(line, "\n")
		low := strings.ToLower(line)
		switch {
		case strings.HasPrefix(line, "--") && len(line) > 4 && !strings.ContainsAny(line, " \t"):
			inHeader = true
		case strings.HasPrefix(low, "content-") || (inHeader && strings.TrimSpace(line) != ""):
			inHeader = true
		default:
			inHeader = false
			keep = append(keep, line)
		}
	}
	t = strings.TrimSpace(strings.Join(keep, "\n"))
	if strings.Contains(strings.ToLower(plain.Clip(t, 4000)), "<html") {
		c.hasHTML = true
		return htmlText(t)
	}
	return t
}
