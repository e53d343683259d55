package insight_test

import (
	"fmt"
	"testing"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/webcare"
)

func TestRead(t *testing.T) {
	ports := porttest.NewMemory().Ports()
	day := func(d, h int) time.Time { return time.Date(2026, 2, d, h, 0, 0, 0, time.UTC) }
	tell := func(e webcare.Event) {
		t.Helper()
		e.Brand, e.Channel, e.ID = "b", "x", fmt.Sprint(e.Type, e.At, e.CaseID)
		if err := ports.Tallies.Add(t.Context(), e.ID, insight.Deltas(e)); err != nil {
			t.Fatal(err)
		}
	}
	l := labels(webcare.KindComplaint, webcare.Late, webcare.Refund)
	l.Tags = []string{"a/b"}
	tell(webcare.Event{Type: webcare.CaseTriaged, At: day(27, 9), New: l, Data: map[string]string{"fresh": "true", "contact": day(27, 8).Format(time.RFC3339)}})
	tell(webcare.Event{Type: webcare.ReplyPublished, At: day(28, 9), New: l, Data: map[string]string{"first": "true", "waited": "90000", "open": "7200",
		"on_time": "true", "draft": "unchanged", "resolution": "refund_now", "cost_cents": "1250"}})
	thanks := &webcare.Labels{Kind: webcare.KindPraise, Language: "nl", Sentiment: webcare.Positive}
	again := map[string]string{"fresh": "true", "contact": day(29, 8).Format(time.RFC3339), "before": "negative", "praise": "true"} // 1 March
	tell(webcare.Event{Type: webcare.CaseTriaged, At: day(29, 9), Old: l, New: thanks, Data: again})

	for _, tc := range []struct {
		dimension, value string
		want             map[string]int64
	}{
		{"", "", map[string]int64{"contact": 2, "case": 1, "friction/late": 1, "sentiment/negative": 1, "sentiment/positive": 1, "after/negative/positive": 1,
			"answered": 1, "clock/kept": 1, "draft/unchanged": 1, "cost": 1250, "cost/refund_now": 1250, "praise": 1, "kind/praise": 1, "tag/a%2Fb": 1}},
		{"main", "late", map[string]int64{"contact": 1, "cost": 1250, "praise": 0}},
		{"main", "none", map[string]int64{"contact": 1, "praise": 1}},
		{"family", "time_place", map[string]int64{"contact": 1, "answered": 1}},
		{"family", "money", map[string]int64{"contact": 0}},
		{"tag", "a/b", map[string]int64{"contact": 1}},
		{"channel", "x", map[string]int64{"contact": 2}},
		{"language", "nl", map[string]int64{"contact": 2}},
	} {
		s, err := insight.Slices(tc.dimension, tc.value)
		if err != nil {
			t.Fatal(err)
		}
		f, err := insight.Read(t.Context(), ports.Tallies, "b", s, insight.Period{From: day(1, 0), To: day(31, 0)})
		if err != nil {
			t.Fatal(err)
		}
		for m, n := range tc.want {
			if f.Total(m) != n {
				t.Errorf("%s=%s: %s is %d, want %d", tc.dimension, tc.value, m, f.Total(m), n)
			}
		}
		if tc.dimension == "" {
			w, o := f.Waited("waited"), f.Waited("open")
			if w.N != 1 || w.Mean != 25*time.Hour || w.Median != 48*time.Hour || o.Median != 2*time.Hour {
				t.Errorf("waited %+v, open %+v", w, o)
			}
			if by := f.By("tag/"); len(by) != 1 || by[0].Name != "a/b" {
				t.Errorf("tags %v", by)
			}
		}
	}
	if _, err := insight.Read(t.Context(), ports.Tallies, "b", []string{insight.All}, insight.Period{From: day(2, 0), To: day(2, 0)}); err == nil {
		t.Error("a period of no days was read")
	}
}

// BenchmarkReadYear reads what an insights page shows of a brand: a year of a
// slice that holds 80 counters a day, in a store with
// ten such slices. It does not depend on how many cases they count.
func BenchmarkReadYear(b *testing.B) {
	s, err := sqlite.Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ports := s.Ports()
	end := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for d := range 365 {
		var deltas []webcare.Delta
		at := end.AddDate(0, 0, -d)
		for slice := range 10 {
			for m := range 80 {
				deltas = append(deltas, webcare.Delta{Brand: "b", Metric: fmt.Sprintf("d/s=%d/%s/friction:%d", slice, at.Format("2006-01/02"), m),
					Hour: time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC), N: 2740})
			}
		}
		if err := ports.Tallies.Add(b.Context(), fmt.Sprint(d), deltas); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		f, err := insight.Read(b.Context(), ports.Tallies, "b", []string{"s=3"}, insight.Days(365, end))
		if err != nil || f.Total("friction/7") == 0 {
			b.Fatal(err)
		}
	}
}
