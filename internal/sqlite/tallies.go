package sqlite

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
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

// Separators of counters that are read as one text: no metric holds either,
// unless somebody's channel is called so.
const (
	endOfPart = "\x1f"
	endOfRow  = "\x1e"
)

// Sum implements webcare.Tallies. A period has tens of thousands of counters:
// they are read as one text, which costs a third of reading them row by row.
func (s *Store) Sum(ctx context.Context, brand, prefix string, from, to time.Time) (_ []webcare.Tally, err error) {
	defer webcare.Wrap(&err, "Sum(%s, %s)", brand, prefix)
	var text sql.NullString
	var n int
	err = s.db.QueryRowContext(ctx, `SELECT count(*), group_concat(metric || char(31) || hour || char(31) || n, char(30)) FROM (`+tallyRows+`)`,
		brand, prefix, prefix+"\U0010ffff", millis(from), millis(to)).Scan(&n, &text)
	if err != nil {
		return nil, explain(err)
	}
	if out, ok := readTallies(text.String, n); ok {
		return out, nil
	}
	return s.sumByRow(ctx, brand, prefix, from, to)
}

const tallyRows = `SELECT metric, hour, n FROM tally WHERE brand = ? AND metric >= ? AND metric < ? AND hour >= ? AND hour < ? ORDER BY metric, hour`

// readTallies reads n counters from a text; it reports a text that does not
// hold just so many.
func readTallies(text string, n int) ([]webcare.Tally, bool) {
	if n == 0 {
		return nil, text == ""
	}
	out := make([]webcare.Tally, 0, n)
	for row := range strings.SplitSeq(text, endOfRow) {
		metric, rest, ok := strings.Cut(row, endOfPart)
		hour, count, more := strings.Cut(rest, endOfPart)
		h, herr := strconv.ParseInt(hour, 10, 64)
		c, cerr := strconv.ParseInt(count, 10, 64)
		if !ok || !more || herr != nil || cerr != nil {
			return nil, false
		}
		out = append(out, webcare.Tally{Metric: metric, Hour: fromMillis(h), N: c})
	}
	return out, len(out) == n
}

func (s *Store) sumByRow(ctx context.Context, brand, prefix string, from, to time.Time) (out []webcare.Tally, err error) {
	rows, err := s.db.QueryContext(ctx, tallyRows, brand, prefix, prefix+"\U0010ffff", millis(from), millis(to))
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
