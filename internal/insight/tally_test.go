package insight_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

func labels(kind webcare.Kind, fs ...webcare.FrictionType) *webcare.Labels {
	return &webcare.Labels{Kind: kind, Language: "nl", Sentiment: webcare.Negative, Urgency: webcare.High, Frictions: fs,
		Signals: []webcare.Signal{webcare.VulnerableCustomer, webcare.Discrimination}}
}

func sum(ds []webcare.Delta) map[string]int64 {
	out := map[string]int64{}
	for _, d := range ds {
		out[d.Metric] += d.N
	}
	return out
}

func TestDeltas(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 59, 59, 0, time.FixedZone("", 3600))
	first := webcare.Event{Type: webcare.CaseTriaged, Brand: "b", Channel: "mail", At: at, New: labels(webcare.KindComplaint, webcare.Late, webcare.FailedDelivery, webcare.Refund)}
	got := sum(insight.Deltas(first))
	for metric, n := range map[string]int64{"event/case.triaged": 1, "case": 1, "main/late": 1, "main/failed_delivery": 0, "friction/late": 1, "friction/failed_delivery": 1,
		"family/time_place": 1, "family/money": 1, "language/nl": 1, "sentiment/negative": 1, "urgency/high": 1, "kind/complaint": 1, "channel/mail/case": 1, "channel/mail/friction/refund": 1} {
		if got[metric] != n {
			t.Errorf("%s is %d, want %d", metric, got[metric], n)
		}
	}
	for _, d := range insight.Deltas(first) {
		want := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
		if strings.HasPrefix(d.Metric, "d/") {
			want = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		}
		if !d.Hour.Equal(want) || d.Brand != "b" {
			t.Errorf("%+v", d)
		}
		if strings.Contains(d.Metric, "vulnerable") || strings.Contains(d.Metric, "discrimination") {
			t.Errorf("%s tells of a person", d.Metric)
		}
	}
	second := first
	second.Type, second.Old, second.New = webcare.TriageCorrected, first.New, labels(webcare.KindComplaint, webcare.Refund)
	after := sum(append(insight.Deltas(first), insight.Deltas(second)...))
	if after["case"] != 1 || after["friction/late"] != 0 || after["main/refund"] != 1 || after["friction/refund"] != 1 || after["family/time_place"] != 0 {
		t.Errorf("after a correction: %v", after)
	}
	note := webcare.Event{Type: webcare.CaseNoted, Brand: "b", Channel: "mail", At: at, Old: first.New, New: first.New}
	if got := sum(insight.Deltas(note)); len(got) != 2 || got["event/case.noted"] != 1 {
		t.Errorf("a note counts %v", got)
	}
}

// TestCountsEqualLabels: however often cases are triaged and corrected, in any
// order over cases, the counters are what the cases now stand under.
func TestCountsEqualLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := map[int]*webcare.Labels{}
		var deltas []webcare.Delta
		for i := range rapid.IntRange(1, 60).Draw(t, "events") {
			c := rapid.IntRange(0, 5).Draw(t, "case")
			fs := rapid.SliceOfNDistinct(rapid.SampledFrom(webcare.FrictionTypes()), 0, 5, func(f webcare.FrictionType) webcare.FrictionType { return f }).Draw(t, "frictions")
			e := webcare.Event{Type: rapid.SampledFrom([]webcare.EventType{webcare.CaseTriaged, webcare.TriageCorrected}).Draw(t, "type"), Brand: "b", Channel: "x",
				At: porttest.Start.Add(time.Duration(i) * time.Hour), Old: now[c], New: labels(webcare.KindComplaint, fs...)}
			now[c] = e.New
			deltas = append(deltas, insight.Deltas(e)...)
		}
		want := map[string]int64{}
		for _, l := range now {
			want["case"]++
			for _, f := range l.Frictions {
				want["friction/"+string(f)]++
			}
		}
		got := sum(deltas)
		for _, f := range webcare.FrictionTypes() {
			if m := "friction/" + string(f); got[m] != want[m] {
				t.Fatalf("%s is %d, cases say %d", m, got[m], want[m])
			}
		}
		if got["case"] != want["case"] {
			t.Fatalf("%d cases, want %d", got["case"], want["case"])
		}
	})
}
