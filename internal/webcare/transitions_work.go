package webcare

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// makePromises enters what a posted draft promised, and its work orders.
func (ch *Change) makePromises(d Draft) {
	for i, p := range d.Promises {
		pr := Promise{ID: promiseID(d, i), What: p.What, Due: p.Due, Owner: p.Owner, State: PromiseOpen, MadeAt: ch.now}
		ch.append(ChildPromise, pr)
		ch.head.OpenPromises++
		ch.event(PromiseMade, map[string]string{"promise": pr.ID, "due": pr.Due.Format(time.RFC3339), "owner": pr.Owner})
		if p.Desk != "" && !p.Before {
			ch.order(d, i)
		}
	}
	ch.scheduleFollowup(d.Expires())
}

func promiseID(d Draft, i int) string { return fmt.Sprintf("p%d-%d", d.Seq, i+1) }

// ordersBefore makes the work orders that start at approval.
func (ch *Change) ordersBefore(d Draft) {
	for i, p := range d.Promises {
		if p.Desk != "" && p.Before {
			ch.order(d, i)
		}
	}
}

func (ch *Change) order(d Draft, i int) {
	p := d.Promises[i]
	w := WorkOrder{ID: fmt.Sprintf("w%d-%d", d.Seq, i+1), PromiseID: promiseID(d, i), Desk: p.Desk, Instruction: p.Instruction,
		Due: p.Due, State: WorkOrderOpen, MadeAt: ch.now}
	if slices.ContainsFunc(ch.caseRead.WorkOrders, func(o WorkOrder) bool { return o.ID == w.ID }) {
		return // approved, undone and approved again: the desk has it already
	}
	ch.append(ChildWorkOrder, w)
	ch.head.OpenOrders++
	ch.event(WorkOrderCreated, map[string]string{"work_order": w.ID, "desk": w.Desk, "due": w.Due.Format(time.RFC3339)})
}

func (ch *Change) scheduleFollowup(due time.Time) {
	if !due.IsZero() {
		ch.task(StageFollowup, due, nil)
	}
}

// EndPromise marks an open promise kept, with a note how.
func (ch *Change) EndPromise(id string, kept bool, note string) error {
	i := slices.IndexFunc(ch.caseRead.Promises, func(p Promise) bool { return p.ID == id })
	if i < 0 {
		return NotFoundf("promise %q", id)
	}
	p := ch.caseRead.Promises[i]
	if p.State == PromiseKept || (p.State == PromiseBroken && !kept) {
		return Conflictf("the promise is %s", p.State)
	}
	wasOpen := p.State == PromiseOpen
	p.State, p.Note, p.EndedAt = PromiseBroken, note, ch.now
	typ := PromiseWasBroken
	if kept {
		p.State, typ = PromiseKept, PromiseWasKept
	}
	ch.append(ChildPromise, p)
	if wasOpen {
		ch.head.OpenPromises--
	}
	ch.event(typ, map[string]string{"promise": id, "owner": p.Owner})
	return nil
}

// FallDue is what the follow-up stage does with a case: open promises whose
// term has passed are broken and told; the next one is scheduled.
func (ch *Change) FallDue() error {
	var next time.Time
	ended := 0
	for _, p := range ch.caseRead.Promises {
		if p.State != PromiseOpen {
			continue
		}
		if !p.Due.After(ch.now) {
			if ended++; ended > MaxPromises { // the rest in a save of their own
				next = ch.now
				continue
			}
			if err := ch.EndPromise(p.ID, false, ""); err != nil {
				return err
			}
			continue
		}
		if next.IsZero() || p.Due.Before(next) {
			next = p.Due
		}
	}
	h := &ch.head
	for _, t := range []time.Time{h.SnoozedUntil, h.WaitingUntil} {
		if !t.IsZero() && t.After(ch.now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if !h.SnoozedUntil.IsZero() && !h.SnoozedUntil.After(ch.now) {
		h.SnoozedUntil = time.Time{}
		ch.event(CaseSnoozed, map[string]string{"over": "true"})
	}
	if h.Status == StatusWaiting && !h.WaitingUntil.IsZero() && !h.WaitingUntil.After(ch.now) {
		ch.attention("waited for " + h.WaitingFor + " until today")
	}
	ch.scheduleFollowup(next)
	return nil
}

// EndWorkOrder records what a desk answered: done with its reference, or
// refused with a reason. Done keeps the promise behind it; refused puts the
// case before a person.
func (ch *Change) EndWorkOrder(id string, done bool, text string) error {
	i := slices.IndexFunc(ch.caseRead.WorkOrders, func(w WorkOrder) bool { return w.ID == id })
	if i < 0 {
		return NotFoundf("work order %q", id)
	}
	w := ch.caseRead.WorkOrders[i]
	if w.State != WorkOrderOpen {
		return Conflictf("the work order is %s", w.State)
	}
	w.EndedAt = ch.now
	if done {
		w.State, w.Reference = WorkOrderDone, clip(text, maxHeadText)
	} else {
		w.State, w.Reason = WorkOrderRefused, clip(text, maxReasonText)
	}
	ch.append(ChildWorkOrder, w)
	ch.head.OpenOrders--
	ch.event(WorkOrderClosed, map[string]string{"work_order": id, "state": string(w.State), "desk": w.Desk})
	if done {
		j := slices.IndexFunc(ch.caseRead.Promises, func(p Promise) bool { return p.ID == w.PromiseID && p.State != PromiseKept })
		if j >= 0 {
			return ch.EndPromise(w.PromiseID, true, w.Reference)
		}
		return nil
	}
	why := clip("the desk "+w.Desk+" refused: "+w.Reason, maxReasonText)
	if ch.head.Status == StatusPublishing {
		ch.head.Attention = why // Conclude puts it before a person
		return nil
	}
	ch.voidApproval("a desk refused a work order")
	ch.attention(why)
	return nil
}

// Assign gives the case to a person, "" for nobody.
func (ch *Change) Assign(to string) error {
	if err := ch.person("assign a case"); err != nil {
		return err
	}
	ch.head.Assignee = clip(to, maxHeadText)
	ch.event(CaseAssigned, map[string]string{"to": ch.head.Assignee})
	return nil
}

// Snooze hides the case from the queue until a time.
func (ch *Change) Snooze(until time.Time) error {
	if err := ch.person("snooze a case"); err != nil {
		return err
	}
	if err := ch.need("snooze", StatusInReview, StatusAttention, StatusTriaged, StatusWaiting); err != nil {
		return err
	}
	if !until.After(ch.now) {
		return Invalidf("until: %s has passed", until.Format(time.RFC3339))
	}
	ch.head.SnoozedUntil = until.UTC().Truncate(time.Millisecond)
	ch.event(CaseSnoozed, map[string]string{"until": until.Format(time.RFC3339)})
	ch.task(StageFollowup, until, nil)
	return nil
}

// Wait parks the case on the customer or a desk until a time; waiting on the
// customer pauses the response clock.
func (ch *Change) Wait(on string, until time.Time) error {
	if err := ch.person("let a case wait"); err != nil {
		return err
	}
	if err := ch.need("wait", StatusInReview, StatusAttention, StatusTriaged, StatusAnswered, StatusWaiting); err != nil {
		return err
	}
	if on == "" || !until.After(ch.now) {
		return Invalidf("waiting needs a desk or \"customer\", and a time to come")
	}
	if on != "customer" {
		ch.resumeClock()
	}
	ch.becomes(StatusWaiting)
	ch.head.WaitingFor, ch.head.WaitingUntil = clip(on, maxHeadText), until.UTC().Truncate(time.Millisecond)
	if on == "customer" && ch.head.PausedAt.IsZero() && !ch.head.DueAt.IsZero() {
		ch.head.PausedAt = ch.now
	}
	ch.event(CaseWaiting, map[string]string{"on": ch.head.WaitingFor, "until": until.Format(time.RFC3339)})
	ch.task(StageFollowup, until, nil)
	return nil
}

// stopWaiting ends a wait, whoever it was on.
func (ch *Change) stopWaiting() {
	ch.resumeClock()
	ch.head.WaitingFor, ch.head.WaitingUntil = "", time.Time{}
}

// resumeClock shifts the response clock by the time it stood still.
func (ch *Change) resumeClock() {
	h := &ch.head
	if !h.PausedAt.IsZero() && !h.DueAt.IsZero() {
		h.DueAt = h.DueAt.Add(ch.now.Sub(h.PausedAt))
	}
	h.PausedAt = time.Time{}
}

// Escalate asks somebody with more authority to look.
func (ch *Change) Escalate(to, why string) error {
	if err := ch.person("escalate a case"); err != nil {
		return err
	}
	if to == "" {
		return Invalidf("to: say to whom")
	}
	ch.head.EscalatedTo = clip(to, maxHeadText)
	ch.event(CaseEscalated, map[string]string{"to": ch.head.EscalatedTo})
	if why != "" {
		ch.append(ChildNote, Note{By: ch.actor, At: ch.now, Text: why})
	}
	return nil
}

// AddNote adds an internal remark.
func (ch *Change) AddNote(text string) error {
	if strings.TrimSpace(text) == "" {
		return Invalidf("text: a note needs words")
	}
	ch.append(ChildNote, Note{By: ch.actor, At: ch.now, Text: text})
	ch.event(CaseNoted, nil)
	return nil
}

// Tag sets the case's tags.
func (ch *Change) Tag(tags []string) error {
	if len(tags) > maxTags {
		return Invalidf("tags: at most %d", maxTags)
	}
	clean := make([]string, 0, len(tags))
	for _, t := range tags {
		t = strings.ToLower(strings.TrimSpace(t))
		if t == "" || clip(t, maxTagBytes) != t {
			return Invalidf("tags: %q is empty or longer than %d bytes", t, maxTagBytes)
		}
		if !slices.Contains(clean, t) {
			clean = append(clean, t)
		}
	}
	ch.head.Tags = clean
	ch.event(CaseTagged, nil)
	return nil
}

// Link notes that another case is about the same thing, or by the same customer.
func (ch *Change) Link(other CaseID) error {
	if other == "" || other == ch.head.ID {
		return Invalidf("case: a case cannot be linked to %q", other)
	}
	if slices.Contains(ch.head.Links, other) {
		return nil
	}
	if len(ch.head.Links) >= maxTags {
		return Invalidf("case: at most %d links", maxTags)
	}
	ch.head.Links = append(ch.head.Links, other)
	ch.event(CaseLinked, map[string]string{"case": string(other)})
	return nil
}

// Correct replaces labels of the triage by a person's.
func (ch *Change) Correct(c Correction) error {
	if err := ch.person("correct a triage"); err != nil {
		return err
	}
	for _, f := range c.Frictions {
		if !f.Valid() {
			return Invalidf("frictions: unknown type %q", f)
		}
	}
	if len(c.Frictions) > maxFrictions {
		return Invalidf("frictions: at most %d", maxFrictions)
	}
	c.By, c.At = ch.actor, ch.now
	ch.append(ChildCorrection, c)
	h := &ch.head
	if c.Frictions != nil {
		h.Frictions = slices.Clone(c.Frictions)
	}
	if c.Sentiment != "" {
		h.Sentiment.Label = c.Sentiment
	}
	if c.Urgency != "" {
		h.Urgency = c.Urgency
	}
	if c.Complaint != nil {
		h.Complaint = *c.Complaint
	}
	ch.event(TriageCorrected, nil)
	return nil
}
