package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/aws/archive"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// bucket is objects in memory.
type bucket map[string][]byte

func (b bucket) Size(_ context.Context, key string) (int64, error) { return int64(len(b[key])), nil }

func (b bucket) Range(_ context.Context, key string, p []byte, off int64) error {
	copy(p, b[key][off:])
	return nil
}

func (b bucket) PutFile(_ context.Context, key string, f io.ReadSeeker) (err error) {
	b[key], err = io.ReadAll(f)
	return err
}

var day = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func fill(t *testing.T, s webcare.Store, n int) {
	t.Helper()
	for i := range n {
		id := fmt.Sprintf("case%03d", i)
		ch := webcare.Begin(webcare.NewCase(webcare.CaseID(id), "b", "email"), day.Add(time.Duration(i)*time.Second), webcare.Machine("test"))
		if err := ch.Receive(webcare.Message{ID: webcare.MessageID(id), Key: webcare.Key{Channel: "email", ExternalID: id}, Brand: "b", Thread: id,
			Author: webcare.Author{Name: "Kim"}, Text: "Mijn pakket is weg. " + strings.Repeat("heel lang ", 10+i*30), ReceivedAt: day}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(t.Context(), ch); err != nil {
			t.Fatal(err)
		}
	}
}

// content is the digest of all cases and their number.
func content(t *testing.T, s webcare.Store) webcare.Manifest {
	t.Helper()
	m, err := s.Export(t.Context(), io.Discard, []string{"b"}, day, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A clock that ticks at every look: a call's time is up after a few pieces.
type ticking struct{ now time.Time }

func (c *ticking) Now() time.Time { c.now = c.now.Add(time.Second); return c.now }

// TestThereAndBack: an archive is loaded in many calls, some broken off, and
// written again in many; what comes out is what went in.
func TestThereAndBack(t *testing.T) {
	from, here, back := porttest.NewMemory().Store(), porttest.NewMemory().Store(), porttest.NewMemory().Store()
	fill(t, from, 60)
	var whole bytes.Buffer
	want, err := from.Export(t.Context(), &whole, []string{"b"}, day, func(int) {})
	if err != nil || want.Cases != 60 || want.Blobs == 0 {
		t.Fatal(want, err)
	}
	objects, clock := bucket{"archive/in.zip": whole.Bytes()}, &ticking{day}
	m := &archive.Mover{Store: here, Objects: objects, Brands: []string{"b"}, Now: clock.Now, Cases: 7}
	p := untilDone(t, func() (archive.Progress, error) {
		return m.Load(t.Context(), "archive/in.zip", clock.now.Add(12*time.Second))
	})
	if got := content(t, here); p.Cases != 60 || p.Blobs != want.Blobs || got.Cases != 60 || got.Blobs != want.Blobs {
		t.Errorf("loaded %+v, it holds %+v, want %+v", p, got, want)
	}
	p = untilDone(t, func() (archive.Progress, error) {
		return m.Write(t.Context(), "archive/out", clock.now.Add(12*time.Second))
	})
	if p.Cases != 60 || p.Blobs != want.Blobs || p.Parts < 2 {
		t.Errorf("wrote %+v", p)
	}
	for i := range p.Parts {
		part := objects[fmt.Sprintf("archive/out/part-%05d.zip", i+1)]
		if _, err := back.Restore(t.Context(), bytes.NewReader(part), int64(len(part)), day, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
	}
	if got, was := content(t, back), content(t, here); got.Cases != was.Cases || got.Blobs != was.Blobs {
		t.Errorf("came back as %+v, was %+v", got, was)
	}
	for i := range 60 {
		id := webcare.CaseID(fmt.Sprintf("case%03d", i))
		a, errA := from.Load(t.Context(), id)
		b, errB := back.Load(t.Context(), id)
		if errA != nil || errB != nil || a.Messages[0].Value.Text != b.Messages[0].Value.Text || len(a.Events) > len(b.Events) {
			t.Errorf("%s is not what it was: %v, %v", id, errA, errB)
		}
	}
}

// untilDone calls until it is done, and again. More than one call is needed.
func untilDone(t *testing.T, call func() (archive.Progress, error)) archive.Progress {
	t.Helper()
	for n := 1; n < 100; n++ {
		p, err := call()
		if err != nil {
			t.Fatal(err)
		}
		if p.Done {
			if n < 2 {
				t.Error("one call did it all: nothing was resumed")
			}
			return p
		}
	}
	t.Fatal("it is never done")
	panic("unreachable")
}

// TestRefused: what is not the manifest's is refused before anything is loaded.
func TestRefused(t *testing.T) {
	from := porttest.NewMemory().Store()
	fill(t, from, 3)
	var whole bytes.Buffer
	if _, err := from.Export(t.Context(), &whole, []string{"b"}, day, func(int) {}); err != nil {
		t.Fatal(err)
	}
	torn := bytes.Clone(whole.Bytes())
	torn[60] ^= 0xff
	for key, body := range map[string][]byte{"archive/torn.zip": torn, "archive/cut.zip": whole.Bytes()[:whole.Len()/2], "archive/text.zip": []byte("hello"), "elsewhere/in.zip": whole.Bytes()} {
		here := porttest.NewMemory().Store()
		m := &archive.Mover{Store: here, Objects: bucket{key: body}, Now: func() time.Time { return day }}
		if _, err := m.Load(t.Context(), key, day.Add(time.Hour)); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%s: %v", key, err)
		}
		if got := content(t, here); got.Cases != 0 {
			t.Errorf("%s: %d cases were loaded", key, got.Cases)
		}
	}
}
