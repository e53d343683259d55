package draft

import (
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

// With returns who drafts: the playbook's drafter, and where there is a
// language model that model before it, with approved replies as examples. Every
// program chooses here.
func With(model *llm.Client, store webcare.Store, brands *brand.Set) webcare.Drafter {
	playbook := PlaybookOf(brands)
	if model == nil {
		return playbook
	}
	return &LLM{Client: model, Brands: brands, Playbook: playbook, Examples: Approved{Store: store, Brands: brands}}
}

// PlaybookOf drafts for the brands of a set.
func PlaybookOf(brands *brand.Set) Playbook {
	return Playbook{Brand: func(id string) (*brand.Brand, bool) {
		b, err := brands.Get(id)
		return b, err == nil
	}}
}
