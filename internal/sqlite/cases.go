package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"

	"webcare.example/responder/internal/webcare"
)

// Head implements webcare.Cases.
func (s *Store) Head(ctx context.Context, id webcare.CaseID) (webcare.Head, error) {
	var body []byte
	err := s.db.QueryRowContext(ctx, "SELECT body FROM head WHERE id = ?", string(id)).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return webcare.Head{}, webcare.NotFoundf("case %q", id)
	}
	if err != nil {
		return webcare.Head{}, explain(err)
	}
	return decodeHead(body)
}

func decodeHead(body []byte) (h webcare.Head, err error) {
	defer webcare.Wrap(&err, "stored head")
	return h, json.Unmarshal(body, &h)
}

// Children implements webcare.Cases.
func (s *Store) Children(ctx context.Context, id webcare.CaseID, after int64, limit int) (_ []webcare.Child, more bool, err error) {
	defer webcare.Wrap(&err, "Children(%s, after %d)", id, after)
	rows, err := s.db.QueryContext(ctx, "SELECT seq, kind, at, body, blob FROM child WHERE case_id = ? AND seq > ? ORDER BY seq LIMIT ?",
		string(id), after, limit+1)
	if err != nil {
		return nil, false, explain(err)
	}
	defer rows.Close()
	var out []webcare.Child
	for rows.Next() {
		var c webcare.Child
		var at int64
		if err := rows.Scan(&c.Seq, &c.Kind, &at, &c.Body, &c.Blob); err != nil {
			return nil, false, err
		}
		c.At = fromMillis(at)
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, false, explain(err)
	}
	if len(out) > limit {
		return out[:limit], true, nil
	}
	return out, false, nil
}

// Save implements webcare.Cases.
func (s *Store) Save(ctx context.Context, save webcare.Save) (err error) {
	defer webcare.Wrap(&err, "Save(%s)", save.Head.ID)
	r, err := encodeSave(save)
	if err != nil {
		return err
	}
	return s.write(ctx, func(c *conn) error { return r.store(c) })
}

// rows is a save encoded outside the writer, which every caller waits for.
type rows struct {
	save  webcare.Save
	head  []byte
	tasks [][]byte
}

func encodeSave(save webcare.Save) (*rows, error) {
	r := &rows{save: save}
	h := save.Head
	h.Version++
	var err error
	if r.head, err = json.Marshal(h); err != nil {
		return nil, err
	}
	for _, t := range save.Tasks {
		b, err := json.Marshal(t)
		if err != nil {
			return nil, err
		}
		r.tasks = append(r.tasks, b)
	}
	return r, nil
}

func (r *rows) store(c *conn) error {
	for _, step := range []func(*conn) error{r.storeFinish, r.storeHead, r.storeClaims, r.storeChildren, r.storeTasks} {
		if err := step(c); err != nil {
			return err
		}
	}
	return nil
}

func (r *rows) storeFinish(c *conn) error {
	if r.save.Finish != "" {
		n, err := c.affected("DELETE FROM task WHERE id = ? AND dead = 0", r.save.Finish)
		if err != nil {
			return err
		}
		if n == 0 {
			return webcare.TaskGone(r.save.Finish)
		}
	}
	for _, id := range r.save.Cancel {
		if err := c.exec("DELETE FROM task WHERE id = ?", id); err != nil {
			return err
		}
	}
	return nil
}

func (r *rows) storeHead(c *conn) error {
	h := r.save.Head
	args := []any{h.Brand, string(h.Status), h.Assignee, h.QueueKey(), h.Version + 1, r.head, string(h.ID)}
	query := "UPDATE head SET brand = ?, status = ?, assignee = ?, qkey = ?, version = ?, body = ? WHERE id = ? AND version = ?"
	if h.Version == 0 {
		query = "INSERT INTO head (brand, status, assignee, qkey, version, body, id) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	} else {
		args = append(args, h.Version)
	}
	n, err := c.affected(query, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return webcare.Conflictf("case %s is not at version %d", h.ID, h.Version)
	}
	return nil
}

func (r *rows) storeClaims(c *conn) error {
	for _, cl := range r.save.Claims {
		n, err := c.affected("INSERT INTO claim (name, case_id) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET case_id = case_id WHERE case_id = excluded.case_id",
			cl.String(), string(r.save.Head.ID))
		if err != nil {
			return err
		}
		if n == 0 {
			return webcare.Conflictf("%s is held by another case", cl)
		}
	}
	return nil
}

func (r *rows) storeChildren(c *conn) error {
	id := string(r.save.Head.ID)
	for _, ch := range r.save.Children {
		err := c.exec("INSERT INTO child (case_id, seq, kind, at, body, blob) VALUES (?, ?, ?, ?, ?, ?)",
			id, ch.Seq, string(ch.Kind), millis(ch.At), ch.Body, string(ch.Blob))
		if err != nil {
			return err
		}
		if ch.Kind == webcare.ChildEvent {
			if err := c.exec("INSERT INTO event (case_id, seq) VALUES (?, ?)", id, ch.Seq); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rows) storeTasks(c *conn) error {
	for i, t := range r.save.Tasks {
		err := c.exec("INSERT INTO task (id, stage, dead, run_at, leased_until, attempt, body) VALUES (?, ?, 0, ?, 0, ?, ?)",
			t.ID, string(t.Stage), millis(t.RunAt), t.Attempt, r.tasks[i])
		if err != nil {
			return err
		}
	}
	return nil
}

// Claimed implements webcare.Cases.
func (s *Store) Claimed(ctx context.Context, claim webcare.Claim) (webcare.CaseID, error) {
	var id string
	err := s.db.QueryRowContext(ctx, "SELECT case_id FROM claim WHERE name = ?", claim.String()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", webcare.NotFoundf("%s", claim)
	}
	return webcare.CaseID(id), explain(err)
}

// List implements webcare.Cases.
func (s *Store) List(ctx context.Context, q webcare.Query) (page webcare.Page, err error) {
	defer webcare.Wrap(&err, "List(%v)", q.Statuses)
	return webcare.MergePages(ctx, q, s.fetch)
}

func (s *Store) fetch(ctx context.Context, p webcare.Partition, after string, limit int) ([]webcare.Head, error) {
	query, args := "SELECT body FROM head INDEXED BY head_queue WHERE brand = ? AND status = ? AND qkey > ? ORDER BY qkey LIMIT ?",
		[]any{p.Brand, string(p.Status), after, limit}
	if p.Assignee != "" {
		query = "SELECT body FROM head INDEXED BY head_assignee WHERE brand = ? AND assignee = ? AND assignee <> '' AND status = ? AND qkey > ? ORDER BY qkey LIMIT ?"
		args = []any{p.Brand, p.Assignee, string(p.Status), after, limit}
	}
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var out []webcare.Head
	for rows.Next() {
		var body sql.RawBytes
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		h, err := decodeHead(body)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, explain(rows.Err())
}

// Count implements webcare.Cases.
func (s *Store) Count(ctx context.Context, q webcare.Query, limit int) (total int, err error) {
	defer webcare.Wrap(&err, "Count(%v)", q.Statuses)
	for _, b := range q.Brands {
		for _, st := range q.Statuses {
			query, args := "SELECT count(*) FROM (SELECT 1 FROM head WHERE brand = ? AND status = ? LIMIT ?)", []any{b, string(st), limit + 1 - total}
			if q.Assignee != "" {
				query = "SELECT count(*) FROM (SELECT 1 FROM head WHERE brand = ? AND assignee = ? AND assignee <> '' AND status = ? LIMIT ?)"
				args = []any{b, q.Assignee, string(st), limit + 1 - total}
			}
			var n int
			if err := s.db.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
				return 0, explain(err)
			}
			if total += n; total > limit {
				return total, nil
			}
		}
	}
	return total, nil
}

// After implements webcare.Events. Events are numbered by the one writer, so
// none can appear before one already seen.
func (s *Store) After(ctx context.Context, cursor string, limit int) (_ []webcare.Event, next string, err error) {
	defer webcare.Wrap(&err, "After(%q)", cursor)
	after := int64(0)
	if cursor != "" {
		if after, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return nil, "", webcare.Invalidf("cursor: %v", err)
		}
	}
	rows, err := s.db.QueryContext(ctx, `SELECT e.n, c.body, c.blob FROM event e JOIN child c ON c.case_id = e.case_id AND c.seq = e.seq
		WHERE e.n > ? ORDER BY e.n LIMIT ?`, after, limit)
	if err != nil {
		return nil, "", explain(err)
	}
	defer rows.Close()
	var out []webcare.Event
	for rows.Next() {
		var body []byte
		var blob string
		if err := rows.Scan(&after, &body, &blob); err != nil {
			return nil, "", err
		}
		if blob != "" {
			if body, err = s.getBlob(ctx, blob); err != nil {
				return nil, "", err
			}
		}
		var e webcare.Event
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, "", err
		}
		out = append(out, e)
	}
	return out, strconv.FormatInt(after, 10), explain(rows.Err())
}
