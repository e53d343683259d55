package webhook_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// TestPayloads: what is sent is what the schema of its event says, under the
// largest size, and holds nothing that was not asked for.
func TestPayloads(t *testing.T) {
	p := newPost(t, loopback)
	ch := webcare.Begin(webcare.NewCase("case1", "b", "email"), p.now, webcare.Machine("test"))
	secretText := strings.Repeat("Ik zit in de bijstand & <heb> geen \"fiets\". ", 3000)
	if err := ch.Receive(webcare.Message{ID: "m1", Key: webcare.Key{Channel: "email", ExternalID: "m1"}, Author: webcare.Author{Name: "Kim"}, Text: secretText, ReceivedAt: p.now}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Store.Commit(t.Context(), ch); err != nil {
		t.Fatal(err)
	}
	p.subscribe(webhook.Subscription{Name: "plain", Events: webhook.EventTypes()})
	p.subscribe(webhook.Subscription{Name: "all", Events: webhook.EventTypes(), Texts: true, Special: true})
	data := map[string]string{"key": "email/m1", "engine": "test/1", "hash": "ab", "resolution": "r", "edited": "true", "outcome": "posted", "promise": "p1", "due": "2026-12-01T10:00:00Z",
		"owner": "Iris", "work_order": "w1", "desk": "bezorging", "state": "done", "friction": "late", "minutes": "60", "mentions": "40", "expected": "3.0", "webhook": "w", "name": "CRM",
		"why": "internal words", "undocumented": "never"}
	for i, typ := range webhook.EventTypes() {
		e := p.event(i+10, typ)
		e.Data = data
		if typ == webcare.SentimentSpike || typ == webhook.WebhookPaused {
			e.ID, e.CaseID, e.Seq, e.New = "spike/b/"+string(typ), "", 0, nil
		}
		p.announce(e)
	}
	p.work()
	if len(p.calls) != 2*len(webhook.EventTypes()) {
		t.Fatalf("%d calls", len(p.calls))
	}
	withTexts, special := 0, 0
	for _, c := range p.calls {
		var got webhook.Payload
		if err := json.Unmarshal(c.body, &got); err != nil {
			t.Fatal(err)
		}
		validate(t, got.Type, c.body)
		if len(c.body) >= webhook.MaxPayload {
			t.Errorf("%s: %d bytes", got.Type, len(c.body))
		}
		if bytes.Contains(c.body, []byte("never")) {
			t.Errorf("%s: %s", got.Type, c.body)
		}
		if got.Data.Texts != nil {
			withTexts++
			if !got.Data.Texts.Truncated {
				t.Errorf("%s: not truncated", got.Type)
			}
		} else if bytes.Contains(c.body, []byte("bijstand")) {
			t.Errorf("%s: a text", got.Type)
		}
		if bytes.Contains(c.body, []byte("vulnerable_customer")) {
			special++
		}
	}
	if withTexts != 3 || special != len(webhook.EventTypes())-2 { // received, triaged, due soon; half of all but spike and paused have it
		t.Errorf("%d with texts, %d with special signals", withTexts, special)
	}
}

func validate(t *testing.T, typ webcare.EventType, body []byte) {
	t.Helper()
	text, ok := webhook.Schema(typ)
	if !ok {
		t.Fatalf("no schema of %s", typ)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v\n%s", typ, err, body)
	}
	v.(map[string]any)["type"] = "something.else"
	if s.Validate(v) == nil {
		t.Errorf("%s: the schema takes anything", typ)
	}
}

func TestSlack(t *testing.T) {
	p := newPost(t, loopback)
	p.subscribe(webhook.Subscription{Format: webhook.FormatSlack, Language: "en", Events: []webcare.EventType{webcare.DraftReady, webhook.DueSoon, webcare.SentimentSpike}})
	due := p.event(2, webhook.DueSoon)
	due.Data = map[string]string{"due": "2026-12-01T10:00:00Z"}
	spike := webcare.Event{ID: "spike/b/late/x", Type: webcare.SentimentSpike, At: p.now, Brand: "<b&>", Data: map[string]string{"friction": "late", "minutes": "60", "mentions": "40", "expected": "3.0"}}
	p.announce(p.event(1, webcare.DraftReady), due, spike)
	p.work()
	want := map[string]bool{"*Draft waits for approval* · b · email · _high_ · <https://desk.test/cases/case1|open>": true,
		"*:hourglass_flowing_sand: Response clock nearly over* · b · email · _high_ · <!date^1796119200^{date_short} {time}|2026-12-01 10:00Z> · <https://desk.test/cases/case1|open>": true,
		"*:rotating_light: Spike of complaints* · &lt;b&amp;&gt; · late · 40 in 60 minutes, usually 3.0":                                                                               true}
	for _, c := range p.calls {
		var got struct{ Text string }
		if err := json.Unmarshal(c.body, &got); err != nil || !want[got.Text] {
			t.Errorf("%v %q", err, got.Text)
		}
	}
	if len(p.calls) != 3 {
		t.Errorf("%d calls", len(p.calls))
	}
}
