package bluesky_test

import (
	"fmt"
	"regexp"
	"testing"

	"webcare.example/responder/internal/channel/bluesky"
)

// TestKey: keys are tids (atproto.com/specs/tid), the same for one attempt and
// different for any other.
func TestKey(t *testing.T) {
	form := regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)
	seen := map[string]string{}
	for i := range 100_000 {
		attempt := fmt.Sprintf("%032x", i)
		k := bluesky.Key(attempt)
		if !form.MatchString(k) || k != bluesky.Key(attempt) {
			t.Fatalf("%s: %q", attempt, k)
		}
		if other, twice := seen[k]; twice {
			t.Fatalf("%s and %s have one key", attempt, other)
		}
		seen[k] = attempt
	}
}
