package llm

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// mostText of a text is looked at and leaves; what lies behind is dropped.
const mostText = 32 << 10

// tail finds what lies behind the first mostText bytes.
func tail(s string, _ []webcare.Fact) []found {
	if len(s) <= mostText {
		return nil
	}
	at := mostText
	for !utf8.RuneStart(s[at]) {
		at--
	}
	return []found{{start: at, end: len(s)}}
}

// invisible finds characters that carry hidden text to a model and nothing to
// a reader: tags, directions, zero-width signs, controls. A joiner between two
// pictures stays.
func invisible(s string, _ []webcare.Fact) []found {
	var out []found
	for i, r := range s {
		size := utf8.RuneLen(r)
		hidden := r >= 0xe0000 && r <= 0xe0fff || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f ||
			r == 0x200b || r == 0x200e || r == 0x200f || r == 0xfeff || r == 0xad || r == 0x61c || r == 0x180e ||
			unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r'
		if !hidden {
			continue
		}
		if n := len(out); n > 0 && out[n-1].end == i {
			out[n-1].end += size
			continue
		}
		out = append(out, found{start: i, end: i + size})
	}
	return out
}

var link = regexp.MustCompile(`(?i)\b(?:https?|ftp|hxxps?)://[^\s<>"”»]+|\bwww\.[^\s<>"”»]+`)

func links(s string, _ []webcare.Fact) []found {
	var out []found
	for _, m := range link.FindAllStringIndex(s, -1) {
		end := m[0] + len(strings.TrimRight(s[m[0]:m[1]], ".,;:!?)'’…"))
		out = append(out, found{start: m[0], end: end, kind: Link})
	}
	return out
}

// handles finds @names other than the brand's own.
func (v *Vault) handles(s string, _ []webcare.Fact) []found {
	var out []found
	for _, w := range text.Words(s) {
		if w.Kind == text.KindHandle && !v.ours(w.Norm) {
			out = append(out, found{start: w.Start, end: w.End, kind: Handle, public: v.isAuthor(w.Norm)})
		}
	}
	return out
}

func (v *Vault) isAuthor(handle string) bool {
	own := squeezed(strings.TrimPrefix(v.known.Author.Handle, "@"))
	return own != "" && squeezed(handle) == own
}

// ours holds for a handle with the brand's name in it: "voorbeeld_help".
func (v *Vault) ours(handle string) bool {
	handle = squeezed(handle)
	for _, o := range v.known.Ours {
		if o = squeezed(o); len(o) > 3 && strings.Contains(handle, o) {
			return true
		}
	}
	return false
}

// staff holds for the brand's own names as people write them.
func (v *Vault) staff(name string) bool {
	for _, o := range v.known.Ours {
		if squeezed(o) == squeezed(name) {
			return true
		}
	}
	return false
}

var personalKinds = map[text.PersonalKind]Kind{
	text.PersonalPhone: Phone, text.PersonalEmail: Email, text.PersonalIBAN: IBAN, text.PersonalReference: Number,
	text.PersonalPlate: Plate, text.PersonalAddress: Address, text.PersonalPostcode: Postcode,
}

// personal takes what identifies somebody; health and arrears stay, for they
// are what it is about and name nobody.
func personal(s string, _ []webcare.Fact) []found {
	var out []found
	for _, p := range text.Personal(s) {
		if kind, ok := personalKinds[p.Kind]; ok {
			out = append(out, found{start: p.Start, end: p.End, kind: kind})
		}
	}
	return out
}

var birthCue = regexp.MustCompile(`(?i)\b(?:geboren|geboortedatum|geb\.?|born|birth|birthday|d\.?o\.?b\.?)[^\n]{0,12}$`)

// birthDates: other dates stay.
func birthDates(s string, facts []webcare.Fact) []found {
	var out []found
	for _, f := range facts {
		if f.Kind == webcare.FactDate && birthCue.MatchString(s[max(0, f.Start-28):f.Start]) {
			out = append(out, found{start: f.Start, end: f.End, kind: BirthDate})
		}
	}
	return out
}

var (
	digitRun   = regexp.MustCompile(`[\p{L}\d]*\d(?:[ ./-]?[\p{L}]{0,3}\d)*`)
	keepsDigit = map[webcare.FactKind]bool{webcare.FactAmount: true, webcare.FactDate: true, webcare.FactTime: true,
		webcare.FactDuration: true, webcare.FactQuantity: true, webcare.FactProduct: true}
)

var plateForm = regexp.MustCompile(`\b[A-Z0-9]{1,3}-[A-Z0-9]{1,3}-[A-Z0-9]{1,3}\b`)

// plates finds registration numbers of cars, Dutch and Belgian: three groups
// with dashes, six or seven signs, letters and digits both.
func plates(s string, _ []webcare.Fact) []found {
	var out []found
	for _, m := range plateForm.FindAllStringIndex(s, -1) {
		in := s[m[0]:m[1]]
		if signs, digits := len(in)-2, countDigits(in); signs >= 6 && signs <= 7 && digits > 0 && digits < signs {
			out = append(out, found{start: m[0], end: m[1], kind: Plate})
		}
	}
	return out
}

// mostDigits stay in a number that nothing explains.
const mostDigits = 6

// longNumbers takes what the other rules left: card numbers, citizen service
// numbers, codes.
func longNumbers(s string, facts []webcare.Fact) []found {
	var out []found
	kept := keptSpans(facts)
	for _, m := range digitRun.FindAllStringIndex(s, -1) {
		if countDigits(s[m[0]:m[1]]) <= mostDigits || overlaps(kept, m[0], m[1]) {
			continue
		}
		out = append(out, found{start: m[0], end: m[1], kind: Number})
	}
	return out
}

func keptSpans(facts []webcare.Fact) [][2]int {
	var out [][2]int
	for _, f := range facts {
		if keepsDigit[f.Kind] {
			out = append(out, [2]int{f.Start, f.End})
		}
	}
	return out
}

func overlaps(spans [][2]int, start, end int) bool {
	for _, sp := range spans {
		if start < sp[1] && end > sp[0] {
			return true
		}
	}
	return false
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
