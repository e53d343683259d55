package mastodon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Publisher replies as one account.
type Publisher struct {
	cfg Config
	api *rest.Client

	mu    sync.Mutex
	limit int // of the instance, 0 until asked
	asked time.Time
}

// NewPublisher returns a publisher; nothing is called yet.
func NewPublisher(cfg Config) *Publisher { return &Publisher{cfg: cfg, api: cfg.client()} }

// keyTime is how long an instance keeps an idempotency key, less what clocks
// may differ.
const keyTime = time.Hour - 5*time.Minute

// Class: a repeated key posts once for an hour.
func (p *Publisher) Class() webcare.PublishClass {
	return webcare.PublishClass{Idempotent: true, Window: keyTime, Timeout: 30 * time.Second}
}

// Find is never called: Mastodon tells nothing by key.
func (p *Publisher) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, webcare.Invalidf("a Mastodon reply cannot be looked for by its key")
}

// Publish posts the reply and, where there is one, its private half as a
// direct post. Each half has a key of its own.
func (p *Publisher) Publish(ctx context.Context, out webcare.Outgoing) (r webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	text := addressed(out.Draft.Text, out.Latest.Author.Handle)
	private := out.Draft.PrivateText
	if private != "" {
		private = addressed(private, out.Latest.Author.Handle)
	}
	if err := p.fits(ctx, text, private); err != nil {
		return r, err
	}
	posted, err := p.post(ctx, out, out.Key, text, sent(out.Draft.Visibility, out.Latest.Visibility))
	if err != nil {
		return r, err
	}
	r = webcare.Receipt{ExternalID: posted.ID, URL: posted.URL}
	if private == "" {
		return r, nil
	}
	if _, err := p.post(ctx, out, out.Key+"/private", private, "direct"); err != nil {
		// The public half stands: whatever this says, the reply as a whole is unknown.
		return r, errors.New("the public half is posted; the private one: " + err.Error())
	}
	return r, nil
}

func (p *Publisher) post(ctx context.Context, out webcare.Outgoing, key, text, visibility string) (s status, err error) {
	form := url.Values{"status": {text}, "in_reply_to_id": {out.Draft.ReplyTo.ExternalID}, "visibility": {visibility}}
	if out.Draft.Language != "" {
		form.Set("language", out.Draft.Language)
	}
	_, err = p.api.Post(ctx, rest.Call{Path: "/api/v1/statuses", Body: form, Header: http.Header{"Idempotency-Key": {key}}, Out: &s})
	if err == nil && s.ID == "" {
		return s, errors.New("Mastodon answers without an id")
	}
	return s, err
}

// addressed puts the customer's handle before a text that does not name it:
// without, the reply reaches nobody.
func addressed(text, handle string) string {
	if handle == "" || strings.Contains(strings.ToLower(text), strings.ToLower(handle)) {
		return text
	}
	return handle + " " + text
}

// sent is the visibility of the reply: that of the post, never wider.
func sent(draft, post webcare.Visibility) string {
	switch {
	case draft == webcare.Private || post == webcare.Private:
		return "direct"
	case draft == webcare.Unlisted || post == webcare.Unlisted:
		return "unlisted"
	}
	return "public"
}

// fits refuses what the instance would refuse, before anything is posted.
func (p *Publisher) fits(ctx context.Context, texts ...string) error {
	most, err := p.most(ctx)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if used, _ := guard.Room("mastodon", t); used > most {
			return webcare.Invalidf("too long for this instance: %d characters, %d fit", used, most)
		}
	}
	return nil
}

// most is the instance's limit, asked once an hour.
func (p *Publisher) most(ctx context.Context) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit > 0 && p.cfg.Now().Sub(p.asked) < time.Hour {
		return p.limit, nil
	}
	most, err := limit(ctx, p.api)
	if err != nil {
		return 0, fmt.Errorf("%w: the instance's limit is not known: %w", webcare.ErrUnavailable, err)
	}
	p.limit, p.asked = most, p.cfg.Now()
	return most, nil
}

// usual is how much most instances take.
const usual = 500

// limit asks an instance what it takes.
func limit(ctx context.Context, api *rest.Client) (int, error) {
	var inst struct {
		Configuration struct {
			Statuses struct {
				Max int `json:"max_characters"`
			} `json:"statuses"`
		} `json:"configuration"`
	}
	if _, err := api.Read(ctx, rest.Call{Path: "/api/v2/instance", Out: &inst}); err != nil {
		return 0, err
	}
	if most := inst.Configuration.Statuses.Max; most > 0 {
		return most, nil
	}
	return usual, nil
}

func notFound(err error) bool { return errors.Is(err, webcare.ErrNotFound) }
