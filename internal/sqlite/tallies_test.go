package sqlite_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestSumReadsAnyName: counters whose names hold what separates them in one
// text are summed as well, in the same order.
func TestSumReadsAnyName(t *testing.T) {
	s := open(t, t.TempDir())
	hour := porttest.Start.Truncate(time.Hour)
	names := []string{"a", "a\x1e", "a\x1f1", "b\x1e\x1f", "é/ü", "z"}
	var deltas []webcare.Delta
	for i, name := range names {
		deltas = append(deltas, webcare.Delta{Brand: "b", Metric: "m/" + name, Hour: hour, N: int64(i) - 2})
	}
	if err := s.Ports().Tallies.Add(t.Context(), "e1", deltas); err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"m/", "m/a", "m/z", "m/é", "none"} {
		got, err := s.Ports().Tallies.Sum(t.Context(), "b", prefix, hour, hour.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		var want []webcare.Tally
		for i, name := range names {
			if len("m/"+name) >= len(prefix) && ("m/" + name)[:len(prefix)] == prefix {
				want = append(want, webcare.Tally{Metric: "m/" + name, Hour: hour, N: int64(i) - 2})
			}
		}
		slices.SortFunc(want, func(a, b webcare.Tally) int { return slices.Compare([]byte(a.Metric), []byte(b.Metric)) })
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%q: %+v, want %+v", prefix, got, want)
		}
	}
}

// BenchmarkSum reads a month of one slice: 150 counters a day.
func BenchmarkSum(b *testing.B) {
	s := open(b, b.TempDir())
	month := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for day := range 31 {
		var deltas []webcare.Delta
		for i := range 150 {
			deltas = append(deltas, webcare.Delta{Brand: "b", Metric: fmt.Sprintf("d/all/2026-03/%02d/friction:some_friction_%d", day+1, i), Hour: month, N: int64(i + 1)})
		}
		if err := s.Ports().Tallies.Add(context.Background(), fmt.Sprint("e", day), deltas); err != nil {
			b.Fatal(err)
		}
	}
	for name, sum := range map[string]func(context.Context, string, string, time.Time, time.Time) ([]webcare.Tally, error){"text": s.Ports().Tallies.Sum, "rows": s.SumByRow} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				got, err := sum(context.Background(), "b", "d/all/2026-03/", month, month.Add(time.Hour))
				if err != nil || len(got) != 31*150 {
					b.Fatal(len(got), err)
				}
			}
		})
	}
}
