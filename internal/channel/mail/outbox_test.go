package mail

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

func TestOutboxWritesOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	cfg, clock := testSender, testDate
	var mu sync.Mutex
	cfg.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); clock = clock.Add(time.Minute); return clock }
	o, err := NewOutbox(dir, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, found, err := o.Find(t.Context(), testReply()); found || err != nil {
		t.Fatalf("found before it was written: %v, %v", found, err)
	}
	first, err := o.Publish(t.Context(), testReply())
	if err != nil {
		t.Fatal(err)
	}
	before := only(t, dir)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if again, err := o.Publish(t.Context(), testReply()); err != nil || again.ExternalID != first.ExternalID {
				t.Errorf("again: %+v, %v", again, err)
			}
		})
	}
	wg.Wait()
	if after := only(t, dir); after != before {
		t.Error("a repeat changed the file")
	}
	if r, found, err := o.Find(t.Context(), testReply()); !found || err != nil || r.ExternalID != first.ExternalID || len(r.ThreadIDs) != 2 {
		t.Errorf("find: %+v, %v, %v", r, found, err)
	}
	other := testReply()
	other.Key += "0"
	if _, err := o.Publish(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("%d files for two replies", len(files))
	}
	if c := o.Class(); !c.Idempotent || !c.Findable || c.Window < 50*365*24*time.Hour {
		t.Errorf("%+v", c)
	}
}

// only returns the text of the one file in dir.
func only(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 || filepath.Ext(files[0]) != ".eml" {
		t.Fatalf("files %q, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOutboxNames(t *testing.T) {
	o := &Outbox{}
	seen := map[string]string{}
	for _, key := range []string{"abc-1", "abc/1", "abc\\1", "../../etc/passwd", "", ".hidden", "ABC-1", "abc 1", strings.Repeat("x", 500), "a\x00b", "é"} {
		name := o.name(key)
		if filepath.Base(name) != name || strings.HasPrefix(name, ".") || !strings.HasSuffix(name, ".eml") || len(name) > 120 {
			t.Errorf("%q: %q", key, name)
		}
		if before, taken := seen[strings.ToLower(name)]; taken {
			t.Errorf("%q and %q share %q", key, before, name)
		}
		seen[strings.ToLower(name)] = key
	}
}

func TestOutboxFailures(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := NewOutbox(filepath.Join(file, "outbox"), testSender)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Publish(t.Context(), testReply()); !errors.Is(err, webcare.ErrUnavailable) {
		t.Errorf("no folder: %v", err)
	}
	out := testReply()
	out.Draft.ReplyTo.Recipients = nil
	o, _ = NewOutbox(t.TempDir(), testSender)
	if _, err := o.Publish(t.Context(), out); !errors.Is(err, webcare.ErrRefused) {
		t.Errorf("no recipient: %v", err)
	}
	if _, err := NewOutbox("x", Config{}); !errors.Is(err, webcare.ErrInvalid) {
		t.Errorf("no sender: %v", err)
	}
}
