package google

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/webcare"
)

// Config is one location.
type Config struct {
	Brand, Channel            string
	Location                  string // accounts/123/locations/456
	ClientID, Secret, Refresh string
	API, Tokens               string // https://mybusiness.googleapis.com, https://oauth2.googleapis.com
	HTTP                      *http.Client
	Now                       func() time.Time
}

// caller makes calls with a token that lasts an hour.
type caller struct {
	cfg Config

	mu    sync.Mutex
	token string
	until time.Time
}

func (c *caller) client(base, token string) *rest.Client {
	return &rest.Client{Platform: "Google", Base: strings.TrimSuffix(base, "/"), HTTP: c.cfg.HTTP, Now: c.cfg.Now,
		Secrets: []string{c.cfg.Secret, c.cfg.Refresh, token}, Todo: "sign in again as a manager of the profile, for a new refresh token, and set it where the brand file says",
		Sign: func(r *http.Request) {
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
		},
		Expired: func(code int, body []byte) bool {
			return code == http.StatusBadRequest && bytes.Contains(body, []byte(`"invalid_grant"`))
		}}
}

func (c *caller) sign(ctx context.Context, stale string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && c.token != stale && c.cfg.Now().Before(c.until) {
		return c.token, nil
	}
	var t struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	if _, err := c.client(c.cfg.Tokens, "").Read(ctx, rest.Call{Method: http.MethodPost, Path: "/token", Out: &t, Body: url.Values{"grant_type": {"refresh_token"},
		"client_id": {c.cfg.ClientID}, "client_secret": {c.cfg.Secret}, "refresh_token": {c.cfg.Refresh}}}); err != nil {
		return "", err
	}
	if t.Token == "" {
		return "", webcare.Invalidf("Google: no token in the answer")
	}
	c.token, c.until = t.Token, c.cfg.Now().Add(time.Duration(t.Seconds)*time.Second-time.Minute)
	return c.token, nil
}

// do makes a call; one that was turned down for its token is made once more.
func (c *caller) do(ctx context.Context, post bool, call rest.Call) error {
	return rest.Signed(ctx, c.sign, func(token string) error {
		api := c.client(c.cfg.API, token)
		if post {
			_, err := api.Post(ctx, call)
			return err
		}
		_, err := api.Read(ctx, call)
		return err
	})
}

type review struct {
	Name     string `json:"name"`
	ID       string `json:"reviewId"`
	Reviewer struct {
		DisplayName string `json:"displayName"`
	} `json:"reviewer"`
	Stars   string    `json:"starRating"`
	Comment string    `json:"comment"`
	Created time.Time `json:"createTime"`
	Updated time.Time `json:"updateTime"`
	Reply   *struct {
		Comment string    `json:"comment"`
		Updated time.Time `json:"updateTime"`
		State   string    `json:"reviewReplyState"`
	} `json:"reviewReply"`
}

// States of a reply.
const (
	pending  = "PENDING"
	rejected = "REJECTED"
)
