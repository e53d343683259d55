package sqlite

import (
	"context"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Exec runs a statement on the writer's connection, outside a transaction's effects.
func (s *Store) Exec(ctx context.Context, query string) error {
	return s.write(ctx, func(c *conn) error { _, err := c.c.ExecContext(ctx, query); return err })
}

// SumByRow is Sum as it reads counters that it cannot read as one text.
func (s *Store) SumByRow(ctx context.Context, brand, prefix string, from, to time.Time) ([]webcare.Tally, error) {
	return s.sumByRow(ctx, brand, prefix, from, to)
}
