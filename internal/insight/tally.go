// Package insight counts what happened: sentiment and friction over time.
//
// Tallies are moved by events alone, once per event, so that counting all
// events again gives the same numbers. Start at Deltas.
package insight

import (
	"slices"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Deltas returns what an event changes. Labels are counted in the hour of the
// event; a later triage of the same case takes the old labels back and adds
// the new ones, both in its own hour, so that sums over any period that holds
// both are exact.
func Deltas(e webcare.Event) []webcare.Delta {
	var out []webcare.Delta
	hour := e.At.UTC().Truncate(time.Hour)
	add := func(metric string, n int64) {
		out = append(out, webcare.Delta{Brand: e.Brand, Metric: metric, Hour: hour, N: n},
			webcare.Delta{Brand: e.Brand, Metric: "channel/" + e.Channel + "/" + metric, Hour: hour, N: n})
	}
	add("event/"+string(e.Type), 1)
	switch e.Type {
	case webcare.CaseTriaged, webcare.TriageCorrected:
		for _, m := range metrics(e.Old) {
			add(m, -1)
		}
		for _, m := range metrics(e.New) {
			add(m, 1)
		}
	}
	return out
}

// metrics are the counters that a labelled case stands under. Signals that
// tell of a person's health or vulnerability are not among them.
func metrics(l *webcare.Labels) []string {
	if l == nil || l.Kind == "" {
		return nil
	}
	out := []string{"case", "language/" + l.Language, "sentiment/" + string(l.Sentiment), "urgency/" + string(l.Urgency), "kind/" + string(l.Kind)}
	for i, f := range l.Frictions {
		if i == 0 {
			out = append(out, "main/"+string(f))
		}
		out = append(out, "friction/"+string(f))
		if fam := "family/" + string(f.Family()); !slices.Contains(out, fam) {
			out = append(out, fam)
		}
	}
	return out
}
