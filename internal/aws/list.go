package aws

import (
	"context"

	"webcare.example/responder/internal/webcare"
)

// List implements webcare.Cases. The cases of one status stand in Shards
// partitions of the index "list", those of one person in one partition of the
// index "assignee".
func (s *Store) List(ctx context.Context, q webcare.Query) (page webcare.Page, err error) {
	defer webcare.Wrap(&err, "List(%v)", q.Statuses)
	return webcare.MergePages(ctx, q, s.fetch)
}

func (s *Store) fetch(ctx context.Context, p webcare.Partition, above string, limit int) ([]webcare.Head, error) {
	pAttr, sAttr, index, partitions := place(p)
	items, err := s.merged(ctx, pAttr, sAttr, index, partitions, after(above), "", limit)
	if err != nil {
		return nil, err
	}
	heads := make([]webcare.Head, len(items))
	for i, it := range items {
		if heads[i], err = decodeHead(it); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

// place is where the heads of a list stand.
func place(p webcare.Partition) (pAttr, sAttr, index string, partitions []string) {
	if p.Assignee != "" {
		return attrAssignP, attrAssS, indexAssignee, []string{join(p.Brand, p.Assignee, string(p.Status))}
	}
	return attrListP, attrListS, indexList, sharded("queue", p.Brand, string(p.Status))
}

// Count implements webcare.Cases.
func (s *Store) Count(ctx context.Context, q webcare.Query, limit int) (total int, err error) {
	defer webcare.Wrap(&err, "Count(%v)", q.Statuses)
	for _, b := range q.Brands {
		for _, st := range q.Statuses {
			pAttr, _, index, partitions := place(webcare.Partition{Brand: b, Status: st, Assignee: q.Assignee})
			n, err := s.count(ctx, pAttr, index, partitions, limit-total)
			if err != nil {
				return 0, err
			}
			if total += n; total > limit {
				return total, nil
			}
		}
	}
	return total, nil
}
