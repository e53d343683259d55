package sqlite

import "context"

// Exec runs a statement on the writer's connection, outside a transaction's effects.
func (s *Store) Exec(ctx context.Context, query string) error {
	return s.write(ctx, func(c *conn) error { _, err := c.c.ExecContext(ctx, query); return err })
}
