package channeltest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/webcare"
)

func polled(s subject) bool { return s.source != nil }

const complaint = "Al drie weken wacht ik op mijn pakket, waar blijft het?"

func TestTakenOnce(t *testing.T) {
	each(t, polled, func(t *testing.T, w *world) {
		id := w.write(fakes.Post{Text: complaint, Mention: true})
		for range 3 {
			if h := w.poll(); h.State != channel.StateOK {
				t.Fatalf("%+v", h)
			}
		}
		cs := w.cases()
		if len(cs) != 1 || len(cs[0].Messages) != 1 {
			t.Fatalf("%d cases", len(cs))
		}
		m := cs[0].Messages[0].Value
		if m.Key.ExternalID != id || m.Text != complaint || m.Brand != w.brand || m.ReplyTo.ExternalID == "" || m.Author.CustomerKey() == "" || m.PostedAt.IsZero() {
			t.Errorf("%+v", m)
		}
	})
}

// TestPaging: a backlog over many pages, read by sources that are restarted
// after each, while more comes in.
func TestPaging(t *testing.T) {
	each(t, polled, func(t *testing.T, w *world) {
		w.write(fakes.Post{Text: complaint, Mention: true, Handle: "eerste"})
		w.poll()
		want := 1
		for i := range 230 {
			w.write(fakes.Post{Text: fmt.Sprintf("Klacht nummer %d over mijn levering", i), Mention: true, Handle: fmt.Sprintf("klant%d", i)})
			want++
		}
		if h := w.poll(); h.Taken != int64(want) {
			t.Fatalf("%+v, want %d taken", h, want)
		}
		for i := range 3 {
			w.write(fakes.Post{Text: fmt.Sprintf("Nog een klacht %d", i), Mention: true, Handle: fmt.Sprintf("later%d", i)})
			want++
		}
		w.poll()
		for id, n := range w.counted() {
			if n != 1 {
				t.Errorf("%s stands %d times", id, n)
			}
		}
		if n := len(w.counted()); n != want {
			t.Errorf("%d posts, want %d", n, want)
		}
	})
}

func TestOwnPostsOpenNoCase(t *testing.T) {
	each(t, polled, func(t *testing.T, w *world) {
		root := w.write(fakes.Post{Text: "Vandaag open tot negen uur!", Ours: true})
		w.write(fakes.Post{Text: "En morgen ook.", Ours: true, ReplyTo: root})
		w.poll()
		if cs := w.cases(); len(cs) != 0 {
			t.Fatalf("%+v", cs[0].Messages)
		}
	})
}

// TestColleague: a reply in the platform's own app answers the case and
// withdraws its draft.
func TestColleague(t *testing.T) {
	each(t, func(s subject) bool { return polled(s) && !s.noOurs }, func(t *testing.T, w *world) {
		id := w.write(fakes.Post{Text: complaint, Mention: true})
		w.poll()
		c := w.caseOf(id)
		w.draft(c.Head.ID, "Excuses, ik zoek het op. ^Lea")
		w.write(fakes.Post{Text: "Excuses Sanne, het komt morgen. ^Bram", Ours: true, ReplyTo: id})
		w.poll()
		w.poll()
		c = w.caseOf(id)
		if c.Head.Status != webcare.StatusAnswered || c.Head.DraftSeq != 0 || !c.Head.DueAt.IsZero() || len(c.Messages) != 2 || !c.Messages[1].Value.Ours {
			t.Errorf("%s, draft %d, %d messages", c.Head.Status, c.Head.DraftSeq, len(c.Messages))
		}
		if len(w.cases()) != 1 {
			t.Errorf("%d cases", len(w.cases()))
		}
	})
}

// TestBystanders: who replies in somebody's thread becomes a case only by a
// problem or a question of their own.
func TestBystanders(t *testing.T) {
	each(t, func(s subject) bool { return polled(s) && !s.noAside }, func(t *testing.T, w *world) {
		id := w.write(fakes.Post{Text: complaint, Mention: true})
		w.poll()
		for i, tc := range []struct {
			text string
			is   bool
		}{
			{"Haha, sterkte ermee!", false},
			{"Zo gaat dat altijd bij zulke clubs.", false},
			{"Bij mij ook, ik wacht nu al twee weken op mijn bestelling.", true},
			{"Kan iemand zeggen wanneer de winkel in Breda weer opengaat?", true},
		} {
			reply := w.write(fakes.Post{Text: tc.text, ReplyTo: id, Mention: true, Handle: fmt.Sprintf("omstander%d", i), Author: "Omstander"})
			w.poll()
			c := w.caseOf(reply)
			if (c != nil) != tc.is {
				t.Errorf("%q: a case %v", tc.text, c != nil)
			}
			if c != nil && c.Head.ID == w.caseOf(id).Head.ID {
				t.Errorf("%q joined another customer's case", tc.text)
			}
		}
		more := w.write(fakes.Post{Text: "Nog steeds niets.", ReplyTo: id, Mention: true})
		w.poll()
		if c := w.caseOf(more); c == nil || c.Head.ID != w.caseOf(id).Head.ID {
			t.Error("the customer's own further words are not on the case")
		}
	})
}

func TestRevisions(t *testing.T) {
	each(t, func(s subject) bool { return polled(s) && !s.quiet }, func(t *testing.T, w *world) {
		id := w.write(fakes.Post{Text: complaint, Mention: true})
		w.poll()
		w.clock.add(channel.RecheckEvery)
		w.s.platform.Edit(id, complaint+" Bestelling is al betaald.", w.clock.Now())
		w.poll()
		w.poll()
		c := w.caseOf(id)
		if m, _ := c.LatestInbound(); len(c.Messages) != 2 || m.Revision == 0 || !strings.HasSuffix(m.Text, "al betaald.") {
			t.Fatalf("after the edit: %d messages, %+v", len(c.Messages), m)
		}
		if w.s.noDeletions {
			return
		}
		w.clock.add(channel.RecheckEvery)
		w.s.platform.Delete(id, w.clock.Now())
		w.poll()
		w.clock.add(channel.RecheckEvery)
		w.poll()
		c = w.caseOf(id)
		if _, there := c.LatestInbound(); there || len(c.Messages) != 3 || !c.Messages[2].Value.Deleted {
			t.Errorf("after the deletion: %d messages", len(c.Messages))
		}
		if len(w.cases()) != 1 {
			t.Errorf("%d cases", len(w.cases()))
		}
	})
}

func TestRateLimit(t *testing.T) {
	each(t, func(s subject) bool { return polled(s) && !s.hook && !s.unlimited }, func(t *testing.T, w *world) {
		id := w.write(fakes.Post{Text: complaint, Mention: true})
		w.s.platform.Faults().Next(fakes.Limited)
		h := w.poll()
		if wait := h.NextAt.Sub(w.clock.Now()); h.State != channel.StateFailing || wait < fakes.RetryAfter*time.Second || wait > 2*fakes.RetryAfter*time.Second || h.Error == "" {
			t.Fatalf("%+v, waits %s", h, wait)
		}
		calls := w.s.platform.Faults().Calls()
		w.poll()
		if w.s.platform.Faults().Calls() != calls {
			t.Error("asked before the time")
		}
		w.clock.add(fakes.RetryAfter * time.Second)
		if h = w.round(); h.State != channel.StateOK || w.caseOf(id) == nil {
			t.Errorf("%+v", h)
		}
	})
}

func TestExpired(t *testing.T) {
	each(t, func(s subject) bool { return polled(s) && !s.hook }, func(t *testing.T, w *world) {
		id := w.write(fakes.Post{Text: complaint, Mention: true})
		w.s.platform.Faults().Each(func(*http.Request) fakes.Fault { return fakes.Expired })
		h := w.poll()
		if h.State != channel.StateFailing || !strings.Contains(h.Error, "token") && !strings.Contains(h.Error, "let us in") || h.Todo == "" {
			t.Errorf("%+v", h)
		}
		w.discreet("health", h.Error+h.Todo)
		w.s.platform.Faults().Each(nil)
		w.clock.add(10 * time.Minute)
		if h = w.round(); h.State != channel.StateOK || h.Error != "" || w.caseOf(id) == nil {
			t.Errorf("%+v", h)
		}
	})
}

// TestBroken: whatever happens to the calls of a poll, nothing is missed and
// nothing is said that should not be.
func TestBroken(t *testing.T) {
	each(t, func(s subject) bool { return polled(s) && !s.hook }, func(t *testing.T, w *world) {
		want := 0
		for n := range 4 {
			for _, f := range []fakes.Fault{fakes.CutBefore, fakes.CutDuring, fakes.CutAfter, fakes.FailBefore, fakes.FailAfter, fakes.Garbage} {
				w.write(fakes.Post{Text: complaint, Mention: true, Handle: fmt.Sprintf("klant%d", want)})
				want++
				for range n {
					w.s.platform.Faults().Next(fakes.None)
				}
				w.s.platform.Faults().Next(f)
				h := w.poll()
				w.discreet("health", h.Error)
				w.clock.add(10 * time.Minute)
				w.s.platform.Faults().Each(nil)
				w.round()
			}
		}
		if got := w.counted(); len(got) != want {
			t.Errorf("%d posts, want %d", len(got), want)
		}
		w.discreet("the log", w.log.String())
	})
}
