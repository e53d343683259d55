package insight

import (
	"math"
	"slices"
	"time"

	"webcare.example/responder/internal/webcare"
)

// How spikes are found. Mentions of one friction arrive as a Poisson process
// whose rate depends on the hour of the week. The rate is learnt from the same
// hour in the BaselineWeeks before: weeks above the median by more than
// maxDeviations median absolute deviations (an earlier crisis) are cut down to
// that bound, and what remains uncertain about the rate is a gamma
// distribution. The chance of at least k mentions in a window is then the tail
// of a negative binomial distribution (the gamma-Poisson predictive test). A
// spike is a window whose tail is below Alpha.
//
// simulate_test.go measures it: false alarms of quiet months and the delay of
// crises. Change nothing here without reading its figures again.
const (
	BaselineWeeks = 8
	Alpha         = 2e-5
	// leastMentions: fewer say nothing, however rare they are.
	leastMentions = 5
	// maxDeviations is counted in scaled deviations (1.4826 MAD, which is one
	// standard deviation of a normal distribution), at least sqrt of the median.
	maxDeviations = 4
	// drift is how much a brand may change within weeks: the rate learnt is
	// believed to no more than this share.
	drift = 0.2
	// quietTerm is how long a spike that was told of is not told again.
	quietTerm = 3 * time.Hour
)

// windows are looked at in this order, each ending now.
var windows = []time.Duration{5 * time.Minute, 10 * time.Minute, 15 * time.Minute, time.Hour}

// longest window.
const longest = time.Hour

// Spike is far more of one friction than the same hours of earlier weeks had.
type Spike struct {
	Brand    string               `json:"brand"`
	Friction webcare.FrictionType `json:"friction"`
	At       time.Time            `json:"at"`
	Minutes  int                  `json:"minutes"`  // length of the window
	Mentions int                  `json:"mentions"` // in it
	Expected float64              `json:"expected"` // in it, after earlier weeks
	Chance   float64              `json:"chance"`   // of so many on an ordinary day
	Examples []webcare.CaseID     `json:"examples,omitempty"`
}

// Baseline is what one friction's earlier weeks had in the hour of each of the
// last 60 minutes: per week, mentions in that hour.
type Baseline [][]int

// Look tests the minutes up to now, the latest last, against the hours in
// which they lie: baseline[i] are the counts of the earlier weeks for the hour
// that minutes[i] lies in. It returns the most telling window.
func Look(minutes []int, baseline Baseline) (Spike, bool) {
	best, found := Spike{Chance: 1}, false
	for _, w := range windows {
		n := int(w / time.Minute)
		if n > len(minutes) {
			continue
		}
		k := 0
		var shape, exposure float64
		for i := len(minutes) - n; i < len(minutes); i++ {
			k += minutes[i]
			s, e := learn(baseline[i])
			shape += s / float64(n) // windows over two hours weigh both
			exposure += e / float64(n)
		}
		if k < leastMentions {
			continue
		}
		expected := shape / exposure * float64(n) / 60
		if float64(k) <= 2*expected {
			continue
		}
		if p := tail(k, shape, exposure*60/float64(n)); p < Alpha && p < best.Chance {
			best, found = Spike{Minutes: n, Mentions: k, Expected: expected, Chance: p}, true
		}
	}
	return best, found
}

// learn returns shape and exposure (in hours) of the gamma distribution of an
// hour's rate.
func learn(weeks []int) (shape, exposure float64) {
	sum := 0.5 // Jeffreys' prior: an hour that was always empty may have something
	for _, c := range trimmed(weeks) {
		sum += c
	}
	exposure = max(float64(len(weeks)), 1)
	if most := 1 / (drift * drift); sum > most { // no surer than drift allows
		exposure *= most / sum
		sum = most
	}
	return sum, exposure
}

// trimmed cuts counts far above the median down.
func trimmed(weeks []int) []float64 {
	out := make([]float64, len(weeks))
	for i, c := range weeks {
		out[i] = float64(c)
	}
	if len(out) < 3 {
		return out
	}
	mid := median(out)
	off := make([]float64, len(out))
	for i, c := range out {
		off[i] = math.Abs(c - mid)
	}
	scale := max(1.4826*median(off), math.Sqrt(max(mid, 1)))
	for i, c := range out {
		out[i] = min(c, mid+maxDeviations*scale)
	}
	return out
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// tail is the chance of at least k where the rate is gamma distributed with
// the given shape, and exposure counts windows: P(X >= k) of the negative
// binomial distribution.
func tail(k int, shape, exposure float64) float64 {
	q := 1 / (1 + exposure)
	// The first term by logarithms, the others by their ratio; the sum from k
	// upwards falls quickly wherever it matters.
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	x := float64(k)
	term := math.Exp(lg(x+shape) - lg(shape) - lg(x+1) + x*math.Log(q) + shape*math.Log(1-q))
	sum := term
	for i := 0; i < 10_000 && term > sum*1e-12; i++ {
		term *= q * (x + shape) / (x + 1)
		x++
		sum += term
	}
	return min(sum, 1)
}
