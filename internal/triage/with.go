package triage

import (
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

// With returns who triages: the offline engine, and where there is a language
// model that model before it. Every program chooses here.
func With(model *llm.Client, brands *brand.Set) (webcare.Triager, error) {
	offline, err := New()
	if err != nil || model == nil {
		return offline, err
	}
	first, err := brands.Get("")
	if err != nil {
		return nil, err
	}
	return &LLM{Client: model, Offline: offline, Budget: first.ID, Ours: []string{first.Name}}, nil
}
