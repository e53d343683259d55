package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"webcare.example/responder/internal/webcare"
)

// Store is an open data folder. Close it to release its lock.
type Store struct {
	db     *sql.DB // readers
	wdb    *sql.DB // the one writer
	writer *writer
	lock   *folderLock
	dir    string
	closed func() error // closes once, and answers the same ever after
}

const fileName = "webcare.db"

// Open opens the data folder, making it if needed, and brings its schema up
// to date. Errors say what to do: a folder in use, read-only or written by a
// newer version.
func Open(ctx context.Context, dir string) (_ *Store, err error) {
	defer webcare.Wrap(&err, "data folder %s", dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, webcare.Invalidf("cannot be made: %v", err)
	}
	lock, err := lockFolder(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	s := &Store{lock: lock, dir: dir}
	s.closed = sync.OnceValue(s.close)
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	file := filepath.Join(s.dir, fileName)
	var err error
	if s.wdb, err = sql.Open("sqlite", dsn(file, false)); err != nil {
		return err
	}
	s.wdb.SetMaxOpenConns(1)
	if err := migrate(ctx, s.wdb); err != nil {
		return explain(err)
	}
	if s.db, err = sql.Open("sqlite", dsn(file, true)); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(4)
	s.db.SetMaxIdleConns(4)
	conn, err := s.wdb.Conn(ctx)
	if err != nil {
		return explain(err)
	}
	s.writer = startWriter(conn)
	return nil
}

func dsn(file string, readOnly bool) string {
	q := url.Values{}
	for _, p := range []string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", "foreign_keys(0)",
		"cache_size(-8000)", "mmap_size(268435456)", "journal_size_limit(67108864)"} {
		q.Add("_pragma", p)
	}
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Add("_pragma", "secure_delete(1)") // what is erased is overwritten
		q.Add("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + q.Encode()
}

// Close finishes queued writes and releases the folder.
func (s *Store) Close() error { return s.closed() }

func (s *Store) close() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	for _, db := range []*sql.DB{s.db, s.wdb} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, s.lock.release())...)
}

// Ports returns the store as the ports of package webcare.
func (s *Store) Ports() webcare.Ports {
	return webcare.Ports{Cases: s, Events: s, Tasks: s, DeadLetters: s, Blobs: blobs{s}, Records: records{s}, Search: s, Tallies: s}
}

// Ready reports whether the store answers and takes writes.
func (s *Store) Ready(ctx context.Context) error {
	return s.write(ctx, func(c *conn) error {
		return c.exec("UPDATE meta SET n = n + 1 WHERE name = 'ready'")
	})
}

// explain turns the driver's errors into kinds and words.
func explain(err error) error {
	var se *msqlite.Error
	if !errors.As(err, &se) {
		return err
	}
	switch se.Code() & 0xff {
	case lib.SQLITE_FULL:
		return webcare.Unavailablef("the disk is full: %w", err)
	case lib.SQLITE_READONLY:
		return webcare.Unavailablef("the data folder is read-only: %w", err)
	case lib.SQLITE_CANTOPEN:
		return webcare.Unavailablef("the database file cannot be opened, is the folder writable? %w", err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return webcare.Unavailablef("the database is locked by another program: %w", err)
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
		return fmt.Errorf("%s is damaged or not a database: restore a backup: %w", fileName, err)
	}
	return err
}
