package webcare_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestFullestHead: everything that can stand in a head stands there, as long
// and as badly escaped as people and platforms can make it.
func TestFullestHead(t *testing.T) {
	for name, ugly := range map[string]string{"plain": "a", "escaped": "<", "control": "\x01", "broken": "\xff", "wide": "𝔘", "quotes": "\"\\"} {
		t.Run(name, func(t *testing.T) {
			long := strings.Repeat(ugly, 3000)
			lea := webcare.Actor{ID: strings.Repeat("auth0|", 40), Name: long, Authority: webcare.Lead, Person: true}
			l := &life{t: t, s: porttest.NewMemory().Store(), now: porttest.Start.Add(time.Hour), by: &lea}
			l.step(func(ch *webcare.Change) error {
				m := simple("1", long)
				m.Subject, m.URL, m.Thread = long, long, long[:900]
				m.Author = webcare.Author{Name: long, Handle: long, Address: long}
				return ch.Receive(m)
			})
			l.step(func(ch *webcare.Change) error {
				tr := webcare.Triage{Language: "nl", Kind: webcare.KindSuggestion, ComplaintScore: 0.123456789, Urgency: webcare.Critical, Signals: webcare.Signals(),
					Sentiment: webcare.Sentiment{Score: -0.123456789, Label: webcare.Negative}, Disagreement: long}
				for _, f := range webcare.FrictionTypes() {
					tr.Frictions = append(tr.Frictions, webcare.Friction{Type: f})
				}
				return ch.Triaged(tr, ch.Head().InboundSeq, l.now.Add(time.Hour))
			})
			l.step(func(ch *webcare.Change) error {
				d := fullDraft(l.now)
				d.InboundSeq, d.Findings = ch.Head().InboundSeq, nil
				return ch.RecordDraft(d)
			})
			for i := range 12 {
				l.step(func(ch *webcare.Change) error { return ch.Link(webcare.CaseID(fmt.Sprintf("%026d", i))) })
			}
			l.step(func(ch *webcare.Change) error {
				var tags []string
				for i := range 12 {
					tags = append(tags, fmt.Sprintf("%02d-%s", i, strings.Repeat("x", 37)))
				}
				return ch.Tag(tags)
			})
			l.step(func(ch *webcare.Change) error { return ch.Assign(long) })
			seen := webcare.Consent{Ticked: []string{"order gezien"}}
			l.step(func(ch *webcare.Change) error {
				seen.Version, seen.Hash = ch.Head().Version, ch.Head().DraftHash
				return ch.Propose(seen)
			})
			l.step(func(ch *webcare.Change) error {
				seen.Version = ch.Head().Version
				return ch.Approve(seen)
			})
			l.step(func(ch *webcare.Change) error { return ch.Escalate(long, long) })
			l.step(func(ch *webcare.Change) error { _, err := ch.BeginAttempt(blindClass); return err })
			l.step(func(ch *webcare.Change) error {
				m := simple("b", long)
				m.Automatic, m.BounceOf = "bounce", "r"
				return ch.Receive(m)
			})
			h := l.load().Head
			b, err := json.Marshal(h)
			if err != nil || len(b) >= webcare.MaxHeadBytes || h.Attempt == nil || len(h.Links) != 12 || len(h.Tags) != 12 || h.Attention == "" {
				t.Fatalf("%d bytes, %v: %s", len(b), err, b)
			}
		})
	}
}

// TestFullestOutcome: a reply that makes all the promises it may is posted
// while the customer writes and a bounce comes in; all of it is one save.
func TestFullestOutcome(t *testing.T) {
	for _, orders := range []int{0, 1, 2, 3, 4} {
		for promises := orders; promises <= 5; promises++ {
			l := &life{t: t, s: porttest.NewMemory().Store(), now: porttest.Start.Add(time.Hour)}
			l.step(func(ch *webcare.Change) error { return ch.Receive(simple("1", "Waar blijft het?")) })
			l.step(named("triaged"))
			l.step(func(ch *webcare.Change) error {
				d := webcare.Draft{Text: "Sorry", InboundSeq: ch.Head().InboundSeq}
				for i := range promises {
					p := webcare.Promised{What: "bellen", Due: l.now.Add(99 * time.Hour), Owner: "Lea"}
					if i < orders {
						p.Desk, p.Instruction = "finance", fmt.Sprint(i)
					}
					d.Promises = append(d.Promises, p)
				}
				return ch.RecordDraft(d)
			})
			allowed := promises <= 4 && 2*promises+2*orders <= 12
			if err := approveStep(webcare.Begin(l.load(), l.now, leaLead)); (err == nil) != allowed {
				t.Errorf("%d promises, %d of them orders: %v", promises, orders, err)
			}
			if !allowed {
				continue
			}
			l.step(approveStep)
			l.step(named("attempt"))
			task := l.publishTask()
			l.step(named("message"))
			l.step(named("bounce"))
			a := l.load().Head.Attempt
			l.step(func(ch *webcare.Change) error {
				ch.Finishes(task)
				return ch.Conclude(a.Key, a.N, webcare.OutcomePosted, webcare.Receipt{ExternalID: "r", ThreadIDs: []string{"1", "2", "3", "4", "5"}}, "", time.Time{})
			})
			if c := l.load(); c.Head.OpenPromises != promises || c.Head.OpenOrders != orders || c.Head.Status != webcare.StatusAttention {
				t.Errorf("%d promises, %d orders: %+v", promises, orders, c.Head)
			}
		}
	}
}
