package webhook

import (
	"testing"
	"time"
)

// TestHangingLaneAsksLittle: of 50 deliveries a second to an endpoint that
// never answers, each is put off a few times, and never many at once, so that
// the others hardly notice.
func TestHangingLaneAsksLittle(t *testing.T) {
	c := &Courier{}
	k := knowledge{sub: Subscription{ID: "slow"}}
	began := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	due := map[time.Time]int{} // by when they come (back)
	for i := range 500 {
		due[began.Add(time.Duration(i)*20*time.Millisecond)]++
	}
	asked, perSecond := 0, map[int]int{}
	for at := range 20_000 { // every millisecond of twenty seconds
		now := began.Add(time.Duration(at) * time.Millisecond)
		for range due[now] {
			_, back, ok := c.enter(k, now)
			if ok {
				continue // it hangs from now on
			}
			asked++
			perSecond[at/1000]++
			if back = back.Truncate(time.Millisecond); !back.After(now) {
				t.Fatalf("put off to %s at %s", back, now)
			}
			due[back]++
		}
		delete(due, now)
	}
	most := 0
	for _, n := range perSecond {
		most = max(most, n)
	}
	if asked > 1500 || most > 150 {
		t.Errorf("asked %d times in all, at most %d in a second", asked, most)
	}
	t.Logf("asked %d times in all, at most %d in a second", asked, most)
}

// TestBusyLaneComesBackSoon: an endpoint that is only busy is asked again when
// it should have room.
func TestBusyLaneComesBackSoon(t *testing.T) {
	c := &Courier{}
	k := knowledge{sub: Subscription{ID: "busy"}}
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for range laneWidth {
		l, _, ok := c.enter(k, now)
		if !ok {
			t.Fatal("the lane is full too soon")
		}
		l.took = 80 * time.Millisecond
	}
	for i := range 10 {
		_, back, ok := c.enter(k, now.Add(10*time.Millisecond))
		if ok || back.Sub(now) > 200*time.Millisecond {
			t.Errorf("number %d: entered %v, back after %s", i, ok, back.Sub(now))
		}
	}
}
