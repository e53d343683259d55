package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/webcare"
)

// Config is one account.
type Config struct {
	Brand, Channel   string
	Server           string // https://host of the PDS
	Handle, Password string
	Searches         []string
	Records          webcare.Records // where the session is kept
	HTTP             *http.Client
	Now              func() time.Time
}

// caller makes calls within a session.
type caller struct {
	cfg Config
	mu  sync.Mutex
	s   session
}

type session struct {
	Access  string `json:"accessJwt"`
	Refresh string `json:"refreshJwt"`
	DID     string `json:"did"`
}

const (
	sessionKind = "channel-session"
	sessionTime = 60 * 24 * time.Hour
)

func (c *caller) client(token, other string) *rest.Client {
	return &rest.Client{Platform: "Bluesky", Base: strings.TrimSuffix(c.cfg.Server, "/"), HTTP: c.cfg.HTTP, Now: c.cfg.Now,
		Secrets: []string{c.cfg.Password, token, other},
		Sign: func(r *http.Request) {
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
		},
		Expired: func(code int, body []byte) bool {
			return code == http.StatusBadRequest && (bytes.Contains(body, []byte(`"ExpiredToken"`)) || bytes.Contains(body, []byte(`"InvalidToken"`)))
		},
		Todo: "make a new app password (Settings > Privacy and security > App passwords) and set it where the brand file says"}
}

// do makes a call with the session's token; where that has expired the session
// is renewed and the call made once more: the first was not taken.
func (c *caller) do(ctx context.Context, post bool, call rest.Call) error {
	s, err := c.session(ctx, "")
	if err != nil {
		return err
	}
	err = c.call(ctx, s, post, call)
	var expired *channel.CredentialError
	if !errors.As(err, &expired) {
		return err
	}
	if s, err = c.session(ctx, s.Access); err != nil {
		return err
	}
	return c.call(ctx, s, post, call)
}

func (c *caller) call(ctx context.Context, s session, post bool, call rest.Call) error {
	var err error
	if post {
		_, err = c.client(s.Access, s.Refresh).Post(ctx, call)
	} else {
		_, err = c.client(s.Access, s.Refresh).Read(ctx, call)
	}
	return err
}

func (c *caller) did(ctx context.Context) (string, error) {
	s, err := c.session(ctx, "")
	return s.DID, err
}

// session returns the present one, or one with another access token than the
// one that was turned down.
func (c *caller) session(ctx context.Context, stale string) (session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.s.Access != "" && c.s.Access != stale {
		return c.s, nil
	}
	rec, err := c.cfg.Records.Get(ctx, sessionKind, c.cfg.Brand+"/"+c.cfg.Channel, c.cfg.Now())
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		return session{}, err
	}
	var kept session
	if err == nil && json.Unmarshal(rec.Body, &kept) == nil && kept.Access != "" && kept.Access != stale {
		c.s = kept
		return kept, nil // another process renewed it
	}
	fresh, err := c.renew(ctx, kept)
	if err != nil {
		return session{}, err
	}
	c.s = fresh
	if rec.Body, err = json.Marshal(fresh); err != nil {
		return session{}, err
	}
	rec.Kind, rec.Key, rec.Expires = sessionKind, c.cfg.Brand+"/"+c.cfg.Channel, c.cfg.Now().Add(sessionTime)
	if err := c.cfg.Records.Put(ctx, rec, c.cfg.Now()); err != nil && !errors.Is(err, webcare.ErrConflict) {
		return session{}, err
	}
	return fresh, nil
}

// renew refreshes a session, or signs in.
func (c *caller) renew(ctx context.Context, old session) (session, error) {
	var s session
	if old.Refresh != "" {
		_, err := c.client(old.Refresh, old.Access).Read(ctx, rest.Call{Method: http.MethodPost, Path: "/xrpc/com.atproto.server.refreshSession", Out: &s})
		var expired *channel.CredentialError
		switch {
		case err == nil && s.Access != "":
			return s, nil
		case err != nil && !errors.As(err, &expired):
			return s, err
		}
	}
	_, err := c.client("", "").Read(ctx, rest.Call{Method: http.MethodPost, Path: "/xrpc/com.atproto.server.createSession",
		Body: map[string]string{"identifier": c.cfg.Handle, "password": c.cfg.Password}, Out: &s})
	if err == nil && (s.Access == "" || s.DID == "") {
		return s, webcare.Invalidf("Bluesky: a session without a token")
	}
	return s, err
}
