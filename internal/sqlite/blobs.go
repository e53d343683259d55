package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"webcare.example/responder/internal/webcare"
)

// blobs are rows too: one file holds all there is, and a copy of it is whole.
type blobs struct{ s *Store }

// Put implements webcare.Blobs.
func (b blobs) Put(ctx context.Context, name webcare.BlobName, data []byte) (err error) {
	defer webcare.Wrap(&err, "Put(%s)", name)
	if data == nil {
		data = []byte{}
	}
	return b.s.write(ctx, func(c *conn) error {
		n, err := c.affected("INSERT INTO blob (name, data) VALUES (?, ?) ON CONFLICT DO NOTHING", string(name), data)
		if err != nil || n == 1 {
			return err
		}
		var have []byte
		if err := c.row("SELECT data FROM blob WHERE name = ?", string(name)).Scan(&have); err != nil {
			return err
		}
		if !bytes.Equal(have, data) {
			return webcare.Conflictf("other bytes stand under this name")
		}
		return nil
	})
}

// Get implements webcare.Blobs.
func (b blobs) Get(ctx context.Context, name webcare.BlobName) ([]byte, error) {
	return b.s.getBlob(ctx, string(name))
}

func (s *Store) getBlob(ctx context.Context, name string) (data []byte, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT data FROM blob WHERE name = ?", name).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, webcare.NotFoundf("blob %s", name)
	}
	return data, explain(err)
}

// Delete implements webcare.Blobs.
func (b blobs) Delete(ctx context.Context, name webcare.BlobName) error {
	return b.s.write(ctx, func(c *conn) error { return c.exec("DELETE FROM blob WHERE name = ?", string(name)) })
}

// List implements webcare.Blobs.
func (b blobs) List(ctx context.Context, prefix, cursor string, limit int) (out []webcare.BlobName, next string, err error) {
	rows, err := b.s.db.QueryContext(ctx, "SELECT name FROM blob WHERE name > ? AND name >= ? AND name < ? ORDER BY name LIMIT ?",
		cursor, prefix, prefix+"\U0010ffff", limit)
	if err != nil {
		return nil, "", explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name webcare.BlobName
		if err := rows.Scan(&name); err != nil {
			return nil, "", err
		}
		out = append(out, name)
	}
	if len(out) == limit {
		next = string(out[limit-1])
	}
	return out, next, explain(rows.Err())
}
