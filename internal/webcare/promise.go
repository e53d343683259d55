package webcare

import "time"

// PromiseState is open, kept or broken.
type PromiseState string

// Promise states.
const (
	PromiseOpen   PromiseState = "open"
	PromiseKept   PromiseState = "kept"
	PromiseBroken PromiseState = "broken"
)

// Promise is something we told the customer we would do. It stands as several
// children of its case, one per change; the last one holds.
type Promise struct {
	ID      string       `json:"id"` // unique in its case
	What    string       `json:"what"`
	Due     time.Time    `json:"due"`
	Owner   string       `json:"owner"`
	State   PromiseState `json:"state"`
	Note    string       `json:"note,omitempty"` // how it was kept
	MadeAt  time.Time    `json:"made_at"`
	EndedAt time.Time    `json:"ended_at,omitzero"`
	// Told counts how often its owner was told that its term ends: reminded
	// before, escalated at.
	Told int `json:"told,omitempty"`
}

// PromiseGrace is how long after its term an open promise is broken: whoever
// it was escalated to may have kept it and not said so yet.
const PromiseGrace = time.Hour

// RemindAt is when the owner of a promise is reminded: when a quarter of its
// term is left, a day before at the earliest.
func (p Promise) RemindAt() time.Time {
	return p.Due.Add(-min(p.Due.Sub(p.MadeAt)/4, 24*time.Hour))
}

// next is when something is to be done about an open promise.
func (p Promise) next() time.Time {
	switch p.Told {
	case 0:
		return p.RemindAt()
	case 1:
		return p.Due
	}
	return p.Due.Add(PromiseGrace)
}

// WorkOrderState is open, done or refused.
type WorkOrderState string

// Work order states.
const (
	WorkOrderOpen    WorkOrderState = "open"
	WorkOrderDone    WorkOrderState = "done"
	WorkOrderRefused WorkOrderState = "refused"
)

// WorkOrder is a step done outside this system: a refund, a visit, a letter.
type WorkOrder struct {
	ID          string         `json:"id"` // unique in its case
	PromiseID   string         `json:"promise_id,omitempty"`
	Desk        string         `json:"desk"`
	Instruction string         `json:"instruction"`
	Due         time.Time      `json:"due"`
	State       WorkOrderState `json:"state"`
	Reference   string         `json:"reference,omitempty"` // the desk's own number, when done
	Reason      string         `json:"reason,omitempty"`    // when refused
	MadeAt      time.Time      `json:"made_at"`
	EndedAt     time.Time      `json:"ended_at,omitzero"`
	// Told counts the notices sent to the desk: the order, then a reminder.
	Told int `json:"told,omitempty"`
}

// RemindAt is when a desk is reminded of an order that it has not answered.
func (w WorkOrder) RemindAt() time.Time {
	return w.Due.Add(-min(w.Due.Sub(w.MadeAt)/4, 24*time.Hour))
}

// Notice reports whether the desk is to be told at now, and when it is to be
// told next, zero for never.
func (w WorkOrder) Notice(now time.Time) (tell bool, next time.Time) {
	switch {
	case w.State != WorkOrderOpen || w.Told > 1:
		return false, time.Time{}
	case w.Told == 0:
		return true, w.RemindAt()
	}
	return !w.RemindAt().After(now), w.RemindAt()
}

// Note is an internal remark on a case; it never leaves.
type Note struct {
	By   Actor     `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Correction is a person's change to the triage.
type Correction struct {
	By        Actor          `json:"by"`
	At        time.Time      `json:"at"`
	Frictions []FrictionType `json:"frictions"`
	Sentiment SentimentLabel `json:"sentiment,omitempty"`
	Urgency   Urgency        `json:"urgency,omitempty"`
	Complaint *bool          `json:"complaint,omitempty"`
}
