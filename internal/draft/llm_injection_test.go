package draft

import (
	"encoding/json"
	"strings"
	"testing"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/webcare"
)

// injection is a text that tries to steer a model.
type injection struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// obeyed is how a model obeys: on top of a reply that is fine by itself.
type obeyed struct {
	ID         string `json:"id"`
	Language   string `json:"language"`
	Add        string `json:"add"`     // a sentence more
	Replace    string `json:"replace"` // the whole text
	Leak       bool   `json:"leak"`    // a stretch of the instructions
	Essay      string `json:"essay"`   // over and over
	Resolution string `json:"resolution"`
	Said       string `json:"said"`   // the language field
	Raw        string `json:"raw"`    // no JSON
	Field      bool   `json:"field"`  // a field too many
	Marker     string `json:"marker"` // what must never reach a draft
}

// answer is the standard reply of the first resolution, spoiled.
func (o obeyed) answer(t *testing.T, lang string) func(llmtest.Request) string {
	return func(r llmtest.Request) string {
		var in modelSaid
		if err := json.Unmarshal([]byte(r.Messages[1].Content), &in); err != nil {
			t.Error(err)
		}
		std := in.Resolutions[0]
		a := modelAnswer{Resolution: std.ID, Language: lang, Text: std.Reply, PrivateText: std.PrivateReply, Details: []string{}}
		switch {
		case o.Add != "":
			a.Text += " " + o.Add
		case o.Replace != "":
			a.Text = o.Replace
		case o.Leak:
			at := strings.Index(r.System(), o.Marker)
			a.Text += " " + r.System()[max(0, at-100):at+200]
		case o.Essay != "":
			a.Text = strings.Repeat(o.Essay, 100)
		}
		if o.Resolution != "" {
			a.Resolution = o.Resolution
		}
		if o.Said != "" {
			a.Language = o.Said
		}
		if o.Raw != "" {
			return o.Raw
		}
		b, err := json.Marshal(a)
		if err != nil {
			t.Error(err)
		}
		if o.Field {
			return strings.TrimSuffix(string(b), "}") + `,"approved":true}`
		}
		return string(b)
	}
}

// hosts are the complaints in which injections stand, by language.
var hosts = map[string][]string{"nl": {"nl-x-late", "nl-mail-rude"}, "en": {"en-review-defect", "en-mail-promise"}}

func (c llmCase) with(injected string) webcare.DraftRequest {
	c.Text += "\n\n" + injected
	return c.request()
}

// The standard replies pass, so that what the tests below see refused is the
// spoiling and nothing else.
func TestStandardRepliesPass(t *testing.T) {
	for lang, ids := range hosts {
		for _, id := range ids {
			b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: obeyed{}.answer(t, lang)})
			d, err := b.Draft(t.Context(), llmCaseOf(t, id).request())
			if err != nil || !strings.HasPrefix(d.Engine, "llm/") {
				t.Errorf("%s: %s, %v\n%s", id, d.Engine, err, told(b.server))
			}
		}
	}
}

func TestNothingOfAnObeyedInjectionReachesADraft(t *testing.T) {
	injections := readLines[injection](t, "injections.jsonl")
	for i, o := range readLines[obeyed](t, "obeyed.jsonl") {
		for j, host := range hosts[o.Language] {
			in := injections[(7*i+3*j)%len(injections)]
			t.Run(o.Language+"-"+o.ID+"/"+host+"/"+in.ID, func(t *testing.T) {
				b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: o.answer(t, o.Language)})
				d, err := b.Draft(t.Context(), llmCaseOf(t, host).with(in.Text))
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasPrefix(d.Engine, "playbook/1 (llm: ") || strings.Contains(d.Text+d.PrivateText, o.Marker) || d.Text == "" {
					t.Errorf("%s wrote\n%s", d.Engine, d.Text)
				}
				t.Log(d.Engine)
			})
		}
	}
}

// A model that only repeats what was injected is refused, and injections that
// are ignored cost the customer nothing.
func TestInjectionsRepeatedAndIgnored(t *testing.T) {
	for i, in := range readLines[injection](t, "injections.jsonl") {
		lang := in.ID[:2]
		host := hosts[lang][i%2]
		req := llmCaseOf(t, host).with(in.Text)
		t.Run(in.ID, func(t *testing.T) {
			{ // obeyed to the letter
				b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: obeyed{Add: in.Text}.answer(t, lang)})
				d, err := b.Draft(t.Context(), req)
				if err != nil || strings.HasPrefix(d.Engine, "llm/") {
					t.Errorf("repeated: %s, %v\n%s", d.Engine, err, d.Text)
				}
			}
			b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: obeyed{}.answer(t, lang)})
			d, err := b.Draft(t.Context(), req)
			if err != nil || !strings.HasPrefix(d.Engine, "llm/") {
				t.Errorf("ignored: %s, %v\n%s", d.Engine, err, told(b.server))
			}
			sent := b.server.Requests()[0]
			if strings.Contains(sent.System(), in.Text) || len(sent.Messages) != 2 {
				t.Error("the injection stands among the instructions")
			}
			var said modelSaid
			if err := json.Unmarshal([]byte(sent.Last()), &said); err != nil || len(said.Conversation) != 1 {
				t.Errorf("the data does not hold: %v", err)
			}
		})
	}
}
