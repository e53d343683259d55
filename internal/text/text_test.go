package text

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// cases reads testdata/name: blocks of lines, the first is the input (\n for a
// line end), the rest what is expected.
func cases(t *testing.T, name string) map[string][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for block := range strings.SplitSeq(strings.TrimSpace(string(b)), "\n\n") {
		lines := strings.Split(block, "\n")
		all[strings.ReplaceAll(lines[0], `\n`, "\n")] = lines[1:]
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no cases", name)
	}
	return all
}

func TestSentences(t *testing.T) {
	for in, want := range cases(t, "sentences.txt") {
		var got []string
		for _, s := range Sentences(in) {
			got = append(got, s.Text)
			if in[s.Start:s.End] != s.Text {
				t.Errorf("%q: span %d-%d is not its text", in, s.Start, s.End)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Sentences(%q): -want +got\n%s", in, d)
		}
	}
}

func TestClauses(t *testing.T) {
	for in, want := range cases(t, "clauses.txt") {
		var got []string
		for _, s := range Clauses(in) {
			got = append(got, s.Text)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Clauses(%q): -want +got\n%s", in, d)
		}
	}
}

func TestFacts(t *testing.T) {
	for in, want := range cases(t, "facts.txt") {
		var got []string
		for _, f := range Facts(in, "") {
			got = append(got, string(f.Kind)+" "+f.Text)
		}
		if len(want) == 1 && want[0] == "-" {
			want = nil
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Facts(%q): -want +got\n%s", in, d)
		}
	}
}

func TestPersonal(t *testing.T) {
	for in, want := range cases(t, "personal.txt") {
		var got []string
		for _, p := range Personal(in) {
			got = append(got, string(p.Kind)+" "+p.Text)
		}
		if len(want) == 1 && want[0] == "-" {
			want = nil
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Personal(%q): -want +got\n%s", in, d)
		}
	}
}

func TestQuotes(t *testing.T) {
	for in, want := range cases(t, "quotes.txt") {
		var got []string
		for _, q := range Quotes(in) {
			got = append(got, q.Text)
		}
		if len(want) == 1 && want[0] == "-" {
			want = nil
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Quotes(%q): -want +got\n%s", in, d)
		}
	}
}

func TestLanguage(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "languages.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := 0
	for scanner := bufio.NewScanner(f); scanner.Scan(); {
		want, in, _ := strings.Cut(scanner.Text(), " ")
		seen++
		if got, confidence := Language(in); got != want || confidence < 0 || confidence > 1 {
			t.Errorf("Language(%q) = %s %.2f, want %s", in, got, confidence, want)
		}
	}
	if seen < 20 {
		t.Errorf("%d cases only", seen)
	}
}

func TestValidIBAN(t *testing.T) {
	for in, want := range map[string]bool{
		"NL91 ABNA 0417 1643 00": true, // the example of the Dutch central bank
		"NL91ABNA0417164301":     false,
		"BE68 5390 0754 7034":    true,
		"DE89370400440532013000": true,
		"NL91":                   false,
		"XX91ABNA0417164300":     false,
		"":                       false,
	} {
		if got := ValidIBAN(in); got != want {
			t.Errorf("ValidIBAN(%q) = %v", in, got)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"kort", 10, "kort"},
		{"een heel eind te lang", 12, "een heel…"},
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2, "👨‍👩‍👧‍👦…"},
		{"woord", 0, ""},
		{"één", 3, "één"},
	} {
		got := Cut(c.in, c.n)
		if got != c.want || Graphemes(got) > c.n {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestNormal(t *testing.T) {
	for in, want := range map[string]string{"Ééń": "een", "Straße": "strasse", "don’t": "don't", "al goed": "al goed", "ÇA": "ca"} {
		if got := Normal(in); got != want {
			t.Errorf("Normal(%q) = %q, want %q", in, got, want)
		}
	}
}

// check holds what every function promises of any bytes.
func check(t *testing.T, s string) {
	at := 0
	for _, w := range Words(s) {
		if w.Start < at || w.End <= w.Start || w.End > len(s) {
			t.Fatalf("word %d-%d after %d in %d bytes", w.Start, w.End, at, len(s))
		}
		at = w.End
	}
	at = 0
	for _, c := range Clauses(s) {
		if c.Start < at || c.End < c.Start || c.Text != s[c.Start:c.End] {
			t.Fatalf("clause %d-%d after %d", c.Start, c.End, at)
		}
		at = c.End
	}
	at = 0
	for _, f := range Facts(s, "") {
		if f.Start < at || f.End <= f.Start || f.Text != s[f.Start:f.End] {
			t.Fatalf("fact %d-%d after %d", f.Start, f.End, at)
		}
		at = f.End
	}
	for _, p := range Personal(s) {
		if p.Text != s[p.Start:p.End] || p.Text == "" {
			t.Fatalf("personal %d-%d", p.Start, p.End)
		}
	}
	if utf8.ValidString(s) && !utf8.ValidString(Cut(s, 7)) {
		t.Fatalf("Cut broke a rune")
	}
	Language(s)
	Quotes(s)
}

func FuzzText(f *testing.F) {
	for _, name := range []string{"sentences.txt", "facts.txt", "personal.txt", "quotes.txt", "languages.txt"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			f.Add(line)
		}
	}
	f.Add("\xff\xfe€\x80 'a 12-")
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

func BenchmarkFacts(b *testing.B) {
	s := strings.Repeat("Op 3 mei bestelde ik voor € 12,50 bij de winkel in Zwolle, order LW-88120, bel 06-12345678. ", 10)
	Facts(s, "nl")
	for b.Loop() {
		Facts(s, "nl")
	}
}

func BenchmarkLanguage(b *testing.B) {
	Language("nu")
	for b.Loop() {
		Language("Ik wacht al drie weken op mijn bestelling en niemand weet waar die is")
	}
}
