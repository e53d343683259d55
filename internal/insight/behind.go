package insight

import (
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Behind reports whether a case, by its events, is behind a figure: whether
// any of the metrics, in the slices read and the days of the period, is other
// for it than zero. It counts as the tallies do, so the cases behind a figure
// add up to it.
func Behind(events []webcare.Event, slicesRead, metrics []string, p Period) bool {
	sums := map[string]int64{}
	for _, e := range events {
		for _, d := range Deltas(e) {
			if metric, at, ok := dayOf(d, slicesRead); ok && p.Contains(at) {
				sums[metric] += d.N
			}
		}
	}
	for _, m := range metrics {
		if sums[m] != 0 {
			return true
		}
	}
	return false
}

// dayOf reads a counter per day back: "d/SLICE/2026-03/14/METRIC".
func dayOf(d webcare.Delta, slicesRead []string) (metric string, at time.Time, ok bool) {
	rest, ok := strings.CutPrefix(d.Metric, "d/")
	if !ok {
		return "", at, false
	}
	for _, s := range slicesRead {
		day, ok := strings.CutPrefix(rest, s+"/")
		if !ok || len(day) < len("2026-03/14/") {
			continue
		}
		at, err := time.Parse("2006-01/02", day[:len("2026-03/14")])
		if err != nil {
			return "", at, false
		}
		return strings.ReplaceAll(day[len("2026-03/14/"):], ":", "/"), at, true
	}
	return "", at, false
}
