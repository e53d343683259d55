package webcare

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Head is the small, versioned part of a case: what lists show and filters
// ask. Every save of a head carries the version it expects; claims, presence
// and half-written edits live in Records and never raise it.
type Head struct {
	ID      CaseID `json:"id"`
	Brand   string `json:"brand"`
	Channel string `json:"channel"`
	Thread  string `json:"thread,omitempty"`
	Version int64  `json:"version"`  // 0 means: not stored yet
	NextSeq int64  `json:"next_seq"` // the sequence number of the next child, from 1

	Status   Status `json:"status"`
	Author   Author `json:"author"`
	Subject  string `json:"subject,omitempty"`
	Excerpt  string `json:"excerpt,omitempty"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`

	Kind           Kind           `json:"kind,omitempty"`
	Complaint      bool           `json:"complaint,omitempty"`
	ComplaintScore float64        `json:"complaint_score,omitempty"`
	Sentiment      Sentiment      `json:"sentiment,omitzero"`
	Urgency        Urgency        `json:"urgency,omitempty"`
	Frictions      []FrictionType `json:"frictions,omitempty"`
	Signals        []Signal       `json:"signals,omitempty"`
	Disagreement   string         `json:"disagreement,omitempty"`
	Tags           []string       `json:"tags,omitempty"`

	ReceivedAt   time.Time `json:"received_at"`
	UpdatedAt    time.Time `json:"updated_at"`
	DueAt        time.Time `json:"due_at,omitzero"` // response clock; zero when it does not run
	FirstReplyAt time.Time `json:"first_reply_at,omitzero"`
	AnsweredAt   time.Time `json:"answered_at,omitzero"` // our latest answer
	// PausedAt is when waiting on the customer stopped the response clock.
	PausedAt time.Time `json:"paused_at,omitzero"`

	InboundSeq int64  `json:"inbound_seq"` // the customer's latest message, edit or deletion
	DraftSeq   int64  `json:"draft_seq,omitempty"`
	DraftHash  string `json:"draft_hash,omitempty"`
	// DraftAuthority is what approving the present draft takes.
	DraftAuthority Authority `json:"draft_authority,omitempty"`
	CostCents      int64     `json:"cost_cents,omitempty"`
	Blocked        bool      `json:"blocked,omitempty"` // the present draft has a blocking finding
	Checks         int       `json:"checks,omitempty"`  // checks to tick before approval
	DraftExpires   time.Time `json:"draft_expires,omitzero"`
	DraftWanted    int64     `json:"draft_wanted,omitempty"` // InboundSeq a draft task runs for

	Assignee     string    `json:"assignee,omitempty"`
	ProposedBy   string    `json:"proposed_by,omitempty"`
	EscalatedTo  string    `json:"escalated_to,omitempty"`
	SnoozedUntil time.Time `json:"snoozed_until,omitzero"`
	Held         bool      `json:"held,omitempty"`
	WaitingFor   string    `json:"waiting_for,omitempty"` // "customer" or a desk
	WaitingUntil time.Time `json:"waiting_until,omitzero"`
	Attention    string    `json:"attention,omitempty"` // why a person must look
	GaveUp       bool      `json:"gave_up,omitempty"`   // only because a stage failed: its success ends it
	Reopened     int       `json:"reopened,omitempty"`
	OpenPromises int       `json:"open_promises,omitempty"`
	OpenOrders   int       `json:"open_orders,omitempty"`
	Links        []CaseID  `json:"links,omitempty"`

	Approval *Approval `json:"approval,omitempty"`
	Attempt  *Attempt  `json:"attempt,omitempty"`
	// Stirred: the customer wrote, edited or deleted while an attempt ran; the
	// case goes back to received after the outcome.
	Stirred bool `json:"stirred,omitempty"`
	// Imported history never gets a draft, a clock or a webhook.
	Imported bool `json:"imported,omitempty"`
	// ErasedAt is when what the case held of its customer was erased.
	ErasedAt time.Time `json:"erased_at,omitzero"`
}

// Labels returns what insights count of h.
func (h Head) Labels() *Labels {
	return &Labels{Status: h.Status, Language: h.Language, Complaint: h.Complaint, Kind: h.Kind,
		Frictions: slices.Clone(h.Frictions), Sentiment: h.Sentiment.Label, Urgency: h.Urgency,
		Signals: slices.Clone(h.Signals), Tags: slices.Clone(h.Tags)}
}

// Customer identifies the author of the case on its channel.
func (h Head) Customer() CustomerID { return CustomerOf(h.Channel, h.Author) }

// CustomerID is an author on a channel.
type CustomerID string

// CustomerOf returns the id of an author on a channel, "" for nobody.
func CustomerOf(channel string, a Author) CustomerID {
	k := a.CustomerKey()
	if k == "" {
		return ""
	}
	return CustomerID(channel + "/" + k)
}

// Term is the word under which search knows a customer's cases. No customer
// writes it.
func (id CustomerID) Term() string { return "customer:" + strings.ToLower(string(id)) }

// QueueKey orders the cases of one status: for open ones critical first, then
// by response clock, then by id; for ended ones the latest change first. It is
// what adapters index, ascending.
func (h Head) QueueKey() string {
	if !h.Status.Open() {
		return fmt.Sprintf("9%013d%s", 9_999_999_999_999-h.UpdatedAt.UnixMilli(), h.ID)
	}
	due := h.DueAt
	if due.IsZero() {
		due = h.ReceivedAt.Add(10 * 365 * 24 * time.Hour)
	}
	return fmt.Sprintf("%d%013d%s", h.Urgency.Rank(), due.UnixMilli(), h.ID)
}

// Case is a head with its children, as loaded. Treat it as read-only: a Change
// works on a copy of the head.
type Case struct {
	Head         Head
	Messages     []Entry[Message]
	Triages      []Entry[Triage]
	Drafts       []Entry[Draft]
	Decisions    []Entry[Decision]
	Publications []Entry[Publication]
	Promises     []Promise   // present state, in the order made
	WorkOrders   []WorkOrder // present state, in the order made
	Notes        []Entry[Note]
	Corrections  []Entry[Correction]
	Events       []Event
}

// Entry is a child with its place in the case.
type Entry[T any] struct {
	Seq   int64
	Value T
}

// Triage returns the latest triage, or the zero Triage.
func (c *Case) Triage() Triage {
	if len(c.Triages) == 0 {
		return Triage{}
	}
	return c.Triages[len(c.Triages)-1].Value
}

// Draft returns the draft with the given sequence number.
func (c *Case) Draft(seq int64) (Draft, bool) {
	for _, e := range slices.Backward(c.Drafts) {
		if e.Seq == seq {
			d := e.Value
			d.Seq = seq
			return d, true
		}
	}
	return Draft{}, false
}

// CurrentDraft returns the draft that waits for, or has, approval.
func (c *Case) CurrentDraft() (Draft, bool) {
	if c.Head.DraftSeq == 0 {
		return Draft{}, false
	}
	return c.Draft(c.Head.DraftSeq)
}
