package main

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"webcare.example/responder/internal/aws/templatetest"
)

// did is what all functions did in all tests.
var did = struct {
	sync.Mutex
	used map[string]map[string]int
}{used: map[string]map[string]int{}}

func collect(p *proxies) {
	p.mu.Lock()
	defer p.mu.Unlock()
	did.Lock()
	defer did.Unlock()
	for f, used := range p.used {
		if did.used[f] == nil {
			did.used[f] = map[string]int{}
		}
		maps.Copy(did.used[f], used)
	}
}

// unseen are grants that calls do not show, with the reason.
var unseen = map[string]string{
	"s3:ListBucket bucket":         "without it, an object that is not there answers 403 instead of 404",
	"s3:GetObject brands":          "only with brand files configured; the tests run on the sample brand",
	"ses:SendRawEmail identity":    "what SES asks for beside SendEmail where the mail is given as a whole",
	"sqs:SendMessage stream":       "Lambda's own, for batches of the stream that fail",
	"ssm:GetParameter parameter":   "only where the secret is configured",
	"s3:GetObject case":            "only for bodies over 8 kB",
	"s3:PutObject case":            "only for bodies over 8 kB",
	"sqs:GetQueueAttributes queue": "only when the sweeper finds late tasks",
}

// rare are grants for what people do at the console, which needs a sign-in
// service here, and for failures that do not come at every run.
var rare = map[string][]string{
	"console":  {"dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "s3:DeleteObject"},
	"notify":   {"dynamodb:Query"},
	"followup": {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:Query"},
	"publish":  {"dynamodb:UpdateItem"},
	"archive":  {"dynamodb:UpdateItem", "dynamodb:DeleteItem"},
}

// grants: nothing was done that the template does not grant. What it grants and
// no call used, but for what unseen and rare name, is logged: rare paths do not
// come at every run.
func grants(t *testing.T) {
	did.Lock()
	defer did.Unlock()
	if len(did.used) == 0 {
		t.Skip(`needs emulator: nothing has run`)
	}
	tpl := templatetest.Load(t)
	for _, name := range tpl.Functions() {
		folder := tpl.Folder(name)
		may := map[string]bool{}
		for _, g := range tpl.Grants(name) {
			for _, a := range g.Actions {
				for _, r := range g.Resources {
					may[a+" "+on(r)] = true
				}
			}
		}
		for u := range did.used[folder] {
			if !may[u] {
				t.Errorf("%s did %s, which template.yaml does not grant", folder, u)
			}
		}
		for _, g := range slices.Sorted(maps.Keys(may)) {
			action, _, _ := strings.Cut(g, " ")
			if did.used[folder][g] == 0 && unseen[g] == "" && !slices.Contains(rare[folder], action) {
				t.Logf("%s may %s, and did not", folder, g)
			}
		}
	}
}

// on is what a resource of the template is called here.
func on(resource string) string {
	_, path, isPath := strings.Cut(resource, "}/")
	switch {
	case strings.Contains(resource, "Outputs.Stream"):
		return "stream"
	case strings.HasPrefix(resource, "Queues."):
		return "queue"
	case strings.Contains(resource, ":ssm:"):
		return "parameter"
	case strings.Contains(resource, ":ses:"):
		return "identity"
	case isPath && strings.HasPrefix(resource, "${Bucket"):
		return strings.TrimSuffix(path, "/*")
	case isPath:
		return path
	case strings.HasPrefix(resource, "Bucket"):
		return "bucket"
	}
	return "table"
}
