package aws_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// levels are the numbers of cases at which TestUnitsStayFlat measures.
var levels = flag.String("cases", "1000,3000", "numbers of cases at which units are measured, by comma; 1000,10000,100000 take minutes")

// TestUnitsStayFlat: what a step costs does not depend on how many cases there
// are. Units are as DynamoDB Local counts them, tables and indexes together:
//
//	go test ./internal/aws -run TestUnitsStayFlat -v -cases 1000,10000,100000
func TestUnitsStayFlat(t *testing.T) {
	cfg := config(t)
	plain := open(t, cfg)
	w := &wire{}
	s := aws.Open(w.over(cfg))
	filled := 0
	var before map[string][2]float64
	for text := range strings.SplitSeq(*levels, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, plain, filled, n)
		filled = n + 10
		now := w.measure(t, s, n)
		for _, step := range slices.Sorted(maps.Keys(now)) {
			u := now[step]
			t.Logf("%7d cases  %-8s %6.1f write units  %6.1f read units", n, step, u[0], u[1])
			if old, ok := before[step]; ok && (u[0] > 1.1*old[0]+1 || u[1] > 1.1*old[1]+1) {
				t.Errorf("%s costs %v at %d cases, %v before", step, u, n, old)
			}
		}
		before = now
	}
}

// fill stores cases as an intake does, but many in a call.
func fill(t *testing.T, s *aws.Store, from, to int) {
	t.Helper()
	kept := &keeping{}
	ports := s.Ports()
	ports.Cases = kept
	for i := from; i < to; i++ {
		commitNew(t, &webcare.Store{Ports: ports}, i)
		if len(kept.saves) == 500 || i == to-1 {
			if err := s.Fill(t.Context(), kept.saves); err != nil {
				t.Fatal(err)
			}
			kept.saves = nil
		}
	}
}

// keeping keeps saves instead of making them.
type keeping struct {
	webcare.Cases
	saves []webcare.Save
}

// Save implements webcare.Cases.
func (k *keeping) Save(_ context.Context, s webcare.Save) error {
	k.saves = append(k.saves, s)
	return nil
}

func commitNew(t *testing.T, s *webcare.Store, n int) webcare.CaseID {
	t.Helper()
	id := webcare.CaseID(fmt.Sprintf("case%06d", n))
	at := porttest.Start.Add(time.Duration(n) * time.Second)
	ch := webcare.Begin(webcare.NewCase(id, "b", "email"), at, webcare.Machine("receive"))
	ext := fmt.Sprint("ext-", n)
	err := ch.Receive(webcare.Message{ID: webcare.MessageID(ext), Key: webcare.Key{Channel: "email", ExternalID: ext}, Brand: "b", Thread: ext,
		Author: webcare.Author{Name: "Sanne de Vries", Address: "sanne@example.com"}, Subject: "Over bestelling 4815162342", PostedAt: at, ReceivedAt: at,
		Visibility: webcare.Private, Text: "Hallo, mijn pakket zou dinsdag komen, maar het is nog steeds niet bezorgd. Ik heb twee keer gebeld en niemand belt terug."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), ch); err != nil {
		t.Fatal(err)
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
	step("save", func() error { id = commitNew(t, &store, n+1); return nil })
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
