package bluesky

import (
	"cmp"
	"context"
	"encoding/json"
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

// Source reads one account's notifications, its own posts, and searches.
type Source struct{ c *caller }

// NewSource returns a source; nothing is called yet.
func NewSource(cfg Config) *Source { return &Source{&caller{cfg: cfg}} }

const page = 100

type cursor struct {
	Notes channel.Stream            `json:"notes"`
	Own   channel.Stream            `json:"own"`
	Found map[string]channel.Stream `json:"found,omitempty"`
}

type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type post struct {
	ref
	Author struct {
		DID         string `json:"did"`
		Handle      string `json:"handle"`
		DisplayName string `json:"displayName"`
	} `json:"author"`
	Record struct {
		Type      string    `json:"$type"`
		Text      string    `json:"text"`
		CreatedAt time.Time `json:"createdAt"`
		Langs     []string  `json:"langs"`
		Reply     *struct {
			Root   ref `json:"root"`
			Parent ref `json:"parent"`
		} `json:"reply"`
	} `json:"record"`
	IndexedAt time.Time `json:"indexedAt"`
	Reason    string    `json:"reason"`
}

// Poll reads one page of each list.
func (s *Source) Poll(ctx context.Context, at string) (b channel.Batch, err error) {
	var c cursor
	if at != "" {
		if err := json.Unmarshal([]byte(at), &c); err != nil {
			return b, webcare.Invalidf("the saved cursor cannot be read")
		}
	}
	me, err := s.c.did(ctx)
	if err != nil {
		return b, err
	}
	add := func(st *channel.Stream, list channel.Lister) error {
		items, more, err := st.Read(ctx, list)
		b.Items, b.More = append(b.Items, items...), b.More || more
		return err
	}
	if err := add(&c.Notes, s.notifications(me)); err != nil {
		return channel.Batch{}, err
	}
	if err := add(&c.Own, s.own(me)); err != nil {
		return channel.Batch{}, err
	}
	found := map[string]channel.Stream{}
	for _, q := range s.c.cfg.Searches {
		st := c.Found[q]
		if err := add(&st, s.search(me, q)); err != nil {
			return channel.Batch{}, err
		}
		found[q] = st
	}
	c.Found = found
	slices.SortStableFunc(b.Items, func(x, y channel.Item) int { return x.Message.PostedAt.Compare(y.Message.PostedAt) })
	next, err := json.Marshal(c)
	b.Next = string(next)
	return b, err
}

func (s *Source) notifications(me string) channel.Lister {
	return func(ctx context.Context, at string) ([]channel.Item, []time.Time, string, error) {
		var res struct {
			Notifications []post `json:"notifications"`
			Cursor        string `json:"cursor"`
		}
		q := url.Values{"limit": {strconv.Itoa(page)}, "reasons": {"mention", "reply", "quote"}}
		if err := s.read(ctx, "app.bsky.notification.listNotifications", q, at, &res); err != nil {
			return nil, nil, "", err
		}
		items, seen := s.items(me, res.Notifications)
		return items, seen, res.Cursor, nil
	}
}

func (s *Source) own(me string) channel.Lister {
	return func(ctx context.Context, at string) ([]channel.Item, []time.Time, string, error) {
		var res struct {
			Feed []struct {
				Post post `json:"post"`
			} `json:"feed"`
			Cursor string `json:"cursor"`
		}
		q := url.Values{"actor": {me}, "filter": {"posts_with_replies"}, "limit": {strconv.Itoa(page)}}
		if err := s.read(ctx, "app.bsky.feed.getAuthorFeed", q, at, &res); err != nil {
			return nil, nil, "", err
		}
		posts := make([]post, len(res.Feed))
		for i, f := range res.Feed {
			posts[i] = f.Post
		}
		items, seen := s.items(me, posts)
		return items, seen, res.Cursor, nil
	}
}

func (s *Source) search(me, words string) channel.Lister {
	return func(ctx context.Context, at string) ([]channel.Item, []time.Time, string, error) {
		var res struct {
			Posts  []post `json:"posts"`
			Cursor string `json:"cursor"`
		}
		q := url.Values{"q": {words}, "sort": {"latest"}, "limit": {strconv.Itoa(page)}}
		if err := s.read(ctx, "app.bsky.feed.searchPosts", q, at, &res); err != nil {
			return nil, nil, "", err
		}
		items, seen := s.items(me, res.Posts)
		return items, seen, res.Cursor, nil
	}
}

func (s *Source) read(ctx context.Context, method string, q url.Values, at string, out any) error {
	if at != "" {
		q.Set("cursor", at)
	}
	return s.c.do(ctx, false, rest.Call{Path: "/xrpc/" + method, Query: q, Out: out})
}

// items makes messages; entries that are no posts keep their place in seen.
func (s *Source) items(me string, posts []post) (items []channel.Item, seen []time.Time) {
	for _, p := range posts {
		if p.Record.Type == "app.bsky.feed.post" {
			items, seen = append(items, s.item(me, p)), append(seen, p.IndexedAt)
		}
	}
	return items, seen
}

func (s *Source) item(me string, p post) channel.Item {
	cfg := s.c.cfg
	m := webcare.Message{Key: webcare.Key{Channel: cfg.Channel, ExternalID: p.URI}, Brand: cfg.Brand, Thread: p.URI, Ours: p.Author.DID == me,
		Author: webcare.Author{Name: plain.Line(cmp.Or(p.Author.DisplayName, p.Author.Handle)), Handle: "@" + plain.Line(p.Author.Handle)},
		Text:   strings.TrimSpace(plain.Text(p.Record.Text)), Visibility: webcare.Public, URL: address(p), PostedAt: written(p).UTC(),
		ReplyTo: webcare.ReplyTarget{ExternalID: p.URI, Root: p.URI, References: []string{p.CID, p.CID}, URL: address(p)}}
	if len(p.Record.Langs) > 0 {
		m.Language, _, _ = strings.Cut(p.Record.Langs[0], "-")
	}
	if m.Text == "" {
		m.Attachments = []webcare.Attachment{{Name: "image or video", MediaType: "image"}} // a post of pictures alone
	}
	aside := false
	if r := p.Record.Reply; r != nil {
		m.Thread, m.ReplyTo.Root, m.ReplyTo.References = r.Root.URI, r.Root.URI, []string{p.CID, r.Root.CID}
		to := owner(r.Parent.URI)
		aside = p.Reason != "mention" && p.Reason != "quote" && to != me && to != p.Author.DID
		if m.Ours {
			m.Thread, m.ReplyTo.ExternalID = "", r.Parent.URI
		}
	} else if m.Ours {
		m.ReplyTo = webcare.ReplyTarget{}
	}
	return channel.Item{Message: m, Aside: aside && !m.Ours}
}

// written is when a post was written as its author says, never later than it
// was seen.
func written(p post) time.Time {
	if p.Record.CreatedAt.IsZero() || p.Record.CreatedAt.After(p.IndexedAt) {
		return p.IndexedAt
	}
	return p.Record.CreatedAt
}

// owner is the account in at://account/collection/key.
func owner(uri string) string {
	did, _, _ := strings.Cut(strings.TrimPrefix(uri, "at://"), "/")
	return did
}

func address(p post) string {
	return "https://bsky.app/profile/" + url.PathEscape(p.Author.Handle) + "/post/" + url.PathEscape(p.URI[strings.LastIndex(p.URI, "/")+1:])
}

// Recheck asks for posts again: one that is gone was deleted.
func (s *Source) Recheck(ctx context.Context, taken []webcare.Message) ([]channel.Item, error) {
	q := url.Values{}
	for _, m := range taken {
		q.Add("uris", m.Key.ExternalID)
	}
	var res struct {
		Posts []post `json:"posts"`
	}
	if err := s.c.do(ctx, false, rest.Call{Path: "/xrpc/app.bsky.feed.getPosts", Query: q, Out: &res}); err != nil {
		return nil, err
	}
	now := map[string]post{}
	for _, p := range res.Posts {
		now[p.URI] = p
	}
	var out []channel.Item
	for _, m := range taken {
		p, there := now[m.Key.ExternalID]
		switch {
		case !there:
			out = append(out, channel.Deleted(m))
		case len(m.ReplyTo.References) > 0 && p.CID != m.ReplyTo.References[0]:
			it := s.item("", p)
			it.Message.Revision = channel.EditedAt(p.IndexedAt)
			out = append(out, it)
		}
	}
	return out, nil
}
