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
