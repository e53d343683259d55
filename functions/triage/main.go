// Command triage is the Lambda function of the triage stage: tasks from its
// queue, one case each.
package main

import (
	_ "time/tzdata" // a function's file system has no time zones

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
)

type config struct {
	run.Base
	run.BrandFiles
	run.Model
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	run.Start(func() run.Batch {
		brands := w.Brands(cfg.BrandFiles)
		engine := w.Triager(cfg.Model, func(model *llm.Client) (webcare.Triager, error) { return triage.With(model, brands) })
		stage := &triage.Stage{Store: w.Store, Engine: engine, Brands: brands, Now: w.Now}
		return w.Tasks(webcare.StageTriage, stage.Handle)
	})
}
