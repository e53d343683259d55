package webcare

import (
	"fmt"
	"slices"
	"time"
)

// makePromises enters what a posted draft promised, and its work orders.
func (ch *Change) makePromises(d Draft) {
	for i, p := range d.Promises {
		pr := Promise{ID: promiseID(d, i), What: p.What, Due: p.Due, Owner: p.Owner, State: PromiseOpen, MadeAt: ch.now}
		kept, note := ch.doneBefore(pr.ID)
		if kept {
			pr.State, pr.Note, pr.EndedAt = PromiseKept, note, ch.now
		} else {
			ch.head.OpenPromises++
		}
		ch.append(ChildPromise, pr)
		ch.event(PromiseMade, map[string]string{"promise": pr.ID, "due": pr.Due.Format(time.RFC3339), "owner": pr.Owner, "desk": p.Desk})
		if kept {
			ch.event(PromiseWasKept, map[string]string{"promise": pr.ID, "owner": pr.Owner, "desk": p.Desk})
		}
		if p.Desk != "" && !p.Before {
			ch.order(d, i)
		}
	}
	ch.followPromises(d)
}

// followPromises has the follow-up stage look at what a posted draft promised:
// at once where a desk is to be told, else when the first reminder is due.
func (ch *Change) followPromises(d Draft) {
	first := ch.now.Add(QuietTerm)
	for _, p := range d.Promises {
		at := Promise{Due: p.Due, MadeAt: ch.now}.RemindAt()
		if p.Desk != "" {
			at = ch.now
		}
		if at.Before(first) {
			first = at
		}
	}
	ch.scheduleFollowup(first)
}

// doneBefore reports whether a desk has already done what a promise is about,
// and the desk's reference.
func (ch *Change) doneBefore(promise string) (bool, string) {
	for _, o := range ch.caseRead.WorkOrders {
		if o.PromiseID == promise && o.State == WorkOrderDone {
			return true, o.Reference
		}
	}
	return false, ""
}

func promiseID(d Draft, i int) string { return fmt.Sprintf("p%d-%d", d.Seq, i+1) }

// ordersBefore makes the work orders that start at approval.
func (ch *Change) ordersBefore(d Draft) {
	some := false
	for i, p := range d.Promises {
		if p.Desk != "" && p.Before {
			ch.order(d, i)
			some = true
		}
	}
	if some {
		ch.scheduleFollowup(ch.now) // it tells the desk
	}
}

func (ch *Change) order(d Draft, i int) {
	p := d.Promises[i]
	w := WorkOrder{ID: fmt.Sprintf("w%d-%d", d.Seq, i+1), PromiseID: promiseID(d, i), Desk: p.Desk, Instruction: p.Instruction,
		Due: p.Due, State: WorkOrderOpen, MadeAt: ch.now}
	if p.Before && ch.ordered(w) {
		return
	}
	ch.append(ChildWorkOrder, w)
	ch.head.OpenOrders++
	ch.event(WorkOrderCreated, map[string]string{"work_order": w.ID, "desk": w.Desk, "due": w.Due.Format(time.RFC3339)})
}

// ordered reports whether the desk has the order already, from an approval that
// was undone or overtaken before anything was posted. It then belongs to the
// promise of w, and nothing is asked of the desk twice.
func (ch *Change) ordered(w WorkOrder) bool {
	for _, o := range ch.caseRead.WorkOrders {
		posted := slices.ContainsFunc(ch.caseRead.Promises, func(p Promise) bool { return p.ID == o.PromiseID })
		if posted || o.Desk != w.Desk || o.Instruction != w.Instruction || o.State == WorkOrderRefused {
			continue
		}
		if slices.Contains(ch.adopted, o.ID) {
			continue // by an earlier promise of the same draft
		}
		ch.adopted = append(ch.adopted, o.ID)
		if o.PromiseID != w.PromiseID {
			o.PromiseID = w.PromiseID
			ch.append(ChildWorkOrder, o)
		}
		return true
	}
	return false
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
		if h := ch.head; kept && h.OpenPromises == 0 && h.Status == StatusAnswered && !h.AnsweredAt.Add(QuietTerm).After(ch.now) {
			ch.scheduleFollowup(ch.now) // it was all that the case stayed open for
		}
	}
	data := map[string]string{"promise": id, "owner": p.Owner, "desk": ch.deskOf(id)}
	if !wasOpen {
		data["late"] = "true" // it was broken before
	}
	ch.event(typ, data)
	return nil
}

// FallDue is what the follow-up stage does with a case: open promises whose
// term has passed are broken and told, snoozes and waits end, a draft that
// promises a date which has passed is written anew; what comes next is
// scheduled.
func (ch *Change) FallDue() error {
	next, err := ch.minePromises()
	if err != nil {
		return err
	}
	for _, w := range ch.caseRead.WorkOrders {
		if tell, at := w.Notice(ch.now); !tell && !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	h := &ch.head
	if !h.SnoozedUntil.IsZero() && !h.SnoozedUntil.After(ch.now) {
		h.SnoozedUntil = time.Time{}
		ch.event(CaseSnoozed, map[string]string{"over": "true"})
	}
	if h.Status == StatusWaiting && !h.WaitingUntil.IsZero() && !h.WaitingUntil.After(ch.now) {
		ch.attention("waited for " + h.WaitingFor + " until today")
	}
	ch.expireDraft()
	quiet := ch.closeQuiet()
	for _, t := range []time.Time{quiet, h.SnoozedUntil, h.WaitingUntil, h.DraftExpires} {
		if t.After(ch.now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	ch.scheduleFollowup(next)
	return nil
}

// minePromises reminds of open promises, escalates those whose term has passed
// and breaks those that were not kept even so. It returns when the next one
// is due.
func (ch *Change) minePromises() (next time.Time, err error) {
	steps := 0
	for _, p := range ch.caseRead.Promises {
		if p.State != PromiseOpen {
			continue
		}
		if at := p.next(); at.After(ch.now) {
			if next.IsZero() || at.Before(next) {
				next = at
			}
			continue
		}
		if steps++; steps > MaxPromises { // the rest in a save of their own
			return ch.now, nil
		}
		if !p.Due.Add(PromiseGrace).After(ch.now) {
			if err := ch.EndPromise(p.ID, false, ""); err != nil {
				return next, err
			}
			continue
		}
		if at := ch.remind(p); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// remind tells of a promise whose term is about to end, or has ended: then it
// is escalated. It returns when the promise is to be looked at again.
func (ch *Change) remind(p Promise) time.Time {
	data := map[string]string{"promise": p.ID, "owner": p.Owner, "desk": ch.deskOf(p.ID), "due": p.Due.Format(time.RFC3339), "stage": "reminder"}
	p.Told = 1
	if !p.Due.After(ch.now) {
		p.Told, data["stage"] = 2, "due"
		if ch.head.EscalatedTo == "" {
			ch.head.EscalatedTo = string(Lead)
		}
	}
	ch.append(ChildPromise, p)
	ch.event(PromiseDue, data)
	return p.next()
}

// OrderTold records that the desk of an open work order was told of it, or
// reminded.
func (ch *Change) OrderTold(id string) {
	for _, w := range ch.caseRead.WorkOrders {
		if w.ID == id && w.State == WorkOrderOpen {
			w.Told++
			ch.append(ChildWorkOrder, w)
			if at := w.RemindAt(); w.Told == 1 && at.After(ch.now) {
				ch.scheduleFollowup(at)
			}
		}
	}
}

// QuietTerm is how long an answered case stays open for what the customer says
// to the answer.
const QuietTerm = 7 * 24 * time.Hour

// closeQuiet closes an answered case about which nobody has said anything
// since and nothing is left to do; it returns when that will be, zero for
// never. A case with an open promise or order stays.
func (ch *Change) closeQuiet() time.Time {
	h := &ch.head
	if h.Status != StatusAnswered || h.AnsweredAt.IsZero() {
		return time.Time{}
	}
	at := h.AnsweredAt.Add(QuietTerm)
	if at.After(ch.now) {
		return at
	}
	if h.OpenPromises > 0 || h.OpenOrders > 0 {
		return time.Time{} // what ends them comes back here
	}
	h.Status = StatusClosed
	ch.event(CaseClosed, map[string]string{"why": "quiet"})
	return time.Time{}
}

// expireDraft has a machine's draft written anew once a date in it has passed.
// A person's own draft is left to that person: approving it answers conflict.
func (ch *Change) expireDraft() {
	h := &ch.head
	if h.Status != StatusInReview || h.DraftExpires.IsZero() || h.DraftExpires.After(ch.now) {
		return
	}
	if d, ok := ch.caseRead.CurrentDraft(); !ok || d.ByPerson {
		return
	}
	hash := h.DraftHash
	ch.dropDraft()
	ch.becomes(StatusTriaged)
	ch.event(DraftRejected, map[string]string{"hash": hash, "why": "a date in it has passed"})
	ch.wantDraft(nil)
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
	if text != "" {
		ch.append(ChildNote, Note{By: ch.actor, At: ch.now, Text: w.Desk + ": " + text})
	}
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
