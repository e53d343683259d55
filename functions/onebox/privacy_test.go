package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// Words of the customer to be erased, and of one who stays. They stand in
// names and texts alike, so that every copy holds one.
const (
	goes  = "geheimnegen"
	stays = "blijfttien"
)

// in counts a word in the bytes of all files of a folder, under whatever case.
func in(t *testing.T, dir, word string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		n += bytes.Count(bytes.ToLower(b), []byte(word))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestErasureLeavesNoByte: a customer's case goes through the whole program:
// entered by the API under an idempotency key, delivered with its texts to a
// webhook whose receiver says them back, opened, half-edited, noted and
// approved under another key. After the erasure no byte of it is in the data
// folder, though deliveries, presence and idempotency records had held it.
func TestErasureLeavesNoByte(t *testing.T) {
	dir := t.TempDir()
	p, addr, echo := served(t, dir)
	ids := map[string]string{}
	for _, word := range []string{goes, stays} {
		ids[word] = p.handled(t, addr, word)
	}
	echo.wait(t, 2*len(ids))
	store := p.pipe.Store()
	for _, kind := range []string{"delivery", "idempotency", "edit"} {
		if n := recordsWith(t, store, kind, goes); n == 0 {
			t.Errorf("no %s record holds the customer's words to begin with", kind)
		}
	}
	if n := recordsWith(t, store, "presence", ids[goes]) + recordsWith(t, store, "claim", ids[goes]); n == 0 {
		t.Error("nobody is present at the case to begin with")
	}
	if n := in(t, dir, goes); n < 20 {
		t.Fatalf("the customer's words are %d times in the folder to begin with", n)
	}
	eventually(t.Context(), t, "the erasure", func() bool { // it waits for what is being posted or drafted just now
		return call(t.Context(), http.MethodDelete, addr+"/api/v1/customers/telephone%2F"+goes, nil, nil, nil) == http.StatusOK
	})
	for _, kind := range []string{"delivery", "idempotency", "edit", "presence", "claim", "mention"} {
		if n := recordsWith(t, store, kind, goes) + recordsWith(t, store, kind, ids[goes]); n != 0 {
			t.Errorf("%d %s records are left", n, kind)
		}
	}
	if n := in(t, dir, goes); n != 0 {
		t.Errorf("%d times in the folder of the running program", n)
	}
	if in(t, dir, stays) < 20 || recordsWith(t, store, "delivery", stays) == 0 {
		t.Error("another customer's words went too")
	}
	p.stop()
	if n := in(t, dir, goes); n != 0 {
		t.Errorf("%d times in the folder of the stopped program", n)
	}
}

// recordsWith counts the records of a kind that hold a word.
func recordsWith(t *testing.T, s webcare.Store, kind, word string) (n int) {
	t.Helper()
	for cursor, more := "", true; more; more = cursor != "" {
		rs, next, err := s.Records.Scan(t.Context(), kind, "", cursor, webcare.MaxPage, time.Unix(1, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			if strings.Contains(strings.ToLower(r.Key+string(r.Body)), word) {
				n++
			}
		}
		cursor = next
	}
	return n
}

// running is the program with its workers, in this process.
type running struct {
	*program
	stop func()
}

// echoes is a receiver of webhooks that answers with what it was sent.
type echoes struct{ got chan struct{} }

func (e echoes) wait(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-e.got:
		case <-time.After(time.Minute):
			t.Fatal("not all was delivered")
		}
	}
}

// served runs the program on a folder with a webhook that wants the texts.
func served(t *testing.T, dir string) (*running, string, echoes) {
	t.Helper()
	a := &app{stdio: stdio{strings.NewReader(""), io.Discard, io.Discard}}
	a.Agent, a.Undo, a.AllowLoopback = "Noor", time.Hour, true
	p, err := boot(t.Context(), a, dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); p.pipe.Run(ctx) }()
	desk := httptest.NewServer(p.console)
	stopped := false
	r := &running{p, func() {
		if stopped {
			return
		}
		stopped = true
		desk.Close()
		cancel()
		<-done
		if err := p.store.Close(); err != nil {
			t.Error(err)
		}
	}}
	t.Cleanup(r.stop)
	e := echoes{make(chan struct{}, 100)}
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var said webhook.Payload
		if err := json.NewDecoder(req.Body).Decode(&said); err == nil && said.Data.Texts != nil {
			_, _ = io.WriteString(w, "taken: "+said.Data.Texts.Text)
		}
		e.got <- struct{}{}
	}))
	t.Cleanup(receiver.Close)
	_, err = p.pipe.Courier.Subscriptions.Create(t.Context(), webhook.Subscription{Name: "CRM", URL: receiver.URL, Texts: true, Special: true,
		Events: []webcare.EventType{webcare.CaseTriaged, webcare.DraftReady}}, "noor", "")
	if err != nil {
		t.Fatal(err)
	}
	return r, desk.URL, e
}

// handled enters a case and does with it what people do; it returns its id.
func (p *running) handled(t *testing.T, addr, word string) string {
	t.Helper()
	send := func(path, key string, body any, into any) int {
		t.Helper()
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return call(t.Context(), http.MethodPost, addr+path, http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {key}}, b, into)
	}
	var c struct {
		ID, Status string
		Version    int64
		Draft      struct{ Hash, Text string }
		Resolution struct{ Checks []string }
	}
	text := "Mijn bestelling " + word + " is al drie weken te laat en niemand belt terug."
	if code := send("/api/v1/cases", "enter-"+word[:3], map[string]any{"text": text, "subject": "Over " + word, "author": map[string]string{"name": word, "handle": ""}}, &c); code != http.StatusCreated {
		t.Fatalf("entering: %d", code)
	}
	eventually(t.Context(), t, "the draft", func() bool {
		return call(t.Context(), http.MethodGet, addr+"/api/v1/cases/"+c.ID, nil, nil, &c) == http.StatusOK && c.Status == "in_review"
	})
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for step, body := range map[string]string{"here": "", "keep": "hash=" + c.Draft.Hash + "&text=Beste+" + word} {
		if code := call(t.Context(), http.MethodPost, addr+"/cases/"+c.ID+"/"+step, form, []byte(body), nil); code/100 != 2 {
			t.Fatalf("%s: %d", step, code)
		}
	}
	if code := send("/api/v1/cases/"+c.ID+"/notes", "note-"+word[:3], map[string]any{"text": "@Noor bel " + word}, &c); code != http.StatusOK {
		t.Fatalf("noting: %d", code)
	}
	if code := send("/api/v1/cases/"+c.ID+"/reject", "reject-"+word[:3], map[string]any{"version": c.Version, "reason": "noem " + word}, nil); code != http.StatusOK {
		t.Fatalf("asking for another draft: %d", code)
	}
	return c.ID
}
