package console

import (
	_ "embed"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// guide is what the description of the API says first: what a page of curl
// calls would.
//
//go:embed guide.md
var guide string

// describe adds what holds for every call: fields of the rate limit, the key
// that makes a POST safe to repeat, and the events that webhooks carry.
func describe(doc *huma.OpenAPI) {
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			exemplify(op)
			if op.Method == http.MethodPost {
				op.Parameters = append(op.Parameters, &huma.Param{Name: keyHeader, In: "header",
					Description: "Makes the call safe to repeat: for a day the same key and body get the first answer again, with " + replayHeader + ": true.",
					Schema:      &huma.Schema{Type: huma.TypeString, Pattern: keyPattern}})
			}
			for code, res := range op.Responses {
				describeFields(code, res)
			}
		}
	}
	doc.Webhooks = map[string]*huma.PathItem{}
	for _, t := range append(webhook.EventTypes(), webhook.Ping) {
		doc.Webhooks[string(t)] = &huma.PathItem{Post: &huma.Operation{Summary: webhook.Describe(t), OperationID: "event-" + string(t),
			Description: "Signed after Standard Webhooks. Answer 2xx within 20 seconds; 410 ends the subscription.",
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "/api/schemas/events/" + string(t) + ".json"}}}},
			Responses:   map[string]*huma.Response{"2XX": {Description: "taken"}}}}
	}
}

func describeFields(code string, res *huma.Response) {
	if res.Headers == nil {
		res.Headers = map[string]*huma.Header{}
	}
	text := func(doc string) *huma.Header {
		return &huma.Header{Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	if code != "401" {
		res.Headers["RateLimit-Policy"] = text("calls (q) in a window of seconds (w)")
		res.Headers["RateLimit"] = text("calls left (r), and seconds until all are (t)")
	}
	if code == "400" { // what is no HTTP at all is answered before any operation is looked for
		res.Content["text/plain"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	if code == "429" {
		res.Headers["Retry-After"] = text("seconds to wait")
	}
}

// eventSchema serves the JSON Schema of an event's payload.
func eventSchema(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".json")
	b, known := webhook.Schema(webcare.EventType(name))
	if !ok || !known {
		writeProblem(w, http.StatusNotFound, "there is no such event")
		return
	}
	w.Header().Set(contentType, "application/schema+json")
	_, _ = w.Write(b) // a client that hung up needs no answer
}
