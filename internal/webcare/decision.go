package webcare

import "time"

// Authority is a level of mandate, lowest first: agent, senior, lead. The
// empty authority is below agent and may approve nothing.
type Authority string

// Authorities.
const (
	NoAuthority Authority = ""
	Agent       Authority = "agent"
	Senior      Authority = "senior"
	Lead        Authority = "lead"
)

// Rank orders authorities; an unknown one ranks above all, so that a typing
// error in a brand file never lowers what a decision takes.
func (a Authority) Rank() int {
	switch a {
	case NoAuthority:
		return 0
	case Agent:
		return 1
	case Senior:
		return 2
	case Lead:
		return 3
	}
	return 4
}

// AtLeast reports whether a suffices where needs is asked.
func (a Authority) AtLeast(needs Authority) bool { return a.Rank() >= needs.Rank() }

// Higher returns the higher of two authorities.
func Higher(a, b Authority) Authority {
	if b.Rank() > a.Rank() {
		return b
	}
	return a
}

// Actor is who takes a step: a signed-in person, or a stage of the program.
// Only a Person may decide.
type Actor struct {
	ID        string    `json:"id"`
	Name      string    `json:"name,omitempty"` // first name or alias, signs replies
	Authority Authority `json:"authority,omitempty"`
	Person    bool      `json:"person,omitempty"`
}

// Machine returns the actor of a stage of the program.
func Machine(stage string) Actor { return Actor{ID: "webcare/" + stage} }

// What a person decided on a draft.
type What string

// Decisions.
const (
	Approved      What = "approved"
	EditedAndSent What = "edited_approved"
	Proposed      What = "proposed"
	Rejected      What = "rejected"
	NoReply       What = "no_reply"
	Undone        What = "undone"
	PostedByHand  What = "posted_by_hand"
	Closed        What = "closed"
)

// Decision is what a person decided, on which hash and which version.
type Decision struct {
	What     What      `json:"what"`
	By       Actor     `json:"by"`
	At       time.Time `json:"at"`
	Hash     string    `json:"hash,omitempty"`
	Version  int64     `json:"version"`
	Reason   string    `json:"reason,omitempty"`
	DraftSeq int64     `json:"draft_seq,omitempty"`
	// MachineDraftSeq is the draft the person started from, so that edits can be learned from.
	MachineDraftSeq int64    `json:"machine_draft_seq,omitempty"`
	Overrides       []string `json:"overrides,omitempty"` // rules of overridden warnings
	Ticked          []string `json:"ticked,omitempty"`    // checks of the resolution
	Distance        int      `json:"distance,omitempty"`  // runes changed from the machine draft
}

// Approval is the standing permission to post exactly one hash.
type Approval struct {
	Hash       string    `json:"hash"`
	DraftSeq   int64     `json:"draft_seq"`
	InboundSeq int64     `json:"inbound_seq"` // the customer's message it answers
	By         Actor     `json:"by"`
	At         time.Time `json:"at"`
	PublishAt  time.Time `json:"publish_at"` // end of the undo window
	// Assisted: a person posts the text by hand and reports it posted.
	Assisted bool `json:"assisted,omitempty"`
	// Tries counts attempts made; FirstTry is when the first began: the
	// platform's idempotency window counts from there.
	Tries    int       `json:"tries,omitempty"`
	FirstTry time.Time `json:"first_try,omitzero"`
}

// Outcome of a publication.
type Outcome string

// Outcomes.
const (
	OutcomePosted  Outcome = "posted"
	OutcomePending Outcome = "pending" // accepted, held for review by the platform
	OutcomeRefused Outcome = "refused"
	OutcomeUnknown Outcome = "unknown"
	// OutcomeUnsent: definitely not taken, may be tried again.
	OutcomeUnsent Outcome = "unsent"
)

// Attempt is the claim on one try at posting, saved before the call is made.
type Attempt struct {
	Key      string    `json:"key"` // idempotency key, the same for every try of one approval
	N        int       `json:"n"`   // 1 for the first try
	Hash     string    `json:"hash"`
	DraftSeq int64     `json:"draft_seq"`
	Started  time.Time `json:"started"`
	// Deadline is when the call is cut off. Nobody else acts before Deadline plus AttemptGrace.
	Deadline time.Time `json:"deadline"`
}

// AttemptGrace is how long after an attempt's deadline its outcome counts as unknown.
const AttemptGrace = 10 * time.Second

// Publication is the outcome of one attempt.
type Publication struct {
	Attempt    Attempt   `json:"attempt"`
	Outcome    Outcome   `json:"outcome"`
	ExternalID string    `json:"external_id,omitempty"`
	URL        string    `json:"url,omitempty"`
	Reason     string    `json:"reason,omitempty"` // in words, without secrets
	At         time.Time `json:"at"`
}
