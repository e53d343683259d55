package insight_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestWatch: a burst is told of once, with what is usual; an ordinary hour is not.
func TestWatch(t *testing.T) {
	store := porttest.NewMemory().Store()
	now := time.Date(2026, 3, 2, 14, 40, 0, 0, time.UTC)
	n := 0
	arrive := func(at time.Time, f webcare.FrictionType) {
		t.Helper()
		n++
		e := webcare.Event{ID: fmt.Sprint(n), Type: webcare.CaseTriaged, Brand: "b", Channel: "x", At: at, New: labels(webcare.KindComplaint, f),
			Data: map[string]string{"fresh": "true"}}
		if err := store.Tallies.Add(t.Context(), e.ID, insight.Deltas(e)); err != nil {
			t.Fatal(err)
		}
	}
	for week := 1; week <= insight.BaselineWeeks; week++ {
		for m := range 12 {
			arrive(now.Add(-time.Duration(week)*7*24*time.Hour-time.Duration(m*10)*time.Minute), webcare.Late)
		}
	}
	for m := range 6 {
		arrive(now.Add(-time.Duration(m*10+1)*time.Minute), webcare.Late)
	}
	var told []webcare.Event
	broken := errors.New("nobody listens")
	w := insight.Watch{Store: store, Now: func() time.Time { return now }, Tell: func(_ context.Context, e webcare.Event) error {
		if broken != nil {
			return broken
		}
		told = append(told, e)
		return nil
	}}
	if got, err := w.Look(t.Context(), "b"); err != nil || len(got) != 0 {
		t.Fatalf("an ordinary hour: %v %v", got, err)
	}
	for m := range 15 {
		arrive(now.Add(-time.Duration(m+1)*time.Minute), webcare.Late)
	}
	if _, err := w.Look(t.Context(), "b"); !errors.Is(err, broken) {
		t.Fatalf("telling failed: %v", err)
	}
	broken = nil
	for range 3 {
		if _, err := w.Look(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	if len(told) != 1 || told[0].Type != webcare.SentimentSpike || told[0].Data["friction"] != "late" || told[0].Brand != "b" {
		t.Fatalf("told %+v", told)
	}
	shown, err := insight.Spikes(t.Context(), store.Records, "b", now)
	if err != nil || len(shown) != 1 || shown[0].Expected > 2 || shown[0].Mentions < 15 {
		t.Fatalf("%+v %v", shown, err)
	}
	for lang, word := range map[string]string{"nl": "gewoonlijk", "en": "usual"} {
		if text := shown[0].Text(lang, "te laat"); !strings.Contains(text, word) {
			t.Errorf("%s: %s", lang, text)
		}
	}
	if other, err := w.Look(t.Context(), "c"); err != nil || len(other) != 0 {
		t.Fatal(other, err)
	}
}
