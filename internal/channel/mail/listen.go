package mail

import (
	"net"
	"sync"
	"time"
)

// drainTime is how long a connection may stay silent once the server stops:
// enough for a mail under way, not for a client that only keeps the line open.
const drainTime = 2 * time.Second

// lastRead is when a connection of a stopping server must have spoken.
func lastRead() time.Time {
	return time.Now().Add(drainTime) //nolint:forbidigo // deadlines of connections are in the machine's time
}

// tracked is a listener that knows its open connections, so that stopping can
// hurry those that wait and spare those that store.
type tracked struct {
	net.Listener
	mu       sync.Mutex
	open     map[*trackedConn]struct{}
	draining bool
}

func track(l net.Listener) *tracked {
	return &tracked{Listener: l, open: map[*trackedConn]struct{}{}}
}

func (t *tracked) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	if err != nil {
		return nil, err
	}
	tc := &trackedConn{Conn: c, of: t}
	t.mu.Lock()
	t.open[tc] = struct{}{}
	t.mu.Unlock()
	return tc, nil
}

// drain gives every connection drainTime for what it still reads.
func (t *tracked) drain() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.draining = true
	for c := range t.open {
		_ = c.Conn.SetReadDeadline(lastRead())
	}
}

func (t *tracked) closeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for c := range t.open {
		_ = c.Conn.Close()
	}
}

type trackedConn struct {
	net.Conn
	of *tracked
}

// SetReadDeadline shortens what package smtp asks for while the server stops.
func (c *trackedConn) SetReadDeadline(at time.Time) error {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	if last := lastRead(); c.of.draining && (at.IsZero() || at.After(last)) {
		at = last
	}
	return c.Conn.SetReadDeadline(at)
}

func (c *trackedConn) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}
