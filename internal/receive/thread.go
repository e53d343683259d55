package receive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// find returns the case that a message belongs to, nil for a new one.
func (r *Receiver) find(ctx context.Context, it *Item) (*webcare.Case, error) {
	m := &it.Message
	stranger := false
	for _, cl := range names(it) {
		c, err := r.held(ctx, cl)
		if err != nil {
			return nil, err
		}
		if c == nil || c.Head.Brand != m.Brand {
			continue
		}
		if takesPart(c, *m, cl) {
			return c, nil
		}
		stranger = true
		it.taken = append(it.taken, cl)
	}
	if stranger {
		m.Warnings = append(m.Warnings, "refers to a conversation that its sender takes no part in")
		if m.Thread != "" {
			it.Claims = append(it.Claims, ownThread(*m))
		}
	}
	return r.justNow(ctx, it)
}

// leaveThread notes a thread's name as taken where the message goes to one
// case of a thread that another holds.
func (r *Receiver) leaveThread(ctx context.Context, c *webcare.Case, it *Item) error {
	if it.Message.Thread == "" {
		return nil
	}
	cl := webcare.ThreadClaim(it.Message.Brand, it.Message.Key.Channel, it.Message.Thread)
	holder, err := r.Store.Cases.Claimed(ctx, cl)
	if err == nil && holder != c.Head.ID {
		it.taken = append(it.taken, cl)
	}
	if errors.Is(err, webcare.ErrNotFound) {
		return nil
	}
	return err
}

// names are the claims under which a message's case may be known, the best first.
func names(it *Item) []webcare.Claim {
	m := it.Message
	var out []webcare.Claim
	if m.Revision > 0 || m.Deleted {
		out = append(out, webcare.MessageClaim(m.Brand, m.Key, 0))
	}
	if m.Ours && m.ReplyTo.ExternalID != "" {
		out = append(out, webcare.MessageClaim(m.Brand, webcare.Key{Channel: m.Key.Channel, ExternalID: m.ReplyTo.ExternalID}, 0))
	}
	if m.Thread != "" {
		out = append(out, webcare.ThreadClaim(m.Brand, m.Key.Channel, m.Thread), ownThread(m))
	}
	return append(out, it.Parents...)
}

// ownThread is the name of what one author says in a thread that another
// author's case holds: each customer there has a case of their own.
func ownThread(m webcare.Message) webcare.Claim {
	return webcare.ThreadClaim(m.Brand, m.Key.Channel, m.Thread+"#"+strings.ToLower(m.Author.CustomerKey()))
}

func (r *Receiver) held(ctx context.Context, cl webcare.Claim) (*webcare.Case, error) {
	id, err := r.Store.Cases.Claimed(ctx, cl)
	if errors.Is(err, webcare.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.Store.Load(ctx, id)
}

// takesPart reports whether the writer may join the conversation. A public
// thread is open to its author, the brand and, on the platform's word, nobody
// else; a mail thread to addresses that already stand in it, and to the
// machine that bounces.
func takesPart(c *webcare.Case, m webcare.Message, cl webcare.Claim) bool {
	if m.Ours || m.Automatic != "" {
		return true
	}
	if cl.Space == "message" {
		return true // a revision comes from the platform, about its own post
	}
	key := strings.ToLower(m.Author.CustomerKey())
	for _, e := range c.Messages {
		if strings.ToLower(e.Value.Author.CustomerKey()) == key {
			return true
		}
		for _, to := range e.Value.ReplyTo.Recipients {
			if strings.EqualFold(to, m.Author.Address) {
				return true
			}
		}
	}
	return false
}

// together reports whether posts without a thread are joined by time: public
// posts of a named author are, mails are not (they thread by their headers).
func together(m webcare.Message) bool {
	return m.Visibility.IsPublic() && m.Author.CustomerKey() != "" && m.Author.Address == "" && !m.Ours && !m.Imported && m.Automatic == ""
}

// timeClaim is the name under which an author's posts of one stretch of time
// find each other. It is claimed with the message, so it costs no write of its
// own and two posts at the same moment cannot open two cases.
func timeClaim(m webcare.Message, at time.Time) webcare.Claim {
	stretch := at.UnixMilli() / Together.Milliseconds()
	return webcare.Claim{Space: "recent", Name: fmt.Sprintf("%s/%s/%d", m.Brand, webcare.CustomerOf(m.Key.Channel, m.Author), stretch)}
}

// justNow returns the open case on which the same author posted moments ago,
// and adds the claim by which the next post will find this one.
func (r *Receiver) justNow(ctx context.Context, it *Item) (*webcare.Case, error) {
	m := it.Message
	if !together(m) {
		return nil, nil
	}
	now := timeClaim(m, m.ReceivedAt)
	it.Claims = append(slices.Clone(it.Claims), now)
	for _, cl := range []webcare.Claim{now, timeClaim(m, m.ReceivedAt.Add(-Together))} {
		c, err := r.held(ctx, cl)
		if err != nil {
			return nil, err
		}
		if c != nil && fresh(c, m.ReceivedAt) {
			return c, nil
		}
		if c != nil {
			it.taken = append(it.taken, cl)
		}
	}
	return nil, nil
}

// fresh reports whether a case still waits and its latest message is recent.
func fresh(c *webcare.Case, at time.Time) bool {
	switch c.Head.Status {
	case webcare.StatusReceived, webcare.StatusTriaged, webcare.StatusInReview:
		last, ok := c.LatestInbound()
		return ok && at.Sub(last.ReceivedAt) <= Together
	}
	return false
}
