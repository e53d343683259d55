package mail

import (
	"encoding/base64"
	"strings"

	"webcare.example/responder/internal/channel/plain"
)

var encodedWord = lazily(`=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=`)

// decodeWords decodes the encoded words of RFC 2047. Neighbours of one charset
// are joined before decoding, since many senders cut letters in two.
func decodeWords(s string) string {
	locs := encodedWord().FindAllStringSubmatchIndex(s, -1)
	if locs == nil {
		t, _ := plain.UTF8([]byte(s), "")
		return t
	}
	var out strings.Builder
	end := 0
	for i := 0; i < len(locs); {
		l := locs[i]
		before, _ := plain.UTF8([]byte(s[end:l[0]]), "")
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
		text, _ := plain.UTF8(joined, name)
		out.WriteString(text)
	}
	rest, _ := plain.UTF8([]byte(s[end:]), "")
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
