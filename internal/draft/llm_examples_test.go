package draft

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// answered stores a case whose reply was approved.
func answered(t *testing.T, s webcare.Store, id webcare.CaseID, customer, lang string, typ webcare.FrictionType, message, reply string) {
	t.Helper()
	m := webcare.Message{Text: message, Author: webcare.Author{Name: customer, Handle: string(id)}, Brand: "voorbeeld"}
	tr := webcare.Triage{Language: lang, Frictions: []webcare.Friction{{Type: typ, Family: typ.Family()}}}
	d := webcare.Draft{Text: reply, Language: lang, SignedBy: "Noor", InboundSeq: 1}
	dec := webcare.Decision{What: webcare.EditedAndSent, DraftSeq: 3}
	var children []webcare.Child
	for i, c := range []struct {
		kind webcare.ChildKind
		v    any
	}{{webcare.ChildMessage, m}, {webcare.ChildTriage, tr}, {webcare.ChildDraft, d}, {webcare.ChildDecision, dec}} {
		b, err := json.Marshal(c.v)
		if err != nil {
			t.Fatal(err)
		}
		children = append(children, webcare.Child{Seq: int64(i + 1), Kind: c.kind, Body: b})
	}
	head := webcare.Head{ID: id, Brand: "voorbeeld", Channel: "email", Status: webcare.StatusAnswered, NextSeq: 5, Author: m.Author, ReceivedAt: friday, UpdatedAt: friday, InboundSeq: 1}
	if err := s.Cases.Save(t.Context(), webcare.Save{Head: head, Children: children}); err != nil {
		t.Fatal(err)
	}
}

func TestApprovedExamples(t *testing.T) {
	db, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	set, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	a := Approved{Store: webcare.Store{Ports: db.Ports()}, Brands: set, Most: 2}
	for _, c := range []struct {
		id             webcare.CaseID
		lang           string
		typ            webcare.FrictionType
		message, reply string
	}{
		{"0001", "nl", webcare.Refund, "Het geld voor mijn dekbed is er niet, order 123456789", "Dag Karel,\n\nSorry dat het geld voor je dekbed er niet is. Els zoekt order 123456789 op.\n\nHartelijke groet,\nNoor\nVoorbeeld"},
		{"0002", "nl", webcare.Refund, "Ik wacht op mijn geld voor een fiets", "Dag Karel, sorry van je fiets."},
		{"0003", "en", webcare.Refund, "My money for the dekbed is late", "Dear Karel, sorry."},
		{"0004", "nl", webcare.Late, "Mijn dekbed is er nog niet", "Dag Karel, sorry van je dekbed."},
		{"0005", "nl", webcare.Refund, "Waar blijft het geld voor de lamp?", "Dag Karel, sorry van de lamp."},
	} {
		answered(t, a.Store, c.id, "Karel Oosterbaan", c.lang, c.typ, c.message, c.reply)
		if err := a.Index(t.Context(), c.id); err != nil {
			t.Fatal(err)
		}
	}
	got, err := a.Nearest(t.Context(), "voorbeeld", "nl", webcare.Refund, text.Terms("Nog geen geld voor het dekbed"))
	if err != nil || len(got) != 2 {
		t.Fatalf("%d examples, %v", len(got), err)
	}
	want := Example{"Het geld voor mijn dekbed is er niet, order (nummer)", "Dag …,\n\nSorry dat het geld voor je dekbed er niet is. … zoekt order (nummer) op."}
	if got[0].Message != want.Message || strings.Contains(got[0].Reply, "Karel") || strings.Contains(got[0].Reply, "Noor") || strings.Contains(got[0].Reply, "123456789") || !strings.Contains(got[0].Reply, "dekbed") {
		t.Errorf("nearest %+v", got[0])
	}
	none, err := a.Nearest(t.Context(), "voorbeeld", "nl", webcare.RudeTone, []string{"geld"})
	if err != nil || len(none) != 0 {
		t.Errorf("another friction: %+v, %v", none, err)
	}
}

// fixedExamples are given whatever is asked.
type fixedExamples []Example

func (f fixedExamples) Nearest(context.Context, string, string, webcare.FrictionType, []string) ([]Example, error) {
	return f, nil
}

func TestExamplesAreSent(t *testing.T) {
	b := newLLMBench(t, llm.Config{}, llmtest.Step{Refusal: "no"})
	b.Examples = fixedExamples{{"Mijn lamp is stuk", "Sorry van je lamp."}}
	if _, err := b.Draft(t.Context(), llmCaseOf(t, "nl-x-late").request()); err != nil {
		t.Fatal(err)
	}
	if last := b.server.Requests()[0].Last(); !strings.Contains(last, `"examples":[{"message":"Mijn lamp is stuk","reply":"Sorry van je lamp."}]`) {
		t.Errorf("sent %s", last)
	}
}
