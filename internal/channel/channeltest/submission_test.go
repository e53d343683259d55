package channeltest

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// submission is a mail server that replies are handed to, and that goes wrong
// as told at any of its commands.
type submission struct {
	mu    sync.Mutex
	took  map[string]int // by the Message-ID answered
	fault func() fakes.Fault
}

func (s *submission) goes() fakes.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault == nil {
		return fakes.None
	}
	return s.fault()
}

func (s *submission) sent(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.took[id]
}

func (s *submission) serve(t *testing.T) (addr string) {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &handing{s: s, c: c}, nil }))
	srv.ErrorLog = log.New(io.Discard, "", 0) // connections are cut
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(ln) }() // it ends as it is closed
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return ln.Addr().String()
}

// handing is one connection.
type handing struct {
	s *submission
	c *smtp.Conn
}

func (h *handing) Reset()        {}
func (h *handing) Logout() error { return nil }

// step goes wrong before the text.
func (h *handing) step() error {
	switch h.s.goes() {
	case fakes.CutBefore, fakes.CutDuring, fakes.CutAfter:
		_ = h.c.Conn().Close()
	case fakes.FailBefore, fakes.FailAfter, fakes.Limited:
		return &smtp.SMTPError{Code: 451, Message: "later"}
	case fakes.Expired:
		return &smtp.SMTPError{Code: 454, Message: "sign in again"}
	}
	return nil
}

func (h *handing) Mail(string, *smtp.MailOptions) error { return h.step() }
func (h *handing) Rcpt(string, *smtp.RcptOptions) error { return h.step() }

func (h *handing) Data(r io.Reader) error {
	f := h.s.goes()
	switch f {
	case fakes.CutBefore:
		_ = h.c.Conn().Close()
		return io.ErrUnexpectedEOF
	case fakes.CutDuring:
		_, _ = io.CopyN(io.Discard, r, 10)
		_ = h.c.Conn().Close()
		return io.ErrUnexpectedEOF
	case fakes.FailBefore, fakes.Limited, fakes.Expired:
		_, _ = io.Copy(io.Discard, r)
		return &smtp.SMTPError{Code: 452, Message: "no room"}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	h.s.mu.Lock()
	h.s.took[strings.Trim(m.Header.Get("In-Reply-To"), "<>")]++
	h.s.mu.Unlock()
	if f == fakes.Garbage {
		_, _ = h.c.Conn().Write([]byte("<!doctype html>\r\n"))
	}
	if f != fakes.None {
		_ = h.c.Conn().Close()
	}
	return nil
}

// TestMailFaults: 500 rounds of mail, cut and refused at random at every
// command: a reply is sent once, or a person looks, for nobody can ask whether
// it left; never twice.
func TestMailFaults(t *testing.T) {
	const rounds = 500
	s := &submission{took: map[string]int{}}
	addr := s.serve(t)
	w := newWorld(t, onMailbox)
	pub, err := mail.NewSMTP("smtp://"+addr, mail.Config{From: "klantenservice@voorbeeld.nl", Name: "Voorbeeld", Secret: []byte("geheim"), Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	w.s.publisher = pub
	ids := make([]string, rounds)
	for i := range rounds {
		ids[i] = w.write(fakes.Post{Text: complaint, Handle: fmt.Sprintf("klant%d", i)})
	}
	for range 4 {
		w.poll()
	}
	byID := map[string]webcare.CaseID{}
	for _, c := range w.cases() {
		byID[c.Messages[0].Value.Key.ExternalID] = c.Head.ID
	}
	rng := rand.New(rand.NewPCG(7, rounds))
	faults := []fakes.Fault{fakes.CutBefore, fakes.CutDuring, fakes.CutAfter, fakes.FailBefore, fakes.FailAfter, fakes.Limited, fakes.Expired, fakes.Garbage}
	sent, attention, nowhere := 0, 0, 0
	for i, id := range ids {
		if byID[id] == "" {
			t.Fatalf("mail %d has no case", i)
		}
		w.approve(byID[id], fmt.Sprintf("Beste Sanne,\n\n%s (%d)", strings.TrimSuffix(reply, " ^Lea"), i)+"\n\nGroet,\nLea")
		s.mu.Lock()
		s.fault = func() fakes.Fault {
			if rng.IntN(5) == 0 {
				return faults[rng.IntN(len(faults))]
			}
			return fakes.None
		}
		s.mu.Unlock()
		w.drain()
		s.mu.Lock()
		s.fault = nil
		s.mu.Unlock()
		c, n := w.load(byID[id]), s.sent(id)
		switch {
		case n > 1:
			t.Fatalf("round %d: sent %d times", i, n)
		case c.Head.Status == webcare.StatusAnswered && n == 1:
			sent++
		case c.Head.Status == webcare.StatusAttention && n == 1:
			attention++
		case c.Head.Status == webcare.StatusAttention:
			nowhere++
		default:
			t.Fatalf("round %d: %s, sent %d times", i, c.Head.Status, n)
		}
	}
	t.Logf("%d rounds: %d sent once, %d before a person that were sent, %d that were not", rounds, sent, attention, nowhere)
	if sent < rounds*3/4 {
		t.Errorf("only %d of %d were sent", sent, rounds)
	}
	w.clock.add(time.Second)
}
