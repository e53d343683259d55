package triage

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

// Asker asks a language model; *llm.Client is one.
type Asker interface {
	// Ask decodes an answer that fits the question's schema into into.
	Ask(ctx context.Context, q llm.Question, into any) (llm.Usage, error)
	Name() string
}

// LLM triages with a language model beside the offline engine. The message
// leaves redacted, as data; what the model quotes is found again in the
// original, so that every label still points at text. Where the model fails,
// is slow, or answers outside the schema, the offline triage stands in, and its
// engine field says why. Where both exist, Combine makes one of them.
type LLM struct {
	Client  Asker
	Offline webcare.Triager
	// Budget is whose daily budget pays.
	Budget string
	// Ours are the brand's names: they are not redacted.
	Ours []string
}

var _ webcare.Triager = (*LLM)(nil)

// promptVersion is in the prompt file's name and in a triage's engine.
const promptVersion = "triage-1"

//go:embed prompts/triage-1.txt
var llmInstructions string

// Triage implements webcare.Triager. Its errors are the offline engine's.
func (l *LLM) Triage(ctx context.Context, in webcare.TriageInput) (webcare.Triage, error) {
	offline, err := l.Offline.Triage(ctx, in)
	if err != nil {
		return offline, err
	}
	t, err := l.ask(ctx, in)
	if err != nil {
		offline.Engine = fmt.Sprintf("%s (llm: %s)", offline.Engine, llm.ReasonOf(err))
		return offline, nil
	}
	return weigh(offline, t), nil
}

// weigh combines the two. A customer's complaint is never set aside as spam on
// the model's word alone: the text may have told it to.
func weigh(offline, t webcare.Triage) webcare.Triage {
	if t.Kind == webcare.KindSpam && offline.Kind != webcare.KindSpam {
		offline.Disagreement = fmt.Sprintf("%s says %s, %s says %s", offline.Engine, offline.Kind, t.Engine, t.Kind)
		return offline
	}
	return Combine(offline, t)
}

// llmSaid is the user message: data, in JSON.
type llmSaid struct {
	Channel string `json:"channel,omitempty"`
	Stars   int    `json:"stars,omitempty"`
	Before  bool   `json:"contacted_before,omitempty"`
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text"`
}

func (l *LLM) ask(ctx context.Context, in webcare.TriageInput) (t webcare.Triage, err error) {
	defer func() {
		if p := recover(); p != nil { // a fault of ours must not cost the case its triage
			err = webcare.Unavailablef("llm triage")
		}
	}()
	redacted, vault := llm.Redact([]string{in.Text}, llm.Known{Language: in.Language, Author: in.Author, Ours: l.Ours})
	if strings.TrimSpace(redacted[0].Text) == "" {
		return t, &llm.Error{Reason: llm.OffSchema, Where: "no text"}
	}
	said, err := json.Marshal(llmSaid{in.Channel, in.Stars, in.Before, vault.Redact(in.Subject).Text, redacted[0].Text})
	if err != nil {
		return t, err
	}
	var a llmAnswer
	_, err = l.Client.Ask(ctx, llm.Question{Brand: l.Budget, Name: "triage", System: strings.TrimSpace(llmInstructions),
		Turns: []llm.Turn{{Role: "user", Text: string(said)}}, Schema: llmSchema(), MaxTokens: 2000}, &a)
	if err != nil {
		return t, err
	}
	t, err = a.triage(in.Text, redacted[0])
	if err != nil {
		return t, &llm.Error{Reason: llm.OffSchema, Where: "evidence"}
	}
	t.Engine = "llm/" + l.Client.Name() + "/" + promptVersion
	if err := Validate(t, in.Text); err != nil {
		return t, &llm.Error{Reason: llm.OffSchema, Where: "triage"}
	}
	return t, nil
}
