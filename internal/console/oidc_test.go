package console_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// issuer is an OpenID Connect provider that signs whatever claims a test
// wants; it answers any code.
type issuer struct {
	*httptest.Server
	signer *rsa.PrivateKey // of tokens; the published key is the first one
	claims map[string]any
	form   url.Values // of the last token request
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	i := &issuer{signer: key}
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		must(t, json.NewEncoder(w).Encode(v))
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	b64 := base64.RawURLEncoding.EncodeToString
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{"keys": []any{map[string]string{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		must(t, r.ParseForm())
		i.form = r.PostForm
		say(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": i.sign(t)})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) sign(t *testing.T) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		must(t, err)
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := part(map[string]string{"alg": "RS256", "kid": "1"}) + "." + part(i.claims)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, i.signer, crypto.SHA256, sum[:])
	must(t, err)
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// door is a console with accounts.
type door struct {
	*desk
	issuer *issuer
	oidc   *console.OIDC
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{desk: newDesk(t), issuer: newIssuer(t)}
	d.oidc = &console.OIDC{Issuer: d.issuer.URL, ClientID: "console", ClientSecret: "s", URL: "https://desk.test", Store: d.store, Random: rand.Reader,
		Roles: map[string]string{"team": "agent"}, Now: func() time.Time { return d.now }}
	must(t, d.oidc.Check())
	brands, err := brand.NewSet(brand.Sample())
	must(t, err)
	now := func() time.Time { return d.now }
	d.srv, err = console.New(console.Config{Store: d.store, Brands: brands, Now: now, Version: "test", OIDC: d.oidc, Identify: d.oidc.Identify,
		Desk:     &review.Desk{Store: d.store, Brands: brands, Now: now, Assisted: func(_, _ string) bool { return false }},
		Receiver: &receive.Receiver{Store: d.store, Now: now, Random: rand.Reader}, Hosts: []string{d.oidc.Host()},
		Ready: func(context.Context) error { return nil }, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	d.issuer.claims = map[string]any{"iss": d.issuer.URL, "aud": "console", "sub": "u1", "given_name": "Iris", "groups": []string{"team"},
		"iat": d.now.Unix(), "exp": d.now.Add(time.Hour).Unix()}
	return d
}

// get asks with cookies and returns the answer.
func (d *door) get(path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "https://desk.test"+path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, r)
	return w
}

func cookie(res *httptest.ResponseRecorder, part string) *http.Cookie {
	for _, c := range (&http.Response{Header: res.Header()}).Cookies() {
		if strings.Contains(c.Name, part) {
			return c
		}
	}
	return nil
}

// begin starts to sign in and returns the state, its cookie and the request
// that goes to the provider.
func (d *door) begin() (string, *http.Cookie, url.Values) {
	d.t.Helper()
	res := d.get("/signin?to=/handover")
	u, err := url.Parse(res.Header().Get("Location"))
	must(d.t, err)
	return u.Query().Get("state"), cookie(res, "signin"), u.Query()
}

func TestSignInHolds(t *testing.T) {
	d := newDoor(t)
	res := d.get("/handover")
	if res.Code != http.StatusSeeOther || res.Header().Get("Location") != "/signin?to=%2Fhandover" {
		t.Fatalf("nobody signed in: %d to %s", res.Code, res.Header().Get("Location"))
	}
	state, c, q := d.begin()
	if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("redirect_uri") != "https://desk.test/signin/callback" {
		t.Fatalf("asked for %v", q)
	}
	d.issuer.claims["nonce"] = q.Get("nonce")
	res = d.get("/signin/callback?code=1&state="+state, c)
	s := cookie(res, "session")
	if res.Code != http.StatusSeeOther || res.Header().Get("Location") != "/handover" || s == nil {
		t.Fatalf("callback: %d to %q, session %v", res.Code, res.Header().Get("Location"), s)
	}
	if !s.HttpOnly || !s.Secure || s.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(s.Name, "__Host-") || s.Path != "/" {
		t.Errorf("cookie %+v", s)
	}
	if d.issuer.form.Get("code_verifier") == "" {
		t.Error("no proof key was sent")
	}
	if res := d.get("/handover", s); res.Code != http.StatusOK {
		t.Errorf("signed in: %d", res.Code)
	}
	if recs, _, err := d.store.Records.Scan(t.Context(), "session", "", "", 10, d.now); err != nil || len(recs) != 1 || strings.Contains(recs[0].Key+string(recs[0].Body), s.Value) {
		t.Errorf("sessions as stored: %v, %v", recs, err)
	}
	if res := d.get("/signin/callback?code=1&state="+state, c); res.Code != http.StatusForbidden {
		t.Errorf("the same sign-in twice: %d", res.Code)
	}
	d.now = d.now.Add(13 * time.Hour)
	if res := d.get("/handover", s); res.Code != http.StatusSeeOther {
		t.Errorf("after its term a session answers %d", res.Code)
	}
}

func TestSignOutEndsTheSession(t *testing.T) {
	d := newDoor(t)
	state, c, q := d.begin()
	d.issuer.claims["nonce"] = q.Get("nonce")
	s := cookie(d.get("/signin/callback?code=1&state="+state, c), "session")
	r := httptest.NewRequest(http.MethodPost, "https://desk.test/signout", nil)
	r.AddCookie(s)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || d.get("/handover", s).Code != http.StatusOK {
		t.Fatalf("another site signed somebody out: %d", w.Code)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w = httptest.NewRecorder()
	d.srv.ServeHTTP(w, r)
	if res := d.get("/handover", s); w.Code != http.StatusSeeOther || res.Code != http.StatusSeeOther {
		t.Errorf("signed out: %d; the cookie still answers %d", w.Code, res.Code)
	}
}

// TestSignInRefuses: no session comes from a token that does not hold.
func TestSignInRefuses(t *testing.T) {
	stolen, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	for name, spoil := range map[string]func(d *door, state *string, c *http.Cookie){
		"another browser's state": func(_ *door, _ *string, c *http.Cookie) { c.Value = "other" },
		"no state":                func(_ *door, s *string, _ *http.Cookie) { *s = "" },
		"another nonce":           func(d *door, _ *string, _ *http.Cookie) { d.issuer.claims["nonce"] = "other" },
		"another audience":        func(d *door, _ *string, _ *http.Cookie) { d.issuer.claims["aud"] = "shop" },
		"another issuer":          func(d *door, _ *string, _ *http.Cookie) { d.issuer.claims["iss"] = "https://evil.example" },
		"expired":                 func(d *door, _ *string, _ *http.Cookie) { d.issuer.claims["exp"] = d.now.Add(-time.Minute).Unix() },
		"no role":                 func(d *door, _ *string, _ *http.Cookie) { d.issuer.claims["groups"] = []string{"canteen"} },
		"another key":             func(d *door, _ *string, _ *http.Cookie) { d.issuer.signer = stolen },
		"too late":                func(d *door, _ *string, _ *http.Cookie) { d.now = d.now.Add(11 * time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			state, c, q := d.begin()
			d.issuer.claims["nonce"] = q.Get("nonce")
			spoil(d, &state, c)
			res := d.get("/signin/callback?code=1&state="+url.QueryEscape(state), c)
			if s := cookie(res, "session"); s != nil || res.Code != http.StatusForbidden {
				t.Errorf("%d, session %v", res.Code, s)
			}
		})
	}
}

func TestOIDCCheck(t *testing.T) {
	good := console.OIDC{Issuer: "https://id.example", ClientID: "c", URL: "https://webcare.example", Roles: map[string]string{"g": "agent"}}
	for name, spoil := range map[string]func(*console.OIDC){
		"http":    func(o *console.OIDC) { o.URL = "http://webcare.example" },
		"path":    func(o *console.OIDC) { o.URL = "https://webcare.example/console" },
		"no url":  func(o *console.OIDC) { o.URL = "" },
		"role":    func(o *console.OIDC) { o.Roles = map[string]string{"g": "boss"} },
		"token":   func(o *console.OIDC) { o.Roles = map[string]string{"g": "integration"} },
		"nothing": func(o *console.OIDC) { o.Roles = nil },
	} {
		o := console.OIDC{Issuer: good.Issuer, ClientID: good.ClientID, URL: good.URL, Roles: good.Roles}
		must(t, o.Check())
		spoil(&o)
		if err := o.Check(); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
