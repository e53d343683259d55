package sqlite

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"webcare.example/responder/internal/webcare"
)

// maxTerms is how many terms of a document are kept, the most frequent first.
const maxTerms = 400

// Index implements webcare.Search.
func (s *Store) Index(ctx context.Context, d webcare.Document) (err error) {
	defer webcare.Wrap(&err, "Index(%s)", d.Case)
	terms := slices.SortedFunc(maps.Keys(d.Terms), func(a, b string) int {
		return cmp.Or(cmp.Compare(d.Terms[b], d.Terms[a]), cmp.Compare(a, b))
	})
	terms = terms[:min(len(terms), maxTerms)]
	return s.write(ctx, func(c *conn) error {
		if err := forget(c, d.Brand, d.Set, d.Case); err != nil {
			return err
		}
		for _, t := range terms {
			err := c.exec("INSERT INTO posting (brand, coll, term, case_id, count, size) VALUES (?, ?, ?, ?, ?, ?)",
				d.Brand, d.Set, t, string(d.Case), d.Terms[t], d.Size)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Forget implements webcare.Search.
func (s *Store) Forget(ctx context.Context, brand, set string, id webcare.CaseID) error {
	return s.write(ctx, func(c *conn) error { return forget(c, brand, set, id) })
}

// forget names its index: the planner would rather walk all postings of the brand.
func forget(c *conn, brand, set string, id webcare.CaseID) error {
	return c.exec("DELETE FROM posting INDEXED BY posting_case WHERE brand = ? AND coll = ? AND case_id = ?", brand, set, string(id))
}

// Postings implements webcare.Search.
func (s *Store) Postings(ctx context.Context, brand, set string, terms []string, limit int) (out []webcare.Posting, err error) {
	defer webcare.Wrap(&err, "Postings")
	for _, t := range slices.Compact(slices.Sorted(slices.Values(terms))) {
		rows, err := s.db.QueryContext(ctx, "SELECT case_id, count, size FROM posting WHERE brand = ? AND coll = ? AND term = ? ORDER BY case_id DESC LIMIT ?",
			brand, set, t, limit)
		if err != nil {
			return nil, explain(err)
		}
		for rows.Next() {
			p := webcare.Posting{Term: t}
			if err := rows.Scan(&p.Case, &p.Count, &p.Size); err != nil {
				_ = rows.Close() // the reason to report is the scan's
				return nil, err
			}
			out = append(out, p)
		}
		if err := rows.Err(); err != nil {
			return nil, explain(err)
		}
	}
	return out, nil
}
