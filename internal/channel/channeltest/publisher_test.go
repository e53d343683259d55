package channeltest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/webcare"
)

func posts(s subject) bool { return s.publisher != nil }

const reply = "Excuses dat je pakket er na drie weken nog niet is. Ik zoek het vandaag voor je op. ^Lea"

// opened has a customer complain and returns the post and its case.
func (w *world) opened(n int) (string, webcare.CaseID) {
	w.t.Helper()
	id := w.write(fakes.Post{Text: complaint, Mention: true, Handle: fmt.Sprintf("klant%d", n), Stars: 1})
	w.poll()
	c := w.caseOf(id)
	if c == nil {
		w.t.Fatalf("post %s has no case: %+v", id, w.health())
	}
	return id, c.Head.ID
}

func TestPosts(t *testing.T) {
	each(t, posts, func(t *testing.T, w *world) {
		id, cid := w.opened(1)
		w.approve(cid, reply)
		w.drain()
		got := w.s.platform.Answers(id)
		if len(got) != 1 || !strings.HasSuffix(got[0], reply) {
			t.Fatalf("%q", got)
		}
		for range 3 { // our own reply comes back by the source
			w.poll()
		}
		c := w.load(cid)
		ours := 0
		for _, m := range c.Messages {
			if m.Value.Ours {
				ours++
			}
		}
		p := c.Publications[len(c.Publications)-1].Value
		if c.Head.Status != webcare.StatusAnswered || ours != 1 || len(w.cases()) != 1 || p.ExternalID == "" {
			t.Errorf("%s, %d of ours, %d cases, %+v", c.Head.Status, ours, len(w.cases()), p)
		}
	})
}

func TestTooLong(t *testing.T) {
	each(t, posts, func(t *testing.T, w *world) {
		id, cid := w.opened(1)
		latest, _ := w.load(cid).LatestInbound()
		_, err := w.s.publisher.Publish(t.Context(), webcare.Outgoing{Key: "0123456789abcdef0123456789abcdef", CaseID: cid, Brand: w.brand, Channel: w.s.channel, Latest: latest,
			Draft: webcare.Draft{Text: w.s.long, Language: "nl", Visibility: latest.Visibility, ReplyTo: latest.ReplyTo}})
		if !errors.Is(err, webcare.ErrInvalid) || len(w.s.platform.Answers(id)) != 0 {
			t.Errorf("%v, posted %q", err, w.s.platform.Answers(id))
		}
	})
}

// TestClass: what each fault means for one call, and that the class is true.
func TestClass(t *testing.T) {
	each(t, posts, func(t *testing.T, w *world) {
		for i, tc := range []struct {
			fault    fakes.Fault
			definite bool
		}{{fakes.Limited, true}, {fakes.Expired, true}, {fakes.CutAfter, false}, {fakes.FailAfter, false}, {fakes.FailBefore, false}, {fakes.Garbage, false}} {
			id, cid := w.opened(i)
			latest, _ := w.load(cid).LatestInbound()
			out := webcare.Outgoing{Key: fmt.Sprintf("%032x", i+1), CaseID: cid, Brand: w.brand, Channel: w.s.channel, Latest: latest,
				Draft: webcare.Draft{Text: fmt.Sprintf("%s %d", reply, i), Language: "nl", Visibility: latest.Visibility, ReplyTo: latest.ReplyTo}}
			w.s.platform.Faults().Each(func(r *http.Request) fakes.Fault {
				if isPost(r) {
					return tc.fault
				}
				return fakes.None
			})
			_, err := w.s.publisher.Publish(t.Context(), out)
			w.s.platform.Faults().Each(nil)
			if err == nil { // it looked, and the reply stands
				if n := len(w.s.platform.Answers(id)); tc.definite || n != 1 {
					t.Errorf("fault %d: no error, %d posted", tc.fault, n)
				}
				continue
			}
			w.discreet("an error", err.Error())
			if got := errors.Is(err, webcare.ErrUnavailable) || errors.Is(err, webcare.ErrRefused) || errors.Is(err, webcare.ErrInvalid); got != tc.definite {
				t.Errorf("fault %d: definite %v: %v", tc.fault, got, err)
			}
			w.again(out, id)
		}
	})
}

// again does what the class allows after an unknown outcome, twice.
func (w *world) again(out webcare.Outgoing, id string) {
	w.t.Helper()
	class := w.s.publisher.Class()
	for range 2 {
		found := false
		if class.Findable {
			var err error
			if _, found, err = w.s.publisher.Find(w.t.Context(), out); err != nil {
				w.t.Errorf("Find: %v", err)
			}
			if found != (len(w.s.platform.Answers(id)) == 1) {
				w.t.Errorf("found %v, there are %d", found, len(w.s.platform.Answers(id)))
			}
		}
		if !found && !class.Blind() {
			if _, err := w.s.publisher.Publish(w.t.Context(), out); err != nil {
				w.t.Errorf("posting again: %v", err)
			}
		}
	}
	if got := w.s.platform.Answers(id); len(got) > 1 || (!class.Blind() && len(got) != 1) {
		w.t.Errorf("posted %q", got)
	}
}

func isPost(r *http.Request) bool {
	return r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "Session") && !strings.Contains(r.URL.Path, "oauth") && !strings.HasSuffix(r.URL.Path, "/token")
}

// TestRefused: a post that is gone cannot be answered; nothing is tried twice.
func TestRefused(t *testing.T) {
	each(t, func(s subject) bool { return posts(s) && s.channel != "bluesky" }, func(t *testing.T, w *world) { // a PDS asks nobody whether the parent stands
		id, cid := w.opened(1)
		w.approve(cid, reply)
		w.s.platform.Delete(id, w.clock.Now())
		w.drain()
		if c := w.load(cid); c.Head.Status != webcare.StatusAttention || len(c.Publications) != 1 {
			t.Errorf("%s, %d publications", c.Head.Status, len(c.Publications))
		}
	})
}

// TestFaults: 500 rounds, each with its own faults at random, before, during
// and after the call, on lookups too: a reply is posted once, or a person
// looks; never twice, never lost.
func TestFaults(t *testing.T) {
	each(t, posts, func(t *testing.T, w *world) {
		rounds := 500
		rng := rand.New(rand.NewPCG(6, uint64(len(w.s.channel))))
		w.opened(rounds) // polling begins
		ids, cases := make([]string, rounds), make([]webcare.CaseID, rounds)
		for i := range rounds {
			ids[i] = w.write(fakes.Post{Text: complaint, Mention: true, Handle: fmt.Sprintf("klant%d", i), Stars: 1})
		}
		for range 20 {
			w.poll()
		}
		faults := []fakes.Fault{fakes.CutBefore, fakes.CutDuring, fakes.CutAfter, fakes.FailBefore, fakes.FailAfter, fakes.Limited, fakes.Expired, fakes.Garbage}
		byID := map[string]webcare.CaseID{}
		for _, c := range w.cases() {
			byID[c.Messages[0].Value.Key.ExternalID] = c.Head.ID
		}
		posted, attention := 0, 0
		for i := range rounds {
			cases[i] = byID[ids[i]]
			if cases[i] == "" {
				t.Fatalf("post %d has no case", i)
			}
			w.approve(cases[i], fmt.Sprintf("%s (%d)", reply, i))
			w.s.platform.Faults().Each(func(*http.Request) fakes.Fault {
				if rng.IntN(3) == 0 {
					return faults[rng.IntN(len(faults))]
				}
				return fakes.None
			})
			w.drain()
			w.s.platform.Faults().Each(nil)
			c, n := w.load(cases[i]), len(w.s.platform.Answers(ids[i]))
			switch {
			case n > 1:
				t.Fatalf("round %d: posted %d times", i, n)
			case c.Head.Status == webcare.StatusAnswered && n == 1:
				posted++
			case c.Head.Status == webcare.StatusAttention:
				attention++
			default:
				t.Fatalf("round %d: %s, posted %d times", i, c.Head.Status, n)
			}
			for _, p := range c.Publications {
				w.discreet("a publication", p.Value.Reason)
			}
		}
		t.Logf("%d rounds: %d posted once, %d before a person", rounds, posted, attention)
		if posted < rounds/2 {
			t.Errorf("only %d of %d were posted", posted, rounds)
		}
		w.discreet("the log", w.log.String())
		w.clock.add(time.Second)
	})
}
