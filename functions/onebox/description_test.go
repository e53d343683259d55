package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestDescription holds the running API to its own description, with every
// check of schemathesis on: no server error, no undocumented answer, no input
// taken that the schema forbids.
func TestDescription(t *testing.T) {
	found, err := filepath.Glob("../../.tools/schemathesis-*/bin/schemathesis")
	if err != nil || len(found) == 0 {
		t.Skip("needs emulator: python3 -m venv .tools/schemathesis-4.4.1 && .tools/schemathesis-4.4.1/bin/pip install schemathesis==4.4.1 hypothesis==6.135.0")
	}
	p := start(t, []string{"WEBCARE_ALLOW_LOOPBACK=true"}, "serve", "--data", t.TempDir(), "--smtp", "")
	defer p.kill()
	cmd := exec.CommandContext(t.Context(), found[0], "--config-file", "../../testdata/webhook/schemathesis.toml", "--no-color", "run", "http://"+p.addr+"/api/openapi.json",
		"--checks", "all", "--phases", "examples,fuzzing", "--max-examples", "15", "--continue-on-failure", "--suppress-health-check", "all", "--workers", "2", "--generation-database", "none")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
