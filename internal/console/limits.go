package console

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Rates of the API in calls a minute. A token is a program, and programs loop;
// a person's bound only keeps a broken script from starving the others.
const (
	tokenRate  = 600
	personRate = 60_000
	maxBuckets = 10_000
)

// limiter is a token bucket for each caller of this process. It holds a full
// minute's calls, so that bursts pass.
type limiter struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// take takes a call from who's bucket and returns how many are left; ok false
// says to come back after wait.
func (l *limiter) take(who string, rate float64, now time.Time) (left float64, wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[who]
	if b == nil {
		if l.buckets == nil || len(l.buckets) >= maxBuckets {
			l.buckets = map[string]*bucket{} // forgetting is generous, and bounded
		}
		b = &bucket{rate, now}
		l.buckets[who] = b
	}
	b.left = min(rate, b.left+now.Sub(b.at).Minutes()*rate)
	b.at = now
	if b.left < 1 {
		return 0, time.Duration((1 - b.left) / rate * float64(time.Minute)), false
	}
	b.left--
	return b.left, 0, true
}

// limited bounds how often a caller calls, and says where it stands in the
// fields RateLimit-Policy and RateLimit
// (draft-ietf-httpapi-ratelimit-headers-10).
func (s *Server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u := userOf(r.Context())
		rate := float64(tokenRate)
		if u.Person {
			rate = personRate
		}
		left, wait, ok := s.limiter.take(u.ID, rate, s.cfg.Now())
		reset := int(math.Ceil((rate - left) / rate * 60))
		w.Header().Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=60`, int(rate)))
		w.Header().Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, int(left), reset))
		if !ok {
			w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
			writeProblem(w, http.StatusTooManyRequests, "too many calls: wait as long as Retry-After says")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// known answers calls that no operation takes as problems too.
func known(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		rec := &recorder{header: http.Header{}}
		h.ServeHTTP(rec, r)
		if allow := rec.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
			writeProblem(w, http.StatusMethodNotAllowed, "this path takes "+strings.ReplaceAll(allow, ", ", " and "))
			return
		}
		writeProblem(w, http.StatusNotFound, "there is no such path; /api/openapi.json lists them")
	})
}
