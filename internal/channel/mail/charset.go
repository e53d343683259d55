package mail

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode/utf32"
)

// toUTF8 turns bytes of a stated charset into text. Bytes that are valid UTF-8
// are UTF-8 whatever was stated, because chance does not produce that; an
// unknown charset is read as windows-1252, which mail programs mean by
// iso-8859-1 and by nothing at all. guessed reports bytes whose charset nobody
// stated rightly.
func toUTF8(b []byte, stated string) (text string, guessed bool) {
	stated = strings.ToLower(strings.Trim(strings.TrimSpace(stated), `"'`))
	stated = strings.TrimPrefix(stated, "charset=")
	if utf8.Valid(b) && !sevenBit(stated) {
		return string(b), false
	}
	enc, known := lookup(stated)
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return strings.ToValidUTF8(string(out), "\uFFFD"), !known || err != nil
}

// sevenBit names the charsets whose every byte is ASCII although the text is
// not: UTF-8 validity says nothing about them.
func sevenBit(name string) bool {
	return strings.HasPrefix(name, "iso-2022") || strings.HasPrefix(name, "csiso2022") || name == "hz-gb-2312" ||
		strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-32")
}

func lookup(name string) (encoding.Encoding, bool) {
	switch name {
	case "", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default", "utf-8", "utf8":
		return charmap.Windows1252, name == "us-ascii" || name == "ascii"
	case "utf-32", "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM), true
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), true
	case "iso-8859-8-i", "iso-8859-8-e":
		return charmap.ISO8859_8, true
	}
	if e, _ := charset.Lookup(name); e != nil && e != encoding.Replacement {
		return e, true
	}
	return charmap.Windows1252, false
}

var encodedWord = regexp.MustCompile(`=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=`)

// decodeWords decodes the encoded words of RFC 2047. Neighbours of one charset
// are joined before decoding, since many senders cut letters in two.
func decodeWords(s string) string {
	locs := encodedWord.FindAllStringSubmatchIndex(s, -1)
	if locs == nil {
		t, _ := toUTF8([]byte(s), "")
		return t
	}
	var out strings.Builder
	end := 0
	for i := 0; i < len(locs); {
		l := locs[i]
		before, _ := toUTF8([]byte(s[end:l[0]]), "")
		if end == 0 || strings.TrimSpace(before) != "" {
			out.WriteString(before)
		}
		name := wordCharset(s[l[2]:l[3]])
		var joined []byte
		for {
			joined = append(joined, decodeWord(s[l[4]:l[5]], s[l[6]:l[7]])...)
			end = l[1]
			i++
			if i == len(locs) || strings.TrimSpace(s[end:locs[i][0]]) != "" || wordCharset(s[locs[i][2]:locs[i][3]]) != name {
				break
			}
			l = locs[i]
		}
		text, _ := toUTF8(joined, name)
		out.WriteString(text)
	}
	rest, _ := toUTF8([]byte(s[end:]), "")
	out.WriteString(rest)
	return out.String()
}

// wordCharset drops the language suffix of RFC 2231.
func wordCharset(s string) string {
	name, _, _ := strings.Cut(strings.ToLower(s), "*")
	return name
}

func decodeWord(enc, s string) []byte {
	if strings.EqualFold(enc, "b") {
		return decodeBase64([]byte(s))
	}
	return decodeQuoted([]byte(strings.ReplaceAll(s, "_", " ")), true)
}

// decodeBase64 decodes what is there and skips every byte that is none of the
// alphabet; padding in the middle starts a new run.
func decodeBase64(b []byte) []byte {
	out := make([]byte, 0, len(b)*3/4)
	run := make([]byte, 0, len(b))
	flush := func() {
		if len(run)%4 == 1 {
			run = run[:len(run)-1]
		}
		out, _ = base64.RawStdEncoding.AppendDecode(out, run)
		run = run[:0]
	}
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			run = append(run, c)
		case c == '=' && len(run) > 0:
			flush()
		}
	}
	flush()
	return out
}

// decodeQuoted decodes quoted-printable and leaves alone what is none. In a
// header word, every line end is part of the word.
func decodeQuoted(b []byte, word bool) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c != '=' {
			out = append(out, c)
			continue
		}
		if hi, lo := unhex(b, i+1), unhex(b, i+2); hi >= 0 && lo >= 0 {
			out = append(out, byte(hi<<4|lo))
			i += 2
			continue
		}
		if n := softBreak(b[i+1:]); n > 0 && !word {
			i += n
			continue
		}
		out = append(out, c)
	}
	return out
}

// softBreak returns the length of blanks and a line end at the start of b, 0
// if there is no line end.
func softBreak(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return 0
		}
	}
	return len(b)
}

func unhex(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch c := b[i]; {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// hidden reports characters that no reader sees: controls, direction marks,
// zero-width ones. Joiners between letters of scripts that need them stay.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d':
		return false
	case unicode.IsControl(r), r == '\u00ad', r == '\ufeff', r == '\u200b', r >= '\u2060' && r <= '\u2064':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f':
		return true
	case r >= 0xE0000 && r <= 0xE007F: // tags: text for machines that no person sees
		return true
	}
	return false
}

// cleanLine makes one line of s: nothing hidden, blanks collapsed.
func cleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || r == 0 {
			return ' '
		}
		if hidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// cleanText unifies line ends and drops what no reader sees.
func cleanText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0', r == '\u202f', r == '\u2007':
			return ' '
		case r == '\f', r == '\u2028', r == '\u2029', r == '\v':
			return '\n'
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// clip shortens s to at most n bytes on a rune boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
