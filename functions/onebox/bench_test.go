package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// booted wires the program on a folder of its own; its workers do not run.
func booted(tb testing.TB) *program {
	tb.Helper()
	a := &app{stdio: stdio{strings.NewReader(""), io.Discard, io.Discard}}
	a.Agent, a.Undo, a.HookSecrets = "Noor", 30*time.Second, []string{testSecret}
	p, err := boot(context.Background(), a, tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := p.store.Close(); err != nil {
			tb.Error(err)
		}
	})
	return p
}

var benchIDs atomic.Int64

func hookBody(id string) []byte {
	b, err := json.Marshal(map[string]any{"id": id, "channel": "forum", "thread": id, "author": map[string]string{"name": "Klant " + id},
		"text": "Mijn bestelling is al drie weken te laat en niemand belt terug, hoewel dat twee keer is beloofd. Ik wil graag weten waar ik aan toe ben."})
	if err != nil {
		panic(err) // strings only
	}
	return b
}

// BenchmarkIntake compares messages taken in durably through the signed hook,
// on one connection and on eight, with bare transactions of the same size on
// the same kind of file: divide the msg/s.
func BenchmarkIntake(b *testing.B) {
	for _, conns := range []int{1, 8} {
		b.Run(fmt.Sprintf("hook/%d", conns), func(b *testing.B) {
			srv := httptest.NewServer(booted(b).console)
			defer srv.Close()
			secret, err := webhook.ParseSecret(testSecret)
			if err != nil {
				b.Fatal(err)
			}
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns}}
			inParallel(b, conns, func() error { return push(client, srv.URL, secret) })
		})
		b.Run(fmt.Sprintf("bare/%d", conns), func(b *testing.B) {
			db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.Join(b.TempDir(), "bare.db")}).EscapedPath()+
				"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate")
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			if _, err := db.Exec("CREATE TABLE t (id TEXT PRIMARY KEY, body BLOB)"); err != nil {
				b.Fatal(err)
			}
			inParallel(b, conns, func() error {
				id := fmt.Sprint("bare-", benchIDs.Add(1))
				_, err := db.Exec("INSERT INTO t VALUES (?, ?)", id, bytes.Repeat(hookBody(id), 4)) // what one message takes on disk, about 1.6 kB
				return err
			})
		})
	}
}

// inParallel runs do b.N times over n goroutines and reports messages a second.
func inParallel(b *testing.B, n int, do func() error) {
	b.Helper()
	jobs := make(chan struct{})
	errs := make(chan error, n)
	b.ResetTimer()
	for range n {
		go func() {
			var err error
			for range jobs {
				if err == nil {
					err = do()
				}
			}
			errs <- err
		}()
	}
	for range b.N {
		jobs <- struct{}{}
	}
	close(jobs)
	for range n {
		if err := <-errs; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}

func push(client *http.Client, base string, secret webhook.Secret) error {
	id := fmt.Sprint("hook-", benchIDs.Add(1))
	body := hookBody(id)
	h, err := secret.Sign(id, time.Now(), body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, base+"/hooks/messages", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = h
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusAccepted {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}

// filled puts n cases in review into the program's store.
func filled(tb testing.TB, p *program, n int) []webcare.CaseID {
	tb.Helper()
	b, err := p.brands.Get("")
	if err != nil {
		tb.Fatal(err)
	}
	ids := make([]webcare.CaseID, n)
	slots := make(chan struct{}, 64)
	for i := range n {
		ids[i] = webcare.CaseID(fmt.Sprintf("bench%08d", i))
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			if err := reviewable(p, b, ids[i], i); err != nil {
				tb.Error(err)
			}
		}()
	}
	for range cap(slots) {
		slots <- struct{}{}
	}
	return ids
}

// reviewable stores one case as it stands after triage and draft.
func reviewable(p *program, b *brand.Brand, id webcare.CaseID, i int) error {
	s := p.pipe.Store()
	now := time.Now().Add(-time.Duration(i%5000) * time.Minute)
	ch := webcare.Begin(webcare.NewCase(id, b.ID, "forum"), now, webcare.Machine("bench"))
	err := ch.Receive(webcare.Message{ID: webcare.MessageID(id), Brand: b.ID, Key: webcare.Key{Channel: "forum", ExternalID: string(id)},
		Author: webcare.Author{Name: fmt.Sprint("Klant ", i)}, Text: "Mijn bestelling is al drie weken te laat en niemand belt terug.",
		Visibility: webcare.Public, PostedAt: now, ReceivedAt: now})
	if err != nil {
		return err
	}
	urgency := []webcare.Urgency{webcare.Normal, webcare.Normal, webcare.Low, webcare.High, webcare.Critical}[i%5]
	err = ch.Triaged(webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: urgency,
		Sentiment: webcare.Sentiment{Score: -0.7, Label: webcare.Negative}, Frictions: []webcare.Friction{{Type: webcare.Late, Family: "time_place",
			Score: 0.9, Evidence: []webcare.Span{{Start: 0, End: 44, Text: "Mijn bestelling is al drie weken te laat en n"[:44]}}}}, Engine: "bench"},
		ch.Head().InboundSeq, now.Add(8*time.Hour))
	if err != nil {
		return err
	}
	err = ch.RecordDraft(webcare.Draft{Text: strings.Repeat("Het spijt me dat je al drie weken wacht. ", 8), Language: "nl", Visibility: webcare.Public,
		Engine: "bench", Authority: webcare.Agent, InboundSeq: ch.Head().InboundSeq})
	if err != nil {
		return err
	}
	_, err = s.Commit(context.Background(), ch)
	return err
}

// benchCases is how many cases are open in BenchmarkPages: 1,000,000 takes a
// quarter of an hour to fill and some 6 GB of disk.
var benchCases = flag.Int("cases", 100_000, "open cases in BenchmarkPages")

// BenchmarkPages measures the queue page and the case page with 1,000 and with
// -cases cases open.
func BenchmarkPages(b *testing.B) {
	for _, n := range []int{1000, *benchCases} {
		p := booted(b)
		ids := filled(b, p, n)
		for _, page := range []struct {
			name string
			path func(i int) string
		}{
			{"queue", func(int) string { return "/" }},
			{"case", func(i int) string { return "/cases/" + string(ids[i*7919%len(ids)]) }},
			{"api-list", func(int) string { return "/api/v1/cases" }},
		} {
			b.Run(fmt.Sprintf("%s/%d", page.name, n), func(b *testing.B) {
				i := 0
				for b.Loop() {
					i++
					w := httptest.NewRecorder()
					p.console.ServeHTTP(w, httptest.NewRequest(http.MethodGet, page.path(i), nil))
					if w.Code != http.StatusOK {
						b.Fatalf("status %d: %s", w.Code, w.Body)
					}
				}
			})
		}
	}
}
