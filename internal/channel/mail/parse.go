package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	netmail "net/mail"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Channel is the name of this channel in keys and cases.
const Channel = "email"

// Options say who reads.
type Options struct {
	Brand string
	// Own are the addresses at which the brand takes mail in. A mail from one
	// of them is our own; a list of that name is no mailing list.
	Own []string
	// AuthServer is the authserv-id of the mail server whose
	// Authentication-Results are trusted (RFC 8601); empty trusts none.
	AuthServer string
	// Secret is what reply tokens are made with; empty reads none.
	Secret []byte
	// Now bounds the date that a mail claims; the zero time bounds nothing.
	Now time.Time
}

// Parsed is a mail as read: what package receive needs to store it.
type Parsed struct {
	Message webcare.Message
	Files   [][]byte // contents of Message.Attachments, in the same order
	// Parents are claims under which the conversation may be known, the best
	// first: the reply token, In-Reply-To, References from the last one back.
	Parents []webcare.Claim
	// Claims name this mail, so that answers to it find its case.
	Claims []webcare.Claim
}

// Parse reads a mail. It answers for every input: what could not be read is
// said in Message.Warnings.
//
// Message.Key.ExternalID is the Message-ID without brackets, or
// "sha256:" and the digest where there is none. Message.Digest is a digest of
// what the sender wrote (From, Date, Subject, body) and leaves out what mail
// servers on the way add, so that one mail delivered by two ways is one.
func Parse(raw []byte, opt Options) Parsed {
	h, body := splitHeader(raw)
	c := readContent(h, body)
	p := Parsed{Message: webcare.Message{Brand: opt.Brand, Visibility: webcare.Private, Warnings: c.warnings}}
	m := &p.Message
	m.Digest = digest(h, body)
	m.Key = webcare.Key{Channel: Channel, ExternalID: "sha256:" + m.Digest}
	m.Subject = plain.Clip(subject(h), 1000)
	m.PostedAt = posted(h, opt.Now)
	ids := messageIDs(h.get("message-id"))
	if len(ids) > 0 {
		m.Key.ExternalID = ids[0]
		p.Claims = []webcare.Claim{webcare.MailClaim(ids[0])}
	}
	p.files(c)
	a := automatic(h, c, m.Subject, opt)
	m.Automatic, m.BounceOf = a.reason, a.bounceOf
	p.correspondents(h, opt)
	p.thread(h, ids, a, opt)
	p.text(c)
	if failedDMARC(h, opt.AuthServer) {
		p.warn("DMARC failed")
	}
	return p
}

// Renamed returns the same mail under an id of its own. It is for the rare
// mail whose Message-ID another mail already has, with other contents (broken
// senders repeat ids): receive refuses it as a conflict under the Message-ID,
// and it must not be lost.
func (p Parsed) Renamed() Parsed {
	p.Message.Key.ExternalID = "sha256:" + p.Message.Digest
	p.Message.Warnings = append(append([]string(nil), p.Message.Warnings...), "another mail has the same Message-ID")
	p.Claims = nil
	return p
}

func (p *Parsed) warn(w string) {
	for _, have := range p.Message.Warnings {
		if have == w {
			return
		}
	}
	p.Message.Warnings = append(p.Message.Warnings, w)
}

// digest identifies what the sender wrote, whatever the line ends became on
// the way and whatever servers put on top.
func digest(h header, body []byte) string {
	s := sha256.New()
	for _, name := range []string{"from", "date", "subject", "message-id"} {
		s.Write([]byte(name + ":" + strings.Join(strings.Fields(h.get(name)), " ") + "\n"))
	}
	if len(h) == 0 {
		s.Write([]byte("no header\n"))
	}
	body = bytes.TrimRight(body, "\r\n")
	for len(body) > 0 {
		var line []byte
		line, body = cutLine(body)
		s.Write(line)
		s.Write([]byte{'\n'})
	}
	return hex.EncodeToString(s.Sum(nil))
}

func subject(h header) string {
	if h.has("subject") {
		return h.text("subject")
	}
	return h.text("thread-topic")
}

// posted returns the date of the mail, the zero time where it states none or
// an impossible one.
func posted(h header, now time.Time) time.Time {
	v := plain.Line(h.get("date"))
	t, err := netmail.ParseDate(v)
	if err != nil {
		t, err = looseDate(v)
	}
	if err != nil || t.Year() < 1990 || (!now.IsZero() && t.After(now.Add(24*time.Hour))) || t.Year() > 9000 {
		return time.Time{}
	}
	return t.UTC()
}

func looseDate(v string) (t time.Time, err error) {
	if i := strings.IndexByte(v, '('); i > 0 {
		v = strings.TrimSpace(v[:i])
	}
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 MST", "Mon Jan _2 15:04:05 2006", "2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04:05",
		time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "Mon, 2 Jan 2006 15:04 -0700", "2-1-2006 15:04:05", "2-1-2006 15:04"} {
		if t, err = time.Parse(layout, v); err == nil {
			return t, nil
		}
	}
	return t, err
}

func (p *Parsed) files(c *content) {
	for _, f := range c.files {
		p.Message.Attachments = append(p.Message.Attachments, webcare.Attachment{Name: f.name, MediaType: f.mediaType, Size: int64(len(f.data))})
		p.Files = append(p.Files, f.data)
	}
	if c.left > 0 {
		p.warn("more than 100 attachments: the others are in the original mail only")
	}
}

// text puts the customer's new words into Text and the rest into History.
func (p *Parsed) text(c *content) {
	m := &p.Message
	cut := Cut(c.text)
	m.Text, m.History = cut.Text, cut.History
	if cut.Forwarded {
		p.warn("forwarded: the words are somebody else's")
	}
	if m.Text == "" && m.History == "" && c.attached != "" && m.Automatic == "" {
		h, body := splitHeader([]byte(c.attached))
		if in := readContent(h, body); strings.TrimSpace(in.text) != "" {
			m.Text = Cut(in.text).Text
			p.warn("the words are those of the attached mail")
		}
	}
	if len(m.Text) > maxText || len(m.History) > maxText {
		m.Text, m.History = plain.Clip(m.Text, maxText), plain.Clip(m.History, maxText)
		p.warn("text cut at 256 kB, the whole mail is kept")
	}
	switch {
	case m.Text != "":
	case m.Subject != "" && m.History == "":
		m.Text = m.Subject
		p.warn("no text: the subject stands for it")
	case m.Subject != "" && !replySubject(m.Subject):
		m.Text = m.Subject
		p.warn("no new words: the subject stands for them")
	case m.History != "":
		p.warn("no new words, only quoted ones")
	default:
		p.warn("no text to read")
	}
}
