package review_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

func TestClaim(t *testing.T) {
	o := open(t, plain())
	version := o.load().Head.Version
	if _, err := o.Claim(t.Context(), caseID, agent); err != nil {
		t.Fatal(err)
	}
	held, err := o.Claim(t.Context(), caseID, senior)
	if !errors.Is(err, webcare.ErrConflict) || held.Name != "Iris" {
		t.Fatalf("while another holds it: %+v, %v", held, err)
	}
	o.now = o.now.Add(review.ClaimTerm - time.Second)
	if _, err := o.Claim(t.Context(), caseID, agent); err != nil {
		t.Fatalf("renewing: %v", err)
	}
	o.now = o.now.Add(review.ClaimTerm - time.Second)
	if err := o.Release(t.Context(), caseID, senior); err != nil {
		t.Fatal(err)
	}
	if h, err := o.Holder(t.Context(), caseID); err != nil || h.By != "iris" {
		t.Fatalf("released by another: %+v, %v", h, err)
	}
	o.now = o.now.Add(2 * time.Second)
	if h, err := o.Claim(t.Context(), caseID, senior); err != nil || h.By != "sem" {
		t.Fatalf("after its term: %+v, %v", h, err)
	}
	if err := o.Release(t.Context(), caseID, senior); err != nil {
		t.Fatal(err)
	}
	if h, err := o.Holder(t.Context(), caseID); err != nil || h.By != "" {
		t.Fatalf("released: %+v, %v", h, err)
	}
	if v := o.load().Head.Version; v != version {
		t.Fatalf("claims raised the version to %d", v)
	}
}

func TestOneOfManyClaims(t *testing.T) {
	o := open(t, plain())
	var wg sync.WaitGroup
	won := make([]bool, 40)
	for i := range won {
		wg.Go(func() {
			_, err := o.Claim(t.Context(), caseID, webcare.Actor{ID: string(rune('a' + i)), Name: "x", Person: true})
			if err != nil && !errors.Is(err, webcare.ErrConflict) {
				t.Error(err)
			}
			won[i] = err == nil
		})
	}
	wg.Wait()
	n := 0
	for _, w := range won {
		if w {
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%d hold it", n)
	}
}

// TestEditsSurvive: what a person typed outlives new messages, new drafts and
// other people, and goes when it has been sent.
func TestEditsSurvive(t *testing.T) {
	o := open(t, plain())
	version := o.load().Head.Version
	for _, words := range []string{"Beste", "Beste Sanne"} {
		if err := o.SaveEdit(t.Context(), caseID, agent, review.Edit{Text: words, Hash: o.load().Head.DraftHash}); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.SaveEdit(t.Context(), caseID, senior, review.Edit{Text: "Anders"}); err != nil {
		t.Fatal(err)
	}
	if v := o.load().Head.Version; v != version {
		t.Fatalf("typing raised the version to %d", v)
	}
	o.receive("2", "Hallo?")
	o.now = o.now.Add(review.EditTerm - time.Hour)
	if e, err := o.LoadEdit(t.Context(), caseID, agent); err != nil || e == nil || e.Text != "Beste Sanne" {
		t.Fatalf("%+v, %v", e, err)
	}
	o.now = o.now.Add(2 * time.Hour)
	if e, err := o.LoadEdit(t.Context(), caseID, agent); err != nil || e != nil {
		t.Fatalf("after its term: %+v, %v", e, err)
	}
}

func TestSentEditIsGone(t *testing.T) {
	o := open(t, plain())
	if err := o.SaveEdit(t.Context(), caseID, agent, review.Edit{Text: "Beste"}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(agent, nil); err != nil {
		t.Fatal(err)
	}
	if e, err := o.LoadEdit(t.Context(), caseID, agent); err != nil || e != nil {
		t.Fatalf("%+v, %v", e, err)
	}
}
