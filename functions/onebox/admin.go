package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/triage/eval"
	"webcare.example/responder/internal/webcare"
)

func brandCommand(_ context.Context, a *app) error {
	if len(a.args) == 1 && a.args[0] == "sample" {
		_, err := a.out.Write(brand.SampleFile())
		return err
	}
	if len(a.args) < 2 || a.args[0] != "check" {
		return webcare.Invalidf("usage: onebox brand check FILE..., or onebox brand sample")
	}
	for _, file := range a.args[1:] {
		b, err := loadBrand(file)
		if err != nil {
			a.complain(err)
			continue
		}
		fmt.Fprintf(a.out, "%s: brand %q in %v, playbook for %d situations: good\n", file, b.Name, b.Languages, len(b.Playbook))
	}
	return nil
}

func tokenCommand(ctx context.Context, a *app) error {
	if len(a.args) != 1 {
		return webcare.Invalidf("usage: onebox token NAME")
	}
	role := console.Role(a.scope)
	if role != console.RoleIntegration && role != console.RoleMarketing {
		return webcare.Invalidf("--role: %q is not integration or marketing: tokens never approve", a.scope)
	}
	s, err := sqlite.Open(ctx, a.Data)
	if err != nil {
		return err
	}
	defer s.Close()
	_, secret, err := console.MakeToken(ctx, webcare.Store{Ports: s.Ports()}, console.Token{Name: a.args[0], Role: role}, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.out, secret)
	return err
}

func evalCommand(ctx context.Context, a *app) error {
	if len(a.args) != 1 {
		return webcare.Invalidf("usage: onebox eval LABELLED.jsonl")
	}
	f, err := os.Open(a.args[0])
	if err != nil {
		return webcare.Invalidf("%w", err)
	}
	defer f.Close()
	messages, err := eval.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", a.args[0], err)
	}
	engine, err := triage.New()
	if err != nil {
		return err
	}
	report, err := eval.Measure(ctx, engine, messages)
	if err != nil {
		return err
	}
	if a.report != "" {
		if err := writeReport(a.report, report); err != nil {
			return err
		}
	}
	if a.compare != "" {
		return a.compareReports(report)
	}
	if a.jsonl {
		return json.NewEncoder(a.out).Encode(report)
	}
	return report.WriteTable(a.out)
}

func writeReport(file string, r eval.Report) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o600)
}

// compareReports prints what changed since the report of another version.
func (a *app) compareReports(now eval.Report) error {
	b, err := os.ReadFile(a.compare)
	if err != nil {
		return webcare.Invalidf("--compare: %w", err)
	}
	var before eval.Report
	if err := json.Unmarshal(b, &before); err != nil {
		return webcare.Invalidf("--compare %s: %v", a.compare, err)
	}
	return eval.WriteComparison(a.out, before, now)
}
