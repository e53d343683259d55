package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"

	"webcare.example/responder/internal/webcare"
)

// Deliver stores one mail and returns nil only when it is durable. rcpt are
// the accepted recipients, from the envelope sender ("" for the null sender),
// raw the mail with Return-Path and Delivered-To on top, as a final delivery
// adds them. ErrInvalid and ErrForbidden refuse the mail for good; after any
// other error the sender tries again.
type Deliver func(ctx context.Context, rcpt []string, from string, raw []byte) error

// Routes says which brand takes mail for an address: keys are addresses
// ("klacht@voorbeeld.nl"), domains ("@voorbeeld.nl"), or "*" for all.
type Routes map[string]string

// Brand returns the brand of a recipient; a plus tag does not matter.
func (r Routes) Brand(rcpt string) (string, bool) {
	addr := plain(strings.Trim(rcpt, "<>"))
	for _, key := range []string{addr, "@" + domain(addr), "*"} {
		if b, ok := r[key]; ok {
			return b, true
		}
	}
	return "", false
}

// ServerConfig bounds what a Server takes. Zero fields have the default named.
type ServerConfig struct {
	Routes        Routes
	Deliver       Deliver
	Hostname      string        // in the greeting; "localhost"
	MaxBytes      int64         // of a mail; 25 MB
	MaxRecipients int           // 50
	MaxOpen       int           // connections at once; 50
	Timeout       time.Duration // of one read or write; 60 s
	// StoreTimeout is how long Deliver may take; 30 s.
	StoreTimeout time.Duration
}

// Server takes mail in over SMTP. A mail is answered 250 only after Deliver
// returned nil: what was not stored stays with the sender.
type Server struct {
	smtp *smtp.Server
	open int
	base context.Context // of every Deliver
	stop context.CancelFunc

	mu        sync.Mutex
	listeners []*tracked
}

// NewServer returns a server; Serve starts it.
func NewServer(cfg ServerConfig) *Server {
	orDefault(&cfg.Hostname, "localhost")
	orDefault(&cfg.MaxBytes, 25<<20)
	orDefault(&cfg.MaxRecipients, 50)
	orDefault(&cfg.MaxOpen, 50)
	orDefault(&cfg.Timeout, 60*time.Second)
	orDefault(&cfg.StoreTimeout, 30*time.Second)
	s := &Server{open: cfg.MaxOpen}
	s.base, s.stop = context.WithCancel(context.Background())
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{server: s, cfg: cfg}, nil
	}))
	s.smtp.Domain = cfg.Hostname
	s.smtp.MaxMessageBytes = cfg.MaxBytes
	s.smtp.MaxRecipients = cfg.MaxRecipients
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = cfg.Timeout, cfg.Timeout
	s.smtp.MaxLineLength = 8000 // senders exceed the 998 of RFC 5322 in HTML
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ErrorLog = log.New(io.Discard, "", 0) // its lines hold addresses
	return s
}

func orDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// Serve answers on l until Shutdown; then it returns nil. It closes l.
func (s *Server) Serve(l net.Listener) error {
	t := track(netutil.LimitListener(l, s.open))
	s.mu.Lock()
	s.listeners = append(s.listeners, t)
	s.mu.Unlock()
	err := s.smtp.Serve(t)
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

// Shutdown takes no new connection, lets mails under way be stored and
// answered, and cuts what is left when ctx ends; then it returns ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	defer s.stop()
	s.mu.Lock()
	listeners := s.listeners
	s.mu.Unlock()
	for _, t := range listeners {
		t.drain()
	}
	err := s.smtp.Shutdown(ctx)
	if ctx.Err() != nil {
		for _, t := range listeners {
			t.closeAll()
		}
		return ctx.Err()
	}
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

// session is one connection; its methods are called one after the other.
type session struct {
	server *Server
	cfg    ServerConfig
	from   string
	rcpt   []string
}

func (s *session) Reset()        { s.from, s.rcpt = "", nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if strings.ContainsAny(from, "\r\n\x00<>") || len(from) > 320 {
		return answer(501, 5, 1, "Bad sender address")
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.ContainsAny(to, "\r\n\x00<> ") || len(to) > 320 || !strings.Contains(to, "@") {
		return answer(501, 5, 1, "Bad recipient address")
	}
	if _, ok := s.cfg.Routes.Brand(to); !ok {
		return answer(550, 5, 1, "No mailbox here by that name")
	}
	s.rcpt = append(s.rcpt, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw := bytes.NewBuffer(nil)
	raw.WriteString("Return-Path: <" + s.from + ">\r\n")
	for _, to := range s.rcpt {
		raw.WriteString("Delivered-To: " + to + "\r\n")
	}
	if _, err := raw.ReadFrom(r); err != nil {
		return err // too large, or the sender went away; package smtp words the answer
	}
	ctx, cancel := context.WithTimeout(s.server.base, s.cfg.StoreTimeout)
	defer cancel()
	err := s.cfg.Deliver(ctx, s.rcpt, s.from, raw.Bytes())
	switch {
	case err == nil:
		return nil
	case errors.Is(err, webcare.ErrInvalid), errors.Is(err, webcare.ErrForbidden):
		return answer(554, 5, 6, "Mail refused")
	}
	return answer(451, 4, 3, "Not stored, please try again later")
}

func answer(code, class, subject int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, 1}, Message: text}
}
