// Package templatetest holds template.yaml to the code: a function's variables
// are its configuration's, its grants name what it may touch, and the table is
// the one that package aws expects. A function's own test calls Check.
package templatetest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"webcare.example/responder/internal/aws/run"
)

// Template is template.yaml with those nested in it, intrinsic functions as their arguments.
type Template struct {
	Globals struct {
		Function struct {
			Environment struct {
				Variables map[string]any `yaml:"Variables"`
			} `yaml:"Environment"`
		} `yaml:"Function"`
	} `yaml:"Globals"`
	Resources map[string]Resource `yaml:"Resources"`
}

// Resource is one of the template's resources.
type Resource struct {
	Type       string         `yaml:"Type"`
	Properties map[string]any `yaml:"Properties"`
}

// Load reads the template at the root of the repository.
func Load(t testing.TB) Template {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		b, err := os.ReadFile(filepath.Join(dir, "template.yaml"))
		if err == nil {
			var out Template
			if err := yaml.Unmarshal(b, &out); err != nil {
				t.Fatal(err)
			}
			out.nest(t, dir)
			return out
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no template.yaml above this folder")
	panic("unreachable")
}

// nest adds the resources of the templates that this one is made of.
func (tpl Template) nest(t testing.TB, dir string) {
	t.Helper()
	for _, r := range maps.Clone(tpl.Resources) {
		if r.Type != "AWS::Serverless::Application" {
			continue
		}
		location, _ := r.Properties["Location"].(string)
		b, err := os.ReadFile(filepath.Join(dir, location))
		if err != nil {
			t.Fatal(err)
		}
		var inner Template
		if err := yaml.Unmarshal(b, &inner); err != nil {
			t.Fatal(err)
		}
		for name, r := range inner.Resources {
			if _, twice := tpl.Resources[name]; twice {
				t.Fatalf("%s: %s has the name of another resource", location, name)
			}
			tpl.Resources[name] = r
		}
	}
}

// Functions are the names of the template's functions, sorted.
func (tpl Template) Functions() []string {
	var out []string
	for name, r := range tpl.Resources {
		if r.Type == "AWS::Serverless::Function" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Folder is the function's folder under functions/.
func (tpl Template) Folder(name string) string {
	uri, _ := tpl.Resources[name].Properties["CodeUri"].(string)
	return strings.TrimPrefix(strings.TrimPrefix(uri, "../"), "functions/")
}

// Variables are the environment variables that a function is given.
func (tpl Template) Variables(name string) []string {
	vars := maps.Clone(tpl.Globals.Function.Environment.Variables)
	if env, ok := tpl.Resources[name].Properties["Environment"].(map[string]any); ok {
		own, _ := env["Variables"].(map[string]any)
		maps.Copy(vars, own)
	}
	return slices.Sorted(maps.Keys(vars))
}

// Check compares a function's configuration with what the template sets.
func Check(t testing.TB, name string, cfg any) {
	t.Helper()
	want, err := run.Variables(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Load(t).Variables(name), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("template.yaml gives %s\n%v\nits configuration reads\n%v", name, got, want)
	}
}

// Grant is one statement of a function's policies.
type Grant struct {
	Actions   []string
	Resources []string
}

// Grants are a function's statements.
func (tpl Template) Grants(name string) (out []Grant) {
	policies, _ := tpl.Resources[name].Properties["Policies"].([]any)
	for _, p := range policies {
		doc, _ := p.(map[string]any)
		statements, _ := doc["Statement"].([]any)
		for _, s := range statements {
			st, _ := s.(map[string]any)
			out = append(out, Grant{texts(st["Action"]), texts(st["Resource"])})
		}
	}
	return out
}

// texts is a string or a list of them.
func texts(v any) (out []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, e := range v {
			out = append(out, texts(e)...)
		}
	}
	return out
}
