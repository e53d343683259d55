package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// up runs a stack until the test ends.
func up(t *testing.T, change func(*stack)) *stack {
	t.Helper()
	dynamodb, moto := os.Getenv("WEBCARE_TEST_DYNAMODB"), os.Getenv("WEBCARE_TEST_S3")
	if dynamodb == "" || moto == "" {
		t.Skip(`needs emulator: eval "$(infra/emulators start)" starts DynamoDB Local and S3 on this machine`)
	}
	ctx, stop := context.WithCancel(context.Background())
	log := &testLog{}
	t.Cleanup(func() {
		if t.Failed() {
			log.mu.Lock()
			defer log.mu.Unlock()
			t.Log(log.text.String())
		}
	})
	s, err := newStack(ctx, dynamodb, moto, t.TempDir(), log)
	if err != nil {
		stop()
		t.Fatal(err)
	}
	change(s)
	var wg sync.WaitGroup
	wg.Go(func() { s.run(ctx) })
	t.Cleanup(func() { stop(); wg.Wait() })
	return s
}

// testLog keeps what the functions print, for a test that fails.
type testLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *testLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range bytes.Lines(b) {
		if !bytes.Contains(line, []byte(`"_aws"`)) { // metrics
			l.text.Write(line)
		}
	}
	return len(b), nil
}

func mailText(n int, tag string) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf(`From: Sanne de Vries <sanne%d@example.com>
To: klantenservice@voorbeeld.nl
Subject: Pakket niet bezorgd
Message-ID: <%s-%d@example.com>
Date: %s
Content-Type: text/plain; charset=utf-8

Hallo, mijn pakket met bestelnummer 4815162%d zou dinsdag komen, maar het is
nog steeds niet bezorgd. Ik heb twee keer gebeld en niemand belt terug. Wanneer
krijg ik het?
`, n, tag, n, time.Now().Format(time.RFC1123Z), n), "\n", "\r\n"))
}

// await asks until it gets an answer.
func await[T any](t *testing.T, what string, ask func() (T, bool)) T {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if v, ok := ask(); ok {
			return v
		}
	}
	t.Fatalf("waited in vain for %s", what)
	panic("unreachable")
}

func (s *stack) heads(t *testing.T, st webcare.Status) []webcare.Head {
	t.Helper()
	p, err := s.store.List(t.Context(), webcare.Query{Brands: []string{brand.Sample().ID}, Statuses: []webcare.Status{st}, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return p.Heads
}

// approve is what a person does with a case in review.
func (s *stack) approve(t *testing.T, h webcare.Head) {
	t.Helper()
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	store := webcare.Store{Ports: s.store.Ports()}
	desk := &review.Desk{Store: store, Brands: brands, Resolve: draft.Resolver(draft.Playbook{}), Now: time.Now, Undo: time.Second,
		Assisted: func(string, string) bool { return false }}
	c, err := store.Load(t.Context(), h.ID)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := c.CurrentDraft()
	a := review.Approval{Version: h.Version, Hash: h.DraftHash}
	for _, f := range d.Findings {
		a.Overrides = append(a.Overrides, f.Rule)
	}
	if d.Resolution != nil {
		a.Ticked = d.Resolution.Checks
	}
	who := webcare.Actor{ID: "noor", Name: "Noor", Person: true, Authority: webcare.Lead}
	if _, err := desk.Approve(t.Context(), h.ID, who, a); err != nil {
		t.Fatalf("approving %s: %v", h.ID, err)
	}
}

// sent are the mails that SES was given, by recipient.
func (s *stack) sent(t *testing.T, tag string) int {
	t.Helper()
	res, err := http.Get(s.moto + "/moto-api/data.json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var data map[string]json.RawMessage
	if err := json.NewDecoder(res.Body).Decode(&data); err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(data["ses"])+string(data["sesv2"]), "In-Reply-To: <"+tag)
}

func TestMailInReplyOut(t *testing.T) {
	for name, change := range map[string]func(*stack){"once": func(*stack) {}, "twice": func(s *stack) { s.twice = true }} {
		t.Run(name, func(t *testing.T) {
			const n = 3
			s := up(t, change)
			tag := strings.ToLower(rand.Text())
			for i := range n {
				if err := s.put(t.Context(), fmt.Sprint("mail-", i), mailText(i, tag)); err != nil {
					t.Fatal(err)
				}
			}
			waiting := await(t, "drafts", func() ([]webcare.Head, bool) {
				h := s.heads(t, webcare.StatusInReview)
				return h, len(h) == n
			})
			for _, h := range waiting {
				s.approve(t, h)
			}
			await(t, "answers", func() (int, bool) {
				k := len(s.heads(t, webcare.StatusAnswered)) + len(s.heads(t, webcare.StatusWaiting))
				return k, k == n
			})
			if k := s.sent(t, tag); k != n {
				t.Errorf("SES was given %d mails for %d cases", k, n)
			}
			await(t, "tallies", func() (int64, bool) { k := s.tally(t, "event/reply.published"); return k, k == n })
			if k := s.tally(t, "event/case.received"); k != n {
				t.Errorf("%d cases tallied as received", k)
			}
		})
	}
}

func (s *stack) tally(t *testing.T, metric string) (n int64) {
	t.Helper()
	sums, err := s.store.Sum(t.Context(), brand.Sample().ID, metric, time.Now().Add(-2*time.Hour), time.Now().Add(2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range sums {
		n += x.N
	}
	return n
}
