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

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// up runs a stack until the test ends.
func up(t *testing.T, change func(*stack)) *stack {
	t.Helper()
	return prepare(t, change, true)
}

// prepare makes a stack, and feeds it until the test ends.
func prepare(t *testing.T, change func(*stack), feed bool) *stack {
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
	s, err := newStack(ctx, dynamodb, moto, binaries(t), log)
	if err != nil {
		stop()
		t.Fatal(err)
	}
	change(s)
	var wg sync.WaitGroup
	if feed {
		wg.Go(func() { s.run(ctx) })
	}
	t.Cleanup(func() {
		if t.Failed() {
			s.dump(log)
		}
		stop()
		wg.Wait()
		collect(s.proxies)
		s.drop()
	})
	return s
}

// drop deletes the table, which the emulator keeps in memory.
func (s *stack) drop() {
	_, _ = s.tables.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &s.name}) // gone with the emulator, at the latest
}

// dump says where cases and tasks stand, for a test that fails.
func (s *stack) dump(log *testLog) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	page, err := s.store.List(ctx, webcare.Query{Brands: []string{brand.Sample().ID}, Statuses: webcare.Statuses(), Limit: 100})
	fmt.Fprintf(log, "cases: %v\n", err)
	for _, h := range page.Heads {
		fmt.Fprintf(log, "  %s %s %s\n", h.ID, h.Status, h.Attention)
	}
	for _, st := range webcare.Stages() {
		tasks, err := s.store.Due(ctx, st, 20, time.Now().Add(time.Hour))
		for _, x := range tasks {
			fmt.Fprintf(log, "  task %s, attempt %d, due %s, leased until %s, %s\n", x.ID, x.Attempt, x.RunAt, x.LeasedUntil, x.LastError)
		}
		if err != nil {
			fmt.Fprintln(log, err)
		}
	}
	s.proxies.mu.Lock()
	defer s.proxies.mu.Unlock()
	fmt.Fprintln(log, s.proxies.used)
}

var built struct {
	sync.Once
	dir string
	err error
}

// binaries builds the functions once for all tests.
func binaries(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "webcare-functions-"); built.err == nil {
			built.err = compile(context.Background(), built.dir)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir) // a temporary folder
	}
	os.Exit(code)
}

// TestStack runs the built functions against the emulators, and in the end
// compares what they did with what they may do.
func TestStack(t *testing.T) {
	t.Run("mail in, reply out", func(t *testing.T) { mailInReplyOut(t, func(*stack) {}) })
	t.Run("everything twice", func(t *testing.T) { mailInReplyOut(t, func(s *stack) { s.twice = true }) })
	t.Run("faults", faults)
	t.Run("an answer of SES is lost", answerLost)
	t.Run("doors", doors)
	t.Run("errands", errands)
	t.Run("grants", grants)
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

// await asks until it gets an answer. It waits long, for this may share two
// cores with a browser and a race detector.
func await[T any](t *testing.T, what string, ask func() (T, bool)) T {
	t.Helper()
	for end := time.Now().Add(4 * time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
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
func (s *stack) approve(t *testing.T, h webcare.Head) { t.Helper(); s.approveFor(t, h, time.Second) }

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

func mailInReplyOut(t *testing.T, change func(*stack)) {
	s := up(t, change)
	s.through(t, 3)
	s.report(t, 3)
}

// report logs what a complaint took, by function: what infra/costs.md is made of.
func (s *stack) report(t *testing.T, n float64) {
	t.Helper()
	s.proxies.mu.Lock()
	defer s.proxies.mu.Unlock()
	for _, name := range all {
		requests := map[string]int{}
		for u, k := range s.proxies.used[name] {
			service, _, _ := strings.Cut(u, ":")
			requests[service] += k
		}
		f := s.functions[name]
		f.mu.Lock()
		t.Logf("%-14s %6.1f write %6.1f read units, %5.1f invocations of %s a complaint, init %s, requests %v", name, s.proxies.writes[name]/n,
			s.proxies.reads[name]/n, float64(f.calls)/n, f.busy/time.Duration(max(f.calls, 1)), f.init.Round(time.Millisecond), requests)
		f.mu.Unlock()
	}
}

// through sends n mails in and approves the answers; each case is there once,
// each answer leaves once, and everything is counted once.
func (s *stack) through(t *testing.T, n int) {
	t.Helper()
	tag := strings.ToLower(rand.Text())
	for i := range n {
		if err := s.put(t.Context(), fmt.Sprint(tag, "-", i), mailText(i, tag)); err != nil {
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
	await(t, "tallies", func() (int64, bool) { k := s.tally(t, "event/reply.published"); return k, k == int64(n) })
	if k := s.tally(t, "event/case.received"); k != int64(n) {
		t.Errorf("%d cases tallied as received", k)
	}
	if dead, _, err := s.store.Dead(t.Context(), "", 10); err != nil || len(dead) != 0 {
		t.Errorf("dead letters: %v, %v", dead, err)
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
