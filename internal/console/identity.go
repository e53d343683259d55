package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Role is what a signed-in person or a token may do.
type Role string

// Roles. Agents, seniors and leads decide with their authority; marketing
// reads, redacted; an integration pushes messages and reads.
const (
	RoleAgent       Role = "agent"
	RoleSenior      Role = "senior"
	RoleLead        Role = "lead"
	RoleMarketing   Role = "marketing"
	RoleIntegration Role = "integration"
)

// User is who is asking.
type User struct {
	webcare.Actor
	Role   Role
	Scopes []Scope // of a token; none: what the role allows
	// Roles are by brand, "*" for any; with none, Role holds for every brand.
	Roles map[string]Role
	// Session is set for who signed in, and can sign out.
	Session bool
}

// authority is the mandate that comes with a role.
func (r Role) authority() webcare.Authority {
	switch r {
	case RoleAgent:
		return webcare.Agent
	case RoleSenior:
		return webcare.Senior
	case RoleLead:
		return webcare.Lead
	}
	return webcare.NoAuthority
}

// sees reports whether the user has a role in a brand.
func (u User) sees(brand string) bool {
	_, here := u.Roles[brand]
	_, everywhere := u.Roles[everyBrand]
	return here || everywhere || len(u.Roles) == 0
}

// brands returns those of all that the user has a role in.
func (u User) brands(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(b string) bool { return !u.sees(b) })
}

// in returns the user with the role and the authority of a brand.
func (u User) in(brand string) (User, error) {
	if len(u.Roles) == 0 {
		return u, nil
	}
	if !u.sees(brand) {
		return u, webcare.Forbiddenf("you have no role in the brand %q", brand)
	}
	role := u.Roles[brand]
	if other := u.Roles[everyBrand]; role == "" || other.authority().Rank() > role.authority().Rank() {
		role = other
	}
	u.Role, u.Authority = role, role.authority()
	return u, nil
}

// Identify says who makes a request. ErrForbidden: nobody we know.
type Identify func(r *http.Request) (User, error)

// Local identifies every request as one person: the console on loopback,
// without accounts. A request that carries a token is the token's.
func Local(name string) Identify {
	u := User{Actor: webcare.Actor{ID: "local", Name: name, Authority: webcare.Lead, Person: true}, Role: RoleLead}
	return func(*http.Request) (User, error) { return u, nil }
}

const tokenKind = "token"

// Token is a stored API token: its hash is its key, the secret is nowhere.
type Token struct {
	ID      string    `json:"-"`
	Name    string    `json:"name"`
	Role    Role      `json:"role"`
	Scopes  []Scope   `json:"scopes,omitempty"` // none: what the role allows
	Made    time.Time `json:"made"`
	MadeBy  string    `json:"made_by,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
}

// TokenPrefix begins every token, so that scanners find a leaked one.
const TokenPrefix = "wct_"

func tokenKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// StoreToken makes a token known by the hash of its secret.
func StoreToken(ctx context.Context, s webcare.Store, secret string, t Token, now time.Time) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return s.Records.Put(ctx, webcare.Record{Kind: tokenKind, Key: tokenKey(secret), Body: body, Expires: t.Expires}, now)
}

// identify prefers a token over the session. Tokens are never persons: they
// can do much, but not decide.
func (s *Server) identify(r *http.Request) (User, error) {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return s.cfg.Identify(r)
	}
	rec, err := s.store.Records.Get(r.Context(), tokenKind, tokenKey(secret), s.cfg.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return User{}, errUnauthorized
	}
	if err != nil {
		return User{}, err
	}
	var t Token
	if err := json.Unmarshal(rec.Body, &t); err != nil {
		return User{}, err
	}
	id := tokenID(rec.Key)
	if err := s.intake.Uses().Note(r.Context(), id); err != nil {
		return User{}, err
	}
	return User{Actor: webcare.Actor{ID: "token/" + id, Name: t.Name}, Role: t.Role, Scopes: t.Scopes}, nil
}

var errUnauthorized = webcare.Forbiddenf("this token is not known, or no longer")

type userKey struct{}

// userOf returns who makes the request that ctx belongs to.
func userOf(ctx context.Context) User {
	u, _ := ctx.Value(userKey{}).(User)
	return u
}

// mayRead reports whether the role sees cases with texts and names.
func (u User) mayRead() error {
	return u.may(ScopeReadCases)
}

// mayDecide reports whether this is a person with a deciding role.
func (u User) mayDecide() error {
	if u.Person && u.Authority.AtLeast(webcare.Agent) {
		return nil
	}
	return webcare.Forbiddenf("only a signed-in person may do this, not %s", u.ID)
}
