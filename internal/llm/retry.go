package llm

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Backoff between tries of one question, in the customer's time: short, for a
// draft is being waited for.
const (
	firstWait = 500 * time.Millisecond
	mostWait  = 8 * time.Second
)

// again reports whether a failure may pass by itself. Answers that are no
// JSON or outside the schema are asked for once more only: the same question
// mostly gives the same fault.
func (e *Error) again(attempt int) bool {
	switch e.Reason {
	case TimedOut, Limited, Failing, Unreachable, Cut:
		return true
	case Malformed, OffSchema:
		return attempt == 1
	}
	return false
}

// wait is how long to wait after the given attempt (from 1): what the endpoint
// asked for, else 0.5 s doubled each time, half of it by chance. jitter lies
// between 0 and 1.
func wait(attempt int, asked time.Duration, jitter float64) time.Duration {
	if asked > 0 {
		return asked + time.Duration(jitter*float64(firstWait)/2)
	}
	d := min(firstWait<<min(attempt-1, 10), mostWait)
	return d/2 + time.Duration(jitter*float64(d)/2)
}

// retryAfter reads the header of that name, seconds or a date (RFC 9110,
// 10.2.3); 0 where it is missing or makes no sense.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		if seconds > 0 && seconds < 1e6 {
			return time.Duration(seconds * float64(time.Second))
		}
		return 0
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
