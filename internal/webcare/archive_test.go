package webcare_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

var archiveDay = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// inReview stores a case with a draft, and returns it.
func inReview(t *testing.T, s webcare.Store, id, text string) *webcare.Case {
	t.Helper()
	ch := webcare.Begin(webcare.NewCase(webcare.CaseID(id), "b", "email"), archiveDay, webcare.Machine("test"))
	err := ch.Receive(webcare.Message{ID: webcare.MessageID(id), Key: webcare.Key{Channel: "email", ExternalID: id + "@example.org"}, Brand: "b",
		Thread: id, Author: webcare.Author{Name: "Kim", Address: "kim@example.org"}, Text: text, Visibility: webcare.Private, ReceivedAt: archiveDay})
	if err != nil {
		t.Fatal(err)
	}
	if err := ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint, Urgency: webcare.Normal, Language: "nl"}, ch.Head().InboundSeq, archiveDay.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := ch.RecordDraft(webcare.Draft{Text: "Het spijt ons. " + text, InboundSeq: ch.Head().InboundSeq, Authority: webcare.Agent}); err != nil {
		t.Fatal(err)
	}
	return saved(t, s, ch)
}

func saved(t *testing.T, s webcare.Store, ch *webcare.Change) *webcare.Case {
	t.Helper()
	h, err := s.Commit(t.Context(), ch)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Load(t.Context(), h.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// approved lets a person approve the case's draft.
func approved(t *testing.T, s webcare.Store, c *webcare.Case) *webcare.Case {
	t.Helper()
	ch := webcare.Begin(c, archiveDay, webcare.Actor{ID: "iris", Name: "Iris", Person: true, Authority: webcare.Lead})
	if err := ch.Approve(webcare.Consent{Version: c.Head.Version, Hash: c.Head.DraftHash}); err != nil {
		t.Fatal(err)
	}
	return saved(t, s, ch)
}

func quiet(int)       {}
func silent(int, int) {}

// TestArchive carries cases of every kind of running work to another store:
// history whole, running work left behind.
func TestArchive(t *testing.T) {
	from := porttest.NewMemory().Store()
	big := strings.Repeat("Nog steeds niets gehoord. ", 2000)
	inReview(t, from, "case-review", "Al drie weken te laat.")
	inReview(t, from, "case-big", big)
	approved(t, from, inReview(t, from, "case-approved", "Twee keer afgeschreven."))
	c := approved(t, from, inReview(t, from, "case-publishing", "Monteur kwam niet."))
	ch := webcare.Begin(c, archiveDay.Add(time.Minute), webcare.Machine("publish"))
	if _, err := ch.BeginAttempt(webcare.PublishClass{Timeout: time.Second}); err != nil {
		t.Fatal(err)
	}
	saved(t, from, ch)

	var file bytes.Buffer
	m, err := from.Export(t.Context(), &file, []string{"b"}, archiveDay, quiet)
	if err != nil || m.Cases != 4 {
		t.Fatalf("%+v, %v", m, err)
	}
	memory := porttest.NewMemory()
	to := memory.Store()
	for range 2 { // a restore may be repeated
		if _, err := to.Restore(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), archiveDay, silent); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range map[webcare.CaseID]webcare.Status{"case-review": webcare.StatusInReview, "case-big": webcare.StatusInReview,
		"case-approved": webcare.StatusInReview, "case-publishing": webcare.StatusAttention} {
		was, err := from.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		is, err := to.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if is.Head.Status != want || is.Head.Approval != nil || is.Head.Attempt != nil {
			t.Errorf("%s came back as %s, approval %v, attempt %v", id, is.Head.Status, is.Head.Approval, is.Head.Attempt)
		}
		if diff := cmp.Diff(was.Messages, is.Messages); diff != "" {
			t.Errorf("%s: messages differ:\n%s", id, diff)
		}
		if diff := cmp.Diff(was.Decisions, is.Decisions); diff != "" {
			t.Errorf("%s: decisions differ:\n%s", id, diff)
		}
		if len(is.Events) < len(was.Events) {
			t.Errorf("%s: %d events of %d", id, len(is.Events), len(was.Events))
		}
	}
	for _, task := range memory.Tasks() {
		if task.Stage == webcare.StagePublish {
			t.Errorf("running work was copied: %s", task.ID)
		}
	}
	if _, err := to.Cases.Claimed(t.Context(), webcare.MailClaim("case-big@example.org")); err != nil {
		t.Errorf("an answer by mail would not find its case: %v", err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	from := porttest.NewMemory().Store()
	inReview(t, from, "case-a", "Al drie weken te laat.")
	var file bytes.Buffer
	if _, err := from.Export(t.Context(), &file, []string{"b"}, archiveDay, quiet); err != nil {
		t.Fatal(err)
	}
	to := porttest.NewMemory().Store()
	for name, b := range map[string][]byte{"not a zip": []byte("this is a letter"), "cut short": file.Bytes()[:file.Len()/2], "empty": nil} {
		if _, err := to.Restore(t.Context(), bytes.NewReader(b), int64(len(b)), archiveDay, silent); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
