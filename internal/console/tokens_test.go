package console_test

import (
	"net/http"
	"testing"
	"time"

	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/webcare"
)

// token makes a token and returns the header that carries it.
func (d *desk) token(role console.Role, scopes ...console.Scope) http.Header {
	d.t.Helper()
	_, secret, err := console.MakeToken(d.t.Context(), d.store, console.Token{Name: "CRM", Role: role, Scopes: scopes}, d.now)
	must(d.t, err)
	return http.Header{"Authorization": {"Bearer " + secret}}
}

// TestTokensDoWhatTheirScopeAllows, and never what decides about an answer.
func TestTokensDoWhatTheirScopeAllows(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "x", webcare.Agent, nil)
	d.answered("case2", webcare.Promised{What: "terugbetaling", Owner: "Els", Desk: "finance", Instruction: "Betaal € 25 terug", Due: d.now.Add(48 * time.Hour)})
	c, err := d.store.Load(t.Context(), "case2")
	must(t, err)
	order := c.WorkOrders[0].ID
	read, steps, nothing := d.token(console.RoleIntegration, console.ScopeReadCases), d.token(console.RoleIntegration, console.ScopeSteps), d.token(console.RoleMarketing)
	enter := d.token(console.RoleIntegration, console.ScopeEnterCases)
	type body = map[string]any
	for _, tc := range []struct {
		name, method, path string
		body               any
		allowed            http.Header
	}{
		{"read", "GET", "/api/v1/cases/case1", nil, read},
		{"enter", "POST", "/api/v1/cases", body{"text": "Mevrouw belde: de monteur kwam niet.", "channel": "telephone"}, enter},
		{"note", "POST", "/api/v1/cases/case1/notes", body{"text": "Klant staat in het CRM."}, steps},
		{"tag", "POST", "/api/v1/cases/case1/tags", body{"tags": []string{"crm"}}, steps},
		{"link", "POST", "/api/v1/cases/case1/link", body{"case": "case2"}, steps},
		{"answer a work order", "POST", "/api/v1/cases/case2/work-order", body{"work_order": order, "done": true, "text": "kenmerk 77"}, steps},
		{"close what is answered", "POST", "/api/v1/cases/case2/close", body{}, steps},
		{"insights", "GET", "/api/v1/insights", nil, nothing},
	} {
		for who, header := range map[string]http.Header{"read": read, "steps": steps, "enter": enter, "marketing": nothing} {
			if header.Get("Authorization") == tc.allowed.Get("Authorization") {
				continue
			}
			if code, _ := d.do(tc.method, tc.path, tc.body, header); code != http.StatusForbidden {
				t.Errorf("%s by the token %q: %d", tc.name, who, code)
			}
		}
		if code, got := d.do(tc.method, tc.path, tc.body, tc.allowed); code/100 != 2 {
			t.Errorf("%s: %d %v", tc.name, code, got)
		}
	}
	all := d.token(console.RoleIntegration, console.Scopes()...)
	now, err := d.store.Cases.Head(t.Context(), "case1")
	must(t, err)
	for step, in := range map[string]any{"approve": body{"version": now.Version, "draft_hash": h.DraftHash}, "reject": body{"version": now.Version, "reason": "anders"},
		"drafts": body{"version": now.Version, "text": "Beste Kim, sorry. Groet, Iris"}, "ignore": body{}, "undo": body{}, "claim": body{}, "close": body{}, "hold": body{"held": true},
		"posted": body{"draft_hash": h.DraftHash}, "triage": body{"urgency": "low"}} {
		if code, got := d.do("POST", "/api/v1/cases/case1/"+step, in, all); code != http.StatusForbidden {
			t.Errorf("%s by a token with all scopes: %d %v", step, code, got)
		}
	}
	c, err = d.store.Load(t.Context(), "case2")
	must(t, err)
	if c.Head.Status != webcare.StatusClosed || c.WorkOrders[0].State != webcare.WorkOrderDone || c.Promises[0].State != webcare.PromiseKept {
		t.Errorf("%s, order %s, promise %s", c.Head.Status, c.WorkOrders[0].State, c.Promises[0].State)
	}
	if _, _, err := console.MakeToken(t.Context(), d.store, console.Token{Name: "x", Role: console.RoleMarketing, Scopes: []console.Scope{console.ScopeReadCases}}, d.now); err == nil {
		t.Error("marketing got a token that reads cases")
	}
}

// TestBooleansAreSpelledOut: what the schema calls a boolean is true or false.
func TestBooleansAreSpelledOut(t *testing.T) {
	d := newDesk(t)
	for value, want := range map[string]int{"true": 200, "false": 200, "0": 422, "T": 422, "": 422} {
		for _, path := range []string{"/api/v1/cases", "/api/v1/exports/cases"} {
			if code := d.send("GET", path+"?snoozed="+value, "", nil).Code; code != want {
				t.Errorf("%s?snoozed=%s: %d, want %d", path, value, code, want)
			}
		}
	}
}
