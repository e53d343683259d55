package mail

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/webcare"
)

const mails = "../../../testdata/mail"

var testOptions = Options{
	Brand: "voorbeeld", Own: []string{"klacht@voorbeeld.nl"}, AuthServer: "mx.voorbeeld.nl", Secret: []byte("test secret"),
	Now: time.Date(2025, 3, 5, 12, 0, 0, 0, time.UTC),
}

// expected is a line of expected.jsonl. Absent fields are not compared.
type expected struct {
	File      string   `json:"file"`
	Text      *string  `json:"text"`
	TextHas   []string `json:"text_has"`
	TextNot   []string `json:"text_not"`
	History   []string `json:"history"`
	NoHistory bool     `json:"nohistory"`
	Automatic *string  `json:"automatic"`
	BounceOf  *string  `json:"bounce_of"`
	Author    *string  `json:"author"`
	Address   *string  `json:"address"`
	Subject   *string  `json:"subject"`
	ID        *string  `json:"id"`
	To        []string `json:"to"`
	Parents   []string `json:"parents"`
	Warnings  []string `json:"warnings"`
	Files     []string `json:"files"`
}

func readExpected(t testing.TB) []expected {
	t.Helper()
	f, err := os.Open(filepath.Join(mails, "expected.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []expected
	for s := bufio.NewScanner(f); s.Scan(); {
		var e expected
		d := json.NewDecoder(bytes.NewReader(s.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil {
			t.Fatalf("%s: %v", s.Text(), err)
		}
		out = append(out, e)
	}
	return out
}

func TestParseMails(t *testing.T) {
	all := readExpected(t)
	if len(all) < 60 {
		t.Fatalf("only %d mails", len(all))
	}
	for _, e := range all {
		t.Run(strings.TrimSuffix(e.File, ".eml"), func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(mails, e.File))
			if err != nil {
				t.Fatal(err)
			}
			check(t, e, Parse(raw, testOptions))
			// The same mail as a mail store keeps it: LF, and a line before it.
			stored := append([]byte("From somebody Mon Mar  3 14:02:11 2025\n"), bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))...)
			check(t, e, Parse(stored, testOptions))
		})
	}
}

func check(t *testing.T, e expected, p Parsed) {
	t.Helper()
	m := p.Message
	same := func(what string, want *string, got string) {
		t.Helper()
		if want != nil {
			if d := cmp.Diff(*want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", what, d)
			}
		}
	}
	same("text", e.Text, m.Text)
	same("automatic", e.Automatic, m.Automatic)
	same("bounce of", e.BounceOf, m.BounceOf)
	same("author", e.Author, m.Author.Name)
	same("address", e.Address, m.Author.Address)
	same("subject", e.Subject, m.Subject)
	same("id", e.ID, m.Key.ExternalID)
	for _, s := range e.TextHas {
		if !strings.Contains(m.Text, s) {
			t.Errorf("text lacks %q:\n%s", s, m.Text)
		}
	}
	for _, s := range e.TextNot {
		if strings.Contains(m.Text+m.History, s) {
			t.Errorf("text has %q:\n%s", s, m.Text)
		}
	}
	for _, s := range e.History {
		if !strings.Contains(m.History, s) || strings.Contains(m.Text, s) {
			t.Errorf("%q is not in the history alone:\n%s", s, m.History)
		}
	}
	if e.NoHistory && m.History != "" {
		t.Errorf("history: %q", m.History)
	}
	if e.Automatic == nil && m.Automatic != "" {
		t.Errorf("automatic: %q", m.Automatic)
	}
	list := func(what string, want, got []string) {
		t.Helper()
		if want != nil && !slices.Equal(want, got) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	list("recipients", e.To, m.ReplyTo.Recipients)
	list("warnings", e.Warnings, m.Warnings)
	var files, parents []string
	for i, a := range m.Attachments {
		files = append(files, a.Name+" "+a.MediaType)
		if a.Size != int64(len(p.Files[i])) {
			t.Errorf("%s: size %d, content %d", a.Name, a.Size, len(p.Files[i]))
		}
	}
	for _, c := range p.Parents {
		parents = append(parents, c.Name)
	}
	list("files", e.Files, files)
	list("parents", e.Parents, parents)
	sound(t, p)
}

// sound holds for the reading of any bytes.
func sound(t testing.TB, p Parsed) {
	t.Helper()
	m := p.Message
	if m.Brand != testOptions.Brand || m.Visibility != webcare.Private || m.Key.Channel != Channel || m.Key.ExternalID == "" || len(m.Digest) != 64 {
		t.Errorf("message: %+v", m)
	}
	if m.Text == "" && m.Automatic == "" && len(m.Warnings) == 0 {
		t.Error("no text, and nothing says why")
	}
	if m.Automatic != "" && len(m.ReplyTo.Recipients) > 0 {
		t.Errorf("%s has recipients %q", m.Automatic, m.ReplyTo.Recipients)
	}
	if len(p.Files) != len(m.Attachments) || len(p.Files) > maxAttachments {
		t.Errorf("%d files, %d attachments", len(p.Files), len(m.Attachments))
	}
	for what, s := range map[string]string{"subject": m.Subject, "name": m.Author.Name, "address": m.Author.Address, "id": m.Key.ExternalID} {
		if strings.ContainsAny(s, "\r\n\x00") || !utf8.ValidString(s) {
			t.Errorf("%s: %q", what, s)
		}
	}
	for what, s := range map[string]string{"text": m.Text, "history": m.History} {
		if strings.ContainsAny(s, "\r\x00") || !utf8.ValidString(s) || len(s) > maxText {
			t.Errorf("%s of %d bytes: %.80q", what, len(s), s)
		}
	}
	for _, a := range m.Attachments {
		if a.Name == "" || len(a.Name) > 140 || strings.ContainsAny(a.Name, "/\\\r\n\x00") || strings.HasPrefix(a.Name, ".") {
			t.Errorf("attachment name %q", a.Name)
		}
	}
}

func TestReplyTokenFindsCase(t *testing.T) {
	id := webcare.CaseID("01jnp5r3zk8q4w9xv2t7h6m5ya")
	token := ReplyToken(id, testOptions.Secret)
	for name, c := range map[string]struct {
		to   string
		want bool
	}{
		"as sent":        {"klacht+" + token + "@voorbeeld.nl", true},
		"upper case":     {"Klacht+" + strings.ToUpper(token) + "@VOORBEELD.NL", true},
		"other code":     {"klacht+" + token[:len(token)-1] + "0@voorbeeld.nl", false},
		"other case":     {"klacht+" + strings.Replace(token, "ya-", "yb-", 1) + "@voorbeeld.nl", false},
		"other secret":   {"klacht+" + ReplyToken(id, []byte("else")) + "@voorbeeld.nl", false},
		"another tag":    {"klacht+nieuws@voorbeeld.nl", false},
		"without a code": {"klacht+" + string(id) + "@voorbeeld.nl", false},
	} {
		raw := "From: a@example.org\r\nTo: b@example.org\r\nDelivered-To: " + c.to + "\r\nIn-Reply-To: <x@y.example>\r\n\r\nHallo\r\n"
		p := Parse([]byte(raw), testOptions)
		if got := p.Parents[0] == TokenClaim(id); got != c.want {
			t.Errorf("%s: parents %v", name, p.Parents)
		}
		if last := p.Parents[len(p.Parents)-1]; last != webcare.MailClaim("x@y.example") {
			t.Errorf("%s: parents %v", name, p.Parents)
		}
	}
	opt := testOptions
	opt.Secret = nil
	raw := "From: a@example.org\r\nTo: klacht+" + token + "@voorbeeld.nl\r\n\r\nHallo\r\n"
	if p := Parse([]byte(raw), opt); len(p.Parents) != 0 {
		t.Errorf("without a secret: %v", p.Parents)
	}
}

func TestThread(t *testing.T) {
	var refs []string
	for i := range 30 {
		refs = append(refs, fmt.Sprintf("<r%d@example.org>", i))
	}
	raw := "From: a@example.org\r\nMessage-ID: <me@example.org>\r\nIn-Reply-To: <r29@example.org>\r\nReferences: " + strings.Join(refs, "\r\n ") + "\r\n\r\nHallo\r\n"
	p := Parse([]byte(raw), testOptions)
	if len(p.Parents) != maxParents || p.Parents[0].Name != "r29@example.org" || p.Parents[1].Name != "r28@example.org" {
		t.Errorf("parents: %v", p.Parents)
	}
	r := p.Message.ReplyTo
	if r.ExternalID != "me@example.org" || r.Root != "r0@example.org" || len(r.References) != maxReferences ||
		r.References[0] != "r0@example.org" || r.References[maxReferences-1] != "me@example.org" {
		t.Errorf("reply target: %+v", r)
	}
	if want := []webcare.Claim{webcare.MailClaim("me@example.org")}; !slices.Equal(p.Claims, want) {
		t.Errorf("claims: %v", p.Claims)
	}
}

func TestDigestKnowsTheSameMail(t *testing.T) {
	const head, body = "From: a@example.org\r\nDate: Mon, 3 Mar 2025 14:02:11 +0100\r\nSubject: Hoi\r\nMessage-ID: <1@example.org>\r\n", "Hallo\r\nallemaal\r\n"
	one := Parse([]byte("Received: by a.example\r\n"+head+"\r\n"+body), testOptions).Message
	other := Parse([]byte(strings.ReplaceAll("Return-Path: <a@example.org>\r\nReceived: by b.example\r\n"+head+"\r\n"+body+"\r\n", "\r\n", "\n")), testOptions).Message
	if one.Digest != other.Digest {
		t.Error("one mail by two ways has two digests")
	}
	p := Parse([]byte(head+"\r\n"+"Hallo\r\niemand anders\r\n"), testOptions)
	if p.Message.Digest == one.Digest || p.Message.Key != one.Key {
		t.Error("another mail under the same id has the same digest")
	}
	if r := p.Renamed(); r.Message.Key.ExternalID != "sha256:"+p.Message.Digest || len(r.Claims) != 0 || len(r.Message.Warnings) != len(p.Message.Warnings)+1 {
		t.Errorf("renamed: %+v", r)
	}
}

func TestDates(t *testing.T) {
	for value, want := range map[string]string{
		"Mon, 3 Mar 2025 14:02:11 +0100":       "2025-03-03T13:02:11Z",
		"3 Mar 2025 14:02:11 +0100 (CET)":      "2025-03-03T13:02:11Z",
		"Mon Mar  3 14:02:11 2025":             "2025-03-03T14:02:11Z",
		"2025-03-03T14:02:11+01:00":            "2025-03-03T13:02:11Z",
		"Mon, 3 Mar 2031 14:02:11 +0100":       "0001-01-01T00:00:00Z", // to come
		"Thu, 1 Jan 1970 00:00:00 +0000":       "0001-01-01T00:00:00Z",
		"gisteren":                             "0001-01-01T00:00:00Z",
		"Mon, 3 Mar 2025 14:02:11 +0100\x00\t": "2025-03-03T13:02:11Z",
	} {
		got := Parse([]byte("From: a@example.org\nDate: "+value+"\n\nx"), testOptions).Message.PostedAt
		if got.Format(time.RFC3339) != want {
			t.Errorf("%q: %s, want %s", value, got.Format(time.RFC3339), want)
		}
	}
}
