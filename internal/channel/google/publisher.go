package google

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Publisher replies to the reviews of one location.
type Publisher struct{ c *caller }

// NewPublisher returns a publisher; nothing is called yet.
func NewPublisher(cfg Config) *Publisher { return &Publisher{&caller{cfg: cfg}} }

// Class: the same reply again changes nothing, and it can be read.
func (p *Publisher) Class() webcare.PublishClass {
	return webcare.PublishClass{Idempotent: true, Window: 365 * 24 * time.Hour, Findable: true, Timeout: 40 * time.Second}
}

func (p *Publisher) path(out webcare.Outgoing) string {
	return "/v4/" + p.c.cfg.Location + "/reviews/" + url.PathEscape(out.Draft.ReplyTo.ExternalID)
}

func (p *Publisher) review(ctx context.Context, out webcare.Outgoing) (r review, err error) {
	err = p.c.do(ctx, false, rest.Call{Path: p.path(out), Out: &r})
	if err == nil && r.ID == "" {
		err = webcare.Invalidf("Google: a review without an id")
	}
	return r, err
}

// stands reports whether the review has this reply, and not rejected.
func stands(r review, text string) bool {
	return r.Reply != nil && r.Reply.State != rejected && strings.Join(strings.Fields(r.Reply.Comment), " ") == strings.Join(strings.Fields(text), " ")
}

func receipt(r review) webcare.Receipt {
	return webcare.Receipt{ExternalID: r.ID + "/reply", Pending: r.Reply.State == pending}
}

// Publish sets the reply, unless another stands there.
func (p *Publisher) Publish(ctx context.Context, out webcare.Outgoing) (_ webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	used, most := guard.Room("google", out.Draft.Text)
	switch {
	case used > most:
		return webcare.Receipt{}, webcare.Invalidf("too long for Google: %d bytes, %d fit", used, most)
	case out.Draft.PrivateText != "":
		return webcare.Receipt{}, webcare.Refusedf("Google takes no private half")
	}
	r, err := p.review(ctx, out)
	switch {
	case errors.Is(err, webcare.ErrNotFound):
		return webcare.Receipt{}, webcare.Refusedf("the review is gone")
	case err != nil:
		return webcare.Receipt{}, rest.Unsent(err)
	case stands(r, out.Draft.Text):
		return receipt(r), nil
	case r.Reply != nil && r.Reply.State != rejected:
		return webcare.Receipt{}, webcare.Refusedf("the review has another reply already; a second would replace it")
	}
	var set struct {
		Comment string `json:"comment"`
		State   string `json:"reviewReplyState"`
	}
	if err := p.c.do(ctx, true, rest.Call{Method: http.MethodPut, Path: p.path(out) + "/reply", Body: map[string]string{"comment": out.Draft.Text}, Out: &set}); err != nil {
		return webcare.Receipt{}, err
	}
	switch {
	case set.State == rejected:
		return webcare.Receipt{}, webcare.Refusedf("Google rejects the reply")
	case set.Comment == "":
		return webcare.Receipt{}, errors.New("Google answers without the reply")
	}
	return webcare.Receipt{ExternalID: out.Draft.ReplyTo.ExternalID + "/reply", Pending: set.State == pending}, nil
}

// Find reads the review's reply.
func (p *Publisher) Find(ctx context.Context, out webcare.Outgoing) (_ webcare.Receipt, found bool, err error) {
	defer webcare.Wrap(&err, "Find(%s)", out.Key)
	r, err := p.review(ctx, out)
	if errors.Is(err, webcare.ErrNotFound) {
		return webcare.Receipt{}, false, nil
	}
	if err != nil || !stands(r, out.Draft.Text) {
		return webcare.Receipt{}, false, err
	}
	return receipt(r), true, nil
}
