package webcare

import (
	"encoding/json"
	"fmt"
	"time"
)

// MaxSaveItems bounds the rows of one Save, so that it fits one transaction on
// every adapter (DynamoDB TransactWriteItems).
const MaxSaveItems = 25

// MaxInlineBytes is the largest child body kept in the row; larger ones are
// blobs, written before the save (DynamoDB items are at most 400 kB and are
// paid by the kB).
const MaxInlineBytes = 8 << 10

// ChildKind names the type of a child's body.
type ChildKind string

// Child kinds.
const (
	ChildMessage     ChildKind = "message"
	ChildTriage      ChildKind = "triage"
	ChildDraft       ChildKind = "draft"
	ChildDecision    ChildKind = "decision"
	ChildPublication ChildKind = "publication"
	ChildPromise     ChildKind = "promise"
	ChildWorkOrder   ChildKind = "work_order"
	ChildNote        ChildKind = "note"
	ChildCorrection  ChildKind = "correction"
	ChildEvent       ChildKind = "event"
)

// Child is one append-only entry of a case as it is stored. Bodies are JSON of
// the nouns in this package. Compatibility: fields may be added and are then
// absent in older rows; none is renamed, none changes its meaning; the golden
// rows in testdata hold that.
type Child struct {
	Seq  int64     `json:"seq"`
	Kind ChildKind `json:"kind"`
	At   time.Time `json:"at"`
	Body []byte    `json:"body,omitempty"`
	Blob BlobName  `json:"blob,omitempty"` // where the body is, if not here
}

// Claim is a unique name that a case holds: its messages' keys, its thread.
type Claim struct {
	Space string `json:"space"` // "message", "thread", "mail"
	Name  string `json:"name"`
}

func (c Claim) String() string { return c.Space + ":" + c.Name }

// MessageClaim is the claim that makes a message be taken in once.
func MessageClaim(brand string, k Key, revision int) Claim {
	return Claim{"message", fmt.Sprintf("%s/%s/%s#%d", brand, k.Channel, k.ExternalID, revision)}
}

// ThreadClaim is the claim of a case on its channel's thread.
func ThreadClaim(brand, channel, thread string) Claim {
	return Claim{"thread", brand + "/" + channel + "/" + thread}
}

// MailClaim is the claim of a case on the Message-ID of a mail in it, so that
// answers find it.
func MailClaim(messageID string) Claim { return Claim{"mail", messageID} }

// Save is everything one step changes, committed together or not at all.
type Save struct {
	// Head is stored with Version+1 if the stored version is Version.
	Head     Head
	Children []Child  // new, sequence ascending; events are among them
	Events   []Event  // the same events, for an adapter that indexes them
	Tasks    []Task   // the outbox
	Claims   []Claim  // must be free or held by this case
	Finish   string   // id of the task this step completes, "" for none
	Cancel   []string // ids of tasks this step makes needless; missing ones are fine
}

// Items counts the rows a save writes.
func (s Save) Items() int {
	n := 1 + len(s.Children) + len(s.Tasks) + len(s.Claims) + len(s.Cancel)
	if s.Finish != "" {
		n++
	}
	return n
}

// Rewrite is what an erasure changes in one transaction.
type Rewrite struct {
	Head     Head    // stored with Version+1 if the stored version is Version
	Children []Child // each replaces the stored child of its sequence
	Unclaim  []Claim // given up; those of other cases stay
}

// Check reports a save that no adapter may be given.
func (s Save) Check() error {
	if s.Items() > MaxSaveItems {
		return Invalidf("a save of %d rows, at most %d fit one transaction", s.Items(), MaxSaveItems)
	}
	b, err := json.Marshal(s.Head)
	if err != nil {
		return Invalidf("head of %s: %v", s.Head.ID, err)
	}
	if len(b) > MaxHeadBytes {
		return Invalidf("head of %s is %d bytes, at most %d", s.Head.ID, len(b), MaxHeadBytes)
	}
	for i, c := range s.Children {
		if c.Seq <= 0 || c.Seq >= s.Head.NextSeq || (i > 0 && c.Seq <= s.Children[i-1].Seq) {
			return Invalidf("child %d of %s has sequence %d, next is %d", i, s.Head.ID, c.Seq, s.Head.NextSeq)
		}
	}
	return nil
}
