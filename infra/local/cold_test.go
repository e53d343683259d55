package main

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var (
	starts = flag.Int("starts", 0, "cold starts of each function beside those of hello; 15 or more measure something")
	ratio  = flag.Float64("ratio", 1.5, "longest start of a function, in starts of hello")
)

// TestColdStarts starts each function's process anew under the Runtime API, in
// turn with a function that does nothing, and compares the medians of the time
// until it asks for its first event:
//
//	go test ./infra/local -run TestColdStarts -v -starts 25
//
// Nothing runs here that needs an emulator: a start calls no service but where a
// secret or a brand file is configured. Without -starts each is started once,
// to see that it starts.
func TestColdStarts(t *testing.T) {
	dir := binaries(t)
	if err := build(t.Context(), dir, []string{"webcare.example/responder/infra/local/hello"}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	env := []string{"WEBCARE_TABLE=t", "WEBCARE_BUCKET=b", "WEBCARE_TRIAGE_QUEUE=q", "WEBCARE_DRAFT_QUEUE=q", "WEBCARE_PUBLISH_QUEUE=q", "WEBCARE_NOTIFY_QUEUE=q",
		"WEBCARE_URL=http://" + consoleHost, "WEBCARE_OIDC_ISSUER=http://127.0.0.1:9", "WEBCARE_OIDC_CLIENT_ID=local", "WEBCARE_OIDC_ROLES=team:lead",
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local"}
	names := append([]string{"hello"}, all...)
	took, ready := map[string][]time.Duration{}, map[string][]time.Duration{}
	for range max(*starts, 1) {
		for _, name := range names { // in turn: what else the machine does meets all alike
			f := &function{name: name, binary: filepath.Join(dir, name), env: env, timeout: time.Minute, log: io.Discard}
			d, wired := f.coldStart(ctx, t)
			took[name], ready[name] = append(took[name], d), append(ready[name], wired)
		}
	}
	hello := median(took["hello"])
	for _, name := range names {
		m := median(took[name])
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-14s %6.1f ms, %4.2f of hello, answers after %5.1f ms (%d starts, %4.1f MB)", name, ms(m), float64(m)/float64(hello), ms(median(ready[name])),
			len(took[name]), float64(info.Size())/1e6)
		if *starts > 1 && float64(m) > *ratio*float64(hello) {
			t.Errorf("%s takes %s to start, hello %s", name, m, hello)
		}
	}
}

// nothing is an event that each function answers without doing anything.
var nothing = map[string]string{"followup": `{"round": "none"}`, "receive-posts": "", "hello": `"hello"`,
	"console": `{"requestContext": {"http": {"method": "GET", "path": "/"}}}`, "receive-hooks": `{"requestContext": {"http": {"method": "GET", "path": "/"}}}`}

// coldStart starts a process and returns how long it took to ask for an event,
// and to answer one that is nothing.
func (f *function) coldStart(ctx context.Context, t *testing.T) (asked, answered time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := f.start(ctx); err != nil {
		t.Fatal(err)
	}
	died, err := f.ensure()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { f.kill(); <-died }()
	event, known := nothing[f.name]
	if !known {
		event = `{"Records": []}`
	}
	if event != "" { // one that is refused is answered too
		_, _ = f.invoke(ctx, []byte(event))
		answered = time.Since(f.started)
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(200 * time.Microsecond) {
		f.mu.Lock()
		asked = f.init
		f.mu.Unlock()
		if asked > 0 {
			return asked, answered
		}
	}
	t.Fatalf("%s does not start", f.name)
	panic("unreachable")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func median(all []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(all))
	return s[len(s)/2]
}
