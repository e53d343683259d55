package fakes

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// Fault is one way for a call to go wrong.
type Fault int

// Faults. Cut closes the connection: before the platform has seen the request,
// while it reads it, or after it did what was asked and before it answers.
const (
	None Fault = iota
	CutBefore
	CutDuring
	CutAfter
	FailBefore // 500, nothing done
	FailAfter  // 502 of a proxy: done all the same
	Limited    // 429 with Retry-After
	Expired    // the platform's way to say that a token is no longer good
	Garbage    // 200 and no JSON, after it was done
)

// RetryAfter is what Limited asks for, in seconds.
const RetryAfter = 90

// Faults says what goes wrong with which call.
type Faults struct {
	mu      sync.Mutex
	next    []Fault
	each    func(*http.Request) Fault
	calls   int
	expired func(http.ResponseWriter)
}

// Next makes the next calls go wrong, one each.
func (f *Faults) Next(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = append(f.next, faults...)
}

// Each asks fn at every call; nil for none.
func (f *Faults) Each(fn func(*http.Request) Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.each, f.next = fn, nil
}

// Calls is how many calls came in.
func (f *Faults) Calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

func (f *Faults) of(r *http.Request) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if len(f.next) > 0 {
		x := f.next[0]
		f.next = f.next[1:]
		return x
	}
	if f.each != nil {
		return f.each(r)
	}
	return None
}

// serve answers through h, or goes wrong.
func (f *Faults) serve(w http.ResponseWriter, r *http.Request, h http.Handler) {
	switch f.of(r) {
	case CutBefore:
		panic(http.ErrAbortHandler)
	case CutDuring:
		_, _ = io.CopyN(io.Discard, r.Body, 10)
		panic(http.ErrAbortHandler)
	case CutAfter:
		h.ServeHTTP(&unheard{header: http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case FailBefore:
		answer(w, http.StatusInternalServerError, map[string]string{"error": "Internal Server Error"})
	case FailAfter:
		h.ServeHTTP(&unheard{header: http.Header{}}, r)
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html>Bad Gateway</html>"))
	case Limited:
		w.Header().Set("Retry-After", strconv.Itoa(RetryAfter))
		answer(w, http.StatusTooManyRequests, map[string]string{"error": "Too many requests"})
	case Expired:
		f.expired(w)
	case Garbage:
		h.ServeHTTP(&unheard{header: http.Header{}}, r)
		_, _ = w.Write([]byte("<!doctype html>"))
	default:
		h.ServeHTTP(w, r)
	}
}

// unheard is an answer that does not arrive.
type unheard struct {
	header http.Header
	bytes.Buffer
}

func (u *unheard) Header() http.Header { return u.header }
func (u *unheard) WriteHeader(int)     {}
