package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "webcare.example/responder/"

// Stages talk to each other through tasks alone.
var stages = []string{"receive", "triage", "draft", "review", "publish", "followup", "insight"}

// Leaves lie above webcare, each above those before it.
var leaves = []string{"text", "brand", "guard", "llm", "webhook"}

// pkg is what go list says of a package.
type pkg struct {
	ImportPath                string
	Name                      string
	Dir                       string
	Standard                  bool
	GoFiles                   []string
	TestGoFiles, XTestGoFiles []string
	Imports                   []string
	Deps                      []string
}

// path is the import path within the module.
func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module) }

// root is the folder of the module.
var root = sync.OnceValue(func() string {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		panic(err)
	}
	return filepath.Dir(strings.TrimSpace(string(out)))
})

// listed runs go list once for the packages of the module, as they are built
// for a Lambda; nothing but the standard library and the module's own packages
// is asked more than its name.
var listed = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Dir,Standard,GoFiles,TestGoFiles,XTestGoFiles,Imports,Deps", "./...")
	cmd.Dir = root()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New(stderr.String())
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, p)
	}
})

// ours returns the packages of the module, and which import paths are standard.
func ours(t *testing.T) (mine []pkg, standard map[string]bool) {
	t.Helper()
	all, err := listed()
	if err != nil {
		t.Fatal(err)
	}
	standard = map[string]bool{}
	for _, p := range all {
		if p.Standard {
			standard[p.ImportPath] = true
		} else if strings.HasPrefix(p.ImportPath, module) {
			mine = append(mine, p)
		}
	}
	if len(mine) < 20 {
		t.Fatalf("go list found %d packages", len(mine))
	}
	return mine, standard
}

// allowed returns the internal packages that the one at path may import, by
// the first element of their path below internal. Its own subpackages always.
func allowed(path string) []string {
	top, rest, _ := strings.Cut(strings.TrimPrefix(path, "internal/"), "/")
	abs := func(more ...string) []string { return append(append([]string{"webcare"}, leaves...), more...) }
	switch i := slices.Index(leaves, top); {
	case top == "webcare" || top == "house":
		return nil
	case i >= 0:
		return append([]string{"webcare"}, leaves[:i]...)
	case slices.Contains(stages, top):
		return abs()
	case top == "channel":
		return abs("channel")
	case top == "sqlite" || top == "porttest" || (top == "aws" && rest == ""):
		return []string{"webcare"}
	case top == "aws": // adapters of Lambda's events to one stage each
		return abs("channel", "receive", "insight")
	case top == "pipeline":
		return abs(stages...)
	case top == "console":
		return abs("receive", "review", "insight", "channel")
	}
	return nil
}

func TestImports(t *testing.T) {
	mine, standard := ours(t)
	for _, p := range mine {
		below, internal := strings.CutPrefix(p.path(), "internal/")
		if !internal {
			continue
		}
		top, _, _ := strings.Cut(below, "/")
		may := append(allowed(p.path()), top)
		for _, imp := range p.Imports {
			target, mine := strings.CutPrefix(imp, module+"internal/")
			if !mine {
				if top == "webcare" && !standard[imp] {
					t.Errorf("%s imports %s: it imports the standard library only", p.path(), imp)
				}
				continue
			}
			if first, _, _ := strings.Cut(target, "/"); !slices.Contains(may, first) {
				t.Errorf("%s imports %s", p.path(), target)
			}
		}
	}
}

// stageOf is what each deployable may link of the stages.
var stageOf = map[string][]string{
	"receive-mail": {"receive"}, "receive-posts": {"receive"}, "receive-hooks": {"receive"}, "triage": {"triage"}, "draft": {"draft"},
	"publish": {"publish"}, "notify": nil, "archive": nil, "followup": {"followup", "insight"}, "relay": {"insight"}, "console": {"review", "receive", "insight"},
	"onebox": stages,
}

// TestBinaries: no Lambda carries SQLite or another stage, onebox no AWS SDK.
func TestBinaries(t *testing.T) {
	mine, _ := ours(t)
	seen := 0
	for _, p := range mine {
		name, is := strings.CutPrefix(p.path(), "functions/")
		if !is || p.Name != "main" || strings.Contains(name, "/") {
			continue
		}
		seen++
		may, known := stageOf[name]
		if !known {
			t.Errorf("functions/%s: not a deployable of this house", name)
		}
		for _, dep := range p.Deps {
			inner, mine := strings.CutPrefix(dep, module+"internal/")
			stage, _, _ := strings.Cut(inner, "/")
			switch {
			case mine && slices.Contains(stages, stage) && !slices.Contains(may, stage):
				t.Errorf("functions/%s links the stage %s", name, inner)
			case name == "onebox" && (strings.HasPrefix(dep, "github.com/aws/") || (mine && stage == "aws")):
				t.Errorf("functions/onebox links %s", dep)
			case name != "onebox" && (strings.HasPrefix(dep, "modernc.org/") || (mine && (stage == "sqlite" || stage == "pipeline"))):
				t.Errorf("functions/%s links %s", name, dep)
			case mine && (stage == "porttest" || strings.HasSuffix(stage, "test")):
				t.Errorf("functions/%s links %s", name, dep)
			}
		}
	}
	if seen == 0 {
		t.Fatal("no deployables found")
	}
}

// TestGuides: every package opens with a comment that guides the reader.
func TestGuides(t *testing.T) {
	mine, _ := ours(t)
	for _, p := range mine {
		guide, files := "", p.GoFiles
		if len(files) == 0 { // tests only
			files = slices.Concat(p.TestGoFiles, p.XTestGoFiles)
		}
		for _, f := range files {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, f), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			guide += docOf(file)
		}
		want := "Package " + p.Name + " "
		switch {
		case guide == "":
			t.Errorf("%s has no package comment", p.path())
		case p.Name != "main" && !strings.HasPrefix(guide, want) && !strings.HasPrefix(guide, "Package "+p.Name+"_test "):
			t.Errorf("%s: its comment begins %q, not %q", p.path(), guide[:min(len(guide), 40)], want)
		}
	}
}

func docOf(f *ast.File) string {
	if f.Doc == nil {
		return ""
	}
	return f.Doc.Text()
}

const (
	maxFile = 500 // lines of a file of code
	maxMain = 59  // lines of a function's main.go
)

func TestLengths(t *testing.T) {
	mine, _ := ours(t)
	for _, p := range mine {
		for _, f := range p.GoFiles {
			name := filepath.Join(p.Dir, f)
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			limit := maxFile
			if strings.HasPrefix(p.path(), "functions/") && f == "main.go" {
				limit = maxMain
			}
			if n := bytes.Count(b, []byte("\n")); n > limit && !ast.IsGenerated(parsed(t, name)) {
				t.Errorf("%s/%s has %d lines, at most %d", p.path(), f, n, limit)
			}
		}
	}
}

func parsed(t *testing.T, name string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// topLevel is all that lies at the top, beside dot-files.
var topLevel = []string{"functions", "internal", "infra", "testdata", "template.yaml", "go.mod", "go.sum", "README.md", "LICENSE"}

func TestTopLevel(t *testing.T) {
	for _, top := range topEntries(t) {
		if !slices.Contains(topLevel, top) && !strings.HasPrefix(top, ".") {
			t.Errorf("%s lies at the top of the repository", top)
		}
	}
}

// topEntries are the tracked ones, or, outside a clone, all there are.
func topEntries(t *testing.T) []string {
	t.Helper()
	var out []string
	cmd := exec.Command("git", "ls-tree", "--name-only", "HEAD")
	cmd.Dir = root()
	if b, err := cmd.Output(); err == nil {
		return strings.Fields(string(b))
	}
	entries, err := os.ReadDir(root())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// words that name nothing: a package or file is called by what it is.
var emptyNames = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "manager", "handlers", "misc"}

func TestNames(t *testing.T) {
	mine, _ := ours(t)
	for _, p := range mine {
		names := []string{p.Name}
		for _, f := range p.GoFiles {
			names = append(names, strings.TrimSuffix(f, ".go"))
		}
		for _, n := range names {
			if slices.Contains(emptyNames, n) && p.path() != "internal/triage/model" { // a trained model is one
				t.Errorf("%s: %q says nothing", p.path(), n)
			}
		}
	}
}
