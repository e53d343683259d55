package meta

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Version of the Graph API that this package speaks.
const Version = "v23.0"

// PrivateWithin is how long a comment may be answered privately.
const PrivateWithin = 7 * 24 * time.Hour

// Config is one account to answer from.
type Config struct {
	Account
	Token, AppSecret string
	Graph            string // https://graph.facebook.com
	HTTP             *http.Client
	Now              func() time.Time
}

// Publisher answers comments of one account.
type Publisher struct {
	cfg Config
	api *rest.Client
}

// NewPublisher returns a publisher; nothing is called yet.
func NewPublisher(cfg Config) *Publisher {
	return &Publisher{cfg, &rest.Client{Platform: "Meta", Base: strings.TrimSuffix(cfg.Graph, "/") + "/" + Version, HTTP: cfg.HTTP, Now: cfg.Now,
		Secrets: []string{cfg.Token, cfg.AppSecret, cfg.proof()}, Expired: expired, Limited: limited,
		Sign: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+cfg.Token) },
		Todo: "make a new page token (Business settings > System users) and set it where the brand file says"}}
}

// proof shows that the token is used by whoever has the app secret.
func (c Config) proof() string {
	mac := hmac.New(sha256.New, []byte(c.AppSecret))
	mac.Write([]byte(c.Token))
	return hex.EncodeToString(mac.Sum(nil))
}

type graphError struct {
	Error struct {
		Code int `json:"code"`
	} `json:"error"`
}

func codeOf(body []byte) int {
	var g graphError
	_ = json.Unmarshal(body, &g) // no JSON, no code
	return g.Error.Code
}

// expired: 190 is a token no longer good, 102 a session, whatever the status.
func expired(_ int, body []byte) bool { c := codeOf(body); return c == 190 || c == 102 }

// limited: the codes of Graph's rate limits come with 400 or 403; how long, in
// minutes, stands in X-Business-Use-Case-Usage, if anywhere.
func limited(res *http.Response, body []byte) (time.Duration, bool) {
	switch codeOf(body) {
	case 4, 17, 32, 613, 80001, 80002, 80006:
	default:
		return 0, false
	}
	var usage map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	wait := 5 * time.Minute
	if json.Unmarshal([]byte(res.Header.Get("X-Business-Use-Case-Usage")), &usage) == nil {
		for _, us := range usage {
			for _, u := range us {
				wait = max(wait, time.Duration(u.Minutes)*time.Minute)
			}
		}
	}
	return wait, true
}

// Class: a reply can be looked for.
func (p *Publisher) Class() webcare.PublishClass {
	return webcare.PublishClass{Findable: true, Timeout: 40 * time.Second}
}

func (p *Publisher) kind() string {
	if p.cfg.Instagram {
		return "instagram"
	}
	return "facebook"
}

// Publish posts what is not there yet of the reply and its private half.
func (p *Publisher) Publish(ctx context.Context, out webcare.Outgoing) (r webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	if used, most := guard.Room(p.kind(), out.Draft.Text); used > most {
		return r, webcare.Invalidf("too long: %d characters, %d fit", used, most)
	}
	about, err := p.comment(ctx, out)
	if err != nil {
		return r, notPosted(err)
	}
	if out.Draft.PrivateText != "" && !p.cfg.Now().Before(about.at.Add(PrivateWithin)) {
		return r, webcare.Refusedf("a comment may be answered privately for seven days; these are over")
	}
	id, err := p.ours(ctx, out, about)
	if err != nil {
		return r, notPosted(err)
	}
	if id == "" { // nothing of this reply is there yet
		if out.Draft.PrivateText != "" && !about.private {
			return r, webcare.Refusedf("Meta takes no private reply to this comment (any more): answer it in public only")
		}
		if id, err = p.post(ctx, out); err != nil {
			return r, err
		}
	}
	if out.Draft.PrivateText != "" && about.private {
		if err := p.privately(ctx, out); err != nil {
			// The public half stands, so the whole is neither posted nor unposted.
			return r, errors.New("the public half is posted; the private one: " + err.Error())
		}
	}
	return webcare.Receipt{ExternalID: id, URL: out.Latest.URL}, nil
}

// notPosted: what fails while we look has posted nothing. A comment that is
// gone can never be answered.
func notPosted(err error) error {
	var st *rest.StatusError
	switch {
	case errors.As(err, &st) && codeOf(st.Body) == 100:
		return webcare.Refusedf("the comment is gone: %w", st)
	case errors.Is(err, webcare.ErrUnavailable):
		return err
	}
	return webcare.Unavailablef("looking before posting: %w", err)
}

// Find looks for the reply, both halves of it.
func (p *Publisher) Find(ctx context.Context, out webcare.Outgoing) (r webcare.Receipt, found bool, err error) {
	defer webcare.Wrap(&err, "Find(%s)", out.Key)
	about, err := p.comment(ctx, out)
	if err != nil {
		return r, false, err
	}
	id, err := p.ours(ctx, out, about)
	if err != nil || id == "" || (out.Draft.PrivateText != "" && about.private) {
		return r, false, err
	}
	return webcare.Receipt{ExternalID: id, URL: out.Latest.URL}, true, nil
}

// about is what we ask of the comment answered.
type about struct {
	at      time.Time
	private bool // a private reply is still possible, or nobody can tell
}

func (p *Publisher) comment(ctx context.Context, out webcare.Outgoing) (a about, err error) {
	var c struct {
		ID        string `json:"id"`
		Created   string `json:"created_time"`
		Timestamp string `json:"timestamp"`
		Privately *bool  `json:"can_reply_privately"`
	}
	fields := "id,created_time,can_reply_privately"
	if p.cfg.Instagram {
		fields = "id,timestamp"
	}
	if _, err = p.api.Read(ctx, rest.Call{Path: "/" + url.PathEscape(out.Draft.ReplyTo.ExternalID), Query: p.query("fields", fields), Out: &c}); err != nil {
		return a, err
	}
	if a.at, err = time.Parse("2006-01-02T15:04:05-0700", c.Created+c.Timestamp); err != nil || c.ID == "" {
		return a, webcare.Invalidf("Meta: a comment without a time")
	}
	a.private = c.Privately == nil || *c.Privately
	return a, nil
}

func (p *Publisher) query(kv ...string) url.Values {
	q := url.Values{"appsecret_proof": {p.cfg.proof()}}
	for i := 0; i < len(kv); i += 2 {
		q.Set(kv[i], kv[i+1])
	}
	return q
}

// edge is where the replies to a first-level comment are.
func (p *Publisher) edge(out webcare.Outgoing) string {
	to := out.Draft.ReplyTo.Root
	if to == "" {
		to = out.Draft.ReplyTo.ExternalID
	}
	if p.cfg.Instagram {
		return "/" + url.PathEscape(to) + "/replies"
	}
	return "/" + url.PathEscape(to) + "/comments"
}

// ours returns the id of our reply with this text, not older than the comment
// answered; "" for none.
func (p *Publisher) ours(ctx context.Context, out webcare.Outgoing, a about) (string, error) {
	fields := "id,message,created_time,from"
	if p.cfg.Instagram {
		fields = "id,text,timestamp,from"
	}
	q := p.query("fields", fields, "limit", "100")
	if !p.cfg.Instagram {
		q.Set("order", "reverse_chronological")
	}
	for range 10 {
		var page struct {
			Data []struct {
				ID, Message, Text string
				Created           string `json:"created_time"`
				Timestamp         string `json:"timestamp"`
				From              struct{ ID string }
			} `json:"data"`
			Paging struct {
				Cursors struct{ After string }
				Next    string
			} `json:"paging"`
		}
		if _, err := p.api.Read(ctx, rest.Call{Path: p.edge(out), Query: q, Out: &page}); err != nil {
			return "", err
		}
		if page.Data == nil {
			return "", webcare.Invalidf("Meta: a list without data")
		}
		for _, c := range page.Data {
			at, err := time.Parse("2006-01-02T15:04:05-0700", c.Created+c.Timestamp)
			if err == nil && c.From.ID == p.cfg.ID && !at.Before(a.at) && same(c.Message+c.Text, out.Draft.Text) {
				return c.ID, nil
			}
		}
		if page.Paging.Next == "" || page.Paging.Cursors.After == "" {
			return "", nil
		}
		q.Set("after", page.Paging.Cursors.After)
	}
	return "", webcare.Unavailablef("Meta: more than a thousand replies under one comment")
}

func same(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

func (p *Publisher) post(ctx context.Context, out webcare.Outgoing) (string, error) {
	var made struct{ ID string }
	_, err := p.api.Post(ctx, rest.Call{Path: p.edge(out), Query: p.query(), Body: url.Values{"message": {out.Draft.Text}}, Out: &made})
	if err == nil && made.ID == "" {
		err = errors.New("Meta answers without an id")
	}
	return made.ID, err
}

// privately sends the private half; that Meta has one already is as good.
func (p *Publisher) privately(ctx context.Context, out webcare.Outgoing) error {
	_, err := p.api.Post(ctx, rest.Call{Path: "/" + url.PathEscape(p.cfg.ID) + "/messages", Query: p.query(), Body: map[string]any{
		"recipient": map[string]string{"comment_id": out.Draft.ReplyTo.ExternalID}, "message": map[string]string{"text": out.Draft.PrivateText}}})
	var st *rest.StatusError
	if errors.As(err, &st) && codeOf(st.Body) == 10900 {
		return nil
	}
	return err
}

// Hide takes a comment out of sight, or brings it back.
func (p *Publisher) Hide(ctx context.Context, id string, hidden bool) (err error) {
	defer webcare.Wrap(&err, "Hide(%s)", id)
	field, to := "is_hidden", "false"
	if p.cfg.Instagram {
		field = "hide"
	}
	if hidden {
		to = "true"
	}
	_, err = p.api.Read(ctx, rest.Call{Method: http.MethodPost, Path: "/" + url.PathEscape(id), Query: p.query(), Body: url.Values{field: {to}}})
	return err
}
