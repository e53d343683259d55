package webcare

import "time"

// EventType names what happened. The types up to SentimentSpike are public:
// outbound webhooks carry them.
type EventType string

// Event types.
const (
	CaseReceived     EventType = "case.received"
	CaseTriaged      EventType = "case.triaged"
	DraftReady       EventType = "draft.ready"
	DraftApproved    EventType = "draft.approved"
	DraftRejected    EventType = "draft.rejected"
	ReplyPublished   EventType = "reply.published"
	ReplyFailed      EventType = "reply.failed"
	PromiseMade      EventType = "promise.made"
	PromiseDue       EventType = "promise.due"
	PromiseWasKept   EventType = "promise.kept"
	PromiseWasBroken EventType = "promise.broken"
	WorkOrderCreated EventType = "work_order.created"
	WorkOrderClosed  EventType = "work_order.closed"
	SentimentSpike   EventType = "sentiment.spike"

	// Internal: the audit trail.
	MessageReceived  EventType = "message.received"
	MessageRevised   EventType = "message.revised"
	ApprovalVoided   EventType = "approval.voided"
	ApprovalUndone   EventType = "approval.undone"
	DraftProposed    EventType = "draft.proposed"
	CaseClosed       EventType = "case.closed"
	CaseReopened     EventType = "case.reopened"
	CaseIgnored      EventType = "case.ignored"
	CaseAttention    EventType = "case.attention"
	CaseWaiting      EventType = "case.waiting"
	CaseAssigned     EventType = "case.assigned"
	CaseSnoozed      EventType = "case.snoozed"
	CaseEscalated    EventType = "case.escalated"
	CaseTagged       EventType = "case.tagged"
	CaseLinked       EventType = "case.linked"
	CaseNoted        EventType = "case.noted"
	TriageCorrected  EventType = "triage.corrected"
	AttemptStarted   EventType = "attempt.started"
	ColleagueReplied EventType = "colleague.replied"
	CaseHeld         EventType = "case.held"
)

// Event is what happened, by whom: append-only. Audit trail, webhooks and
// insights all read it. It carries labels old and new, never texts.
type Event struct {
	ID      string    `json:"id"` // caseID + "/" + sequence: unique for ever
	Type    EventType `json:"type"`
	CaseID  CaseID    `json:"case_id"`
	Seq     int64     `json:"seq"` // place among the case's children
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Brand   string    `json:"brand"`
	Channel string    `json:"channel"`

	// Old and New are the case's labels before and after.
	Old *Labels `json:"old,omitempty"`
	New *Labels `json:"new,omitempty"`
	// Data holds small facts of this type: hash, outcome, reason kind, due.
	Data map[string]string `json:"data,omitempty"`
}

// Labels are what insights count.
type Labels struct {
	Status    Status         `json:"status,omitempty"`
	Language  string         `json:"language,omitempty"`
	Complaint bool           `json:"complaint,omitempty"`
	Kind      Kind           `json:"kind,omitempty"`
	Frictions []FrictionType `json:"frictions,omitempty"`
	Sentiment SentimentLabel `json:"sentiment,omitempty"`
	Urgency   Urgency        `json:"urgency,omitempty"`
	Signals   []Signal       `json:"signals,omitempty"`
	Tags      []string       `json:"tags,omitempty"`
}
