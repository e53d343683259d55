package console

import (
	"encoding/json"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// exampleHash stands for the hash of the draft that the person saw.
var exampleHash = strings.Repeat("0123456789abcdef", 4)

// examples are bodies of calls, by operation; a test sends each of them.
var examples = map[string]string{
	"create-case": `{"text":"Mevrouw belde: de monteur kwam vanochtend weer niet.","channel":"telephone","author":{"name":"Bos","handle":""}}`,
	"case-approve": `{"version":1,"draft_hash":"` + exampleHash + `",
		"text":"Beste Kim, het spijt me dat je kast drie weken te laat is. Ik heb hem vandaag nagevraagd en hij wordt morgen bezorgd. Groet, Iris",
		"overrides":["1-not-specific","3-no-action"]}`,
	"case-reject":       `{"version":1,"reason":"Noem de bezorgdag."}`,
	"case-assign":       `{"assignee":"me"}`,
	"case-escalate":     `{"to":"lead","reason":"Dreigt met een advocaat."}`,
	"case-notes":        `{"text":"Klant gebeld, geen gehoor."}`,
	"case-tags":         `{"tags":["bezorging","week 48"]}`,
	"case-triage":       `{"frictions":["late","broken_promise"],"urgency":"high"}`,
	"case-ignore":       `{"reason":"Dubbel met het telefoongesprek."}`,
	"create-webhook":    `{"name":"CRM","url":"https://crm.example.com/webcare","events":["draft.ready","reply.published"]}`,
	"replay-deliveries": `{"outcome":"failed","since":"2026-11-23T08:00:00Z","until":"2026-11-23T12:00:00Z"}`,
	"create-token":      `{"name":"CRM","scopes":["cases:read"]}`,
	"create-source":     `{"name":"Forum","channel":"forum"}`,
}

// exemplify puts the example of an operation into its description.
func exemplify(op *huma.Operation) {
	text, ok := examples[op.OperationID]
	if !ok || op.RequestBody == nil {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic("console: example of " + op.OperationID + ": " + err.Error()) // a test sends them all
	}
	op.RequestBody.Content["application/json"].Example = v
}
