package imap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Server is where a mailbox is and how to sign in there.
type Server struct {
	Addr     string // host:port
	Implicit bool   // TLS from the first byte; otherwise STARTTLS
	User     string
	Password string
	Tokens   *Tokens     // instead of a password; nil for none
	TLS      *tls.Config // nil for the usual
}

// ParseServer reads an address: imaps://host, imap://host, with or without a
// port. ErrInvalid: it is none.
func ParseServer(text string) (s Server, err error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "":
		return s, webcare.Invalidf("%q is no address such as imaps://imap.voorbeeld.nl", plain.Clip(text, 100))
	case u.User != nil:
		return s, webcare.Invalidf("no name or password in the address: the name is settings.imap_user, the password secrets.imap")
	case u.Scheme != "imaps" && u.Scheme != "imap":
		return s, webcare.Invalidf("%q begins with neither imaps:// nor imap://", plain.Clip(text, 100))
	}
	port := u.Port()
	switch {
	case port == "" && u.Scheme == "imaps":
		port = "993"
	case port == "":
		port = "143"
	}
	return Server{Addr: net.JoinHostPort(u.Hostname(), port), Implicit: u.Scheme == "imaps"}, nil
}

func (s Server) host() string {
	h, _, _ := net.SplitHostPort(s.Addr)
	return h
}

func (s Server) local() bool {
	ip := net.ParseIP(s.host())
	return s.host() == "localhost" || (ip != nil && ip.IsLoopback())
}

// conn is a connection, signed in.
type conn struct {
	imap *imapclient.Client
	net  net.Conn
}

const dialTime = 20 * time.Second

// dial connects, secures and signs in.
func (s Server) dial(ctx context.Context, now func() time.Time) (_ *conn, err error) {
	dctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(dctx, "tcp", s.Addr)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", dialError(err))
	}
	defer func() {
		if err != nil {
			_ = raw.Close()
		}
	}()
	stop := context.AfterFunc(dctx, func() { _ = raw.Close() })
	defer stop()
	c, err := s.secure(dctx, raw)
	if err != nil {
		return nil, err
	}
	if err := s.signIn(dctx, c, now); err != nil {
		return nil, err
	}
	return &conn{c, raw}, nil
}

// secure puts TLS over the connection. Without, only this machine is spoken to.
func (s Server) secure(ctx context.Context, raw net.Conn) (*imapclient.Client, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.TLS != nil {
		cfg = s.TLS.Clone()
	}
	if cfg.ServerName == "" {
		cfg.ServerName = s.host()
	}
	if s.Implicit {
		over := tls.Client(raw, cfg)
		if err := over.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		return imapclient.New(over, nil), nil
	}
	if s.local() && s.TLS == nil {
		return imapclient.New(raw, nil), nil
	}
	c, err := imapclient.NewStartTLS(raw, &imapclient.Options{TLSConfig: cfg})
	var no *imap.Error
	if errors.As(err, &no) {
		return nil, &channel.CredentialError{Why: "the mail server offers no STARTTLS, and no password is sent in the clear", Todo: "write imaps:// in settings.imap"}
	}
	return c, err
}

func (s Server) signIn(ctx context.Context, c *imapclient.Client, now func() time.Time) error {
	if err := c.WaitGreeting(); err != nil {
		return err
	}
	if s.Tokens != nil {
		token, err := s.Tokens.token(ctx, now)
		if err != nil {
			return err
		}
		return s.refused(c.Authenticate(&bearer{user: s.User, token: token}))
	}
	caps := c.Caps()
	if caps.Has(imap.AuthCap("PLAIN")) { // passwords in any script
		return s.refused(c.Authenticate(sasl.NewPlainClient("", s.User, s.Password)))
	}
	if caps.Has(imap.CapLoginDisabled) {
		return &channel.CredentialError{Why: "the mail server takes no password here", Todo: "write imaps:// in settings.imap, or ask the provider how programs sign in over IMAP"}
	}
	return s.refused(c.Login(s.User, s.Password).Wait())
}

// refused words an answer to signing in.
func (s Server) refused(err error) error {
	var no *imap.Error
	if !errors.As(err, &no) {
		return err
	}
	switch no.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return err // it may go by itself
	}
	todo := "look up name and password of the mailbox, and whether it allows IMAP (often with an app password), and set them where the brand file says"
	if s.Tokens != nil {
		todo = "see that the app may read this mailbox (IMAP.AccessAsApp with consent, and Add-MailboxPermission for its service principal)"
	}
	return &channel.CredentialError{Why: "the mail server does not let us in: " + s.safe(no.Text), Todo: todo}
}

// open selects the mailbox, for reading only unless mails are to be marked.
func (c *conn) open(mailbox string, change bool) (validity uint32, err error) {
	data, err := c.imap.Select(mailbox, &imap.SelectOptions{ReadOnly: !change}).Wait()
	var no *imap.Error
	switch {
	case errors.As(err, &no) && no.Code != imap.ResponseCodeUnavailable && no.Code != imap.ResponseCodeInUse:
		return 0, &channel.CredentialError{Why: fmt.Sprintf("the mailbox %q cannot be opened", plain.Clip(mailbox, 100)), Todo: "write its name in settings.mailbox as the mail program shows it, or let the account read it"}
	case err != nil:
		return 0, err
	case data.UIDValidity == 0:
		return 0, errors.New("a mail server that numbers no mails (UIDVALIDITY) cannot be polled")
	}
	return data.UIDValidity, nil
}

// bound cuts the connection when ctx ends; the caller calls what it returns.
func (c *conn) bound(ctx context.Context) func() {
	stop := context.AfterFunc(ctx, func() { _ = c.net.Close() })
	return func() { stop() }
}

const goodbye = 3 * time.Second

// close ends the connection, with a word of goodbye where it still works.
func (c *conn) close(politely bool) {
	if politely {
		cut := time.AfterFunc(goodbye, func() { _ = c.net.Close() })
		_ = c.imap.Logout().Wait() // all that matters is read
		cut.Stop()
	}
	_ = c.net.Close()
	_ = c.imap.Close()
}

// inWords makes an error one of channel's kinds, without secrets.
func (s Server) inWords(err error) error {
	var cert *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var no *imap.Error
	switch {
	case errors.As(err, new(*channel.CredentialError)), errors.As(err, new(*channel.LimitError)), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &cert), errors.As(err, &unknown):
		return &channel.CredentialError{Why: "the mail server's certificate does not stand: " + s.safe(err.Error()), Todo: "write the server's name in settings.imap as its certificate has it, or have the certificate renewed"}
	case errors.As(err, &no):
		return webcare.Unavailablef("the mail server says: %s", s.safe(no.Text))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, net.ErrClosed):
		return webcare.Unavailablef("the mail server does not answer in time")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return webcare.Unavailablef("the mail server cut the connection")
	}
	return webcare.Unavailablef("the mail server: %s", s.safe(err.Error()))
}

// safe is a text on one line, short, without secrets.
func (s Server) safe(text string) string {
	secrets := []string{s.Password}
	if s.Tokens != nil {
		secrets = append(secrets, s.Tokens.Secret, s.Tokens.kept)
	}
	for _, secret := range secrets {
		if len(secret) >= 4 {
			text = strings.ReplaceAll(text, secret, "[...]")
		}
	}
	return plain.Clip(plain.Line(text), 200)
}

// dialError drops the addresses that net errors repeat.
func dialError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err
	}
	return err
}
