package channel

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Intake decides which items become messages and has them stored.
type Intake struct {
	Store webcare.Store
	// Deliver stores an item; once it returns nil the item is durable. An item
	// stored before is no error.
	Deliver func(context.Context, Item) error
	// Names returns a brand's names and handles in lower case; nil for none.
	Names func(brand, channel string) []string
	Now   func() time.Time
	Log   *slog.Logger
}

// Kinds of records: an own reply whose conversation is not there yet, and a
// deletion of a post not yet seen.
const (
	earlyKind = "channel-early"
	goneKind  = "channel-gone"
)

// early is how long an own reply waits for the post it answers, gone how long
// a deletion is remembered. Platforms redeliver for up to 36 hours (Meta).
const (
	early = time.Hour
	gone  = 48 * time.Hour
)

// Take stores an item, or leaves it out where it is no customer's word to the
// brand; taken says which. After an error it may be given again. What can
// never be stored is logged by its id and left out.
func (in *Intake) Take(ctx context.Context, it Item) (taken bool, err error) {
	m := &it.Message
	defer webcare.Wrap(&err, "Take(%s/%s)", m.Key.Channel, m.Key.ExternalID)
	ok, err := in.wanted(ctx, &it)
	if err != nil || !ok {
		return false, err
	}
	err = in.Deliver(ctx, it)
	if errors.Is(err, webcare.ErrConflict) && it.Renamed != nil {
		return in.Take(ctx, it.Renamed())
	}
	if errors.Is(err, webcare.ErrInvalid) || errors.Is(err, webcare.ErrConflict) {
		in.Log.WarnContext(ctx, "a post that cannot be stored", "brand", m.Brand, "channel", m.Key.Channel, "id", m.Key.ExternalID, "err", err)
		return false, nil
	}
	return err == nil, err
}

// wanted decides, and adds what makes revisions find their case.
func (in *Intake) wanted(ctx context.Context, it *Item) (bool, error) {
	m := &it.Message
	first := webcare.MessageClaim(m.Brand, m.Key, 0)
	held, err := in.claimed(ctx, first)
	if err != nil || (held != "" && m.Revision == 0 && !m.Deleted && !it.Sorted) {
		return false, err // known, or overtaken by its own edit: polls read again what came last
	}
	c, err := in.load(ctx, held)
	if err != nil {
		return false, err
	}
	switch {
	case it.Sorted:
		return in.sorted(ctx, *it, c)
	case m.Deleted && c == nil:
		return false, in.note(ctx, goneKind, *m, gone, nil)
	case c != nil:
		return newer(c, *m), nil
	}
	if _, err := in.Store.Records.Get(ctx, goneKind, noteKey(*m), in.Now()); err == nil {
		return false, nil // deleted before it reached us
	} else if !errors.Is(err, webcare.ErrNotFound) {
		return false, err
	}
	if m.Ours {
		return in.ours(ctx, it)
	}
	if it.Rejection {
		c, err := in.holder(ctx, webcare.ThreadClaim(m.Brand, m.Key.Channel, m.Thread))
		return c != nil && c.Head.Status != webcare.StatusPublishing, err
	}
	if it.Aside {
		if ok, err := in.concerns(ctx, *m); err != nil || !ok {
			return false, err
		}
	}
	if m.Revision > 0 { // the original, should it come later, is known then
		it.Claims = append(it.Claims, first)
	}
	return true, nil
}

// sorted decides about mail: all but what stands already, and our own mails
// outside a conversation.
func (in *Intake) sorted(ctx context.Context, it Item, c *webcare.Case) (bool, error) {
	if c != nil || !it.Aside {
		return c == nil || !stands(c, it.Message), nil
	}
	for _, cl := range it.Parents {
		if _, err := in.Store.Cases.Claimed(ctx, cl); !errors.Is(err, webcare.ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// stands reports whether a mail is on its case, with the same contents.
func stands(c *webcare.Case, m webcare.Message) bool {
	for _, e := range c.Messages {
		if e.Value.Key == m.Key && e.Value.Digest == m.Digest {
			return true
		}
	}
	return false
}

// newer reports whether a revision says something that its case does not have.
func newer(c *webcare.Case, m webcare.Message) bool {
	text, deleted, have := "", false, -1
	for _, e := range c.Messages {
		if e.Value.Key == m.Key && e.Value.Revision > have {
			text, deleted, have = e.Value.Text, e.Value.Deleted, e.Value.Revision
		}
	}
	return m.Revision > have && (m.Deleted != deleted || m.Text != text)
}

// ours attaches a reply that the brand posted in the platform's own app to the
// case of the post it answers. While our own publisher is at work there, the
// reply may be the one it posts: then it waits until that is known.
func (in *Intake) ours(ctx context.Context, it *Item) (bool, error) {
	m := it.Message
	if m.ReplyTo.ExternalID == "" {
		return false, nil
	}
	c, err := in.holder(ctx, webcare.MessageClaim(m.Brand, webcare.Key{Channel: m.Key.Channel, ExternalID: m.ReplyTo.ExternalID}, 0))
	if err != nil {
		return false, err
	}
	if c == nil || c.Head.Status == webcare.StatusPublishing {
		body, err := json.Marshal(it)
		if err != nil {
			return false, err
		}
		return false, in.note(ctx, earlyKind, m, early, body)
	}
	return true, nil
}

// concerns reports whether a bystander's reply is for us: its writer takes
// part already, or tells or asks something.
func (in *Intake) concerns(ctx context.Context, m webcare.Message) (bool, error) {
	for _, thread := range []string{m.Thread, m.Thread + "#" + strings.ToLower(m.Author.CustomerKey())} {
		c, err := in.holder(ctx, webcare.ThreadClaim(m.Brand, m.Key.Channel, thread))
		if err != nil {
			return false, err
		}
		if c != nil && strings.EqualFold(c.Head.Author.CustomerKey(), m.Author.CustomerKey()) {
			return true, nil
		}
	}
	var names []string
	if in.Names != nil {
		names = in.Names(m.Brand, m.Key.Channel)
	}
	return Concerns(m.Text, names), nil
}

// holder is the case that holds a claim, nil for none.
func (in *Intake) holder(ctx context.Context, cl webcare.Claim) (*webcare.Case, error) {
	id, err := in.claimed(ctx, cl)
	if err != nil {
		return nil, err
	}
	return in.load(ctx, id)
}

// claimed is the id of the case that holds a claim, "" for none.
func (in *Intake) claimed(ctx context.Context, cl webcare.Claim) (webcare.CaseID, error) {
	id, err := in.Store.Cases.Claimed(ctx, cl)
	if errors.Is(err, webcare.ErrNotFound) {
		return "", nil
	}
	return id, err
}

func (in *Intake) load(ctx context.Context, id webcare.CaseID) (*webcare.Case, error) {
	if id == "" {
		return nil, nil
	}
	return in.Store.Load(ctx, id)
}

func noteKey(m webcare.Message) string {
	return m.Brand + "/" + m.Key.Channel + "/" + webcare.Digest([]byte(m.Key.ExternalID))[:32]
}

// note writes a record of a message that stands until term has passed since it
// was first written.
func (in *Intake) note(ctx context.Context, kind string, m webcare.Message, term time.Duration, body []byte) error {
	err := in.Store.Records.Put(ctx, webcare.Record{Kind: kind, Key: noteKey(m), Body: body, Expires: in.Now().Add(term)}, in.Now())
	if errors.Is(err, webcare.ErrConflict) {
		return nil // it stands
	}
	return err
}

// Again tries own replies once more whose conversation was not there yet.
func (in *Intake) Again(ctx context.Context, brand, channel string) (err error) {
	defer webcare.Wrap(&err, "Again(%s/%s)", brand, channel)
	for cursor, more := "", true; more; more = cursor != "" {
		var rs []webcare.Record
		if rs, cursor, err = in.Store.Records.Scan(ctx, earlyKind, brand+"/"+channel+"/", cursor, 100, in.Now()); err != nil {
			return err
		}
		for _, r := range rs {
			var it Item
			if err := json.Unmarshal(r.Body, &it); err != nil {
				return err
			}
			if err := in.again(ctx, r, it); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *Intake) again(ctx context.Context, r webcare.Record, it Item) error {
	taken, err := in.Take(ctx, it)
	if err != nil {
		return err
	}
	if !taken {
		c, err := in.holder(ctx, webcare.MessageClaim(it.Message.Brand, it.Message.Key, 0))
		if err != nil || c == nil {
			return err // still early
		}
	}
	return in.Store.Records.Remove(ctx, r.Kind, r.Key)
}
