package plain

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode/utf32"
)

// UTF8 turns bytes of a stated charset into text. Bytes that are valid UTF-8
// are UTF-8 whatever was stated, because chance does not produce that; an
// unknown charset is read as windows-1252, which mail programs mean by
// iso-8859-1 and by nothing at all. guessed reports bytes whose charset nobody
// stated rightly.
func UTF8(b []byte, stated string) (text string, guessed bool) {
	stated = strings.ToLower(strings.Trim(strings.TrimSpace(stated), `"'`))
	stated = strings.TrimPrefix(stated, "charset=")
	if utf8.Valid(b) && !sevenBit(stated) {
		return strings.TrimPrefix(string(b), "\ufeff"), false
	}
	enc, known := lookup(stated)
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(out), "\uFFFD"), "\ufeff"), !known || err != nil
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
		return charmap.Windows1252, false // the bytes are none of these
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
