package templatetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/aws/templatetest"
)

func TestGrantsNameWhatTheyAreFor(t *testing.T) {
	tpl := templatetest.Load(t)
	if len(tpl.Functions()) < 10 {
		t.Fatalf("functions: %v", tpl.Functions())
	}
	for _, f := range tpl.Functions() {
		grants := tpl.Grants(f)
		if len(grants) == 0 {
			t.Errorf("%s has no grants", f)
		}
		for _, g := range grants {
			if len(g.Actions) == 0 || len(g.Resources) == 0 {
				t.Errorf("%s: an empty grant %+v", f, g)
			}
			for _, a := range g.Actions {
				if strings.Contains(a, "*") {
					t.Errorf("%s may %s: name the actions", f, a)
				}
			}
			for _, r := range g.Resources {
				if r == "*" {
					t.Errorf("%s may %v on everything", f, g.Actions)
				}
			}
		}
	}
}

// The table in the template is the one that tests run on.
func TestTable(t *testing.T) {
	props := templatetest.Load(t).Resources["Table"].Properties
	in := aws.TableInput("x")
	if got, want := keys(props["KeySchema"]), schema(in.KeySchema); got != want {
		t.Errorf("keys: %s, want %s", got, want)
	}
	var got, want []string
	indexes, _ := props["GlobalSecondaryIndexes"].([]any)
	for _, i := range indexes {
		ix, _ := i.(map[string]any)
		got = append(got, fmt.Sprint(ix["IndexName"], " ", keys(ix["KeySchema"])))
	}
	for _, ix := range in.GlobalSecondaryIndexes {
		want = append(want, *ix.IndexName+" "+schema(ix.KeySchema))
	}
	if !slices.Equal(got, want) {
		t.Errorf("indexes: %v, want %v", got, want)
	}
}

func keys(v any) (out string) {
	list, _ := v.([]any)
	for _, k := range list {
		m, _ := k.(map[string]any)
		out += fmt.Sprintf("%v:%v ", m["AttributeName"], m["KeyType"])
	}
	return out
}

func schema(ks []types.KeySchemaElement) (out string) {
	for _, k := range ks {
		out += fmt.Sprintf("%s:%s ", *k.AttributeName, k.KeyType)
	}
	return out
}
