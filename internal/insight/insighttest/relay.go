package insighttest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

func encode(t *testing.T, e webcare.Event) []byte {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// relay tallies all events as relays do, in batches whose events run side by
// side; now and then it falls back to an earlier cursor, counts a batch twice
// at once, or is killed with half a batch counted and its cursor not saved.
func (w *world) relay(ctx context.Context, t *testing.T, ports webcare.Ports, kill func() webcare.Ports) {
	t.Helper()
	kills := 3
	for cursor, earlier := "", ""; ; {
		events, next, err := ports.Events.After(ctx, cursor, 400)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return
		}
		switch k := w.rnd.IntN(20); {
		case k == 0 && kills > 0:
			kills--
			w.count(ctx, t, ports, events[:len(events)/2])
			ports = kill()
			continue
		case k == 1:
			w.count(ctx, t, ports, append(events, events...))
			cursor, earlier = earlier, ""
			continue
		}
		w.count(ctx, t, ports, events)
		cursor, earlier = next, cursor
	}
}

func (w *world) count(ctx context.Context, t *testing.T, ports webcare.Ports, events []webcare.Event) {
	t.Helper()
	var wg sync.WaitGroup
	slots := make(chan struct{}, 64)
	for _, e := range events {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := ports.Tallies.Add(ctx, e.ID, insight.Deltas(e)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
