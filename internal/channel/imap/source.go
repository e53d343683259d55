package imap

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// Config is one mailbox.
type Config struct {
	Server  Server
	Mailbox string        // "INBOX"
	Since   time.Duration // how old mail may be at the first look
	Seen    bool          // mark what was stored as read
	// Read says how mail is read: for which brand, which addresses are its own.
	Read mail.Options
	Now  func() time.Time
}

// Every is how often a mailbox is asked unless the brand file says otherwise.
const Every = time.Minute

// Bounds of one poll.
const (
	maxMails = 50
	maxBytes = 16 << 20
	maxAside = 20 // mails that the server will not hand out
)

// Source reads one mailbox.
type Source struct {
	cfg  Config
	conn *conn // kept from page to page of one round
	part part  // of a mail whose download was cut
}

// NewSource returns a source; nothing is called yet.
func NewSource(cfg Config) *Source { return &Source{cfg: cfg} }

// cursor is how far the mailbox was read. Compatibility: fields may be added;
// none is renamed.
type cursor struct {
	Validity uint32    `json:"validity"`
	Last     imap.UID  `json:"last"`            // all up to here was taken, but for Aside
	Begun    time.Time `json:"begun,omitzero"`  // mail that came in before is left alone
	Newest   time.Time `json:"newest,omitzero"` // when the newest mail taken came in
	// Since bounds a first look and one after a change of UIDVALIDITY; zero
	// once all that it leaves was read.
	Since time.Time `json:"since,omitzero"`
	// Taken are mails to be marked as read, now that the cursor is saved.
	Taken []imap.UID `json:"taken,omitempty"`
	// Aside are mails that the server would not hand out.
	Aside []aside `json:"aside,omitempty"`
}

type aside struct {
	UID   imap.UID  `json:"uid"`
	Since time.Time `json:"since"`
}

// Poll brings the next mails after the cursor. Those that came whole before a
// connection broke are brought; what was wrong then is said beside them.
func (s *Source) Poll(ctx context.Context, at string) (b channel.Batch, err error) {
	var c cursor
	if at != "" {
		if err := json.Unmarshal([]byte(at), &c); err != nil {
			return b, webcare.Invalidf("the saved cursor cannot be read")
		}
	}
	kept := s.conn != nil
	b, next, err := s.poll(ctx, c)
	if err != nil && kept && ctx.Err() == nil && !errors.As(err, new(*imap.Error)) {
		b, next, err = s.poll(ctx, c) // the connection kept from the last page may just have gone
	}
	if err != nil || !b.More {
		s.hangUp(err == nil && b.Trouble == nil)
	}
	if err != nil {
		return channel.Batch{}, s.cfg.Server.inWords(err)
	}
	if b.Trouble != nil {
		b.Trouble = s.cfg.Server.inWords(b.Trouble)
	}
	body, err := json.Marshal(next)
	b.Next = string(body)
	return b, err
}

func (s *Source) poll(ctx context.Context, c cursor) (channel.Batch, cursor, error) {
	r := &reading{s: s, c: c}
	r.c.Taken, r.c.Aside = nil, slices.Clone(c.Aside)
	err := r.run(ctx, c)
	switch {
	case err == nil:
	case errors.Is(err, errLate):
		r.b.More = false
	case len(r.b.Items) == 0 || ctx.Err() != nil:
		s.hangUp(false)
		return channel.Batch{}, c, err
	default:
		r.b.Trouble, r.b.More = err, false
	}
	return r.b, r.c, nil
}

// errLate: the time of the round is nearly over, and what was read must still
// be stored. The next round goes on.
var errLate = errors.New("no time left")

const reserve = 20 * time.Second

func late(ctx context.Context) bool {
	end, bounded := ctx.Deadline()
	return bounded && time.Until(end) < reserve
}

// hangUp ends the connection.
func (s *Source) hangUp(politely bool) {
	if s.conn != nil {
		s.conn.close(politely)
		s.conn = nil
	}
}

// reading is one poll.
type reading struct {
	s    *Source
	conn *conn
	b    channel.Batch
	c    cursor
	read int // bytes
}

func (r *reading) run(ctx context.Context, old cursor) (err error) {
	if r.s.conn == nil {
		if r.s.conn, err = r.s.cfg.Server.dial(ctx, r.s.cfg.Now); err != nil {
			return err
		}
	}
	r.conn = r.s.conn
	defer r.conn.bound(ctx)()
	validity, err := r.conn.open(r.s.cfg.Mailbox, r.s.cfg.Seen)
	if err != nil {
		return err
	}
	switch {
	case old.Validity == 0:
		begun := r.s.cfg.Now().Add(-r.s.cfg.Since).UTC()
		r.c = cursor{Validity: validity, Begun: begun, Since: begun}
	case old.Validity != validity:
		r.c = again(old, validity)
	case len(old.Taken) > 0:
		if err := r.conn.markSeen(old.Taken); err != nil {
			if !errors.As(err, new(*imap.Error)) {
				return err
			}
			r.b.Trouble = err // a mailbox that cannot be changed is read all the same
		}
	}
	if err := r.retryAside(ctx); err != nil {
		return err
	}
	return r.page(ctx)
}

// overlap is how far back a mailbox is read again that has new UIDs.
const overlap = 7 * 24 * time.Hour

// again is where to begin in a mailbox that has new UIDs.
func again(old cursor, validity uint32) cursor {
	c := cursor{Validity: validity, Begun: old.Begun, Newest: old.Newest, Since: old.Begun}
	if from := old.Newest.Add(-overlap); old.Since.IsZero() && from.After(c.Since) {
		c.Since = from
	}
	return c
}

// page takes the next mails above the last one.
func (r *reading) page(ctx context.Context) error {
	uids, top, err := r.conn.above(r.c.Last, r.c.Since)
	if err != nil {
		return err
	}
	rest := len(uids) > maxMails
	uids = uids[:min(len(uids), maxMails)]
	mails, err := r.conn.sizes(uids)
	if err != nil {
		return err
	}
	for _, uid := range uids {
		m, there := mails[uid]
		there = there && (m.came.IsZero() || !m.came.Before(r.c.Since)) // a search knows days only
		if there && len(r.b.Items) > 0 && (m.size > large || r.read+int(m.size) > maxBytes) {
			rest = true
			break
		}
		if there {
			if err := r.take(ctx, m); err != nil {
				return err
			}
		}
		r.c.Last = uid
	}
	if r.b.More = rest; !rest {
		r.c.Last, r.c.Since = max(r.c.Last, top), time.Time{}
	}
	return nil
}

// take downloads one mail. One that the server will not hand out is put aside.
func (r *reading) take(ctx context.Context, m size) error {
	err := r.bring(ctx, m)
	if !errors.As(err, new(*imap.Error)) {
		return err
	}
	if len(r.c.Aside) >= maxAside {
		return err // the server is ill, not its mails
	}
	r.b.Trouble = err
	r.c.Aside = append(r.c.Aside, aside{m.uid, r.s.cfg.Now().UTC()})
	return nil
}

// bring downloads one mail into the batch; one that is gone meanwhile is none.
func (r *reading) bring(ctx context.Context, m size) error {
	raw, cut, err := r.s.download(ctx, r.conn, r.c.Validity, m)
	if errors.Is(err, errGone) {
		return nil
	}
	if err == nil {
		r.add(m, r.s.item(raw, cut, m))
		r.read += len(raw)
	}
	return err
}

func (r *reading) add(m size, it channel.Item) {
	r.b.Items = append(r.b.Items, it)
	if m.came.After(r.c.Newest) {
		r.c.Newest = m.came.UTC()
	}
	if r.s.cfg.Seen {
		r.c.Taken = append(r.c.Taken, m.uid)
	}
}

// patience is how long a mail is asked for that the server will not hand out.
const patience = time.Hour

// retryAside asks once more for the mails put aside.
func (r *reading) retryAside(ctx context.Context) error {
	if len(r.c.Aside) == 0 {
		return nil
	}
	tried := r.c.Aside
	uids := make([]imap.UID, 0, len(tried))
	for _, a := range tried {
		uids = append(uids, a.UID)
	}
	mails, err := r.conn.sizes(uids)
	if err != nil {
		return err
	}
	r.c.Aside = nil
	for i, a := range tried {
		m, there := mails[a.UID]
		if !there {
			continue // somebody has moved it
		}
		err := r.bring(ctx, m)
		switch {
		case err == nil:
		case !errors.As(err, new(*imap.Error)):
			r.c.Aside = append(r.c.Aside, tried[i:]...)
			return err
		case r.s.cfg.Now().Sub(a.Since) >= patience:
			r.b.Items = append(r.b.Items, r.s.withheld(r.c.Validity, a.UID))
		default:
			r.c.Aside, r.b.Trouble = append(r.c.Aside, a), err
		}
	}
	return nil
}
