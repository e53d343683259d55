package webcare_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestSweepBlobs leaves behind what cases refer to and what may still be on
// its way, and nothing else.
func TestSweepBlobs(t *testing.T) {
	s := porttest.NewMemory().Store()
	c := inReview(t, s, "case-a", strings.Repeat("Nog steeds niets gehoord. ", 2000))
	now := archiveDay.Add(48 * time.Hour)
	lost := webcare.BlobName("case-a/message/9-lostrace")
	young := webcare.BlobName(webcare.NewID(now, strings.NewReader("0123456789")) + "/raw/x")
	old := webcare.BlobName(webcare.NewID(archiveDay.Add(-time.Hour), strings.NewReader("0123456789")) + "/raw/x")
	for _, name := range []webcare.BlobName{lost, young, old} {
		if err := s.Blobs.Put(t.Context(), name, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	for _, sweep := range []struct {
		after time.Duration
		want  int
	}{{0, 0}, {30 * time.Minute, 0}, {time.Hour, 2}, {time.Hour, 0}} {
		if n, err := s.SweepBlobs(t.Context(), now.Add(sweep.after), time.Hour); err != nil || n != sweep.want {
			t.Fatalf("after %s: swept %d, %v", sweep.after, n, err)
		}
	}
	if _, err := s.Blobs.Get(t.Context(), young); err != nil {
		t.Errorf("on its way: %v", err)
	}
	again, err := s.Load(t.Context(), c.Head.ID)
	if err != nil || len(again.Messages[0].Value.Text) != len(c.Messages[0].Value.Text) {
		t.Errorf("the case's own text: %v", err)
	}
}

// sweptBefore sweeps at the worst moment: bodies are written, the save is not.
type sweptBefore struct {
	webcare.Cases
	sweep func()
}

func (c sweptBefore) Save(ctx context.Context, s webcare.Save) error {
	c.sweep()
	return c.Cases.Save(ctx, s)
}

// TestSweepDuringSave: a body written for an old case, whose save commits
// after the sweep has looked, is still there.
func TestSweepDuringSave(t *testing.T) {
	s := porttest.NewMemory().Store()
	c := inReview(t, s, "case-a", "Al drie weken te laat.")
	now := archiveDay.Add(90 * 24 * time.Hour)
	ports := s.Ports
	ports.Cases = sweptBefore{s.Cases, func() {
		if _, err := s.SweepBlobs(t.Context(), now, time.Hour); err != nil {
			t.Error(err)
		}
	}}
	slow := webcare.Store{Ports: ports}
	ch := webcare.Begin(c, now, webcare.Machine("test"))
	text := strings.Repeat("Weer een brief. ", 1000)
	if err := ch.AddNote(text); err != nil {
		t.Fatal(err)
	}
	if got := saved(t, slow, ch); got.Notes[0].Value.Text != text {
		t.Fatal("the note is gone")
	}
}
