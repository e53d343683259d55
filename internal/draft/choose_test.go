package draft

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

func TestChoice(t *testing.T) {
	for _, c := range []struct {
		id         string
		change     func(*webcare.DraftRequest)
		resolution string
		cents      int64
		authority  webcare.Authority
		params     map[string]string
	}{
		{id: "nl-late-review", resolution: "late_fixed_day", authority: webcare.Agent},
		{id: "nl-late-review", change: signal(webcare.RepeatContact), resolution: "late_again", cents: 1000, authority: webcare.Agent, params: map[string]string{"gesture": "€ 10"}},
		{id: "nl-late-review", change: func(r *webcare.DraftRequest) {
			signal(webcare.RepeatContact)(r)
			signal(webcare.LegalThreat)(r)
		}, resolution: "late_fixed_day", authority: webcare.Lead},
		{id: "nl-refund-x", resolution: "refund_amount", cents: 7495, authority: webcare.Senior, params: map[string]string{"amount": "€74,95"}},
		{id: "nl-refund-part-facebook", resolution: "refund_amount", cents: 2300, authority: webcare.Agent, params: map[string]string{"amount": "€23"}},
		{id: "nl-mail-legal", resolution: "refund_check", authority: webcare.Lead},
		{id: "nl-fraud-x", resolution: "account_lock", authority: webcare.Senior},
		{id: "en-danger-facebook", resolution: "defect_danger", authority: webcare.Senior},
		{id: "nl-defect-urgent-x", resolution: "defect_now", authority: webcare.Agent},
		{id: "nl-sentaround-facebook", resolution: "defect_again", authority: webcare.Agent},
		{id: "nl-unsub-x", resolution: "unsubscribe", authority: webcare.Agent},
		{id: "nl-praise-x", resolution: "pass_on_praise", authority: webcare.Agent},
		{id: "nl-question-x", resolution: "answer_question", authority: webcare.Agent},
		{id: "nl-suggestion-mastodon", resolution: "pass_on_idea", authority: webcare.Agent},
		{id: "nl-late-review", change: func(r *webcare.DraftRequest) { r.Resolution = "general_owner" }, resolution: "general_owner", authority: webcare.Agent},
	} {
		req := named(t, c.id).request()
		if c.change != nil {
			c.change(&req)
		}
		d, err := (Playbook{}).Draft(context.Background(), req)
		if err != nil {
			t.Errorf("%s: %v", c.id, err)
			continue
		}
		if d.Resolution.ID != c.resolution || d.Resolution.CostCents != c.cents || d.Authority != c.authority {
			t.Errorf("%s: %s at %d cents by %s, want %s at %d by %s", c.id, d.Resolution.ID, d.Resolution.CostCents, d.Authority, c.resolution, c.cents, c.authority)
		}
		for name, want := range c.params {
			if d.Resolution.Params[name] != want {
				t.Errorf("%s: %s is %q, want %q", c.id, name, d.Resolution.Params[name], want)
			}
		}
	}
}

func signal(s webcare.Signal) func(*webcare.DraftRequest) {
	return func(r *webcare.DraftRequest) { r.Triage.Signals = append(slices.Clone(r.Triage.Signals), s) }
}

func TestResolutionOfAPersonNeedsItsFacts(t *testing.T) {
	req := named(t, "nl-late-review").request()
	for _, id := range []string{"refund_amount", "no-such-thing"} {
		req.Resolution = id
		if _, err := (Playbook{}).Draft(context.Background(), req); err == nil || !strings.Contains(err.Error(), id) {
			t.Errorf("Draft with resolution %q: %v, want an error that names it", id, err)
		}
	}
}

func TestPromisesCarryTheWorkOrders(t *testing.T) {
	req := named(t, "nl-late-review").request()
	signal(webcare.RepeatContact)(&req)
	d, err := (Playbook{}).Draft(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	due := time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC)
	if len(d.Promises) != 2 || d.Promises[0].Owner != "Sanne" || d.Promises[0].Desk != "delivery" || !d.Promises[0].Due.Equal(due) ||
		d.Promises[1].Desk != "finance" {
		t.Errorf("promises %+v, want Sanne's with delivery, due %s, and one of finance", d.Promises, due)
	}
	if len(d.Resolution.Checks) == 0 {
		t.Error("no check to tick")
	}
}
