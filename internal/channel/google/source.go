package google

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/webcare"
)

// Source reads the reviews of one location.
type Source struct{ c *caller }

// NewSource returns a source; nothing is called yet.
func NewSource(cfg Config) *Source { return &Source{&caller{cfg: cfg}} }

// Every is how often reviews are asked for; Google allows few calls.
const Every = 5 * time.Minute

// Poll reads one page of reviews.
func (s *Source) Poll(ctx context.Context, at string) (b channel.Batch, err error) {
	var st channel.Stream
	if at != "" {
		if err := json.Unmarshal([]byte(at), &st); err != nil {
			return b, webcare.Invalidf("the saved cursor cannot be read")
		}
	}
	var replies []channel.Item
	b.Items, b.More, err = st.Read(ctx, func(ctx context.Context, page string) (items []channel.Item, seen []time.Time, next string, err error) {
		var res struct {
			Reviews []review `json:"reviews"`
			Next    string   `json:"nextPageToken"`
		}
		q := url.Values{"pageSize": {"50"}, "orderBy": {"updateTime desc"}}
		if page != "" {
			q.Set("pageToken", page)
		}
		if err := s.c.do(ctx, false, rest.Call{Path: "/v4/" + s.c.cfg.Location + "/reviews", Query: q, Out: &res}); err != nil {
			return nil, nil, "", err
		}
		for _, r := range res.Reviews {
			items, seen = append(items, s.item(r)), append(seen, r.Updated)
			replies = append(replies, s.reply(r)...)
		}
		return items, seen, res.Next, nil
	})
	if err != nil {
		return channel.Batch{}, err
	}
	b.Items = append(b.Items, replies...)
	next, err := json.Marshal(st)
	b.Next = string(next)
	return b, err
}

var stars = map[string]int{"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}

func (s *Source) item(r review) channel.Item {
	m := webcare.Message{Key: webcare.Key{Channel: s.c.cfg.Channel, ExternalID: r.ID}, Brand: s.c.cfg.Brand, Thread: r.ID, Stars: stars[r.Stars],
		Author: webcare.Author{Name: plain.Line(r.Reviewer.DisplayName), Handle: plain.Line(r.Reviewer.DisplayName) + " (" + plain.Clip(r.ID, 12) + ")"},
		Text:   strings.TrimSpace(plain.Text(original(r.Comment))), Visibility: webcare.Public, PostedAt: r.Created.UTC(),
		ReplyTo: webcare.ReplyTarget{ExternalID: r.ID, Root: r.ID}}
	if m.Text == "" {
		m.Subject = fmt.Sprintf("%d/5", m.Stars) // stars alone
	}
	if r.Updated.After(r.Created.Add(time.Second)) {
		m.Revision = channel.EditedAt(r.Updated)
	}
	return channel.Item{Message: m}
}

// original is what the customer wrote of a comment that Google translated.
func original(comment string) string {
	if _, after, ok := strings.Cut(comment, "(Original)"); ok {
		return after
	}
	before, _, _ := strings.Cut(comment, "(Translated by Google)")
	return before
}

// reply is the answer that a review has, ours or a colleague's, and that
// Google rejected it.
func (s *Source) reply(r review) (out []channel.Item) {
	if r.Reply == nil {
		return nil
	}
	m := webcare.Message{Key: webcare.Key{Channel: s.c.cfg.Channel, ExternalID: r.ID + "/reply"}, Brand: s.c.cfg.Brand, Ours: true, Text: strings.TrimSpace(plain.Text(r.Reply.Comment)),
		Visibility: webcare.Public, PostedAt: r.Reply.Updated.UTC(), ReplyTo: webcare.ReplyTarget{ExternalID: r.ID}}
	if r.Reply.State != rejected {
		return []channel.Item{{Message: m}}
	}
	m.Key.ExternalID = fmt.Sprintf("%s/rejected/%d", r.ID, r.Reply.Updated.Unix())
	m.Ours, m.Thread, m.BounceOf, m.Automatic = false, r.ID, r.ID+"/reply", "bounce"
	m.Author.Name = "Google"
	return []channel.Item{{Message: m, Rejection: true}}
}

// Recheck asks for reviews again: for edits, deletions and colleagues' replies.
func (s *Source) Recheck(ctx context.Context, taken []webcare.Message) (out []channel.Item, err error) {
	for _, m := range taken {
		var r review
		err := s.c.do(ctx, false, rest.Call{Path: "/v4/" + s.c.cfg.Location + "/reviews/" + url.PathEscape(m.Key.ExternalID), Out: &r})
		switch {
		case errors.Is(err, webcare.ErrNotFound):
			out = append(out, channel.Deleted(m))
		case err != nil:
			return nil, err
		case r.ID == m.Key.ExternalID:
			if it := s.item(r); it.Message.Revision > m.Revision {
				out = append(out, it)
			}
			out = append(out, s.reply(r)...)
		}
	}
	return out, nil
}
