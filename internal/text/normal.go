package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normal returns s in lower case without accents, with plain apostrophes.
// It allocates only where something changes.
func Normal(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < utf8.RuneSelf {
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
			continue
		}
		writeFolded(&b, r)
	}
	return b.String()
}

func writeFolded(b *strings.Builder, r rune) {
	r = unicode.ToLower(r)
	if i := strings.IndexRune(accented, r); i >= 0 {
		b.WriteByte(unaccented[utf8.RuneCountInString(accented[:i])])
		return
	}
	switch r {
	case '’', '‘', '‚', '`', '´':
		b.WriteByte('\'')
	case 'ß':
		b.WriteString("ss")
	case 'œ':
		b.WriteString("oe")
	case 'æ':
		b.WriteString("ae")
	case 'ĳ':
		b.WriteString("ij")
	case '–', '—', '−', '‑':
		b.WriteByte('-')
	default:
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
}

// The accents that Western European writers use; others stay as they are.
const (
	accented   = "áàâäãåāéèêëēęíìîïīóòôöõøōúùûüūçñýÿšžşğčćńśźżłőű"
	unaccented = "aaaaaaaeeeeeeiiiiiooooooouuuuucnyyszsgccnszzlou"
)
