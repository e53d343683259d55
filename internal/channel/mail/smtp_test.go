package mail

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

// script is a submission server that answers as told and hangs up where told.
type script struct {
	t       *testing.T
	answers map[string]string // by stage: greeting, EHLO, AUTH, MAIL, RCPT, DATA, end, QUIT; "-" hangs up, "..." is silent
	cert    *tls.Certificate  // for STARTTLS

	mu   sync.Mutex
	seen []string // lines, the text as one
}

func (s *script) start() (addr string) {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	var conns sync.WaitGroup
	s.t.Cleanup(func() { l.Close(); conns.Wait() })
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { s.talk(c) })
		}
	})
	return l.Addr().String()
}

// answer says what stands for the stage and reports whether to go on.
func (s *script) answer(c net.Conn, stage, usual string) bool {
	a, ok := s.answers[stage]
	if !ok {
		a = usual
	}
	switch a {
	case "-":
		return false
	case "...":
		_, _ = c.Read(make([]byte, 1)) // until the client gives up
		return false
	}
	_, err := c.Write([]byte(a + "\r\n"))
	return err == nil
}

func (s *script) note(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, line)
}

func (s *script) talk(c net.Conn) {
	defer func() { c.Close() }()
	if !s.answer(c, "greeting", "220 mail.example ESMTP") {
		return
	}
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.note(line)
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		usual := "250 ok"
		switch verb {
		case "EHLO":
			usual = "250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME"
			if _, secure := c.(*tls.Conn); s.cert != nil && !secure {
				usual = "250-mail.example\r\n250 STARTTLS"
			}
		case "STARTTLS":
			if !s.answer(c, verb, "220 go") {
				return
			}
			c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{*s.cert}})
			r = bufio.NewReader(c)
			continue
		case "AUTH":
			usual = "235 in"
		case "DATA":
			usual = "354 go"
		case "QUIT":
			usual = "221 bye"
		}
		if !s.answer(c, verb, usual) {
			return
		}
		if verb == "DATA" && !strings.HasPrefix(s.answers["DATA"], "4") && !strings.HasPrefix(s.answers["DATA"], "5") {
			if !s.text(c, r) {
				return
			}
		}
	}
}

// text reads the mail up to its end.
func (s *script) text(c net.Conn, r *bufio.Reader) bool {
	if s.answers["text"] == "-" {
		return false
	}
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			s.note(b.String())
			return s.answer(c, "end", "250 queued")
		}
		b.WriteString(line)
	}
}

const password = "s3cr3t+pass"

func publisher(t *testing.T, url string) *SMTP {
	t.Helper()
	p, err := NewSMTP(url, testSender)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What became of the mail must be known exactly, at whatever point the server fails.
func TestSMTPOutcomes(t *testing.T) {
	unknown := errors.New("unknown")
	for _, c := range []struct {
		stage, answer string
		want          error
	}{
		{"", "", nil},
		{"QUIT", "-", nil},
		{"greeting", "-", webcare.ErrUnavailable},
		{"greeting", "554 go away", webcare.ErrUnavailable},
		{"greeting", "421 busy", webcare.ErrUnavailable},
		{"EHLO", "-", webcare.ErrUnavailable},
		{"AUTH", "-", webcare.ErrUnavailable},
		{"AUTH", "535 5.7.8 user:" + password + " is wrong", webcare.ErrUnavailable},
		{"AUTH", "454 later", webcare.ErrUnavailable},
		{"MAIL", "-", webcare.ErrUnavailable},
		{"MAIL", "451 later", webcare.ErrUnavailable},
		{"MAIL", "550 not you", webcare.ErrRefused},
		{"RCPT", "-", webcare.ErrUnavailable},
		{"RCPT", "450 greylisted", webcare.ErrUnavailable},
		{"RCPT", "550 no such user " + password, webcare.ErrRefused},
		{"DATA", "-", webcare.ErrUnavailable},
		{"DATA", "451 later", webcare.ErrUnavailable},
		{"DATA", "554 no", webcare.ErrRefused},
		{"end", "-", unknown},
		{"end", "...", unknown},
		{"end", "nonsense", unknown},
		{"end", "451 try again", webcare.ErrUnavailable},
		{"end", "552 too large", webcare.ErrRefused},
	} {
		t.Run(c.stage+" "+c.answer, func(t *testing.T) {
			s := &script{t: t, answers: map[string]string{c.stage: c.answer}}
			p := publisher(t, "smtp://user:"+password+"@"+s.start())
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			r, err := p.Publish(ctx, testReply())
			switch {
			case c.want == nil:
				if err != nil || r.ExternalID == "" {
					t.Errorf("receipt %+v, error %v", r, err)
				}
				return
			case errors.Is(c.want, unknown):
				if err == nil || errors.Is(err, webcare.ErrRefused) || errors.Is(err, webcare.ErrUnavailable) || errors.Is(err, webcare.ErrInvalid) {
					t.Errorf("error %v claims to know", err)
				}
			case !errors.Is(err, c.want):
				t.Errorf("error %v, want %v", err, c.want)
			}
			if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error text: %q", err)
			}
		})
	}
}

// A connection that breaks before the end of a long text took nothing.
func TestSMTPBreaksInTheText(t *testing.T) {
	s := &script{t: t, answers: map[string]string{"text": "-"}}
	out := testReply()
	out.Draft.Text = strings.Repeat("Een lange brief met veel woorden. ", 1<<20)
	_, err := publisher(t, "smtp://"+s.start()).Publish(t.Context(), out)
	if !errors.Is(err, webcare.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
}

func TestSMTPSendsTheMail(t *testing.T) {
	s := &script{t: t}
	out := testReply()
	out.Draft.Text = "Beste Zoë,\n.\n..punten\nNoor"
	r, err := publisher(t, "smtp://user:"+password+"@"+s.start()).Publish(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := Compose(out, testSender, testDate)
	if r.ExternalID != want.ID || len(r.ThreadIDs) != 2 || r.ThreadIDs[0] != want.ID || webcare.MailClaim(r.ThreadIDs[1]) != TokenClaim(out.CaseID) {
		t.Errorf("receipt %+v", r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var text string
	var rcpts int
	for _, l := range s.seen {
		if strings.HasPrefix(l, "RCPT TO:<zoe@example.org>") {
			rcpts++
		}
		if strings.Contains(l, "Message-ID") {
			text = strings.ReplaceAll(l, "\r\n..", "\r\n.")
		}
	}
	if strings.TrimRight(text, "\r\n") != strings.TrimRight(string(want.Raw), "\r\n") || rcpts != 1 {
		t.Errorf("seen %q", s.seen)
	}
}

func TestSMTPNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	if _, err := publisher(t, "smtp://u:"+password+"@"+addr).Publish(t.Context(), testReply()); !errors.Is(err, webcare.ErrUnavailable) || strings.Contains(err.Error(), password) {
		t.Errorf("error %v", err)
	}
}

func TestSMTPNeedsTLSOutsideLoopback(t *testing.T) {
	s := &script{t: t}
	p := publisher(t, "smtp://user:"+password+"@"+s.start())
	p.cleartext = false // as for any other host
	if _, err := p.Publish(t.Context(), testReply()); !errors.Is(err, webcare.ErrUnavailable) || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("error %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.seen {
		if strings.HasPrefix(l, "AUTH") || strings.HasPrefix(l, "MAIL") {
			t.Errorf("in the clear: %q", l)
		}
	}
}

func TestSMTPStartTLS(t *testing.T) {
	cert, pool := certificate(t)
	s := &script{t: t, cert: &cert}
	p := publisher(t, "smtp://user:"+password+"@"+s.start())
	if _, err := p.Publish(t.Context(), testReply()); !errors.Is(err, webcare.ErrUnavailable) {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	p.cleartext, p.tls.RootCAs = false, pool
	if _, err := p.Publish(t.Context(), testReply()); err != nil {
		t.Errorf("with TLS: %v", err)
	}
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestNewSMTP(t *testing.T) {
	for _, url := range []string{"", "http://u:" + password + "@h", "smtp://", "smtp://u:" + password + "@h:587/path", "smtp://u:" + password + "@h?tls=no",
		"smtp://u:" + password + "%zz@h", "smtp://u:" + password + "@h:port", "localhost:25"} {
		_, err := NewSMTP(url, testSender)
		if !errors.Is(err, webcare.ErrInvalid) || strings.Contains(err.Error(), password) {
			t.Errorf("%q: %v", url, err)
		}
	}
	for url, want := range map[string]string{"smtp://h": "h:587", "smtps://h": "h:465", "smtp://h:25?insecure=1": "h:25", "smtp://[::1]:1025": "[::1]:1025"} {
		p, err := NewSMTP(url, testSender)
		if err != nil || p.addr != want {
			t.Errorf("%q: %v, %v", url, p, err)
		}
	}
	if p, _ := NewSMTP("smtp://u:p@h", testSender); p.cleartext || !p.Class().Blind() || p.Class().Timeout <= 0 {
		t.Errorf("%+v", p.Class())
	}
	if _, err := NewSMTP("smtp://h", Config{From: "nobody", Now: testSender.Now}); !errors.Is(err, webcare.ErrInvalid) {
		t.Errorf("no sender: %v", err)
	}
}

func TestSMTPLogin(t *testing.T) {
	var said []string
	a := loginAuth{"user", password}
	for _, c := range []string{"Username:", "Password:"} {
		b, err := a.Next([]byte(c), true)
		said = append(said, fmt.Sprint(string(b), err))
	}
	if said[0] != "user<nil>" || said[1] != password+"<nil>" {
		t.Errorf("%q", said)
	}
}
