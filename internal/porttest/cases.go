package porttest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

func runCases(t *testing.T, open Open) {
	t.Run("saved is loaded", func(t *testing.T) {
		s := store(open(t))
		h := commit(t, s, receive(t, 1, scripts))
		c := load(t, s, caseID(1))
		if c.Head.Version != 1 || h.Version != 1 || len(c.Messages) != 1 || c.Messages[0].Value.Text != scripts {
			t.Fatalf("version %d, messages %+v", c.Head.Version, c.Messages)
		}
		if len(c.Events) != 1 || c.Events[0].Type != webcare.CaseReceived {
			t.Fatalf("events %v", c.Events)
		}
	})
	t.Run("missing is not found", func(t *testing.T) {
		s := store(open(t))
		if _, err := s.Load(t.Context(), "none"); !errors.Is(err, webcare.ErrNotFound) {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("create twice conflicts", func(t *testing.T) {
		s := store(open(t))
		commit(t, s, receive(t, 1, "a"))
		again := webcare.Begin(webcare.NewCase(caseID(1), "b", "mail"), Start, machine)
		if err := again.Receive(message(2, "b")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(t.Context(), again); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("stale version conflicts and leaves nothing behind", func(t *testing.T) {
		s := store(open(t))
		commit(t, s, receive(t, 1, "a"))
		c := load(t, s, caseID(1))
		for i, want := range []error{nil, webcare.ErrConflict} {
			ch := webcare.Begin(c, Start, webcare.Actor{ID: "p", Person: true})
			if err := ch.AddNote(fmt.Sprint("note ", i)); err != nil {
				t.Fatal(err)
			}
			ch.Claim(webcare.MailClaim(fmt.Sprint("note-", i)))
			if _, err := s.Commit(t.Context(), ch); !errors.Is(err, want) {
				t.Fatalf("commit %d: got %v, want %v", i, err, want)
			}
		}
		if c := load(t, s, caseID(1)); len(c.Notes) != 1 || c.Head.Version != 2 {
			t.Fatalf("%d notes, version %d", len(c.Notes), c.Head.Version)
		}
		if _, err := s.Cases.Claimed(t.Context(), webcare.MailClaim("note-1")); !errors.Is(err, webcare.ErrNotFound) {
			t.Fatalf("the claim of the refused save: %v", err)
		}
	})
	t.Run("a claim is held by one case", func(t *testing.T) {
		s := store(open(t))
		commit(t, s, receive(t, 1, "a"))
		other := receiveAs(t, caseID(2), 1, "the same message again")
		if _, err := s.Commit(t.Context(), other); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("got %v", err)
		}
		if _, err := s.Load(t.Context(), caseID(2)); !errors.Is(err, webcare.ErrNotFound) {
			t.Fatalf("the refused case: %v", err)
		}
		id, err := s.Cases.Claimed(t.Context(), webcare.MessageClaim("b", webcare.Key{Channel: "mail", ExternalID: "ext-1"}, 0))
		if err != nil || id != caseID(1) {
			t.Fatalf("claimed by %q, %v", id, err)
		}
		if again := load(t, s, caseID(1)); len(again.Messages) != 1 {
			t.Fatalf("%d messages", len(again.Messages))
		}
	})
	t.Run("a claim of the same case again is fine", func(t *testing.T) {
		s := store(open(t))
		commit(t, s, receive(t, 1, "a"))
		ch := webcare.Begin(load(t, s, caseID(1)), Start, machine)
		ch.Claim(webcare.ThreadClaim("b", "mail", "t-ext-1"))
		commit(t, s, ch)
	})
}

func runRaces(t *testing.T, open Open) {
	t.Run("one of many racing writers wins each version", func(t *testing.T) {
		o := open(t)
		s := store(o)
		commit(t, s, receive(t, 1, "a"))
		c := load(t, s, caseID(1))
		won := race(racers(o), func(i int) bool {
			ch := webcare.Begin(c, Start, webcare.Actor{ID: fmt.Sprint("p", i), Person: true})
			if err := ch.AddNote("mine"); err != nil {
				t.Error(err)
			}
			_, err := s.Commit(t.Context(), ch)
			if err != nil && !errors.Is(err, webcare.ErrConflict) {
				t.Errorf("writer %d: %v", i, err)
			}
			return err == nil
		})
		if c := load(t, s, caseID(1)); won != 1 || len(c.Notes) != 1 || c.Head.Version != 2 {
			t.Fatalf("%d won, %d notes, version %d", won, len(c.Notes), c.Head.Version)
		}
	})
	t.Run("one of many racing intakes opens the case", func(t *testing.T) {
		o := open(t)
		s := store(o)
		won := race(racers(o), func(i int) bool {
			_, err := s.Commit(t.Context(), receiveAs(t, caseID(100+i), 1, "same"))
			if err != nil && !errors.Is(err, webcare.ErrConflict) {
				t.Errorf("writer %d: %v", i, err)
			}
			return err == nil
		})
		if won != 1 {
			t.Fatalf("%d won", won)
		}
	})
	t.Run("one of many racing leases gets the task", func(t *testing.T) {
		o := open(t)
		s := store(o)
		commit(t, s, receive(t, 1, "a"))
		won := race(racers(o), func(i int) bool {
			ts, err := s.Tasks.Lease(t.Context(), webcare.StageTriage, 1, Start.Add(time.Minute), Start.Add(2*time.Minute))
			if err != nil {
				t.Error(err)
			}
			return len(ts) == 1
		})
		if won != 1 {
			t.Fatalf("%d won", won)
		}
	})
}

func racers(o Opened) int {
	if o.Racers > 0 {
		return o.Racers
	}
	return 40
}

// race runs f in n goroutines at once and counts those that answer true.
func race(n int, f func(i int) bool) int {
	var wg sync.WaitGroup
	won := make([]bool, n)
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-gate
			won[i] = f(i)
		})
	}
	close(gate)
	wg.Wait()
	count := 0
	for _, w := range won {
		if w {
			count++
		}
	}
	return count
}

func runLists(t *testing.T, open Open) {
	s := store(open(t))
	const n = 57
	for i := range n {
		ch := receive(t, i, "a")
		if i%3 == 0 {
			ch = assigned(t, s, ch, "iris")
		}
		commit(t, s, ch)
	}
	q := webcare.Query{Brands: []string{"b", "other"}, Statuses: []webcare.Status{webcare.StatusReceived, webcare.StatusInReview}, Limit: 10}
	t.Run("pages are complete, in order, and end", func(t *testing.T) {
		all := pages(t, s, q)
		if len(all) != n || !slices.IsSortedFunc(all, byQueue) || hasDuplicates(all) {
			t.Fatalf("%d heads, sorted %v", len(all), slices.IsSortedFunc(all, byQueue))
		}
	})
	t.Run("pages are stable while others are saved", func(t *testing.T) {
		first, err := s.Cases.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		commit(t, s, receive(t, 1000, "late"))
		rest := q
		rest.Cursor = first.Next
		all := append(first.Heads, pages(t, s, rest)...)
		if hasDuplicates(all) || len(all) != n+1 {
			t.Fatalf("%d heads", len(all))
		}
	})
	t.Run("by assignee", func(t *testing.T) {
		mine := q
		mine.Assignee = "iris"
		all := pages(t, s, mine)
		if len(all) != n/3 {
			t.Fatalf("%d heads", len(all))
		}
		if c, err := s.Cases.Count(t.Context(), mine, 1000); err != nil || c != n/3 {
			t.Fatalf("count %d, %v", c, err)
		}
	})
	t.Run("by a filter", func(t *testing.T) {
		odd := q
		odd.Limit = 3
		odd.Match = func(h webcare.Head) bool { return h.ID[len(h.ID)-1]%2 == 1 }
		if all := pages(t, s, odd); len(all) != n/2 {
			t.Fatalf("%d heads", len(all))
		}
	})
	t.Run("counts stop", func(t *testing.T) {
		if c, err := s.Cases.Count(t.Context(), q, 20); err != nil || c <= 20 || c > n+1 {
			t.Fatalf("count %d, %v", c, err)
		}
	})
	t.Run("a changed status moves the head", func(t *testing.T) {
		ch := webcare.Begin(load(t, s, caseID(2)), Start, webcare.Actor{ID: "p", Person: true})
		if err := ch.Ignore("dubbel"); err != nil {
			t.Fatal(err)
		}
		commit(t, s, ch)
		for _, h := range pages(t, s, q) {
			if h.ID == caseID(2) {
				t.Fatal("still listed as received")
			}
		}
		gone := webcare.Query{Brands: []string{"b"}, Statuses: []webcare.Status{webcare.StatusIgnored}, Limit: 10}
		if all := pages(t, s, gone); len(all) != 1 || all[0].ID != caseID(2) {
			t.Fatalf("ignored: %v", all)
		}
	})
}

// assigned commits ch and returns the step that gives its case to somebody.
func assigned(t *testing.T, s webcare.Store, ch *webcare.Change, to string) *webcare.Change {
	t.Helper()
	next := webcare.Begin(load(t, s, commit(t, s, ch).ID), Start, webcare.Actor{ID: "p", Person: true})
	if err := next.Assign(to); err != nil {
		t.Fatal(err)
	}
	return next
}

func byQueue(a, b webcare.Head) int {
	switch x, y := a.QueueKey(), b.QueueKey(); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func hasDuplicates(heads []webcare.Head) bool {
	seen := map[webcare.CaseID]bool{}
	for _, h := range heads {
		if seen[h.ID] {
			return true
		}
		seen[h.ID] = true
	}
	return false
}

func pages(t *testing.T, s webcare.Store, q webcare.Query) []webcare.Head {
	t.Helper()
	var all []webcare.Head
	for range 1000 {
		p, err := s.Cases.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Heads) > q.Limit {
			t.Fatalf("a page of %d heads, asked %d", len(p.Heads), q.Limit)
		}
		all = append(all, p.Heads...)
		if p.Next == "" {
			return all
		}
		q.Cursor = p.Next
	}
	t.Fatal("the pages do not end")
	return nil
}

func runSizes(t *testing.T, open Open) {
	t.Run("a body of 1 MB", func(t *testing.T) {
		s := store(open(t))
		text := long(1 << 20)
		commit(t, s, receive(t, 1, text))
		if c := load(t, s, caseID(1)); c.Messages[0].Value.Text != text {
			t.Fatal("the text came back different")
		}
	})
	t.Run("many messages in one case", func(t *testing.T) {
		o := open(t)
		n := o.Big
		if n == 0 {
			n = 1000
		}
		s := store(o)
		commit(t, s, receive(t, 0, "first"))
		c := load(t, s, caseID(0))
		for i := 1; i < n; i++ {
			ch := webcare.Begin(c, Start, machine)
			m := message(i, fmt.Sprint("message ", i))
			m.Thread = "t-ext-0"
			if err := ch.Receive(m); err != nil {
				t.Fatal(err)
			}
			c = &webcare.Case{Head: commit(t, s, ch)}
		}
		full := load(t, s, caseID(0))
		if len(full.Messages) != n {
			t.Fatalf("%d messages", len(full.Messages))
		}
		for i, e := range full.Messages {
			if i > 0 && e.Value.Text != fmt.Sprint("message ", i) {
				t.Fatalf("message %d is %q", i, e.Value.Text)
			}
		}
	})
}
