package webcare_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

var update = flag.Bool("update", false, "store today's rows as a new version beside the earlier ones")

// row is what a store holds of one case: its head and one child of every kind.
type row struct {
	Head     webcare.Head `json:"head"`
	Children []childRow   `json:"children"`
}

// childRow is a webcare.Child whose body can be read in review.
type childRow struct {
	webcare.Child
	Body json.RawMessage `json:"body"`
}

// today returns a case that has been through everything once.
func today(t *testing.T) (row, *webcare.Case) {
	t.Helper()
	mem := porttest.NewMemory()
	s := mem.Store()
	now := porttest.Start
	step := func(by webcare.Actor, do func(*webcare.Change) error) webcare.Head {
		t.Helper()
		c, err := s.Load(t.Context(), "case1")
		if errors.Is(err, webcare.ErrNotFound) {
			c, err = webcare.NewCase("case1", "voorbeeld", "email"), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
		ch := webcare.Begin(c, now, by)
		if err := do(ch); err != nil {
			t.Fatal(err)
		}
		h, err := s.Commit(t.Context(), ch)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	lea := webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}
	machine := webcare.Machine("test")
	step(machine, func(ch *webcare.Change) error { return ch.Receive(fullMessage()) })
	step(machine, func(ch *webcare.Change) error {
		return ch.Triaged(fullTriage(), ch.Head().InboundSeq, now.Add(8*time.Hour))
	})
	d := fullDraft(now)
	step(machine, func(ch *webcare.Change) error {
		d.InboundSeq = ch.Head().InboundSeq
		return ch.RecordDraft(d)
	})
	step(lea, func(ch *webcare.Change) error { return ch.AddNote("Bel ook de bezorger.") })
	yes := true
	step(lea, func(ch *webcare.Change) error {
		return ch.Correct(webcare.Correction{Frictions: []webcare.FrictionType{webcare.Late}, Sentiment: webcare.Mixed, Urgency: webcare.High, Complaint: &yes})
	})
	step(lea, func(ch *webcare.Change) error { return ch.Tag([]string{"bezorging", "herhaald"}) })
	step(lea, func(ch *webcare.Change) error {
		h := ch.Head()
		return ch.Approve(webcare.Consent{Version: h.Version, Hash: h.DraftHash, Overrides: []string{"14-tone"}, Ticked: []string{"order gezien"}})
	})
	var a webcare.Attempt
	step(machine, func(ch *webcare.Change) (err error) {
		a, err = ch.BeginAttempt(webcare.PublishClass{Timeout: 20 * time.Second})
		return err
	})
	step(machine, func(ch *webcare.Change) error {
		return ch.Conclude(a.Key, a.N, webcare.OutcomePosted, webcare.Receipt{ExternalID: "<r1@voorbeeld.nl>", URL: "https://voorbeeld.nl/r1"}, "", time.Time{})
	})
	step(lea, func(ch *webcare.Change) error { return ch.EndWorkOrder("w5-1", true, "RF-2026-17") })
	step(lea, func(ch *webcare.Change) error { return ch.Wait("customer", now.Add(48*time.Hour)) })
	c, err := s.Load(t.Context(), "case1")
	if err != nil {
		t.Fatal(err)
	}
	children, more, err := s.Cases.Children(t.Context(), "case1", 0, 1000)
	if err != nil || more {
		t.Fatal(err, more)
	}
	r := row{Head: c.Head}
	for _, ch := range children {
		r.Children = append(r.Children, childRow{ch, ch.Body})
	}
	return r, c
}

func fullMessage() webcare.Message {
	at := porttest.Start
	return webcare.Message{ID: "case1-1", Key: webcare.Key{Channel: "email", ExternalID: "<m1@example.com>"}, Brand: "voorbeeld", Thread: "t1",
		Author: webcare.Author{Name: "Sanne de Vries", Handle: "@sanne", Address: "sanne@example.com"}, Subject: "Pakket", Text: "Waar blijft mijn pakket? Order 12345.",
		History: "> eerder", Language: "nl", Visibility: webcare.Private, URL: "https://example.com/1",
		ReplyTo: webcare.ReplyTarget{ExternalID: "<m1@example.com>", Root: "<m0@example.com>", References: []string{"<m0@example.com>"},
			Recipients: []string{"sanne@example.com"}, URL: "https://example.com/1"},
		PostedAt: at, ReceivedAt: at, Attachments: []webcare.Attachment{{Name: "bon.pdf", MediaType: "application/pdf", Size: 8, Blob: "case1/file/1"}},
		Raw: "case1/raw/1", Warnings: []string{"charset guessed"}, Stars: 2, Digest: "d1"}
}

func fullTriage() webcare.Triage {
	return webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, ComplaintScore: 0.97,
		Sentiment: webcare.Sentiment{Score: -0.5, Label: webcare.Negative}, Urgency: webcare.Normal,
		Frictions: []webcare.Friction{{Type: webcare.Late, Family: "time_place", Score: 0.9, Evidence: []webcare.Span{{Start: 0, End: 24, Text: "Waar blijft mijn pakket?"}}}},
		Signals:   []webcare.Signal{webcare.RepeatContact}, Praise: []webcare.Span{{Start: 0, End: 4, Text: "Waar"}},
		Facts:  []webcare.Fact{{Kind: webcare.FactNumber, Text: "12345", Start: 31, End: 36}},
		Engine: "offline/1", Disagreement: "sentiment"}
}

func fullDraft(now time.Time) webcare.Draft {
	return webcare.Draft{Text: "Excuses, Sanne. Je krijgt € 5 terug. Lea", PrivateText: "Over je order 12345.", Language: "nl", Subject: "Re: Pakket",
		Visibility: webcare.Private, ReplyTo: fullMessage().ReplyTo, Attachments: fullMessage().Attachments,
		Resolution: &webcare.Resolution{ID: "refund", CostCents: 500, Authority: webcare.Senior, Params: map[string]string{"amount": "€ 5"}, Checks: []string{"order gezien"}},
		Promises: []webcare.Promised{{What: "€ 5 terugstorten", Due: now.Add(72 * time.Hour), Owner: "Lea", Desk: "finance", Instruction: "Stort € 5", Before: true},
			{What: "bellen", Due: now.Add(24 * time.Hour), Owner: "Lea"}},
		Findings: []webcare.Finding{{Rule: "14-tone", Severity: webcare.Warning, Message: "een grap", Start: 1, End: 4, Field: "private_text"}},
		Engine:   "playbook/1", SignedBy: "Lea", Authority: webcare.Senior, LLMCostMicros: 12, LLMTokens: 34, Instruction: "korter"}
}

// TestYesterdaysRows: rows that earlier versions stored load today, and mean
// what they meant. -update stores today's as a further version; those that
// stand are never written again.
func TestYesterdaysRows(t *testing.T) {
	const dir = "testdata/rows-v1"
	if *update {
		storeToday(t, dir)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no stored rows: %v, %v", files, err)
	}
	_, want := today(t)
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var r row
			if err := json.Unmarshal(b, &r); err != nil {
				t.Fatal(err)
			}
			c := loaded(t, r)
			if c.Head.Status != want.Head.Status || len(c.Conversation()) != 2 || c.Triage().Main() != webcare.Late || len(c.Drafts) != 1 ||
				len(c.Decisions) != 1 || c.Publications[0].Value.Outcome != webcare.OutcomePosted || c.Promises[0].State != webcare.PromiseKept ||
				c.WorkOrders[0].Reference != "RF-2026-17" || len(c.Notes) != 1 || len(c.Corrections) != 1 || len(c.Events) < 10 {
				t.Fatalf("the rows do not mean what they meant: %+v", c)
			}
			if d := c.Drafts[0].Value; webcare.HashOf(c.Head.Brand, c.Head.Channel, d) != d.Hash {
				t.Fatal("the hash of a stored draft has changed: what was approved could not be posted")
			}
		})
	}
}

// loaded is the case that a store with these rows gives.
func loaded(t *testing.T, r row) *webcare.Case {
	t.Helper()
	s := porttest.NewMemory().Store()
	save := webcare.Save{Head: r.Head}
	save.Head.Version = 0
	for _, row := range r.Children {
		ch := row.Child
		ch.Body = row.Body
		save.Children = append(save.Children, ch)
	}
	if err := s.Cases.Save(t.Context(), save); err != nil {
		t.Fatal(err)
	}
	c, err := s.Load(t.Context(), r.Head.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTodaysRows: what is stored comes back whole, one child of every kind.
func TestTodaysRows(t *testing.T) {
	r, want := today(t)
	got := loaded(t, r)
	got.Head.Version = want.Head.Version
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	for _, k := range []webcare.ChildKind{webcare.ChildMessage, webcare.ChildTriage, webcare.ChildDraft, webcare.ChildDecision, webcare.ChildPublication,
		webcare.ChildPromise, webcare.ChildWorkOrder, webcare.ChildNote, webcare.ChildCorrection, webcare.ChildEvent} {
		if !slices.ContainsFunc(r.Children, func(c childRow) bool { return c.Kind == k }) {
			t.Errorf("no %s among the rows", k)
		}
	}
}

func storeToday(t *testing.T, dir string) {
	t.Helper()
	r, _ := today(t)
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if have, err := os.ReadFile(f); err == nil && string(have) == string(b)+"\n" {
			return // stored before
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, fmt.Sprintf("rows-%02d.json", len(files)+1))
	if err := os.WriteFile(name, append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
