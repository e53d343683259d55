package porttest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

func runTasks(t *testing.T, open Open) {
	at := Start.Add(time.Hour)
	lease := func(t *testing.T, p webcare.Ports, now time.Time) []webcare.Task {
		t.Helper()
		ts, err := p.Tasks.Lease(t.Context(), webcare.StageTriage, 10, now, now.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	opened := func(t *testing.T) (Opened, webcare.Task) {
		t.Helper()
		o := open(t)
		commit(t, store(o), receive(t, 1, "a"))
		ts := lease(t, o.Ports, at)
		if len(ts) != 1 || ts[0].Attempt != 1 || ts[0].CaseID != caseID(1) {
			t.Fatalf("leased %+v", ts)
		}
		return o, ts[0]
	}
	t.Run("survives a crash right after the save", func(t *testing.T) {
		o := open(t)
		commit(t, store(o), receive(t, 1, "a"))
		if ts := lease(t, o.Crash(t), at); len(ts) != 1 {
			t.Fatalf("leased %v", ts)
		}
	})
	t.Run("not due is not leased", func(t *testing.T) {
		o := open(t)
		commit(t, store(o), receive(t, 1, "a"))
		if ts := lease(t, o.Ports, Start.Add(-time.Hour)); len(ts) != 0 {
			t.Fatalf("leased %v", ts)
		}
	})
	t.Run("leased is not leased again before the lease ends", func(t *testing.T) {
		o, _ := opened(t)
		if ts := lease(t, o.Ports, at.Add(30*time.Second)); len(ts) != 0 {
			t.Fatalf("leased %v", ts)
		}
		if ts := lease(t, o.Ports, at.Add(61*time.Second)); len(ts) != 1 || ts[0].Attempt != 2 {
			t.Fatalf("after the lease: %v", ts)
		}
	})
	t.Run("taken by id", func(t *testing.T) {
		o, task := opened(t)
		if _, err := o.Tasks.Take(t.Context(), task.ID, at, at.Add(time.Minute)); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("leased by another: %v", err)
		}
		got, err := o.Tasks.Take(t.Context(), task.ID, at.Add(2*time.Minute), at.Add(3*time.Minute))
		if err != nil || got.Attempt != 2 {
			t.Fatalf("got %+v, %v", got, err)
		}
		if _, err := o.Tasks.Take(t.Context(), "none", at, at); !errors.Is(err, webcare.ErrNotFound) {
			t.Fatalf("missing: %v", err)
		}
	})
	t.Run("failed comes back after its backoff", func(t *testing.T) {
		o, task := opened(t)
		if err := o.Tasks.Fail(t.Context(), task, "store is away", at.Add(10*time.Second), false); err != nil {
			t.Fatal(err)
		}
		if ts := lease(t, o.Ports, at.Add(9*time.Second)); len(ts) != 0 {
			t.Fatalf("too early: %v", ts)
		}
		if ts := lease(t, o.Ports, at.Add(10*time.Second)); len(ts) != 1 || ts[0].Attempt != 2 || ts[0].LastError != "store is away" {
			t.Fatalf("got %+v", ts)
		}
	})
	t.Run("an old attempt cannot fail a newer one", func(t *testing.T) {
		o, old := opened(t)
		newer := lease(t, o.Ports, at.Add(2*time.Minute))
		if err := o.Tasks.Fail(t.Context(), old, "late", at, true); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Tasks.Take(t.Context(), newer[0].ID, at.Add(150*time.Second), at.Add(time.Hour)); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("the newer lease: %v", err)
		}
	})
	t.Run("poison is dead-lettered and replayable", func(t *testing.T) {
		o, task := opened(t)
		if err := o.Tasks.Fail(t.Context(), task, "poison", at, true); err != nil {
			t.Fatal(err)
		}
		if ts := lease(t, o.Ports, at.Add(time.Hour)); len(ts) != 0 {
			t.Fatalf("leased a dead letter: %v", ts)
		}
		dead, _, err := o.DeadLetters.Dead(t.Context(), "", 10)
		if err != nil || len(dead) != 1 || dead[0].LastError != "poison" || !dead[0].Dead {
			t.Fatalf("dead %+v, %v", dead, err)
		}
		if err := o.DeadLetters.Replay(t.Context(), task.ID, at.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if ts := lease(t, o.Ports, at.Add(time.Hour)); len(ts) != 1 || ts[0].Attempt != 1 {
			t.Fatalf("after replay %+v", ts)
		}
		if err := o.DeadLetters.Replay(t.Context(), task.ID, at); !errors.Is(err, webcare.ErrNotFound) {
			t.Fatalf("replay of a living task: %v", err)
		}
	})
	t.Run("put without a case, once", func(t *testing.T) {
		o := open(t)
		task := webcare.Task{ID: "hook/1", Stage: webcare.StageTriage, CaseID: caseID(7), RunAt: at, Data: map[string]string{"event": "e/1"}}
		put := func() {
			t.Helper()
			if err := o.Tasks.Put(t.Context(), task); err != nil {
				t.Fatal(err)
			}
		}
		put()
		if ts := lease(t, o.Crash(t), at.Add(-time.Second)); len(ts) != 0 {
			t.Fatalf("too early: %v", ts)
		}
		ts := lease(t, o.Ports, at)
		if len(ts) != 1 || ts[0].ID != task.ID || ts[0].Attempt != 1 || ts[0].CaseID != task.CaseID || ts[0].Data["event"] != "e/1" {
			t.Fatalf("leased %+v", ts)
		}
		put() // again, while it is leased
		if again := lease(t, o.Ports, at); len(again) != 0 {
			t.Fatalf("putting it again ended the lease: %+v", again)
		}
		if err := o.Tasks.Fail(t.Context(), ts[0], "dead", at, true); err != nil {
			t.Fatal(err)
		}
		put() // again, while it is dead
		if again := lease(t, o.Ports, at.Add(time.Hour)); len(again) != 0 {
			t.Fatalf("putting it again woke the dead: %+v", again)
		}
	})
	t.Run("finished in the save, a duplicate delivery changes nothing", func(t *testing.T) {
		o, task := opened(t)
		s := store(o)
		for i, want := range []error{nil, webcare.ErrNotFound} {
			c := load(t, s, caseID(1))
			ch := webcare.Begin(c, at, machine)
			if err := ch.AddNote("handled"); err != nil {
				t.Fatal(err)
			}
			ch.Finishes(task.ID)
			if _, err := s.Commit(t.Context(), ch); !errors.Is(err, want) {
				t.Fatalf("delivery %d: %v", i, err)
			}
		}
		if c := load(t, s, caseID(1)); len(c.Notes) != 1 {
			t.Fatalf("%d notes", len(c.Notes))
		}
		if err := o.Tasks.Finish(t.Context(), task.ID); err != nil {
			t.Fatalf("finishing a gone task: %v", err)
		}
	})
}

func runRecords(t *testing.T, open Open) {
	now := Start
	put := func(p webcare.Ports, key, body string, version int64, expires time.Time) error {
		return p.Records.Put(t.Context(), webcare.Record{Kind: "edit", Key: key, Version: version, Body: []byte(body), Expires: expires}, now)
	}
	t.Run("versions", func(t *testing.T) {
		o := open(t)
		for i, want := range []error{nil, webcare.ErrConflict} {
			if err := put(o.Ports, "a", "1", 0, time.Time{}); !errors.Is(err, want) {
				t.Fatalf("put %d: %v", i, err)
			}
		}
		if err := put(o.Ports, "a", "2", 1, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := put(o.Ports, "a", "3", 1, time.Time{}); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("stale: %v", err)
		}
		if err := put(o.Ports, "none", "3", 4, time.Time{}); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("missing: %v", err)
		}
		r, err := o.Records.Get(t.Context(), "edit", "a", now)
		if err != nil || string(r.Body) != "2" || r.Version != 2 {
			t.Fatalf("got %+v, %v", r, err)
		}
	})
	t.Run("expired is gone and may be taken", func(t *testing.T) {
		o := open(t)
		if err := put(o.Ports, "lease", "iris", 0, now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		later := now.Add(time.Minute)
		if _, err := o.Records.Get(t.Context(), "edit", "lease", later); !errors.Is(err, webcare.ErrNotFound) {
			t.Fatalf("got %v", err)
		}
		err := o.Records.Put(t.Context(), webcare.Record{Kind: "edit", Key: "lease", Body: []byte("tom")}, later)
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("scan and remove", func(t *testing.T) {
		o := open(t)
		for i := range 25 {
			if err := put(o.Ports, fmt.Sprintf("case1/%02d", i), "x", 0, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := put(o.Ports, "case2/00", "y", 0, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := o.Records.Remove(t.Context(), "edit", "case1/03"); err != nil {
			t.Fatal(err)
		}
		var keys []string
		for cursor := ""; ; {
			rs, next, err := o.Records.Scan(t.Context(), "edit", "case1/", cursor, 10, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rs {
				keys = append(keys, r.Key)
			}
			if cursor = next; next == "" {
				break
			}
		}
		if len(keys) != 24 || keys[3] != "case1/04" {
			t.Fatalf("keys %v", keys)
		}
	})
}

func runBlobs(t *testing.T, open Open) {
	o := open(t)
	data := bytes.Repeat([]byte{0, 1, 0xff, 'a'}, 700_000)
	for i, put := range []struct {
		data []byte
		want error
	}{{data, nil}, {data, nil}, {[]byte("other"), webcare.ErrConflict}} {
		if err := o.Blobs.Put(t.Context(), "case1/raw", put.data); !errors.Is(err, put.want) {
			t.Fatalf("put %d: %v", i, err)
		}
	}
	if err := o.Blobs.Put(t.Context(), "case2/raw", nil); err != nil {
		t.Fatal(err)
	}
	got, err := o.Blobs.Get(t.Context(), "case1/raw")
	if err != nil || !bytes.Equal(got, data) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	names, _, err := o.Blobs.List(t.Context(), "case1/", "", 10)
	if err != nil || len(names) != 1 {
		t.Fatalf("names %v, %v", names, err)
	}
	if err := o.Blobs.Delete(t.Context(), "case1/raw"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Blobs.Get(t.Context(), "case1/raw"); !errors.Is(err, webcare.ErrNotFound) {
		t.Fatalf("deleted: %v", err)
	}
}

func runSearch(t *testing.T, open Open) {
	o := open(t)
	docs := map[webcare.CaseID]map[string]int{
		"case1": {"refund": 3, "laptop": 1}, "case2": {"refund": 1, "bike": 2}, "case3": {"bike": 1},
	}
	for id, terms := range docs {
		if err := o.Search.Index(t.Context(), webcare.Document{Brand: "b", Set: "case", Case: id, Terms: terms, Size: 10}); err != nil {
			t.Fatal(err)
		}
	}
	find := func(terms ...string) []webcare.Ranked {
		t.Helper()
		p, err := o.Search.Postings(t.Context(), "b", "case", terms, 100)
		if err != nil {
			t.Fatal(err)
		}
		return webcare.Rank(p, terms, true, 10)
	}
	if got := find("refund"); len(got) != 2 || got[0].Case != "case1" {
		t.Fatalf("refund: %v", got)
	}
	if got := find("refund", "bike"); len(got) != 1 || got[0].Case != "case2" {
		t.Fatalf("both: %v", got)
	}
	if err := o.Search.Index(t.Context(), webcare.Document{Brand: "b", Set: "case", Case: "case1", Terms: map[string]int{"boat": 1}, Size: 1}); err != nil {
		t.Fatal(err)
	}
	if err := o.Search.Forget(t.Context(), "b", "case", "case2"); err != nil {
		t.Fatal(err)
	}
	if got := find("refund"); len(got) != 0 {
		t.Fatalf("after replacing and forgetting: %v", got)
	}
	p, err := o.Search.Postings(t.Context(), "elsewhere", "case", []string{"bike"}, 10)
	if err != nil || len(p) != 0 {
		t.Fatalf("another brand: %v, %v", p, err)
	}
}

func runTallies(t *testing.T, open Open) {
	o := open(t)
	want := map[string]int64{}
	var events []string
	for i := range 30 {
		id := fmt.Sprintf("case%d/%d", i/3, i)
		d := []webcare.Delta{{Brand: "b", Metric: fmt.Sprintf("friction/f%d", i%4), Hour: Start.Add(time.Duration(i) * 10 * time.Minute), N: 1},
			{Brand: "b", Metric: "case", Hour: Start.Add(time.Duration(i) * 10 * time.Minute), N: int64(i%2)*2 - 1}}
		for range 1 + i%3 { // deliveries of the same event
			if err := o.Tallies.Add(t.Context(), id, d); err != nil {
				t.Fatal(err)
			}
		}
		events = append(events, id)
		for _, x := range d {
			want[x.Metric] += x.N
		}
	}
	got := map[string]int64{}
	sums, err := o.Tallies.Sum(t.Context(), "b", "", Start, Start.Add(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sums {
		got[s.Metric] += s.N
	}
	for m, n := range want {
		if got[m] != n {
			t.Errorf("%s is %d, %d events say %d", m, got[m], len(events), n)
		}
	}
	hour, err := o.Tallies.Sum(t.Context(), "b", "friction/", Start, Start.Add(time.Hour))
	if err != nil || len(hour) == 0 {
		t.Fatalf("an hour: %v, %v", hour, err)
	}
	for _, s := range hour {
		if s.Hour != Start || s.Metric == "case" {
			t.Errorf("out of range: %+v", s)
		}
	}
}

func runEvents(t *testing.T, open Open) {
	o := open(t)
	s := store(o)
	const n = 23
	for i := range n {
		commit(t, s, receive(t, i, "a"))
	}
	ch := webcare.Begin(load(t, s, caseID(3)), Start, webcare.Actor{ID: "p", Person: true})
	if err := ch.Ignore("test"); err != nil {
		t.Fatal(err)
	}
	commit(t, s, ch)
	lastSeq, seen := map[webcare.CaseID]int64{}, map[string]bool{}
	cursor := ""
	for {
		es, next, err := o.Events.After(t.Context(), cursor, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			if seen[e.ID] || e.Seq <= lastSeq[e.CaseID] {
				t.Fatalf("event %s again or out of order", e.ID)
			}
			seen[e.ID], lastSeq[e.CaseID] = true, e.Seq
		}
		if len(es) == 0 {
			break
		}
		cursor = next
	}
	if len(seen) != n+1 {
		t.Fatalf("%d events", len(seen))
	}
}
