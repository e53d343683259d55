// Package functions_test holds what a function may carry.
package functions_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"webcare.example/responder/internal/aws/templatetest"
)

// own is which stage a function is; the others are none.
var own = map[string]string{"triage": "triage", "draft": "draft", "publish": "publish", "followup": "followup", "receive-mail": "receive"}

// A function carries its own stage and no other, and no SQLite.
func TestNoOtherStage(t *testing.T) {
	const module = "webcare.example/responder/internal/"
	tpl := templatetest.Load(t)
	for _, name := range tpl.Functions() {
		folder := tpl.Folder(name)
		out, err := exec.Command("go", "list", "-deps", "-tags", "lambda.norpc", "../functions/"+folder).Output()
		if err != nil {
			t.Fatal(err)
		}
		deps := strings.Fields(string(out))
		if o := own[folder]; o != "" && !slices.Contains(deps, module+o) {
			t.Errorf("%s does not carry its stage %s", folder, o)
		}
		for _, stage := range []string{"receive", "triage", "draft", "review", "publish", "followup", "pipeline", "sqlite"} {
			if stage != own[folder] && slices.Contains(deps, module+stage) {
				t.Errorf("%s carries %s", folder, stage)
			}
		}
		if slices.Contains(deps, "modernc.org/sqlite") {
			t.Errorf("%s carries SQLite", folder)
		}
	}
}
