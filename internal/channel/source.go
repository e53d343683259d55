package channel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Item is a message as a channel hands it in.
type Item struct {
	Message webcare.Message `json:"message"`
	Raw     []byte          `json:"-"` // as delivered, nil for none
	Files   [][]byte        `json:"-"` // contents of Message.Attachments
	// Parents are claims under which the conversation may be known, Claims
	// further names under which answers to it come back: mail has them.
	Parents []webcare.Claim `json:"parents,omitempty"`
	Claims  []webcare.Claim `json:"claims,omitempty"`
	// Aside marks somebody's reply in a thread that does not address the brand.
	Aside bool `json:"aside,omitempty"`
	// Rejection marks the platform's word that it took our reply down; it joins
	// the case of its thread, and is nothing where there is none.
	Rejection bool `json:"rejection,omitempty"`
	// Sorted marks mail: whose it is was decided when it was read, and it is
	// stored as it is; what is also Aside, our own mail, only where a case has its
	// conversation. Renamed is the same under an id of its own, for one whose
	// id another mail has already; nil for none.
	Sorted  bool        `json:"sorted,omitempty"`
	Renamed func() Item `json:"-"`
}

// Batch is what one poll brings.
type Batch struct {
	Items []Item // in the order to be taken
	Next  string // the cursor after them; opaque to everyone else
	More  bool   // asking again at once brings more
	// Trouble is what did not work beside what did: one feed of several.
	Trouble error
}

// Source is a channel that is asked what is new.
//
// Poll returns what came after the cursor ("" begins: at what is new from now
// on, or at what the platform still shows). It asks the platform for a bounded
// number of pages and may return items that an earlier poll returned; it never
// leaves one out between a cursor and its Next. An empty batch has the cursor
// to go on from. Errors are of the kinds below, anything else counts as the
// platform being away. A Source is polled by one caller at a time and keeps
// nothing in memory that a restart would miss.
type Source interface {
	Poll(ctx context.Context, cursor string) (Batch, error)
}

// Rechecker is a Source that can look again at posts taken earlier: platforms
// that are polled do not tell of edits and deletions.
type Rechecker interface {
	// Recheck returns a revision for each of the messages that was edited or
	// deleted since, at most RecheckMost at once.
	Recheck(ctx context.Context, taken []webcare.Message) ([]Item, error)
}

// RecheckMost is how many messages one Recheck is asked about.
const RecheckMost = 20

// Hook is a channel that calls us.
type Hook interface {
	// Greet answers the platform's check of the address, where it makes one:
	// what to send back, or ErrForbidden.
	Greet(r *http.Request) (answer string, err error)
	// Decode verifies a delivery over its raw body and returns what it holds,
	// in the order it happened. ErrForbidden: the signature is not the
	// platform's; ErrInvalid: what is signed cannot be read. Kinds of events
	// that are no messages are left out.
	Decode(header http.Header, body []byte) ([]Item, error)
}

// Gone is the revision of a deletion: above that of any edit, so that it is
// the same however often the platform tells of it.
const Gone = 1 << 40

// EditedAt is the revision of an edit at the time t.
func EditedAt(t time.Time) int {
	if t.IsZero() {
		return 0
	}
	return int(t.Unix())
}

// LimitError: the platform asks us to wait. It is of kind ErrUnavailable.
type LimitError struct {
	Until time.Time
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("unavailable: the platform asks to wait until %s", e.Until.UTC().Format(time.RFC3339))
}

// Is makes a LimitError a kind of ErrUnavailable.
func (e *LimitError) Is(target error) bool { return target == webcare.ErrUnavailable }

// CredentialError: the platform does not accept us (any more). Todo says what
// a person must do. It is of kind ErrUnavailable: nothing was taken, and it
// will be once that is done.
type CredentialError struct {
	Why  string // "token expired"
	Todo string // "make a new token under Preferences > Development and set WEBCARE_..."
}

func (e *CredentialError) Error() string { return "unavailable: " + e.Why }

// Is makes a CredentialError a kind of ErrUnavailable.
func (e *CredentialError) Is(target error) bool { return target == webcare.ErrUnavailable }

// inWords is what health shows of an error: what is wrong and what to do.
func inWords(err error) (wrong, todo string) {
	var limit *LimitError
	var cred *CredentialError
	switch {
	case errors.As(err, &cred):
		return cred.Why, cred.Todo
	case errors.As(err, &limit):
		return "the platform asks to wait until " + limit.Until.UTC().Format(time.RFC3339), "nothing: polling goes on by itself"
	case errors.Is(err, webcare.ErrInvalid):
		return err.Error(), "the platform answers what this version cannot read: report it"
	}
	return err.Error(), "nothing, unless it lasts: it is tried again by itself"
}

// Deleted is the revision that says a message taken earlier is gone.
func Deleted(m webcare.Message) Item {
	m.ID, m.Raw, m.Text, m.History, m.Attachments = "", "", "", "", nil
	m.Revision, m.Deleted = Gone, true
	return Item{Message: m}
}

// Hider is a publisher on whose platform a post under ours can be hidden.
type Hider interface {
	// Hide takes a customer's post out of sight of others, or brings it back.
	// Doing so again changes nothing.
	Hide(ctx context.Context, id string, hidden bool) error
}
