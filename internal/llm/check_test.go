package llm_test

import (
	"encoding/json"
	"testing"

	"webcare.example/responder/internal/llm"
)

func sampleSchema() llm.Schema {
	return llm.Object(
		llm.Field{Name: "kind", Schema: llm.Enum("a", "b").About("Which.")},
		llm.Field{Name: "score", Schema: llm.Range(0, 1)},
		llm.Field{Name: "list", Schema: llm.Array(2, llm.Object(llm.Field{Name: "text", Schema: llm.Text(5)}, llm.Field{Name: "sure", Schema: llm.Bool()}))})
}

func TestSchemaIsWrittenInOrder(t *testing.T) {
	const want = `{"type":"object","properties":{"kind":{"type":"string","description":"Which.","enum":["a","b"]},"score":{"type":"number"},` +
		`"list":{"type":"array","items":{"type":"object","properties":{"text":{"type":"string"},"sure":{"type":"boolean"}},"required":["text","sure"],` +
		`"additionalProperties":false}}},"required":["kind","score","list"],"additionalProperties":false}`
	got, err := json.Marshal(sampleSchema())
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want\n%s", got, err, want)
	}
}

func TestSchemaCheck(t *testing.T) {
	for in, want := range map[string]llm.Reason{
		`{"kind":"a","score":0.5,"list":[{"text":"héééé","sure":true}]}`: "",
		`{"list":[],"score":1,"kind":"b"}`:                               "",
		`{"kind":"c","score":0.5,"list":[]}`:                             llm.OffSchema,
		`{"kind":"a","score":1.5,"list":[]}`:                             llm.OffSchema,
		`{"kind":"a","score":"1","list":[]}`:                             llm.OffSchema,
		`{"kind":null,"score":1,"list":[]}`:                              llm.OffSchema,
		`{"kind":"a","score":1}`:                                         llm.OffSchema,
		`{"kind":"a","score":1,"list":[],"more":{}}`:                     llm.OffSchema,
		`{"kind":"a","kind":"a","score":1,"list":[]}`:                    llm.OffSchema,
		`{"Kind":"a","score":1,"list":[]}`:                               llm.OffSchema,
		`{"kind":"a","score":1,"list":{}}`:                               llm.OffSchema,
		`{"kind":"a","score":1,"list":[1]}`:                              llm.OffSchema,
		`{"kind":"a","score":1,"list":[{"text":"te lang","sure":true}]}`: llm.OffSchema,
		`{"kind":"a","score":1,"list":[{"text":"a","sure":true},{"text":"a","sure":true},{"text":"a","sure":true}]}`: llm.OffSchema,
		`[]`:                                   llm.OffSchema,
		`"a"`:                                  llm.OffSchema,
		``:                                     llm.Malformed,
		`{`:                                    llm.Malformed,
		`{"kind":"a","score":1,"list":[`:       llm.Malformed,
		`{"kind":"a","score":1,"list":[]}}`:    llm.Malformed,
		`{"kind":"a","score":1,"list":[]} {}`:  llm.Malformed,
		"{\"kind\":\"\xff\",\"score\":1}":      llm.Malformed,
		`{"kind":"a","score":1e999,"list":[]}`: llm.OffSchema,
		`{"kind":"a" "score":1,"list":[]}`:     llm.Malformed,
	} {
		err := sampleSchema().Check([]byte(in))
		if reasonOf(err) != want {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
}

func FuzzSchemaCheck(f *testing.F) {
	f.Add([]byte(`{"kind":"a","score":0.5,"list":[{"text":"x","sure":true}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if sampleSchema().Check(data) == nil && !json.Valid(data) {
			t.Errorf("%q passes and is no JSON", data)
		}
	})
}
