package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"webcare.example/responder/internal/webcare"
)

type records struct{ s *Store }

// Get implements webcare.Records.
func (r records) Get(ctx context.Context, kind, key string, now time.Time) (rec webcare.Record, err error) {
	defer webcare.Wrap(&err, "Get(%s, %s)", kind, key)
	rec = webcare.Record{Kind: kind, Key: key}
	var expires int64
	err = r.s.db.QueryRowContext(ctx, "SELECT version, expires, body FROM record WHERE kind = ? AND key = ? AND (expires = 0 OR expires > ?)",
		kind, key, millis(now)).Scan(&rec.Version, &expires, &rec.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return webcare.Record{}, webcare.NotFoundf("no such record")
	}
	rec.Expires = fromMillis(expires)
	return rec, explain(err)
}

// Put implements webcare.Records.
func (r records) Put(ctx context.Context, rec webcare.Record, now time.Time) (err error) {
	defer webcare.Wrap(&err, "Put(%s, %s)", rec.Kind, rec.Key)
	if rec.Body == nil {
		rec.Body = []byte{}
	}
	return r.s.write(ctx, func(c *conn) error {
		query := `UPDATE record SET version = ?3 + 1, expires = ?4, body = ?5
			WHERE kind = ?1 AND key = ?2 AND version = ?3 AND (expires = 0 OR expires > ?6)`
		if rec.Version == 0 {
			query = `INSERT INTO record (kind, key, version, expires, body) VALUES (?1, ?2, ?3 + 1, ?4, ?5)
				ON CONFLICT (kind, key) DO UPDATE SET version = ?3 + 1, expires = ?4, body = ?5
				WHERE expires <> 0 AND expires <= ?6`
		}
		n, err := c.affected(query, rec.Kind, rec.Key, rec.Version, millis(rec.Expires), rec.Body, millis(now))
		if err == nil && n == 0 {
			return webcare.Conflictf("the record is not at version %d", rec.Version)
		}
		return err
	})
}

// Remove implements webcare.Records.
func (r records) Remove(ctx context.Context, kind, key string) error {
	return r.s.write(ctx, func(c *conn) error { return c.exec("DELETE FROM record WHERE kind = ? AND key = ?", kind, key) })
}

// Scan implements webcare.Records.
func (r records) Scan(ctx context.Context, kind, prefix, cursor string, limit int, now time.Time) (out []webcare.Record, next string, err error) {
	defer webcare.Wrap(&err, "Scan(%s, %s)", kind, prefix)
	rows, err := r.s.db.QueryContext(ctx, `SELECT key, version, expires, body FROM record
		WHERE kind = ? AND key > ? AND key >= ? AND key < ? AND (expires = 0 OR expires > ?) ORDER BY key LIMIT ?`,
		kind, cursor, prefix, prefix+"\U0010ffff", millis(now), limit)
	if err != nil {
		return nil, "", explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		rec := webcare.Record{Kind: kind}
		var expires int64
		if err := rows.Scan(&rec.Key, &rec.Version, &expires, &rec.Body); err != nil {
			return nil, "", err
		}
		rec.Expires = fromMillis(expires)
		out = append(out, rec)
	}
	if len(out) == limit {
		next = out[limit-1].Key
	}
	return out, next, explain(rows.Err())
}
