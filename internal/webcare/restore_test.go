package webcare_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// brittle fails at the n-th save and ever after.
type brittle struct {
	webcare.Cases
	left int
}

var errCut = errors.New("the cable was pulled")

func (b *brittle) Save(ctx context.Context, s webcare.Save) error {
	if b.left--; b.left < 0 {
		return errCut
	}
	return b.Cases.Save(ctx, s)
}

// TestRestoreBreaksOff: wherever a restore breaks off, doing it again leaves
// no case without what moves it, and a further time changes nothing.
func TestRestoreBreaksOff(t *testing.T) {
	from := porttest.NewMemory().Store()
	inReview(t, from, "case-review", "Al drie weken te laat.")
	approved(t, from, inReview(t, from, "case-approved", "Twee keer afgeschreven."))
	ch := webcare.Begin(webcare.NewCase("case-received", "b", "email"), archiveDay, webcare.Machine("test"))
	if err := ch.Receive(webcare.Message{Key: webcare.Key{Channel: "email", ExternalID: "x"}, Brand: "b", Text: "Hallo?", ReceivedAt: archiveDay}); err != nil {
		t.Fatal(err)
	}
	saved(t, from, ch)
	var file bytes.Buffer
	if _, err := from.Export(t.Context(), &file, []string{"b"}, archiveDay, quiet); err != nil {
		t.Fatal(err)
	}
	now := archiveDay.Add(time.Hour)
	for cut := range 12 {
		mem := porttest.NewMemory()
		ports := mem.Ports()
		ports.Cases = &brittle{ports.Cases, cut}
		torn := webcare.Store{Ports: ports}
		_, err := torn.Restore(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), now, silent)
		if err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		s := mem.Store()
		if _, err := s.Restore(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), now, silent); err != nil {
			t.Fatalf("cut %d: %v", cut, err)
		}
		want := map[webcare.CaseID]webcare.Status{"case-review": webcare.StatusInReview, "case-approved": webcare.StatusInReview, "case-received": webcare.StatusReceived}
		for id, status := range want {
			if h, err := s.Cases.Head(t.Context(), id); err != nil || h.Status != status || h.Approval != nil {
				t.Errorf("cut %d: %s is %s, %v", cut, id, h.Status, err)
			}
		}
		triages := 0
		for _, task := range mem.Tasks() {
			if task.Stage == webcare.StageTriage && task.CaseID == "case-received" {
				triages++
			}
		}
		if triages != 1 {
			t.Errorf("cut %d: %d tasks for the received case", cut, triages)
		}
		saves := mem.Saves()
		if _, err := s.Restore(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), now, silent); err != nil || mem.Saves() != saves {
			t.Errorf("cut %d: a further restore made %d saves, %v", cut, mem.Saves()-saves, err)
		}
	}
}
