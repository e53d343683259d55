package webcare_test

import (
	"slices"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestHashCoversWhatLeaves: each thing that leaves changes the hash, and
// nothing else does.
func TestHashCoversWhatLeaves(t *testing.T) {
	hash := func(change func(*webcare.Draft)) string {
		d := fullDraft(porttest.Start)
		change(&d)
		return webcare.HashOf("voorbeeld", "email", d)
	}
	same := hash(func(*webcare.Draft) {})
	seen := map[string]string{same: "the draft itself"}
	for name, change := range map[string]func(*webcare.Draft){
		"text":            func(d *webcare.Draft) { d.Text += " " },
		"private text":    func(d *webcare.Draft) { d.PrivateText = "" },
		"text moved over": func(d *webcare.Draft) { d.Text, d.PrivateText = d.PrivateText, d.Text },
		"subject":         func(d *webcare.Draft) { d.Subject = "Pakket" },
		"visibility":      func(d *webcare.Draft) { d.Visibility = webcare.Public },
		"reply target":    func(d *webcare.Draft) { d.ReplyTo.ExternalID = "<m2@example.com>" },
		"thread root":     func(d *webcare.Draft) { d.ReplyTo.Root = "" },
		"references":      func(d *webcare.Draft) { d.ReplyTo.References = nil },
		"recipients":      func(d *webcare.Draft) { d.ReplyTo.Recipients = []string{"mallory@example.com"} },
		"one more recipient": func(d *webcare.Draft) {
			d.ReplyTo.Recipients = append(slices.Clone(d.ReplyTo.Recipients), "x@example.com")
		},
		"page to post on":    func(d *webcare.Draft) { d.ReplyTo.URL = "https://example.com/2" },
		"attachment's name":  func(d *webcare.Draft) { d.Attachments[0].Name = "factuur.pdf" },
		"attachment's bytes": func(d *webcare.Draft) { d.Attachments[0].Blob = "case1/file/2" },
		"no attachment":      func(d *webcare.Draft) { d.Attachments = nil },
		"no resolution":      func(d *webcare.Draft) { d.Resolution = nil },
		"resolution":         func(d *webcare.Draft) { d.Resolution.ID = "voucher" },
		"its cost":           func(d *webcare.Draft) { d.Resolution.CostCents = 501 },
		"its parameters":     func(d *webcare.Draft) { d.Resolution.Params = map[string]string{"amount": "€ 50"} },
		"its checks":         func(d *webcare.Draft) { d.Resolution.Checks = nil },
		"promise":            func(d *webcare.Draft) { d.Promises[0].What = "€ 50 terugstorten" },
		"its date":           func(d *webcare.Draft) { d.Promises[0].Due = d.Promises[0].Due.Add(time.Hour) },
		"its owner":          func(d *webcare.Draft) { d.Promises[0].Owner = "Tom" },
		"its desk":           func(d *webcare.Draft) { d.Promises[0].Desk = "bezorging" },
		"its instruction":    func(d *webcare.Draft) { d.Promises[0].Instruction = "Stort € 50" },
		"when it starts":     func(d *webcare.Draft) { d.Promises[0].Before = false },
		"one promise fewer":  func(d *webcare.Draft) { d.Promises = d.Promises[:1] },
	} {
		h := hash(change)
		if other, twice := seen[h]; twice {
			t.Errorf("%s hashes like %s", name, other)
		}
		seen[h] = name
	}
	for name, change := range map[string]func(*webcare.Draft){
		"sequence": func(d *webcare.Draft) { d.Seq = 9 }, "language": func(d *webcare.Draft) { d.Language = "en" },
		"findings": func(d *webcare.Draft) { d.Findings = nil }, "engine": func(d *webcare.Draft) { d.Engine = "llm/1" },
		"signer": func(d *webcare.Draft) { d.SignedBy = "Tom" }, "authority": func(d *webcare.Draft) { d.Authority = webcare.Agent },
		"message": func(d *webcare.Draft) { d.InboundSeq = 9 }, "hash": func(d *webcare.Draft) { d.Hash = "x" },
		"cost": func(d *webcare.Draft) { d.LLMCostMicros, d.LLMTokens = 0, 0 }, "instruction": func(d *webcare.Draft) { d.Instruction = "" },
	} {
		if hash(change) != same {
			t.Errorf("%s changes the hash, and does not leave", name)
		}
	}
	d := fullDraft(porttest.Start)
	if webcare.HashOf("ander", "email", d) == same || webcare.HashOf("voorbeeld", "x", d) == same {
		t.Error("brand and channel do not change the hash")
	}
	none, empty := webcare.Draft{Text: "a"}, webcare.Draft{Text: "a", Attachments: []webcare.Attachment{}, Promises: []webcare.Promised{}}
	if webcare.HashOf("b", "x", none) != webcare.HashOf("b", "x", empty) {
		t.Error("none and an empty list hash differently: a store does not tell them apart")
	}
}

func TestExpires(t *testing.T) {
	at := func(h int) time.Time { return porttest.Start.Add(time.Duration(h) * time.Hour) }
	for _, tc := range []struct {
		name string
		dues []time.Time
		want time.Time
	}{
		{"no promises", nil, time.Time{}},
		{"one", []time.Time{at(3)}, at(3)},
		{"the first of three", []time.Time{at(3), at(1), at(2)}, at(1)},
		{"without a date", []time.Time{{}}, time.Time{}},
		{"one without a date", []time.Time{{}, at(2)}, at(2)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var d webcare.Draft
			for _, due := range tc.dues {
				d.Promises = append(d.Promises, webcare.Promised{Due: due})
			}
			if got := d.Expires(); !got.Equal(tc.want) {
				t.Fatalf("got %v, want %v", got, tc.want)
			}
		})
	}
}
