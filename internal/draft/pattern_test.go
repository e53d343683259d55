package draft

import "testing"

// TestPatterns compiles all of them: a wrong one would be found by a customer.
func TestPatterns(t *testing.T) {
	if len(patterns) < 50 {
		t.Fatalf("%d patterns", len(patterns))
	}
	for _, p := range patterns {
		if p.compiled() == nil {
			t.Error("a pattern of nothing")
		}
	}
}
