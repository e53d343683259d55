package insight

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Difference is a counter that is not what the events say.
type Difference struct {
	Brand, Metric string
	Hour          time.Time
	Stored, Told  int64
}

// Recounted is what a recount found.
type Recounted struct {
	Events   int
	Counters int
	Wrong    []Difference // by brand, metric and hour
}

const recountPage = 500

// Recount counts all events of a store again and compares the sums with the
// tallies. Every event must have been relayed and nothing may run meanwhile.
// It holds one number per counter in memory. progress is told how many events
// have been read.
func Recount(ctx context.Context, s webcare.Ports, progress func(events int)) (out Recounted, err error) {
	defer webcare.Wrap(&err, "Recount")
	told := map[string]map[place]int64{}
	for cursor := ""; ; {
		events, next, err := s.Events.After(ctx, cursor, recountPage)
		if err != nil {
			return out, err
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			for _, d := range Deltas(e) {
				if told[d.Brand] == nil {
					told[d.Brand] = map[place]int64{}
				}
				told[d.Brand][place{d.Metric, d.Hour}] += d.N
			}
		}
		out.Events += len(events)
		progress(out.Events)
		cursor = next
	}
	for _, brand := range slices.Sorted(maps.Keys(told)) {
		if err := out.compare(ctx, s.Tallies, brand, told[brand]); err != nil {
			return out, err
		}
	}
	return out, nil
}

// compare reads a brand's counters month by month.
func (r *Recounted) compare(ctx context.Context, tallies webcare.Tallies, brand string, told map[place]int64) error {
	from, to := span(told)
	r.Counters += len(told)
	for at := from; at.Before(to); at = at.AddDate(0, 1, 0) {
		stored, err := tallies.Sum(ctx, brand, "", at, at.AddDate(0, 1, 0))
		if err != nil {
			return err
		}
		for _, t := range stored {
			p := place{t.Metric, t.Hour.UTC()}
			if n := told[p]; n != t.N {
				r.Wrong = append(r.Wrong, Difference{brand, t.Metric, p.hour, t.N, n})
			}
			delete(told, p)
		}
	}
	for p, n := range told {
		if n != 0 {
			r.Wrong = append(r.Wrong, Difference{brand, p.metric, p.hour, 0, n})
		}
	}
	slices.SortFunc(r.Wrong, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Brand, b.Brand), cmp.Compare(a.Metric, b.Metric), a.Hour.Compare(b.Hour))
	})
	return nil
}

// span is from the first month told of to the month after the last.
func span(told map[place]int64) (from, to time.Time) {
	for p := range told {
		if from.IsZero() || p.hour.Before(from) {
			from = p.hour
		}
		if p.hour.After(to) {
			to = p.hour
		}
	}
	from = time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	return from, time.Date(to.Year(), to.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}

// Repair adds what the tallies lack, once: id names this repair for ever.
func Repair(ctx context.Context, t webcare.Tallies, id string, wrong []Difference) error {
	const part = 40 // fits one transaction on every adapter
	for i, n := 0, 0; i < len(wrong); i, n = i+part, n+1 {
		var deltas []webcare.Delta
		for _, w := range wrong[i:min(len(wrong), i+part)] {
			deltas = append(deltas, webcare.Delta{Brand: w.Brand, Metric: w.Metric, Hour: w.Hour, N: w.Told - w.Stored})
		}
		if err := t.Add(ctx, fmt.Sprintf("repair/%s/%d", id, n), deltas); err != nil {
			return err
		}
	}
	return nil
}
