package aws_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// What a step costs does not depend on how many cases there are. Units are as
// DynamoDB Local counts them, tables and indexes together. The table is filled
// to 500 cases and then to WEBCARE_TEST_CASES, 1,500 if that is not set.
func TestUnitsStayFlat(t *testing.T) {
	cfg := config(t)
	open(t, cfg)
	w := &wire{}
	s := aws.Open(w.over(cfg))
	many := 1500
	if n, err := strconv.Atoi(os.Getenv("WEBCARE_TEST_CASES")); err == nil {
		many = n
	}
	filled := 0
	var before map[string][2]float64
	for _, n := range []int{500, many} {
		fill(t, s, filled, n)
		filled = n + 10
		now := w.measure(t, s, n)
		for step, u := range now {
			t.Logf("%7d cases  %-8s %6.1f write units  %6.1f read units", n, step, u[0], u[1])
			if old, ok := before[step]; ok && (u[0] > 1.3*old[0]+2 || u[1] > 1.3*old[1]+2) {
				t.Errorf("%s costs %v at %d cases, %v at 500", step, u, n, old)
			}
		}
		before = now
	}
}

// fill stores cases as an intake does, many at once.
func fill(t *testing.T, s *aws.Store, from, to int) {
	t.Helper()
	slots := make(chan struct{}, 2) // DynamoDB Local slows down under more transactions at once
	for i := from; i < to; i++ {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			saveNew(t, s, i)
		}()
	}
	for range cap(slots) {
		slots <- struct{}{}
	}
}

func saveNew(t *testing.T, s *aws.Store, n int) webcare.CaseID {
	id := webcare.CaseID(fmt.Sprintf("case%06d", n))
	at := porttest.Start.Add(time.Duration(n) * time.Second)
	ch := webcare.Begin(webcare.NewCase(id, "b", "email"), at, webcare.Machine("receive"))
	ext := fmt.Sprint("ext-", n)
	err := ch.Receive(webcare.Message{ID: webcare.MessageID(ext), Key: webcare.Key{Channel: "email", ExternalID: ext}, Brand: "b", Thread: ext,
		Author: webcare.Author{Name: "Sanne de Vries", Address: "sanne@example.com"}, Subject: "Over bestelling 4815162342", PostedAt: at, ReceivedAt: at,
		Visibility: webcare.Private, Text: "Hallo, mijn pakket zou dinsdag komen, maar het is nog steeds niet bezorgd. Ik heb twee keer gebeld en niemand belt terug."})
	if err != nil {
		t.Error(err)
	}
	if _, err := (&webcare.Store{Ports: s.Ports()}).Commit(t.Context(), ch); err != nil {
		t.Error(err)
	}
	return id
}

// measure returns write and read units of single steps.
func (w *wire) measure(t *testing.T, s *aws.Store, n int) map[string][2]float64 {
	out := map[string][2]float64{}
	step := func(name string, do func() error) {
		t.Helper()
		w.reset()
		if err := do(); err != nil {
			t.Fatal(name, err)
		}
		out[name] = [2]float64{w.writes, w.reads}
	}
	store := webcare.Store{Ports: s.Ports()}
	var id webcare.CaseID
	step("save", func() error { id = saveNew(t, s, n+1); return nil })
	step("load", func() error { _, err := store.Load(t.Context(), id); return err })
	q := webcare.Query{Brands: []string{"b"}, Statuses: []webcare.Status{webcare.StatusReceived}, Limit: 50}
	step("list", func() error { _, err := s.List(t.Context(), q); return err })
	step("count", func() error { _, err := s.Count(t.Context(), q, 300); return err })
	now := porttest.Start.Add(1000 * time.Hour)
	step("lease", func() error {
		_, err := s.Lease(t.Context(), webcare.StageTriage, 10, now, now.Add(time.Minute))
		return err
	})
	return out
}
