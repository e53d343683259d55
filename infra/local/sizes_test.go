package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"webcare.example/responder/internal/aws/templatetest"
)

// What a function may weigh, in bytes: Lambda fetches and maps all of it before
// the first instruction runs.
const (
	stageMost   = 15_000_000
	consoleMost = 25_000_000
)

// heavier are stages above their bound, with the reason and a bound of their own.
var heavier = map[string]int64{
	"triage": 18_000_000, // 7 MB of weights, read in place: packed ones would be unpacked at every cold start
}

// TestSizes builds the functions as sam does, for arm64. That none carries
// SQLite or another stage is internal/house's to test.
func TestSizes(t *testing.T) {
	dir := t.TempDir()
	args := []string{"build", "-tags", "lambda.norpc", "-trimpath", "-ldflags=-s -w", "-o", dir + "/"}
	tpl := templatetest.Load(t)
	for _, name := range tpl.Functions() {
		args = append(args, "webcare.example/responder/functions/"+tpl.Folder(name))
	}
	cmd := exec.CommandContext(context.Background(), "go", args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != len(tpl.Functions()) {
		t.Fatalf("built %v: %v", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		most := int64(stageMost)
		if filepath.Base(f) == "console" {
			most = consoleMost
		}
		if own := heavier[filepath.Base(f)]; own > 0 {
			most = own
		}
		t.Logf("%-14s %6.2f MB", filepath.Base(f), float64(info.Size())/1e6)
		if info.Size() > most {
			t.Errorf("%s is %d bytes, more than %d", strings.TrimPrefix(f, dir), info.Size(), most)
		}
	}
}
