package main

import (
	"context"
	"fmt"

	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/triage/corpus"
	"webcare.example/responder/internal/webcare"
)

// correctionsCommand prints a line per case whose triage a person corrected, in
// the form of testdata/corpus: a file with them there joins the training.
func correctionsCommand(ctx context.Context, a *app) error {
	if len(a.args) > 0 {
		return webcare.Invalidf("usage: onebox corrections [--data FOLDER] > FILE.txt")
	}
	engine, err := triage.New()
	if err != nil {
		return err
	}
	brands, err := a.brands()
	if err != nil {
		return err
	}
	return a.opened(ctx, func(s webcare.Store) error {
		q := webcare.Query{Brands: brands.IDs(), Statuses: webcare.Statuses(), Limit: webcare.MaxPage}
		for more := true; more; more = q.Cursor != "" {
			page, err := s.Cases.List(ctx, q)
			if err != nil {
				return err
			}
			q.Cursor = page.Next
			for _, h := range page.Heads {
				c, err := s.Load(ctx, h.ID)
				if err != nil {
					return err
				}
				if e, ok := corrected(engine, c); ok {
					fmt.Fprintln(a.out, corpus.Format(e))
				}
			}
		}
		return nil
	})
}

// corrected is the message that the first correction was about, and all that
// was corrected before the customer wrote again.
func corrected(engine *triage.Engine, c *webcare.Case) (corpus.Example, bool) {
	if len(c.Corrections) == 0 {
		return corpus.Example{}, false
	}
	first := c.Corrections[0]
	var about webcare.Message
	next := int64(1 << 62)
	for _, m := range c.Conversation() {
		switch {
		case m.Value.Ours || m.Value.Automatic != "":
		case m.Seq < first.Seq:
			about = m.Value
		case m.Seq < next:
			next = m.Seq
		}
	}
	var fixes []webcare.Correction
	for _, f := range c.Corrections {
		if f.Seq < next {
			fixes = append(fixes, f.Value)
		}
	}
	return engine.Corrected(about.Text, about.Key.Channel, fixes), about.Text != ""
}
