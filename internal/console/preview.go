package console

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/webcare"
)

// preview is a reply as it will look on its channel.
type preview struct {
	Style    string // "post", "thread", "review", "mail" or "message"
	Brand    string
	Initial  string
	Handle   string // of the brand, where the channel shows one
	To       string // who is answered
	Quoted   string // what is answered
	Subject  string
	Address  string
	Text     string
	Private  string
	Channel  string
	Detached bool // a person posts it by hand
}

var previewStyles = map[string]string{"x": "post", "twitter": "post", "mastodon": "post", "bluesky": "post", "threads": "post",
	"facebook": "thread", "instagram": "thread", "linkedin": "thread", "youtube": "thread", "tiktok": "thread", "forum": "thread",
	"blog_comment": "thread", "blog": "thread", "comment": "thread", "reddit": "thread",
	"review": "review", "reviews": "review", "google": "review", "trustpilot": "review", "app_store": "review", "play_store": "review",
	"email": "mail", "letter": "mail", "telephone": "message"}

// preview shows texts the way their channel would.
func (s *Server) preview(c *webcare.Case, d webcare.Draft, text, private string) preview {
	kind := s.kindOf(c.Head)
	style := previewStyles[kind]
	if style == "" {
		style = "message"
	}
	p := preview{Style: style, Brand: c.Head.Brand, To: c.Head.Author.Name, Text: text, Private: private, Channel: kind, Subject: d.Subject,
		Address: strings.Join(d.ReplyTo.Recipients, ", "), Detached: s.cfg.Desk.Assisted(c.Head.Brand, c.Head.Channel)}
	if p.To == "" {
		p.To = c.Head.Author.Handle
	}
	if b, err := s.cfg.Brands.Get(c.Head.Brand); err == nil {
		p.Brand = b.Name
		p.Handle = strings.ToLower(strings.ReplaceAll(b.Name, " ", ""))
		if ch, ok := b.Channel(c.Head.Channel); ok && ch.Settings["handle"] != "" {
			p.Handle = strings.TrimPrefix(ch.Settings["handle"], "@")
		}
	}
	if r, _ := utf8.DecodeRuneInString(p.Brand); r != utf8.RuneError {
		p.Initial = string(unicode.ToUpper(r))
	}
	if m, ok := c.LatestInbound(); ok {
		p.Quoted = m.Text
		if p.Subject == "" && style == "mail" {
			p.Subject = m.Subject
		}
	}
	if style == "mail" && p.Subject != "" && !strings.HasPrefix(strings.ToLower(p.Subject), "re:") {
		p.Subject = "Re: " + p.Subject
	}
	return p
}
