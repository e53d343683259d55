package review_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// TestMailCap lets one correspondent get MailCap replies a day; more take a
// word of the approver, and the next day counts anew.
func TestMailCap(t *testing.T) {
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	d := &review.Desk{Store: porttest.NewMemory().Store(), Brands: brands, Now: func() time.Time { return now },
		Assisted: func(string, string) bool { return false }}
	iris := webcare.Actor{ID: "iris", Name: "Iris", Person: true, Authority: webcare.Lead}
	approve := func(n int, overrides ...string) error {
		t.Helper()
		id := webcare.CaseID(fmt.Sprintf("case%d", n))
		ch := webcare.Begin(webcare.NewCase(id, brand.Sample().ID, "email"), now, webcare.Machine("test"))
		m := webcare.Message{ID: "m", Key: webcare.Key{Channel: "email", ExternalID: string(id)}, Author: webcare.Author{Address: "Robot@example.org"},
			Text: "Re: Re: Re:", Visibility: webcare.Private, ReceivedAt: now, ReplyTo: webcare.ReplyTarget{Recipients: []string{"Robot@example.org"}}}
		if err := ch.Receive(m); err != nil {
			t.Fatal(err)
		}
		in := ch.Head().InboundSeq
		if err := ch.Triaged(webcare.Triage{Kind: webcare.KindQuestion, Language: "nl"}, in, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := ch.RecordDraft(webcare.Draft{Text: "Dag.", InboundSeq: in, ReplyTo: m.ReplyTo, Authority: webcare.Agent}); err != nil {
			t.Fatal(err)
		}
		h, err := d.Store.Commit(t.Context(), ch)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Approve(t.Context(), id, iris, review.Approval{Version: h.Version, Hash: h.DraftHash, Overrides: overrides})
		return err
	}
	for n := range review.MailCap {
		if err := approve(n); err != nil {
			t.Fatalf("reply %d: %v", n+1, err)
		}
	}
	var findings *review.FindingsError
	if err := approve(100); !errors.As(err, &findings) || findings.Findings[0].Rule != review.MailCapRule {
		t.Fatalf("one more: %v", err)
	}
	if err := approve(101, review.MailCapRule); err != nil {
		t.Fatalf("overridden: %v", err)
	}
	now = now.AddDate(0, 0, 1)
	if err := approve(102); err != nil {
		t.Fatalf("the next day: %v", err)
	}
}
