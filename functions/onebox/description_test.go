package main

import (
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// TestDescription holds the running API to its own description, with every
// check and every phase of schemathesis on: no server error, no undocumented
// answer, no input taken that the schema forbids. It is some 28,000 calls; the
// steps on a case and all else are tried side by side.
func TestDescription(t *testing.T) {
	found, err := filepath.Glob("../../.tools/schemathesis-*/bin/schemathesis")
	if err != nil || len(found) == 0 {
		t.Skip("needs emulator: python3 -m venv .tools/schemathesis-4.4.1 && .tools/schemathesis-4.4.1/bin/pip install schemathesis==4.4.1 hypothesis==6.135.0")
	}
	p := start(t, []string{"WEBCARE_ALLOW_LOOPBACK=true"}, "serve", "--data", t.TempDir(), "--smtp", "")
	defer p.kill()
	var wg sync.WaitGroup
	for _, part := range []string{"--include-path-regex", "--exclude-path-regex"} {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), found[0], "--config-file", "../../testdata/webhook/schemathesis.toml", "--no-color", "run", "http://"+p.addr+"/api/openapi.json",
				part, "/(cases|exports/cases)$", "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "10",
				"--continue-on-failure", "--suppress-health-check", "all", "--generation-database", "none")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", part, err, out)
			}
		})
	}
	wg.Wait()
}
