package console

import (
	"context"
	"fmt"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// counts remembers which tabs hold more cases than are counted: that costs the
// most to find out and changes the least. Small counts are asked for each time,
// so that a number is never old.
type counts struct {
	mu   sync.Mutex
	many map[string]time.Time // when to look again
}

// lookAgain is how long more than countLimit cases are taken to stay so many.
const lookAgain = 30 * time.Second

// of counts what a query finds, up to countLimit; one more says: more.
func (c *counts) of(ctx context.Context, cases webcare.Cases, q webcare.Query, now time.Time) (int, error) {
	key := fmt.Sprint(q.Brands, q.Statuses, q.Assignee)
	c.mu.Lock()
	until := c.many[key]
	c.mu.Unlock()
	if now.Before(until) {
		return countLimit + 1, nil
	}
	n, err := cases.Count(ctx, q, countLimit)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.many == nil || len(c.many) > maxRows { // one key for each person who has very much to do
		c.many = map[string]time.Time{}
	}
	delete(c.many, key)
	if n > countLimit {
		c.many[key] = now.Add(lookAgain)
	}
	return n, nil
}
