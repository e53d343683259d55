package feed

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Config is the feeds of one brand.
type Config struct {
	Brand, Channel string
	Feeds          []string
	Names          []string // the brand's, as people write them
	HTTP           *http.Client
	Now            func() time.Time
}

// Every is how often feeds are asked unless the brand file says otherwise.
const Every = 10 * time.Minute

// Source reads feeds.
type Source struct {
	cfg   Config
	names [][]string // each as normal words
}

// NewSource returns a source; nothing is called yet.
func NewSource(cfg Config) *Source {
	s := &Source{cfg: cfg}
	for _, n := range cfg.Names {
		if w := normal(n); len(w) > 0 {
			s.names = append(s.names, w)
		}
	}
	return s
}

// mark is how far one feed was read.
type mark struct {
	ETag     string            `json:"etag,omitempty"`
	Modified string            `json:"modified,omitempty"`
	Seen     map[string]string `json:"seen,omitempty"` // entry -> digest, of the present document
	NextAt   time.Time         `json:"next_at,omitzero"`
	Failures int               `json:"failures,omitempty"`
}

// Bounds.
const (
	maxEntries = 300       // of one document
	firstDays  = 7         // how old an entry may be when a feed is read first
	perPoll    = 25        // pages fetched at once
	maxCursor  = 250 << 10 // bytes: it stands in one record
	userAgent  = "webcare-responder (feeds)"
)

// Poll asks every feed that is due.
func (s *Source) Poll(ctx context.Context, at string) (b channel.Batch, err error) {
	marks := map[string]*mark{}
	if at != "" {
		if err := json.Unmarshal([]byte(at), &marks); err != nil {
			return b, webcare.Invalidf("the saved cursor cannot be read")
		}
	}
	next, failed := map[string]*mark{}, 0
	for _, f := range s.cfg.Feeds {
		m := marks[f]
		if m == nil {
			m = &mark{}
		}
		next[f] = m
		if s.cfg.Now().Before(m.NextAt) {
			continue
		}
		items, more, err := s.read(ctx, f, m)
		if ctx.Err() != nil {
			return channel.Batch{}, ctx.Err()
		}
		if err != nil {
			failed++
			s.rest(m, err)
			if b.Trouble == nil {
				b.Trouble = fmt.Errorf("%s: %w", host(f), err)
			}
			continue
		}
		m.Failures, m.NextAt = 0, time.Time{}
		b.Items, b.More = append(b.Items, items...), b.More || more
	}
	if failed > 0 && failed == len(s.cfg.Feeds) {
		return channel.Batch{}, b.Trouble
	}
	body, err := json.Marshal(next)
	if err == nil && len(body) > maxCursor {
		err = webcare.Invalidf("too many feeds for one channel: spread them over several")
	}
	b.Next = string(body)
	return b, err
}

// rest lets a feed that failed wait alone.
func (s *Source) rest(m *mark, err error) {
	m.Failures++
	m.NextAt = s.cfg.Now().Add(min(24*time.Hour, Every<<min(m.Failures, 8)))
	var limit *channel.LimitError
	if errors.As(err, &limit) && limit.Until.After(m.NextAt) {
		m.NextAt = limit.Until
	}
}

func host(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return "feed"
}

func (s *Source) get(ctx context.Context, address string, h http.Header) (http.Header, []byte, error) {
	var raw []byte
	h.Set("User-Agent", userAgent)
	c := rest.Client{Platform: host(address), HTTP: s.cfg.HTTP, Now: s.cfg.Now, Todo: "this feed wants a password: take it out of the brand file"}
	head, err := c.Read(ctx, rest.Call{Path: address, Header: h, Out: &raw})
	return head, raw, err
}

// read asks one feed and returns its new and changed entries that name the brand.
func (s *Source) read(ctx context.Context, address string, m *mark) ([]channel.Item, bool, error) {
	h := http.Header{"Accept": {"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"}}
	if m.ETag != "" {
		h.Set("If-None-Match", m.ETag)
	}
	if m.Modified != "" {
		h.Set("If-Modified-Since", m.Modified)
	}
	head, raw, err := s.get(ctx, address, h)
	if err != nil {
		return nil, false, err
	}
	if len(raw) == 0 {
		return nil, false, nil // 304
	}
	doc, err := gofeed.NewParser().Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, false, webcare.Unavailablef("what it sends is no feed")
	}
	seen, first := map[string]string{}, m.Seen == nil
	var out []channel.Item
	fetched := 0
	for _, e := range doc.Items[:min(len(doc.Items), maxEntries)] {
		id := identity(e)
		digest := webcare.Digest([]byte(e.Title + "\x00" + e.Description + "\x00" + e.Content + "\x00" + e.Updated))[:12]
		if m.Seen[id] == digest || !s.mentions(e) || (first && stale(e, s.cfg.Now())) {
			seen[id] = digest
			continue
		}
		if fetched++; fetched > perPoll {
			continue // not seen: the next page of this poll brings it
		}
		out = append(out, s.item(ctx, doc, e, id))
		seen[id] = digest
	}
	m.Seen = seen
	if fetched > perPoll {
		m.ETag, m.Modified = "", ""
		return out, true, nil
	}
	m.ETag, m.Modified = head.Get("ETag"), head.Get("Last-Modified")
	return out, false, nil
}

func identity(e *gofeed.Item) string { return plain.Clip(cmp.Or(e.GUID, e.Link, e.Title), 900) }

func stale(e *gofeed.Item, now time.Time) bool {
	return e.PublishedParsed != nil && now.Sub(*e.PublishedParsed) > firstDays*24*time.Hour
}

func normal(s string) (out []string) {
	for _, w := range text.Words(s) {
		out = append(out, w.Norm)
	}
	return out
}

// mentions reports whether an entry names the brand, as whole words.
func (s *Source) mentions(e *gofeed.Item) bool {
	words := normal(e.Title + " . " + channel.Readable(e.Description) + " . " + channel.Readable(e.Content))
	for i := range words {
		for _, n := range s.names {
			if i+len(n) <= len(words) && equal(words[i:i+len(n)], n) {
				return true
			}
		}
	}
	return false
}

func equal(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// item makes a message of an entry, with the article's text where its page can
// be read.
func (s *Source) item(ctx context.Context, doc *gofeed.Feed, e *gofeed.Item, id string) channel.Item {
	body := channel.Readable(cmp.Or(e.Content, e.Description))
	if u, err := url.Parse(e.Link); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		if _, raw, err := s.get(ctx, e.Link, http.Header{"Accept": {"text/html"}}); err == nil {
			if a := Article(string(raw)); len(a) > len(body) {
				body = a
			}
		}
	}
	m := webcare.Message{Key: webcare.Key{Channel: s.cfg.Channel, ExternalID: id}, Brand: s.cfg.Brand, Thread: id, Subject: plain.Clip(plain.Line(channel.Readable(e.Title)), 300),
		Text: body, Visibility: webcare.Public, URL: e.Link, Author: webcare.Author{Name: author(doc, e)}, PostedAt: s.cfg.Now(),
		ReplyTo: webcare.ReplyTarget{ExternalID: id, URL: e.Link}}
	m.Author.Handle = m.Author.Name + " (" + host(e.Link) + ")"
	if e.PublishedParsed != nil {
		m.PostedAt = e.PublishedParsed.UTC()
	}
	if e.UpdatedParsed != nil && e.UpdatedParsed.After(m.PostedAt) {
		m.Revision = channel.EditedAt(*e.UpdatedParsed)
	}
	if doc.Language != "" {
		m.Language, _, _ = strings.Cut(strings.ToLower(doc.Language), "-")
	}
	return channel.Item{Message: m}
}

func author(doc *gofeed.Feed, e *gofeed.Item) string {
	for _, p := range append(e.Authors, doc.Authors...) {
		if p != nil && strings.TrimSpace(p.Name) != "" {
			return plain.Clip(plain.Line(p.Name), 200)
		}
	}
	return plain.Clip(plain.Line(doc.Title), 200)
}
