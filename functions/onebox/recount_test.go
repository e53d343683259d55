package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/triage/corpus"
	"webcare.example/responder/internal/webcare"
)

// folder is a data folder with one message in it.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := receive.Receiver{Store: webcare.Store{Ports: db.Ports()}, Now: time.Now, Random: rand.Reader}
	if _, err := r.Receive(t.Context(), receive.Item{Message: webcare.Message{Key: webcare.Key{Channel: "x", ExternalID: "1"}, Brand: "voorbeeld",
		Author: webcare.Author{Handle: "@kim"}, Text: "Waar blijft mijn kast?"}}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func command1(t *testing.T, in string, args ...string) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, stdio{in: strings.NewReader(in), out: &out, err: &errs})
	return code, out.String() + errs.String()
}

func TestRecountCommand(t *testing.T) {
	dir := folder(t)
	if code, out := command1(t, "", "recount", "--data", dir); code != exitOK || !strings.Contains(out, "1 events") || !strings.Contains(out, "0 wrong") {
		t.Fatalf("%d %s", code, out)
	}
	db, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Add(context.Background(), "x", []webcare.Delta{{Brand: "voorbeeld", Metric: "event/case.received", Hour: time.Now(), N: 1}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if code, out := command1(t, "", "recount", "--data", dir); code != exitFailure || !strings.Contains(out, "2 stored, 1 told") {
		t.Fatalf("%d %s", code, out)
	}
	if code, out := command1(t, "", "recount", "repair", "--data", dir); code != exitOK {
		t.Fatalf("%d %s", code, out)
	}
	if code, out := command1(t, "", "recount", "--data", dir); code != exitOK {
		t.Fatalf("after the repair: %d %s", code, out)
	}
}

func TestPrivacyCommand(t *testing.T) {
	dir := folder(t)
	if code, out := command1(t, "", "privacy", "export", "x/@kim", "--data", dir); code != exitOK || !strings.Contains(out, "Waar blijft mijn kast") {
		t.Fatalf("%d %s", code, out)
	}
	if code, out := command1(t, "", "privacy", "erase", "x/@KIM", "--data", dir); code != exitOK || !strings.Contains(out, "1 cases erased") {
		t.Fatalf("%d %s", code, out)
	}
	code, notes := command1(t, "", "privacy", "erasures", "--data", dir)
	if code != exitOK || strings.Count(notes, "\n") != 1 || strings.Contains(notes, "kim") {
		t.Fatalf("%d %s", code, notes)
	}
	other := folder(t) // an older backup of the same
	if code, out := command1(t, notes, "privacy", "reapply", "-", "--data", other); code != exitOK || !strings.Contains(out, "0 cases") {
		t.Fatalf("a message of after the erasure went too: %d %s", code, out)
	}
	later := strings.Replace(notes, `"at":"20`, `"at":"21`, 1)
	if code, out := command1(t, later, "privacy", "reapply", "-", "--data", other); code != exitOK || !strings.Contains(out, "1 cases erased again") {
		t.Fatalf("%d %s", code, out)
	}
	for _, args := range [][]string{{"privacy"}, {"privacy", "export"}, {"privacy", "export", "x/nobody"}, {"privacy", "sell", "x/@kim"}, {"recount", "twice"}} {
		if code, out := command1(t, "", append(args, "--data", other)...); code != exitUsage {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
}

// What a person corrects comes out as a line that the training reads.
func TestCorrectionsCommand(t *testing.T) {
	dir := folder(t)
	db, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	store := webcare.Store{Ports: db.Ports()}
	page, err := store.Cases.List(t.Context(), webcare.Query{Brands: []string{"voorbeeld"}, Statuses: webcare.Statuses(), Limit: 10})
	if err != nil || len(page.Heads) != 1 {
		t.Fatalf("%d cases, %v", len(page.Heads), err)
	}
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	desk := &review.Desk{Store: store, Brands: brands, Now: time.Now}
	noor := webcare.Actor{ID: "noor", Name: "Noor", Person: true, Authority: webcare.Lead}
	fix := webcare.Correction{Frictions: []webcare.FrictionType{webcare.FrictionType("failed_delivery")}, Sentiment: webcare.Negative, Urgency: webcare.High}
	if _, err := desk.Correct(t.Context(), page.Heads[0].ID, noor, page.Heads[0].Version, fix); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	code, out := command1(t, "", "corrections", "--data", dir)
	examples, errs := corpus.Read(strings.NewReader(out), "out")
	if code != exitOK || len(errs) != 0 || len(examples) != 1 {
		t.Fatalf("%d %v %s", code, errs, out)
	}
	if e := examples[0]; e.Channel != "x" || e.Urgency != webcare.High || e.Sentiment != webcare.Negative || len(e.Types()) != 1 || e.Types()[0] != "failed_delivery" || e.Text != "Waar blijft mijn kast?" {
		t.Errorf("%+v", e)
	}
}
