package porttest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

type memorySearch struct{ *Memory }

func (m memorySearch) Index(ctx context.Context, d webcare.Document) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	k := [2]string{d.Brand, d.Set}
	if m.postings[k] == nil {
		m.postings[k] = map[webcare.CaseID]webcare.Document{}
	}
	d.Terms = maps.Clone(d.Terms)
	m.postings[k][d.Case] = d
	return nil
}

func (m memorySearch) Postings(ctx context.Context, brand, set string, terms []string, limit int) ([]webcare.Posting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	docs := m.postings[[2]string{brand, set}]
	newest := slices.SortedFunc(maps.Keys(docs), func(a, b webcare.CaseID) int { return cmp.Compare(b, a) })
	var out []webcare.Posting
	for _, t := range slices.Compact(slices.Sorted(slices.Values(terms))) {
		n := 0
		for _, id := range newest {
			if c := docs[id].Terms[t]; c > 0 && n < limit {
				out = append(out, webcare.Posting{Case: id, Term: t, Count: c, Size: docs[id].Size})
				n++
			}
		}
	}
	return out, nil
}

func (m memorySearch) Forget(ctx context.Context, brand, set string, id webcare.CaseID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.postings[[2]string{brand, set}], id)
	return nil
}

type tallyKey struct {
	brand, metric string
	hour          int64 // Unix seconds
}

type memoryTallies struct{ *Memory }

func (m memoryTallies) Add(ctx context.Context, eventID string, deltas []webcare.Delta) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tallied[eventID] {
		return nil
	}
	m.tallied[eventID] = true
	for _, d := range deltas {
		m.tallies[tallyKey{d.Brand, d.Metric, d.Hour.UTC().Truncate(time.Hour).Unix()}] += d.N
	}
	return nil
}

func (m memoryTallies) Sum(ctx context.Context, brand, prefix string, from, to time.Time) ([]webcare.Tally, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []webcare.Tally
	for k, n := range m.tallies {
		hour := time.Unix(k.hour, 0).UTC()
		if k.brand == brand && strings.HasPrefix(k.metric, prefix) && !hour.Before(from) && hour.Before(to) {
			out = append(out, webcare.Tally{Metric: k.metric, Hour: hour, N: n})
		}
	}
	slices.SortFunc(out, func(a, b webcare.Tally) int { return cmp.Or(cmp.Compare(a.Metric, b.Metric), a.Hour.Compare(b.Hour)) })
	return out, nil
}
