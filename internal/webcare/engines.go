package webcare

import (
	"context"
	"time"
)

// TriageInput is what an engine reads to say what happened to the customer.
type TriageInput struct {
	Text     string // the customer's unanswered words
	Subject  string // of a mail; part of no offset
	Channel  string
	Author   Author
	Language string // a hint, "" for none
	Stars    int    // 1..5 on review sites, 0 elsewhere
	// Before: the customer had a case with this brand before.
	Before bool
}

// Triager says what happened to a customer. It is deterministic for the
// offline engine, may take seconds for a language model, and must not retain
// its input.
type Triager interface {
	Triage(ctx context.Context, in TriageInput) (Triage, error)
}

// DraftRequest is what a drafter needs.
type DraftRequest struct {
	Case        *Case  // head, conversation, earlier drafts and promises
	Text        string // what Triage's offsets count in
	Triage      Triage
	Brand       string
	Channel     string
	Public      bool   // the conversation can be read by strangers
	Sign        string // the handling agent's first name or alias, "" for the brand's default
	Now         time.Time
	Instruction string // what a person asked for when rejecting the draft before
	Resolution  string // a resolution the person picked, "" for the drafter's choice
}

// Drafter writes a reply. An error of kind ErrInvalid means that no draft can
// be made of this (a language the brand does not speak, a signal routed to a
// desk): its text tells a person why. Hash, sequence and findings are filled
// in by the stage.
type Drafter interface {
	Draft(ctx context.Context, req DraftRequest) (Draft, error)
}

// PublishClass is what a platform can do about a repeated or unknown post.
type PublishClass struct {
	// Idempotent: a repeat with the same key within Window posts once.
	Idempotent bool
	Window     time.Duration
	// Findable: Find tells whether a reply was posted.
	Findable bool
	// Timeout is how long one call may take.
	Timeout time.Duration
}

// Blind reports whether an unknown outcome can only be cleared by a person.
func (c PublishClass) Blind() bool { return !c.Idempotent && !c.Findable }

// Outgoing is a reply about to leave. Key is the same for every try of one
// approval and different for any other.
type Outgoing struct {
	Key     string
	CaseID  CaseID
	Brand   string
	Channel string
	Draft   Draft
	Latest  Message // the customer's message answered to
}

// Receipt is what the platform said.
type Receipt struct {
	ExternalID string
	URL        string
	Pending    bool     // accepted, held for review
	ThreadIDs  []string // further ids under which answers will come back
}

// Publisher posts replies on one channel. Publish returns ErrRefused when the
// platform has definitely not taken the reply and never will, ErrUnavailable
// when it has definitely not taken it and may later; after any other error the
// outcome is unknown. No error text carries a secret.
type Publisher interface {
	Class() PublishClass
	Publish(ctx context.Context, out Outgoing) (Receipt, error)
	// Find looks for the reply of an earlier unknown try; only called where
	// Class says Findable.
	Find(ctx context.Context, out Outgoing) (receipt Receipt, found bool, err error)
}
