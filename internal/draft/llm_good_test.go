package draft

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/webcare"
)

// goodAnswer is what a good model writes. {due}, {link}, {act} and {private_act} stand for
// what the playbook's draft says: the day, the private link, the paragraph
// that states the resolution.
type goodAnswer struct {
	Case        string   `json:"case"`
	Resolution  string   `json:"resolution"`
	Details     []string `json:"details"`
	Text        string   `json:"text"`
	PrivateText string   `json:"private_text"`
}

var privateLink = regexp.MustCompile(`https?://\S+`)

// answer fills the slots from the standard replies in a request, as a model would.
func (g goodAnswer) answer(t *testing.T, req webcare.DraftRequest) func(llmtest.Request) string {
	return func(r llmtest.Request) string {
		var in modelSaid
		if err := json.Unmarshal([]byte(r.Messages[1].Content), &in); err != nil {
			t.Error(err)
			return ""
		}
		o := in.Resolutions[0]
		if i := slices.IndexFunc(in.Resolutions, func(o modelOption) bool { return o.ID == g.Resolution }); i >= 0 {
			o = in.Resolutions[i]
		} else if g.Resolution != "" {
			t.Errorf("%s is not offered", g.Resolution)
		}
		fill := strings.NewReplacer("{due}", dueOf(t, req, o.ID), "{link}", privateLink.FindString(o.Reply), "{act}", actOf(t, req, o.ID, o.Reply),
			"{private_act}", actOf(t, req, o.ID, o.PrivateReply))
		lang := req.Triage.Language
		b, err := json.Marshal(modelAnswer{o.ID, g.Details, lang, fill.Replace(g.Text), fill.Replace(g.PrivateText)})
		if err != nil {
			t.Error(err)
		}
		return string(b)
	}
}

func dueOf(t *testing.T, req webcare.DraftRequest, id string) string {
	req.Resolution = id
	d, err := Playbook{}.Draft(t.Context(), req)
	if err != nil {
		t.Error(err)
		return ""
	}
	if len(d.Promises) == 0 {
		return ""
	}
	return brand.Sample().DueInWords(d.Promises[0].Due, req.Triage.Language, req.Now)
}

// actOf finds the paragraph of the standard reply that says when.
func actOf(t *testing.T, req webcare.DraftRequest, id, reply string) string {
	due := dueOf(t, req, id)
	for _, p := range strings.Split(reply, "\n\n") {
		if at := strings.Index(p, due); due != "" && at >= 0 && strings.Contains(reply, "\n\n") {
			return p
		} else if due != "" && at >= 0 { // a post: from the sentence that says when
			return p[strings.LastIndex(p[:at], ". ")+2:]
		}
	}
	return ""
}

// A good model's answers pass: as they are, at the first try.
func TestGoodAnswersPass(t *testing.T) {
	for _, g := range readLines[goodAnswer](t, "answers.jsonl") {
		t.Run(g.Case, func(t *testing.T) {
			req := llmCaseOf(t, g.Case).request()
			b := newLLMBench(t, llm.Config{}, llmtest.Step{Answer: g.answer(t, req)})
			d, err := b.Draft(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if d.Engine != "llm/test-model/draft-1" {
				t.Errorf("engine %q\n%s", d.Engine, told(b.server))
			}
			if n := len(b.server.Requests()); n != 1 {
				t.Errorf("%d rounds\n%s", n, told(b.server))
			}
			if strings.Contains(d.Text+d.PrivateText, "[") || d.Resolution == nil || d.LLMTokens != int64(120*len(b.server.Requests())) || d.LLMCostMicros == 0 {
				t.Errorf("draft %+v", d)
			}
			t.Logf("%s\n---\n%s", d.Text, d.PrivateText)
		})
	}
}

// told is what the model was told to mend.
func told(s *llmtest.Server) string {
	r := s.Requests()
	return r[len(r)-1].Last()
}
