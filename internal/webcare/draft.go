package webcare

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Resolution is what we will actually do, taken from the brand's playbook. A
// drafter picks one; it cannot invent one.
type Resolution struct {
	ID        string            `json:"id"`
	CostCents int64             `json:"cost_cents"`
	Authority Authority         `json:"authority"` // who may approve it
	Params    map[string]string `json:"params,omitempty"`
	// Checks are to be ticked by a person before approval: "order seen".
	Checks []string `json:"checks,omitempty"`
}

// Promised is a promise that a draft makes: it joins the ledger when posted.
type Promised struct {
	What  string    `json:"what"`
	Due   time.Time `json:"due"`
	Owner string    `json:"owner"`
	// Desk and Instruction are set where the promise is a work order for a desk.
	Desk        string `json:"desk,omitempty"`
	Instruction string `json:"instruction,omitempty"`
	// Before marks a work order that starts at approval instead of at posting.
	Before bool `json:"before,omitempty"`
}

// Severity of a guard finding.
type Severity string

// Severities: a blocking finding must be fixed before approval, a warning may
// be overridden, which is recorded.
const (
	Blocking Severity = "blocking"
	Warning  Severity = "warning"
)

// Finding is one thing the guard found, at its place in the reply. Offsets
// count UTF-8 bytes into the text named by Field.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Start    int      `json:"start"`
	End      int      `json:"end"`
	// Field is "private_text" for findings in the private half of a pair, else empty.
	Field string `json:"field,omitempty"`
}

// Draft is a reply waiting for a person: text, resolution, promises, findings.
type Draft struct {
	Seq         int64        `json:"seq"` // its place among the case's children
	Text        string       `json:"text"`
	PrivateText string       `json:"private_text,omitempty"` // the private half of a public/private pair
	Language    string       `json:"language"`
	Subject     string       `json:"subject,omitempty"`
	Visibility  Visibility   `json:"visibility"`
	ReplyTo     ReplyTarget  `json:"reply_to"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Resolution  *Resolution  `json:"resolution,omitempty"`
	Promises    []Promised   `json:"promises,omitempty"`
	Findings    []Finding    `json:"findings,omitempty"`
	Engine      string       `json:"engine"` // who or what wrote it: "playbook/3", "llm/...", or a person's id
	SignedBy    string       `json:"signed_by,omitempty"`
	ByPerson    bool         `json:"by_person,omitempty"` // a person wrote or changed it
	// Authority is what approving takes: the most that resolution, cost and signals ask.
	Authority Authority `json:"authority"`
	// InboundSeq is the customer's message this draft answers.
	InboundSeq int64  `json:"inbound_seq"`
	Hash       string `json:"hash"`
	// Cost of the language model calls behind it, in millionths of a euro, and their tokens.
	LLMCostMicros int64 `json:"llm_cost_micros,omitempty"`
	LLMTokens     int64 `json:"llm_tokens,omitempty"`
	// Instruction is what the person asked for who had this draft written anew.
	Instruction string `json:"instruction,omitempty"`
}

// HashOf returns the hash over all that leaves: both texts, recipients, reply
// target, visibility, attachments, resolution with parameters, promises.
// Approval, publishing and undo are bound to it.
func HashOf(brand, channel string, d Draft) string {
	leaves := struct {
		Brand, Channel, Subject, Text, PrivateText string
		Visibility                                 Visibility
		ReplyTo                                    ReplyTarget
		Attachments                                []Attachment
		Resolution                                 *Resolution
		Promises                                   []Promised
	}{brand, channel, d.Subject, d.Text, d.PrivateText, d.Visibility, d.ReplyTo, d.Attachments, d.Resolution, d.Promises}
	if len(d.Attachments) == 0 {
		leaves.Attachments = nil // none is none, however it is written
	}
	if len(d.Promises) == 0 {
		leaves.Promises = nil
	}
	b, err := json.Marshal(leaves) // maps are marshalled in key order
	if err != nil {
		panic("webcare: a draft cannot be marshalled: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// asStored returns d as it comes back from a store: what is hashed must be
// what is read when it leaves (invalid UTF-8 is replaced on the way).
func (d Draft) asStored() Draft {
	b, err := json.Marshal(d)
	if err != nil {
		panic("webcare: a draft cannot be marshalled: " + err.Error())
	}
	var out Draft
	if err := json.Unmarshal(b, &out); err != nil {
		panic("webcare: a marshalled draft cannot be read: " + err.Error())
	}
	return out
}

// Expires returns the first due time of the draft's promises; approved later,
// it would promise a date that has passed. The zero time means never.
func (d Draft) Expires() time.Time {
	var first time.Time
	for _, p := range d.Promises {
		if !p.Due.IsZero() && (first.IsZero() || p.Due.Before(first)) {
			first = p.Due
		}
	}
	return first
}

// stale reports whether a date that the draft promises has passed.
func (d Draft) stale(now time.Time) bool {
	x := d.Expires()
	return !x.IsZero() && !x.After(now)
}

// HasBlocking reports whether a finding blocks approval.
func HasBlocking(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity == Blocking {
			return true
		}
	}
	return false
}
