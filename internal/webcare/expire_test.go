package webcare_test

import (
	"errors"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestDraftExpires: a draft whose dates have passed cannot be approved, and is
// written anew; a person's own words are left to the person.
func TestDraftExpires(t *testing.T) {
	iris := webcare.Actor{ID: "iris", Name: "Iris", Person: true, Authority: webcare.Lead}
	due := archiveDay.Add(24 * time.Hour)
	promising := func(c *webcare.Case) webcare.Draft {
		return webcare.Draft{Text: "Uiterlijk morgen hoor je van ons.", InboundSeq: c.Head.InboundSeq, Authority: webcare.Agent,
			Promises: []webcare.Promised{{What: "Bericht", Due: due, Owner: "Iris"}}}
	}
	for _, byPerson := range []bool{false, true} {
		memory := porttest.NewMemory()
		s := memory.Store()
		c := inReview(t, s, "case-a", "Al drie weken te laat.")
		ch := webcare.Begin(c, archiveDay, iris)
		write := ch.RecordDraft
		if byPerson {
			write = func(d webcare.Draft) error { return ch.WriteDraft(c.Head.Version, d) }
		}
		if err := write(promising(c)); err != nil {
			t.Fatal(err)
		}
		c = saved(t, s, ch)

		late := webcare.Begin(c, due, iris)
		if err := late.Approve(webcare.Consent{Version: c.Head.Version, Hash: c.Head.DraftHash}); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("approved after its date: %v", err)
		}
		fall := webcare.Begin(c, due, webcare.Machine("followup"))
		if err := fall.FallDue(); err != nil {
			t.Fatal(err)
		}
		c = saved(t, s, fall)
		want := webcare.StatusTriaged
		if byPerson {
			want = webcare.StatusInReview
		}
		if c.Head.Status != want {
			t.Errorf("by a person %v: the case is %s, want %s", byPerson, c.Head.Status, want)
		}
		redraft := 0
		for _, task := range memory.Tasks() {
			if task.Stage == webcare.StageDraft && task.RunAt.Equal(due) {
				redraft++
			}
		}
		if (redraft == 1) == byPerson {
			t.Errorf("by a person %v: %d tasks for a new draft", byPerson, redraft)
		}
	}
}
