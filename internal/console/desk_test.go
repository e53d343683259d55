package console_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/webcare"
)

// links take one signature for good.
type links struct{}

func (links) Check(_ context.Context, _ webcare.CaseID, _, signature string) error {
	if signature != "right" {
		return webcare.NotFoundf("no work order has this address")
	}
	return nil
}

// TestDeskAnswersByLink: whoever has the address answers the order, once, signed
// in or not, and sees nothing of the customer.
func TestDeskAnswersByLink(t *testing.T) {
	d := newDesk(t, func(c *console.Config) { c.DeskLinks = links{} })
	d.answered("case1", webcare.Promised{What: "geld terug", Owner: "Betalingen", Due: d.now.Add(48 * time.Hour), Desk: "finance", Instruction: "Betaal € 25 terug"})
	c, err := d.store.Load(t.Context(), "case1")
	must(t, err)
	d.as = console.User{}
	path := "/desk/case1/" + c.WorkOrders[0].ID + "/"
	if code, _, _ := d.get("GET", path+"wrong", nil); code != 404 {
		t.Fatalf("a wrong signature: %d", code)
	}
	code, body, h := d.get("GET", path+"right", nil)
	if code != 200 || !strings.Contains(body, "Betaal € 25 terug") || strings.Contains(body, "Kim") || h.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("%d %v\n%s", code, h, body)
	}
	if code, _, _ := d.get("POST", path+"right", url.Values{"done": {"no"}}); code != 422 && code != 400 {
		t.Errorf("without a reason: %d", code)
	}
	if code, _, _ := d.get("POST", path+"right", url.Values{"done": {"no"}, "text": {"rekening onbekend"}}); code != 303 {
		t.Fatal(code)
	}
	if code, _, _ := d.get("POST", path+"right", url.Values{"done": {"yes"}, "text": {"toch"}}); code != 409 {
		t.Errorf("a second answer: %d", code)
	}
	c, err = d.store.Load(t.Context(), "case1")
	must(t, err)
	if c.Head.Status != webcare.StatusAttention || !strings.Contains(c.Head.Attention, "rekening onbekend") || c.Notes[0].Value.By.ID != "desk/finance" {
		t.Errorf("%s %q", c.Head.Status, c.Head.Attention)
	}
	if _, body, _ := d.get("GET", path+"right", nil); !strings.Contains(body, "geweigerd") || strings.Contains(body, "<form method=\"post\" class=\"stack\"") {
		t.Errorf("after the answer:\n%s", body)
	}
}
