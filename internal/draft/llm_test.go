package draft

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/webcare"
)

var update = flag.Bool("update", false, "write the golden files anew")

const llmData = "../../testdata/llm"

// Friday, opening hours.
var friday = time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)

// llmCase is one line of cases.jsonl: a message with its triage, evidence and
// praise given by their words.
type llmCase struct {
	ID        string         `json:"id"`
	Channel   string         `json:"channel"`
	Public    bool           `json:"public"`
	Language  string         `json:"language"`
	Author    webcare.Author `json:"author"`
	Subject   string         `json:"subject"`
	Text      string         `json:"text"`
	Kind      webcare.Kind   `json:"kind"`
	Urgency   webcare.Urgency
	Sentiment webcare.SentimentLabel
	Signals   []webcare.Signal
	Frictions [][2]string
	Praise    []string
}

func readLines[T any](t testing.TB, name string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join(llmData, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, v)
	}
	return out
}

func llmCases(t testing.TB) []llmCase { return readLines[llmCase](t, "cases.jsonl") }

func llmCaseOf(t testing.TB, id string) llmCase {
	for _, c := range llmCases(t) {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no case %s", id)
	return llmCase{}
}

func (c llmCase) request() webcare.DraftRequest {
	span := func(words string) webcare.Span {
		at := strings.Index(c.Text, words)
		return webcare.Span{Start: at, End: at + len(words), Text: words}
	}
	tr := webcare.Triage{Language: c.Language, Kind: c.Kind, Complaint: c.Kind == webcare.KindComplaint, Urgency: c.Urgency, Signals: c.Signals,
		Sentiment: webcare.Sentiment{Label: c.Sentiment}, Engine: "test/1"}
	for _, f := range c.Frictions {
		typ := webcare.FrictionType(f[0])
		tr.Frictions = append(tr.Frictions, webcare.Friction{Type: typ, Family: typ.Family(), Score: 0.9, Evidence: []webcare.Span{span(f[1])}})
	}
	for _, p := range c.Praise {
		tr.Praise = append(tr.Praise, span(p))
	}
	visibility := webcare.Private
	if c.Public {
		visibility = webcare.Public
	}
	m := webcare.Message{Author: c.Author, Text: c.Text, Subject: c.Subject, Visibility: visibility, Language: c.Language, ReceivedAt: friday}
	head := webcare.Head{ID: webcare.CaseID("case-" + c.ID), Brand: "voorbeeld", Channel: c.Channel, Author: c.Author, Language: c.Language, InboundSeq: 1}
	return webcare.DraftRequest{Case: &webcare.Case{Head: head, Messages: []webcare.Entry[webcare.Message]{{Seq: 1, Value: m}},
		Triages: []webcare.Entry[webcare.Triage]{{Seq: 2, Value: tr}}},
		Text: c.Text, Triage: tr, Brand: "voorbeeld", Channel: c.Channel, Public: c.Public, Sign: "Noor", Now: friday}
}

// llmBench is the drafter on a scripted server.
type llmBench struct {
	*LLM
	server *llmtest.Server
	log    bytes.Buffer
}

func newLLMBench(t testing.TB, cfg llm.Config, steps ...llmtest.Step) *llmBench {
	t.Helper()
	b := &llmBench{server: llmtest.New(t, steps...)}
	cfg.BaseURL, cfg.Key, cfg.Model, cfg.PriceIn, cfg.PriceOut = b.server.URL, llmtest.Key, "test-model", 1, 4
	client, err := llm.New(cfg, llm.Outside{Records: &llmtest.Records{}, Now: func() time.Time { return friday },
		Sleep: func(context.Context, time.Duration) error { return nil }, Log: slog.New(slog.NewTextHandler(&b.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	set, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	b.LLM = &LLM{Client: client, Brands: set, Playbook: Playbook{}}
	return b
}

// plainPlaybook says of each resolution only its id, so that the golden files
// change with the prompt and not with the playbook's wording.
type plainPlaybook struct{}

func (plainPlaybook) Draft(_ context.Context, req webcare.DraftRequest) (webcare.Draft, error) {
	id := req.Resolution
	if id == "" {
		key := brand.ForQuestion
		if len(req.Triage.Frictions) > 0 {
			key = string(req.Triage.Main())
		}
		id = brand.Sample().Resolutions(key)[0].ID
	}
	d := webcare.Draft{Text: "Standard reply of " + id + ".", Language: req.Triage.Language, Resolution: &webcare.Resolution{ID: id}}
	if req.Public {
		d.PrivateText = "Private reply of " + id + "."
	}
	return d, nil
}

func TestWhatTheModelIsTold(t *testing.T) {
	for _, c := range llmCases(t) {
		t.Run(c.ID, func(t *testing.T) {
			b := newLLMBench(t, llm.Config{}, llmtest.Step{Refusal: "no"})
			b.Playbook = plainPlaybook{}
			req := c.request()
			if c.ID == "nl-mail-rude" {
				req.Instruction = "Korter, en noem Fatima bij haar voornaam."
			}
			if _, err := b.Draft(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			sent := b.server.Requests()[0]
			for _, secret := range []string{"40021877", "NL91", "Verweij", "Bakhuis", "88120934", "Nair", "06 2345", "7712094", "06-11", "Boer", "Aziz", "Ashworth", "tobias_k"} {
				if bytes.Contains(sent.Raw, []byte(secret)) {
					t.Errorf("%q left", secret)
				}
			}
			golden(t, c.ID, sent.Raw)
		})
	}
}

// golden compares what was sent, laid out for reading.
func golden(t *testing.T, name string, raw []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	file := filepath.Join(llmData, name+".golden.json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("what is sent has changed; run with -update and read the difference (-want +got):\n%s", diff)
	}
}
