package webcare

import (
	"cmp"
	"context"
	"slices"
)

// Check reports a query that no adapter may be given.
func (q Query) Check() error {
	switch {
	case len(q.Brands) == 0 || len(q.Statuses) == 0:
		return Invalidf("a query needs brands and statuses")
	case q.Limit < 1 || q.Limit > MaxPage:
		return Invalidf("limit: %d is not between 1 and %d", q.Limit, MaxPage)
	}
	return nil
}

// Partition is one indexed list of heads, in the order of Head.QueueKey.
type Partition struct {
	Brand    string
	Status   Status
	Assignee string
}

// Fetch reads up to limit heads of a partition whose QueueKey is above after.
type Fetch func(ctx context.Context, p Partition, after string, limit int) ([]Head, error)

// MergePages answers a query from an adapter's partitions: a k-way merge in
// queue order that examines at most MaxExamined heads. The cursor is the
// QueueKey of the last head examined.
func MergePages(ctx context.Context, q Query, fetch Fetch) (Page, error) {
	if err := q.Check(); err != nil {
		return Page{}, err
	}
	var runs []*run
	for _, b := range q.Brands {
		for _, s := range q.Statuses {
			runs = append(runs, &run{p: Partition{b, s, q.Assignee}, after: q.Cursor})
		}
	}
	size := q.Limit + 1
	if q.Match != nil {
		size = min(MaxPage, 2*q.Limit+1)
	}
	var page Page
	for examined := 0; ; examined++ {
		var next *run
		for _, r := range runs {
			if err := r.fill(ctx, fetch, size); err != nil {
				return Page{}, err
			}
			if len(r.heads) > 0 && (next == nil || r.heads[0].QueueKey() < next.heads[0].QueueKey()) {
				next = r
			}
		}
		if next == nil {
			page.Next = ""
			return page, nil
		}
		if len(page.Heads) == q.Limit || examined == MaxExamined {
			return page, nil
		}
		h := next.heads[0]
		next.heads = next.heads[1:]
		page.Next = h.QueueKey()
		if q.Match == nil || q.Match(h) {
			page.Heads = append(page.Heads, h)
		}
	}
}

// run is the rest of one partition.
type run struct {
	p     Partition
	after string
	heads []Head
	ended bool
}

func (r *run) fill(ctx context.Context, fetch Fetch, size int) error {
	if len(r.heads) > 0 || r.ended {
		return nil
	}
	heads, err := fetch(ctx, r.p, r.after, size)
	if err != nil {
		return err
	}
	r.ended = len(heads) < size
	if len(heads) > 0 {
		r.after = heads[len(heads)-1].QueueKey()
	}
	r.heads = heads
	return nil
}

// SortHeads orders heads as queues do.
func SortHeads(heads []Head) {
	slices.SortFunc(heads, func(a, b Head) int { return cmp.Compare(a.QueueKey(), b.QueueKey()) })
}
