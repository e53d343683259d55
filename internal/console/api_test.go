package console_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

const hookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// desk is a console over a store in memory, with a clock that stands.
type desk struct {
	t     *testing.T
	store webcare.Store
	srv   *console.Server
	now   time.Time
	as    console.User
	log   bytes.Buffer
}

func newDesk(t *testing.T, more ...func(*console.Config)) *desk {
	t.Helper()
	d := &desk{t: t, store: porttest.NewMemory().Store(), now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC),
		as: console.User{Actor: webcare.Actor{ID: "iris", Name: "Iris", Person: true, Authority: webcare.Lead}, Role: console.RoleLead}}
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	secret, err := webhook.ParseSecret(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return d.now }
	cfg := console.Config{Store: d.store, Brands: brands, Now: now, Version: "test", HookSecrets: []webhook.Secret{secret},
		Desk:     &review.Desk{Store: d.store, Brands: brands, Now: now, Undo: 30 * time.Second, Assisted: func(_, ch string) bool { return ch != "email" }},
		Receiver: &receive.Receiver{Store: d.store, Now: now, Random: rand.Reader},
		Courier: &webhook.Courier{Store: d.store, Jitter: func() float64 { return 0 }, Log: slog.New(slog.DiscardHandler),
			Subscriptions: &webhook.Subscriptions{Records: d.store.Records, Now: now, Random: rand.Reader}},
		Identify: func(*http.Request) (console.User, error) { return d.as, nil },
		Ready:    func(context.Context) error { return nil }, Log: slog.New(slog.NewTextHandler(&d.log, nil))}
	for _, change := range more {
		change(&cfg)
	}
	d.srv, err = console.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d.srv.SetHosts([]string{"desk.test"})
	return d
}

// do makes a request and decodes the answer.
func (d *desk) do(method, path string, body any, header http.Header) (int, map[string]any) {
	d.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		r = bytes.NewReader(b)
	default:
		j, err := json.Marshal(b)
		if err != nil {
			d.t.Fatal(err)
		}
		r = bytes.NewReader(j)
	}
	req := httptest.NewRequest(method, "http://desk.test"+path, r)
	for k, v := range header {
		req.Header[http.CanonicalHeaderKey(k)] = v
	}
	if req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, req)
	var out map[string]any
	if b := w.Body.Bytes(); len(b) > 0 && b[0] == '{' {
		if err := json.Unmarshal(b, &out); err != nil {
			d.t.Fatalf("%s %s answered no JSON: %s", method, path, b)
		}
	}
	return w.Code, out
}

// inReview stores a case with a draft for channel.
func (d *desk) inReview(id, channel string, authority webcare.Authority, res *webcare.Resolution) webcare.Head {
	d.t.Helper()
	ch := webcare.Begin(webcare.NewCase(webcare.CaseID(id), brand.Sample().ID, channel), d.now, webcare.Machine("test"))
	v := webcare.Public
	if channel == "email" {
		v = webcare.Private
	}
	must(d.t, ch.Receive(webcare.Message{ID: webcare.MessageID(id), Key: webcare.Key{Channel: channel, ExternalID: id}, Author: webcare.Author{Name: "Kim"},
		Text: "Mijn kast is drie weken te laat.", Visibility: v, ReceivedAt: d.now}))
	in := ch.Head().InboundSeq
	must(d.t, ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint, Complaint: true, Language: "nl", Urgency: webcare.Normal,
		Sentiment: webcare.Sentiment{Label: webcare.Negative, Score: -0.5}, Frictions: []webcare.Friction{{Type: webcare.Late}}}, in, d.now.Add(8*time.Hour)))
	must(d.t, ch.RecordDraft(webcare.Draft{Text: "Beste Kim, het spijt me dat je kast drie weken te laat is. Hij komt morgen. Groet, Iris", Language: "nl",
		Visibility: v, InboundSeq: in, Authority: authority, Resolution: res, SignedBy: "Iris", Engine: "test"}))
	h, err := d.store.Commit(d.t.Context(), ch)
	must(d.t, err)
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func approval(h webcare.Head, more map[string]any) map[string]any {
	b := map[string]any{"version": h.Version, "draft_hash": h.DraftHash}
	for k, v := range more {
		b[k] = v
	}
	return b
}

func TestApprove(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "email", webcare.Agent, nil)
	code, c := d.do("POST", "/api/v1/cases/case1/approve", approval(h, nil), nil)
	if code != 200 || c["status"] != "approved" || c["undo_until"] == nil {
		t.Fatalf("%d %v", code, c)
	}
	if code, p := d.do("POST", "/api/v1/cases/case1/approve", approval(h, nil), nil); code != 409 || p["case"] == nil {
		t.Fatalf("approving again: %d %v", code, p)
	}
	if code, c := d.do("POST", "/api/v1/cases/case1/undo", map[string]any{}, nil); code != 200 || c["status"] != "in_review" {
		t.Fatalf("undo: %d %v", code, c)
	}
}

func TestApproveConflictShowsWhatIsNew(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "email", webcare.Agent, nil)
	c, err := d.store.Load(t.Context(), "case1")
	must(t, err)
	ch := webcare.Begin(c, d.now, webcare.Machine("receive"))
	must(t, ch.Receive(webcare.Message{ID: "m2", Key: webcare.Key{Channel: "email", ExternalID: "m2"}, Author: webcare.Author{Name: "Kim"},
		Text: "En nu is hij ook nog kapot.", ReceivedAt: d.now}))
	_, err = d.store.Commit(t.Context(), ch)
	must(t, err)
	code, p := d.do("POST", "/api/v1/cases/case1/approve", approval(h, nil), nil)
	shown, _ := json.Marshal(p["case"])
	if code != 409 || !strings.Contains(string(shown), "ook nog kapot") {
		t.Fatalf("%d %v", code, p)
	}
}

func TestApproveAuthority(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "email", webcare.Lead, nil)
	d.as.Authority = webcare.Agent
	code, p := d.do("POST", "/api/v1/cases/case1/approve", approval(h, nil), nil)
	if code != 403 || p["authority"] != "lead" {
		t.Fatalf("%d %v", code, p)
	}
	if code, c := d.do("POST", "/api/v1/cases/case1/approve", approval(h, map[string]any{"propose": true}), nil); code != 200 || c["proposed_by"] != "iris" {
		t.Fatalf("propose: %d %v", code, c)
	}
}

func TestApproveFindingsAndChecks(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "email", webcare.Agent, &webcare.Resolution{ID: "x", Checks: []string{"bestelling gezien"}})
	if code, p := d.do("POST", "/api/v1/cases/case1/approve", approval(h, nil), nil); code != 422 || fmt.Sprint(p["unticked"]) != "[bestelling gezien]" {
		t.Fatalf("unticked: %d %v", code, p)
	}
	bad := "Beste Kim, het spijt me dat je kast drie weken te laat is. Bel ons en we betalen je € 500. Groet, Iris"
	code, p := d.do("POST", "/api/v1/cases/case1/approve", approval(h, map[string]any{"text": bad, "ticked": []string{"bestelling gezien"}}), nil)
	found, _ := json.Marshal(p["findings"])
	if code != 422 || !strings.Contains(string(found), "9-unbacked-promise") {
		t.Fatalf("an edit that promises money: %d %s", code, found)
	}
}

func TestTokensNeverApprove(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "email", webcare.Agent, nil)
	must(t, console.StoreToken(t.Context(), d.store, "wct_secret", console.Token{Name: "crm", Role: console.RoleIntegration}, d.now))
	bearer := http.Header{"Authorization": {"Bearer wct_secret"}}
	if code, _ := d.do("GET", "/api/v1/cases", nil, bearer); code != 200 {
		t.Fatalf("reading: %d", code)
	}
	if code, p := d.do("POST", "/api/v1/cases/case1/approve", approval(h, nil), bearer); code != 403 {
		t.Fatalf("approving: %d %v", code, p)
	}
	if code, _ := d.do("GET", "/api/v1/cases", nil, http.Header{"Authorization": {"Bearer wct_other"}}); code != 401 {
		t.Fatalf("unknown token: %d", code)
	}
}

func TestAssistedPosting(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "forum", webcare.Agent, nil)
	code, c := d.do("POST", "/api/v1/cases/case1/approve", approval(h, map[string]any{"overrides": []string{"3-no-action", "5-channel-bounce"}}), nil)
	if code != 200 || c["assisted"] != true {
		t.Fatalf("%d %v", code, c)
	}
	code, c = d.do("POST", "/api/v1/cases/case1/posted", map[string]any{"draft_hash": h.DraftHash, "url": "https://example.com/t/1#2"}, nil)
	if code != 200 || c["status"] != "answered" {
		t.Fatalf("%d %v", code, c)
	}
}

func TestListFilters(t *testing.T) {
	d := newDesk(t)
	for i := range 30 {
		d.inReview(fmt.Sprintf("case%02d", i), []string{"email", "forum", "x"}[i%3], webcare.Agent, nil)
	}
	seen := map[any]bool{}
	path := "/api/v1/cases?limit=7&channel=forum,x&friction=late"
	for next := ""; ; {
		code, page := d.do("GET", path+"&cursor="+next, nil, nil)
		if code != 200 {
			t.Fatalf("%d %v", code, page)
		}
		for _, c := range page["cases"].([]any) {
			c := c.(map[string]any)
			if c["channel"] == "email" || seen[c["id"]] {
				t.Fatalf("unwanted or again: %v", c)
			}
			seen[c["id"]] = true
		}
		if next = page["next"].(string); next == "" {
			break
		}
	}
	if len(seen) != 20 {
		t.Fatalf("%d cases", len(seen))
	}
	for _, bad := range []string{"?status=open", "?brand=acme", "?limit=0", "?limit=1000"} {
		if code, p := d.do("GET", "/api/v1/cases"+bad, nil, nil); code != 422 {
			t.Errorf("%s: %d %v", bad, code, p)
		}
	}
	if code, _ := d.do("GET", "/api/v1/cases/none", nil, nil); code != 404 {
		t.Errorf("missing case: %d", code)
	}
}

func TestEnteredByHand(t *testing.T) {
	d := newDesk(t)
	code, c := d.do("POST", "/api/v1/cases", map[string]any{"text": "Mevrouw belde: de monteur kwam niet.", "author": map[string]any{"name": "Bos", "handle": ""}}, nil)
	if code != 201 || c["channel"] != "telephone" || c["status"] != "received" {
		t.Fatalf("%d %v", code, c)
	}
}

// TestHook: stored once, refused clearly, and never anything in the log.
func TestHook(t *testing.T) {
	d := newDesk(t)
	secret, err := webhook.ParseSecret(hookSecret)
	must(t, err)
	body := []byte(`{"id":"p1","channel":"forum","text":"Al drie weken te laat.","author":{"name":"Kim"}}`)
	push := func(body []byte, at time.Time, change func(http.Header)) (int, map[string]any) {
		t.Helper()
		h, err := secret.Sign("msg_1", at, body)
		must(t, err)
		if change != nil {
			change(h)
		}
		return d.do("POST", "/hooks/messages", body, h)
	}
	code, first := push(body, d.now, nil)
	if code != 202 || first["case_id"] == nil || first["message_id"] == nil {
		t.Fatalf("%d %v", code, first)
	}
	if code, again := push(body, d.now.Add(time.Minute), nil); code != 202 || again["case_id"] != first["case_id"] || again["message_id"] != first["message_id"] {
		t.Fatalf("again: %d %v, first %v", code, again, first)
	}
	for _, tc := range []struct {
		name string
		body []byte
		at   time.Time
		edit func(http.Header)
		want int
	}{
		{"another body under the id", bytes.Replace(body, []byte("drie"), []byte("vier"), 1), d.now, nil, 409},
		{"bad signature", body, d.now, func(h http.Header) { h.Set("webhook-signature", "v1,AAAA") }, 401},
		{"old timestamp", body, d.now.Add(-time.Hour), nil, 401},
		{"no signature", body, d.now, func(h http.Header) { h.Del("webhook-signature") }, 401},
		{"10 MB", []byte(`{"id":"p2","text":"` + strings.Repeat("x", 10<<20) + `"}`), d.now, nil, 413},
		{"no JSON", []byte("hello"), d.now, nil, 422},
		{"no text", []byte(`{"id":"p3"}`), d.now, nil, 422},
		{"unknown field", []byte(`{"id":"p4","text":"x","txet":"y"}`), d.now, nil, 422},
		{"unknown brand", []byte(`{"id":"p5","text":"x","brand":"acme"}`), d.now, nil, 422},
	} {
		code, p := push(tc.body, tc.at, tc.edit)
		if code != tc.want || p["detail"] == "" {
			t.Errorf("%s: %d %v, want %d", tc.name, code, p, tc.want)
		}
	}
	if strings.Contains(d.log.String(), "drie weken") {
		t.Error("a text stands in the log")
	}
}

func TestHostsAndOrigins(t *testing.T) {
	d := newDesk(t)
	for host, want := range map[string]int{"desk.test": 200, "evil.test": 421, "": 421} {
		r := httptest.NewRequest("GET", "http://desk.test/healthz", nil)
		r.Host = host
		w := httptest.NewRecorder()
		d.srv.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
	d.inReview("case1", "email", webcare.Agent, nil)
	for _, h := range []http.Header{{"Origin": {"https://evil.test"}}, {"Sec-Fetch-Site": {"cross-site"}}} {
		if code, _ := d.do("POST", "/api/v1/cases/case1/ignore", map[string]any{}, h); code != 403 {
			t.Errorf("%v: %d", h, code)
		}
	}
}

func TestMarketingSeesNumbersOnly(t *testing.T) {
	d := newDesk(t)
	d.inReview("case1", "email", webcare.Agent, nil)
	d.as = console.User{Actor: webcare.Actor{ID: "mark", Person: true}, Role: console.RoleMarketing}
	for path, want := range map[string]int{"/api/v1/cases": 403, "/api/v1/cases/case1": 403, "/cases/case1": 403, "/": 403, "/api/v1/insights": 200} {
		if code, _ := d.do("GET", path, nil, nil); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
}

func TestOpenAPI(t *testing.T) {
	d := newDesk(t)
	code, doc := d.do("GET", "/api/openapi.json", nil, nil)
	if code != 200 || !strings.HasPrefix(fmt.Sprint(doc["openapi"]), "3.1") {
		t.Fatalf("%d %v", code, doc["openapi"])
	}
	paths, _ := doc["paths"].(map[string]any)
	for _, p := range strings.Fields("claim release assign drafts approve reject escalate snooze wait ignore close undo posted notes tags triage link") {
		if _, ok := paths["/api/v1/cases/{id}/"+p]; !ok {
			t.Errorf("no %s in the description", p)
		}
	}
}
