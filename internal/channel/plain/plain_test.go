package plain

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestUTF8(t *testing.T) {
	for name, c := range map[string]struct {
		in, stated, want string
		guessed          bool
	}{
		"ASCII":                 {"abc", "", "abc", false},
		"UTF-8":                 {"é€😀", "utf-8", "é€😀", false},
		"UTF-8, called latin1":  {"é€", "iso-8859-1", "é€", false},
		"latin1":                {"caf\xe9", "ISO-8859-1", "café", false},
		"windows-1252 as such":  {"\x80 5", "windows-1252", "€ 5", false},
		"euro in latin1":        {"\x80 5", "iso-8859-1", "€ 5", false},
		"latin9":                {"\xa4 5", "iso-8859-15", "€ 5", false},
		"nothing stated":        {"caf\xe9", "", "café", true},
		"called ASCII":          {"caf\xe9", "us-ascii", "café", true},
		"broken UTF-8":          {"caf\xe9 \xc3\xa9", "utf-8", "café Ã©", true},
		"unknown":               {"caf\xe9", "klingon", "café", true},
		"quoted name":           {"caf\xe9", `"iso-8859-1"`, "café", false},
		"doubled name":          {"caf\xe9", "charset=iso-8859-1", "café", false},
		"Japanese in seven bit": {"\x1b$B$\"\x1b(B", "iso-2022-jp", "あ", false},
		"UTF-16":                {"\xff\xfea\x00\xe9\x00", "utf-16", "aé", false},
		"Cyrillic":              {"\xf0\xd2\xc9", "koi8-r", "При", false},
	} {
		got, guessed := UTF8([]byte(c.in), c.stated)
		if got != c.want || guessed != c.guessed {
			t.Errorf("%s: %q, %v, want %q, %v", name, got, guessed, c.want, c.guessed)
		}
	}
}

func TestLineAndText(t *testing.T) {
	in := "a\x00b\r\nc\u202ed\u200be  f\tg\xff\U000E0041"
	if got := Line(in); got != "a b cde f g\uFFFD" {
		t.Errorf("line %q", got)
	}
	if got := Text(in); got != "ab\ncde  f\tg\uFFFD" {
		t.Errorf("text %q", got)
	}
	if got := Text("e\u0301 \u200d क्\u200dष"); got != "e\u0301 \u200d क्\u200dष" {
		t.Errorf("joiners: %q", got)
	}
}

func TestClip(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "a", 2: "a", 3: "aé", 4: "aéb", 9: "aéb"} {
		if got := Clip("aéb", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte("caf\xe9 \x00\r\n"), "iso-8859-1")
	f.Add([]byte("\x1b$B"), "iso-2022-jp")
	f.Add([]byte("\xff\xfea"), "utf-16")
	f.Fuzz(func(t *testing.T, b []byte, charset string) {
		s, _ := UTF8(b, charset)
		if !utf8.ValidString(s) {
			t.Errorf("%q", s)
		}
		if l := Line(s); strings.ContainsAny(l, "\r\n\x00\t") || Line(l) != l {
			t.Errorf("line %q", l)
		}
		if x := Text(s); strings.ContainsAny(x, "\r\x00") || Text(x) != x {
			t.Errorf("text %q", x)
		}
	})
}
