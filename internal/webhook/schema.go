package webhook

import (
	"encoding/json"
	"slices"

	"webcare.example/responder/internal/webcare"
)

// field is one documented detail of an event: its name in payloads, where it
// stands in the event, what it says.
type field struct{ name, source, doc string }

var (
	hash       = field{"hash", "hash", "SHA-256 over all that leaves with the draft"}
	resolution = field{"resolution", "resolution", "id of the resolution in the brand's playbook"}
	engine     = field{"engine", "engine", "name and version of the engine that did it"}
	outcome    = field{"outcome", "outcome", "posted, pending, refused or unknown"}
	promise    = field{"promise", "promise", "id of the promise within the case"}
	owner      = field{"owner", "owner", "who keeps the promise"}
	due        = field{"due", "due", "when it is due, RFC 3339"}
	workOrder  = field{"work_order", "work_order", "id of the work order within the case"}
	desk       = field{"desk", "desk", "the desk it is for"}
)

// detailsOf documents the details of each event. What is not listed is not sent.
var detailsOf = map[webcare.EventType][]field{
	webcare.CaseReceived:     {{"external_key", "key", "channel and the message's id there, as channel/id"}},
	webcare.CaseTriaged:      {engine},
	webcare.DraftReady:       {hash, engine, resolution},
	webcare.DraftApproved:    {hash, resolution, {"edited", "edited", "true when a person changed the draft first"}},
	webcare.DraftRejected:    {hash},
	webcare.ReplyPublished:   {hash, outcome, resolution},
	webcare.ReplyFailed:      {hash, outcome},
	webcare.PromiseMade:      {promise, due, owner},
	webcare.PromiseDue:       {promise, due, owner},
	webcare.PromiseWasKept:   {promise, owner},
	webcare.PromiseWasBroken: {promise, owner},
	webcare.WorkOrderCreated: {workOrder, desk, due},
	webcare.WorkOrderClosed:  {workOrder, desk, {"state", "state", "done or refused"}},
	webcare.SentimentSpike: {{"friction", "friction", "the friction that is met so often"}, {"minutes", "minutes", "the length of the stretch that was counted"},
		{"mentions", "mentions", "how many in that stretch"}, {"expected", "expected", "how many such a stretch usually has"},
		{"example_1", "example_1", "id of a case of the spike"}, {"example_2", "example_2", "another"}, {"example_3", "example_3", "another"}},
	DueSoon: {due},
	WebhookPaused: {{"webhook", "webhook", "id of the paused webhook"}, {"name", "name", "its name"},
		{"why", "why", "since when it fails, and how"}},
	Ping: nil,
}

var describe = map[webcare.EventType]string{
	webcare.CaseReceived: "A message opened a case.", webcare.CaseTriaged: "It is known what happened to the customer; new holds the labels.",
	webcare.DraftReady: "A draft reply waits for a person.", webcare.DraftApproved: "A person approved the draft, word for word.",
	webcare.DraftRejected: "A person rejected the draft, or its dates have passed.", webcare.ReplyPublished: "The reply is posted.",
	webcare.ReplyFailed: "The reply could not be posted; a person looks at it.", webcare.PromiseMade: "A posted reply promises something.",
	webcare.PromiseDue: "A promise has to be kept now.", webcare.PromiseWasKept: "A promise was kept.", webcare.PromiseWasBroken: "A promise was not kept in time.",
	webcare.WorkOrderCreated: "A desk has work to do for the customer.", webcare.WorkOrderClosed: "A desk did the work, or refused.",
	webcare.SentimentSpike: "Far more mentions of a friction than usual.", DueSoon: "A fifth of the response clock is left.",
	WebhookPaused: "Another webhook failed for days and is paused.", Ping: "A test, sent by a person.",
}

// Describe says in a sentence what an event tells.
func Describe(t webcare.EventType) string { return describe[t] }

type object = map[string]any

// Schema returns the JSON Schema (draft 2020-12) of an event's payload in the
// standard format, and whether there is such an event. Receivers must take
// fields that they do not know.
func Schema(t webcare.EventType) ([]byte, bool) {
	if t != Ping && !slices.Contains(EventTypes(), t) {
		return nil, false
	}
	text := func(doc string) object { return object{"type": "string", "description": doc} }
	details := object{}
	for _, f := range detailsOf[t] {
		details[f.name] = text(f.doc)
	}
	data := object{
		"event_id": text("the same for the same event, at every attempt and every webhook"),
		"case_id":  text("id of the case"), "brand": text("id of the brand"), "channel": text("channel of the case"),
		"sequence": object{"type": "integer", "minimum": 1, "description": "rises within the case: a lower one is older, whenever it arrives"},
		"url":      text("the case, for people"), "api_url": text("the case with all that belongs to it, for programs"),
		"old":     object{"$ref": "#/$defs/labels", "description": "as they were before"},
		"new":     object{"$ref": "#/$defs/labels", "description": "as they were after"},
		"details": object{"type": "object", "properties": details, "description": "facts of this event"},
		"texts": object{"type": "object", "required": []string{"text"}, "description": "only in webhooks that ask for texts",
			"properties": object{"author": text("the customer's name"), "subject": text("subject"), "text": text("what the customer, or the draft, says"),
				"private_text": text("the private follow-up of a public reply"), "truncated": object{"type": "boolean", "description": "the whole is behind api_url"}}},
	}
	required := []string{"event_id"}
	if t != Ping && t != WebhookPaused && t != webcare.SentimentSpike {
		required = append(required, "case_id", "sequence", "brand", "channel")
	}
	schema := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "/api/schemas/events/" + string(t) + ".json",
		"title": string(t), "description": Describe(t), "type": "object", "required": []string{"type", "timestamp", "version", "data"},
		"properties": object{
			"type": object{"const": string(t)}, "version": object{"const": PayloadVersion, "description": "raised when a field changes its meaning or goes"},
			"timestamp": object{"type": "string", "format": "date-time", "description": "when it happened"},
			"data":      object{"type": "object", "required": required, "properties": data},
		},
		"$defs": object{"labels": labelsSchema()},
	}
	b, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic("webhook: schema of " + string(t) + ": " + err.Error()) // strings and numbers only
	}
	return append(b, '\n'), true
}

func labelsSchema() object {
	names := func(doc string) object {
		return object{"type": "array", "items": object{"type": "string"}, "description": doc}
	}
	var signals []string
	for _, s := range webcare.Signals() {
		signals = append(signals, string(s))
	}
	return object{"type": "object", "properties": object{
		"status": object{"type": "string"}, "language": object{"type": "string", "description": "ISO 639-1"}, "complaint": object{"type": "boolean"},
		"kind": object{"type": "string"}, "frictions": names("friction types, the main one first"),
		"sentiment": object{"enum": []string{"negative", "neutral", "positive", "mixed"}}, "urgency": object{"enum": []string{"low", "normal", "high", "critical"}},
		"signals": object{"type": "array", "items": object{"enum": signals}, "description": "vulnerable_customer and discrimination only in webhooks that ask for them"},
		"tags":    names("set by people")}}
}
