package main

import (
	"math"
	"testing"
)

// Every mention comes before a person, and a better setting is never slower.
func TestSettings(t *testing.T) {
	arrivals := million(1_000_000)
	sum := 0.0
	for _, a := range arrivals {
		sum += a
	}
	if math.Abs(sum-1_000_000) > 1 {
		t.Fatalf("%f mentions arrive", sum)
	}
	before := math.MaxInt
	for _, s := range settings[:4] {
		r := s.run(arrivals)
		if r.done >= 48*3600 || r.done > before || r.units > s.quota+1 || r.functions > s.account {
			t.Errorf("%s: %+v", s.name, r)
		}
		if r.wait > 120 && r.bottleneck() == "nothing" {
			t.Errorf("%s: nobody knows what held mentions up for %d seconds", s.name, r.wait)
		}
		before = r.done
	}
}

// Without a crisis nothing waits.
func TestQuietHour(t *testing.T) {
	if r := settings[0].run(million(20_000)); r.wait > 5 || r.refused > 0 {
		t.Errorf("%+v", r)
	}
}
