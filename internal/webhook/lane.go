package webhook

import "time"

// A lane is what one endpoint may take of the workers, so that a slow one
// holds up nobody else. What finds its lane full is put off to the moment when
// its turn should come, by how long the endpoint lately took.
type lane struct {
	busy int
	took time.Duration // moving average
	left time.Time     // when the last call ended, or the lane was first entered
	turn time.Time     // of the last one put off
}

// Widths of lanes: calls at once to an endpoint, and to one that fails.
const (
	laneWidth   = 16
	failedWidth = 2
	minTurn     = 50 * time.Millisecond
	maxTurn     = 10 * time.Minute
	hangApart   = 25 * time.Millisecond
)

// enter takes a place in a lane, or says when to come back.
func (c *Courier) enter(k knowledge, now time.Time) (l *lane, at time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lanes == nil {
		c.lanes = map[string]*lane{}
	}
	if l = c.lanes[k.sub.ID]; l == nil {
		l = &lane{left: now}
		c.lanes[k.sub.ID] = l
	}
	width := laneWidth
	if !k.health.Since.IsZero() {
		width = failedWidth
	}
	if l.busy == 0 {
		l.left = now
	}
	if l.busy < width {
		l.busy++
		return l, at, true
	}
	// An endpoint that hangs tells nothing of how long it takes but how long it
	// has hung: waiting that long again, or twice where it is far longer than it
	// ever took, asks ever less often. Each asking costs the others two writes,
	// so those that wait for a hanging one come back one by one, not all at once.
	hung := now.Sub(l.left)
	wait, apart := max(l.took, hung, minTurn), max(l.took/time.Duration(width), time.Millisecond)
	if hung > time.Second && hung > 4*l.took {
		wait, apart = 2*hung, max(apart, hangApart)
	}
	if soonest := now.Add(wait); l.turn.Before(soonest) {
		l.turn = soonest
	}
	l.turn = l.turn.Add(apart)
	if latest := now.Add(maxTurn); l.turn.After(latest) {
		l.turn = latest
	}
	return nil, l.turn, false
}

func (c *Courier) leave(l *lane) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.busy--
	l.left = c.Subscriptions.Now()
}

// took lets an attempt move the average by a fifth.
func (c *Courier) took(l *lane, a Attempt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.took += (time.Duration(a.Millis)*time.Millisecond - l.took) / 5
}
