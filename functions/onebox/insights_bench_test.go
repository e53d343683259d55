package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

// A year of a million cases: so many are made, each counting for so many.
const (
	yearCases = 40_000
	yearEach  = 25
)

// fillYear adds the counters of a year of a million cases, as their events
// would have moved them.
func fillYear(b *testing.B, t webcare.Tallies, brand string, now time.Time) (counters int) {
	b.Helper()
	type place struct {
		metric string
		hour   time.Time
	}
	sums := map[place]int64{}
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(of []string) string { return of[rng.IntN(len(of))] }
	all := webcare.FrictionTypes()
	for i := range yearCases {
		at := now.Add(-time.Duration(rng.Int64N(int64(365 * 24 * time.Hour))))
		l := &webcare.Labels{Status: webcare.StatusTriaged, Kind: webcare.KindComplaint, Language: pick([]string{"nl", "nl", "nl", "en", "de", "fr"}), Urgency: webcare.Normal,
			Sentiment: webcare.SentimentLabel(pick([]string{"negative", "negative", "negative", "mixed", "neutral", "positive"})), Tags: []string{pick([]string{"kerst", "storing", "app", "folder", "winkel"})}}
		for range 1 + rng.IntN(3) {
			l.Frictions = append(l.Frictions, all[rng.IntN(len(all))])
		}
		e := webcare.Event{ID: fmt.Sprint("year/", i), Type: webcare.CaseTriaged, Brand: brand, Channel: pick([]string{"email", "x", "facebook", "review", "forum", "instagram"}), At: at, New: l,
			Data: map[string]string{"contact": at.Format(time.RFC3339), "fresh": "true"}}
		reply := e
		reply.Type, reply.At = webcare.ReplyPublished, at.Add(time.Duration(rng.IntN(40))*time.Hour)
		resolution := pick([]string{"visit", "refund", "slots", "callback", "voucher", "explain", "redeliver", "repair"})
		reply.Data = map[string]string{"first": "true", "waited": fmt.Sprint(rng.IntN(100_000)), "open": fmt.Sprint(rng.IntN(40_000)), "on_time": pick([]string{"true", "true", "false"}),
			"draft": pick([]string{"unchanged", "edited", "written"}), "resolution": resolution, "cost_cents": fmt.Sprint(rng.IntN(2) * 1250)}
		made := e
		made.Type, made.At, made.Data = webcare.PromiseMade, reply.At, map[string]string{"desk": pick([]string{"finance", "", "planning"})}
		kept := made
		kept.Type, kept.At = webcare.PromiseWasKept, reply.At.Add(24*time.Hour)
		for _, one := range []webcare.Event{e, reply, made, kept} {
			for _, d := range insight.Deltas(one) {
				sums[place{d.Metric, d.Hour}] += d.N * yearEach
			}
		}
	}
	var batch []webcare.Delta
	n := 0
	flush := func() {
		n++
		if err := t.Add(context.Background(), fmt.Sprint("year/batch/", n), batch); err != nil {
			b.Fatal(err)
		}
		batch = batch[:0]
	}
	for p, sum := range sums {
		if batch = append(batch, webcare.Delta{Brand: brand, Metric: p.metric, Hour: p.hour, N: sum}); len(batch) == 5000 {
			flush()
		}
	}
	flush()
	return len(sums)
}

// BenchmarkInsights measures the insights page and the API over a year of a
// million cases, and over its last month.
func BenchmarkInsights(b *testing.B) {
	p := booted(b)
	brand, err := p.brands.Get("")
	if err != nil {
		b.Fatal(err)
	}
	counters := fillYear(b, p.pipe.Store().Tallies, brand.ID, time.Now())
	for name, path := range map[string]string{
		"page/year": "/insights?days=365", "page/year-one-friction": "/insights?days=365&by=main:late", "page/year-family": "/insights?days=365&by=family:contact",
		"page/month": "/insights?days=30", "page/month-one-channel": "/insights?days=30&by=channel:email", "api/year": "/api/v1/insights/figures?days=365&by=main:late",
		"csv/year": "/insights.csv?days=365",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				p.console.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				if w.Code != http.StatusOK {
					b.Fatalf("status %d: %s", w.Code, w.Body)
				}
			}
			b.ReportMetric(float64(counters), "counters")
		})
	}
}
