package mastodon

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/webcare"
)

// Config is one account on one instance.
type Config struct {
	Brand, Channel string
	Server         string // https://host
	Token          string
	Hashtags       []string // without #
	Searches       []string
	Length         int // what drafts may have, 0 for 500
	HTTP           *http.Client
	Now            func() time.Time
}

func (c Config) client() *rest.Client {
	return &rest.Client{Platform: "Mastodon", Base: strings.TrimSuffix(c.Server, "/"), HTTP: c.HTTP, Secrets: []string{c.Token}, Now: c.Now,
		Sign: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+c.Token) },
		Todo: "make a new access token on the instance (Preferences > Development) and set it where the brand file says"}
}

// Source reads one account's mentions and the tags and searches asked for.
type Source struct {
	cfg Config
	api *rest.Client
	me  string // account id, once known

	asked bool  // what fits on the instance
	tight error // drafts may be longer than that
}

// NewSource returns a source; nothing is called yet.
func NewSource(cfg Config) *Source { return &Source{cfg: cfg, api: cfg.client()} }

// page is how many posts one call asks for; the most that all methods give.
const page = 40

// cursor is how far each stream was read. Ids are numbers in text; streams
// count apart.
type cursor struct {
	Mentions string            `json:"mentions,omitempty"`
	Own      string            `json:"own,omitempty"`
	Found    map[string]string `json:"found,omitempty"` // by "#tag" or search
}

type account struct {
	ID          string `json:"id"`
	Acct        string `json:"acct"`
	DisplayName string `json:"display_name"`
}

type status struct {
	ID          string    `json:"id"`
	CreatedAt   time.Time `json:"created_at"`
	EditedAt    time.Time `json:"edited_at"`
	ReplyTo     string    `json:"in_reply_to_id"`
	ReplyToUser string    `json:"in_reply_to_account_id"`
	Visibility  string    `json:"visibility"`
	Language    string    `json:"language"`
	URL         string    `json:"url"`
	Content     string    `json:"content"`
	Spoiler     string    `json:"spoiler_text"`
	Account     account   `json:"account"`
	Reblog      *status   `json:"reblog"`
	Media       []struct {
		Type        string `json:"type"`
		URL         string `json:"url"`
		Description string `json:"description"`
	} `json:"media_attachments"`
}

// Poll reads one page of each stream.
func (s *Source) Poll(ctx context.Context, at string) (b channel.Batch, err error) {
	var c cursor
	if at != "" {
		if err := json.Unmarshal([]byte(at), &c); err != nil {
			return b, webcare.Invalidf("the saved cursor cannot be read")
		}
	}
	if err := s.whoAmI(ctx); err != nil {
		return b, err
	}
	var posts []status
	for _, read := range []func(context.Context, *cursor) ([]status, bool, error){s.mentions, s.own, s.found} {
		more, full, err := read(ctx, &c)
		if err != nil {
			return channel.Batch{}, err
		}
		posts = append(posts, more...)
		b.More = b.More || full
	}
	slices.SortStableFunc(posts, func(a, z status) int { return a.CreatedAt.Compare(z.CreatedAt) })
	for _, p := range posts {
		it, err := s.item(ctx, p)
		if err != nil {
			return channel.Batch{}, err
		}
		b.Items = append(b.Items, it)
	}
	b.Trouble = s.room(ctx)
	next, err := json.Marshal(c)
	b.Next = string(next)
	return b, err
}

// room compares, once, what the instance takes with what drafts may have: one
// that takes less would refuse what was approved.
func (s *Source) room(ctx context.Context) error {
	if s.asked {
		return s.tight
	}
	most, err := limit(ctx, s.api)
	s.asked = err == nil // otherwise with the next page: reading does not depend on it
	if want := cmp.Or(s.cfg.Length, usual); s.asked && most < want {
		s.tight = &channel.CredentialError{Why: fmt.Sprintf("this instance takes %d characters, and drafts may have %d", most, want),
			Todo: fmt.Sprintf("write length: \"%d\" under settings of this channel in the brand file", most)}
	}
	return s.tight
}

func (s *Source) whoAmI(ctx context.Context) error {
	if s.me != "" {
		return nil
	}
	var a account
	if _, err := s.api.Read(ctx, rest.Call{Path: "/api/v1/accounts/verify_credentials", Out: &a}); err != nil {
		return err
	}
	if s.me = a.ID; s.me == "" {
		return webcare.Invalidf("Mastodon: an account without an id")
	}
	return nil
}

func (s *Source) mentions(ctx context.Context, c *cursor) ([]status, bool, error) {
	var notes []struct {
		ID     string  `json:"id"`
		Status *status `json:"status"`
	}
	q := url.Values{"types[]": {"mention"}, "limit": {strconv.Itoa(page)}}
	if _, err := s.api.Read(ctx, rest.Call{Path: "/api/v1/notifications", Query: since(q, c.Mentions), Out: &notes}); err != nil {
		return nil, false, err
	}
	first := c.Mentions == ""
	var out []status
	for _, n := range notes {
		c.Mentions = later(c.Mentions, n.ID)
		if n.Status != nil {
			out = append(out, *n.Status)
		}
	}
	return out, len(notes) >= page && !first, nil
}

func (s *Source) own(ctx context.Context, c *cursor) ([]status, bool, error) {
	return s.timeline(ctx, "/api/v1/accounts/"+url.PathEscape(s.me)+"/statuses", url.Values{"exclude_reblogs": {"true"}}, &c.Own)
}

// found reads tags and searches. A post found so addresses nobody: it is a
// case of its own, unless it is a reply to somebody.
func (s *Source) found(ctx context.Context, c *cursor) ([]status, bool, error) {
	if c.Found == nil {
		c.Found = map[string]string{}
	}
	var out []status
	more := false
	add := func(name string, posts []status, full bool, mark string) {
		out, more, c.Found[name] = append(out, posts...), more || full, mark
	}
	for _, tag := range s.cfg.Hashtags {
		mark := c.Found["#"+tag]
		posts, full, err := s.timeline(ctx, "/api/v1/timelines/tag/"+url.PathEscape(tag), nil, &mark)
		if err != nil {
			return nil, false, err
		}
		add("#"+tag, posts, full, mark)
	}
	for _, words := range s.cfg.Searches {
		mark := c.Found[words]
		var res struct {
			Statuses []status `json:"statuses"`
		}
		q := url.Values{"q": {words}, "type": {"statuses"}, "limit": {strconv.Itoa(page)}}
		if _, err := s.api.Read(ctx, rest.Call{Path: "/api/v2/search", Query: since(q, mark), Out: &res}); err != nil {
			return nil, false, err
		}
		full := mark != "" && len(res.Statuses) >= page
		for _, p := range res.Statuses {
			mark = later(mark, p.ID)
		}
		add(words, res.Statuses, full, mark)
	}
	return out, more, nil
}

func (s *Source) timeline(ctx context.Context, path string, q url.Values, mark *string) ([]status, bool, error) {
	if q == nil {
		q = url.Values{}
	}
	q.Set("limit", strconv.Itoa(page))
	var posts []status
	if _, err := s.api.Read(ctx, rest.Call{Path: path, Query: since(q, *mark), Out: &posts}); err != nil {
		return nil, false, err
	}
	full := *mark != "" && len(posts) >= page
	for _, p := range posts {
		*mark = later(*mark, p.ID)
	}
	return posts, full, nil
}

// since asks for the page right after an id; without one, for the newest.
func since(q url.Values, id string) url.Values {
	if id != "" {
		q.Set("min_id", id)
	}
	return q
}

// later returns the later of two ids: longer, or the same length and greater.
func later(a, b string) string {
	if cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) < 0 {
		return b
	}
	return a
}

// item makes a message of a post.
func (s *Source) item(ctx context.Context, p status) (channel.Item, error) {
	root, mine := p.ID, p.Account.ID == s.me
	switch {
	case mine:
		root = "" // it is found by the post it answers
	case p.ReplyTo != "":
		var err error
		if root, err = s.root(ctx, p); err != nil {
			return channel.Item{}, err
		}
	}
	text := channel.Readable(p.Content)
	if p.Spoiler != "" {
		text = strings.TrimSpace(plain.Line(p.Spoiler) + "\n\n" + text)
	}
	m := webcare.Message{Key: webcare.Key{Channel: s.cfg.Channel, ExternalID: p.ID}, Brand: s.cfg.Brand, Thread: root, Ours: mine,
		Author: webcare.Author{Name: plain.Line(p.Account.DisplayName), Handle: "@" + plain.Line(p.Account.Acct)}, Text: text, Language: p.Language,
		Visibility: visibility(p.Visibility), URL: p.URL, PostedAt: p.CreatedAt.UTC(), Revision: channel.EditedAt(p.EditedAt),
		ReplyTo: webcare.ReplyTarget{ExternalID: p.ID, Root: root, URL: p.URL}}
	if m.Ours {
		m.ReplyTo.ExternalID = p.ReplyTo
	}
	for _, a := range p.Media {
		m.Attachments = append(m.Attachments, webcare.Attachment{Name: plain.Clip(plain.Line(cmp.Or(a.Description, a.Type)), 200), MediaType: a.Type})
	}
	aside := p.ReplyTo != "" && p.ReplyToUser != "" && p.ReplyToUser != s.me && p.ReplyToUser != p.Account.ID
	return channel.Item{Message: m, Aside: aside && !m.Ours}, nil
}

// root is the first post of a thread; where the instance no longer knows the
// ancestors, the post answered.
func (s *Source) root(ctx context.Context, p status) (string, error) {
	var around struct {
		Ancestors []status `json:"ancestors"`
	}
	_, err := s.api.Read(ctx, rest.Call{Path: "/api/v1/statuses/" + url.PathEscape(p.ID) + "/context", Out: &around})
	switch {
	case notFound(err):
		return p.ReplyTo, nil
	case err != nil:
		return "", err
	case len(around.Ancestors) > 0:
		return around.Ancestors[0].ID, nil
	}
	return p.ReplyTo, nil
}

func visibility(v string) webcare.Visibility {
	switch v {
	case "public":
		return webcare.Public
	case "unlisted":
		return webcare.Unlisted
	}
	return webcare.Private // followers only, or direct
}

// Recheck asks for posts again: one that is gone was deleted, or is no longer
// for us to read.
func (s *Source) Recheck(ctx context.Context, taken []webcare.Message) ([]channel.Item, error) {
	q := url.Values{}
	for _, m := range taken {
		q.Add("id[]", m.Key.ExternalID)
	}
	var posts []status
	if _, err := s.api.Read(ctx, rest.Call{Path: "/api/v1/statuses", Query: q, Out: &posts}); err != nil {
		return nil, err
	}
	now := map[string]status{}
	for _, p := range posts {
		now[p.ID] = p
	}
	var out []channel.Item
	for _, m := range taken {
		p, there := now[m.Key.ExternalID]
		switch {
		case !there:
			out = append(out, channel.Deleted(m))
		case channel.EditedAt(p.EditedAt) > m.Revision:
			m.Text, m.Revision, m.ID, m.Raw = channel.Readable(p.Content), channel.EditedAt(p.EditedAt), "", ""
			out = append(out, channel.Item{Message: m})
		}
	}
	return out, nil
}
