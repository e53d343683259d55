package mail

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hostile are mails made to break their reader. Each must be read within
// seconds and end with text or a reason.
func hostile() map[string][]byte {
	head := "From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
	multi := func(b string) string { return "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n" }
	var parts, depth, alternating strings.Builder
	parts.WriteString(head + multi("B") + "--B\r\n\r\nde eerste woorden\r\n")
	for i := range 10_000 {
		fmt.Fprintf(&parts, "--B\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=%d.png\r\n\r\nx\r\n", i)
	}
	depth.WriteString(head)
	for i := range 2_000 {
		fmt.Fprintf(&depth, "Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n", i, i)
	}
	depth.WriteString("\r\nbinnenin\r\n")
	alternating.WriteString(head + "Content-Type: text/plain\r\n\r\n")
	for i := range 60_000 {
		fmt.Fprintf(&alternating, "Op 3 maart 2025 om 14:0%d schreef Jan <jan@example.org>:\r\nDatum: x\r\n", i%10)
	}
	return map[string][]byte{
		"nothing":             nil,
		"one byte":            {0},
		"only line ends":      []byte("\r\n\r\n\r\n"),
		"50 MB of text":       append([]byte(head+"\r\n"), bytes.Repeat([]byte("Dit is een lange mail zonder einde.\r\n"), 50<<20/37)...),
		"50 MB on one line":   append([]byte(head+"\r\n"), bytes.Repeat([]byte("a "), 25<<20)...),
		"50 MB no boundary":   append([]byte(head+"Content-Type: multipart/mixed\r\n\r\n"), bytes.Repeat([]byte("--x\r\n\r\ntekst\r\n"), 50<<20/16)...),
		"50 MB of quotes":     append([]byte(head+"\r\n"), bytes.Repeat([]byte("> a\r\n"), 10<<20)...),
		"50 MB of header":     append([]byte("From: a@example.org\r\nX: "), bytes.Repeat([]byte("y"), 50<<20)...),
		"50 MB of base64":     append([]byte(head+"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"), bytes.Repeat([]byte("AAAA"), 50<<18)...),
		"20 MB of HTML":       append([]byte(head+"Content-Type: text/html\r\n\r\n"), bytes.Repeat([]byte("<div><blockquote>"), 20<<20/17)...),
		"10,000 parts":        []byte(parts.String()),
		"2,000 deep":          []byte(depth.String()),
		"headings":            []byte(alternating.String()),
		"NUL in the subject":  []byte("From: a@example.org\r\nSubject: a\x00b\r\n\r\nde tekst\r\n"),
		"CR in the subject":   []byte("From: a@example.org\r\nSubject: a\rBcc: x@example.org\r\n\r\nde tekst\r\n"),
		"invalid UTF-8":       []byte("From: a@example.org\r\nSubject: \xff\xfe\xc3\x28 \xe2\x82\r\n\r\n\xc3\x28\xa0\xa1\r\n"),
		"word bomb":           []byte("From: " + strings.Repeat("=?utf-8?q?a?= ", 20_000) + "<a@example.org>\r\n\r\nx\r\n"),
		"comment bomb":        []byte("From: " + strings.Repeat("(", 30_000) + "a@example.org\r\n\r\nx\r\n"),
		"empty boundary":      []byte(head + "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\nx\r\n"),
		"many empty parts":    []byte(head + multi("B") + strings.Repeat("--B\r\n", 20_000)),
		"a boundary in part":  []byte(head + multi("B") + "--B\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nx\r\n--B--\r\n"),
		"only a From line":    []byte("From x Mon Mar  3 14:02:11 2025\n"),
		"unknown encoding":    []byte(head + "Content-Type: text/plain; charset=klingon\r\nContent-Transfer-Encoding: warp\r\n\r\nde tekst\r\n"),
		"unending parameters": []byte(head + "Content-Type: text/plain" + strings.Repeat("; a=b", 20_000) + "\r\n\r\nde tekst\r\n"),
	}
}

func TestHostileMails(t *testing.T) {
	for name, raw := range hostile() {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			p := Parse(raw, testOptions)
			if d := time.Since(begun); d > 20*time.Second {
				t.Errorf("took %s", d)
			}
			sound(t, p)
			if bytes.Contains(raw, []byte("de tekst")) && !strings.Contains(p.Message.Text, "de tekst") {
				t.Errorf("text: %.80q, warnings %q", p.Message.Text, p.Message.Warnings)
			}
		})
	}
}

func TestHostileMailsSayWhatIsMissing(t *testing.T) {
	all := hostile()
	for name, want := range map[string]struct{ text, warning string }{
		"10,000 parts":      {"de eerste woorden", "only the beginning was read"},
		"2,000 deep":        {"", "only the beginning was read"},
		"50 MB of text":     {"Dit is een lange mail", "text cut at 256 kB"},
		"50 MB no boundary": {"tekst", "MIME structure unreadable"},
	} {
		m := Parse(all[name], testOptions).Message
		if !strings.HasPrefix(m.Text, want.text) || !strings.Contains(strings.Join(m.Warnings, "; "), want.warning) {
			t.Errorf("%s: text %.60q, warnings %q", name, m.Text, m.Warnings)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(mails, "*.eml"))
	if err != nil || len(files) == 0 {
		f.Fatal("no mails to begin with", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, raw []byte) { sound(t, Parse(raw, testOptions)) })
}

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"gmail-reply-nl", "outlook-web-html-only-nl", "iphone-first-photo-nl", "dsn-postfix"} {
		raw, err := os.ReadFile(filepath.Join(mails, name+".eml"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(raw, testOptions)
			}
		})
	}
	all := hostile()
	for _, name := range []string{"50 MB of text", "10,000 parts"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(all[name])))
			for b.Loop() {
				Parse(all[name], testOptions)
			}
		})
	}
}
