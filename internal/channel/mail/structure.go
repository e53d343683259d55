package mail

import (
	"strings"

	"webcare.example/responder/internal/channel/plain"
)

// Bounds of what is kept of a mail beside its raw bytes.
const (
	maxText        = 256 << 10 // bytes of text, and of history
	maxDecoded     = 4 << 20   // bytes of a text part that are looked at
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

func (c *content) warn(w string) {
	for _, have := range c.warnings {
		if have == w {
			return
		}
	}
	c.warnings = append(c.warnings, w)
}

const onlyBeginning = "too many parts, or too deep: only the beginning was read, the whole mail is kept"

// readContent sorts the body of a mail into text, files and reports. It never
// fails: what has no structure is read as plain text.
func readContent(h header, body []byte) *content {
	c := &content{reports: map[string]string{}}
	root, cut := splitParts(h, body)
	if cut {
		c.warn(onlyBeginning)
	}
	if root.children == nil && strings.HasPrefix(root.kind, "multipart/") {
		if c.text = c.lenient(h, root.body); c.text != "" {
			c.warn("MIME structure unreadable: shown as plain text")
		}
		return c
	}
	c.text = c.read(root)
	if strings.TrimSpace(c.text) == "" && len(c.files) == 0 && !c.secret && len(c.reports) == 0 {
		if t := c.lenient(h, root.body); t != "" {
			c.warn("MIME structure unreadable: shown as plain text")
			c.text = t
		}
	}
	return c
}

// read returns the text of a part and notes its files.
func (c *content) read(p *part) string {
	switch {
	case p.children == nil:
		return c.leaf(p)
	case p.kind == "multipart/alternative":
		return c.alternative(p)
	case p.kind == "multipart/encrypted":
		c.secret = true
		c.warn("encrypted: cannot be read here")
		return ""
	}
	var texts []string
	for _, q := range p.children {
		if t := c.read(q); strings.TrimSpace(t) != "" {
			texts = append(texts, strings.Trim(t, "\n"))
		}
	}
	return strings.Join(texts, "\n\n")
}

// alternative picks one of the ways in which the same text is written: plain
// text, unless it only says that there is HTML.
func (c *content) alternative(p *part) string {
	var plainText, other string
	for _, q := range p.children {
		t := c.read(q)
		switch {
		case strings.TrimSpace(t) == "":
		case q.kind == "text/plain" || q.kind == "":
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
	return n < 400 && strings.Contains(t, "html") && !strings.Contains(strings.ToLower(other), "html")
}

// leaf returns the text of a part without parts of its own, or notes a file.
func (c *content) leaf(p *part) string {
	data := decodeTransfer(p)
	switch p.kind {
	case "message/delivery-status", "message/feedback-report", "message/disposition-notification", "text/rfc822-headers", "message/global-delivery-status":
		t, _ := plain.UTF8(data[:min(len(data), maxReport)], p.params["charset"])
		c.reports[p.kind] += t
		return ""
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		return ""
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		if !strings.EqualFold(p.params["smime-type"], "signed-data") {
			c.secret = true
			c.warn("encrypted: cannot be read here")
		}
	case "message/rfc822", "message/global":
		if c.attached == "" {
			c.attached, _ = plain.UTF8(data[:min(len(data), maxReport)], "")
		}
	}
	if p.isBody() && (p.kind != "" || !looksBinary(data)) {
		return c.textOf(p, p.kind, data)
	}
	c.addFile(p, p.kind, data)
	return ""
}

// isBody reports a part that is shown as text. A named text is a file, except
// plain text that only bears a name by custom.
func (p *part) isBody() bool {
	switch {
	case p.disposition == "attachment":
		return false
	case p.kind == "", strings.HasPrefix(p.kind, "multipart/"):
		return true
	case p.kind == "text/html":
		return p.name == ""
	}
	return p.kind == "text/plain" && (p.name == "" || p.disposition != "inline")
}

func (c *content) addFile(p *part, kind string, data []byte) {
	if len(c.files) >= maxAttachments {
		c.left++
		return
	}
	c.files = append(c.files, file{fileName(p.name, kind, len(c.files)+1), mediaType(kind), data})
}

// textOf decodes the text of a part.
func (c *content) textOf(p *part, kind string, data []byte) string {
	charset := p.params["charset"]
	if kind == "text/html" && charset == "" {
		charset = pageCharset(data)
	}
	t, guessed := plain.UTF8(data[:min(len(data), maxDecoded)], charset)
	if guessed && strings.TrimSpace(t) != "" {
		c.warn("charset guessed")
	}
	t = plain.Text(t)
	if kind == "text/html" || (kind == "" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(t)), "<html")) {
		c.hasHTML = true
		return htmlText(t)
	}
	if strings.EqualFold(p.params["format"], "flowed") {
		t = unflow(t, strings.EqualFold(p.params["delsp"], "yes"))
	}
	return withoutMarks(unarmour(t))
}

// lenient makes text of a body that the parser refused: boundaries and part
// headers left out, the transfer encoding of the mail undone.
func (c *content) lenient(h header, body []byte) string {
	body = body[:min(len(body), maxDecoded)]
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
		case strings.HasPrefix(line, "--") && len(line) > 2 && !strings.ContainsAny(line, " \t"):
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
