package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// Bounds of one mail.
const (
	maxMail   = 50 << 20
	large     = 4 << 20 // comes alone
	beginning = 1 << 20 // what is taken of one above the bound
	piece     = 1 << 20 // downloaded at once
)

// size is what is known of a mail before it is downloaded.
type size struct {
	uid  imap.UID
	size int64 // as the server says, which may be a guess
	came time.Time
}

// part is the beginning of a mail whose download was cut.
type part struct {
	validity uint32
	uid      imap.UID
	data     []byte
}

// above lists the UIDs above last, the lowest first, of mails that came in
// since the day of a time, if one is given; top is the highest UID there is.
func (c *conn) above(last imap.UID, since time.Time) (uids []imap.UID, top imap.UID, err error) {
	var set imap.UIDSet
	set.AddRange(last+1, 0)
	all, err := c.search(&imap.SearchCriteria{UID: []imap.UIDSet{set}})
	if err != nil {
		return nil, 0, err
	}
	// "N:*" holds the last mail even where its UID is below N (RFC 3501, 6.4.8).
	all = slices.DeleteFunc(all, func(u imap.UID) bool { return u <= last })
	slices.Sort(all)
	if len(all) == 0 {
		return nil, last, nil
	}
	top = all[len(all)-1]
	if since.IsZero() {
		return all, top, nil
	}
	// Dates count without time and zone: a day more.
	recent, err := c.search(&imap.SearchCriteria{UID: []imap.UIDSet{set}, Since: since.AddDate(0, 0, -1)})
	if err != nil {
		return nil, 0, err
	}
	recent = slices.DeleteFunc(recent, func(u imap.UID) bool { return u <= last })
	slices.Sort(recent)
	return recent, top, nil
}

func (c *conn) search(what *imap.SearchCriteria) ([]imap.UID, error) {
	data, err := c.imap.UIDSearch(what, nil).Wait()
	if err != nil {
		return nil, err
	}
	return data.AllUIDs(), nil
}

// sizes asks what is known of mails; those that are gone are left out. What
// a server says NO about may be there all the same.
func (c *conn) sizes(uids []imap.UID) (map[imap.UID]size, error) {
	out := map[imap.UID]size{}
	if len(uids) == 0 {
		return out, nil
	}
	mails, err := c.imap.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}).Collect()
	for _, m := range mails {
		out[m.UID] = size{m.UID, m.RFC822Size, m.InternalDate}
	}
	if errors.As(err, new(*imap.Error)) {
		for _, uid := range uids {
			if _, known := out[uid]; !known {
				out[uid] = size{uid: uid}
			}
		}
		err = nil
	}
	return out, err
}

// errGone: the mail was moved or deleted since it was listed.
var errGone = errors.New("the mail is gone")

// download reads a mail piece by piece, going on where an earlier try was cut.
// cut says why only its beginning was read, "" where all was.
func (s *Source) download(ctx context.Context, c *conn, validity uint32, m size) (raw []byte, cut string, err error) {
	most := maxMail
	if m.size > maxMail {
		most = beginning
	}
	p := part{validity: validity, uid: m.uid}
	if s.part.uid == m.uid && s.part.validity == validity {
		p, s.part = s.part, part{}
	}
	defer func() {
		if err != nil && len(p.data) > 0 {
			s.part = p
		}
	}()
	for {
		if late(ctx) {
			return nil, "", errLate
		}
		want := min(piece, most+1-len(p.data))
		data, there, err := c.piece(m.uid, len(p.data), want)
		switch {
		case err != nil:
			return nil, "", err
		case !there && len(p.data) == 0:
			return nil, "", errGone
		case !there && int64(len(p.data)) < m.size:
			return p.data, "it was deleted while it was read: only its beginning was taken", nil
		}
		if p.data == nil {
			p.data = make([]byte, 0, len(data)+int(min(max(m.size, 0), int64(most))))
		}
		p.data = append(p.data, data...)
		switch {
		case len(p.data) > most:
			return p.data[:beginning:beginning], fmt.Sprintf("too large (%d MB): only its beginning was taken, the whole mail stands in the mailbox", m.size>>20), nil
		case len(data) < want:
			return p.data, "", nil
		}
	}
}

// piece reads a stretch of a mail; a shorter one is its end. there says that
// the server answered with one.
func (c *conn) piece(uid imap.UID, from, n int) (data []byte, there bool, err error) {
	what := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: int64(from), Size: int64(n)}}
	cmd := c.imap.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{what}})
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for it := m.Next(); it != nil; it = m.Next() {
			body, ok := it.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil {
				continue
			}
			there = true
			if data, err = c.literal(body.Literal, n); err != nil {
				return nil, there, err // and not one word more of this connection is read
			}
		}
	}
	return data, there, cmd.Close()
}

// literal reads a stretch of at most n bytes. After an error the connection is
// closed: where in the answer it stands nobody knows, and go-imap would read
// there from two sides.
func (c *conn) literal(r imap.LiteralReader, n int) ([]byte, error) {
	if r.Size() > int64(n) {
		_ = c.net.Close()
		_, _ = io.Copy(io.Discard, r) // go-imap waits until somebody has read it
		return nil, errors.New("it sends more than it was asked for")
	}
	b := bytes.NewBuffer(make([]byte, 0, r.Size()))
	_, err := io.Copy(b, r)
	if err == nil && int64(b.Len()) < r.Size() {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		_ = c.net.Close()
		return nil, err
	}
	return b.Bytes(), nil
}

// markSeen marks mails as read. Those that are gone do not matter.
func (c *conn) markSeen(uids []imap.UID) error {
	return c.imap.Store(imap.UIDSetNum(uids...), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
}

// item is a mail as read.
func (s *Source) item(raw []byte, cut string, m size) channel.Item {
	opt := s.cfg.Read
	opt.Now = s.cfg.Now()
	p := mail.Parse(raw, opt)
	if p.Message.PostedAt.IsZero() && !m.came.IsZero() {
		p.Message.PostedAt = m.came.UTC()
	}
	if cut != "" {
		p.Message.Warnings = append(p.Message.Warnings, cut)
	}
	return letter(p, raw)
}

func letter(p mail.Parsed, raw []byte) channel.Item {
	it := channel.Item{Message: p.Message, Raw: raw, Files: p.Files, Parents: p.Parents, Claims: p.Claims, Sorted: true, Aside: p.Message.Automatic == mail.OwnMail}
	it.Renamed = func() channel.Item {
		other := letter(p.Renamed(), raw)
		other.Renamed = nil
		return other
	}
	return it
}

// withheld stands for a mail that the server has not handed out.
func (s *Source) withheld(validity uint32, uid imap.UID) channel.Item {
	where := fmt.Sprintf("%s, %d", s.cfg.Mailbox, uid)
	return channel.Item{Sorted: true, Message: webcare.Message{Brand: s.cfg.Read.Brand, Visibility: webcare.Private, Language: "nl", PostedAt: s.cfg.Now().UTC(),
		Key:      webcare.Key{Channel: mail.Channel, ExternalID: fmt.Sprintf("imap:%s:%d:%d", webcare.Digest([]byte(s.cfg.Server.Addr + "/" + s.cfg.Server.User))[:16], validity, uid)},
		Subject:  "Een mail die de mailserver niet afgeeft",
		Text:     "De mailserver geeft deze mail niet af. Open hem in de mailbox zelf (" + where + ").",
		Warnings: []string{"the mail server does not hand this mail out: open it in the mailbox (" + where + ")"}}}
}
