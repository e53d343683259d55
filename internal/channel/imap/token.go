package imap

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/webcare"
)

// Tokens sign in with an app's own credentials (RFC 6749, 4.4).
type Tokens struct {
	URL        string
	ID, Secret string
	Scope      string
	HTTP       *http.Client

	mu    sync.Mutex
	kept  string
	until time.Time
}

// token returns one that is good for a few minutes at least.
func (t *Tokens) token(ctx context.Context, now func() time.Time) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept != "" && now().Before(t.until) {
		return t.kept, nil
	}
	u, err := url.Parse(t.URL)
	if err != nil {
		return "", webcare.Invalidf("settings.oauth_tokens is no address")
	}
	c := rest.Client{Platform: u.Host, Base: u.Scheme + "://" + u.Host, HTTP: t.HTTP, Now: now, Secrets: []string{t.Secret},
		Expired: func(code int, _ []byte) bool { return code == http.StatusBadRequest || code == http.StatusForbidden },
		Todo:    "make a new client secret for the app and set it where the brand file says"}
	var out struct {
		Token string `json:"access_token"`
		Lasts int    `json:"expires_in"`
	}
	_, err = c.Read(ctx, rest.Call{Method: http.MethodPost, Path: u.EscapedPath(), Out: &out,
		Body: url.Values{"grant_type": {"client_credentials"}, "client_id": {t.ID}, "client_secret": {t.Secret}, "scope": {t.Scope}}})
	if err != nil {
		return "", err
	}
	if out.Token == "" {
		return "", webcare.Invalidf("%s answers without a token", u.Host)
	}
	t.kept, t.until = out.Token, now().Add(time.Duration(out.Lasts)*time.Second-5*time.Minute)
	return t.kept, nil
}

// bearer is XOAUTH2, which Google and Microsoft take.
type bearer struct{ user, token string }

func (b *bearer) Start() (mech string, first []byte, err error) {
	return "XOAUTH2", []byte("user=" + b.user + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
}

// Next answers the description of what was wrong: with nothing, as the
// protocol asks; the server's refusal follows.
func (b *bearer) Next([]byte) ([]byte, error) { return []byte{}, nil }
