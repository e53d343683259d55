package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"

	"webcare.example/responder/internal/webcare"
)

// Deliver stores one mail and returns nil only when it is durable. from is the
// envelope sender ("" for the null sender), rcpts are the accepted recipients,
// raw the mail with Return-Path and Delivered-To on top, as a final delivery
// adds them. ErrInvalid and ErrForbidden refuse the mail for good; after any
// other error the sender tries again.
type Deliver func(ctx context.Context, from string, rcpts []string, raw []byte) error

// DefaultAddr is where a Server listens if nothing else is said.
const DefaultAddr = "127.0.0.1:2525"

// ServerConfig says what a Server takes. Zero fields have the default named.
type ServerConfig struct {
	Addr string // DefaultAddr
	// Accept lists the addresses ("klacht@voorbeeld.nl") and domains
	// ("voorbeeld.nl", "@voorbeeld.nl") that mail is taken for. Empty takes all
	// on a loopback address, and is refused on any other: it would be an open door.
	Accept  []string
	Deliver Deliver
	Log     *slog.Logger // of trouble, never of addresses or texts; none

	Hostname      string        // in the greeting; "localhost"
	MaxBytes      int64         // of a mail; 25 MB
	MaxRecipients int           // 50
	MaxOpen       int           // connections at once; 50
	Timeout       time.Duration // of one read or write; 60 s
	StoreTimeout  time.Duration // of one Deliver; 30 s
}

// Server takes mail in over SMTP. A mail is answered 250 only after Deliver
// returned nil: what was not stored stays with the sender.
type Server struct {
	cfg      ServerConfig
	accept   map[string]bool // nil for all
	smtp     *smtp.Server
	listener *tracked
	base     context.Context // of every Deliver
	stop     context.CancelFunc
}

// NewServer opens the port; Serve answers on it. ErrInvalid: the configuration
// is wrong; ErrUnavailable: the port is taken.
func NewServer(cfg ServerConfig) (*Server, error) {
	orDefault(&cfg.Addr, DefaultAddr)
	orDefault(&cfg.Hostname, "localhost")
	orDefault(&cfg.MaxBytes, 25<<20)
	orDefault(&cfg.MaxRecipients, 50)
	orDefault(&cfg.MaxOpen, 50)
	orDefault(&cfg.Timeout, 60*time.Second)
	orDefault(&cfg.StoreTimeout, 30*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{cfg: cfg}
	if err := s.readAccept(); err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", cfg.Addr)
	if err != nil {
		return nil, webcare.Unavailablef("mail intake on %s: %v: is another program there? choose another port", cfg.Addr, dialError(err))
	}
	s.listener = track(netutil.LimitListener(l, cfg.MaxOpen))
	s.base, s.stop = context.WithCancel(context.Background())
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.smtp.Domain = cfg.Hostname
	s.smtp.MaxMessageBytes = cfg.MaxBytes
	s.smtp.MaxRecipients = cfg.MaxRecipients
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = cfg.Timeout, cfg.Timeout
	s.smtp.MaxLineLength = 8000 // senders exceed the 998 of RFC 5322 in HTML
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ErrorLog = log.New(io.Discard, "", 0) // its lines hold addresses
	return s, nil
}

func (s *Server) readAccept() error {
	host, _, err := net.SplitHostPort(s.cfg.Addr)
	if err != nil {
		return webcare.Invalidf("mail intake on %q: %v", s.cfg.Addr, err)
	}
	if len(s.cfg.Accept) == 0 {
		if !loopback(host) {
			return webcare.Invalidf("mail intake on %s: outside loopback, the addresses to take mail for must be named", s.cfg.Addr)
		}
		return nil
	}
	s.accept = map[string]bool{}
	for _, a := range s.cfg.Accept {
		a = untagged(a)
		if !strings.Contains(a, "@") {
			a = "@" + a
		}
		if len(a) < 3 || strings.ContainsAny(a, " <>\r\n") {
			return webcare.Invalidf("mail intake: %q is neither an address nor a domain", a)
		}
		s.accept[a] = true
	}
	return nil
}

// accepts reports a recipient of ours; a plus tag does not matter.
func (s *Server) accepts(rcpt string) bool {
	addr := untagged(rcpt)
	return s.accept == nil || s.accept[addr] || s.accept["@"+domain(addr)]
}

func orDefault[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Serve answers until Shutdown; then it returns nil.
func (s *Server) Serve() error {
	err := s.smtp.Serve(s.listener)
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) { // only Shutdown closes it
		return nil
	}
	return err
}

// Shutdown takes no new connection, lets mails under way be stored and
// answered, and cuts what is left when ctx ends; then it returns ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	defer s.stop()
	_ = s.listener.Close() // also where Serve was never called
	s.listener.drain()
	err := s.smtp.Shutdown(ctx)
	if ctx.Err() != nil {
		s.listener.closeAll()
		return ctx.Err()
	}
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// session is one connection; its methods are called one after the other.
type session struct {
	server *Server
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
	if !s.server.accepts(to) {
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
	ctx, cancel := context.WithTimeout(s.server.base, s.server.cfg.StoreTimeout)
	defer cancel()
	err := s.server.cfg.Deliver(ctx, s.from, s.rcpt, raw.Bytes())
	switch {
	case err == nil:
		return nil
	case errors.Is(err, webcare.ErrInvalid), errors.Is(err, webcare.ErrForbidden):
		return answer(554, 5, 6, "Mail refused")
	}
	s.server.cfg.Log.Warn("mail not stored, left with its sender", "error", err)
	return answer(451, 4, 3, "Not stored, please try again later")
}

func answer(code, class, subject int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, 1}, Message: text}
}
