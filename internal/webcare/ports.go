package webcare

import (
	"context"
	"time"
)

// The ports. An adapter stores and returns; it never validates, decides or
// publishes. All methods are safe for concurrent use and honour ctx. What they
// return is the caller's. Errors are of the kinds in errors.go; any other
// error is a fault of the store and may be retried.

// Cases stores heads and their children.
type Cases interface {
	// Head returns the head of a case: ErrNotFound if there is none.
	Head(ctx context.Context, id CaseID) (Head, error)
	// Children returns up to limit children with a sequence above after, in
	// order, and whether more follow.
	Children(ctx context.Context, id CaseID, after int64, limit int) (children []Child, more bool, err error)
	// Save commits s wholly or not at all. ErrConflict: the stored version is
	// not s.Head.Version (0: the case must not exist), or a claim is taken by
	// another case. TaskGone: the task that s finishes is gone, so this
	// delivery was already handled. When Save returns nil, it is durable.
	// Saves of one case are linearised by their versions.
	Save(ctx context.Context, s Save) error
	// Rewrite replaces what stands already, for erasure: the head as Save
	// does, the bodies of stored children by their sequence (kind and time
	// stay, a blob is no longer referred to), and gives claims of the case up.
	// Events stay where the log has them. ErrConflict as for Save; nothing of
	// it is stored then. What was replaced or given up is gone from the
	// store's own files once Rewrite returns, with all that was deleted before.
	Rewrite(ctx context.Context, r Rewrite) error
	// Claimed returns the case that holds a claim, ErrNotFound if none does.
	Claimed(ctx context.Context, claim Claim) (CaseID, error)
	// List returns heads in the order of Head.QueueKey, per status asked for. A
	// page may come short, or empty, with Next set; the last page has no Next.
	// A head that changes while pages are read may be seen twice or not at
	// all; every other head is seen exactly once.
	List(ctx context.Context, q Query) (Page, error)
	// Count counts the heads of a query by index alone, stopping above limit.
	Count(ctx context.Context, q Query, limit int) (int, error)
}

// Query asks for heads. Brands, Statuses and Assignee are indexed, in the
// order of urgency and due time; Match is applied to at most MaxExamined heads
// a page.
type Query struct {
	Brands   []string        // at least one
	Statuses []Status        // at least one; heads come merged in queue order
	Assignee string          // "" for any
	Match    func(Head) bool // nil for all
	Cursor   string
	Limit    int // 1..MaxPage
}

// Bounds of a list.
const (
	MaxPage     = 200
	MaxExamined = 500
)

// Page is a stretch of a list.
type Page struct {
	Heads []Head
	Next  string // cursor of the next page, "" after the last
}

// Events reads what happened over all cases, for the relay.
type Events interface {
	// After returns up to limit events stored after the cursor ("" for the
	// beginning), in an order that respects each case's, and the cursor to go
	// on from. An event is returned only once no earlier one can still appear.
	After(ctx context.Context, cursor string, limit int) (events []Event, next string, err error)
}

// Tasks stores units of work. A task that follows from a change of a case is
// made by Cases.Save and by nothing else; Put makes those that follow from what
// is stored already, such as the delivery of an event. A task is ended by
// Cases.Save (Finish) or by Finish.
type Tasks interface {
	// Put stores a task, durably once it returns nil. Where one of its id
	// stands, leased or dead as it may be, nothing changes and it is no error.
	Put(ctx context.Context, t Task) error
	// Lease returns up to n tasks of a stage that are due at now and not
	// leased, earliest first, each with Attempt raised and leased until the
	// given time. No two callers hold one task at once before that time.
	Lease(ctx context.Context, stage Stage, n int, now, until time.Time) ([]Task, error)
	// Take leases one task by id, as Lease would. ErrNotFound: it is gone, or
	// dead; ErrConflict: it is leased by another, or not due.
	Take(ctx context.Context, id string, now, until time.Time) (Task, error)
	// Finish deletes a task that needs no case saved; deleting a gone one is no error.
	Finish(ctx context.Context, id string) error
	// Fail ends the lease of t's attempt, records why, and makes it due at
	// runAt, or a dead letter. A task whose attempt is no longer t's is left alone.
	Fail(ctx context.Context, t Task, reason string, runAt time.Time, dead bool) error
}

// DeadLetters are tasks that failed too often: a person looks at them.
type DeadLetters interface {
	// Dead lists dead tasks by id, from the cursor.
	Dead(ctx context.Context, cursor string, limit int) (tasks []Task, next string, err error)
	// Replay makes a dead task due at runAt with no attempts made.
	// ErrNotFound: there is no such dead task.
	Replay(ctx context.Context, id string, runAt time.Time) error
}

// BlobName is a path of lower-case letters, digits and "/._-", first the case id.
type BlobName string

// Blobs stores bytes written once.
type Blobs interface {
	// Put stores data durably under name. The same name and bytes again are no
	// error; other bytes are ErrConflict.
	Put(ctx context.Context, name BlobName, data []byte) error
	// Get returns the bytes, ErrNotFound if there are none.
	Get(ctx context.Context, name BlobName) ([]byte, error)
	// Delete removes the blob; a missing one is no error.
	Delete(ctx context.Context, name BlobName) error
	// List returns names with the prefix in order, from the cursor.
	List(ctx context.Context, prefix, cursor string, limit int) (names []BlobName, next string, err error)
}

// Record is a small versioned document: an edit, a claim, a token, a cursor.
type Record struct {
	Kind    string    `json:"kind"`
	Key     string    `json:"key"`
	Version int64     `json:"version"` // 0: must not exist
	Body    []byte    `json:"body"`    // at most 300 kB
	Expires time.Time `json:"expires,omitzero"`
}

// Records stores Records by kind and key.
type Records interface {
	// Get returns a record that has not expired at now, else ErrNotFound.
	Get(ctx context.Context, kind, key string, now time.Time) (Record, error)
	// Put stores r if the stored version is r.Version (expired counts as
	// absent, 0), else ErrConflict. The stored version becomes r.Version+1,
	// also where an expired record stood.
	Put(ctx context.Context, r Record, now time.Time) error
	// Remove deletes a record whatever its version; a missing one is no error.
	Remove(ctx context.Context, kind, key string) error
	// Scan returns unexpired records of a kind whose key has the prefix, by key.
	Scan(ctx context.Context, kind, prefix, cursor string, limit int, now time.Time) (records []Record, next string, err error)
}

// Document is what Search knows of a case: how often each term stands in it.
type Document struct {
	Brand string
	Case  CaseID
	Set   string         // which collection: "case" or "example"
	Terms map[string]int // normalised term -> count; at most 400 are kept
	Size  int            // number of terms before cutting
}

// Posting is one term's entry for one case.
type Posting struct {
	Case  CaseID
	Term  string
	Count int
	Size  int
}

// Search stores postings; ranking is a core function (Rank).
type Search interface {
	// Index replaces what is stored for the document's set and case.
	Index(ctx context.Context, d Document) error
	// Postings returns up to limit postings per term, newest cases first.
	Postings(ctx context.Context, brand, set string, terms []string, limit int) ([]Posting, error)
	// Forget removes a case from a set.
	Forget(ctx context.Context, brand, set string, id CaseID) error
}

// Delta is a change of one counter.
type Delta struct {
	Brand  string
	Metric string    // "friction/late", "sentiment/negative", ...
	Hour   time.Time // truncated to the hour, UTC
	N      int64
}

// Tally is a counter over an hour.
type Tally struct {
	Metric string
	Hour   time.Time
	N      int64
}

// Tallies stores counters.
type Tallies interface {
	// Add applies the deltas of one event exactly once: a second Add with the
	// same event id changes nothing.
	Add(ctx context.Context, eventID string, deltas []Delta) error
	// Sum returns the counters of a brand whose metric has the prefix, from
	// (inclusive) to (exclusive), ordered by metric and hour.
	Sum(ctx context.Context, brand, prefix string, from, to time.Time) ([]Tally, error)
}

// Ports is one adapter's whole set.
type Ports struct {
	Cases       Cases
	Events      Events
	Tasks       Tasks
	DeadLetters DeadLetters
	Blobs       Blobs
	Records     Records
	Search      Search
	Tallies     Tallies
}
