package followup_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/followup"
	"webcare.example/responder/internal/webcare"
)

// postbox takes mails for desks.
type postbox struct {
	taken []webcare.Outgoing
	err   error
}

func (p *postbox) Class() webcare.PublishClass { return webcare.PublishClass{} }
func (p *postbox) Publish(_ context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	if p.err != nil {
		return webcare.Receipt{}, p.err
	}
	p.taken = append(p.taken, out)
	return webcare.Receipt{}, nil
}
func (p *postbox) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, nil
}

// ordered posts a reply whose promise is a work order for a desk, on a watch
// whose stage tells desks.
func ordered(t *testing.T, desk string, before bool) (*watch, *postbox, *followup.Links) {
	t.Helper()
	w, box := newWatch(t), &postbox{}
	b := *brand.Sample()
	b.ID = "b"
	brands, err := brand.NewSet(&b)
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return w.now }
	links := &followup.Links{Records: w.store.Records, Random: rand.Reader, Now: clock, Base: "https://desk.example/"}
	stage := &followup.Stage{Store: w.store, Now: clock, Brands: brands, Links: links,
		Mail: func(string) (webcare.Publisher, bool) { return box, true }}
	w.worker.Handlers[webcare.StageFollowup] = stage.Handle
	d := webcare.Draft{Promises: []webcare.Promised{{What: "terugbetaling", Owner: "Betalingen", Due: w.now.Add(4 * day), Desk: desk, Instruction: "Betaal € 25 terug", Before: before}}}
	w.step(func(ch *webcare.Change) error { return ch.WriteDraft(ch.Head().Version, d) })
	w.step(func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Assisted: true})
	})
	if before {
		w.until(time.Minute)
		if len(box.taken) != 1 {
			t.Fatalf("the desk was told %d times before the reply was posted", len(box.taken))
		}
	}
	w.step(func(ch *webcare.Change) error { return ch.PostedByHand(ch.Head().DraftHash, "https://example.com/1") })
	return w, box, links
}

// TestDesksAreTold: at once, and once more when the term runs out.
func TestDesksAreTold(t *testing.T) {
	w, box, links := ordered(t, "press", false) // a desk with an address
	w.until(time.Hour)
	if len(box.taken) != 1 {
		t.Fatalf("told %d times", len(box.taken))
	}
	out := box.taken[0]
	id := w.load().WorkOrders[0].ID
	link, err := links.URL(t.Context(), "case1", id)
	if err != nil || !strings.Contains(out.Draft.Text, link) || !strings.Contains(out.Draft.Text, "Betaal € 25 terug") || out.Draft.ReplyTo.Recipients[0] != "pers@voorbeeld.nl" {
		t.Fatalf("%v\n%s", err, out.Draft.Text)
	}
	if strings.Contains(out.Draft.Text, "Waar blijft het") {
		t.Fatal("the customer's words are in the notice")
	}
	w.until(2 * day)
	if len(box.taken) != 1 {
		t.Fatalf("told %d times within two days", len(box.taken))
	}
	w.until(3*day + time.Hour)
	if len(box.taken) != 2 || !strings.Contains(box.taken[1].Draft.Subject, "Herinnering") || box.taken[1].Key == out.Key {
		t.Fatalf("reminded: %+v", box.taken)
	}
	w.until(20 * day)
	if len(box.taken) != 2 {
		t.Fatalf("told %d times in all", len(box.taken))
	}
}

func TestBeforePosting(t *testing.T) {
	w, box, _ := ordered(t, "press", true)
	w.until(time.Hour)
	if len(box.taken) != 1 || len(w.load().WorkOrders) != 1 {
		t.Fatalf("told %d times of %d orders", len(box.taken), len(w.load().WorkOrders))
	}
}

func TestDesksWithoutAnAddress(t *testing.T) {
	w, box, _ := ordered(t, "finance", false)
	w.until(20 * day)
	if len(box.taken) != 0 || !w.load().Head.Status.Valid() {
		t.Fatalf("%+v", box.taken)
	}
}

// TestLinks: an address answers one order and no other.
func TestLinks(t *testing.T) {
	w, _, links := ordered(t, "press", false)
	link, err := links.URL(t.Context(), "case1", "w1-1")
	if err != nil {
		t.Fatal(err)
	}
	sig := link[strings.LastIndexByte(link, '/')+1:]
	if err := links.Check(t.Context(), "case1", "w1-1", sig); err != nil {
		t.Fatal(err)
	}
	for _, other := range [][3]string{{"case1", "w1-2", sig}, {"case2", "w1-1", sig}, {"case1", "w1-1", sig[1:]}, {"case1", "w1-1", ""}, {"case1w", "1-1", sig}} {
		if err := links.Check(t.Context(), webcare.CaseID(other[0]), other[1], other[2]); !errors.Is(err, webcare.ErrNotFound) {
			t.Errorf("%v: %v", other, err)
		}
	}
	if err := w.store.Records.Remove(t.Context(), "key", "work-orders"); err != nil {
		t.Fatal(err)
	}
	if err := links.Check(t.Context(), "case1", "w1-1", sig); !errors.Is(err, webcare.ErrNotFound) {
		t.Errorf("after the key was taken back: %v", err)
	}
}

// TestDeskAnswers: done keeps the promise and leaves a note; refused puts the
// case before a person.
func TestDeskAnswers(t *testing.T) {
	for _, done := range []bool{true, false} {
		w, _, _ := ordered(t, "press", false)
		w.until(time.Hour)
		w.step(func(ch *webcare.Change) error { return ch.EndWorkOrder(w.load().WorkOrders[0].ID, done, "kenmerk 77") })
		c := w.load()
		if len(c.Notes) != 1 || !strings.Contains(c.Notes[0].Value.Text, "kenmerk 77") {
			t.Fatalf("notes %+v", c.Notes)
		}
		if done && (c.Promises[0].State != kept || c.Head.Status != webcare.StatusAnswered) {
			t.Fatalf("done: %s, %s", c.Promises[0].State, c.Head.Status)
		}
		if !done && (c.Promises[0].State != open || c.Head.Status != webcare.StatusAttention) {
			t.Fatalf("refused: %s, %s", c.Promises[0].State, c.Head.Status)
		}
	}
}

// TestPromiseIsRemindedEscalatedBroken in this order, each once.
func TestPromiseIsRemindedEscalatedBroken(t *testing.T) {
	w := newWatch(t)
	w.promise(8 * day)
	stages := func() (out []string) {
		for _, e := range w.load().Events {
			switch e.Type {
			case webcare.PromiseDue:
				out = append(out, e.Data["stage"])
			case webcare.PromiseWasBroken:
				out = append(out, "broken")
			}
		}
		return out
	}
	for _, tc := range []struct {
		at   time.Duration
		want string
	}{{6 * day, ""}, {7*day + time.Hour, "reminder"}, {8 * day, "reminder due"}, {8*day + 30*time.Minute, "reminder due"}, {9 * day, "reminder due broken"}, {60 * day, "reminder due broken"}} {
		w.until(tc.at)
		if got := strings.Join(stages(), " "); got != tc.want {
			t.Fatalf("after %s: %q, want %q", tc.at, got, tc.want)
		}
		if h := w.load().Head; tc.at == 8*day && h.EscalatedTo != string(webcare.Lead) {
			t.Fatalf("escalated to %q", h.EscalatedTo)
		}
	}
}

// TestQuietCasesClose: but not while a promise is open, nor once the customer
// has written again.
func TestQuietCasesClose(t *testing.T) {
	w := newWatch(t)
	w.promise()
	w.until(6 * day)
	if h := w.load().Head; h.Status != webcare.StatusAnswered {
		t.Fatalf("%s within the term", h.Status)
	}
	w.until(8 * day)
	if h := w.load().Head; h.Status != webcare.StatusClosed {
		t.Fatalf("%s after the term", h.Status)
	}
	w = newWatch(t)
	w.promise(20 * day)
	w.until(19 * day)
	if h := w.load().Head; h.Status != webcare.StatusAnswered {
		t.Fatalf("%s with a promise open", h.Status)
	}
	id := w.load().Promises[0].ID
	w.step(func(ch *webcare.Change) error { return ch.EndPromise(id, true, "gedaan") })
	w.until(19*day + time.Hour)
	if h := w.load().Head; h.Status != webcare.StatusClosed {
		t.Fatalf("%s after the promise was kept", h.Status)
	}
	w = newWatch(t)
	w.promise()
	w.until(2 * day)
	w.step(func(ch *webcare.Change) error { return ch.Receive(again) })
	w.until(30 * day)
	if h := w.load().Head; h.Status != webcare.StatusReceived || h.Reopened != 1 {
		t.Fatalf("%s after the customer wrote again", h.Status)
	}
}
