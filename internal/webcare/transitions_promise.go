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
	ch.scheduleFollowup(d.Expires())
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
	next, err := ch.breakPromises()
	if err != nil {
		return err
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
	for _, t := range []time.Time{h.SnoozedUntil, h.WaitingUntil, h.DraftExpires} {
		if t.After(ch.now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	ch.scheduleFollowup(next)
	return nil
}

// breakPromises breaks open promises whose term has passed, and returns when
// the next one is due.
func (ch *Change) breakPromises() (next time.Time, err error) {
	ended := 0
	for _, p := range ch.caseRead.Promises {
		switch {
		case p.State != PromiseOpen:
			continue
		case p.Due.After(ch.now):
			if next.IsZero() || p.Due.Before(next) {
				next = p.Due
			}
			continue
		}
		if ended++; ended > MaxPromises { // the rest in a save of their own
			return ch.now, nil
		}
		if err := ch.EndPromise(p.ID, false, ""); err != nil {
			return next, err
		}
	}
	return next, nil
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
