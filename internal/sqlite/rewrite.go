package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"webcare.example/responder/internal/webcare"
)

// Rewrite implements webcare.Cases. The writer overwrites what it frees
// (secure_delete); folding the log into the file takes the old pages out of
// the log, so that no byte of what was erased is left in the folder.
func (s *Store) Rewrite(ctx context.Context, r webcare.Rewrite) (err error) {
	defer webcare.Wrap(&err, "Rewrite(%s)", r.Head.ID)
	head, err := encodeSave(webcare.Save{Head: r.Head})
	if err != nil {
		return err
	}
	err = s.write(ctx, func(c *conn) error {
		if err := head.storeHead(c); err != nil {
			return err
		}
		for _, ch := range r.Children {
			n, err := c.affected("UPDATE child SET body = ?, blob = '' WHERE case_id = ? AND seq = ?", ch.Body, string(r.Head.ID), ch.Seq)
			if err != nil {
				return err
			}
			if n == 0 {
				return webcare.Conflictf("child %d is not stored", ch.Seq)
			}
		}
		for _, cl := range r.Unclaim {
			if err := c.exec("DELETE FROM claim WHERE name = ? AND case_id = ?", cl.String(), string(r.Head.ID)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.foldLog(ctx)
}

// foldLog moves the write-ahead log into the file and empties it.
func (s *Store) foldLog(ctx context.Context) (err error) {
	db, err := sql.Open("sqlite", dsn(filepath.Join(s.dir, fileName), false))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for range 5 {
		var busy, frames, done int
		if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &done); err != nil {
			return explain(err)
		}
		if busy == 0 {
			return nil
		}
	}
	return webcare.Unavailablef("readers keep the log of the store open: erase again")
}
