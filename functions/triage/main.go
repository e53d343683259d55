// Command triage is the Lambda function of the triage stage: tasks from its
// queue, one case each.
package main

import (
	_ "time/tzdata" // a function's file system has no time zones

	"github.com/aws/aws-lambda-go/lambda"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
)

type config struct {
	run.Base
	run.BrandFiles
}

func main() {
	var cfg config
	w := run.Begin(&cfg, &cfg.Base)
	engine, err := triage.New()
	w.Must(err)
	stage := &triage.Stage{Store: w.Store, Engine: engine, Brands: w.Brands(cfg.BrandFiles), Now: w.Now}
	lambda.Start(w.Tasks(webcare.StageTriage, stage.Handle))
}
