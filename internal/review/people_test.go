package review_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

func TestCalled(t *testing.T) {
	for text, want := range map[string][]string{
		"@Sem kijk jij mee?":             {"sem"},
		"Graag @iris-k en (@Noor) samen": {"iris-k", "noor"},
		"mail naar klant@voorbeeld.nl":   nil,
		"@ niemand":                      nil,
		"@Zoë":                           {"zoë"},
	} {
		if got := review.Called(text); !slices.Equal(got, want) {
			t.Errorf("Called(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMention(t *testing.T) {
	o := open(t, plain())
	for _, p := range []webcare.Actor{agent, senior} {
		if err := o.Know(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Note(t.Context(), caseID, agent, "@sem wil jij dit zien? @niemand"); err != nil {
		t.Fatal(err)
	}
	got, err := o.Mentions(t.Context(), senior)
	if err != nil || len(got) != 1 || got[0].Case != caseID || got[0].By != "Iris" {
		t.Fatalf("mentions = %+v, %v", got, err)
	}
	if mine, err := o.Mentions(t.Context(), agent); err != nil || len(mine) != 0 {
		t.Errorf("who wrote is called: %+v, %v", mine, err)
	}
	if err := o.SeeMention(t.Context(), caseID, senior); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Mentions(t.Context(), senior); err != nil || len(got) != 0 {
		t.Errorf("after seeing: %+v, %v", got, err)
	}
}

func TestPresenceEnds(t *testing.T) {
	o := open(t, plain())
	for _, p := range []webcare.Actor{agent, senior} {
		if err := o.Be(t.Context(), p, caseID); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := o.Present(t.Context()); err != nil || len(got) != 2 {
		t.Fatalf("present = %+v, %v", got, err)
	}
	if err := o.Leave(t.Context(), senior, "another"); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Present(t.Context()); err != nil || len(got) != 2 {
		t.Fatalf("leaving another case ended this presence: %+v, %v", got, err)
	}
	if err := o.Leave(t.Context(), senior, caseID); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Present(t.Context()); err != nil || len(got) != 1 || got[0].By != agent.ID {
		t.Fatalf("after leaving: %+v, %v", got, err)
	}
	o.now = o.now.Add(review.ClaimTerm + time.Second)
	if got, err := o.Present(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("after the term: %+v, %v", got, err)
	}
}

func TestViews(t *testing.T) {
	o := open(t, plain())
	for _, v := range []review.View{{Name: "Kritiek op X", Query: "urgency=critical&channel=x"}, {Name: "kritiek op x", Query: "channel=x"}} {
		if err := o.SaveView(t.Context(), agent, v); err != nil {
			t.Fatal(err)
		}
	}
	got, err := o.Views(t.Context(), agent)
	if err != nil || len(got) != 1 || got[0].Query != "channel=x" {
		t.Errorf("views = %+v, %v", got, err)
	}
	if err := o.SaveView(t.Context(), agent, review.View{Name: "  "}); !errors.Is(err, webcare.ErrInvalid) {
		t.Errorf("a view without a name: %v", err)
	}
	if err := o.DropView(t.Context(), agent, "KRITIEK OP X"); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Views(t.Context(), agent); err != nil || len(got) != 0 {
		t.Errorf("after dropping: %+v, %v", got, err)
	}
}

func TestBulkAndUndo(t *testing.T) {
	for _, b := range []review.Bulk{
		{Step: "ignore", Reason: "dubbel"}, {Step: "assign", Value: "sem"}, {Step: "tag", Value: "storing"},
	} {
		t.Run(b.Step, func(t *testing.T) {
			o := open(t, plain())
			before := o.load().Head
			b.Cases = []webcare.CaseID{caseID, "gone"}
			done, err := o.Bulk(t.Context(), agent, b, rand.Reader)
			if err != nil || len(done.Changed) != 1 || len(done.Skipped) != 1 || done.Skipped[0].Case != "gone" {
				t.Fatalf("done = %+v, %v", done, err)
			}
			if after := o.load().Head; after.Version == before.Version {
				t.Fatal("nothing changed")
			}
			if left, err := o.UndoBulk(t.Context(), agent, done.ID); err != nil || left != 0 {
				t.Fatalf("undo: %d left, %v", left, err)
			}
			h := o.load().Head
			if h.Status != before.Status || h.DraftHash != before.DraftHash || h.Assignee != before.Assignee || len(h.Tags) != len(before.Tags) || !h.DueAt.Equal(before.DueAt) {
				t.Errorf("after undo %+v, before %+v", h, before)
			}
			if _, err := o.UndoBulk(t.Context(), agent, done.ID); !errors.Is(err, webcare.ErrNotFound) {
				t.Errorf("undone twice: %v", err)
			}
		})
	}
}

func TestBulkLeavesWhatChangedSince(t *testing.T) {
	o := open(t, plain())
	done, err := o.Bulk(t.Context(), agent, review.Bulk{Step: "assign", Value: "sem", Cases: []webcare.CaseID{caseID}}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Assign(t.Context(), caseID, senior, 0, "lea"); err != nil {
		t.Fatal(err)
	}
	if left, err := o.UndoBulk(t.Context(), agent, done.ID); err != nil || left != 1 {
		t.Fatalf("undo: %d left, %v", left, err)
	}
	if got := o.load().Head.Assignee; got != "lea" {
		t.Errorf("assignee = %q: the later step was lost", got)
	}
}

func TestBulkNeverSetsCriticalAside(t *testing.T) {
	o := open(t, plain())
	if _, err := o.Correct(t.Context(), caseID, agent, 0, webcare.Correction{Urgency: webcare.Critical}); err != nil {
		t.Fatal(err)
	}
	done, err := o.Bulk(t.Context(), agent, review.Bulk{Step: "ignore", Cases: []webcare.CaseID{caseID}}, rand.Reader)
	if err != nil || len(done.Changed) != 0 || len(done.Skipped) != 1 || done.Skipped[0].Why != review.SkippedCritical {
		t.Errorf("done = %+v, %v", done, err)
	}
	if _, err := o.Bulk(t.Context(), agent, review.Bulk{Step: "approve", Cases: []webcare.CaseID{caseID}}, rand.Reader); !errors.Is(err, webcare.ErrInvalid) {
		t.Errorf("approving in bulk: %v", err)
	}
}
