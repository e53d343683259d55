package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// secret stands in everything that is about the customer to be erased; the
// terms of a search index are its own.
const secret = "geheimzeven"

// person writes a case into which a customer's words went in every place that
// there is.
func person(t *testing.T, s webcare.Store, id webcare.CaseID, who, word string, held bool) {
	t.Helper()
	now := porttest.Start
	lea := webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	raw := webcare.BlobName(string(id) + "/raw/1")
	must(s.Blobs.Put(t.Context(), raw, []byte("Subject: "+word)))
	must(s.Blobs.Put(t.Context(), webcare.BlobName(string(id)+"/file/2"), bytes.Repeat([]byte(word), 5000)))
	step := func(do func(*webcare.Change) error) {
		t.Helper()
		c, err := s.Load(t.Context(), id)
		if errors.Is(err, webcare.ErrNotFound) {
			c, err = webcare.NewCase(id, "b", "email"), nil
		}
		must(err)
		ch := webcare.Begin(c, now, lea)
		must(do(ch))
		_, err = s.Commit(t.Context(), ch)
		must(err)
		now = now.Add(time.Minute)
	}
	m := webcare.Message{ID: "m", Key: webcare.Key{Channel: "email", ExternalID: "<" + word + string(id) + "@example.com>"}, Brand: "b", Thread: "t-" + word + string(id), Raw: raw,
		Author: webcare.Author{Name: word, Handle: "@" + word, Address: who}, Subject: "Over " + word, Text: word + strings.Repeat(" en verder", 2000), History: word,
		URL: "https://example.com/" + word, PostedAt: now, ReceivedAt: now, Attachments: []webcare.Attachment{{Name: word + ".pdf", Blob: webcare.BlobName(string(id) + "/file/2")}}}
	step(func(ch *webcare.Change) error { return ch.Receive(m) })
	step(func(ch *webcare.Change) error {
		span := []webcare.Span{{Text: word}}
		return ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint, Language: "nl", Sentiment: webcare.Sentiment{Label: webcare.Negative}, Disagreement: word, Praise: span,
			Frictions: []webcare.Friction{{Type: webcare.Late, Evidence: span}}, Facts: []webcare.Fact{{Text: word}}, Signals: []webcare.Signal{webcare.VulnerableCustomer}},
			ch.Head().InboundSeq, now.Add(time.Hour))
	})
	step(func(ch *webcare.Change) error { return ch.AddNote("let op " + word) })
	d := webcare.Draft{Text: "Beste " + word, Resolution: &webcare.Resolution{ID: "visit", CostCents: 900, Params: map[string]string{"name": word}},
		Promises: []webcare.Promised{{What: "bel " + word, Owner: "Lea", Due: now.Add(time.Hour), Desk: "finance", Instruction: "betaal " + word}}}
	step(func(ch *webcare.Change) error { return ch.WriteDraft(ch.Head().Version, d) })
	step(func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Assisted: true})
	})
	step(func(ch *webcare.Change) error {
		return ch.PostedByHand(ch.Head().DraftHash, "https://example.com/reply/"+word)
	})
	c, err := s.Load(t.Context(), id)
	must(err)
	step(func(ch *webcare.Change) error { return ch.EndWorkOrder(c.WorkOrders[0].ID, true, "kenmerk "+word) })
	_ = s.Records.Put(t.Context(), webcare.Record{Kind: "mailcap", Key: "b/2026-03-02/" + strings.ToLower(who), Body: []byte("1")}, now) // a second case finds it
	must(s.Search.Index(t.Context(), webcare.Document{Brand: "b", Case: id, Set: "case", Terms: map[string]int{word: 1, "customer:email/" + who: 1}, Size: 2}))
	must(s.Search.Index(t.Context(), webcare.Document{Brand: "b", Case: id, Set: "example", Terms: map[string]int{word: 1}, Size: 1}))
	must(s.Records.Put(t.Context(), webcare.Record{Kind: "edit", Key: string(id) + "/lea", Body: []byte(`{"text":"` + word + `"}`)}, now))
	dead := webcare.Task{ID: "dead/" + string(id), Stage: webcare.StageDraft, CaseID: id, RunAt: now, Data: map[string]string{"instruction": word}}
	must(s.Tasks.Put(t.Context(), dead))
	leased, err := s.Tasks.Take(t.Context(), dead.ID, now, now.Add(time.Minute))
	must(err)
	must(s.Tasks.Fail(t.Context(), leased, "cannot read "+word, now, true))
	if held {
		c, err := s.Load(t.Context(), id)
		must(err)
		h := c.Head
		h.Held = true
		must(s.Cases.Save(t.Context(), webcare.Save{Head: h}))
	}
}

// grep counts a word in the bytes of all files of a folder.
func grep(t *testing.T, dir, word string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		n += bytes.Count(bytes.ToLower(b), []byte(word))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestErase: after the erasure of a customer no byte of them is in the
// folder, the others' are, and the numbers stand.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	s := webcare.Store{Ports: db.Ports()}
	person(t, s, "case1", secret+"@example.com", secret, false)
	person(t, s, "case2", strings.ToUpper(secret)+"@example.com", secret, false)
	person(t, s, "case3", "blijfacht@example.com", "blijfacht", false)
	for cursor := ""; ; {
		events, next, err := s.Events.After(t.Context(), cursor, 100)
		if err != nil {
			t.Fatal(err)
		}
		if cursor = next; len(events) == 0 {
			break
		}
		for _, e := range events {
			if err := s.Tallies.Add(t.Context(), e.ID, insight.Deltas(e)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if grep(t, dir, secret) < 50 {
		t.Fatal("the customer's words are not in the folder to begin with")
	}
	now := porttest.Start.Add(24 * time.Hour)
	var forgotten []webcare.CaseID
	n, err := s.EraseCustomer(t.Context(), "b", webcare.CustomerID("email/"+secret+"@example.com"), now,
		func(_ context.Context, id webcare.CaseID) error { forgotten = append(forgotten, id); return nil })
	if err != nil || n != 2 || len(forgotten) != 2 {
		t.Fatalf("%d cases, forgotten %v: %v", n, forgotten, err)
	}
	if left := grep(t, dir, secret); left != 0 {
		t.Errorf("%d times in the open folder", left)
	}
	if grep(t, dir, "blijfacht") < 20 {
		t.Error("another customer's words are gone too")
	}
	c, err := s.Load(t.Context(), "case1")
	if err != nil || c.Head.Status != webcare.StatusClosed || c.Head.Frictions[0] != webcare.Late || c.Head.ErasedAt.IsZero() || c.Promises[0].State != webcare.PromiseKept {
		t.Fatalf("%+v %v", c.Head, err)
	}
	again, err := s.WasErased(t.Context(), webcare.MessageClaim("b", webcare.Key{Channel: "email", ExternalID: "<" + secret + "case1@example.com>"}, 0), now)
	if err != nil || !again {
		t.Fatalf("the message may come in again: %v", err)
	}
	got, err := insight.Recount(t.Context(), s.Ports, func(int) {})
	if err != nil || len(got.Wrong) != 0 || got.Events < 30 {
		t.Fatalf("the numbers: %+v %v", got, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if left := grep(t, dir, secret); left != 0 {
		t.Errorf("%d times in the closed folder", left)
	}
}

// TestEraseAfterRestore: what an older backup brings back goes again.
func TestEraseAfterRestore(t *testing.T) {
	from := webcare.Store{Ports: open(t, t.TempDir()).Ports()}
	person(t, from, "case1", secret+"@example.com", secret, false)
	person(t, from, "case3", "blijfacht@example.com", "blijfacht", false)
	var backup bytes.Buffer
	now := porttest.Start.Add(24 * time.Hour)
	if _, err := from.Export(t.Context(), &backup, []string{"b"}, now, func(int) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := from.EraseCustomer(t.Context(), "b", webcare.CustomerID("email/"+secret+"@example.com"), now, nil); err != nil {
		t.Fatal(err)
	}
	notes, err := from.Erasures(t.Context(), now)
	if err != nil || len(notes) != 1 || strings.Contains(fmt.Sprint(notes), secret) {
		t.Fatalf("%v %v", notes, err)
	}
	dir := t.TempDir()
	to := webcare.Store{Ports: open(t, dir).Ports()}
	if _, err := to.Restore(t.Context(), bytes.NewReader(backup.Bytes()), int64(backup.Len()), now, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if grep(t, dir, secret) == 0 {
		t.Fatal("the backup did not bring it back")
	}
	if n, err := to.EraseAgain(t.Context(), []string{"b"}, notes, now, nil); err != nil || n != 1 {
		t.Fatalf("%d cases: %v", n, err)
	}
	if left := grep(t, dir, secret); left != 0 {
		t.Errorf("%d times after erasing again", left)
	}
	if grep(t, dir, "blijfacht") == 0 {
		t.Error("another customer's words are gone too")
	}
}

// TestHoldAndRetention: a hold suspends erasure; ended cases expire, others do not.
func TestHoldAndRetention(t *testing.T) {
	s := webcare.Store{Ports: open(t, t.TempDir()).Ports()}
	person(t, s, "case1", "a@example.com", "eerste", true)
	person(t, s, "case2", "b@example.com", "tweede", false)
	now := porttest.Start.AddDate(3, 0, 0)
	var held *webcare.HeldError
	if n, err := s.EraseCustomer(t.Context(), "b", "email/a@example.com", now, nil); !errors.As(err, &held) || !errors.Is(err, webcare.ErrConflict) || n != 0 || held.Cases[0] != "case1" {
		t.Fatalf("%d %v", n, err)
	}
	if n, err := s.Expire(t.Context(), "b", now.AddDate(-2, 0, 0), now, nil); n != 0 || err != nil {
		t.Fatalf("answered cases expired: %d %v", n, err)
	}
	for _, id := range []webcare.CaseID{"case1", "case2"} {
		c, err := s.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		ch := webcare.Begin(c, porttest.Start.AddDate(0, 1, 0), webcare.Machine("test"))
		if err := ch.Close(""); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(t.Context(), ch); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Expire(t.Context(), "b", porttest.Start, now, nil); n != 0 || err != nil {
		t.Fatalf("within the term: %d %v", n, err)
	}
	for i, want := range []int{1, 0} {
		if n, err := s.Expire(t.Context(), "b", now.AddDate(-2, 0, 0), now, nil); n != want || err != nil {
			t.Fatalf("round %d: %d %v", i, n, err)
		}
	}
}
