package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// maxBatch bounds how many changes share one commit, so that the first of them
// does not wait long for the last.
const maxBatch = 512

// writer is the one goroutine that changes the file.
type writer struct {
	conn   *conn
	queue  chan *change
	quit   chan struct{}
	ended  chan struct{}
	mu     sync.RWMutex // held to read while queueing, to write while closing
	closed bool
}

// change is one caller's function, and its result.
type change struct {
	do   func(*conn) error
	err  error
	done chan struct{}
}

var errClosed = errors.New("the data folder is closed")

func startWriter(c *sql.Conn) *writer {
	w := &writer{conn: &conn{c: c, stmts: map[string]*sql.Stmt{}}, queue: make(chan *change, maxBatch),
		quit: make(chan struct{}), ended: make(chan struct{})}
	go w.run()
	return w
}

// write runs do inside the next commit and returns once that is durable. A
// caller whose context ends gives up waiting only before do has been queued:
// after that the outcome is told, not guessed.
func (s *Store) write(ctx context.Context, do func(*conn) error) error {
	w := s.writer
	ch := &change{do: do, done: make(chan struct{})}
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return errClosed
	}
	select {
	case w.queue <- ch:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	<-ch.done
	return explain(ch.err)
}

func (w *writer) run() {
	defer close(w.ended)
	for ch := range w.queue {
		batch := w.gather([]*change{ch})
		if err := w.commit(batch); err != nil {
			for _, ch := range batch {
				if ch.err == nil {
					ch.err = err
				}
			}
		}
		for _, ch := range batch {
			close(ch.done)
		}
	}
}

// gather takes whatever has queued up, without waiting for more.
func (w *writer) gather(batch []*change) []*change {
	for len(batch) < maxBatch {
		select {
		case ch, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, ch)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction, each change in a savepoint of its
// own. An error returned concerns every change that has none of its own.
func (w *writer) commit(batch []*change) error {
	c := w.conn
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, ch := range batch {
		if err := c.exec("SAVEPOINT one"); err != nil {
			return errors.Join(err, c.exec("ROLLBACK"))
		}
		end := "RELEASE one"
		if ch.err = ch.run(c); ch.err != nil {
			end = "ROLLBACK TO one"
		}
		if err := c.exec(end); err != nil {
			return errors.Join(err, c.exec("ROLLBACK"))
		}
	}
	if err := c.exec("COMMIT"); err != nil {
		return errors.Join(err, c.exec("ROLLBACK"))
	}
	return nil
}

// run keeps a panicking change from taking the others with it.
func (ch *change) run(c *conn) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a change: %v", p)
		}
	}()
	return ch.do(c)
}

func (w *writer) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.ended
	return w.conn.close()
}

// conn is the writer's connection with its prepared statements.
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
}

func (c *conn) stmt(query string) (*sql.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.c.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) exec(query string, args ...any) error {
	_, err := c.affected(query, args...)
	return err
}

// affected runs a statement and returns how many rows it changed.
func (c *conn) affected(query string, args ...any) (int64, error) {
	s, err := c.stmt(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c *conn) row(query string, args ...any) *sql.Row {
	s, err := c.stmt(query)
	if err != nil {
		return c.c.QueryRowContext(context.Background(), query, args...) // reports the same error on Scan
	}
	return s.QueryRowContext(context.Background(), args...)
}

func (c *conn) rows(query string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.c.Close())...)
}
