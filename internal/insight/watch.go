package insight

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Watch looks for spikes. Run Look every minute; several may run side by side,
// a spike is told once.
type Watch struct {
	Store webcare.Store
	Now   func() time.Time
	// Tell brings a spike's event outside, and may be called again for the
	// same event id after an error.
	Tell func(ctx context.Context, e webcare.Event) error
}

const (
	spikeKind   = "spike"
	spikeShown  = 7 * 24 * time.Hour
	maxExamples = 3
)

// Look tests every friction of a brand now, and tells of new spikes.
func (w *Watch) Look(ctx context.Context, brand string) (found []Spike, err error) {
	defer webcare.Wrap(&err, "Look(%s)", brand)
	now := w.Now().UTC().Truncate(time.Minute)
	minutes, err := w.arrivals(ctx, brand, now)
	if err != nil || len(minutes) == 0 {
		return nil, err
	}
	base, err := w.earlier(ctx, brand, now)
	if err != nil {
		return nil, err
	}
	for _, f := range webcare.FrictionTypes() {
		m := minutes[f]
		if m == nil {
			continue
		}
		s, ok := Look(m, base.of(f, now))
		if !ok {
			continue
		}
		s.Brand, s.Friction, s.At = brand, f, now
		if ok, err = w.tell(ctx, s); err != nil {
			return found, err
		}
		if ok {
			found = append(found, s)
		}
	}
	return found, nil
}

// arrivals are the mentions in each of the 60 minutes before now.
func (w *Watch) arrivals(ctx context.Context, brand string, now time.Time) (map[webcare.FrictionType][]int, error) {
	out := map[webcare.FrictionType][]int{}
	from := now.Add(-longest)
	err := w.each(ctx, brand, from, now, func(at time.Time, f webcare.FrictionType, n int) {
		i := int(at.Sub(from) / time.Minute)
		if i < 0 || i >= 60 {
			return
		}
		if out[f] == nil {
			out[f] = make([]int, 60)
		}
		out[f][i] += n
	})
	return out, err
}

// each reads arrivals by the minute, whole hours from that of from.
func (w *Watch) each(ctx context.Context, brand string, from, to time.Time, f func(time.Time, webcare.FrictionType, int)) error {
	for hour := hourOf(from); hour.Before(to); hour = hour.Add(time.Hour) {
		prefix := "s/" + hour.Format("2006-01-02T15") + "/"
		sums, err := w.Store.Tallies.Sum(ctx, brand, prefix, hour, hour.Add(time.Hour))
		if err != nil {
			return err
		}
		for _, s := range sums {
			minute, friction, ok := strings.Cut(s.Metric[len(prefix):], "/")
			var m int
			if _, err := fmt.Sscanf(minute, "%d", &m); ok && err == nil {
				f(hour.Add(time.Duration(m)*time.Minute), webcare.FrictionType(friction), int(s.N))
			}
		}
	}
	return nil
}

// weeks are the mentions of the earlier weeks, in the hours of the last 60 minutes.
type weeks map[webcare.FrictionType]map[time.Time][]int // by hour of this week

func (w *Watch) earlier(ctx context.Context, brand string, now time.Time) (weeks, error) {
	out := weeks{}
	for i := range BaselineWeeks {
		back := time.Duration(i+1) * 7 * 24 * time.Hour
		err := w.each(ctx, brand, now.Add(-longest-back), now.Add(-back), func(at time.Time, f webcare.FrictionType, n int) {
			if out[f] == nil {
				out[f] = map[time.Time][]int{}
			}
			hour := hourOf(at.Add(back))
			if out[f][hour] == nil {
				out[f][hour] = make([]int, BaselineWeeks)
			}
			out[f][hour][i] += n
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (w weeks) of(f webcare.FrictionType, now time.Time) Baseline {
	out := make(Baseline, 60)
	for i := range out {
		out[i] = w[f][hourOf(now.Add(-longest+time.Duration(i)*time.Minute))]
		if out[i] == nil {
			out[i] = make([]int, BaselineWeeks)
		}
	}
	return out
}

// tell notes a spike and tells of it, unless that was done of late.
func (w *Watch) tell(ctx context.Context, s Spike) (bool, error) {
	now := w.Now()
	key := s.Brand + "/" + string(s.Friction)
	rec, err := w.Store.Records.Get(ctx, spikeKind, key, now)
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		return false, err
	}
	var last Spike
	if err == nil && json.Unmarshal(rec.Body, &last) == nil && now.Sub(last.At) < quietTerm {
		return false, nil
	}
	if s.Examples, err = w.examples(ctx, s); err != nil {
		return false, err
	}
	if w.Tell != nil {
		if err := w.Tell(ctx, s.Event()); err != nil {
			return false, err
		}
	}
	rec.Kind, rec.Key, rec.Expires = spikeKind, key, now.Add(spikeShown)
	if rec.Body, err = json.Marshal(s); err != nil {
		return false, err
	}
	err = w.Store.Records.Put(ctx, rec, now)
	if errors.Is(err, webcare.ErrConflict) {
		return false, nil // another was faster
	}
	return err == nil, err
}

// examples are cases of the spike that wait for an answer.
func (w *Watch) examples(ctx context.Context, s Spike) (out []webcare.CaseID, err error) {
	page, err := w.Store.Cases.List(ctx, webcare.Query{Brands: []string{s.Brand}, Limit: maxExamples,
		Statuses: []webcare.Status{webcare.StatusTriaged, webcare.StatusInReview, webcare.StatusAttention},
		Match: func(h webcare.Head) bool {
			return h.ReceivedAt.After(s.At.Add(-2*longest)) && slices.Contains(h.Frictions, s.Friction)
		}})
	for _, h := range page.Heads {
		out = append(out, h.ID)
	}
	return out, err
}

// Event is the spike as webhooks carry it. Its id is the same for whoever
// finds it within the same hour.
func (s Spike) Event() webcare.Event {
	data := map[string]string{"friction": string(s.Friction), "minutes": fmt.Sprint(s.Minutes), "mentions": fmt.Sprint(s.Mentions),
		"expected": fmt.Sprintf("%.1f", s.Expected)}
	for i, id := range s.Examples {
		data[fmt.Sprintf("example_%d", i+1)] = string(id)
	}
	return webcare.Event{ID: fmt.Sprintf("spike/%s/%s/%s", s.Brand, s.Friction, s.At.Format("2006-01-02T15")), Type: webcare.SentimentSpike,
		At: s.At, By: "webcare/insight", Brand: s.Brand, Data: data}
}

// Text says a spike in one line, for a chat channel.
func (s Spike) Text(lang, friction string) string {
	if lang == "en" {
		return fmt.Sprintf("%s: %d times %q in %d minutes, where %.1f is usual at this hour.", s.Brand, s.Mentions, friction, s.Minutes, s.Expected)
	}
	return fmt.Sprintf("%s: %d keer %q in %d minuten, tegen gewoonlijk %.1f op dit uur.", s.Brand, s.Mentions, friction, s.Minutes, s.Expected)
}

// Spikes returns the spikes of a brand that were told of in the last week, the
// latest first.
func Spikes(ctx context.Context, r webcare.Records, brand string, now time.Time) ([]Spike, error) {
	recs, _, err := r.Scan(ctx, spikeKind, brand+"/", "", 100, now)
	if err != nil {
		return nil, err
	}
	var out []Spike
	for _, rec := range recs {
		var s Spike
		if json.Unmarshal(rec.Body, &s) == nil {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Spike) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Friction, b.Friction)) })
	return out, nil
}
