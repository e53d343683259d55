package channeltest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/webcare"
)

const aside = "Wat is je bestelnummer? Dan zoek ik het op. ^Lea"

// halves are the public and private texts that stand on a platform.
func halves(p fakes.Platform, id string) (public, private []string) {
	for _, text := range p.Answers(id) {
		isPrivate := false
		switch p := p.(type) {
		case *fakes.Mastodon:
			isPrivate = p.Seen(id, text) == "direct"
		case *fakes.Meta:
			isPrivate = p.Privately(id) == text
		}
		if isPrivate {
			private = append(private, text)
		} else {
			public = append(public, text)
		}
	}
	return public, private
}

func pairs(s subject) bool {
	return s.channel == "mastodon" || s.channel == "facebook" || s.channel == "instagram"
}

func (w *world) approvePair(id webcare.CaseID, text, private string) {
	w.t.Helper()
	w.step(id, webcare.Machine("triage"), func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: webcare.Normal}, ch.Head().InboundSeq, w.clock.Now().Add(time.Hour))
	})
	latest, _ := w.load(id).LatestInbound()
	w.step(id, webcare.Machine("draft"), func(ch *webcare.Change) error {
		return ch.RecordDraft(webcare.Draft{Text: text, PrivateText: private, Language: "nl", Visibility: latest.Visibility, ReplyTo: latest.ReplyTo, SignedBy: "Lea", InboundSeq: ch.Head().InboundSeq})
	})
	w.step(id, lea, func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Undo: time.Second})
	})
}

// TestPairs: the public half where all can read it, the private one to the
// customer alone, and the customer's answer to it on the same case.
func TestPairs(t *testing.T) {
	each(t, pairs, func(t *testing.T, w *world) {
		id, cid := w.opened(1)
		w.approvePair(cid, reply, aside)
		w.drain()
		public, private := halves(w.s.platform, id)
		if len(public) != 1 || !strings.HasSuffix(public[0], reply) || len(private) != 1 || !strings.HasSuffix(private[0], aside) {
			t.Fatalf("public %q, private %q", public, private)
		}
		for range 3 { // both halves come back by the source
			w.poll()
		}
		c := w.load(cid)
		if c.Head.Status != webcare.StatusAnswered || len(w.cases()) != 1 {
			t.Errorf("%s, %d cases", c.Head.Status, len(w.cases()))
		}
	})
}

// TestPairFaults: with faults at random at every call, each half stands once,
// or a person looks; a private half never stands in public.
func TestPairFaults(t *testing.T) {
	each(t, pairs, func(t *testing.T, w *world) {
		rng := rand.New(rand.NewPCG(12, uint64(len(w.s.channel))))
		faults := []fakes.Fault{fakes.CutBefore, fakes.CutDuring, fakes.CutAfter, fakes.FailBefore, fakes.FailAfter, fakes.Limited, fakes.Garbage}
		both, attention := 0, 0
		for i := range 120 {
			id, cid := w.opened(i)
			w.approvePair(cid, fmt.Sprintf("%s (%d)", reply, i), fmt.Sprintf("%s (%d)", aside, i))
			w.s.platform.Faults().Each(func(*http.Request) fakes.Fault {
				if rng.IntN(4) == 0 {
					return faults[rng.IntN(len(faults))]
				}
				return fakes.None
			})
			w.drain()
			w.s.platform.Faults().Each(nil)
			c := w.load(cid)
			public, private := halves(w.s.platform, id)
			switch {
			case len(public) > 1 || len(private) > 1:
				t.Fatalf("round %d: %q, %q", i, public, private)
			case len(public) == 1 && strings.Contains(public[0], aside):
				t.Fatalf("round %d: the private half stands in public", i)
			case c.Head.Status == webcare.StatusAnswered && len(public) == 1 && len(private) == 1:
				both++
			case c.Head.Status == webcare.StatusAttention:
				attention++
			default:
				t.Fatalf("round %d: %s, %q, %q", i, c.Head.Status, public, private)
			}
		}
		if both < 60 {
			t.Errorf("%d posted, %d before a person", both, attention)
		}
	})
}

// TestPrivateWindow: after seven days, and after a private reply that stands
// already, nothing at all is posted of a pair; the public half alone still is.
func TestPrivateWindow(t *testing.T) {
	for _, open := range []func(*testing.T, *world) subject{onFacebook, onInstagram} {
		w := newWorld(t, open)
		late, lateCase := w.opened(1)
		w.clock.add(8 * 24 * time.Hour)
		w.approvePair(lateCase, reply, aside)
		w.drain()
		if c := w.load(lateCase); c.Head.Status != webcare.StatusAttention || !strings.Contains(c.Head.Attention, "seven days") || len(w.s.platform.Answers(late)) != 0 {
			t.Errorf("%s: %s (%s), posted %q", w.s.channel, c.Head.Status, c.Head.Attention, w.s.platform.Answers(late))
		}
		other, otherCase := w.opened(2)
		w.clock.add(30 * 24 * time.Hour)
		w.approve(otherCase, reply)
		w.drain()
		if got := w.s.platform.Answers(other); len(got) != 1 {
			t.Errorf("%s: %q", w.s.channel, got)
		}
	}
}

// TestPrivateRefused: a comment that Meta takes no private reply to is answered
// with both halves or none.
func TestPrivateRefused(t *testing.T) {
	w := newWorld(t, onFacebook)
	id, cid := w.opened(1)
	latest, _ := w.load(cid).LatestInbound()
	out := webcare.Outgoing{Key: strings.Repeat("0", 32), CaseID: cid, Brand: w.brand, Channel: w.s.channel, Latest: latest,
		Draft: webcare.Draft{Text: reply, PrivateText: aside, Language: "nl", Visibility: latest.Visibility, ReplyTo: latest.ReplyTo}}
	if _, err := w.s.publisher.Publish(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	out.Key, out.Draft.Text = strings.Repeat("1", 32), "Nog iets. ^Lea"
	if _, err := w.s.publisher.Publish(t.Context(), out); !errors.Is(err, webcare.ErrRefused) || len(w.s.platform.Answers(id)) != 2 {
		t.Errorf("%v, %q", err, w.s.platform.Answers(id))
	}
}

// TestHide: a comment that shows personal data goes out of sight, and back, as
// often as is asked.
func TestHide(t *testing.T) {
	for _, open := range []func(*testing.T, *world) subject{onFacebook, onInstagram} {
		w := newWorld(t, open)
		p := w.s.platform.(*fakes.Meta)
		id, other := w.write(fakes.Post{Text: "Bel me op 06-12345678, ik wacht al weken!"}), w.write(fakes.Post{Text: complaint, Handle: "kim"})
		h := w.s.publisher.(channel.Hider)
		for _, hidden := range []bool{true, true, false, false, true} {
			if err := h.Hide(t.Context(), id, hidden); err != nil || p.Hidden(id) != hidden || p.Hidden(other) {
				t.Errorf("%s: hidden %v, wanted %v, %v", w.s.channel, p.Hidden(id), hidden, err)
			}
		}
		p.Faults().Next(fakes.Expired)
		err := h.Hide(t.Context(), id, false)
		if cred := (*channel.CredentialError)(nil); !errors.As(err, &cred) || cred.Todo == "" {
			t.Errorf("%s: %v", w.s.channel, err)
		}
		w.discreet("an error", err.Error())
		if err := h.Hide(t.Context(), "88001_999", true); err == nil {
			t.Errorf("%s: a comment that is not there was hidden", w.s.channel)
		}
	}
}

// TestTight: an instance that takes less than drafts may have is seen before a
// draft is made.
func TestTight(t *testing.T) {
	w := newWorld(t, onMastodon)
	w.s.platform.(*fakes.Mastodon).Limit = 400
	id := w.write(fakes.Post{Text: complaint, Mention: true})
	if h := w.poll(); !strings.Contains(h.Error, "takes 400 characters") || !strings.Contains(h.Todo, `length: "400"`) || w.caseOf(id) == nil {
		t.Errorf("%+v", h)
	}
}

// TestSameMessageID: two mails with one Message-ID and other words both stand;
// the same mail twice stands once.
func TestSameMessageID(t *testing.T) {
	w := newWorld(t, onMailbox)
	p := w.s.platform.(*fakes.Mailbox)
	for _, text := range []string{"Eerste mail", "Heel iets anders", "Eerste mail"} {
		w.clock.add(time.Second)
		p.Put([]byte("From: Kim <kim@klant.example>\r\nTo: x@voorbeeld.nl\r\nSubject: "+text+"\r\nMessage-ID: <zelfde@kapot.example>\r\n\r\n"+text+"\r\n"), w.clock.Now())
	}
	w.poll()
	p.Renumber(0)
	w.poll()
	texts := map[string]int{}
	for _, c := range w.cases() {
		for _, m := range c.Messages {
			texts[m.Value.Text]++
		}
	}
	if len(texts) != 2 || texts["Eerste mail"] != 1 || texts["Heel iets anders"] != 1 {
		t.Errorf("%v", texts)
	}
}
