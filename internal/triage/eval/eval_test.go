package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"webcare.example/responder/internal/webcare"
)

// script is a triager that answers what is written for each text.
type script map[string]webcare.Triage

func (s script) Triage(_ context.Context, in webcare.TriageInput) (webcare.Triage, error) {
	t := s[in.Text]
	t.Engine = "script/1"
	return t, nil
}

const labelled = `{"id":"1","channel":"x","language":"nl","text":"Te laat. En duur. Bah.","complaint":true,"frictions":[{"type":"late","evidence":"Te laat"},{"type":"other","evidence":"duur"}],"sentiment":"negative","urgency":"critical","signals":["safety"],"praise":[],"facts":[]}
{"id":"2","channel":"x","language":"en","text":"Lovely people at 5pm","complaint":false,"frictions":[],"sentiment":"positive","urgency":"low","signals":[],"praise":["Lovely people"],"facts":["5pm"]}
`

func span(start, end int) []webcare.Span { return []webcare.Span{{Start: start, End: end}} }

func TestMeasure(t *testing.T) {
	messages, err := Read(strings.NewReader(labelled))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Measure(context.Background(), script{
		"Te laat. En duur. Bah.": {Language: "nl", Complaint: true, Urgency: webcare.Critical, Sentiment: webcare.Sentiment{Label: webcare.Negative},
			Frictions: []webcare.Friction{{Type: webcare.Late, Evidence: span(9, 17)}, {Type: webcare.Refund, Evidence: span(0, 4)}}},
		"Lovely people at 5pm": {Language: "nl", Complaint: false, Urgency: webcare.Low, Sentiment: webcare.Sentiment{Label: webcare.Positive},
			Frictions: []webcare.Friction{{Type: webcare.Late, Evidence: span(0, 4)}}, Praise: span(0, 6), Facts: []webcare.Fact{{Start: 17, End: 20}}},
	}, messages)
	if err != nil {
		t.Fatal(err)
	}
	// late: 1 right, 1 wrong; other missed; refund given wrongly.
	if r.Micro.Precision != 1.0/3 || r.Micro.Recall != 0.5 || r.Micro.F1 != 0.4 {
		t.Errorf("micro %+v", r.Micro)
	}
	if want := (Evidence{Right: 1, Hit: 0, Near: 1}); r.Evidence != want {
		t.Errorf("evidence %+v, want %+v", r.Evidence, want)
	}
	if r.QuietWithFriction != 1 || r.CriticalFound != 1 || r.ComplaintMacroF1 != 1 || r.SentimentAccuracy != 1 || r.LanguageAccuracy != 0.5 || r.PraiseFound != 1 || r.FactsFound != 1 {
		t.Errorf("report %+v", r)
	}
	if r.SignalsMicro.Recall != 0 || r.KindAccuracy != nil {
		t.Errorf("signals %+v, kind %v", r.SignalsMicro, r.KindAccuracy)
	}
	if len(r.Confused) != 1 || r.Confused[0] != (Confusion{"other", "refund", 1}) {
		t.Errorf("confused %+v", r.Confused)
	}
	var out bytes.Buffer
	if err := r.WriteTable(&out); err != nil || !strings.Contains(out.String(), "late") || !strings.Contains(out.String(), "script/1") {
		t.Errorf("table: %v\n%s", err, out.String())
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again Report
	if err := json.Unmarshal(b, &again); err != nil || again.Micro != r.Micro {
		t.Errorf("JSON: %v, %+v", err, again.Micro)
	}
}

func TestCompare(t *testing.T) {
	a := Report{Engine: "a/1", Micro: Score{F1: 0.5}, Frictions: []Row{{Label: "late", Score: Score{F1: 0.4}}}}
	b := Report{Engine: "b/1", Micro: Score{F1: 0.7}, Frictions: []Row{{Label: "refund", Score: Score{F1: 0.9}}}}
	seen := map[string]Change{}
	for _, c := range Compare(a, b) {
		seen[c.Name] = c
	}
	for name, want := range map[string]Change{"friction micro F1": {Before: 0.5, After: 0.7}, "late": {Before: 0.4}, "refund": {After: 0.9}} {
		if got := seen[name]; got.Before != want.Before || got.After != want.After {
			t.Errorf("%s: %+v", name, got)
		}
	}
	var out bytes.Buffer
	if err := WriteComparison(&out, a, b); err != nil || !strings.Contains(out.String(), "+0.200*") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestReadRefuses(t *testing.T) {
	for _, bad := range []string{"{", `{"frictions":[{"type":"tardy"}]}`} {
		if _, err := Read(strings.NewReader(labelled + bad)); err == nil || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("Read(%q) = %v", bad, err)
		}
	}
}
