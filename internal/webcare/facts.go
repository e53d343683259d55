package webcare

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// A contact is what a customer wrote up to our answer: the case's first
// messages are one, whatever follows on an answer begins another. Insights
// count contacts, and an event that is counted says which one it is about:
//
//	contact         when it began (RFC 3339)
//	fresh           this is its first triage: no earlier labels are taken back
//	before          sentiment of the contact before it, which we answered
//	praise          whether this triage found praise; praise_before: the one before
//	first           this reply is the first to the contact
//	waited, open    seconds until the reply, by the calendar and in opening hours
//	on_time         whether the response clock was kept
//	draft           the reply was "unchanged", "edited" or "written" by a person
//	cost_cents      what the resolution costs

// contact is how the events of a case tell it.
type contact struct {
	began    time.Time
	answered bool
	triaged  string         // the contact whose labels stand, as events write it
	label    SentimentLabel // its sentiment
	before   SentimentLabel // of the contact before that one
}

// contact reads the events so far, those of this step included.
func (ch *Change) contact() contact {
	var c contact
	for _, e := range slices.Concat(ch.caseRead.Events, ch.events) {
		c.read(e)
	}
	if ch.head.Imported {
		c.began = ch.postedAt(c.began)
	}
	return c
}

func (c *contact) read(e Event) {
	switch e.Type {
	case CaseReceived:
		c.began = e.At
	case MessageReceived, MessageRevised, CaseReopened:
		aside := e.Data["automatic"] != "" || e.Data["ours"] != "" || e.Data["history"] != ""
		if c.answered && !aside {
			c.began, c.answered = e.At, false
		}
	case ReplyPublished, ColleagueReplied:
		c.answered = true
	case CaseTriaged, TriageCorrected, CaseTagged:
		if at := e.Data["contact"]; at != "" && e.New != nil {
			if at != c.triaged {
				c.before = c.label
			}
			c.triaged, c.label = at, e.New.Sentiment
		}
	}
}

// postedAt is when imported history was written: that it was taken in today
// says nothing.
func (ch *Change) postedAt(otherwise time.Time) time.Time {
	for _, e := range ch.caseRead.Messages {
		if e.Value.inbound() && !e.Value.PostedAt.IsZero() {
			return e.Value.PostedAt
		}
	}
	return otherwise
}

func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// triageFacts are what a triage event says beside its labels. praised is
// whether the triage before it found praise.
func (ch *Change) triageFacts(t Triage, praised bool) map[string]string {
	c := ch.contact()
	data := map[string]string{"engine": t.Engine, "contact": stampOf(c.began)}
	if len(t.Praise) > 0 {
		data["praise"] = "true"
	}
	before := c.before
	if data["contact"] != c.triaged {
		data["fresh"] = "true"
		before = c.label
	} else if praised {
		data["praise_before"] = "true"
	}
	if before != "" {
		data["before"] = string(before)
	}
	return data
}

// labelFacts are what an event says that changes labels by hand.
func (ch *Change) labelFacts() map[string]string {
	c := ch.contact()
	if c.triaged == "" {
		return nil
	}
	data := map[string]string{"contact": c.triaged}
	if c.before != "" {
		data["before"] = string(c.before)
	}
	if len(ch.caseRead.Triage().Praise) > 0 {
		data["praise"], data["praise_before"] = "true", "true"
	}
	return data
}

// CountOpen tells the step how to count opening hours, so that the events of
// an answer say how long it took by that clock too.
func (ch *Change) CountOpen(between func(from, to time.Time) time.Duration) { ch.openTime = between }

// answerFacts are what an event says that answers the customer. Take them
// before the response clock is stopped.
func (ch *Change) answerFacts(data map[string]string) map[string]string {
	c, h := ch.contact(), ch.head
	if c.began.IsZero() || h.Imported {
		return data
	}
	data = withKey(data, "contact", stampOf(c.began))
	if c.answered {
		return data
	}
	data["first"] = "true"
	data["waited"] = seconds(ch.now.Sub(c.began))
	if ch.openTime != nil {
		data["open"] = seconds(ch.openTime(c.began, ch.now))
	}
	if due := h.DueAt; !due.IsZero() {
		if !h.PausedAt.IsZero() {
			due = due.Add(ch.now.Sub(h.PausedAt))
		}
		data["on_time"] = fmt.Sprint(!ch.now.After(due))
	}
	return data
}

func seconds(d time.Duration) string { return strconv.FormatInt(int64(max(d, 0)/time.Second), 10) }

// draftFacts say what became of the draft that was posted, and what it costs.
func (ch *Change) draftFacts(d Draft, data map[string]string) map[string]string {
	data = withKey(data, "draft", ch.origin(d))
	if d.Resolution != nil && d.Resolution.CostCents != 0 {
		data["cost_cents"] = strconv.FormatInt(d.Resolution.CostCents, 10)
	}
	return data
}

// origin reports whether a person wrote the posted draft, edited it, or left
// the machine's as it was.
func (ch *Change) origin(d Draft) string {
	for _, e := range slices.Backward(ch.caseRead.Decisions) {
		if e.Value.DraftSeq != d.Seq || e.Value.What != EditedAndSent {
			continue
		}
		if from, ok := ch.caseRead.Draft(e.Value.MachineDraftSeq); ok && from.ByPerson {
			return "written"
		}
		return "edited"
	}
	if d.ByPerson {
		return "written"
	}
	return "unchanged"
}

// deskOf is the desk whose work a promise is, "" where it is the team's own.
func (ch *Change) deskOf(promise string) string {
	for _, o := range ch.caseRead.WorkOrders {
		if o.PromiseID == promise {
			return o.Desk
		}
	}
	return ""
}
