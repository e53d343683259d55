package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Notice says that something about a case changed. Pages that hear it ask for
// themselves again; a notice carries no texts.
type Notice struct {
	Case    webcare.CaseID `json:"case,omitempty"` // empty: look at everything again
	Version int64          `json:"version,omitempty"`
	Status  webcare.Status `json:"status,omitempty"`
	Brand   string         `json:"-"`
}

// Feed carries notices from the process that saves cases to the pages open on
// it. Where pages and stages are different processes there is no feed, and
// pages ask again by the clock.
type Feed struct {
	mu     sync.Mutex
	open   map[chan Notice]bool // true: missed one
	closed bool
}

// NewFeed returns a feed that nobody listens to yet.
func NewFeed() *Feed { return &Feed{open: map[chan Notice]bool{}} }

// Watch returns ports whose saves of cases are announced on the feed.
func (f *Feed) Watch(p webcare.Ports) webcare.Ports {
	p.Cases = watched{p.Cases, f}
	return p
}

type watched struct {
	webcare.Cases
	f *Feed
}

func (w watched) Save(ctx context.Context, s webcare.Save) error {
	if err := w.Cases.Save(ctx, s); err != nil {
		return err
	}
	w.f.tell(Notice{Case: s.Head.ID, Version: s.Head.Version + 1, Status: s.Head.Status, Brand: s.Head.Brand})
	return nil
}

// tell never waits: who reads too slowly is told to look at everything again.
func (f *Feed) tell(n Notice) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for ch := range f.open {
		select {
		case ch <- n:
		default:
			f.open[ch] = true
		}
	}
}

func (f *Feed) subscribe() (ch chan Notice, leave func()) {
	ch = make(chan Notice, 64)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		close(ch)
		return ch, func() {}
	}
	f.open[ch] = false
	return ch, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.open, ch)
	}
}

// missed reports, once, whether a notice did not fit.
func (f *Feed) missed(ch chan Notice) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	was := f.open[ch]
	if was {
		f.open[ch] = false
	}
	return was
}

// Close ends all streams: a server that stops does not wait for them.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for ch := range f.open {
		close(ch)
		delete(f.open, ch)
	}
}

// Times of a stream. It ends by itself now and then, so that a browser whose
// session is over does not listen for ever: it comes back, and is asked who it is.
const (
	streamBeat  = 20 * time.Second
	streamTerm  = 10 * time.Minute
	streamWrite = 10 * time.Second
)

// stream sends notices as server-sent events.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if s.cfg.Feed == nil || u.mayRead() != nil {
		http.NotFound(w, r) // the page asks by the clock instead
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	ch, leave := s.cfg.Feed.subscribe()
	defer leave()
	send := streamTo(w, s.cfg.Now)
	if !send("retry: 2000\n\n") {
		return
	}
	beat, end := time.NewTicker(streamBeat), time.NewTimer(streamTerm)
	defer beat.Stop()
	defer end.Stop()
	for {
		line := ": here\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-end.C:
			return
		case n, open := <-ch:
			if !open {
				return
			}
			if s.cfg.Feed.missed(ch) {
				n = Notice{}
			} else if n.Brand != "" && !u.sees(n.Brand) {
				continue
			}
			b, err := json.Marshal(n)
			if err != nil {
				return
			}
			line = fmt.Sprintf("data: %s\n\n", b)
		case <-beat.C:
		}
		if !send(line) {
			return
		}
	}
}

// streamTo returns what writes a piece and flushes it, within a deadline of
// its own; it reports whether anybody still listens.
func streamTo(w http.ResponseWriter, now func() time.Time) func(string) bool {
	c := http.NewResponseController(w)
	return func(line string) bool {
		if err := c.SetWriteDeadline(now().Add(streamWrite)); err != nil {
			return false
		}
		if _, err := w.Write([]byte(line)); err != nil {
			return false
		}
		return c.Flush() == nil
	}
}
