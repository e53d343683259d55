package sqlite

import (
	"context"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Add implements webcare.Tallies.
func (s *Store) Add(ctx context.Context, eventID string, deltas []webcare.Delta) (err error) {
	defer webcare.Wrap(&err, "Add(%s)", eventID)
	return s.write(ctx, func(c *conn) error {
		n, err := c.affected("INSERT INTO tallied (event_id) VALUES (?) ON CONFLICT DO NOTHING", eventID)
		if err != nil || n == 0 {
			return err // an event seen before changes nothing
		}
		for _, d := range deltas {
			err := c.exec(`INSERT INTO tally (brand, metric, hour, n) VALUES (?1, ?2, ?3, ?4)
				ON CONFLICT (brand, metric, hour) DO UPDATE SET n = n + ?4`, d.Brand, d.Metric, millis(d.Hour.UTC().Truncate(time.Hour)), d.N)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Sum implements webcare.Tallies.
func (s *Store) Sum(ctx context.Context, brand, prefix string, from, to time.Time) (out []webcare.Tally, err error) {
	defer webcare.Wrap(&err, "Sum(%s, %s)", brand, prefix)
	rows, err := s.db.QueryContext(ctx, `SELECT metric, hour, n FROM tally WHERE brand = ? AND metric >= ? AND metric < ?
		AND hour >= ? AND hour < ? ORDER BY metric, hour`, brand, prefix, prefix+"\U0010ffff", millis(from), millis(to))
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var t webcare.Tally
		var hour int64
		if err := rows.Scan(&t.Metric, &hour, &t.N); err != nil {
			return nil, err
		}
		t.Hour = fromMillis(hour)
		out = append(out, t)
	}
	return out, explain(rows.Err())
}
