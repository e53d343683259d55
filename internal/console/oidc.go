package console

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"webcare.example/responder/internal/webcare"
)

// OIDC signs people in by an OpenID Connect provider (authorization code with
// PKCE). Their roles come from a claim of the id token.
type OIDC struct {
	Issuer, ClientID, ClientSecret string
	URL                            string // of this console, as browsers see it: https://webcare.example.com
	Claim                          string // that carries roles or groups; "groups" if empty
	// Scopes are asked for beside openid, profile and email: many providers
	// send groups only for one of their own.
	Scopes []string
	// Roles say what a value of the claim gives: "agent", or "brand/agent" for
	// one brand only.
	Roles  map[string]string
	Term   time.Duration // of a session, 12 hours if zero
	Store  webcare.Store
	Client *http.Client // to the provider; nil for the default
	Now    func() time.Time
	Random io.Reader
	// Known is told who signed in, nil for nobody.
	Known func(ctx context.Context, by webcare.Actor) error

	mu       sync.Mutex
	provider *oidc.Provider
}

const (
	defaultTerm = 12 * time.Hour
	signInTerm  = 10 * time.Minute
	signInKind  = "signin"
)

// Check reports a configuration that cannot work.
func (o *OIDC) Check() error {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Path != "" && u.Path != "/" {
		return webcare.Invalidf("url: %q is not the address of a console", o.URL)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopbackName(u.Hostname())) {
		return webcare.Invalidf("url: %s: only https, or http on loopback: the session's cookie would be read on the way", o.URL)
	}
	if o.Issuer == "" || o.ClientID == "" || len(o.Roles) == 0 {
		return webcare.Invalidf("sign-in needs an issuer, a client id and roles")
	}
	for value, grant := range o.Roles {
		_, role := splitGrant(grant)
		if !slices.Contains([]Role{RoleAgent, RoleSenior, RoleLead, RoleMarketing}, role) {
			return webcare.Invalidf("roles: %s=%s: the roles are agent, senior, lead and marketing", value, grant)
		}
	}
	return nil
}

func loopbackName(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

func splitGrant(grant string) (brand string, role Role) {
	brand, name, ok := strings.Cut(grant, "/")
	if !ok {
		return everyBrand, Role(grant)
	}
	return brand, Role(name)
}

// Host returns the host name that browsers use.
func (o *OIDC) Host() string {
	u, err := url.Parse(o.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

func (o *OIDC) term() time.Duration {
	if o.Term == 0 {
		return defaultTerm
	}
	return o.Term
}

func (o *OIDC) secret() string {
	var b [32]byte
	if _, err := io.ReadFull(o.Random, b[:]); err != nil {
		panic("console: no randomness: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (o *OIDC) context(ctx context.Context) context.Context {
	if o.Client != nil {
		return oidc.ClientContext(ctx, o.Client)
	}
	return ctx
}

// connect asks the provider about itself, once it answers.
func (o *OIDC) connect(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		// The provider keeps the context for fetching keys later.
		p, err := oidc.NewProvider(o.context(context.WithoutCancel(ctx)), o.Issuer)
		if err != nil {
			return nil, nil, webcare.Unavailablef("the sign-in service does not answer: %v", err)
		}
		o.provider = p
	}
	return o.provider, &oauth2.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: o.provider.Endpoint(),
		RedirectURL: strings.TrimSuffix(o.URL, "/") + "/signin/callback", Scopes: append([]string{oidc.ScopeOpenID, "profile", "email"}, o.Scopes...)}, nil
}

// pending is a sign-in that has left for the provider.
type pending struct {
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	To       string `json:"to"`
}

// begin sends the browser to the provider.
func (o *OIDC) begin(w http.ResponseWriter, r *http.Request) error {
	_, conf, err := o.connect(r.Context())
	if err != nil {
		return err
	}
	state := o.secret()
	p := pending{Nonce: o.secret(), Verifier: oauth2.GenerateVerifier(), To: localPath(r.URL.Query().Get("to"))}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	now := o.Now()
	if err := o.Store.Records.Put(r.Context(), webcare.Record{Kind: signInKind, Key: tokenKey(state), Body: body, Expires: now.Add(signInTerm)}, now); err != nil {
		return err
	}
	http.SetCookie(w, o.cookie("signin", state, signInTerm))
	http.Redirect(w, r, conf.AuthCodeURL(state, oidc.Nonce(p.Nonce), oauth2.S256ChallengeOption(p.Verifier)), http.StatusSeeOther)
	return nil
}

// localPath returns a path of this console, "/" for anything else.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

// finish takes the browser back from the provider and opens a session.
func (o *OIDC) finish(w http.ResponseWriter, r *http.Request) error {
	state := r.URL.Query().Get("state")
	c, err := r.Cookie(o.cookieName("signin"))
	if err != nil || state == "" || subtle.ConstantTimeCompare([]byte(c.Value), []byte(state)) != 1 {
		return webcare.Forbiddenf("this sign-in was not begun in this browser: try again")
	}
	p, err := o.take(r.Context(), state)
	if err != nil {
		return err
	}
	if why := r.URL.Query().Get("error"); why != "" {
		return webcare.Forbiddenf("the sign-in service refused: %s", why)
	}
	s, err := o.exchange(r.Context(), r.URL.Query().Get("code"), p)
	if err != nil {
		return err
	}
	if o.Known != nil {
		if err := o.Known(r.Context(), s.user().Actor); err != nil {
			return err
		}
	}
	secret, err := o.openSession(r.Context(), s)
	if err != nil {
		return err
	}
	http.SetCookie(w, o.cookie("signin", "", 0))
	http.SetCookie(w, o.cookie("session", secret, o.term()))
	http.Redirect(w, r, p.To, http.StatusSeeOther)
	return nil
}

// take returns a sign-in under way, once.
func (o *OIDC) take(ctx context.Context, state string) (p pending, err error) {
	rec, err := o.Store.Records.Get(ctx, signInKind, tokenKey(state), o.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return p, webcare.Forbiddenf("this sign-in took too long: try again")
	}
	if err != nil {
		return p, err
	}
	if err := o.Store.Records.Remove(ctx, signInKind, tokenKey(state)); err != nil {
		return p, err
	}
	return p, json.Unmarshal(rec.Body, &p)
}

// exchange turns the code into a session, checking signature, audience, term
// and nonce of the id token.
func (o *OIDC) exchange(ctx context.Context, code string, p pending) (session, error) {
	provider, conf, err := o.connect(ctx)
	if err != nil {
		return session{}, err
	}
	token, err := conf.Exchange(o.context(ctx), code, oauth2.VerifierOption(p.Verifier))
	if err != nil {
		return session{}, webcare.Forbiddenf("the sign-in service did not confirm: %v", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return session{}, webcare.Forbiddenf("the sign-in service sent no id token")
	}
	id, err := provider.Verifier(&oidc.Config{ClientID: o.ClientID, Now: o.Now}).Verify(o.context(ctx), raw)
	if err != nil {
		return session{}, webcare.Forbiddenf("the id token does not hold: %v", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(p.Nonce)) != 1 {
		return session{}, webcare.Forbiddenf("the id token answers another sign-in")
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return session{}, webcare.Forbiddenf("the id token cannot be read: %v", err)
	}
	s := session{ID: id.Subject, Name: firstName(claims), Roles: o.roles(claims), Made: o.Now().UTC()}
	if len(s.Roles) == 0 {
		return s, webcare.Forbiddenf("%s has no role here: ask for one of the groups that give one", s.Name)
	}
	return s, nil
}

// firstName is what signs replies.
func firstName(claims map[string]any) string {
	for _, c := range []string{"given_name", "nickname", "preferred_username", "name", "email"} {
		if s, ok := claims[c].(string); ok && strings.TrimSpace(s) != "" {
			s, _, _ = strings.Cut(strings.TrimSpace(s), "@")
			s, _, _ = strings.Cut(s, " ")
			return s
		}
	}
	return ""
}

// roles reads the claim: a list, or a text of words. The higher role wins.
func (o *OIDC) roles(claims map[string]any) map[string]Role {
	name := o.Claim
	if name == "" {
		name = "groups"
	}
	var values []string
	switch v := claims[name].(type) {
	case string:
		values = strings.Fields(v)
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok {
				values = append(values, s)
			}
		}
	}
	out := map[string]Role{}
	for _, v := range values {
		grant, ok := o.Roles[v]
		if !ok {
			continue
		}
		brand, role := splitGrant(grant)
		if was, has := out[brand]; !has || role.authority().Rank() > was.authority().Rank() {
			out[brand] = role
		}
	}
	return out
}

// end closes the session of a browser.
func (o *OIDC) end(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(o.cookieName("session")); err == nil {
		if err := o.Store.Records.Remove(r.Context(), sessionKind, tokenKey(c.Value)); err != nil {
			return err
		}
	}
	http.SetCookie(w, o.cookie("session", "", 0))
	http.Redirect(w, r, "/signedout", http.StatusSeeOther)
	return nil
}
