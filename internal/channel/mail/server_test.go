package mail

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

// delivered is one call of Deliver.
type delivered struct {
	from  string
	rcpts []string
	raw   string
}

// intake runs a server whose Deliver is f and that notes what f took.
type intake struct {
	*Server
	mu    sync.Mutex
	taken []delivered
}

func startIntake(t *testing.T, cfg ServerConfig, f func(context.Context) error) *intake {
	t.Helper()
	in := &intake{}
	cfg.Addr = "127.0.0.1:0"
	cfg.Deliver = func(ctx context.Context, from string, rcpts []string, raw []byte) error {
		if f != nil {
			if err := f(ctx); err != nil {
				return err
			}
		}
		in.mu.Lock()
		defer in.mu.Unlock()
		in.taken = append(in.taken, delivered{from, append([]string(nil), rcpts...), string(raw)})
		return nil
	}
	var err error
	if in.Server, err = NewServer(cfg); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- in.Serve() }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = in.Shutdown(ctx)
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return in
}

func (in *intake) got() []delivered {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.taken
}

func send(addr, from string, to []string, text string) error {
	return smtp.SendMail(addr, nil, from, to, []byte(text))
}

func code(err error) int {
	var p *textproto.Error
	if errors.As(err, &p) {
		return p.Code
	}
	return 0
}

func TestServerTakesMail(t *testing.T) {
	in := startIntake(t, ServerConfig{Accept: []string{"klacht@voorbeeld.nl", "@winkel.example", "shop.example"}}, nil)
	to := []string{"Klacht+abc@Voorbeeld.NL", "info@winkel.example", "x@shop.example"}
	if err := send(in.Addr(), "jan@example.org", to, "From: jan@example.org\r\nSubject: Hoi\r\n\r\nHallo\r\n.\r\n..x\r\n"); err != nil {
		t.Fatal(err)
	}
	got := in.got()
	if len(got) != 1 || got[0].from != "jan@example.org" || fmt.Sprint(got[0].rcpts) != fmt.Sprint(to) {
		t.Fatalf("%+v", got)
	}
	want := "Return-Path: <jan@example.org>\r\nDelivered-To: " + strings.Join(to, "\r\nDelivered-To: ") + "\r\nFrom: jan@example.org\r\nSubject: Hoi\r\n\r\nHallo\r\n.\r\n..x\r\n"
	if got[0].raw != want {
		t.Errorf("raw %q\nwant %q", got[0].raw, want)
	}
}

func TestServerTakesBounces(t *testing.T) {
	in := startIntake(t, ServerConfig{}, nil)
	if err := send(in.Addr(), "", []string{"klacht@voorbeeld.nl"}, "From: robot@example.org\r\n\r\nHallo\r\n"); err != nil {
		t.Fatal(err)
	}
	if m := Parse([]byte(in.got()[0].raw), testOptions).Message; m.Automatic != reasonEmptyPath {
		t.Errorf("the null sender is lost: %+v", m)
	}
}

// 250 is a promise: without a stored mail another answer must come.
func TestServerAnswers(t *testing.T) {
	for err, want := range map[error]int{
		nil: 0, webcare.Invalidf("x"): 554, webcare.Forbiddenf("x"): 554, webcare.Unavailablef("x"): 451,
		webcare.Conflictf("x"): 451, errors.New("disk full"): 451, context.DeadlineExceeded: 451,
	} {
		in := startIntake(t, ServerConfig{}, func(context.Context) error { return err })
		got := send(in.Addr(), "a@example.org", []string{"b@example.org"}, "x: y\r\n\r\nz\r\n")
		if code(got) != want || (want == 0) != (got == nil) {
			t.Errorf("%v: answered %v, want %d", err, got, want)
		}
		if (len(in.got()) == 1) != (got == nil) {
			t.Errorf("%v: stored %d, answered %v", err, len(in.got()), got)
		}
	}
}

func TestServerRefuses(t *testing.T) {
	in := startIntake(t, ServerConfig{Accept: []string{"klacht@voorbeeld.nl"}, MaxBytes: 10_000, MaxRecipients: 3}, nil)
	ok := []string{"klacht@voorbeeld.nl"}
	for name, c := range map[string]struct {
		to   []string
		text string
		want int
	}{
		"foreign recipient":   {[]string{"x@example.org"}, "x", 550},
		"other address":       {[]string{"info@voorbeeld.nl"}, "x", 550},
		"look-alike domain":   {[]string{"klacht@evil-voorbeeld.nl"}, "x", 550},
		"too large":           {ok, strings.Repeat("0123456789\r\n", 2000), 552},
		"too many recipients": {[]string{"klacht@voorbeeld.nl", "klacht+a@voorbeeld.nl", "klacht+b@voorbeeld.nl", "klacht+c@voorbeeld.nl"}, "x", 452},
	} {
		if err := send(in.Addr(), "a@example.org", c.to, c.text); code(err) != c.want {
			t.Errorf("%s: %v, want %d", name, err, c.want)
		}
	}
	if n := len(in.got()); n != 0 {
		t.Errorf("%d mails stored", n)
	}
	if err := send(in.Addr(), "a@example.org", ok, "x: y\r\n\r\nz\r\n"); err != nil {
		t.Errorf("after all that: %v", err)
	}
}

// dialIntake speaks SMTP by hand, pipelined and without waiting.
func dialIntake(t *testing.T, addr, lines string) *bufio.Reader {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := c.Write([]byte(lines)); err != nil {
		t.Fatal(err)
	}
	return bufio.NewReader(c)
}

func TestServerPipelining(t *testing.T) {
	in := startIntake(t, ServerConfig{}, nil)
	one := "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: x\r\n\r\ny\r\n.\r\n"
	r := dialIntake(t, in.Addr(), "EHLO x\r\n"+one+one+"QUIT\r\n")
	var last string
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			break
		}
		last = line
	}
	if !strings.HasPrefix(last, "221") || len(in.got()) != 2 {
		t.Errorf("last answer %q, %d mails", last, len(in.got()))
	}
}

func TestServerLongLine(t *testing.T) {
	in := startIntake(t, ServerConfig{}, nil)
	r := dialIntake(t, in.Addr(), "EHLO "+strings.Repeat("x", 100_000)+"\r\n")
	for range 10 {
		line, err := r.ReadString('\n')
		if err != nil || strings.HasPrefix(line, "5") {
			return // answered, or hung up
		}
	}
	t.Error("a line of 100 kB was taken")
}

// A sender that goes away before the end has sent nothing.
func TestServerHalfAMail(t *testing.T) {
	in := startIntake(t, ServerConfig{}, nil)
	c, err := net.Dial("tcp", in.Addr())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Write([]byte("EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: x\r\n\r\nhalf"))
	time.Sleep(50 * time.Millisecond)
	c.Close()
	if err := send(in.Addr(), "a@example.org", []string{"b@example.org"}, "Subject: whole\r\n\r\ny\r\n"); err != nil {
		t.Fatal(err)
	}
	if got := in.got(); len(got) != 1 || !strings.Contains(got[0].raw, "whole") {
		t.Errorf("%+v", got)
	}
}

func TestServerShutdownStoresWhatIsUnderWay(t *testing.T) {
	storing, release := make(chan struct{}), make(chan struct{})
	in := startIntake(t, ServerConfig{}, func(context.Context) error { close(storing); <-release; return nil })
	idle, err := net.Dial("tcp", in.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	sent := make(chan error, 1)
	go func() { sent <- sendQuickly(in.Addr()) }()
	<-storing
	stopped := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- in.Shutdown(ctx)
	}()
	time.Sleep(50 * time.Millisecond)
	if _, err := net.DialTimeout("tcp", in.Addr(), time.Second); err == nil {
		t.Error("a new connection was taken while stopping")
	}
	close(release)
	if err := <-sent; err != nil {
		t.Errorf("the mail under way: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if len(in.got()) != 1 {
		t.Errorf("%d mails", len(in.got()))
	}
}

// sendQuickly sends one mail and returns the answer to it, whatever happens to
// the connection after.
func sendQuickly(addr string) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := errors.Join(c.Mail("a@example.org"), c.Rcpt("b@example.org")); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte("Subject: x\r\n\r\ny\r\n")); err != nil {
		return err
	}
	return w.Close()
}

func TestServerShutdownEnds(t *testing.T) {
	in := startIntake(t, ServerConfig{}, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	sent := make(chan error, 1)
	go func() { sent <- sendQuickly(in.Addr()) }()
	time.Sleep(100 * time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if err := in.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-sent; err == nil {
		t.Error("a mail that was not stored was answered 250")
	}
}

func TestNewServerRefuses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for name, c := range map[string]struct {
		cfg  ServerConfig
		want error
	}{
		"port taken":      {ServerConfig{Addr: l.Addr().String()}, webcare.ErrUnavailable},
		"no port":         {ServerConfig{Addr: "127.0.0.1"}, webcare.ErrInvalid},
		"open to all":     {ServerConfig{Addr: "0.0.0.0:0"}, webcare.ErrInvalid},
		"not an address":  {ServerConfig{Addr: "127.0.0.1:0", Accept: []string{"a b"}}, webcare.ErrInvalid},
		"an empty domain": {ServerConfig{Addr: "127.0.0.1:0", Accept: []string{""}}, webcare.ErrInvalid},
	} {
		if s, err := NewServer(c.cfg); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}
