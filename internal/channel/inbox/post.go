package inbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Bounds of one message.
const (
	MaxText  = 256 << 10 // bytes of text
	maxID    = 900
	maxField = 1000 // bytes of any other field
)

// Post is one message as other systems write it. Only Text is required; it is
// kept as it came, so that offsets into it hold.
type Post struct {
	ID         string         `json:"id,omitempty"`
	Text       string         `json:"text"`
	Channel    string         `json:"channel,omitempty"`
	Subject    string         `json:"subject,omitempty"`
	Author     webcare.Author `json:"author,omitzero"` // in JSON: a name, or {"name","handle","address"}
	Thread     string         `json:"thread,omitempty"`
	URL        string         `json:"url,omitempty"`
	PostedAt   time.Time      `json:"posted_at,omitzero"`
	Language   string         `json:"language,omitempty"`
	Brand      string         `json:"brand,omitempty"`
	Visibility string         `json:"visibility,omitempty"` // public, unlisted, private
	Stars      int            `json:"stars,omitempty"`      // 1..5
}

// fields decodes each field of the JSON object.
var fields = map[string]func(*Post, json.RawMessage) error{
	"id":         func(p *Post, b json.RawMessage) error { return decodeID(b, &p.ID) },
	"text":       func(p *Post, b json.RawMessage) error { return decodeString(b, &p.Text) },
	"channel":    func(p *Post, b json.RawMessage) error { return decodeString(b, &p.Channel) },
	"subject":    func(p *Post, b json.RawMessage) error { return decodeString(b, &p.Subject) },
	"author":     func(p *Post, b json.RawMessage) error { return decodeAuthor(b, &p.Author) },
	"thread":     func(p *Post, b json.RawMessage) error { return decodeID(b, &p.Thread) },
	"url":        func(p *Post, b json.RawMessage) error { return decodeString(b, &p.URL) },
	"posted_at":  func(p *Post, b json.RawMessage) error { return decodeTime(b, &p.PostedAt) },
	"language":   func(p *Post, b json.RawMessage) error { return decodeString(b, &p.Language) },
	"brand":      func(p *Post, b json.RawMessage) error { return decodeString(b, &p.Brand) },
	"visibility": func(p *Post, b json.RawMessage) error { return decodeString(b, &p.Visibility) },
	"stars":      func(p *Post, b json.RawMessage) error { return decodeStars(b, &p.Stars) },
}

// decode reads a JSON object field by field, so that every error names its
// field. Unless strict, unknown fields are left alone: exports carry more than
// we ask for.
func decode(data []byte, strict bool) (p Post, err error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return p, jsonError(data, err)
	}
	if object == nil {
		return p, errors.New("body: null is no message")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		set, ok := fields[name]
		switch {
		case !ok && strict:
			return p, fmt.Errorf("%s: unknown field; known are %s", plain.Clip(plain.Line(name), 60), strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		case !ok || string(object[name]) == "null":
		default:
			if err := set(&p, object[name]); err != nil {
				return p, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return p, p.check()
}

// check reports the first field whose value cannot be.
func (p *Post) check() error {
	if p.Text == "" {
		return errors.New("text: missing")
	}
	if strings.TrimSpace(plain.Text(p.Text)) == "" {
		return errors.New("text: empty")
	}
	if len(p.Text) > MaxText {
		return fmt.Errorf("text: %d bytes, at most %d", len(p.Text), MaxText)
	}
	for _, f := range []struct {
		name, value string
		most        int
	}{{"id", p.ID, maxID}, {"subject", p.Subject, maxField}, {"author", p.Author.Name, maxField}, {"author.handle", p.Author.Handle, maxField},
		{"author.address", p.Author.Address, maxField}, {"thread", p.Thread, maxID}, {"url", p.URL, 2 * maxField}} {
		if len(f.value) > f.most {
			return fmt.Errorf("%s: %d bytes, at most %d", f.name, len(f.value), f.most)
		}
	}
	if p.Stars < 0 || p.Stars > 5 {
		return fmt.Errorf("stars: %d is not between 1 and 5", p.Stars)
	}
	for name, v := range map[string]string{"channel": p.Channel, "brand": p.Brand, "language": p.Language} {
		if v != "" && !word(v) {
			return fmt.Errorf("%s: %q: only letters, digits, \".\", \"_\" and \"-\", at most 40", name, plain.Clip(v, 60))
		}
	}
	switch p.Visibility {
	case "", string(webcare.Public), string(webcare.Unlisted), string(webcare.Private):
	default:
		return fmt.Errorf("visibility: %q is none of public, unlisted, private", plain.Clip(p.Visibility, 60))
	}
	if p.URL != "" {
		if u, err := url.Parse(p.URL); err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
			return fmt.Errorf("url: %q is no web address", plain.Clip(plain.Line(p.URL), 100))
		}
	}
	return nil
}

func word(s string) bool {
	if len(s) > 40 {
		return false
	}
	for _, r := range s {
		switch {
		case r == '-', r == '_', r == '.', r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		default:
			return false
		}
	}
	return s != ""
}

// Channels between two parties. On any other a message counts as public, which
// is the careful way: replies then hold no personal data.
var privateChannels = []string{"email", "mail", "phone", "telephone", "letter", "form", "chat", "whatsapp", "sms", "counter"}

// Message returns the post as a message, cleaned. Without an id of its own it
// is named by its content, so that it is taken in once.
func (p Post) Message() webcare.Message {
	m := webcare.Message{Brand: p.Brand, Thread: plain.Line(p.Thread), Subject: plain.Line(p.Subject), URL: p.URL,
		Text: strings.TrimSpace(plain.Text(p.Text)), Language: strings.ToLower(p.Language), Visibility: webcare.Visibility(p.Visibility),
		Author: webcare.Author{Name: plain.Line(p.Author.Name), Handle: plain.Line(p.Author.Handle), Address: plain.Line(p.Author.Address)},
		Stars:  p.Stars, Digest: p.digest()}
	m.Key = webcare.Key{Channel: strings.ToLower(p.Channel), ExternalID: plain.Line(p.ID)}
	if m.Key.Channel == "" {
		m.Key.Channel = "inbox"
	}
	if m.Key.ExternalID == "" {
		m.Key.ExternalID = "sha256:" + m.Digest
	}
	if m.Visibility == "" {
		m.Visibility = webcare.Public
		if slices.Contains(privateChannels, m.Key.Channel) {
			m.Visibility = webcare.Private
		}
	}
	if !p.PostedAt.IsZero() {
		m.PostedAt = p.PostedAt.UTC().Truncate(time.Millisecond)
	}
	m.ReplyTo = webcare.ReplyTarget{ExternalID: p.ID, URL: p.URL}
	if p.ID == "" {
		m.ReplyTo.ExternalID = ""
	}
	if m.Author.Address != "" && m.Key.Channel == "email" {
		m.ReplyTo.Recipients = []string{m.Author.Address}
	}
	return m
}

// digest is that of the post's content, however its JSON was written.
func (p Post) digest() string {
	p.PostedAt = p.PostedAt.UTC()
	b, err := json.Marshal(p)
	if err != nil {
		panic("inbox: a post cannot be marshalled: " + err.Error()) // strings, a number and a bounded time
	}
	return webcare.Digest(bytes.TrimSpace(b))
}
