package trustpilot

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Config is one business unit.
type Config struct {
	Brand, Channel string
	Unit, User     string
	Key, Secret    string
	HookSecret     string
	API            string // https://api.trustpilot.com
	HTTP           *http.Client
	Now            func() time.Time
}

// Hook takes the deliveries of one business unit.
type Hook struct{ cfg Config }

// NewHook returns the hook of a business unit.
func NewHook(cfg Config) *Hook { return &Hook{cfg} }

// Greet: Trustpilot makes no check of the address.
func (h *Hook) Greet(*http.Request) (string, error) {
	return "", webcare.Forbiddenf("Trustpilot asks nothing here")
}

type event struct {
	Name string `json:"eventName"`
	Data struct {
		ID        string    `json:"id"`
		Language  string    `json:"language"`
		Title     string    `json:"title"`
		Text      string    `json:"text"`
		Stars     int       `json:"stars"`
		CreatedAt time.Time `json:"createdAt"`
		UpdatedAt time.Time `json:"updatedAt"`
		Link      string    `json:"link"`
		Unit      string    `json:"businessUnitId"`
		Consumer  struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"consumer"`
	} `json:"eventData"`
}

// Decode checks the password and returns the reviews of a delivery.
func (h *Hook) Decode(header http.Header, body []byte) ([]channel.Item, error) {
	_, password, ok := (&http.Request{Header: header}).BasicAuth()
	if !ok || h.cfg.HookSecret == "" || subtle.ConstantTimeCompare([]byte(password), []byte(h.cfg.HookSecret)) != 1 {
		return nil, webcare.Forbiddenf("the password in the webhook's address is not ours")
	}
	var d struct {
		Events []event `json:"events"`
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, webcare.Invalidf("a delivery that is not the JSON it should be")
	}
	var out []channel.Item
	for _, e := range d.Events {
		if !strings.HasPrefix(e.Name, "service-review-") || e.Data.ID == "" || (e.Data.Unit != "" && e.Data.Unit != h.cfg.Unit) {
			continue
		}
		switch it := h.item(e); strings.TrimPrefix(e.Name, "service-review-") {
		case "created":
			out = append(out, it)
		case "updated":
			it.Message.Revision = channel.EditedAt(e.Data.UpdatedAt)
			out = append(out, it)
		case "deleted":
			out = append(out, channel.Deleted(it.Message))
		}
	}
	return out, nil
}

func (h *Hook) item(e event) channel.Item {
	v := e.Data
	text := strings.TrimSpace(plain.Text(v.Text))
	return channel.Item{Message: webcare.Message{Key: webcare.Key{Channel: h.cfg.Channel, ExternalID: v.ID}, Brand: h.cfg.Brand, Thread: v.ID,
		Author: webcare.Author{Name: plain.Line(v.Consumer.Name), Handle: plain.Line(v.Consumer.ID)}, Subject: plain.Line(v.Title), Text: text,
		Language: v.Language, Visibility: webcare.Public, URL: v.Link, PostedAt: v.CreatedAt.UTC(), Stars: min(max(v.Stars, 0), 5),
		ReplyTo: webcare.ReplyTarget{ExternalID: v.ID, Root: v.ID, URL: v.Link}}}
}

// Publisher replies as one business user.
type Publisher struct {
	cfg Config

	mu    sync.Mutex
	token string
	until time.Time
}

// NewPublisher returns a publisher; nothing is called yet.
func NewPublisher(cfg Config) *Publisher { return &Publisher{cfg: cfg} }

// Class: the same reply again changes nothing, and it can be read.
func (p *Publisher) Class() webcare.PublishClass {
	return webcare.PublishClass{Idempotent: true, Window: 365 * 24 * time.Hour, Findable: true, Timeout: 40 * time.Second}
}

func (p *Publisher) client(token string) *rest.Client {
	return &rest.Client{Platform: "Trustpilot", Base: strings.TrimSuffix(p.cfg.API, "/"), HTTP: p.cfg.HTTP, Now: p.cfg.Now,
		Secrets: []string{p.cfg.Key, p.cfg.Secret, token}, Todo: "look up key and secret again (Integrations > Developers > APIs) and set them where the brand file says",
		Sign: func(r *http.Request) {
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			} else {
				r.SetBasicAuth(p.cfg.Key, p.cfg.Secret)
			}
		}}
}

// sign returns a token, another than stale.
func (p *Publisher) sign(ctx context.Context, stale string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.token != "" && p.token != stale && p.cfg.Now().Before(p.until) {
		return p.token, nil
	}
	var t struct {
		Token string `json:"access_token"`
	}
	if _, err := p.client("").Read(ctx, rest.Call{Method: http.MethodPost, Path: "/v1/oauth/oauth-business-users-for-applications/accesstoken",
		Body: url.Values{"grant_type": {"client_credentials"}}, Out: &t}); err != nil {
		return "", err
	}
	p.token, p.until = t.Token, p.cfg.Now().Add(50*time.Hour) // a hundred by the documentation
	return p.token, nil
}

// do makes a call; one that was turned down for its token is made once more.
func (p *Publisher) do(ctx context.Context, post bool, call rest.Call) error {
	return rest.Signed(ctx, p.sign, func(token string) error {
		api := p.client(token)
		if post {
			_, err := api.Post(ctx, call)
			return err
		}
		_, err := api.Read(ctx, call)
		return err
	})
}

// standing is the reply that a review has, "" for none.
func (p *Publisher) standing(ctx context.Context, out webcare.Outgoing) (string, error) {
	var v struct {
		ID    string `json:"id"`
		Reply *struct {
			Text string `json:"text"`
		} `json:"companyReply"`
	}
	if err := p.do(ctx, false, rest.Call{Path: "/v1/private/reviews/" + url.PathEscape(out.Draft.ReplyTo.ExternalID), Out: &v}); err != nil {
		return "", err
	}
	if v.ID == "" {
		return "", webcare.Invalidf("Trustpilot: a review without an id")
	}
	if v.Reply == nil {
		return "", nil
	}
	return v.Reply.Text, nil
}

// Publish replies to the review, unless another reply stands there.
func (p *Publisher) Publish(ctx context.Context, out webcare.Outgoing) (r webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	used, most := guard.Room("trustpilot", out.Draft.Text)
	switch {
	case used > most:
		return r, webcare.Invalidf("too long: %d characters, %d fit", used, most)
	case out.Draft.PrivateText != "":
		return r, webcare.Refusedf("Trustpilot takes no private half: send it there by hand")
	}
	have, err := p.standing(ctx, out)
	switch {
	case errors.Is(err, webcare.ErrNotFound):
		return r, webcare.Refusedf("the review is gone")
	case err != nil:
		return r, rest.Unsent(err)
	case have != "" && !same(have, out.Draft.Text):
		return r, webcare.Refusedf("the review has another reply already; a second would replace it")
	case have != "":
		return p.receipt(out), nil
	}
	if err := p.do(ctx, true, rest.Call{Path: "/v1/private/reviews/" + url.PathEscape(out.Draft.ReplyTo.ExternalID) + "/reply",
		Body: map[string]string{"authorBusinessUserId": p.cfg.User, "message": out.Draft.Text}, Out: new([]byte)}); err != nil {
		return r, err
	}
	if have, err = p.standing(ctx, out); err != nil || !same(have, out.Draft.Text) {
		return r, errors.New("Trustpilot took the reply and does not show it: " + words(err))
	}
	return p.receipt(out), nil
}

func words(err error) string {
	if err == nil {
		return "no reply stands there"
	}
	return err.Error()
}

func (p *Publisher) receipt(out webcare.Outgoing) webcare.Receipt {
	return webcare.Receipt{ExternalID: out.Draft.ReplyTo.ExternalID + "/reply", URL: cmp.Or(out.Latest.URL, out.Draft.ReplyTo.URL)}
}

func same(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// Find reads the review's reply.
func (p *Publisher) Find(ctx context.Context, out webcare.Outgoing) (r webcare.Receipt, found bool, err error) {
	defer webcare.Wrap(&err, "Find(%s)", out.Key)
	have, err := p.standing(ctx, out)
	if errors.Is(err, webcare.ErrNotFound) {
		return r, false, nil
	}
	if err != nil || !same(have, out.Draft.Text) {
		return r, false, err
	}
	return p.receipt(out), true, nil
}
