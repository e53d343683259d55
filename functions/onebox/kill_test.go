package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"webcare.example/responder/internal/webhook"
)

const testSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// TestKill feeds the real program with messages and approvals, kills it at
// random moments of intake, triage, approval and publishing, and then counts:
// no message lost, none twice, no reply twice, no case stuck.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	sink := startSink(t)
	env := []string{"WEBCARE_HOOK_SECRETS=" + testSecret, "WEBCARE_SMTP_URL=smtp://" + sink.addr, "WEBCARE_UNDO=50ms"}
	d := &driver{t: t, acked: map[string]string{}}
	for round := range *kills {
		p := start(t, env, "serve", "--data", dir, "--smtp", "")
		life := time.Duration(50+rand.IntN(700)) * time.Millisecond
		ctx, cancel := context.WithTimeout(t.Context(), life)
		d.drive(ctx, p.addr)
		cancel()
		p.kill()
		d.importKilled(filepath.Join(dir, "data-import"), round)
	}
	p := start(t, env, "serve", "--data", dir, "--smtp", "")
	defer p.kill()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute+time.Duration(*kills)*3*time.Second)
	defer cancel()
	d.resend(ctx, p.addr)
	eventually(ctx, t, "every case at rest", func() bool { return d.atRest(ctx, p.addr) })
	d.count(ctx, p.addr)
	sink.count(t)
	t.Logf("%d kills: %d messages, %d approvals, %d replies posted, %d cases in attention",
		*kills, len(d.acked), d.approved.Load(), sink.total(), d.attention)
}

// driver is the world outside the program.
type driver struct {
	t         *testing.T
	mu        sync.Mutex
	next      int
	pending   []string          // ids sent, not yet acknowledged
	acked     map[string]string // message id -> case id
	approved  atomic.Int64
	attention int
}

// drive sends and approves until ctx ends.
func (d *driver) drive(ctx context.Context, addr string) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for ctx.Err() == nil {
				d.send(ctx, addr, d.id())
			}
		})
	}
	wg.Go(func() {
		for ctx.Err() == nil {
			d.approve(ctx, addr)
		}
	})
	wg.Wait()
}

// id returns a new message id, or one that was sent without an answer.
func (d *driver) id() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.pending) > 4 {
		id := d.pending[0]
		d.pending = d.pending[1:]
		return id
	}
	d.next++
	return fmt.Sprintf("kill-%d", d.next)
}

func (d *driver) send(ctx context.Context, addr, id string) {
	body, err := json.Marshal(map[string]any{"id": id, "channel": "email", "thread": id, "visibility": "private",
		"author": map[string]string{"name": "Klant " + id, "address": id + "@example.org"},
		"text":   "Mijn bestelling " + id + " is al drie weken te laat en niemand belt terug. Graag reactie."})
	if err != nil {
		d.t.Error(err)
		return
	}
	secret, err := webhook.ParseSecret(testSecret)
	if err != nil {
		d.t.Error(err)
		return
	}
	header, err := secret.Sign(id, time.Now(), body)
	if err != nil {
		d.t.Error(err)
		return
	}
	var got struct {
		CaseID string `json:"case_id"`
	}
	code := call(ctx, http.MethodPost, "http://"+addr+"/hooks/messages", header, body, &got)
	d.mu.Lock()
	defer d.mu.Unlock()
	if code != http.StatusAccepted {
		if code != 0 && code != http.StatusServiceUnavailable {
			d.t.Errorf("hook answered %d for %s", code, id)
		}
		d.pending = append(d.pending, id)
		return
	}
	if was, twice := d.acked[id]; twice && was != got.CaseID {
		d.t.Errorf("%s was put on case %s, then on %s", id, was, got.CaseID)
	}
	d.acked[id] = got.CaseID
}

// resend sends what was never acknowledged, as every source does.
func (d *driver) resend(ctx context.Context, addr string) {
	for {
		d.mu.Lock()
		ids := d.pending
		d.pending = nil
		d.mu.Unlock()
		if len(ids) == 0 || ctx.Err() != nil {
			return
		}
		for _, id := range ids {
			d.send(ctx, addr, id)
		}
	}
}

// caseJSON is what the test reads of a case.
type caseJSON struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	Version int64  `json:"version"`
	Draft   *struct {
		Hash       string `json:"hash"`
		Resolution *struct {
			Checks []string `json:"checks"`
		} `json:"resolution"`
		Findings []struct {
			Rule string `json:"rule"`
		} `json:"findings"`
	} `json:"draft"`
	Messages []struct {
		ExternalID string `json:"external_id"`
		Ours       bool   `json:"ours"`
	} `json:"messages"`
}

func (d *driver) approve(ctx context.Context, addr string) {
	var page struct{ Cases []caseJSON }
	if call(ctx, http.MethodGet, "http://"+addr+"/api/v1/cases?status=in_review&limit=5", nil, nil, &page) != http.StatusOK {
		return
	}
	for _, c := range page.Cases {
		if call(ctx, http.MethodGet, "http://"+addr+"/api/v1/cases/"+c.ID, nil, nil, &c) != http.StatusOK || c.Draft == nil {
			continue
		}
		var rules, checks []string
		for _, f := range c.Draft.Findings {
			rules = append(rules, f.Rule)
		}
		if c.Draft.Resolution != nil {
			checks = c.Draft.Resolution.Checks
		}
		body, err := json.Marshal(map[string]any{"version": c.Version, "draft_hash": c.Draft.Hash, "overrides": rules, "ticked": checks})
		if err != nil {
			d.t.Error(err)
			return
		}
		h := http.Header{"Content-Type": {"application/json"}}
		if call(ctx, http.MethodPost, "http://"+addr+"/api/v1/cases/"+c.ID+"/approve", h, body, nil) == http.StatusOK {
			d.approved.Add(1)
		}
	}
}

// importKilled imports the same file of 300 messages into a folder of its own,
// killed somewhere on the way.
func (d *driver) importKilled(dir string, round int) {
	file := filepath.Join(filepath.Dir(dir), "import.jsonl")
	if round == 0 {
		var b bytes.Buffer
		for i := range 300 {
			fmt.Fprintf(&b, `{"id":"imp-%d","channel":"forum","thread":"imp-%d","author":"A%d","text":"De bezorger kwam weer niet, nummer %d."}`+"\n", i, i, i, i)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	bin, err := binary()
	if err != nil {
		d.t.Fatal(err)
	}
	cmd := exec.Command(bin, "import", "--data", dir, file)
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	if round < *kills-1 {
		time.Sleep(time.Duration(rand.IntN(120)) * time.Millisecond)
		_ = cmd.Process.Kill() // it may be done already
		_ = cmd.Wait()
		return
	}
	if err := cmd.Wait(); err != nil { // the last one runs through
		d.t.Errorf("import: %v", err)
	}
	out, err := exec.Command(bin, "import", "--data", dir, file).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "0 stored, 300 known already, 0 wrong") {
		d.t.Errorf("importing again: %v: %s", err, out)
	}
}

// atRest reports whether every case is finished or before a person.
func (d *driver) atRest(ctx context.Context, addr string) bool {
	var page struct{ Cases []caseJSON }
	const moving = "/api/v1/cases?limit=1&status=received,triaged,approved,publishing"
	return call(ctx, http.MethodGet, "http://"+addr+moving, nil, nil, &page) == http.StatusOK && len(page.Cases) == 0
}

func (d *driver) cases(ctx context.Context, addr, status string) []caseJSON {
	var all []caseJSON
	for cursor := ""; ; {
		var page struct {
			Cases []caseJSON
			Next  string
		}
		if code := call(ctx, http.MethodGet, "http://"+addr+"/api/v1/cases?limit=200&status="+status+"&cursor="+cursor, nil, nil, &page); code != http.StatusOK {
			d.t.Fatalf("listing cases: %d", code)
		}
		all = append(all, page.Cases...)
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
}

// count compares what was acknowledged with what is there.
func (d *driver) count(ctx context.Context, addr string) {
	seen := map[string]string{}
	for _, c := range d.cases(ctx, addr, "in_review,attention,answered,closed,ignored,waiting") {
		if c.Status == "attention" {
			d.attention++
		}
		if code := call(ctx, http.MethodGet, "http://"+addr+"/api/v1/cases/"+c.ID, nil, nil, &c); code != http.StatusOK {
			d.t.Fatalf("case %s: %d", c.ID, code)
		}
		ours := 0
		for _, m := range c.Messages {
			if m.Ours {
				ours++
				continue
			}
			if was, twice := seen[m.ExternalID]; twice {
				d.t.Errorf("message %s stands on %s and %s", m.ExternalID, was, c.ID)
			}
			seen[m.ExternalID] = c.ID
		}
		if ours > 1 {
			d.t.Errorf("case %s has %d replies of ours", c.ID, ours)
		}
	}
	for id, caseID := range d.acked {
		if seen[id] != caseID {
			d.t.Errorf("message %s was acknowledged on case %s, it stands on %q", id, caseID, seen[id])
		}
	}
	if len(seen) != len(d.acked) {
		d.t.Errorf("%d messages are stored, %d were acknowledged", len(seen), len(d.acked))
	}
}

// call makes a request and decodes a good answer; 0 means no answer.
func call(ctx context.Context, method, url string, h http.Header, body []byte, into any) int {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	if h != nil {
		req.Header = h
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0
	}
	if into != nil && res.StatusCode < 300 && json.Unmarshal(b, into) != nil {
		return 0
	}
	return res.StatusCode
}

// sink is a submission server that counts the mails it took, by recipient.
type sink struct {
	addr string
	mu   sync.Mutex
	took map[string]int
}

func startSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{addr: freePort(t), took: map[string]int{}}
	srv := smtp.NewServer(s)
	srv.Addr, srv.Domain, srv.AllowInsecureAuth = s.addr, "localhost", true
	srv.ErrorLog = log.New(io.Discard, "", 0) // a client that is killed hangs up
	go func() {
		if err := srv.ListenAndServe(); err != nil && !strings.Contains(err.Error(), "closed") {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { _ = srv.Close() }) // nothing is left to answer
	return s
}

// NewSession implements smtp.Backend.
func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &sinkSession{s: s}, nil }

type sinkSession struct {
	s  *sink
	to string
}

func (x *sinkSession) Reset()                                    {}
func (x *sinkSession) Logout() error                             { return nil }
func (x *sinkSession) Mail(string, *smtp.MailOptions) error      { return nil }
func (x *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error { x.to = to; return nil }

// Data takes the mail, slowly: a kill must be able to fall between.
func (x *sinkSession) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	x.s.mu.Lock()
	x.s.took[x.to]++
	x.s.mu.Unlock()
	time.Sleep(time.Duration(rand.IntN(15)) * time.Millisecond)
	return nil
}

func (s *sink) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.took)
}

func (s *sink) count(t *testing.T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var twice []string
	for to, n := range s.took {
		if n > 1 {
			twice = append(twice, fmt.Sprintf("%s: %d", to, n))
		}
	}
	if slices.Sort(twice); len(twice) > 0 {
		t.Errorf("replies posted twice: %v", twice)
	}
}
