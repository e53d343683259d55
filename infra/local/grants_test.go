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

// unused are grants that no test need use, with the reason: of one function, or
// of all where none is named. A grant that is neither used nor named here fails
// the test, and so does one named here that no function has.
var unused = map[string]string{
	"s3:ListBucket bucket":      "without it, an object that is not there answers 403 instead of 404",
	"ses:SendRawEmail identity": "what SES asks for beside SendEmail where the mail is given as a whole",
	"sqs:SendMessage stream":    "Lambda's own, for batches of the stream that fail",

	"triage s3:PutObject case":   "a triage of more than 8 kB: very many places that it points at",
	"draft s3:PutObject case":    "a draft of more than 8 kB",
	"publish s3:PutObject case":  "what a platform answers at such length",
	"followup s3:PutObject case": "likewise, of a desk",

	"console dynamodb:UpdateItem table":     "rewriting cases for an erasure and replaying dead letters: likewise",
	"console dynamodb:DeleteItem table":     "claims given up: for persons who signed in",
	"console dynamodb:BatchWriteItem table": "search terms of a customer who is erased: likewise",
	"console s3:DeleteObject case":          "bodies of a customer who is erased: likewise",

	"receive-posts dynamodb:Query table":      "a post of somebody who wrote before; no platform is connected here",
	"receive-posts dynamodb:Query index/list": "likewise, replies that were posted elsewhere",
	"receive-posts dynamodb:DeleteItem table": "a post over an approval, which is taken back",
	"receive-posts s3:GetObject case":         "a post of somebody who wrote at length before",
	"receive-posts s3:PutObject case":         "a long post",
}

// grants: nothing was done that the template does not grant, and all that it
// grants was done, or is named above.
func grants(t *testing.T) {
	did.Lock()
	defer did.Unlock()
	if len(did.used) == 0 {
		t.Skip(`needs emulator: nothing has run`)
	}
	tpl, named := templatetest.Load(t), map[string]bool{}
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
			named[g], named[folder+" "+g] = true, true
			if did.used[folder][g] == 0 && unused[g] == "" && unused[folder+" "+g] == "" {
				t.Errorf("%s may %s, and no test needs it", folder, g)
			}
		}
	}
	for g := range unused {
		if !named[g] {
			t.Errorf("no function may %s any more", g)
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
