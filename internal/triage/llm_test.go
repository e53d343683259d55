package triage

import (
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

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/webcare"
)

var updateGolden = flag.Bool("update", false, "write the golden file of what a language model is sent anew")

const llmMessage = "Dag, ik ben Jan Bos.\n\nMijn pakket 40021877 zou dinsdag komen, maar er kwam NIEMAND. Dat is al 3 dagen geleden! " +
	"Bel me op 06-12345678 of ik stap over naar een ander. De dame aan de telefoon was trouwens heel lief."

// fixed is an offline engine that always says the same.
type fixed webcare.Triage

func (f fixed) Triage(context.Context, webcare.TriageInput) (webcare.Triage, error) {
	return webcare.Triage(f), nil
}

var offlineSays = fixed{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, ComplaintScore: 0.9, Urgency: webcare.Normal,
	Sentiment: webcare.Sentiment{Score: -0.6, Label: webcare.Negative}, Frictions: []webcare.Friction{}, Signals: []webcare.Signal{},
	Praise: []webcare.Span{}, Facts: []webcare.Fact{}, Engine: "offline/1"}

const goodLLMAnswer = `{"language":"nl","frictions":[` +
	`{"evidence":["Mijn pakket [NUMMER_1] zou dinsdag komen, maar er kwam niemand"],"type":"failed_delivery","score":0.9},` +
	`{"evidence":["staat nergens in het bericht"],"type":"rude_tone","score":0.9},` +
	`{"evidence":["al 3 dagen geleden"],"type":"late","score":0.6},{"evidence":["3 dagen"],"type":"other","score":0.1}],` +
	`"kind":"complaint","complaint_score":0.97,"sentiment":{"label":"mixed","score":-0.4},"urgency":"normal","signals":["churn_risk","churn_risk"],` +
	`"praise":["De dame aan de telefoon was trouwens heel lief"],"facts":[{"kind":"reference","text":"[NUMMER_1]"},{"kind":"phone","text":"[TELEFOON_1]"},{"kind":"name","text":"[NAAM_1] [NAAM_2]"},{"kind":"date","text":"dinsdag"}]}`

func askLLM(t *testing.T, cfg llm.Config, steps ...llmtest.Step) (*LLM, *llmtest.Server, *bytes.Buffer) {
	t.Helper()
	s := llmtest.New(t, steps...)
	var log bytes.Buffer
	cfg.BaseURL, cfg.Key, cfg.Model = s.URL, llmtest.Key, "test-model"
	client, err := llm.New(cfg, llm.Outside{Records: &llmtest.Records{}, Sleep: func(context.Context, time.Duration) error { return nil },
		Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return &LLM{Client: client, Offline: offlineSays, Budget: "voorbeeld"}, s, &log
}

func llmInput() webcare.TriageInput {
	return webcare.TriageInput{Text: llmMessage, Subject: "Pakket van Jan Bos", Channel: "email", Language: "nl", Author: webcare.Author{Name: "Jan Bos"}}
}

func TestLLMTriagePointsAtTheOriginal(t *testing.T) {
	l, s, _ := askLLM(t, llm.Config{}, llmtest.Step{Content: goodLLMAnswer})
	got, err := l.Triage(t.Context(), llmInput())
	if err != nil {
		t.Fatal(err)
	}
	if err := Validate(got, llmMessage); err != nil {
		t.Error(err)
	}
	var said []string
	for _, f := range got.Frictions {
		said = append(said, string(f.Type)+": "+f.Evidence[0].Text)
	}
	for _, p := range got.Praise {
		said = append(said, "praise: "+p.Text)
	}
	for _, f := range got.Facts {
		said = append(said, string(f.Kind)+": "+f.Text)
	}
	want := []string{"failed_delivery: Mijn pakket 40021877 zou dinsdag komen, maar er kwam NIEMAND", "late: al 3 dagen geleden",
		"praise: De dame aan de telefoon was trouwens heel lief", "name: Jan Bos", "reference: 40021877", "date: dinsdag", "phone: 06-12345678"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.Engine != "llm/test-model/triage-1" || len(got.Signals) != 1 || got.Disagreement != "" {
		t.Errorf("engine %q, signals %v, disagreement %q", got.Engine, got.Signals, got.Disagreement)
	}
	raw := s.Requests()[0].Raw
	for _, secret := range []string{"40021877", "Jan", "Bos", "12345678"} {
		if bytes.Contains(raw, []byte(secret)) {
			t.Errorf("%q left", secret)
		}
	}
	goldenLLM(t, raw)
}

func goldenLLM(t *testing.T, raw []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	file := filepath.Join("..", "..", "testdata", "llm", "triage.golden.json")
	if *updateGolden {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("what is sent has changed; run with -update and read the difference (-want +got):\n%s", diff)
	}
}

func TestOfflineTriageStandsIn(t *testing.T) {
	bad := func(from, to string) llmtest.Step {
		return llmtest.Step{Content: strings.Replace(goodLLMAnswer, from, to, 1)}
	}
	for _, tt := range []struct {
		name string
		step llmtest.Step
		why  string
	}{
		{"429", llmtest.Step{Status: 429}, "rate limited"},
		{"500", llmtest.Step{Status: 500}, "server error"},
		{"timeout", llmtest.Step{Hang: time.Minute}, "timeout"},
		{"cut", llmtest.Step{Content: goodLLMAnswer, Cut: 80}, "answer cut off"},
		{"no JSON", llmtest.Step{Content: "A complaint."}, "answer is no JSON"},
		{"unknown type", bad("failed_delivery", "dragons"), "answer outside the schema"},
		{"unknown kind", bad(`"kind":"complaint"`, `"kind":"opdracht"`), "answer outside the schema"},
		{"field too many", bad(`{"language"`, `{"approved":true,"language"`), "answer outside the schema"},
		{"invented evidence", llmtest.Step{Content: `{"language":"nl","frictions":[{"evidence":["de kat"],"type":"late","score":1}],"kind":"complaint","complaint_score":1,` +
			`"sentiment":{"label":"negative","score":-1},"urgency":"low","signals":[],"praise":[],"facts":[]}`}, "answer outside the schema"},
		{"refusal", llmtest.Step{Refusal: "no"}, "refusal"},
		{"100 kB", llmtest.Step{Content: strings.Repeat("pakket ", 15000)}, "answer too large"},
		{"budget", llmtest.Step{}, "budget spent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := llm.Config{Timeout: 80 * time.Millisecond}
			if tt.name == "budget" {
				cfg.DailyBudgetTokens = 10
			}
			l, _, log := askLLM(t, cfg, tt.step)
			got, err := l.Triage(t.Context(), llmInput())
			want := webcare.Triage(offlineSays)
			want.Engine += " (llm: " + tt.why + ")"
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v, (-want +got)\n%s", err, diff)
			}
			for _, secret := range []string{llmtest.Key, "pakket", "Jan", "40021877", "careful"} {
				if strings.Contains(log.String(), secret) {
					t.Errorf("%q in the log: %s", secret, log)
				}
			}
		})
	}
}

func TestDisagreementIsSaid(t *testing.T) {
	for _, tt := range []struct {
		name, answer, want string
		complaint          bool
		urgency            webcare.Urgency
	}{
		{"no complaint", strings.Replace(goodLLMAnswer, `"kind":"complaint"`, `"kind":"praise"`, 1), "complaint", false, webcare.Normal},
		{"critical", strings.Replace(goodLLMAnswer, `"urgency":"normal"`, `"urgency":"critical"`, 1), "critical", true, webcare.Critical},
		{"told to be spam", strings.Replace(goodLLMAnswer, `"kind":"complaint"`, `"kind":"spam"`, 1), "spam", true, webcare.Normal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, _, _ := askLLM(t, llm.Config{}, llmtest.Step{Content: tt.answer})
			got, err := l.Triage(t.Context(), llmInput())
			if err != nil || !strings.Contains(got.Disagreement, tt.want) || got.Complaint != tt.complaint || got.Urgency != tt.urgency {
				t.Errorf("disagreement %q, complaint %v, urgency %s, %v", got.Disagreement, got.Complaint, got.Urgency, err)
			}
		})
	}
}

func FuzzQuoted(f *testing.F) {
	f.Add(llmMessage, "Mijn pakket [NUMMER_1] zou dinsdag komen")
	f.Add("Hé\u200b Jan \xff 😡", "he jan")
	f.Fuzz(func(t *testing.T, message, quote string) {
		redacted, _ := llm.Redact([]string{message}, llm.Known{Language: "nl", Author: webcare.Author{Name: "Jan Bos"}})
		if s, ok := newQuoted(message, redacted[0]).find(quote); ok && (s.Start >= s.End || message[s.Start:s.End] != s.Text) {
			t.Errorf("%q in %q is %+v", quote, message, s)
		}
	})
}
