package console_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// send makes a request and returns the whole answer.
func (d *desk) send(method, path, body string, h http.Header) *httptest.ResponseRecorder {
	d.t.Helper()
	req := httptest.NewRequest(method, "http://desk.test"+path, strings.NewReader(body))
	for k, v := range h {
		req.Header[http.CanonicalHeaderKey(k)] = v
	}
	if req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, req)
	return w
}

func TestWebhooksByAPI(t *testing.T) {
	d := newDesk(t)
	code, made := d.do("POST", "/api/v1/webhooks", map[string]any{"name": "CRM", "url": "https://crm.example.com/x", "events": []string{"draft.ready"}}, nil)
	id := fmt.Sprint(made["id"])
	if code != 201 || !strings.HasPrefix(fmt.Sprint(made["secret"]), "whsec_") || made["state"] != "active" {
		t.Fatalf("%d %v", code, made)
	}
	path := "/api/v1/webhooks/" + id
	if w := d.send("GET", path, "", nil); w.Code != 200 || strings.Contains(w.Body.String(), "whsec_") {
		t.Fatalf("the secret is shown again: %s", w.Body)
	}
	change := map[string]any{"name": "CRM 2", "url": "https://crm.example.com/y", "version": 1}
	if code, got := d.do("PUT", path, change, nil); code != 200 || got["name"] != "CRM 2" || got["version"] != 2.0 {
		t.Fatalf("%d %v", code, got)
	}
	if code, _ := d.do("PUT", path, change, nil); code != 409 {
		t.Fatalf("a stale version: %d", code)
	}
	if code, got := d.do("POST", path+"/test", nil, nil); code != 202 || got["outcome"] != "waiting" {
		t.Fatalf("%d %v", code, got)
	}
	if code, got := d.do("GET", path+"/deliveries", nil, nil); code != 200 || len(got["deliveries"].([]any)) != 1 {
		t.Fatalf("%d %v", code, got)
	}
	if code, got := d.do("POST", path+"/pause", nil, nil); code != 200 || got["state"] != "paused" {
		t.Fatalf("%d %v", code, got)
	}
	if code, _ := d.do("POST", path+"/test", nil, nil); code != 409 {
		t.Fatalf("testing a paused one: %d", code)
	}
	if code, got := d.do("POST", path+"/resume", nil, nil); code != 200 || got["state"] != "active" {
		t.Fatalf("%d %v", code, got)
	}
	if code, got := d.do("POST", path+"/replay", map[string]any{"since": d.now.Add(-time.Minute)}, nil); code != 202 || got["replayed"] != 1.0 {
		t.Fatalf("%d %v", code, got)
	}
	for body, want := range map[string]int{
		`{"name":"x","url":"http://example.com"}`: 422, `{"name":"x","url":"https://10.0.0.1/"}`: 422, `{"name":"x","url":"https://example.com","events":["case.noted"]}`: 422,
		`{"name":"x","url":"https://example.com","brands":["acme"]}`: 422, `{"name":" ","url":"https://example.com"}`: 422, `{"name":"x"}`: 422, `{`: 400,
	} {
		if w := d.send("POST", "/api/v1/webhooks", body, nil); w.Code != want || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	if w := d.send("DELETE", path, "", nil); w.Code != 204 {
		t.Fatalf("%d", w.Code)
	}
	if w := d.send("GET", path, "", nil); w.Code != 404 {
		t.Fatalf("%d", w.Code)
	}
}

func TestTokensByAPI(t *testing.T) {
	d := newDesk(t)
	code, made := d.do("POST", "/api/v1/tokens", map[string]any{"name": "hooks", "scopes": []string{"webhooks:manage"}}, nil)
	if code != 201 {
		t.Fatalf("%d %v", code, made)
	}
	bearer := http.Header{"Authorization": {"Bearer " + fmt.Sprint(made["token"])}}
	for path, want := range map[string]int{"/api/v1/webhooks": 200, "/api/v1/cases": 403, "/api/v1/tokens": 403, "/api/v1/sources": 403} {
		if w := d.send("GET", path, "", bearer); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	w := d.send("GET", "/api/v1/tokens", "", nil)
	if strings.Contains(w.Body.String(), "wct_") || !strings.Contains(w.Body.String(), `"last_used":"2026-11-23T10:00:00Z"`) {
		t.Errorf("%s", w.Body)
	}
	if w := d.send("DELETE", "/api/v1/tokens/"+fmt.Sprint(made["id"]), "", nil); w.Code != 204 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := d.send("GET", "/api/v1/webhooks", "", bearer); w.Code != 401 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("a revoked token: %d %s", w.Code, w.Body)
	}
	if code, _ := d.do("POST", "/api/v1/tokens", map[string]any{"name": "x", "role": "lead"}, nil); code != 422 {
		t.Errorf("a token that is a lead: %d", code)
	}
	d.as.Authority, d.as.Role = webcare.Agent, console.RoleAgent
	if w := d.send("GET", "/api/v1/tokens", "", nil); w.Code != 403 {
		t.Errorf("an agent: %d", w.Code)
	}
}

func TestIdempotencyKeys(t *testing.T) {
	d := newDesk(t)
	key := http.Header{"Idempotency-Key": {"call-1"}}
	body := `{"text":"Mevrouw belde: de monteur kwam niet."}`
	first := d.send("POST", "/api/v1/cases", body, key)
	again := d.send("POST", "/api/v1/cases", body, key)
	if first.Code != 201 || again.Code != 201 || first.Body.String() != again.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Fatalf("%d %s, then %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	if w := d.send("POST", "/api/v1/cases", `{"text":"Iets anders."}`, key); w.Code != 422 {
		t.Errorf("another body: %d", w.Code)
	}
	d.as.ID = "tom"
	if w := d.send("POST", "/api/v1/cases", body, key); w.Code != 201 || w.Body.String() == first.Body.String() {
		t.Errorf("somebody else's key: %d", w.Code)
	}
	d.as.ID = "iris"
	d.now = d.now.Add(25 * time.Hour)
	if w := d.send("POST", "/api/v1/cases", body, key); w.Code != 201 || w.Body.String() == first.Body.String() {
		t.Errorf("a day later: %d", w.Code)
	}
	if w := d.send("POST", "/api/v1/cases", body, http.Header{"Idempotency-Key": {strings.Repeat("x", 256)}}); w.Code != 422 {
		t.Errorf("a long key: %d", w.Code)
	}
}

func TestRateLimit(t *testing.T) {
	d := newDesk(t)
	must(t, console.StoreToken(t.Context(), d.store, "wct_secret", console.Token{Name: "loop", Role: console.RoleIntegration}, d.now))
	bearer := http.Header{"Authorization": {"Bearer wct_secret"}}
	for i := range 600 {
		if w := d.send("GET", "/api/v1/insights", "", bearer); w.Code != 200 || w.Header().Get("RateLimit") == "" {
			t.Fatalf("call %d: %d", i, w.Code)
		}
	}
	w := d.send("GET", "/api/v1/insights", "", bearer)
	if w.Code != 429 || w.Header().Get("Retry-After") != "1" || w.Header().Get("RateLimit-Policy") != `"default";q=600;w=60` {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	if w := d.send("GET", "/api/v1/insights", "", nil); w.Code != 200 {
		t.Errorf("somebody else: %d", w.Code)
	}
	d.now = d.now.Add(time.Second)
	if w := d.send("GET", "/api/v1/insights", "", bearer); w.Code != 200 {
		t.Errorf("a second later: %d", w.Code)
	}
}

func TestSources(t *testing.T) {
	d := newDesk(t)
	code, made := d.do("POST", "/api/v1/sources", map[string]any{"name": "Forum", "channel": "forum"}, nil)
	if code != 201 {
		t.Fatalf("%d %v", code, made)
	}
	push := func(secret any, query, id, body string) (int, map[string]any) {
		t.Helper()
		s, err := webhook.ParseSecret(fmt.Sprint(secret))
		must(t, err)
		h, err := s.Sign(id, d.now, []byte(body))
		must(t, err)
		return d.do("POST", fmt.Sprint(made["path"])+query, []byte(body), h)
	}
	one := `{"id":"f1","thread":"t1","text":"Al drie weken geen kast.","author":"Kim"}`
	if code, p := push(hookSecret, "", "m", one); code != 401 {
		t.Fatalf("another's secret: %d %v", code, p)
	}
	code, dry := push(made["secret"], "?dry_run=1", "m", one)
	if code != 202 || dry["would"] != "open_case" || dry["channel"] != "forum" {
		t.Fatalf("dry run: %d %v", code, dry)
	}
	if _, err := d.store.Cases.Claimed(t.Context(), webcare.ThreadClaim(brand.Sample().ID, "forum", "t1")); err == nil {
		t.Fatal("a dry run stored something")
	}
	code, first := push(made["secret"], "", "m", one)
	if code != 202 {
		t.Fatalf("%d %v", code, first)
	}
	for body, want := range map[string]string{one: "nothing", `{"id":"f2","thread":"t1","text":"En nu?","author":"Kim"}`: "join_case",
		`{"id":"f1","thread":"t1","text":"Iets anders.","author":"Kim"}`: "conflict"} {
		if _, dry := push(made["secret"], "?dry_run=1", "m", body); dry["would"] != want || dry["case_id"] != first["case_id"] {
			t.Errorf("%s: %v, want %s", body, dry, want)
		}
	}
	batch := `{"messages":[` + one + `,{"text":"Nog een klacht over de bezorging.","author":"Bo"},{"id":"f1","text":"Andere tekst.","author":"Kim"}]}`
	for range 2 { // the same id and body get the same answer
		code, got := push(made["secret"], "", "batch", batch)
		results, _ := json.Marshal(got["results"])
		if rs, ok := got["results"].([]any); code != 202 || !ok || len(rs) != 3 || rs[0].(map[string]any)["case_id"] != first["case_id"] ||
			rs[1].(map[string]any)["status"] != 202.0 || rs[2].(map[string]any)["status"] != 409.0 {
			t.Fatalf("batch: %d %s", code, results)
		}
	}
	for name, body := range map[string]string{"empty": `{"messages":[]}`, "a bad one": `{"messages":[{"text":"x"},{"txt":"y"}]}`,
		"too many": `{"messages":[` + strings.TrimSuffix(strings.Repeat(`{"text":"x"},`, 101), ",") + `]}`, "another brand": `{"text":"x","brand":"acme"}`} {
		if code, p := push(made["secret"], "", "bad", body); code != 422 {
			t.Errorf("%s: %d %v", name, code, p)
		}
	}
	_, rotated := d.do("POST", "/api/v1/sources/"+fmt.Sprint(made["id"])+"/rotate", nil, nil)
	for _, s := range []any{made["secret"], rotated["secret"]} {
		if code, p := push(s, "?dry_run=1", "m", one); code != 202 {
			t.Errorf("during the rotation: %d %v", code, p)
		}
	}
	d.now = d.now.Add(25 * time.Hour)
	if code, _ := push(made["secret"], "", "m", one); code != 401 {
		t.Errorf("the old secret, a day later: %d", code)
	}
	if w := d.send("DELETE", "/api/v1/sources/"+fmt.Sprint(made["id"]), "", nil); w.Code != 204 {
		t.Fatalf("%d", w.Code)
	}
	if code, _ := push(rotated["secret"], "", "m", one); code != 404 {
		t.Errorf("a deleted source: %d", code)
	}
}

func TestExports(t *testing.T) {
	d := newDesk(t)
	for i := range 250 { // more than a page
		d.inReview(fmt.Sprintf("case%03d", i), "email", webcare.Agent, nil)
	}
	d.send("POST", "/api/v1/cases", `{"text":"x","subject":"=HYPERLINK(\"http://evil.test\")","author":{"name":"@SUM(1)","handle":""}}`, nil)
	w := d.send("GET", "/api/v1/exports/cases", "", nil)
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(rows) != 252 || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("%d rows, %v, %v", len(rows), err, w.Header())
	}
	for _, r := range rows {
		for _, cell := range r {
			if cell != "" && strings.ContainsRune("=+@", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	w = d.send("GET", "/api/v1/exports/cases?format=jsonl&friction=late", "", nil)
	if n := strings.Count(w.Body.String(), "\n"); n != 250 || !json.Valid([]byte(strings.SplitN(w.Body.String(), "\n", 2)[0])) {
		t.Fatalf("%d lines", n)
	}
	must(t, d.store.Tallies.Add(t.Context(), "e1", []webcare.Delta{{Brand: brand.Sample().ID, Metric: "friction/late", Hour: d.now.Truncate(time.Hour), N: 3}}))
	w = d.send("GET", "/api/v1/exports/insights?metric=friction/&to=2026-11-24T00:00:00Z", "", nil)
	if !strings.Contains(w.Body.String(), "2026-11-23T10:00:00Z,friction/late,3") {
		t.Errorf("%s", w.Body)
	}
	if w := d.send("GET", "/api/v1/exports/cases?format=xlsx", "", nil); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
}

// TestExamples: what the description gives as an example is taken.
func TestExamples(t *testing.T) {
	d := newDesk(t)
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					} `json:"schema"`
					Example json.RawMessage `json:"example"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
		Webhooks map[string]any `json:"webhooks"`
	}
	w := d.send("GET", "/api/openapi.json", "", nil)
	must(t, json.Unmarshal(w.Body.Bytes(), &doc))
	tried := 0
	for path, ops := range doc.Paths {
		for method, op := range ops {
			ex := op.RequestBody.Content["application/json"].Example
			if ex == nil {
				continue
			}
			tried++
			h := d.inReview(fmt.Sprintf("example%d", tried), "email", webcare.Agent, nil)
			body := strings.ReplaceAll(string(ex), strings.Repeat("0123456789abcdef", 4), h.DraftHash)
			real := strings.ReplaceAll(path, "{id}", string(h.ID))
			if strings.Contains(path, "/webhooks/{id}") {
				_, made := d.do("POST", "/api/v1/webhooks", map[string]any{"name": "x", "url": "https://example.com/"}, nil)
				real = strings.ReplaceAll(path, "{id}", fmt.Sprint(made["id"]))
			}
			if strings.Contains(body, `"version":2`) || h.Version != 1 {
				t.Fatalf("examples are for version %d", h.Version)
			}
			if w := d.send(strings.ToUpper(method), real, body, nil); w.Code > 299 {
				t.Errorf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
			}
		}
	}
	if tried < 12 {
		t.Errorf("%d examples", tried)
	}
	for _, typ := range webhook.EventTypes() {
		w := d.send("GET", "/api/schemas/events/"+string(typ)+".json", "", nil)
		if w.Code != 200 || !json.Valid(w.Body.Bytes()) || doc.Webhooks[string(typ)] == nil {
			t.Errorf("%s: %d", typ, w.Code)
		}
	}
	if w := d.send("GET", "/api/schemas/events/case.noted.json", "", nil); w.Code != 404 {
		t.Errorf("an internal event: %d", w.Code)
	}
}

func TestUnknownPaths(t *testing.T) {
	d := newDesk(t)
	for _, tc := range []struct {
		method, path string
		want         int
		allow        string
	}{{"GET", "/api/v1/nothing", 404, ""}, {"PATCH", "/api/v1/cases", 405, "GET, HEAD, POST"}, {"DELETE", "/api/v1/cases", 405, "GET, HEAD, POST"}} {
		w := d.send(tc.method, tc.path, "", nil)
		if w.Code != tc.want || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Allow") != tc.allow {
			t.Errorf("%s %s: %d %v", tc.method, tc.path, w.Code, w.Header())
		}
	}
	if !slices.Contains(console.Scopes(), console.ScopeWebhooks) {
		t.Error("scopes")
	}
}
