// Package functions_test holds both wirings of the stages equal: the one of
// internal/pipeline, on one machine, and that of the functions here.
package functions_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wiring is what a program makes of the stages' parts: for each type, as
// package.Type, the fields that it sets.
type wiring map[string][]string

// parts are the types that make up the stages.
var parts = []string{"triage.Stage", "draft.Stage", "publish.Stage", "followup.Stage", "webhook.Courier", "webhook.Subscriptions", "receive.Receiver", "review.Desk"}

// read adds what the files of a folder wire.
func (w wiring) read(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			sel, ok := lit.Type.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			kind := nameOf(sel.X) + "." + sel.Sel.Name
			if !slices.Contains(parts, kind) {
				return true
			}
			if w[kind] == nil {
				w[kind] = []string{}
			}
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && !slices.Contains(w[kind], nameOf(kv.Key)) {
					w[kind] = append(w[kind], nameOf(kv.Key))
				}
			}
			return true
		})
	}
}

func nameOf(e ast.Expr) string {
	id, ok := e.(*ast.Ident)
	if !ok {
		return ""
	}
	return id.Name
}

// stagesOf are the stages that the files of a folder name: webcare.StageTriage.
func stagesOf(t *testing.T, folder string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && nameOf(sel.X) == "webcare" && strings.HasPrefix(sel.Sel.Name, "Stage") && sel.Sel.Name != "Stage" && sel.Sel.Name != "Stages" {
				out[sel.Sel.Name] = true
			}
			return true
		})
	}
	return out
}

var lambdas = []string{"triage", "draft", "publish", "notify", "followup", "relay", "console", "receive-hooks", "receive-mail", "receive-posts"}

// TestWiringsAgree: on one machine and on AWS the same stages are made of the
// same parts with the same settings, and who triages and drafts is chosen by
// the same constructors.
func TestWiringsAgree(t *testing.T) {
	onebox, aws := wiring{}, wiring{}
	onebox.read(t, "../internal/pipeline")
	stages := map[string]bool{}
	for _, f := range lambdas {
		aws.read(t, f)
		maps.Copy(stages, stagesOf(t, f))
	}
	if got, want := slices.Sorted(maps.Keys(stages)), slices.Sorted(maps.Keys(stagesOf(t, "../internal/pipeline"))); !slices.Equal(got, want) {
		t.Errorf("functions handle %v, the pipeline %v", got, want)
	}
	for _, kind := range parts {
		a, b := slices.Sorted(slices.Values(onebox[kind])), slices.Sorted(slices.Values(aws[kind]))
		if len(a) == 0 || !slices.Equal(a, b) {
			t.Errorf("%s is made with %v in the pipeline, with %v on AWS", kind, a, b)
		}
	}
}
