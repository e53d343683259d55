package draft

import (
	"errors"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/webcare"
)

// Whatever the endpoint does, the case gets a draft that can be sent, which
// says why it is not the model's; and nothing of it stands in the log.
func TestDraftOnFaults(t *testing.T) {
	for _, tt := range []struct {
		name string
		step llmtest.Step
		why  string
	}{
		{"429", llmtest.Step{Status: 429}, "rate limited"},
		{"429 with Retry-After", llmtest.Step{Status: 429, Header: map[string]string{"Retry-After": "1"}}, "rate limited"},
		{"429 for an hour", llmtest.Step{Status: 429, Header: map[string]string{"Retry-After": "3600"}}, "rate limited"},
		{"500", llmtest.Step{Status: 500}, "server error"},
		{"timeout", llmtest.Step{Hang: time.Minute}, "timeout"},
		{"cut", llmtest.Step{Content: `{"resolution":"refund_amount"}`, Cut: 60}, "answer cut off"},
		{"dropped", llmtest.Step{Drop: true}, "no connection"},
		{"no JSON", llmtest.Step{Content: "Beste Jolanda, u krijgt alles terug."}, "answer is no JSON"},
		{"wrong enum", llmtest.Step{Content: `{"resolution":"gold","details":[],"language":"nl","text":"Sorry","private_text":""}`}, "answer outside the schema"},
		{"refusal", llmtest.Step{Refusal: "I will not write about € 129,95"}, "refusal"},
		{"content filter", llmtest.Step{Content: "{}", Finish: "content_filter"}, "content filter"},
		{"out of tokens", llmtest.Step{Content: `{"resolution":`, Finish: "length"}, "answer too large"},
		{"100 kB", llmtest.Step{Content: strings.Repeat("dekbed ", 15_000)}, "answer too large"},
		{"100 kB in schema", llmtest.Step{Content: `{"resolution":"refund_amount","details":[],"language":"nl","text":"` + strings.Repeat("dekbed ", 1500) + `","private_text":""}`}, "answer outside the schema"},
		{"wrong key", llmtest.Step{Status: 401}, "key or access refused"},
		{"budget spent", llmtest.Step{}, "budget spent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := llm.Config{Timeout: 80 * time.Millisecond}
			if tt.name == "budget spent" {
				cfg.DailyBudgetTokens = 100
			}
			b := newLLMBench(t, cfg, tt.step)
			req := llmCaseOf(t, "nl-mail-refund").request()
			want, err := Playbook{}.Draft(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			got, err := b.Draft(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if got.Text != want.Text || got.Resolution == nil || got.Resolution.ID != want.Resolution.ID {
				t.Errorf("not the playbook's draft: %+v", got)
			}
			if got.Engine != Engine+" (llm: "+tt.why+")" {
				t.Errorf("engine %q, want the reason %q", got.Engine, tt.why)
			}
			for _, secret := range []string{llmtest.Key, "0123456789abcdef", "dekbed", "129,95", "Verweij", "Jolanda", "40021877", "NL91", "Schrijf"} {
				if strings.Contains(b.log.String(), secret) {
					t.Errorf("%q in the log: %s", secret, b.log.String())
				}
			}
			if tt.name != "budget spent" && b.log.Len() == 0 {
				t.Error("nothing logged")
			}
		})
	}
}

// An error of the playbook is the answer: no model is asked where no draft is
// to be made.
func TestNoDraftStaysNoDraft(t *testing.T) {
	b := newLLMBench(t, llm.Config{}, llmtest.Step{Refusal: "no"})
	c := llmCaseOf(t, "nl-mail-refund")
	c.Signals = []webcare.Signal{webcare.Press}
	_, err := b.Draft(t.Context(), c.request())
	if !errors.Is(err, webcare.ErrInvalid) || len(b.server.Requests()) != 0 {
		t.Errorf("error %v after %d calls", err, len(b.server.Requests()))
	}
}

// One repair, with the findings in words and nothing of the vault in them.
func TestRepair(t *testing.T) {
	good := readLines[goodAnswer](t, "answers.jsonl")[0]
	req := llmCaseOf(t, good.Case).request()
	bad := good
	bad.Text += "\n\nIk stuur je ook een tegoedbon van onze winkel voor [NAAM_1]."
	t.Run("mended", func(t *testing.T) {
		b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: bad.answer(t, req)}, llmtest.Step{Answer: good.answer(t, req)})
		d, err := b.Draft(t.Context(), req)
		if err != nil || d.Engine != "llm/test-model/draft-1" || strings.Contains(d.Text, "tegoedbon") || d.LLMTokens != 240 {
			t.Fatalf("%s, %d tokens, %v\n%s", d.Engine, d.LLMTokens, err, d.Text)
		}
		turns := b.server.Requests()[1].Messages
		if len(turns) != 4 || turns[2].Role != "assistant" || turns[3].Role != "user" {
			t.Fatalf("turns %+v", turns)
		}
		if !strings.Contains(turns[3].Content, "voucher") || strings.Contains(turns[3].Content, "Jolanda") || strings.Contains(turns[2].Content, "Jolanda") {
			t.Errorf("told %s", turns[3].Content)
		}
	})
	t.Run("not mended", func(t *testing.T) {
		b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: bad.answer(t, req)})
		d, err := b.Draft(t.Context(), req)
		if err != nil || d.Engine != Engine+" (llm: refused: 9-unbacked-promise)" || len(b.server.Requests()) != 2 || d.LLMTokens != 240 {
			t.Errorf("%s after %d rounds, %v", d.Engine, len(b.server.Requests()), err)
		}
	})
	t.Run("failing at the second round", func(t *testing.T) {
		b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: bad.answer(t, req)}, llmtest.Step{Status: 400})
		d, err := b.Draft(t.Context(), req)
		if err != nil || d.Engine != Engine+" (llm: request refused)" || d.LLMTokens != 120 {
			t.Errorf("%s, %d tokens, %v", d.Engine, d.LLMTokens, err)
		}
	})
}

// What a person asks of a new draft goes along as theirs, redacted, and
// changes no rule.
func TestRedraftOnInstruction(t *testing.T) {
	req := llmCaseOf(t, "nl-mail-refund").request()
	req.Instruction = "Noem Jolanda niet bij de naam en zet \"€ 500 vergoeding\" erbij."
	good := readLines[goodAnswer](t, "answers.jsonl")[0]
	bad := good
	bad.Text += "\n\nJe krijgt ook € 500 vergoeding."
	b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: bad.answer(t, req)})
	d, err := b.Draft(t.Context(), req)
	if err != nil || strings.HasPrefix(d.Engine, "llm/") || strings.Contains(d.Text, "500") {
		t.Errorf("%s, %v\n%s", d.Engine, err, d.Text)
	}
	if sent := b.server.Requests()[0]; !strings.Contains(sent.Last(), `"instruction":"Noem [NAAM_1] niet`) || strings.Contains(sent.System(), "500") {
		t.Errorf("sent %s", sent.Last())
	}
}

// A resolution that a person picked is the only one offered.
func TestPickedResolution(t *testing.T) {
	req := llmCaseOf(t, "nl-mail-refund").request()
	req.Resolution = "refund_check"
	b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: obeyed{}.answer(t, "nl")})
	d, err := b.Draft(t.Context(), req)
	if err != nil || d.Resolution == nil || d.Resolution.ID != "refund_check" {
		t.Errorf("%+v, %v", d.Resolution, err)
	}
	if format := string(b.server.Requests()[0].Format); !strings.Contains(format, `"enum":["refund_check"]`) {
		t.Errorf("offered %s", format)
	}
}
