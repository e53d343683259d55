package mail

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"unicode"

	"webcare.example/responder/internal/channel/plain"
)

// decodeTransfer undoes the transfer encoding of a part.
func decodeTransfer(p *part) []byte {
	encoding := strings.ToLower(strings.Trim(plain.Line(p.header.get("content-transfer-encoding")), `"'; `))
	switch {
	case strings.HasPrefix(encoding, "base64"):
		return decodeBase64(p.body)
	case strings.HasPrefix(encoding, "quoted"):
		return decodeQuoted(p.body, false)
	}
	return p.body
}

// looksBinary reports bytes that no text holds.
func looksBinary(b []byte) bool {
	head := b[:min(len(b), 2000)]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return false
	}
	controls := 0
	for _, c := range head {
		if c < 9 || (c > 13 && c < 27) {
			controls++
		}
	}
	return controls*20 > len(head)
}

var metaCharset = lazily(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})`)

// pageCharset returns what the page says of itself.
func pageCharset(page []byte) string {
	if m := metaCharset().FindSubmatch(page[:min(len(page), 4096)]); m != nil {
		return string(m[1])
	}
	return ""
}

// unflow joins the lines of RFC 3676 paragraphs.
func unflow(t string, delsp bool) string {
	var out []string
	flowing, depth := false, 0
	for line := range strings.SplitSeq(t, "\n") {
		rest := strings.TrimLeft(line, ">")
		d := len(line) - len(rest)
		rest = strings.TrimPrefix(rest, " ")
		signature := rest == "-- "
		if flowing && d == depth && !signature {
			last := &out[len(out)-1]
			if delsp {
				*last = strings.TrimSuffix(*last, " ")
			}
			*last += rest
		} else {
			prefix := strings.Repeat(">", d)
			if d > 0 {
				prefix += " "
			}
			out = append(out, prefix+rest)
		}
		flowing, depth = strings.HasSuffix(rest, " ") && !signature && len(out[len(out)-1]) < 64<<10, d
	}
	return strings.Join(out, "\n")
}

// unarmour leaves the words of a mail signed in the old inline way.
func unarmour(t string) string {
	const begin, sign, end = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
	before, rest, ok := strings.Cut(t, begin)
	if !ok {
		return t
	}
	_, rest, _ = strings.Cut(strings.TrimLeft(rest, "\n"), "\n\n") // "Hash: SHA256"
	body, after, ok := strings.Cut(rest, sign)
	if !ok {
		return t
	}
	_, after, _ = strings.Cut(after, end)
	return before + strings.ReplaceAll("\n"+body, "\n- ", "\n") + after
}

var marks = lazily(`\[(?:cid:[^\]\s]{1,200}|(?:image|afbeelding|bild): ?[^\]\n]{0,200})\]|<mailto:[^<>\s]{1,300}>`)

// withoutMarks drops what programs leave in plain text for pictures, and the
// address that they repeat behind every address.
func withoutMarks(t string) string {
	if !strings.ContainsAny(t, "[<") {
		return t
	}
	return marks().ReplaceAllString(t, "")
}

// mediaType returns a type that may stand in a Content-Type header.
func mediaType(s string) string {
	main, sub, ok := strings.Cut(s, "/")
	if !ok || main == "" || sub == "" || len(s) > 100 {
		return "application/octet-stream"
	}
	for _, r := range s {
		switch {
		case r > unicode.MaxASCII:
			return "application/octet-stream"
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune("/.+-_", r):
		default:
			return "application/octet-stream"
		}
	}
	return s
}

// fileName makes a name that is safe to show and to save under: no path, no
// controls, no leading dot, not too long. Nameless files are numbered.
func fileName(name, kind string, n int) string {
	name = plain.Line(decodeWords(name))
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimSpace(strings.TrimLeft(name, ". "))
	if name == "" || name == "_" {
		return fmt.Sprintf("bijlage-%d%s", n, extension(kind))
	}
	if len(name) > 120 {
		ext := path.Ext(name)
		if len(ext) > 12 {
			ext = ""
		}
		name = plain.Clip(strings.TrimSuffix(name, ext), 120-len(ext)) + ext
	}
	return name
}

// extension of the files that come without a name.
func extension(kind string) string {
	switch kind {
	case "image/jpeg", "image/jpg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/gif":
		return ".gif"
	case "image/heic":
		return ".heic"
	case "application/pdf":
		return ".pdf"
	case "text/plain":
		return ".txt"
	case "text/html":
		return ".html"
	case "text/calendar":
		return ".ics"
	case "message/rfc822", "message/global":
		return ".eml"
	}
	return ".bin"
}
