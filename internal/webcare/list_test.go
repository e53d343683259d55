package webcare_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestQueueOrder: heads in the order in which people should take them.
func TestQueueOrder(t *testing.T) {
	due := func(h int) time.Time { return porttest.Start.Add(time.Duration(h) * time.Hour) }
	open := []webcare.Head{
		{ID: "critical, due late", Urgency: webcare.Critical, DueAt: due(90)},
		{ID: "high", Urgency: webcare.High, DueAt: due(2)},
		{ID: "high, later", Urgency: webcare.High, DueAt: due(3)},
		{ID: "normal, a", Urgency: webcare.Normal, DueAt: due(1)},
		{ID: "normal, b", Urgency: webcare.Normal, DueAt: due(1)},
		{ID: "not triaged, overdue by nothing", ReceivedAt: due(-5)},
		{ID: "no clock", Urgency: webcare.Normal, ReceivedAt: due(1)},
		{ID: "low", Urgency: webcare.Low, DueAt: due(0)},
	}
	ended := []webcare.Head{
		{ID: "just now", Status: webcare.StatusAnswered, UpdatedAt: due(9), Urgency: webcare.Low},
		{ID: "earlier", Status: webcare.StatusClosed, UpdatedAt: due(8), Urgency: webcare.Critical},
		{ID: "yesterday", Status: webcare.StatusIgnored, UpdatedAt: due(-20)},
	}
	for i := range open {
		open[i].Status = webcare.StatusInReview
	}
	want := append(open, ended...)
	got := slices.Clone(want)
	slices.Reverse(got)
	webcare.SortHeads(got)
	for i := range want {
		if got[i].ID != want[i].ID {
			t.Fatalf("place %d is %q, want %q", i+1, got[i].ID, want[i].ID)
		}
	}
}

// TestMergePages: whatever lies in the partitions, whatever the page size and
// the filter, every match is seen once, in order, and the pages end.
func TestMergePages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		statuses := []webcare.Status{webcare.StatusReceived, webcare.StatusInReview, webcare.StatusAnswered}
		parts := map[webcare.Partition][]webcare.Head{}
		total := 0
		for _, b := range []string{"a", "b"} {
			for _, s := range statuses {
				var heads []webcare.Head
				for range rapid.IntRange(0, 80).Draw(t, "heads") {
					total++
					heads = append(heads, webcare.Head{ID: webcare.CaseID(fmt.Sprintf("%04d", total)), Brand: b, Status: s, UpdatedAt: porttest.Start,
						DueAt: porttest.Start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "due")) * time.Hour)})
				}
				webcare.SortHeads(heads)
				parts[webcare.Partition{Brand: b, Status: s}] = heads
			}
		}
		fetch := func(_ context.Context, p webcare.Partition, after string, limit int) ([]webcare.Head, error) {
			var out []webcare.Head
			for _, h := range parts[p] {
				if h.QueueKey() > after && len(out) < limit {
					out = append(out, h)
				}
			}
			return out, nil
		}
		every := rapid.SampledFrom([]int{0, 1, 7, 1000}).Draw(t, "filter")
		q := webcare.Query{Brands: []string{"a", "b"}, Statuses: statuses, Limit: rapid.IntRange(1, 60).Draw(t, "limit")}
		want := total
		if every > 0 {
			q.Match = func(h webcare.Head) bool { var n int; _, _ = fmt.Sscanf(string(h.ID), "%d", &n); return n%every == 0 }
			want = total / every
		}
		var all []webcare.Head
		for pages := 0; ; pages++ {
			p, err := webcare.MergePages(context.Background(), q, fetch)
			if err != nil || len(p.Heads) > q.Limit || pages > total+1 {
				t.Fatalf("page %d of %d heads, %v", pages, len(p.Heads), err)
			}
			all = append(all, p.Heads...)
			if q.Cursor = p.Next; p.Next == "" {
				break
			}
		}
		sorted := slices.IsSortedFunc(all, func(a, b webcare.Head) int {
			if a.QueueKey() < b.QueueKey() {
				return -1
			}
			return 1
		})
		if len(all) != want || !sorted {
			t.Fatalf("%d heads, want %d; in order %v", len(all), want, sorted)
		}
	})
}

// TestExamined: a filter that nothing passes costs no more than it may.
func TestExamined(t *testing.T) {
	asked := 0
	fetch := func(_ context.Context, _ webcare.Partition, after string, limit int) ([]webcare.Head, error) {
		var out []webcare.Head
		for len(out) < limit {
			asked++
			out = append(out, webcare.Head{ID: webcare.CaseID(fmt.Sprintf("%09d", asked)), Status: webcare.StatusReceived})
		}
		return out, nil
	}
	q := webcare.Query{Brands: []string{"b"}, Statuses: []webcare.Status{webcare.StatusReceived}, Limit: 10, Match: func(webcare.Head) bool { return false }}
	p, err := webcare.MergePages(t.Context(), q, fetch)
	if err != nil || p.Next == "" || len(p.Heads) != 0 || asked > webcare.MaxExamined+webcare.MaxPage {
		t.Fatalf("%d heads asked for, %+v, %v", asked, p, err)
	}
}

func TestQueriesRefused(t *testing.T) {
	good := webcare.Query{Brands: []string{"b"}, Statuses: []webcare.Status{webcare.StatusReceived}, Limit: 1}
	for name, spoil := range map[string]func(*webcare.Query){
		"no brand": func(q *webcare.Query) { q.Brands = nil }, "no status": func(q *webcare.Query) { q.Statuses = nil },
		"no limit": func(q *webcare.Query) { q.Limit = 0 }, "too much": func(q *webcare.Query) { q.Limit = webcare.MaxPage + 1 },
	} {
		q := good
		spoil(&q)
		if err := q.Check(); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
}

func TestRank(t *testing.T) {
	p := func(id webcare.CaseID, term string, count, size int) webcare.Posting {
		return webcare.Posting{Case: id, Term: term, Count: count, Size: size}
	}
	for _, tc := range []struct {
		name     string
		postings []webcare.Posting
		terms    []string
		all      bool
		limit    int
		want     []webcare.CaseID
	}{
		{"nothing", nil, []string{"a"}, false, 10, nil},
		{"more often is better", []webcare.Posting{p("1", "a", 1, 10), p("2", "a", 5, 10)}, []string{"a"}, false, 10, []webcare.CaseID{"2", "1"}},
		{"shorter is better", []webcare.Posting{p("1", "a", 1, 100), p("2", "a", 1, 10)}, []string{"a"}, false, 10, []webcare.CaseID{"2", "1"}},
		{"a tie goes to the newer", []webcare.Posting{p("1", "a", 1, 10), p("2", "a", 1, 10)}, []string{"a"}, false, 10, []webcare.CaseID{"2", "1"}},
		{"rare is better", []webcare.Posting{p("1", "a", 1, 10), p("2", "a", 1, 10), p("3", "b", 1, 10)}, []string{"a", "b"}, false, 10, []webcare.CaseID{"3", "2", "1"}},
		{"all terms", []webcare.Posting{p("1", "a", 9, 10), p("2", "a", 1, 10), p("2", "b", 1, 10)}, []string{"a", "b", "a"}, true, 10, []webcare.CaseID{"2"}},
		{"a limit", []webcare.Posting{p("1", "a", 1, 10), p("2", "a", 5, 10)}, []string{"a"}, false, 1, []webcare.CaseID{"2"}},
		{"sizes of nothing", []webcare.Posting{p("1", "a", 1, 0)}, []string{"a"}, false, 10, []webcare.CaseID{"1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []webcare.CaseID
			for _, r := range webcare.Rank(tc.postings, tc.terms, tc.all, tc.limit) {
				got = append(got, r.Case)
				if r.Score <= 0 {
					t.Errorf("%s scores %f", r.Case, r.Score)
				}
			}
			if !slices.Equal(got, tc.want) {
				t.Fatalf("got %v, want %v", got, tc.want)
			}
		})
	}
}
