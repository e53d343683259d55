package aws_test

import (
	"context"
	"flag"
	"testing"
	"time"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/insight/insighttest"
	"webcare.example/responder/internal/webcare"
)

// events is how many random events TestRecount lays into a table.
var events = flag.Int("events", 1000, "random events in the recount on DynamoDB; 5000 take two minutes")

// TestRecount: after relays that repeat, fall back and are killed, the tallies
// of random events equal a recount. They are added as the relay's function does,
// many events in one transaction.
func TestRecount(t *testing.T) {
	cfg := config(t)
	open(t, cfg)
	fresh := func() webcare.Ports { // what a killed function leaves is in the table
		s := aws.Open(cfg)
		p := s.Ports()
		p.Cases, p.Tallies = few{s, make(chan struct{}, 2)}, relayed(t, s)
		return p
	}
	insighttest.Recount(t, fresh(), *events, 7, fresh)
}

// few saves a few cases at once: DynamoDB Local slows down under more.
type few struct {
	webcare.Cases
	slots chan struct{}
}

// Save implements webcare.Cases.
func (f few) Save(ctx context.Context, s webcare.Save) error {
	f.slots <- struct{}{}
	defer func() { <-f.slots }()
	return f.Cases.Save(ctx, s)
}

// together adds what is counted at the same moment in one call.
type together struct {
	*aws.Store
	in chan adding
}

type adding struct {
	aws.Counted
	done chan error
}

func relayed(t *testing.T, s *aws.Store) *together {
	r := &together{s, make(chan adding)}
	for range 2 { // two relays at once, as for two shards of the stream
		go func() {
			for {
				select {
				case <-t.Context().Done():
					return
				case first := <-r.in:
					r.add(t.Context(), first)
				}
			}
		}()
	}
	return r
}

// Add implements webcare.Tallies.
func (r *together) Add(ctx context.Context, id string, deltas []webcare.Delta) error {
	a := adding{aws.Counted{EventID: id, Deltas: deltas}, make(chan error, 1)}
	select {
	case r.in <- a:
		return <-a.done
	case <-ctx.Done():
		return ctx.Err()
	}
}

// add takes what others add meanwhile along.
func (r *together) add(ctx context.Context, first adding) {
	all := []adding{first}
	for wait := time.After(2 * time.Millisecond); len(all) < 40; {
		select {
		case a := <-r.in:
			all = append(all, a)
			continue
		case <-wait:
		}
		break
	}
	var counted []aws.Counted
	for _, a := range all {
		counted = append(counted, a.Counted)
	}
	err := r.AddAll(ctx, counted)
	for _, a := range all {
		a.done <- err
	}
}
