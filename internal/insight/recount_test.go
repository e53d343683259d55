package insight_test

import (
	"flag"
	"testing"

	"webcare.example/responder/internal/insight/insighttest"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/webcare"
)

// TestRecount: the tallies of 100,000 random events equal a recount on SQLite,
// whatever is delivered again and wherever the relay is killed.
func TestRecount(t *testing.T) {
	dir := t.TempDir()
	var store *sqlite.Store
	open := func() webcare.Ports {
		var err error
		if store, err = sqlite.Open(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		return store.Ports()
	}
	shut := func() {
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	insighttest.Recount(t, open(), *events, 7, func() webcare.Ports { shut(); return open() })
	shut()
}

// events is how many random events TestRecount lays on a file.
var events = flag.Int("events", 10_000, "random events in the recount on SQLite; 100000 takes minutes")

// TestRecountInMemory: the same on the strictest adapter, many small worlds.
func TestRecountInMemory(t *testing.T) {
	for seed := range uint64(20) {
		insighttest.Recount(t, porttest.NewMemory().Ports(), 1000, seed, nil)
	}
}
