package imap_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/channel/imap"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const password = "geheim-wachtwoord"

// box is a mailbox that is polled as the poller does: every time from the
// cursor that was saved.
type box struct {
	*fakes.Mailbox
	t      *testing.T
	cfg    imap.Config
	src    *imap.Source
	cursor string
	now    time.Time
	got    map[string]int // by Message-ID, or key
	last   channel.Item
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := unheard(t)
	b.cfg.Server.Addr = listen(t, b.Serve)
	b.src = imap.NewSource(b.cfg)
	return b
}

// unheard is a mailbox whose server is not started.
func unheard(t *testing.T) *box {
	b := &box{Mailbox: fakes.NewMailbox("klacht@voorbeeld.nl", password), t: t, now: start, got: map[string]int{}}
	b.cfg = imap.Config{Server: imap.Server{User: b.User, Password: password}, Mailbox: fakes.Box, Since: 24 * time.Hour,
		Read: mail.Options{Brand: "voorbeeld", Own: []string{b.User}}, Now: func() time.Time { return b.now }}
	return b
}

func listen(t *testing.T, serve func(net.Listener) error) string {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = serve(ln) }()
	t.Cleanup(func() { _ = ln.Close(); <-done })
	return ln.Addr().String()
}

func (b *box) write(text string) string {
	return b.Write(fakes.Post{Text: text, Author: "Sanne", Handle: "sanne", At: b.now})
}

// poll asks once, and takes what comes.
func (b *box) poll() (channel.Batch, error) {
	batch, err := b.src.Poll(b.t.Context(), b.cursor)
	if err != nil {
		return batch, err
	}
	for _, it := range batch.Items {
		b.got[it.Message.Key.ExternalID]++
		b.last = it
	}
	b.cursor = batch.Next
	return batch, nil
}

// all asks until nothing more comes.
func (b *box) all() {
	b.t.Helper()
	for range 1000 {
		batch, err := b.poll()
		if err != nil || batch.Trouble != nil {
			b.t.Fatal(err, batch.Trouble)
		}
		if !batch.More {
			return
		}
	}
	b.t.Fatal("more and more")
}

func (b *box) once(ids ...string) {
	b.t.Helper()
	for _, id := range ids {
		if b.got[id] != 1 {
			b.t.Errorf("%s was brought %d times", id, b.got[id])
		}
	}
	if len(b.got) != len(ids) {
		b.t.Errorf("%d mails were brought, want %d: %v", len(b.got), len(ids), b.got)
	}
}

// TestFirstLook: a mailbox with a past begins at what came in lately.
func TestFirstLook(t *testing.T) {
	b := newBox(t)
	for i := range 60 {
		b.Put(fmt.Appendf(nil, "From: a@b.example\r\nMessage-ID: <oud%d@x.example>\r\n\r\nOud\r\n", i), start.Add(-30*24*time.Hour))
	}
	b.now = start.Add(-25 * time.Hour)
	b.write("Net te oud")
	b.now = start.Add(-2 * time.Hour)
	id := b.write("Nieuw")
	b.now = start
	b.all()
	b.once(id)
	late := "Van lang geleden, en nu pas hierheen verplaatst"
	b.Put([]byte("From: a@b.example\r\nMessage-ID: <verplaatst@x.example>\r\n\r\n"+late+"\r\n"), start.Add(-300*24*time.Hour))
	b.all()
	b.once(id, "verplaatst@x.example")
}

// TestRenumbered: after a change of UIDVALIDITY mails are read again, and those
// that came in meanwhile are found, wherever their UIDs now lie.
func TestRenumbered(t *testing.T) {
	b := newBox(t)
	var ids []string
	for i := range 70 {
		ids = append(ids, b.write(fmt.Sprintf("Klacht %d", i)))
		b.now = b.now.Add(time.Minute)
	}
	b.all()
	b.once(ids...)
	b.now = b.now.Add(time.Hour)
	meanwhile := b.write("Tijdens de verhuizing")
	b.Renumber(40) // the mailbox is shorter than the last UID
	b.all()
	if b.got[meanwhile] != 1 {
		t.Errorf("the mail that came during the change was brought %d times", b.got[meanwhile])
	}
	for _, id := range ids[40:] {
		if b.got[id] != 2 { // intake knows it by its Message-ID
			t.Errorf("%s was brought %d times", id, b.got[id])
		}
	}
	after := b.write("Daarna")
	b.all()
	if b.got[after] != 1 {
		t.Error("polling does not go on")
	}
}

// TestCut: a connection cut in the middle of any command, at any mail: what was
// brought is brought once, and the rest comes later.
func TestCut(t *testing.T) {
	for _, fault := range []fakes.Fault{fakes.CutBefore, fakes.CutDuring, fakes.CutAfter, fakes.Garbage} {
		for at := range 9 {
			b := newBox(t)
			var ids []string
			for i := range 6 {
				ids = append(ids, b.write(strings.Repeat(fmt.Sprintf("Klacht %d. ", i), 900)))
			}
			for range at {
				b.Faults().Next(fakes.None)
			}
			b.Faults().Next(fault)
			batch, err := b.poll()
			for _, e := range []error{err, batch.Trouble} {
				if e != nil && (!errors.Is(e, webcare.ErrUnavailable) || strings.Contains(e.Error(), password)) {
					t.Errorf("fault %d at %d: %v", fault, at, e)
				}
			}
			b.Faults().Each(nil)
			b.all()
			b.once(ids...)
		}
	}
}

// TestLarge: a large mail is read in pieces; a cut goes on after the last whole
// one, also for a mail that is cut again and again.
func TestLarge(t *testing.T) {
	b := newBox(t)
	raw := largeMail("groot@x.example", 9<<20)
	b.Put(raw, b.now)
	id := b.write("Een kleine erna")
	cuts := 0
	for range 40 {
		for range 7 { // sign in, select, two searches, sizes, two pieces
			b.Faults().Next(fakes.None)
		}
		b.Faults().Next(fakes.CutDuring)
		batch, err := b.poll()
		if err != nil || batch.Trouble != nil {
			cuts++
		}
		b.Faults().Each(nil)
		if b.got[id] == 1 {
			break
		}
	}
	b.once("groot@x.example", id)
	if cuts < 3 {
		t.Errorf("%d cuts", cuts)
	}
}

func TestLargeWhole(t *testing.T) {
	b := newBox(t)
	raw := largeMail("groot@x.example", 5<<20)
	b.Put(raw, b.now)
	if _, err := b.poll(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.last.Raw, raw) || len(b.last.Message.Warnings) != 0 {
		t.Errorf("%d bytes of %d, %v", len(b.last.Raw), len(raw), b.last.Message.Warnings)
	}
}

// TestTooLarge: of a mail above the bound the beginning is taken, and said.
func TestTooLarge(t *testing.T) {
	b := newBox(t)
	b.Put(largeMail("enorm@x.example", 51<<20), b.now)
	id := b.write("Een kleine erna")
	b.all()
	b.once("enorm@x.example", id)
	b.got = map[string]int{}
	b.cursor = ""
	batch, err := b.poll()
	if err != nil || len(batch.Items) == 0 {
		t.Fatal(err)
	}
	m := batch.Items[0].Message
	if len(batch.Items[0].Raw) > 2<<20 || !strings.Contains(strings.Join(m.Warnings, ";"), "too large (51 MB)") || !strings.Contains(m.Text, "Zie de bijlage") {
		t.Errorf("%d bytes, %v, %.100q", len(batch.Items[0].Raw), m.Warnings, m.Text)
	}
}

func largeMail(id string, n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Sanne <s@klant.example>\r\nMessage-ID: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"+
		"Content-Type: text/plain\r\n\r\nZie de bijlage.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=f.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n", id)
	line := strings.Repeat("QUJD", 19) + "\r\n"
	for b.Len() < n {
		b.WriteString(line)
	}
	b.WriteString("--b--\r\n")
	return b.Bytes()
}

// TestTimeNearlyOver: near the end of a round nothing is begun that could not
// be stored, and nothing fails for it.
func TestTimeNearlyOver(t *testing.T) {
	b := newBox(t)
	id := b.write("Klacht")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	batch, err := b.src.Poll(ctx, "")
	if err != nil || batch.Trouble != nil || len(batch.Items) != 0 || batch.More {
		t.Errorf("%+v, %v", batch, err)
	}
	b.cursor = batch.Next
	b.all()
	b.once(id)
}

// TestWithheld: a mail that the server will not hand out holds up no other;
// after an hour a person is told.
func TestWithheld(t *testing.T) {
	b := newBox(t)
	first := b.write("Eerste")
	b.write("Deze is beschadigd")
	last := b.write("Laatste")
	b.Withhold = "beschadigd"
	batch, err := b.poll()
	if err != nil || batch.Trouble == nil || !strings.Contains(batch.Trouble.Error(), "could not be retrieved") {
		t.Fatal(err, batch.Trouble)
	}
	b.once(first, last)
	b.now = b.now.Add(50 * time.Minute)
	if batch, err = b.poll(); err != nil || len(batch.Items) != 0 || batch.Trouble == nil {
		t.Fatalf("%+v, %v", batch, err)
	}
	b.now = b.now.Add(20 * time.Minute)
	if batch, err = b.poll(); err != nil || len(batch.Items) != 1 || batch.Trouble != nil {
		t.Fatalf("%+v, %v", batch, err)
	}
	if m := b.last.Message; !strings.HasPrefix(m.Key.ExternalID, "imap:") || !strings.Contains(m.Text, "INBOX, 2") || len(m.ReplyTo.Recipients) != 0 {
		t.Errorf("%+v", m)
	}
	if batch, err = b.poll(); err != nil || len(batch.Items) != 0 {
		t.Errorf("%+v, %v", batch, err)
	}
}

func TestWithheldForAWhile(t *testing.T) {
	b := newBox(t)
	id := b.write("Even niet te lezen")
	b.Withhold = "Even"
	if batch, err := b.poll(); err != nil || batch.Trouble == nil {
		t.Fatal(err)
	}
	b.Withhold = ""
	b.all()
	b.once(id)
}

// TestSeen: nothing is changed in the mailbox, or, where that is asked, mails
// are marked as read once the cursor after them is saved.
func TestSeen(t *testing.T) {
	b := newBox(t)
	old := start.Add(-60 * 24 * time.Hour)
	b.Put([]byte("From: a@b.example\r\nMessage-ID: <oud@x.example>\r\n\r\nOud\r\n"), old)
	b.write("Een")
	b.write("Twee")
	b.all()
	b.all()
	if b.Unseen() != 3 || b.Marked() != 0 {
		t.Errorf("%d unread, %d changes", b.Unseen(), b.Marked())
	}
	b.cfg.Seen, b.cursor = true, ""
	b.src = imap.NewSource(b.cfg)
	if _, err := b.poll(); err != nil || b.Unseen() != 3 {
		t.Errorf("marked before they are stored: %d unread, %v", b.Unseen(), err)
	}
	if _, err := b.poll(); err != nil || b.Unseen() != 1 {
		t.Errorf("%d unread, %v", b.Unseen(), err)
	}
}

// TestWords: what can be wrong is said with what to do, and without the password.
func TestWords(t *testing.T) {
	for name, tc := range map[string]struct {
		change     func(*imap.Config)
		why, do    string
		credential bool
	}{
		"password": {func(c *imap.Config) { c.Server.Password = "fout-" + password }, "does not let us in", "app password", true},
		"mailbox":  {func(c *imap.Config) { c.Mailbox = "Klachten" }, `"Klachten" cannot be opened`, "settings.mailbox", true},
		"plain TLS": {func(c *imap.Config) { c.Server.TLS = &tls.Config{MinVersion: tls.VersionTLS12} }, "no STARTTLS", "imaps://",
			true},
		"nobody there": {func(c *imap.Config) { c.Server.Addr = "127.0.0.1:1" }, "refused", "", false},
		"no TLS there": {func(c *imap.Config) { c.Server.Implicit = true }, "mail server", "", false},
	} {
		b := newBox(t)
		tc.change(&b.cfg)
		_, err := imap.NewSource(b.cfg).Poll(t.Context(), "")
		var cred *channel.CredentialError
		if err == nil || !errors.Is(err, webcare.ErrUnavailable) || errors.As(err, &cred) != tc.credential || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if cred != nil && !strings.Contains(cred.Todo, tc.do) {
			t.Errorf("%s: to do %q", name, cred.Todo)
		}
		if strings.Contains(err.Error(), password) {
			t.Errorf("%s: the password is told: %v", name, err)
		}
	}
}

// TestTLS: from the first byte, by STARTTLS, and never to a certificate that
// does not stand.
func TestTLS(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler())
	defer web.Close()
	roots := web.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	for _, implicit := range []bool{true, false} {
		b := unheard(t)
		b.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: web.TLS.Certificates}
		b.cfg.Server.Addr = listen(t, func(ln net.Listener) error {
			if implicit {
				ln = tls.NewListener(ln, b.TLS)
			}
			return b.Serve(ln)
		})
		b.cfg.Server.Implicit = implicit
		id := b.write("Klacht")
		b.cfg.Server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
		b.src = imap.NewSource(b.cfg)
		b.all()
		b.once(id)
		b.cfg.Server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		_, err := imap.NewSource(b.cfg).Poll(t.Context(), "")
		if cred := (*channel.CredentialError)(nil); !errors.As(err, &cred) || !strings.Contains(cred.Why, "certificate") {
			t.Errorf("implicit %v: %v", implicit, err)
		}
	}
}

func TestParseServer(t *testing.T) {
	for in, want := range map[string]string{"imaps://imap.voorbeeld.nl": "imap.voorbeeld.nl:993 true", "imap://mail.voorbeeld.nl/": "mail.voorbeeld.nl:143 false",
		"imaps://mail.voorbeeld.nl:1993": "mail.voorbeeld.nl:1993 true", "imaps://[2001:db8::1]": "[2001:db8::1]:993 true",
		"imap.voorbeeld.nl": "", "https://imap.voorbeeld.nl": "", "imaps://jan:geheim@imap.voorbeeld.nl": "", "imaps://": "", "imaps://h/INBOX": ""} {
		s, err := imap.ParseServer(in)
		got := fmt.Sprintf("%s %v", s.Addr, s.Implicit)
		if (err == nil) != (want != "") || (err == nil && got != want) {
			t.Errorf("%s: %s, %v", in, got, err)
		}
		if err != nil && (!errors.Is(err, webcare.ErrInvalid) || strings.Contains(err.Error(), "geheim")) {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// TestTokens: an app's token is asked for once, kept while it is good, and its
// refusal is said.
func TestTokens(t *testing.T) {
	asked := 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.FormValue("client_secret") != "app-geheim" || r.FormValue("grant_type") != "client_credentials" {
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_client"})
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "token-77", "expires_in": 3600})
	}))
	defer web.Close()
	b := newBox(t)
	b.cfg.Server.Tokens = &imap.Tokens{URL: web.URL + "/oauth2/v2.0/token", ID: "app", Secret: "app-geheim", Scope: "x/.default", HTTP: web.Client()}
	b.Bearer = "token-77"
	id := b.write("Klacht")
	b.src = imap.NewSource(b.cfg)
	b.all()
	b.all()
	b.once(id)
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	b.Bearer = "another"
	_, err := b.poll()
	if cred := (*channel.CredentialError)(nil); !errors.As(err, &cred) || !strings.Contains(cred.Todo, "IMAP.AccessAsApp") || strings.Contains(err.Error(), "token-77") {
		t.Errorf("%v", err)
	}
	b.cfg.Server.Tokens = &imap.Tokens{URL: web.URL + "/token", ID: "app", Secret: "verlopen-geheim", HTTP: web.Client()}
	_, err = imap.NewSource(b.cfg).Poll(t.Context(), "")
	if cred := (*channel.CredentialError)(nil); !errors.As(err, &cred) || !strings.Contains(cred.Todo, "client secret") || strings.Contains(err.Error(), "verlopen-geheim") {
		t.Errorf("%v", err)
	}
}
