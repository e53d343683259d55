package console_test

import (
	"encoding/json"
	"strings"
	"testing"

	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/webcare"
)

func TestCustomerExportAndErasure(t *testing.T) {
	d := newDesk(t)
	d.inReview("case1", "x", webcare.Agent, nil)
	d.inReview("case2", "email", webcare.Agent, nil)
	const kim = "/api/v1/customers/x%2FKim"
	code, c := d.do("GET", kim, nil, nil)
	all, err := json.Marshal(c)
	must(t, err)
	if code != 200 || len(c["cases"].([]any)) != 1 || !strings.Contains(string(all), "drie weken te laat") || !strings.Contains(string(all), `"drafts":[{`) {
		t.Fatalf("%d %s", code, all)
	}
	if code, _ := d.do("GET", "/api/v1/customers/x%2FNobody", nil, nil); code != 404 {
		t.Errorf("nobody: %d", code)
	}
	if code, c := d.do("POST", "/api/v1/cases/case1/hold", map[string]any{"held": true}, nil); code != 200 {
		t.Fatalf("hold: %d %v", code, c)
	}
	if code, c := d.do("DELETE", kim, nil, nil); code != 409 || !strings.Contains(c["detail"].(string), "case1") {
		t.Fatalf("a held case: %d %v", code, c)
	}
	d.do("POST", "/api/v1/cases/case1/hold", map[string]any{"held": false}, nil)
	d.as.Authority, d.as.Role = webcare.Agent, console.RoleAgent
	if code, _ := d.do("DELETE", kim, nil, nil); code != 403 {
		t.Errorf("an agent erased: %d", code)
	}
	d.as.Authority, d.as.Role = webcare.Lead, console.RoleLead
	if code, c := d.do("DELETE", kim, nil, nil); code != 200 || c["cases"] != 1.0 {
		t.Fatalf("%d %v", code, c)
	}
	erased, err := d.store.Load(t.Context(), "case1")
	must(t, err)
	other, err := d.store.Load(t.Context(), "case2")
	must(t, err)
	if text, err := json.Marshal(erased); err != nil || strings.Contains(string(text), "Kim") || strings.Contains(string(text), "weken") {
		t.Errorf("left: %s", text)
	}
	if other.Messages[0].Value.Text == "" {
		t.Error("the case of a customer on another channel is gone too")
	}
	if code, _, _ := d.get("GET", "/cases/case1", nil); code != 200 {
		t.Errorf("the page of an erased case: %d", code)
	}
}

func TestFiguresAPI(t *testing.T) {
	d := newDesk(t)
	d.inReview("case1", "x", webcare.Agent, nil)
	d.tally()
	for _, path := range []string{"/api/v1/insights/figures", "/api/v1/insights/figures?by=main:late&days=7", "/api/v1/insights/figures?from=2026-11-01&to=2026-11-23"} {
		code, c := d.do("GET", path, nil, nil)
		rows, err := json.Marshal(c["rows"])
		must(t, err)
		if code != 200 || !strings.Contains(string(rows), `{"day":"2026-11-23","metric":"contact","n":1}`) {
			t.Errorf("%s: %d %s", path, code, rows)
		}
	}
	if code, _ := d.do("GET", "/api/v1/insights/figures?by=person:x", nil, nil); code != 422 {
		t.Errorf("an unknown dimension: %d", code)
	}
}
