package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"webcare.example/responder/internal/webcare"
)

// millis is how times are stored; fromMillis reads them back, 0 as the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

const taskColumns = "SELECT run_at, leased_until, attempt, dead, body FROM task "

func scanTask(scan func(...any) error) (t webcare.Task, err error) {
	var runAt, leased int64
	var attempt int
	var dead bool
	var body []byte
	if err := scan(&runAt, &leased, &attempt, &dead, &body); err != nil {
		return t, err
	}
	if err := json.Unmarshal(body, &t); err != nil {
		return t, err
	}
	t.RunAt, t.LeasedUntil, t.Attempt, t.Dead = fromMillis(runAt), fromMillis(leased), attempt, dead
	return t, nil
}

// Put implements webcare.Tasks.
func (s *Store) Put(ctx context.Context, t webcare.Task) (err error) {
	defer webcare.Wrap(&err, "Put(%s)", t.ID)
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error {
		return c.exec("INSERT OR IGNORE INTO task (id, stage, dead, run_at, leased_until, attempt, body) VALUES (?, ?, 0, ?, 0, 0, ?)",
			t.ID, string(t.Stage), millis(t.RunAt), body)
	})
}

// Lease implements webcare.Tasks. It looks before it writes, so that an idle
// worker costs no transaction.
func (s *Store) Lease(ctx context.Context, stage webcare.Stage, n int, now, until time.Time) (out []webcare.Task, err error) {
	defer webcare.Wrap(&err, "Lease(%s)", stage)
	var due int
	err = s.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM task WHERE stage = ? AND dead = 0 AND max(run_at, leased_until) <= ?)",
		string(stage), millis(now)).Scan(&due)
	if err != nil || due == 0 {
		return nil, explain(err)
	}
	err = s.write(ctx, func(c *conn) error {
		if out, err = dueTasks(c, stage, n, now); err != nil {
			return err
		}
		for i := range out {
			if err := lease(c, &out[i], until); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func dueTasks(c *conn, stage webcare.Stage, n int, now time.Time) ([]webcare.Task, error) {
	rows, err := c.rows(taskColumns+"WHERE stage = ? AND dead = 0 AND max(run_at, leased_until) <= ? ORDER BY max(run_at, leased_until) LIMIT ?",
		string(stage), millis(now), n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []webcare.Task
	for rows.Next() {
		t, err := scanTask(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func lease(c *conn, t *webcare.Task, until time.Time) error {
	t.Attempt++
	t.LeasedUntil = until
	return c.exec("UPDATE task SET attempt = ?, leased_until = ? WHERE id = ?", t.Attempt, millis(until), t.ID)
}

// Take implements webcare.Tasks.
func (s *Store) Take(ctx context.Context, id string, now, until time.Time) (t webcare.Task, err error) {
	defer webcare.Wrap(&err, "Take(%s)", id)
	err = s.write(ctx, func(c *conn) error {
		t, err = scanTask(c.row(taskColumns+"WHERE id = ?", id).Scan)
		switch {
		case errors.Is(err, sql.ErrNoRows) || (err == nil && t.Dead):
			return webcare.NotFoundf("task")
		case err != nil:
			return err
		case t.LeasedUntil.After(now) || t.RunAt.After(now):
			return webcare.Conflictf("leased or not due")
		}
		return lease(c, &t, until)
	})
	return t, err
}

// Finish implements webcare.Tasks.
func (s *Store) Finish(ctx context.Context, id string) (err error) {
	defer webcare.Wrap(&err, "Finish(%s)", id)
	return s.write(ctx, func(c *conn) error { return c.exec("DELETE FROM task WHERE id = ? AND dead = 0", id) })
}

// Fail implements webcare.Tasks.
func (s *Store) Fail(ctx context.Context, t webcare.Task, reason string, runAt time.Time, dead bool) (err error) {
	defer webcare.Wrap(&err, "Fail(%s)", t.ID)
	t.LastError = reason
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error {
		return c.exec("UPDATE task SET body = ?, run_at = ?, leased_until = 0, dead = ? WHERE id = ? AND attempt = ? AND dead = 0",
			body, millis(runAt), dead, t.ID, t.Attempt)
	})
}

// Dead implements webcare.DeadLetters.
func (s *Store) Dead(ctx context.Context, cursor string, limit int) (out []webcare.Task, next string, err error) {
	defer webcare.Wrap(&err, "Dead")
	rows, err := s.db.QueryContext(ctx, taskColumns+"WHERE dead = 1 AND id > ? ORDER BY id LIMIT ?", cursor, limit)
	if err != nil {
		return nil, "", explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		t, err := scanTask(rows.Scan)
		if err != nil {
			return nil, "", err
		}
		out = append(out, t)
	}
	if len(out) == limit {
		next = out[limit-1].ID
	}
	return out, next, explain(rows.Err())
}

// Replay implements webcare.DeadLetters.
func (s *Store) Replay(ctx context.Context, id string, runAt time.Time) (err error) {
	defer webcare.Wrap(&err, "Replay(%s)", id)
	return s.write(ctx, func(c *conn) error {
		n, err := c.affected("UPDATE task SET dead = 0, attempt = 0, leased_until = 0, run_at = ? WHERE id = ? AND dead = 1", millis(runAt), id)
		if err == nil && n == 0 {
			return webcare.NotFoundf("no such dead task")
		}
		return err
	})
}

// ReleaseLeases ends all leases. Call it right after Open: the folder is
// locked, so whoever held them is gone. Attempts at posting keep their own
// deadlines, on the case.
func (s *Store) ReleaseLeases(ctx context.Context) error {
	return s.write(ctx, func(c *conn) error {
		return c.exec("UPDATE task SET leased_until = 0 WHERE leased_until > 0 AND dead = 0")
	})
}
