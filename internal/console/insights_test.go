package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

// tally counts all events of the desk's store, as the relay does.
func (d *desk) tally() {
	d.t.Helper()
	for cursor := ""; ; {
		events, next, err := d.store.Events.After(d.t.Context(), cursor, 100)
		must(d.t, err)
		if len(events) == 0 {
			return
		}
		for _, e := range events {
			must(d.t, d.store.Tallies.Add(d.t.Context(), e.ID, insight.Deltas(e)))
		}
		cursor = next
	}
}

// get fetches a page as a browser would.
func (d *desk) get(method, path string, form url.Values) (int, string, http.Header) {
	d.t.Helper()
	req := httptest.NewRequest(method, "http://desk.test"+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept-Language", "nl")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, req)
	return w.Code, w.Body.String(), w.Header()
}

// answered stores a case whose reply, posted by hand, promises something.
func (d *desk) answered(id string, promises ...webcare.Promised) {
	d.t.Helper()
	d.inReview(id, "forum", webcare.Agent, nil)
	step := func(do func(*webcare.Change) error) {
		d.t.Helper()
		c, err := d.store.Load(d.t.Context(), webcare.CaseID(id))
		must(d.t, err)
		ch := webcare.Begin(c, d.now, d.as.Actor)
		must(d.t, do(ch))
		_, err = d.store.Commit(d.t.Context(), ch)
		must(d.t, err)
	}
	step(func(ch *webcare.Change) error {
		return ch.WriteDraft(ch.Head().Version, webcare.Draft{Text: "Sorry, morgen.", Language: "nl", Promises: promises, Resolution: &webcare.Resolution{ID: "visit", CostCents: 1250}})
	})
	step(func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Assisted: true})
	})
	step(func(ch *webcare.Change) error { return ch.PostedByHand(ch.Head().DraftHash, "https://example.com/1") })
}

func TestInsightsPage(t *testing.T) {
	d := newDesk(t)
	for i := range 3 {
		d.inReview(fmt.Sprintf("case%d", i), "x", webcare.Agent, nil)
	}
	d.answered("case9", webcare.Promised{What: "bellen", Owner: "Sanne", Due: d.now.Add(48 * time.Hour)})
	d.tally()
	for _, path := range []string{"/insights", "/insights?days=7", "/insights?days=365", "/insights?by=main:late", "/insights?by=family:time_place&days=90",
		"/insights?from=2026-11-01&to=2026-11-30", "/insights?by=tag:geen"} {
		code, body, _ := d.get("GET", path, nil)
		if code != 200 || !strings.Contains(body, "</html>") || strings.Contains(body, "ZgotmplZ") || strings.Contains(body, "style=") {
			t.Fatalf("%s: %d\n%s", path, code, body)
		}
		if path != "/insights?by=tag:geen" && !strings.Contains(body, "te laat") {
			t.Errorf("%s does not tell of the friction", path)
		}
	}
	_, body, _ := d.get("GET", "/insights", nil)
	for _, want := range []string{`role="img"`, "<table", "€ 12,50", "what=friction%2Flate", "/insights.csv?"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, bad := range []string{"?from=x&to=y", "?from=2026-11-02&to=2026-11-01", "?days=99999", "?by=person:lea", "?by=family:none"} {
		if code, _, _ := d.get("GET", "/insights"+bad, nil); code != 422 && code != 400 {
			t.Errorf("%s: %d", bad, code)
		}
	}
	if code, _, _ := d.get("GET", "/insights?brand=acme", nil); code != 404 {
		t.Errorf("another brand: %d", code)
	}
	for what, n := range map[string]int{"friction/late": 4, "channel/x": 3, "answered": 1, "friction/refund": 0, "sentiment/negative": 4} {
		_, body, _ := d.get("GET", "/insights/cases?days=30&what="+url.QueryEscape(what), nil)
		if got := strings.Count(body, `class="case"`); got != n {
			t.Errorf("%s: %d cases, want %d", what, got, n)
		}
	}
	_, csv, _ := d.get("GET", "/insights.csv", nil)
	if !strings.Contains(csv, "2026-11-23,friction/late,4\n") || !strings.HasPrefix(csv, "day,metric,n\n") {
		t.Errorf("%s", csv)
	}
	if _, jsonl, _ := d.get("GET", "/insights.jsonl?by=channel:x", nil); !strings.Contains(jsonl, `{"day":"2026-11-23","metric":"contact","n":3}`) {
		t.Errorf("%s", jsonl)
	}
}

// TestMarketingSeesFiguresOnly: no way from a figure to a customer.
func TestMarketingSeesFiguresOnly(t *testing.T) {
	d := newDesk(t)
	d.inReview("case1", "x", webcare.Agent, nil)
	d.tally()
	d.as = console.User{Actor: webcare.Actor{ID: "mia", Name: "Mia", Person: true}, Role: console.RoleMarketing}
	code, body, _ := d.get("GET", "/insights", nil)
	if code != 200 || strings.Contains(body, "/insights/cases") || strings.Contains(body, "Kim") {
		t.Fatalf("%d\n%s", code, body)
	}
	for _, path := range []string{"/insights/cases?what=contact", "/promises", "/orders"} {
		if code, _, _ := d.get("GET", path, nil); code != 403 {
			t.Errorf("%s: %d", path, code)
		}
	}
}

func TestPromisesPage(t *testing.T) {
	d := newDesk(t)
	due := d.now.Add(48 * time.Hour)
	d.answered("case1", webcare.Promised{What: "de monteur bellen", Owner: "Sanne", Due: due},
		webcare.Promised{What: "geld terug", Owner: "Betalingen", Due: due, Desk: "finance", Instruction: "Betaal € 25 terug"})
	d.now = d.now.Add(72 * time.Hour)
	c, err := d.store.Load(t.Context(), "case1")
	must(t, err)
	code, body, _ := d.get("GET", "/promises", nil)
	if code != 200 || strings.Count(body, "<tr><td>") != 2 || !strings.Contains(body, "te laat") {
		t.Fatalf("%d\n%s", code, body)
	}
	p, o := c.Promises[0].ID, c.WorkOrders[0].ID
	if code, _, h := d.get("POST", "/promises/case1/"+p, url.Values{"note": {"gebeld"}, "tell": {"1"}}); code != 303 || h.Get("Location") != "/cases/case1" {
		t.Fatalf("keeping: %d %v", code, h)
	}
	c, err = d.store.Load(t.Context(), "case1")
	must(t, err)
	draft, ok := c.CurrentDraft()
	if !ok || c.Promises[0].State != webcare.PromiseKept || !strings.Contains(draft.Text, "de monteur bellen") || c.Head.Status != webcare.StatusInReview {
		t.Fatalf("%s, draft %q", c.Head.Status, draft.Text)
	}
	if code, body, _ = d.get("GET", "/orders", nil); code != 200 || !strings.Contains(body, "Betaal € 25 terug") || !strings.Contains(body, "Betalingen") {
		t.Fatalf("%d\n%s", code, body)
	}
	if code, _, _ := d.get("POST", "/orders/case1/"+o, url.Values{"done": {"yes"}, "text": {"TX-9"}}); code != 303 {
		t.Fatal(code)
	}
	if _, body, _ = d.get("GET", "/promises", nil); strings.Contains(body, "<tr><td>") {
		t.Errorf("open still: %s", body)
	}
	if _, body, _ = d.get("GET", "/promises?all=1", nil); strings.Count(body, "<tr><td>") != 2 || !strings.Contains(body, "TX-9") {
		t.Errorf("ended: %s", body)
	}
}
