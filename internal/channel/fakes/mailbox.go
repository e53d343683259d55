package fakes

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// Mailbox plays a mail server with one mailbox, after RFC 3501: go-imap's own
// server, in memory, with connections that are cut and answers that are NO.
type Mailbox struct {
	User, Password string
	TLS            *tls.Config // for STARTTLS; nil offers none
	// Withhold has the server answer NO to whoever reads the mail with this text.
	Withhold string
	// Bearer is the token that XOAUTH2 takes.
	Bearer string

	mu     sync.Mutex
	faults Faults
	user   *imapmemserver.User
	mails  []letter
	seq    int
	marked int // STORE commands
}

type letter struct {
	raw []byte
	at  time.Time
}

// Box is the mailbox's name.
const Box = "INBOX"

// NewMailbox returns a server with an empty mailbox.
func NewMailbox(user, password string) *Mailbox {
	m := &Mailbox{User: user, Password: password, user: imapmemserver.NewUser(user, password)}
	m.faults.expired = func(http.ResponseWriter) {}
	if err := m.user.Create(Box, nil); err != nil {
		panic(err) // a new user has no mailbox
	}
	return m
}

// Serve answers on a listener until that is closed.
func (m *Mailbox) Serve(ln net.Listener) error {
	mem := imapmemserver.New()
	mem.AddUser(m.user)
	srv := imapserver.New(&imapserver.Options{InsecureAuth: true, TLSConfig: m.TLS, Logger: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &boxSession{Session: mem.NewSession(), m: m, conn: c}, &imapserver.GreetingData{}, nil
		}})
	defer srv.Close()
	return srv.Serve(&slicing{ln})
}

// ServeHTTP: a mail server speaks no HTTP.
func (m *Mailbox) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNotFound)
}

// Faults makes it fail.
func (m *Mailbox) Faults() *Faults { return &m.faults }

// Write mails as people do, and returns the Message-ID.
func (m *Mailbox) Write(p Post) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seq++
	id := fmt.Sprintf("%d.%s@klant.example", m.seq, p.Handle)
	from := fmt.Sprintf("%s <%s@klant.example>", p.Author, p.Handle)
	if p.Ours {
		from = "Voorbeeld <" + m.User + ">"
	}
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Klacht\r\nDate: %s\r\nMessage-ID: <%s>\r\nContent-Type: text/plain; charset=utf-8\r\n", from, m.User, p.At.Format(time.RFC1123Z), id)
	if p.ReplyTo != "" {
		raw += "In-Reply-To: <" + p.ReplyTo + ">\r\n"
	}
	m.put([]byte(raw+"\r\n"+strings.ReplaceAll(p.Text, "\n", "\r\n")+"\r\n"), p.At)
	return id
}

// Put stores a mail as it is.
func (m *Mailbox) Put(raw []byte, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(raw, at)
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return int64(l.Len()) }

func (m *Mailbox) put(raw []byte, at time.Time) {
	m.mails = append(m.mails, letter{raw, at})
	if _, err := m.user.Append(Box, literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at}); err != nil {
		panic(err) // the mailbox is there
	}
}

// Renumber makes the mailbox anew, with another UIDVALIDITY and the same mails
// but for the first few.
func (m *Mailbox) Renumber(without int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.user.Delete(Box); err != nil {
		panic(err)
	}
	if err := m.user.Create(Box, nil); err != nil {
		panic(err)
	}
	mails := m.mails[without:]
	m.mails = nil
	for _, l := range mails {
		m.put(l.raw, l.at)
	}
}

// Edit does nothing: a mail stays as it is.
func (m *Mailbox) Edit(string, string, time.Time) {}

// Delete does nothing that a reader would hear of.
func (m *Mailbox) Delete(string, time.Time) {}

// Answers are none: replies leave by SMTP.
func (m *Mailbox) Answers(string) []string { return nil }

// Unseen is how many mails are not marked as read.
func (m *Mailbox) Unseen() int {
	st, err := m.user.Status(Box, &imap.StatusOptions{NumUnseen: true})
	if err != nil {
		panic(err)
	}
	return int(*st.NumUnseen)
}

// Marked is how often a client changed flags.
func (m *Mailbox) Marked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.marked
}

// boxSession is one connection, which goes wrong as told: each command asks once.
type boxSession struct {
	imapserver.Session
	m    *Mailbox
	conn *imapserver.Conn
}

func no(code imap.ResponseCode, text string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}

// goes does a command, or goes wrong.
func (s *boxSession) goes(do func() error) error {
	switch s.m.faults.of(nil) {
	case CutBefore:
		_ = s.conn.NetConn().Close()
		return nil
	case CutDuring:
		if w, ok := s.conn.NetConn().(*wire); ok {
			w.cutAfter(40)
		}
		return do()
	case CutAfter:
		err := do()
		_ = s.conn.NetConn().Close()
		return err
	case FailBefore, FailAfter:
		return no(imap.ResponseCodeServerBug, "Internal error")
	case Limited:
		return no(imap.ResponseCodeLimit, "Too many requests")
	case Expired:
		return no(imap.ResponseCodeExpired, "Password expired")
	case Garbage:
		_, _ = s.conn.NetConn().Write([]byte("<!doctype html>\r\n"))
		return do()
	}
	return do()
}

func (s *boxSession) Login(user, password string) error {
	return s.goes(func() error { return s.Session.Login(user, password) })
}

// AuthenticateMechanisms and Authenticate offer XOAUTH2
// (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
func (s *boxSession) AuthenticateMechanisms() []string { return []string{"PLAIN", "XOAUTH2"} }

// Authenticate begins an exchange.
func (s *boxSession) Authenticate(mech string) (sasl.Server, error) {
	if mech == "XOAUTH2" {
		return &bearerServer{s: s}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.Login(user, password) }), nil
}

type bearerServer struct {
	s     *boxSession
	wrong bool
}

// Next answers a wrong token with a description, and refuses after the
// client's empty answer to that.
func (b *bearerServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case b.wrong:
		return nil, true, imapserver.ErrAuthFailed
	case response == nil:
		return []byte{}, false, nil
	case string(response) == "user="+b.s.m.User+"\x01auth=Bearer "+b.s.m.Bearer+"\x01\x01":
		return nil, true, b.s.Login(b.s.m.User, b.s.m.Password)
	}
	b.wrong = true
	return []byte(`{"status":"400","schemes":"Bearer"}`), false, nil
}

func (s *boxSession) Select(name string, o *imap.SelectOptions) (d *imap.SelectData, err error) {
	err = s.goes(func() error { d, err = s.Session.Select(name, o); return err })
	if d == nil && err == nil {
		err = no(imap.ResponseCodeUnavailable, "gone")
	}
	return d, err
}

func (s *boxSession) Search(kind imapserver.NumKind, c *imap.SearchCriteria, o *imap.SearchOptions) (d *imap.SearchData, err error) {
	d = &imap.SearchData{All: imap.UIDSet{}}
	err = s.goes(func() error { d, err = s.Session.Search(kind, c, o); return err })
	return d, err
}

func (s *boxSession) Fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	return s.goes(func() error {
		if uids, ok := set.(imap.UIDSet); ok && len(o.BodySection) > 0 && s.m.withholds(uids) {
			return no(imap.ResponseCodeServerBug, "The specified message content could not be retrieved")
		}
		return s.Session.Fetch(w, set, o)
	})
}

func (s *boxSession) Store(w *imapserver.FetchWriter, set imap.NumSet, f *imap.StoreFlags, o *imap.StoreOptions) error {
	s.m.mu.Lock()
	s.m.marked++
	s.m.mu.Unlock()
	return s.goes(func() error { return s.Session.Store(w, set, f, o) })
}

// withholds reports whether one of the mails is one not to be handed out; UIDs
// count from 1 in the order of arrival.
func (m *Mailbox) withholds(uids imap.UIDSet) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, l := range m.mails {
		if m.Withhold != "" && uids.Contains(imap.UID(i+1)) && bytes.Contains(l.raw, []byte(m.Withhold)) {
			return true
		}
	}
	return false
}

// slicing hands out connections that can be cut after a number of bytes.
type slicing struct{ net.Listener }

func (l *slicing) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &wire{Conn: c, left: -1}, nil
}

type wire struct {
	net.Conn
	mu   sync.Mutex
	left int // bytes until the cut, -1 for none
}

func (w *wire) cutAfter(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = n
}

func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left < 0 || len(b) < w.left {
		if w.left >= 0 {
			w.left -= len(b)
		}
		return w.Conn.Write(b)
	}
	n, _ := w.Conn.Write(b[:w.left])
	_ = w.Close()
	return n, net.ErrClosed
}
