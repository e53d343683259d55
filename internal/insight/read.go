package insight

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Period is whole days, UTC: From inclusive, To exclusive, both at midnight.
type Period struct{ From, To time.Time }

// MaxDays bounds a period.
const MaxDays = 800

// Days returns the period of n days that ends with the day of now.
func Days(n int, now time.Time) Period {
	to := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	return Period{to.AddDate(0, 0, -n), to}
}

// Check reports a period that nobody can want.
func (p Period) Check() error {
	if !p.From.Before(p.To) || p.Len() > MaxDays {
		return webcare.Invalidf("period: at least one day and at most %d", MaxDays)
	}
	return nil
}

// Len is the number of days.
func (p Period) Len() int { return int(p.To.Sub(p.From) / (24 * time.Hour)) }

// Before is the period of the same length just before.
func (p Period) Before() Period { return Period{p.From.AddDate(0, 0, -p.Len()), p.From} }

// Contains reports whether t lies in the period.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Figures are the counters of a slice over a period, by day.
type Figures struct {
	Period
	totals map[string]int64 // by metric, written with '/'
	days   []dayCount
}

// dayCount is one counter of one day; of several slices that were read
// together, one each.
type dayCount struct {
	day    int // of the period
	metric string
	n      int64
}

// Read reads the counters of one slice of a brand: one small stretch of the
// store for each month. Slices of a family are read as those of its frictions
// (Slices).
func Read(ctx context.Context, t webcare.Tallies, brand string, slicesRead []string, p Period) (f Figures, err error) {
	defer webcare.Wrap(&err, "Read(%s, %v)", brand, slicesRead)
	if err := p.Check(); err != nil {
		return f, err
	}
	f = Figures{Period: p, totals: map[string]int64{}}
	plain := map[string]string{} // the same few metrics stand on every day
	var mu sync.Mutex
	var wg sync.WaitGroup
	var errs []error
	busy := make(chan struct{}, 8)
	for month := firstOf(p.From); month.Before(p.To); month = month.AddDate(0, 1, 0) {
		for _, s := range slicesRead {
			wg.Go(func() {
				busy <- struct{}{}
				defer func() { <-busy }()
				prefix := "d/" + s + "/" + month.Format("2006-01") + "/"
				sums, err := t.Sum(ctx, brand, prefix, month, month.Add(time.Hour))
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
				f.take(month, prefix, sums, plain)
			})
		}
	}
	wg.Wait()
	return f, errors.Join(errs...)
}

func firstOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

func (f *Figures) take(month time.Time, prefix string, sums []webcare.Tally, plain map[string]string) {
	first := int(month.Sub(f.From) / (24 * time.Hour)) // of the period; before it, where it begins within the month
	f.days = slices.Grow(f.days, len(sums))
	for _, s := range sums {
		day, written, ok := strings.Cut(s.Metric[len(prefix):], "/")
		if !ok || len(day) != 2 {
			continue
		}
		i := first + int(day[0]-'0')*10 + int(day[1]-'0') - 1
		if i < 0 || i >= f.Len() {
			continue
		}
		metric, ok := plain[written]
		if !ok {
			metric = strings.ReplaceAll(written, ":", "/")
			plain[strings.Clone(written)] = metric
		}
		f.totals[metric] += s.N
		f.days = append(f.days, dayCount{i, metric, s.N})
	}
}

// Slices returns the slices to read for a dimension's value; a family is its
// frictions'. No dimension is All.
func Slices(dimension, value string) ([]string, error) {
	switch dimension {
	case "":
		return []string{All}, nil
	case "channel", "main", "language", "tag":
		return []string{Slice(dimension, value)}, nil
	case "family":
		var out []string
		for _, f := range webcare.FrictionTypes() {
			if string(f.Family()) == value {
				out = append(out, Slice("main", string(f)))
			}
		}
		if len(out) > 0 {
			return out, nil
		}
		return nil, webcare.Invalidf("family: unknown %q", value)
	}
	return nil, webcare.Invalidf("dimension: unknown %q", dimension)
}

// Total sums a metric over the period.
func (f Figures) Total(metric string) int64 { return f.totals[metric] }

// Value is one value of a dimension with its count.
type Value struct {
	Name string
	N    int64
}

// By sums all metrics under a prefix ("friction/"), the most first. Metrics
// with a further slash are left out.
func (f Figures) By(prefix string) []Value {
	var out []Value
	for m, n := range f.totals {
		if name, ok := strings.CutPrefix(m, prefix); ok && n != 0 && !strings.Contains(name, "/") {
			if plain, err := url.PathUnescape(name); err == nil {
				name = plain
			}
			out = append(out, Value{name, n})
		}
	}
	slices.SortFunc(out, func(a, b Value) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	return out
}

// Row is one counter on one day, for exports.
type Row struct {
	Day    string `json:"day"`
	Metric string `json:"metric"`
	N      int64  `json:"n"`
}

// Rows returns all counters by day and metric.
func (f Figures) Rows() []Row {
	days := slices.Clone(f.days)
	slices.SortFunc(days, func(a, b dayCount) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.metric, b.metric)) })
	out := make([]Row, 0, len(days))
	for i := 0; i < len(days); {
		d := days[i]
		for i++; i < len(days) && days[i].day == d.day && days[i].metric == d.metric; i++ {
			d.n += days[i].n
		}
		if d.n != 0 {
			out = append(out, Row{f.From.AddDate(0, 0, d.day).Format(time.DateOnly), d.metric, d.n})
		}
	}
	return out
}

// Bucket is a stretch of the period in a series.
type Bucket struct {
	From, To time.Time
	N        []int64 // one per metric asked for
}

// Series sums metrics over stretches of the period: days up to 31 of them,
// else weeks, else months.
func (f Figures) Series(metrics ...string) []Bucket {
	var out []Bucket
	of := make([]int, f.Len()) // each day's stretch
	for i := range of {
		day := f.From.AddDate(0, 0, i)
		if len(out) == 0 || f.begins(day) {
			out = append(out, Bucket{From: day, N: make([]int64, len(metrics))})
		}
		of[i] = len(out) - 1
		out[len(out)-1].To = day.AddDate(0, 0, 1)
	}
	for _, d := range f.days {
		if j := slices.Index(metrics, d.metric); j >= 0 {
			out[of[d.day]].N[j] += d.n
		}
	}
	return out
}

// begins reports whether a new stretch begins on the day.
func (f Figures) begins(day time.Time) bool {
	switch n := f.Len(); {
	case n <= 35:
		return true
	case n <= 190:
		return day.Weekday() == time.Monday
	}
	return day.Day() == 1
}

// Wait is how response times lie.
type Wait struct {
	N       int64
	Mean    time.Duration
	Median  time.Duration // upper bound of the stretch it lies in
	Most    time.Duration // that of the stretch in which nine of ten lie; 0: longer than all bounds
	Buckets []int64       // answers within each of WaitBounds, and the rest
}

// WaitBounds are the upper bounds of the stretches, in order.
func WaitBounds() []time.Duration {
	out := make([]time.Duration, len(waitBounds))
	for i, m := range waitBounds {
		out[i] = time.Duration(m) * time.Minute
	}
	return out
}

// Waited returns response times: clock is "waited" (by the calendar) or "open"
// (opening hours).
func (f Figures) Waited(clock string) Wait {
	w := Wait{Buckets: make([]int64, len(waitBounds)+1)}
	for _, v := range f.By(clock + "/") {
		var i int
		for _, c := range v.Name {
			i = i*10 + int(c-'0')
		}
		if i >= 0 && i < len(w.Buckets) {
			w.Buckets[i] += v.N
			w.N += v.N
		}
	}
	if w.N > 0 {
		w.Mean = time.Duration(f.Total(clock+"_seconds")/w.N) * time.Second
		w.Median, w.Most = w.within(0.5), w.within(0.9)
	}
	return w
}

func (w Wait) within(share float64) time.Duration {
	sum := int64(0)
	for i, n := range w.Buckets {
		if sum += n; float64(sum) >= share*float64(w.N) && i < len(waitBounds) {
			return time.Duration(waitBounds[i]) * time.Minute
		}
	}
	return 0
}
