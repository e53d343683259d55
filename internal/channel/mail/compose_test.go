package mail

import (
	"bytes"
	"errors"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

var (
	testDate   = time.Date(2025, 3, 4, 9, 30, 0, 0, time.UTC)
	testSender = Config{From: "klacht@voorbeeld.nl", Name: "Voorbeeld Klantenservice", Secret: []byte("test secret"), Now: func() time.Time { return testDate }}
)

func testReply() webcare.Outgoing {
	return webcare.Outgoing{
		Key: "01jnp5r3zk8q4w9xv2t7h6m5ya/7-1741080600000", CaseID: "01jnp5r3zk8q4w9xv2t7h6m5ya", Brand: "voorbeeld", Channel: Channel,
		Draft: webcare.Draft{Text: "Beste Zoë,\n\nSorry dat je pakket er niet is. We bellen de bezorger vandaag, uiterlijk 17:00 uur.\n\nNoor", Language: "nl",
			ReplyTo: webcare.ReplyTarget{ExternalID: "2@example.org", References: []string{"1@example.org", "2@example.org"}, Recipients: []string{"zoe@example.org"}}},
		Latest: webcare.Message{Subject: "AW: Re: Antw: Pakket niet bezorgd", Text: "Waar is mijn pakket?", Author: webcare.Author{Name: "Zoë Smit", Address: "zoe@example.org"},
			PostedAt: testDate.Add(-time.Hour)},
	}
}

func TestCompose(t *testing.T) {
	out := testReply()
	m, err := Compose(out, testSender, testDate)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Compose(testReply(), testSender, testDate)
	if err != nil || !bytes.Equal(m.Raw, again.Raw) {
		t.Errorf("the same reply is another mail: %v\n%s\n%s", err, m.Raw, again.Raw)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<" + m.ID + ">", "In-Reply-To": "<2@example.org>", "References": "<1@example.org> <2@example.org>",
		"Subject": "Re: Pakket niet bezorgd", "Date": "Tue, 04 Mar 2025 09:30:00 +0000", "To": "=?utf-8?q?Zo=C3=AB_Smit?= <zoe@example.org>",
		"From": `"Voorbeeld Klantenservice" <klacht@voorbeeld.nl>`, "Auto-Submitted": "", "Precedence": "", "User-Agent": "", LoopHeader: "klacht@voorbeeld.nl",
		"Reply-To": `"Voorbeeld Klantenservice" <klacht+` + ReplyToken(out.CaseID, testSender.Secret) + `@voorbeeld.nl>`,
	} {
		if got := msg.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if kind := msg.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || !strings.Contains(strings.ToLower(kind), "utf-8") {
		t.Errorf("Content-Type: %q", kind)
	}
	for line := range bytes.SplitSeq(m.Raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("line: %q", line)
		}
	}
	p := Parse(m.Raw, Options{Brand: "other"}).Message
	if p.Text != out.Draft.Text || p.Subject != "Re: Pakket niet bezorgd" || p.Automatic != reasonOwn {
		t.Errorf("read back: %+v", p)
	}
}

func TestComposeNewKeyNewID(t *testing.T) {
	a, b := MessageID("k/1-1", "voorbeeld.nl"), MessageID("k/1-2", "voorbeeld.nl")
	if a == b || !strings.HasSuffix(a, "@voorbeeld.nl") || cleanID(a) != a {
		t.Errorf("%s, %s", a, b)
	}
}

func TestComposeRefuses(t *testing.T) {
	for name, change := range map[string]func(*webcare.Outgoing, *Config){
		"no recipient": func(o *webcare.Outgoing, _ *Config) { o.Draft.ReplyTo.Recipients = nil },
		"no text":      func(o *webcare.Outgoing, _ *Config) { o.Draft.Text = " \n" },
		"injected recipient": func(o *webcare.Outgoing, _ *Config) {
			o.Draft.ReplyTo.Recipients = []string{"a@example.org\r\nBcc: b@example.org"}
		},
		"two in one": func(o *webcare.Outgoing, _ *Config) {
			o.Draft.ReplyTo.Recipients = []string{"a@example.org, b@example.org"}
		},
		"a name":              func(o *webcare.Outgoing, _ *Config) { o.Draft.ReplyTo.Recipients = []string{"Jan <a@example.org>"} },
		"no sender":           func(_ *webcare.Outgoing, c *Config) { c.From = "" },
		"attachments, nobody": func(o *webcare.Outgoing, _ *Config) { o.Draft.Attachments = []webcare.Attachment{{Name: "a.pdf"}} },
	} {
		out, cfg := testReply(), testSender
		change(&out, &cfg)
		if m, err := Compose(out, cfg, testDate); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
}

func TestComposeLetsNothingIntoTheHeader(t *testing.T) {
	out, cfg := testReply(), testSender
	evil := "x\r\nBcc: evil@example.org\r\n\r\nboo"
	out.Latest.Subject, out.Draft.Subject, out.Latest.Author.Name, cfg.Name = evil, evil, evil, evil
	out.Draft.ReplyTo.ExternalID = "a@b>\r\nBcc: evil@example.org"
	out.Draft.ReplyTo.References = []string{"c@d\r\nBcc: evil@example.org", "<é@example.org>", "ok@example.org"}
	m, err := Compose(out, cfg, testDate)
	if err != nil {
		t.Fatal(err)
	}
	h, _ := splitHeader(m.Raw)
	for _, f := range h {
		if f.name == "bcc" || f.name == "" {
			t.Errorf("field %q: %q", f.name, f.value)
		}
	}
	if _, body := splitHeader(m.Raw); bytes.Contains(body, []byte("boo")) {
		t.Errorf("the header ended early:\n%s", m.Raw)
	}
}

func TestComposeAttachments(t *testing.T) {
	out, cfg := testReply(), testSender
	out.Draft.Attachments = []webcare.Attachment{{Name: "../retour label.pdf", MediaType: "application/pdf"}}
	cfg.File = func(webcare.Attachment) ([]byte, error) { return []byte("%PDF-1.7"), nil }
	m, err := Compose(out, cfg, testDate)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Compose(out, cfg, testDate)
	if !bytes.Equal(m.Raw, again.Raw) {
		t.Error("the same reply is another mail")
	}
	p := Parse(m.Raw, Options{Brand: "b"})
	if p.Message.Text != out.Draft.Text || len(p.Files) != 1 || string(p.Files[0]) != "%PDF-1.7" || p.Message.Attachments[0].Name != "retour label.pdf" {
		t.Errorf("read back: %+v", p)
	}
	cfg.File = func(webcare.Attachment) ([]byte, error) { return nil, webcare.Unavailablef("blobs") }
	if _, err := compose(out, cfg); !errors.Is(err, webcare.ErrUnavailable) {
		t.Errorf("an attachment that cannot be read now: %v", err)
	}
}

func TestSubjectLines(t *testing.T) {
	for in, want := range map[string]string{
		"Pakket": "Re: Pakket", "RE: re: Pakket": "Re: Pakket", "Antw: FW: Pakket": "Re: Pakket", "Fwd: Pakket": "Re: Pakket", "Re[2]: Pakket": "Re: Pakket", "": "Re:",
		"Reparatie: wanneer?": "Re: Reparatie: wanneer?", "Terug: geld": "Re: Terug: geld",
	} {
		out := testReply()
		out.Latest.Subject = in
		if got := replyLine(out); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	out := testReply()
	out.Draft.Subject = "Je terugbetaling"
	if got := replyLine(out); got != "Je terugbetaling" {
		t.Errorf("the draft's own subject became %q", got)
	}
}
