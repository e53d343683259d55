package run

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/aws/secret"
)

// TestRenewed: a secret that was renewed counts within minutes; one of no use, or
// that cannot be read, leaves what there was.
func TestRenewed(t *testing.T) {
	value, status, asked := "one", http.StatusOK, 0
	ssm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]string{"Value": value}})
	}))
	defer ssm.Close()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	w := &Wired{Log: slog.New(slog.DiscardHandler), Now: clock, secrets: secret.New(aws.SDKWith("eu-west-1", "id", "key", ""), ssm.URL, clock)}
	made := 0
	get := Renewed(w, "/name", func(v string) (string, error) {
		made++
		if v == "bad" {
			return "", errors.New("of no use")
		}
		return "made of " + v, nil
	})
	for i, step := range []struct {
		value  string
		status int
		after  time.Duration
		want   string
		made   int
	}{
		{"one", http.StatusOK, 0, "made of one", 1},
		{"two", http.StatusOK, time.Minute, "made of one", 1}, // not read again yet
		{"two", http.StatusOK, 5 * time.Minute, "made of two", 2},
		{"two", http.StatusOK, 5 * time.Minute, "made of two", 2}, // the same
		{"three", http.StatusInternalServerError, 5 * time.Minute, "made of two", 2},
		{"three", http.StatusOK, time.Minute, "made of three", 3},
		{"bad", http.StatusOK, 5 * time.Minute, "made of three", 4},
		{"bad", http.StatusOK, 5 * time.Minute, "made of three", 4}, // not tried again
		{"four", http.StatusOK, 5 * time.Minute, "made of four", 5},
	} {
		value, status, now = step.value, step.status, now.Add(step.after)
		if got := get(); got != step.want || made != step.made {
			t.Fatalf("step %d: %q, made %d times, want %q and %d", i, got, made, step.want, step.made)
		}
	}
	before := asked
	for range 100 {
		get()
	}
	if asked != before {
		t.Errorf("asked %d times for what was just read", asked-before)
	}
	if w.Secret("") != "" {
		t.Error("no name has a secret")
	}
}
