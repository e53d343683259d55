package channel

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// State is what is known of one channel of one brand. Compatibility: fields
// may be added; none is renamed.
type State struct {
	Cursor        string    `json:"cursor,omitempty"`
	NextAt        time.Time `json:"next_at,omitzero"`
	LastSuccess   time.Time `json:"last_success,omitzero"`
	LastPost      time.Time `json:"last_post,omitzero"` // when the newest post taken was written
	LagSeconds    float64   `json:"lag_seconds"`        // from writing to taking, of the latest post
	Failures      int       `json:"failures,omitempty"` // in a row
	FailedAt      time.Time `json:"failed_at,omitzero"`
	Error         string    `json:"error,omitempty"`
	Todo          string    `json:"todo,omitempty"`
	Seen          int64     `json:"seen"`
	Taken         int64     `json:"taken"`
	RecheckAt     time.Time `json:"recheck_at,omitzero"`
	RecheckCursor string    `json:"recheck_cursor,omitempty"`
	// Posts: replies are posted by this program. Apart: the channel is not
	// connected, for the reason in Error.
	Posts bool `json:"posts,omitempty"`
	Apart bool `json:"apart,omitempty"`
}

func (s *State) count(m webcare.Message, now time.Time) {
	s.Taken++
	if m.PostedAt.After(s.LastPost) && !m.PostedAt.After(now) {
		s.LastPost = m.PostedAt
	}
	s.LagSeconds = max(0, now.Sub(m.PostedAt).Seconds())
}

func (s *State) fail(err error, now time.Time) {
	s.FailedAt = now
	s.Error, s.Todo = inWords(err)
	s.Error = plain.Clip(plain.Line(s.Error), 500)
}

// Health is a channel's state as people see it.
type Health struct {
	Brand       string    `json:"brand"`
	Channel     string    `json:"channel"`
	State       string    `json:"state" enum:"ok,waiting,failing,not connected,by hand"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	LastPost    time.Time `json:"last_post,omitzero"`
	LagSeconds  float64   `json:"lag_seconds"`
	Failures    int       `json:"failures"`
	NextAt      time.Time `json:"next_at,omitzero"`
	Taken       int64     `json:"taken"`
	Error       string    `json:"error,omitempty"`
	Todo        string    `json:"todo,omitempty"`
}

// States of a channel.
const (
	StateOK           = "ok"
	StateWaiting      = "waiting" // nothing came in or was asked yet
	StateFailing      = "failing"
	StateNotConnected = "not connected"
	StateByHand       = "by hand" // a person reads and posts there
)

// HealthOf returns what is known of a connected channel.
func HealthOf(ctx context.Context, records webcare.Records, brand, channel string, now time.Time) (Health, error) {
	_, st, err := loadState(ctx, records, brand, channel, now)
	if err != nil {
		return Health{}, err
	}
	h := Health{Brand: brand, Channel: channel, State: StateOK, LastSuccess: st.LastSuccess, LastPost: st.LastPost, LagSeconds: st.LagSeconds,
		Failures: st.Failures, NextAt: st.NextAt, Taken: st.Taken, Error: st.Error, Todo: st.Todo}
	switch {
	case st.Apart:
		h.State = StateNotConnected
	case st.Failures > 0:
		h.State = StateFailing
	case st.LastSuccess.IsZero():
		h.State = StateWaiting
	}
	return h, nil
}

func loadState(ctx context.Context, records webcare.Records, brand, channel string, now time.Time) (webcare.Record, State, error) {
	rec, err := records.Get(ctx, stateKind, brand+"/"+channel, now)
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		return rec, State{}, err
	}
	rec.Kind, rec.Key = stateKind, brand+"/"+channel
	var st State
	if len(rec.Body) > 0 {
		if err := json.Unmarshal(rec.Body, &st); err != nil {
			return rec, State{}, err
		}
	}
	return rec, st, nil
}

// Note records that a channel which calls us delivered items, or what was
// wrong with a delivery. Two that note at once may lose one count, no more.
func Note(ctx context.Context, records webcare.Records, brand, channel string, taken []webcare.Message, failure error, now time.Time) error {
	return change(ctx, records, brand, channel, now, func(st *State) {
		if failure != nil {
			st.Failures++
			st.fail(failure, now)
		} else {
			st.Failures, st.Error, st.Todo, st.LastSuccess = 0, "", "", now
		}
		for _, m := range taken {
			st.Seen++
			st.count(m, now)
		}
	})
}

// Connected records that a channel is connected, and whether this program
// posts there: for processes that do not have its secrets.
func Connected(ctx context.Context, records webcare.Records, brand, channel string, posts bool, now time.Time) error {
	return change(ctx, records, brand, channel, now, func(st *State) {
		if st.Apart {
			st.Error, st.Todo = "", ""
		}
		st.Posts, st.Apart = posts, false
	})
}

// NotConnected records that a channel is not, and what it takes.
func NotConnected(ctx context.Context, records webcare.Records, h Health, now time.Time) error {
	return change(ctx, records, h.Brand, h.Channel, now, func(st *State) {
		st.Posts, st.Apart, st.Error, st.Todo = false, true, h.Error, h.Todo
	})
}

// change saves a changed state; one that is the same is not saved.
func change(ctx context.Context, records webcare.Records, brand, channel string, now time.Time, to func(*State)) error {
	for range 5 {
		rec, st, err := loadState(ctx, records, brand, channel, now)
		if err != nil {
			return err
		}
		to(&st)
		body, err := json.Marshal(st)
		if err != nil || bytes.Equal(body, rec.Body) {
			return err
		}
		rec.Body = body
		if err := records.Put(ctx, rec, now); !errors.Is(err, webcare.ErrConflict) {
			return err
		}
	}
	return nil
}

// Posts reports whether this program posts on a channel, as whoever has its
// secrets has recorded.
func Posts(ctx context.Context, records webcare.Records, brand, channel string, now time.Time) (bool, error) {
	_, st, err := loadState(ctx, records, brand, channel, now)
	return st.Posts && !st.Apart, err
}

// HealthOfAll is what was recorded of the channels of brands, in the order of
// brand and name. Of what nobody recorded, a person reads and posts there;
// mail that nobody polls is left out.
func HealthOfAll(ctx context.Context, records webcare.Records, brands *brand.Set, now time.Time) (out []Health, err error) {
	defer webcare.Wrap(&err, "HealthOfAll")
	for _, id := range brands.IDs() {
		b, err := brands.Get(id)
		if err != nil {
			return nil, err
		}
		for _, c := range b.Channels {
			_, err := records.Get(ctx, stateKind, id+"/"+c.Name, now)
			if errors.Is(err, webcare.ErrNotFound) {
				if c.Kind != "email" && c.Kind != "mail" && c.Kind != "inbox" {
					out = append(out, Health{Brand: id, Channel: c.Name, State: StateByHand})
				}
				continue
			}
			h, err := HealthOf(ctx, records, id, c.Name, now)
			if err != nil {
				return nil, err
			}
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b Health) int { return cmp.Or(cmp.Compare(a.Brand, b.Brand), cmp.Compare(a.Channel, b.Channel)) })
	return out, nil
}
