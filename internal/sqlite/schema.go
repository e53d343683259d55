package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"webcare.example/responder/internal/webcare"
)

// migrations bring an empty or older file up to date, one transaction each.
// They are only ever added to: PRAGMA user_version counts those applied.
// Bodies are JSON; times are Unix milliseconds, 0 for none.
var migrations = []string{`
CREATE TABLE meta (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('ready', 0);

CREATE TABLE head (
	id TEXT PRIMARY KEY, brand TEXT NOT NULL, status TEXT NOT NULL, assignee TEXT NOT NULL,
	qkey TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX head_queue ON head (brand, status, qkey);
CREATE INDEX head_assignee ON head (brand, assignee, status, qkey) WHERE assignee <> '';

CREATE TABLE child (
	case_id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
	body BLOB, blob TEXT NOT NULL, PRIMARY KEY (case_id, seq)) WITHOUT ROWID;
CREATE TABLE event (n INTEGER PRIMARY KEY AUTOINCREMENT, case_id TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE TABLE claim (name TEXT PRIMARY KEY, case_id TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE task (
	id TEXT PRIMARY KEY, stage TEXT NOT NULL, dead INTEGER NOT NULL, run_at INTEGER NOT NULL,
	leased_until INTEGER NOT NULL, attempt INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX task_due ON task (stage, dead, max(run_at, leased_until));
CREATE INDEX task_dead ON task (id) WHERE dead = 1;

CREATE TABLE blob (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE record (
	kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, expires INTEGER NOT NULL,
	body BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;

CREATE TABLE posting (
	brand TEXT NOT NULL, coll TEXT NOT NULL, term TEXT NOT NULL, case_id TEXT NOT NULL,
	count INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (brand, coll, term, case_id)) WITHOUT ROWID;
CREATE INDEX posting_case ON posting (brand, coll, case_id);

CREATE TABLE tallied (event_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE tally (
	brand TEXT NOT NULL, metric TEXT NOT NULL, hour INTEGER NOT NULL, n INTEGER NOT NULL,
	PRIMARY KEY (brand, metric, hour)) WITHOUT ROWID;
`}

func migrate(ctx context.Context, db *sql.DB) error {
	var have int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	if have > len(migrations) {
		return webcare.Invalidf("written by a newer version (schema %d, this program knows %d): use that version", have, len(migrations))
	}
	for i := have; i < len(migrations); i++ {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, migrations[i]); err == nil {
			_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", i+1))
		}
		if err != nil {
			_ = tx.Rollback() // the reason to report is the statement's
			return fmt.Errorf("schema %d: %w", i+1, err)
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}
