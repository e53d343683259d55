package insight_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"webcare.example/responder/internal/insight"
)

// The simulation of spikes: a brand with a busy friction (six mentions an hour
// by day), a few middling ones and many rare ones. Rates follow day and week,
// drift from week to week and jitter from hour to hour, as no model of the
// detector knows. It is looked at every minute, as Watch does.

// weekRate is how busy an hour of the week is, 1 by day.
func weekRate(hour int) float64 {
	day, h := hour/24%7, hour%24
	r := 0.08 + 0.92*math.Exp(-math.Pow(float64(h)-14, 2)/30)
	if day >= 5 {
		r *= 0.6
	}
	return r
}

// rates by day of a brand's frictions, per hour.
func brandRates() []float64 {
	out := []float64{6, 4, 3, 2, 1.5, 1, 1, 0.8, 0.5, 0.5}
	for len(out) < 31 {
		out = append(out, 0.15)
	}
	return out
}

// series are simulated mentions per minute.
type series struct {
	rnd     *rand.Rand
	minutes []uint8
}

func poisson(r *rand.Rand, rate float64) int {
	limit, p, k := math.Exp(-rate), r.Float64(), 0
	for p > limit {
		p *= r.Float64()
		k++
	}
	return k
}

// newSeries simulates weeks of one friction. seasons: weeks drift by 10%,
// single hours jitter by 15%.
func newSeries(r *rand.Rand, rate float64, weeks int, flat bool) *series {
	s := &series{rnd: r, minutes: make([]uint8, weeks*7*24*60)}
	for w := range weeks {
		week := math.Exp(0.10 * r.NormFloat64())
		for h := range 7 * 24 {
			per := rate * week * math.Exp(0.15*r.NormFloat64()) / 60
			if !flat {
				per *= weekRate(h)
			}
			for m := range 60 {
				s.minutes[(w*7*24+h)*60+m] = uint8(poisson(r, per))
			}
		}
	}
	return s
}

// at looks at a minute as Watch does.
func (s *series) at(minute int, hours []int) (insight.Spike, bool) {
	const week = 7 * 24
	var last [60]int
	var base [60][]int
	var weeks [2][]int
	sum := 0
	for i := range last {
		m := minute - 59 + i
		last[i] = int(s.minutes[m])
		sum += last[i]
	}
	if sum < 5 {
		return insight.Spike{}, false
	}
	for j, h := range []int{minute/60 - 1, minute / 60} {
		for w := 1; w <= insight.BaselineWeeks; w++ {
			weeks[j] = append(weeks[j], hours[h-w*week])
		}
	}
	for i := range base {
		base[i] = weeks[1]
		if (minute-59+i)/60 != minute/60 {
			base[i] = weeks[0]
		}
	}
	return insight.Look(last[:], base[:])
}

func (s *series) hours() []int {
	out := make([]int, len(s.minutes)/60)
	for i, n := range s.minutes {
		out[i/60] += int(n)
	}
	return out
}

const firstMinute = insight.BaselineWeeks*7*24*60 + 24*60

// TestQuietMonths: at most one false alarm per brand and month.
func TestQuietMonths(t *testing.T) {
	months := 6
	if testing.Short() {
		months = 1
	}
	alarms := 0
	for month := range months {
		for i, rate := range brandRates() {
			r := rand.New(rand.NewPCG(uint64(month), uint64(i)))
			s := newSeries(r, rate, insight.BaselineWeeks+5, false)
			hours := s.hours()
			for m := firstMinute; m < firstMinute+30*24*60; m++ {
				if _, found := s.at(m, hours); found {
					alarms++
					m += 3 * 60
				}
			}
		}
	}
	t.Logf("%d false alarms in %d quiet months of 31 frictions", alarms, months)
	if alarms > months {
		t.Errorf("%d false alarms in %d quiet months", alarms, months)
	}
}

// TestCrises: nine of ten tenfold bursts are found within 15 minutes where six
// mentions an hour are normal.
func TestCrises(t *testing.T) {
	const crises = 1000
	found, delays := 0, 0
	for i := range crises {
		r := rand.New(rand.NewPCG(99, uint64(i)))
		s := newSeries(r, 6, insight.BaselineWeeks+2, true)
		start := firstMinute + r.IntN(3*24*60)
		for m := start; m < start+15; m++ {
			s.minutes[m] = uint8(poisson(r, 60.0/60))
		}
		hours := s.hours()
		for m := start; m < start+15; m++ {
			if _, ok := s.at(m, hours); ok {
				found++
				delays += m - start + 1
				break
			}
		}
	}
	t.Logf("%d of %d crises found within 15 minutes, after %.1f on average", found, crises, float64(delays)/float64(max(found, 1)))
	if found < crises*9/10 {
		t.Errorf("%d of %d crises found", found, crises)
	}
}
