package channeltest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestFakesAreApart: no function on AWS carries the fakes, and onebox uses
// them in one command alone.
func TestFakesAreApart(t *testing.T) {
	const fakes = "webcare.example/responder/internal/channel/fakes"
	root := "../../../functions"
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if e.Name() == "onebox" {
			uses := 0
			files, err := filepath.Glob(filepath.Join(root, "onebox", "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				b, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(b), fakes+`"`) && !strings.HasSuffix(f, "_test.go") {
					uses++
					if filepath.Base(f) != "fakes.go" {
						t.Errorf("%s imports the fakes", f)
					}
				}
			}
			if uses != 1 {
				t.Errorf("%d files of onebox import the fakes", uses)
			}
			continue
		}
		out, err := exec.Command("go", "list", "-deps", root+"/"+e.Name()).CombinedOutput()
		if err != nil {
			t.Logf("%s: %s", e.Name(), out) // no program, or one that does not build: others say so
			continue
		}
		if strings.Contains(string(out), fakes+"\n") {
			t.Errorf("%s carries the fakes", e.Name())
		}
	}
}
