package console

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// session is a signed-in person, stored under the hash of the secret that only
// their browser's cookie holds.
type session struct {
	ID    string          `json:"id"`
	Name  string          `json:"name"`
	Roles map[string]Role `json:"roles"` // by brand, "*" for every brand
	Made  time.Time       `json:"made"`
}

const sessionKind = "session"

// everyBrand is the brand of a role that holds everywhere.
const everyBrand = "*"

// cookieName keeps a cookie to this very host where the connection allows it.
func (o *OIDC) cookieName(name string) string {
	if o.secure() {
		return "__Host-webcare-" + name
	}
	return "webcare-" + name
}

func (o *OIDC) secure() bool { return strings.HasPrefix(o.URL, "https://") }

// cookie is one that no script reads and no other site's request carries,
// save a link followed.
func (o *OIDC) cookie(name, value string, term time.Duration) *http.Cookie {
	c := &http.Cookie{Name: o.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: o.secure(), SameSite: http.SameSiteLaxMode,
		MaxAge: int(term.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// openSession stores a session and returns its secret.
func (o *OIDC) openSession(ctx context.Context, u session) (string, error) {
	secret := o.secret()
	body, err := json.Marshal(u)
	if err != nil {
		return "", err
	}
	now := o.Now()
	return secret, o.Store.Records.Put(ctx, webcare.Record{Kind: sessionKind, Key: tokenKey(secret), Body: body, Expires: now.Add(o.term())}, now)
}

// Identify returns who signed in with the request's browser. It is the
// Identify of a console with accounts.
func (o *OIDC) Identify(r *http.Request) (User, error) {
	c, err := r.Cookie(o.cookieName("session"))
	if err != nil {
		return User{}, errSignIn
	}
	rec, err := o.Store.Records.Get(r.Context(), sessionKind, tokenKey(c.Value), o.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return User{}, errSignIn
	}
	if err != nil {
		return User{}, err
	}
	var s session
	if err := json.Unmarshal(rec.Body, &s); err != nil {
		return User{}, err
	}
	return s.user(), nil
}

func (s session) user() User {
	u := User{Actor: webcare.Actor{ID: s.ID, Name: s.Name, Person: true}, Session: true}
	if role, ok := s.Roles[everyBrand]; ok && len(s.Roles) == 1 {
		u.Role, u.Authority = role, role.authority()
		return u
	}
	u.Roles = s.Roles
	for _, role := range s.Roles { // before a brand is known, the highest counts: it shows lists
		if role.authority().Rank() >= u.Authority.Rank() {
			u.Role, u.Authority = role, role.authority()
		}
	}
	return u
}

// errSignIn asks a person to sign in.
var errSignIn = webcare.Forbiddenf("nobody is signed in")

// scoped narrows a user with roles by brand to the brand of the case that a
// path names.
func (s *Server) scoped(r *http.Request, u User) (User, error) {
	if len(u.Roles) == 0 {
		return u, nil
	}
	id := caseInPath(r.URL.Path)
	if id == "" {
		return u, nil
	}
	h, err := s.store.Cases.Head(r.Context(), id)
	if errors.Is(err, webcare.ErrNotFound) {
		return u, nil // whoever answers says so
	}
	if err != nil {
		return u, err
	}
	return u.in(h.Brand)
}

func caseInPath(path string) webcare.CaseID {
	path = strings.TrimPrefix(path, "/api/v1")
	rest, ok := strings.CutPrefix(path, "/cases/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return webcare.CaseID(id)
}
