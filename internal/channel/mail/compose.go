package mail

import (
	"bytes"
	"fmt"
	"mime"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Config is how one brand sends mail.
type Config struct {
	From string // the brand's address
	Name string // shown beside it
	// Secret puts a reply token into Reply-To, so that an answer finds its case
	// even where the mail program drops the thread. Empty: no token.
	Secret []byte
	// Quote puts the customer's words under the reply.
	Quote bool
	// File returns the bytes of an attachment; nil where none are sent.
	File func(webcare.Attachment) ([]byte, error)
	// Now dates the mails.
	Now func() time.Time
}

// Mail is a composed mail, ready to leave.
type Mail struct {
	ID   string // Message-ID without brackets
	From string // envelope sender
	To   []string
	Raw  []byte // with CRLF line ends
}

// maxQuote is how many of the customer's lines stand under a reply.
const maxQuote = 60

// MessageID returns the Message-ID of the reply with this key: the same for
// every try, so that mail programs show one mail where two arrive.
func MessageID(key, domain string) string {
	return "webcare." + webcare.Digest([]byte(key))[:32] + "@" + domain
}

// Compose writes an approved reply as a mail. The bytes depend on the
// arguments alone: a mail of the same key, text and date is the same mail.
// Recipients, thread and text are those of the draft that was approved.
//
// ErrInvalid: the draft cannot be sent as a mail (no recipient, a broken
// address, no text).
func Compose(out webcare.Outgoing, cfg Config, date time.Time) (_ *Mail, err error) {
	defer webcare.Wrap(&err, "Compose(%s)", out.Key)
	from, err := oneAddress(cfg.From)
	if err != nil {
		return nil, webcare.Invalidf("sender of brand %s: %v", out.Brand, err)
	}
	text := out.Draft.Text
	if out.Draft.PrivateText != "" {
		text += "\n\n" + out.Draft.PrivateText
	}
	if strings.TrimSpace(text) == "" {
		return nil, webcare.Invalidf("the reply has no text")
	}
	m := &Mail{ID: MessageID(out.Key, domain(from)), From: from}
	for _, to := range out.Draft.ReplyTo.Recipients {
		addr, err := oneAddress(to)
		if err != nil {
			return nil, webcare.Invalidf("recipient: %v", err)
		}
		m.To = append(m.To, addr)
	}
	if len(m.To) == 0 {
		return nil, webcare.Invalidf("the reply has no recipient")
	}
	if cfg.Quote {
		text += quoteBelow(out.Latest)
	}
	msg := envelope(out, cfg, m, date)
	msg.SetBodyString(gomail.TypeTextPlain, plain.Text(strings.TrimRight(text, "\n"))+"\n")
	if err := attach(msg, out.Draft.Attachments, cfg.File); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, webcare.Invalidf("%v", err)
	}
	m.Raw = b.Bytes()
	return m, nil
}

// envelope writes everything but the body.
func envelope(out webcare.Outgoing, cfg Config, m *Mail, date time.Time) *gomail.Msg {
	// The boundary is used where files come along; it is fixed by the key.
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("webcare-"+webcare.Digest([]byte("boundary " + out.Key))[:32]))
	msg.FromMailAddress(&netmail.Address{Name: plain.Line(cfg.Name), Address: m.From})
	to := make([]*netmail.Address, len(m.To))
	for i, a := range m.To {
		to[i] = &netmail.Address{Address: a}
		if len(m.To) == 1 && strings.EqualFold(a, out.Latest.Author.Address) {
			to[i].Name = plain.Line(out.Latest.Author.Name)
		}
	}
	msg.ToMailAddress(to...)
	if len(cfg.Secret) > 0 {
		reply := replyAddress(m.From, out.CaseID, cfg.Secret)
		if len(local(reply)) <= 64 {
			msg.ReplyToMailAddress(&netmail.Address{Name: plain.Line(cfg.Name), Address: reply})
		}
	}
	msg.Subject(replyLine(out))
	msg.SetDateWithValue(date.UTC())
	msg.SetMessageIDWithValue(m.ID)
	msg.SetGenHeaderPreformatted(LoopHeader, m.From)
	target := out.Draft.ReplyTo
	if id := cleanID(target.ExternalID); strings.Contains(id, "@") && isPrintable(id) {
		msg.SetGenHeader(gomail.HeaderInReplyTo, "<"+id+">")
		if refs := references(target); len(refs) > 0 {
			msg.SetGenHeader(gomail.HeaderReferences, strings.Join(refs, " "))
		}
	}
	return msg
}

func references(t webcare.ReplyTarget) []string {
	var refs []string
	for _, id := range append(append([]string(nil), t.References...), t.ExternalID) {
		id = cleanID(strings.Trim(id, "<>"))
		if ref := "<" + id + ">"; strings.Contains(id, "@") && isPrintable(id) && (len(refs) == 0 || refs[len(refs)-1] != ref) {
			refs = append(refs, ref)
		}
	}
	return refs
}

func isPrintable(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 127 || c == '<' || c == '>' {
			return false
		}
	}
	return true
}

// replyLine is the subject: the draft's, or "Re:" and the customer's, once.
func replyLine(out webcare.Outgoing) string {
	s := plain.Line(out.Draft.Subject)
	if s == "" {
		s = plain.Line(out.Latest.Subject)
	}
	if replySubject(s) || out.Draft.Subject == "" {
		s = strings.TrimSpace("Re: " + baseSubject(s))
	}
	return plain.Clip(s, 500)
}

// quoteBelow quotes the customer's mail as Dutch and English programs do.
func quoteBelow(m webcare.Message) string {
	if strings.TrimSpace(m.Text) == "" {
		return ""
	}
	name := firstOf(plain.Line(m.Author.Name), m.Author.Address)
	form := "Op %s schreef %s:"
	if m.Language == "en" {
		form = "On %s, %s wrote:"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n\n"+form+"\n\n", m.PostedAt.UTC().Format("02-01-2006 15:04 UTC"), name)
	for i, line := range strings.Split(plain.Text(m.Text), "\n") {
		if i == maxQuote {
			b.WriteString("> [...]\n")
			break
		}
		b.WriteString(strings.TrimRight("> "+line, " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

func attach(msg *gomail.Msg, files []webcare.Attachment, open func(webcare.Attachment) ([]byte, error)) error {
	for _, f := range files {
		if open == nil {
			return webcare.Invalidf("attachment %q: files cannot be sent here", f.Name)
		}
		data, err := open(f)
		if err != nil {
			return fmt.Errorf("attachment %q: %w", f.Name, err)
		}
		kind := mediaType(strings.ToLower(f.MediaType))
		if err := msg.AttachReader(fileName(f.Name, kind, 1), bytes.NewReader(data), gomail.WithFileContentType(gomail.ContentType(kind))); err != nil {
			return webcare.Invalidf("attachment %q: %v", f.Name, err)
		}
	}
	return nil
}

// oneAddress returns a bare address that can stand in a header and in an SMTP
// command. It refuses line breaks, lists and names.
func oneAddress(s string) (string, error) {
	s = strings.TrimSpace(s)
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Address != strings.Trim(s, "<>") || strings.ContainsAny(a.Address, "\r\n\x00 ") || len(a.Address) > 254 {
		return "", fmt.Errorf("%q is no mail address", mime.QEncoding.Encode("utf-8", plain.Clip(s, 100)))
	}
	return a.Address, nil
}
