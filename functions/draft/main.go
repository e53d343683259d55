// Command draft is the Lambda function of the draft stage: tasks from its
// queue, one case each.
package main

import (
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

type config struct {
	run.Base
	run.BrandFiles
	run.Model
	// Agent signs drafts of cases that nobody handles yet.
	Agent string `default:"Noor"`
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Start(func() run.Batch {
		brands := w.Brands(cfg.BrandFiles)
		drafter := w.Drafter(cfg.Model, func(model *llm.Client) webcare.Drafter { return draft.With(model, w.Store, brands) })
		stage := &draft.Stage{Store: w.Store, Drafter: drafter, Brands: brands, Recent: webcare.RecentReplies,
			Sign: cfg.Agent, Now: w.Now}
		learn := draft.Approved{Store: w.Store, Brands: brands}.Index
		return w.Tasks(webcare.StageDraft, w.Learning(learn, stage.Handle))
	})
}
