package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// SMTP hands replies to a submission server (RFC 6409). Mail is blind: once
// the whole mail was sent and no answer came, nobody can tell whether it left.
type SMTP struct {
	cfg Config

	addr, host string
	implicit   bool // TLS from the first byte
	cleartext  bool // allowed
	user, pass string
	tls        *tls.Config
}

// smtpTimeout is how long one mail may take: RFC 5321 asks for minutes, but an
// attempt holds a lease.
const smtpTimeout = 60 * time.Second

// NewSMTP reads where to submit to: smtp://user:pass@host:587 (STARTTLS, which
// must be offered), smtps://user:pass@host:465, or for a server on this machine
// smtp://127.0.0.1:1025. Without TLS only a loopback address is used, or one
// with "?insecure=1". ErrInvalid: the URL is wrong; the error does not repeat it.
func NewSMTP(rawURL string, cfg Config) (*SMTP, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, webcare.Invalidf("SMTP URL: cannot be read; expected smtp://user:password@host:587")
	}
	s := &SMTP{cfg: cfg, host: u.Hostname(), implicit: u.Scheme == "smtps"}
	if u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, webcare.Invalidf("SMTP URL: scheme is neither smtp nor smtps")
	}
	if s.host == "" || (u.Path != "" && u.Path != "/") || u.Fragment != "" {
		return nil, webcare.Invalidf("SMTP URL: expected %s://user:password@host:port", u.Scheme)
	}
	for k := range u.Query() {
		if k != "insecure" {
			return nil, webcare.Invalidf("SMTP URL: unknown parameter %q", k)
		}
	}
	port := u.Port()
	switch {
	case port == "" && s.implicit:
		port = "465"
	case port == "":
		port = "587"
	}
	s.addr = net.JoinHostPort(s.host, port)
	if u.User != nil {
		s.user = u.User.Username()
		s.pass, _ = u.User.Password()
	}
	s.cleartext = u.Query().Get("insecure") == "1" || loopback(s.host)
	s.tls = &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	return s, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Class: an unknown outcome stays unknown.
func (s *SMTP) Class() webcare.PublishClass { return webcare.PublishClass{Timeout: smtpTimeout} }

// Find is never called: mail is not findable.
func (s *SMTP) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, webcare.Invalidf("a sent mail cannot be looked for")
}

// Publish submits the reply. Up to the end of the text every failure is
// definite; after it only the server's answer is.
func (s *SMTP) Publish(ctx context.Context, out webcare.Outgoing) (_ webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	m, err := compose(out, s.cfg)
	if err != nil {
		return webcare.Receipt{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, smtpTimeout)
	defer cancel()
	if err := s.submit(ctx, m); err != nil {
		return webcare.Receipt{}, err
	}
	return receipt(m.ID, out, s.cfg), nil
}

func (s *SMTP) submit(ctx context.Context, m *Mail) error {
	c, stop, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	defer stop()
	if err := c.Mail(m.From); err != nil {
		return s.definite("MAIL", err)
	}
	for _, to := range m.To {
		if err := c.Rcpt(to); err != nil {
			return s.definite("RCPT", err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return s.definite("DATA", err)
	}
	if _, err := w.Write(m.Raw); err != nil {
		return s.definite("text", err) // its end was not sent: the server drops it
	}
	if err := w.Close(); err != nil {
		return s.atEnd(err)
	}
	_ = c.Quit() // taken; what happens to the connection now is no matter
	return nil
}

// dial connects, secures and signs in. What fails here says nothing about the
// mail, so all of it is ErrUnavailable. stop ends the watch over ctx.
func (s *SMTP) dial(ctx context.Context) (_ *smtp.Client, stop func() bool, err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, nil, webcare.Unavailablef("mail server %s: %v", s.addr, dialError(err))
	}
	if t, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(t)
	}
	raw := conn
	unwatch := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer func() {
		if err != nil {
			unwatch()
			_ = raw.Close()
		}
	}()
	if s.implicit {
		conn = tls.Client(conn, s.tls)
	}
	c, err := smtp.NewClient(conn, s.host)
	if err != nil {
		return nil, nil, webcare.Unavailablef("mail server %s: greeting: %v", s.addr, s.safe(err))
	}
	if err := s.prepare(c); err != nil {
		return nil, nil, webcare.Unavailablef("mail server %s: %w", s.addr, err)
	}
	return c, unwatch, nil
}

func (s *SMTP) prepare(c *smtp.Client) error {
	if err := c.Hello("localhost"); err != nil {
		return fmt.Errorf("EHLO: %s", s.safe(err))
	}
	secure := s.implicit
	if ok, _ := c.Extension("STARTTLS"); ok && !secure {
		if err := c.StartTLS(s.tls); err == nil {
			secure = true
		} else {
			return fmt.Errorf("STARTTLS: %s", s.safe(err))
		}
	}
	if !secure && !s.cleartext {
		return errors.New("offers no STARTTLS, and mail is not sent in the clear")
	}
	if s.user == "" {
		return nil
	}
	_, mechanisms := c.Extension("AUTH")
	var auth smtp.Auth = plainAuth{s.user, s.pass}
	if words := strings.Fields(strings.ToUpper(mechanisms)); !contains(words, "PLAIN") && contains(words, "LOGIN") {
		auth = loginAuth{s.user, s.pass}
	}
	if err := c.Auth(auth); err != nil {
		var p *textproto.Error
		if errors.As(err, &p) {
			return fmt.Errorf("sign-in refused with %d", p.Code) // its text may repeat the name
		}
		return errors.New("sign-in failed")
	}
	return nil
}

func contains(words []string, w string) bool {
	for _, have := range words {
		if have == w {
			return true
		}
	}
	return false
}

// definite classes a failure before the end of the text.
func (s *SMTP) definite(stage string, err error) error {
	var p *textproto.Error
	if errors.As(err, &p) && p.Code >= 500 {
		return webcare.Refusedf("mail server refuses %s: %s", stage, s.safe(err))
	}
	return webcare.Unavailablef("mail server at %s: %s", stage, s.safe(err))
}

// atEnd classes a failure after the end of the text may have gone out.
func (s *SMTP) atEnd(err error) error {
	var p *textproto.Error
	switch {
	case !errors.As(err, &p):
		return fmt.Errorf("no answer after the whole mail was sent: %s", s.safe(err))
	case p.Code >= 500:
		return webcare.Refusedf("mail server refuses the mail: %s", s.safe(err))
	case p.Code >= 400:
		return webcare.Unavailablef("mail server: %s", s.safe(err))
	}
	return fmt.Errorf("odd answer after the whole mail was sent: %s", s.safe(err))
}

// safe returns an error's text on one line, short and without the password.
func (s *SMTP) safe(err error) string {
	t := plain.Clip(plain.Line(err.Error()), 300)
	if s.pass != "" {
		t = strings.ReplaceAll(t, s.pass, "[...]")
	}
	return t
}

// dialError drops the addresses that net errors repeat.
func dialError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err
	}
	return err
}

// plainAuth is RFC 4616. Package smtp's own refuses servers that are not named
// localhost without TLS; whether the clear is allowed was decided before.
type plainAuth struct{ user, pass string }

func (a plainAuth) Start(*smtp.ServerInfo) (string, []byte, error) {
	return "PLAIN", []byte("\x00" + a.user + "\x00" + a.pass), nil
}

func (a plainAuth) Next(_ []byte, more bool) ([]byte, error) {
	if more {
		return nil, errors.New("unexpected challenge")
	}
	return nil, nil
}

// loginAuth is the older way that some large providers only offer.
type loginAuth struct{ user, pass string }

func (a loginAuth) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

func (a loginAuth) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if strings.HasPrefix(strings.ToLower(string(challenge)), "pass") {
		return []byte(a.pass), nil
	}
	return []byte(a.user), nil
}
