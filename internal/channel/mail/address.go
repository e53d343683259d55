package mail

import (
	netmail "net/mail"
	"strings"

	"webcare.example/responder/internal/channel/plain"
)

// address is a mail address with the name shown beside it.
type address struct {
	name string
	addr string // local@domain, domain in lower case
}

var looseAddress = lazily(`[^\s<>"(),:;\[\]\\]{1,64}@[^\s<>"(),:;\[\]\\@]{1,253}`)

// addresses reads an address field as senders write it. Where the grammar is
// broken, everything that looks like an address counts.
func addresses(value string) []address {
	if value == "" {
		return nil
	}
	value = plain.Clip(value, 16<<10)
	p := netmail.AddressParser{WordDecoder: nil}
	if list, err := p.ParseList(value); err == nil {
		out := make([]address, 0, len(list))
		for _, a := range list {
			if ad, ok := cleanAddress(a.Name, a.Address); ok {
				out = append(out, ad)
			}
		}
		return out
	}
	decoded := withoutComments(decodeWords(value))
	var out []address
	end := 0
	for _, loc := range looseAddress().FindAllStringIndex(decoded, 200) {
		if a, ok := cleanAddress(decoded[end:loc[0]], decoded[loc[0]:loc[1]]); ok {
			out = append(out, a)
		}
		end = loc[1]
	}
	return out
}

// withoutComments drops what stands in parentheses: old senders put them
// between the parts of an address.
func withoutComments(s string) string {
	var b strings.Builder
	depth := 0
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
			if depth > 0 {
				continue
			}
		case r == '\\':
			escaped = true
			continue
		case r == '(':
			depth++
			continue
		case r == ')' && depth > 0:
			depth--
			continue
		}
		if depth == 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func cleanAddress(name, addr string) (address, bool) {
	addr = plain.Line(decodeWords(addr))
	at := strings.LastIndexByte(addr, '@')
	if at <= 0 || at == len(addr)-1 || len(addr) > 320 || strings.ContainsAny(addr, " \r\n<>,;") {
		return address{}, false
	}
	return address{cleanName(name), addr[:at+1] + strings.ToLower(strings.TrimSuffix(addr[at+1:], "."))}, true
}

// cleanName makes a name to greet by of what stands before the address.
func cleanName(s string) string {
	s = plain.Line(decodeWords(s))
	s = strings.Trim(s, " \"'<>,;()[]\t")
	return plain.Clip(s, 200)
}

// first returns the first address of a field.
func (h header) first(name string) address {
	for _, v := range h.all(name) {
		if list := addresses(v); len(list) > 0 {
			return list[0]
		}
	}
	return address{}
}

// local returns the part before the @, in lower case.
func local(addr string) string {
	l, _, _ := strings.Cut(strings.ToLower(addr), "@")
	return l
}

// domain returns the part after the last @, in lower case.
func domain(addr string) string {
	return strings.ToLower(addr[strings.LastIndexByte(addr, '@')+1:])
}

// untagged returns the address without a plus tag, in lower case.
func untagged(addr string) string {
	addr = strings.ToLower(strings.TrimSpace(addr))
	l, d, ok := strings.Cut(addr, "@")
	if !ok {
		return addr
	}
	l, _, _ = strings.Cut(l, "+")
	return l + "@" + d
}

var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// noReply reports an address that says of itself that nobody reads it.
func noReply(addr string) bool {
	l := separators.Replace(local(untagged(addr)))
	for _, p := range []string{"noreply", "donotreply", "nietbeantwoorden", "nietreageren", "geenantwoord", "keineantwort", "nepasrepondre", "noresponse"} {
		if strings.HasPrefix(l, p) || strings.HasSuffix(l, p) {
			return true
		}
	}
	return false
}

// messageIDs returns the Message-IDs of a field without their brackets, as
// they stand otherwise: mail programs compare them byte by byte.
func messageIDs(value string) []string {
	var out []string
	value = plain.Clip(value, maxFieldBytes)
	for {
		_, rest, ok := strings.Cut(value, "<")
		if !ok {
			break
		}
		id, next, ok := strings.Cut(rest, ">")
		if !ok {
			break
		}
		if id = cleanID(id); id != "" {
			out = append(out, id)
		}
		value = next
	}
	if out == nil && strings.Count(value, "@") == 1 {
		if id := cleanID(strings.Trim(value, "<> ")); id != "" {
			out = append(out, id)
		}
	}
	return out
}

// cleanID returns an id without blanks, "" for one that can name nothing.
func cleanID(s string) string {
	s = strings.Join(strings.Fields(plain.Line(s)), "")
	if len(s) < 3 || len(s) > 900 {
		return ""
	}
	return s
}
