package inbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"webcare.example/responder/internal/webcare"
)

const samples = "../../../testdata/inbox"

// list reads a file and says one line an entry: its place, and its text, mail
// or error.
func list(t *testing.T, name string, r io.Reader, columns Columns) []string {
	t.Helper()
	var out []string
	for e, err := range Read(name, r, columns) {
		switch {
		case err != nil:
			if !errors.Is(err, webcare.ErrInvalid) || !strings.Contains(err.Error(), e.Where) {
				t.Errorf("entry %q, error %v", e.Where, err)
			}
			out = append(out, strings.TrimPrefix(err.Error(), "invalid: "))
		case e.Mail != nil:
			out = append(out, fmt.Sprintf("%s: mail %q", e.Where, e.Mail))
		default:
			out = append(out, fmt.Sprintf("%s: %s", e.Where, e.Post.Text))
		}
	}
	return out
}

func sample(t *testing.T, name string, columns Columns) []string {
	t.Helper()
	f, err := os.Open(filepath.Join(samples, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return list(t, name, f, columns)
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d:\n%s\nwant\n%s", i, got[i], want[i])
		}
	}
}

func TestJSONLines(t *testing.T) {
	same(t, sample(t, "klachten.jsonl", nil), []string{
		"klachten.jsonl:1: Al drie weken geen internet en niemand belt terug.",
		"klachten.jsonl:3: Onbeleefd personeel in de winkel.",
		"klachten.jsonl:4: no JSON at byte 44: unexpected end of JSON input",
		"klachten.jsonl:5: text: missing",
		"klachten.jsonl:6: Where is my refund?",
		"klachten.jsonl:7: stars: 9 is no whole number between 1 and 5",
		"klachten.jsonl:8: Zonder nummer, maar wel een klacht.",
		"klachten.jsonl:9: body: a JSON array where an object is expected",
		"klachten.jsonl:10: Laatste regel, zonder regeleinde.",
	})
}

func TestCSV(t *testing.T) {
	same(t, sample(t, "export.csv", nil), []string{
		"export.csv:2: Het café was dicht; erg vervelend",
		"export.csv:3: Twee regels:\neerst dit,\ndan dat",
		`export.csv:6: Het scherm is 24" en stuk`,
		`export.csv:7: posted_at: "niet gisteren" is no time such as 2025-03-31T14:05:00+02:00`,
		"export.csv:8: 7 cells, the header has 5",
		"export.csv:10: Alles ging mis",
	})
	f, err := os.Open(filepath.Join(samples, "export.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var posts []Post
	for e, err := range Read("export.csv", f, nil) {
		if err == nil {
			posts = append(posts, e.Post)
		}
	}
	if p := posts[0]; p.ID != "1" || p.Author.Name != "Renée" || p.Stars != 1 || p.PostedAt.Format("2006-01-02 15:04") != "2025-03-03 14:02" {
		t.Errorf("%+v", p)
	}
	if p := posts[1]; p.Author.Name != `Jan "de Boer"` || p.Stars != 2 {
		t.Errorf("%+v", p)
	}
}

func TestCSVColumns(t *testing.T) {
	const file = "wie\tWat er was\tx\nJan\tde lamp\t4\n"
	columns, err := ParseColumns("text=wat er was, author=1 ,stars=x")
	if err != nil {
		t.Fatal(err)
	}
	same(t, list(t, "a.tsv", strings.NewReader(file), columns), []string{"a.tsv:2: de lamp"})
	same(t, list(t, "a.tsv", strings.NewReader(file), nil), []string{`a.tsv:1: which column is the text? name it with text=COLUMN; the header has "wie", "Wat er was", "x"`})
	same(t, list(t, "a.tsv", strings.NewReader(file), Columns{"text": "Bericht"}), []string{`a.tsv:1: no column "Bericht" for text; the header has "wie", "Wat er was", "x"`})
	same(t, list(t, "a.csv", strings.NewReader(""), nil), []string{"a.csv:1: no header line: EOF"})
	for _, bad := range []string{"tekst=1", "text", "text="} {
		if _, err := ParseColumns(bad); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A quote that nobody closes costs its own line, not the rest of the file.
func TestCSVUnclosedQuote(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,tekst\n1,goed\n2,\"nooit dicht\n")
	for i := range 20_000 {
		fmt.Fprintf(&b, "%d,regel %d\n", i+3, i+3)
	}
	got := list(t, "a.csv", strings.NewReader(b.String()), nil)
	if len(got) != 20_002 || got[2] != "a.csv:4: regel 3" || got[20_001] != "a.csv:20003: regel 20002" {
		t.Errorf("%d entries, %q ... %q", len(got), got[:4], got[len(got)-1])
	}
}

func TestMbox(t *testing.T) {
	same(t, sample(t, "postvak.mbox", nil), []string{
		`postvak.mbox:1: mail "From: Jan <jan@example.org>\nSubject: Eerste\nMessage-ID: <1@example.org>\n\nMijn lamp is stuk.\n\nFrom the shop I heard nothing.\n>From quoted twice.\nFrom here on it goes on without an empty line above.\n"`,
		`postvak.mbox:12: mail "X-Mozilla-Status: 0001\nFrom: Els <els@example.org>\nSubject: Tweede\nMessage-ID: <2@example.org>\n\nEen brief.\n\nFrom now on I buy elsewhere.\n"`,
		`postvak.mbox:22: mail "From: Kim <kim@example.org>\nSubject: Derde\n\nNog een brief."`,
	})
	same(t, list(t, "a.mbox", strings.NewReader("Beste mensen,\n"), nil), []string{`a.mbox:1: no mbox: it does not begin with a "From " line`})
	same(t, list(t, "a.mbox", strings.NewReader("\n\n"), nil), nil)
	same(t, list(t, "a.mbox", strings.NewReader("From a Mon Mar  3 14:02:11 2025\n\n\nFrom b Mon Mar  3 14:02:11 2025\nSubject: x\n"), nil),
		[]string{"a.mbox:1: empty mail", `a.mbox:4: mail "Subject: x"`})
}

// filler is a reader of n bytes of a pattern, made as it is read.
type filler struct {
	pattern string
	at, n   int
}

func (f *filler) Read(b []byte) (int, error) {
	if f.n == 0 {
		return 0, io.EOF
	}
	b = b[:min(len(b), f.n)]
	for i := range b {
		b[i] = f.pattern[f.at%len(f.pattern)]
		f.at++
	}
	f.n -= len(b)
	return len(b), nil
}

// Files larger than the memory stream through.
func TestConstantMemory(t *testing.T) {
	for name, pattern := range map[string]string{
		"a.jsonl": `{"text":"Waar is mijn pakket?"}` + "\n",
		"a.mbox":  "From a@example.org Mon Mar  3 14:02:11 2025\nSubject: x\n\nHallo\n\n",
		"a.csv":   "tekst;x\nHallo;\"twee\nregels\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			const size = 16 << 20
			var before, now runtime.MemStats
			runtime.ReadMemStats(&before)
			n, most := 0, uint64(0)
			for _, err := range Read(name, &filler{pattern: pattern, n: size}, nil) {
				if n++; err != nil && !errors.Is(err, webcare.ErrInvalid) {
					t.Fatal(err)
				}
				if n%100_000 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					most = max(most, now.HeapInuse)
				}
			}
			if want := size / len(pattern); n < want-1 {
				t.Errorf("%d entries, want %d", n, want)
			}
			if most > before.HeapInuse+8<<20 {
				t.Errorf("%d MB in use", most>>20)
			}
		})
	}
}

func TestTooLong(t *testing.T) {
	long := `{"text":"` + strings.Repeat("x", maxLine) + `"}` + "\n" + `{"text":"kort"}` + "\n"
	same(t, list(t, "a.jsonl", strings.NewReader(long), nil), []string{"a.jsonl:1: line longer than 4 MB", "a.jsonl:2: kort"})
	mail := "From a Mon Mar  3 14:02:11 2025\nSubject: x\n\n" + strings.Repeat(strings.Repeat("y", 1000)+"\n", maxMail/1000) + "\nFrom b Mon Mar  3 14:02:11 2025\nSubject: z\n"
	same(t, list(t, "a.mbox", strings.NewReader(mail), nil), []string{"a.mbox:1: mail larger than 64 MB", fmt.Sprintf("a.mbox:%d: mail \"Subject: z\"", maxMail/1000+5)})
	same(t, list(t, "a.txt", &filler{pattern: "x", n: 5 << 20}, nil), []string{"a.txt: larger than 1024 kB"})
}

func TestTextAndMail(t *testing.T) {
	same(t, sample(t, "brief.txt", nil), []string{"brief.txt: Geachte directie,\n\nUw kachel rookt.\n"})
	same(t, list(t, "a.txt", strings.NewReader(" \n"), nil), []string{"a.txt: empty"})
	same(t, list(t, "a.txt", strings.NewReader("caf\xe9 dicht"), nil), []string{"a.txt: café dicht"})
	same(t, list(t, "a.eml", strings.NewReader("Subject: x\n\ny"), nil), []string{`a.eml: mail "Subject: x\n\ny"`})
	same(t, list(t, "cur-12,S", strings.NewReader("Return-Path: <a@example.org>\nSubject: x\n\ny"), nil), []string{`cur-12,S: mail "Return-Path: <a@example.org>\nSubject: x\n\ny"`})
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("device gone") }

func TestUnreadable(t *testing.T) {
	for _, name := range []string{"a.jsonl", "a.mbox", "a.txt", "a.eml"} {
		n := 0
		for _, err := range Read(name, io.MultiReader(strings.NewReader(""), broken{}), nil) {
			if n++; !errors.Is(err, webcare.ErrUnavailable) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d entries", name, n)
		}
	}
}

func TestStopReading(t *testing.T) {
	for _, name := range []string{"a.jsonl", "a.mbox", "a.csv", "a.txt"} {
		for range Read(name, strings.NewReader("tekst\nb\n"), nil) {
			break
		}
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.eml", "a.jsonl", "deep/c.mbox", ".hidden/x.eml", ".x.eml"} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Files(dir)
	if want := []string{filepath.Join(dir, "a.jsonl"), filepath.Join(dir, "b.eml"), filepath.Join(dir, "deep/c.mbox")}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := Files(filepath.Join(dir, ".x.eml")); err != nil || len(got) != 1 {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Files(filepath.Join(dir, "none")); !errors.Is(err, webcare.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"klachten.jsonl", "export.csv", "postvak.mbox", "brief.txt"} {
		b, err := os.ReadFile(filepath.Join(samples, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, b)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		n := 0
		for e, err := range Read(name, strings.NewReader(string(data)), nil) {
			if n++; n > len(data)+2 {
				t.Fatal("more entries than bytes")
			}
			if err != nil && !errors.Is(err, webcare.ErrInvalid) {
				t.Errorf("%v", err)
			}
			if err == nil && e.Mail == nil && strings.TrimSpace(e.Post.Text) == "" {
				t.Errorf("no text at %s", e.Where)
			}
			if err == nil && e.Mail == nil {
				if m := e.Post.Message(); m.Key.ExternalID == "" || m.Text == "" || strings.ContainsAny(m.Text+m.Subject, "\x00\r") {
					t.Errorf("%+v", m)
				}
			}
		}
	})
}

func BenchmarkJSONLines(b *testing.B) {
	line := `{"id":"r-1","text":"Al drie weken geen internet en niemand belt terug.","channel":"x","author":{"name":"Bas","handle":"@bas_z"}}` + "\n"
	b.SetBytes(int64(len(line)) * 1000)
	for b.Loop() {
		n := 0
		for _, err := range Read("a.jsonl", &filler{pattern: line, n: len(line) * 1000}, nil) {
			if n++; err != nil {
				b.Fatal(err)
			}
		}
		if n != 1000 {
			b.Fatal(n)
		}
	}
}
