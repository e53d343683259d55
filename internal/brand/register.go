package brand

import "strings"

// Register is how the brand addresses customers.
type Register string

// Registers. Mirror takes over what the customer writes.
const (
	Je     Register = "je"
	U      Register = "u"
	Mirror Register = "mirror"
)

// Register returns the register for a locale ("nl-BE"), else for its language,
// else je. English has one form of address; it gets what the file says.
func (b *Brand) Register(locale string) Register {
	if r, ok := b.Registers[locale]; ok {
		return r
	}
	lang, _, _ := strings.Cut(locale, "-")
	if r, ok := b.Registers[lang]; ok {
		return r
	}
	return Je
}

// Locale returns the locale of a language in the brand's country: "nl-BE".
func (b *Brand) Locale(lang string) string { return lang + "-" + strings.ToUpper(b.Country) }

// Address resolves the alternatives of a text for the register: of "[je|u]" it
// keeps "je" for Je and "u" for U. A bracket without a bar stays as it is.
func Address(text string, r Register) string {
	if !strings.Contains(text, "[") {
		return text
	}
	var out strings.Builder
	for {
		open := strings.IndexByte(text, '[')
		if open < 0 {
			break
		}
		size := strings.IndexByte(text[open:], ']')
		if size < 0 {
			break
		}
		je, u, ok := strings.Cut(text[open+1:open+size], "|")
		out.WriteString(text[:open])
		switch {
		case !ok:
			out.WriteString(text[open : open+size+1])
		case r == U:
			out.WriteString(u)
		default:
			out.WriteString(je)
		}
		text = text[open+size+1:]
	}
	out.WriteString(text)
	return out.String()
}

// Fill replaces the slots of a text, {due}, by their values. It reports the
// first slot that has none, or "".
func Fill(text string, values map[string]string) (filled, missing string) {
	var out strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		size := strings.IndexByte(text[open:], '}')
		if size < 0 {
			break
		}
		name := text[open+1 : open+size]
		v, ok := values[name]
		if !ok && missing == "" {
			missing = name
		}
		out.WriteString(text[:open])
		out.WriteString(v)
		text = text[open+size+1:]
	}
	out.WriteString(text)
	return out.String(), missing
}

// slots returns the names of the slots of a text.
func slots(text string) []string {
	var names []string
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			return names
		}
		size := strings.IndexByte(text[open:], '}')
		if size < 0 {
			return names
		}
		names = append(names, text[open+1:open+size])
		text = text[open+size+1:]
	}
}
