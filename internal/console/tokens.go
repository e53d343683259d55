package console

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Scope is one thing that a token may do.
type Scope string

// Scopes. None of them decides what a customer is answered: tokens never
// approve, nor undo what a person decided.
const (
	ScopeReadCases    Scope = "cases:read"
	ScopeEnterCases   Scope = "cases:write" // enter cases by hand
	ScopeSteps        Scope = "cases:steps" // tokenSteps
	ScopeReadInsights Scope = "insights:read"
	ScopeWebhooks     Scope = "webhooks:manage"
)

// Scopes returns all scopes; the slice is the caller's.
func Scopes() []Scope {
	return []Scope{ScopeReadCases, ScopeEnterCases, ScopeSteps, ScopeReadInsights, ScopeWebhooks}
}

// tokenSteps are the steps on a case that are no decision about its answer: a
// token with ScopeSteps may take them. All others are for persons.
var tokenSteps = []string{"notes", "tags", "link", "close", "promise", "work-order"}

// mayStep reports whether the user may take a step on a case.
func (u User) mayStep(name string) error {
	if u.Person || !slices.Contains(tokenSteps, name) {
		return u.mayDecide()
	}
	return u.may(ScopeSteps)
}

// scopes are what a role allows: those of a token, where it names none, and of
// a person.
func (r Role) scopes() []Scope {
	switch r {
	case RoleIntegration:
		return []Scope{ScopeReadCases, ScopeEnterCases, ScopeReadInsights}
	case RoleMarketing:
		return []Scope{ScopeReadInsights}
	case RoleAgent, RoleSenior:
		return []Scope{ScopeReadCases, ScopeEnterCases, ScopeReadInsights}
	case RoleLead:
		return Scopes()
	}
	return nil
}

// may reports whether the user has a scope.
func (u User) may(s Scope) error {
	have := u.Scopes
	if len(have) == 0 {
		have = u.Role.scopes()
	}
	if slices.Contains(have, s) {
		return nil
	}
	return webcare.Forbiddenf("this takes the scope %s, which %s does not have", s, u.ID)
}

// mayManage reports whether this is a person who sets the house up.
func (u User) mayManage() error {
	if u.Person && u.Authority.AtLeast(webcare.Lead) {
		return nil
	}
	return webcare.Forbiddenf("only a lead may do this")
}

// MakeToken stores a new token and returns it with its secret, which is shown
// this once.
func MakeToken(ctx context.Context, s webcare.Store, t Token, now time.Time) (_ Token, secret string, err error) {
	t.Name = strings.TrimSpace(t.Name)
	switch {
	case t.Name == "" || len(t.Name) > 100:
		return t, "", webcare.Invalidf("name: 1 to 100 bytes")
	case t.Role != RoleIntegration && t.Role != RoleMarketing:
		return t, "", webcare.Invalidf("role: %q is neither integration nor marketing: tokens never approve", t.Role)
	case !t.Expires.IsZero() && !t.Expires.After(now):
		return t, "", webcare.Invalidf("expires: that is over already")
	}
	for _, sc := range t.Scopes {
		if !slices.Contains(Scopes(), sc) {
			return t, "", webcare.Invalidf("scopes: %q is none of %v", sc, Scopes())
		}
		if t.Role == RoleMarketing && sc != ScopeReadInsights {
			return t, "", webcare.Invalidf("scopes: marketing reads insights, and no cases")
		}
	}
	if len(t.Scopes) == 0 {
		t.Scopes = t.Role.scopes()
	}
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return t, "", err
	}
	secret = TokenPrefix + base64.RawURLEncoding.EncodeToString(b[:])
	t.Made = now.UTC().Truncate(time.Millisecond)
	if err := StoreToken(ctx, s, secret, t, now); err != nil {
		return t, "", err
	}
	t.ID = tokenID(tokenKey(secret))
	return t, secret, nil
}

// tokenID names a token without helping to guess it: the beginning of its hash.
func tokenID(key string) string { return key[:16] }

// TokenUse is a token with when it was last used.
type TokenUse struct {
	Token
	LastUsed time.Time
}

// tokens lists all tokens.
func (s *Server) tokens(ctx context.Context) (out []TokenUse, err error) {
	now := s.cfg.Now()
	for cursor := ""; ; {
		rs, next, err := s.store.Records.Scan(ctx, tokenKind, "", cursor, webcare.MaxPage, now)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			t := TokenUse{}
			if err := json.Unmarshal(r.Body, &t.Token); err != nil {
				return nil, err
			}
			t.ID = tokenID(r.Key)
			if t.LastUsed, err = s.intake.Uses().Last(ctx, t.ID); err != nil {
				return nil, err
			}
			out = append(out, t)
		}
		if cursor = next; next == "" {
			slices.SortFunc(out, func(a, b TokenUse) int { return a.Made.Compare(b.Made) })
			return out, nil
		}
	}
}

// revoke ends a token at once.
func (s *Server) revoke(ctx context.Context, id string) error {
	if len(id) != 16 {
		return webcare.NotFoundf("token %q", id)
	}
	rs, _, err := s.store.Records.Scan(ctx, tokenKind, id, "", 1, s.cfg.Now())
	if err != nil {
		return err
	}
	if len(rs) == 0 {
		return webcare.NotFoundf("token %q", id)
	}
	return errors.Join(s.store.Records.Remove(ctx, tokenKind, rs[0].Key), s.intake.Uses().Forget(ctx, id))
}
