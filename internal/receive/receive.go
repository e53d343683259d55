// Package receive takes one message from any source and stores it once, on the
// right case: the first stage of the pipeline.
//
// A source is told that its message was taken only after Receive returns nil:
// by then raw bytes, message, event and triage task are durable. Taking the
// same message again answers the same case and changes nothing; the same id
// with other bytes is refused.
//
// Start at Receiver.Receive.
package receive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Together is how long posts by one author, without a thread between them,
// count as one issue and are drafted together.
const Together = 120 * time.Second

// Receiver stores messages.
type Receiver struct {
	Store  webcare.Store
	Now    func() time.Time
	Random io.Reader
}

// Item is a message with what comes along.
type Item struct {
	Message webcare.Message // ID, ReceivedAt and blob names are filled in here
	Raw     []byte          // as delivered, nil for none
	Files   [][]byte        // contents of Message.Attachments, in the same order
	// Parents are claims under which the conversation may be known, the best
	// first: a mail's reply token, In-Reply-To, References.
	Parents []webcare.Claim
	// Claims are further names under which answers to this message will come
	// back: a mail's own Message-ID.
	Claims []webcare.Claim

	taken []webcare.Claim // names that a case holds which the message does not join
}

// Result says where a message stands.
type Result struct {
	CaseID    webcare.CaseID    `json:"case_id"`
	MessageID webcare.MessageID `json:"message_id"`
	Duplicate bool              `json:"duplicate,omitempty"` // it was there before
	New       bool              `json:"-"`                   // it opened the case
}

// maxRaces bounds how often a message is tried against a case that others
// change at the same moment.
const maxRaces = 50

// Receive stores an item. ErrInvalid: it can never be stored; ErrConflict:
// other bytes stand under its id; after any other error it may be sent again.
func (r *Receiver) Receive(ctx context.Context, it Item) (res Result, err error) {
	m := &it.Message
	defer webcare.Wrap(&err, "Receive(%s/%s)", m.Key.Channel, m.Key.ExternalID)
	if err := r.prepare(&it); err != nil {
		return Result{}, err
	}
	for range maxRaces {
		if res, found, err := r.known(ctx, *m); err != nil || found {
			return res, err
		}
		res, err = r.store(ctx, it)
		if !errors.Is(err, webcare.ErrConflict) {
			return res, err
		}
	}
	return Result{}, webcare.Unavailablef("others keep writing to the same case")
}

// prepare checks the item and fills in what is ours to say.
func (r *Receiver) prepare(it *Item) error {
	m := &it.Message
	switch {
	case m.Brand == "":
		return webcare.Invalidf("brand: missing")
	case m.Key.Channel == "":
		return webcare.Invalidf("channel: missing")
	case m.Key.ExternalID == "":
		return webcare.Invalidf("id: missing")
	case len(m.Key.ExternalID) > 1000:
		return webcare.Invalidf("id: longer than 1000 bytes")
	case len(m.Thread) > 1000:
		return webcare.Invalidf("thread: longer than 1000 bytes")
	case len(it.Files) > len(m.Attachments):
		return webcare.Invalidf("attachments: %d files for %d attachments", len(it.Files), len(m.Attachments))
	case strings.TrimSpace(m.Text) == "" && m.Subject == "" && len(it.Raw) == 0 && len(m.Attachments) == 0 && !m.Deleted:
		return webcare.Invalidf("text: empty")
	}
	m.ReceivedAt = r.Now().UTC().Truncate(time.Millisecond)
	if m.PostedAt.IsZero() {
		m.PostedAt = m.ReceivedAt
	}
	if m.Visibility == "" {
		m.Visibility = webcare.Public
	}
	return nil
}

// known answers for a message that was taken before.
func (r *Receiver) known(ctx context.Context, m webcare.Message) (Result, bool, error) {
	claim := webcare.MessageClaim(m.Brand, m.Key, m.Revision)
	id, err := r.Store.Cases.Claimed(ctx, claim)
	if errors.Is(err, webcare.ErrNotFound) {
		gone, err := r.Store.WasErased(ctx, claim, r.Now())
		return Result{Duplicate: gone}, gone, err // what was erased is not taken in again
	}
	if err != nil {
		return Result{}, false, err
	}
	c, err := r.Store.Load(ctx, id)
	if err != nil {
		return Result{}, false, err
	}
	for _, e := range c.Messages {
		if e.Value.Key != m.Key || e.Value.Revision != m.Revision {
			continue
		}
		if m.Digest != "" && e.Value.Digest != "" && m.Digest != e.Value.Digest {
			return Result{}, false, webcare.Conflictf("another body was received under this id")
		}
		return Result{CaseID: id, MessageID: e.Value.ID, Duplicate: true}, true, nil
	}
	return Result{CaseID: id, Duplicate: true}, true, nil
}

// store puts the message on its case, or on a new one.
func (r *Receiver) store(ctx context.Context, it Item) (Result, error) {
	c, err := r.find(ctx, &it)
	if err != nil {
		return Result{}, err
	}
	isNew := c == nil
	if !isNew {
		if err := r.leaveThread(ctx, c, &it); err != nil {
			return Result{}, err
		}
	}
	if isNew {
		c = webcare.NewCase(webcare.CaseID(webcare.NewID(r.Now(), r.Random)), it.Message.Brand, it.Message.Key.Channel)
	}
	m := it.Message
	m.ID = webcare.MessageID(fmt.Sprintf("%s-%d", c.Head.ID, c.Head.NextSeq))
	if err := r.putBlobs(ctx, c.Head.ID, it, &m); err != nil {
		return Result{}, err
	}
	ch := webcare.Begin(c, r.Now(), webcare.Machine("receive"))
	if err := ch.Receive(m); err != nil {
		return Result{}, err
	}
	if err := r.claim(ctx, ch, it); err != nil {
		return Result{}, err
	}
	if _, err := r.Store.Commit(ctx, ch); err != nil {
		return Result{}, err
	}
	return Result{CaseID: c.Head.ID, MessageID: m.ID, New: isNew}, nil
}

// claim adds further names to the step. Names that find saw in another case's
// hands, and Message-IDs, stay there; any other that is taken meanwhile makes
// the save conflict, and the message looks for its case again.
func (r *Receiver) claim(ctx context.Context, ch *webcare.Change, it Item) error {
	for _, cl := range it.Claims {
		if cl.Space == "mail" {
			if _, err := r.Store.Cases.Claimed(ctx, cl); err == nil {
				continue
			} else if !errors.Is(err, webcare.ErrNotFound) {
				return err
			}
		}
		ch.Claim(cl)
	}
	for _, cl := range it.taken {
		ch.Forgo(cl)
	}
	return nil
}

// putBlobs stores raw bytes and files. Names hold a digest, so that writing
// them again after a lost race is no conflict.
func (r *Receiver) putBlobs(ctx context.Context, id webcare.CaseID, it Item, m *webcare.Message) error {
	if len(it.Raw) > 0 {
		m.Raw = webcare.BlobName(fmt.Sprintf("%s/raw/%s", id, webcare.Digest(it.Raw)[:24]))
		if err := r.Store.Blobs.Put(ctx, m.Raw, it.Raw); err != nil {
			return err
		}
	}
	m.Attachments = append([]webcare.Attachment(nil), m.Attachments...)
	for i, f := range it.Files {
		a := &m.Attachments[i]
		a.Size = int64(len(f))
		a.Blob = webcare.BlobName(fmt.Sprintf("%s/file/%s", id, webcare.Digest(f)[:24]))
		if err := r.Store.Blobs.Put(ctx, a.Blob, f); err != nil {
			return err
		}
	}
	return nil
}
