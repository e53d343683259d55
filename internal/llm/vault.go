package llm

import (
	"fmt"
	"regexp"
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Kind is a kind of what is taken out of a text before it leaves.
type Kind string

// Kinds.
const (
	Name      Kind = "name"
	Handle    Kind = "handle"
	Phone     Kind = "phone"
	Email     Kind = "email"
	IBAN      Kind = "iban"
	Number    Kind = "number" // order, customer, contract and case numbers, and any other long one
	Plate     Kind = "plate"
	Address   Kind = "address"
	Postcode  Kind = "postcode"
	BirthDate Kind = "birth_date"
	Link      Kind = "link" // what customers link to carries their codes, and is nothing we would repeat
)

// labels name the kinds in placeholders, Dutch and English.
var labels = map[Kind][2]string{
	Name: {"NAAM", "NAME"}, Handle: {"GEBRUIKER", "USER"}, Phone: {"TELEFOON", "PHONE"}, Email: {"MAILADRES", "EMAIL"},
	IBAN: {"REKENING", "ACCOUNT"}, Number: {"NUMMER", "NUMBER"}, Plate: {"KENTEKEN", "PLATE"}, Address: {"ADRES", "ADDRESS"},
	Postcode: {"POSTCODE", "POSTCODE"}, BirthDate: {"GEBOORTEDATUM", "BIRTHDATE"}, Link: {"LINK", "LINK"},
}

// Vault knows what each placeholder stands for. It never leaves the process.
type Vault struct {
	dutch   bool
	known   Known
	names   []knownName
	entries []entry
	byValue map[string]int
	byMark  map[string]int
	counts  map[Kind]int
}

type entry struct {
	kind   Kind
	mark   string // "[NAAM_1]"
	value  string
	public bool // may stand in a public reply
}

func newVault(known Known) *Vault {
	v := &Vault{dutch: known.Language == "nl", known: known, byValue: map[string]int{}, byMark: map[string]int{}, counts: map[Kind]int{}}
	v.names = knownNames(known)
	for _, n := range v.names {
		v.put(Name, n.value, n.public)
	}
	return v
}

// put returns the placeholder of a value, a new one where it has none yet.
func (v *Vault) put(kind Kind, value string, public bool) string {
	key := string(kind) + "\x00" + squeezed(value)
	if i, ok := v.byValue[key]; ok {
		return v.entries[i].mark
	}
	v.counts[kind]++
	label := labels[kind][1]
	if v.dutch {
		label = labels[kind][0]
	}
	e := entry{kind, fmt.Sprintf("[%s_%d]", label, v.counts[kind]), value, public}
	v.byValue[key], v.byMark[e.mark] = len(v.entries), len(v.entries)
	v.entries = append(v.entries, e)
	return e.mark
}

// squeezed is a value without case, accents, spaces and marks, so that
// "06-1234 5678" and "0612345678" are one.
func squeezed(s string) string {
	var b strings.Builder
	for _, r := range text.Normal(s) {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '@' || r == '.' || r > 0x7f {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Mark returns the placeholder that stands for a value of the kind, or "".
func (v *Vault) Mark(kind Kind, value string) string {
	if i, ok := v.byValue[string(kind)+"\x00"+squeezed(value)]; ok {
		return v.entries[i].mark
	}
	return ""
}

// Values returns what was taken out, for tests that look for leaks.
func (v *Vault) Values() []string {
	var out []string
	for _, e := range v.entries {
		out = append(out, e.value)
	}
	return out
}

var (
	anyBracket = regexp.MustCompile(`\[[^\[\]]*\]`)
	bareMark   = regexp.MustCompile(`(?i)\b(?:` + strings.Join(allLabels(), "|") + `)[ _-]?\d+\b`)
)

func allLabels() []string {
	var out []string
	for _, pair := range labels {
		out = append(out, pair[0], pair[1])
	}
	return out
}

// Restore puts back what the placeholders of a private reply stand for. A
// placeholder that is unknown or mangled is an error of kind
// webcare.ErrInvalid, and so is any other square bracket; links are never
// put back.
func (v *Vault) Restore(s string) (string, error) { return v.restore(s, false) }

// RestorePublic is Restore for a reply that strangers can read: only the name
// and handle the customer posts under, and names that Known says may be
// public, are put back; any other placeholder is an error.
func (v *Vault) RestorePublic(s string) (string, error) { return v.restore(s, true) }

func (v *Vault) restore(s string, public bool) (string, error) {
	var fault error
	last := 0
	var b, rest strings.Builder
	for _, m := range anyBracket.FindAllStringIndex(s, -1) {
		i, ok := v.byMark[s[m[0]:m[1]]]
		switch {
		case !ok:
			return "", webcare.Invalidf("a placeholder that stands for nothing")
		case v.entries[i].kind == Link:
			fault = webcare.Invalidf("the customer's link")
		case public && !v.entries[i].public:
			fault = webcare.Invalidf("%s in public", v.entries[i].kind)
		}
		b.WriteString(s[last:m[0]])
		rest.WriteString(s[last:m[0]] + " ")
		b.WriteString(v.entries[i].value)
		last = m[1]
	}
	b.WriteString(s[last:])
	rest.WriteString(s[last:])
	if strings.ContainsAny(rest.String(), "[]") || v.mangled(rest.String()) {
		return "", webcare.Invalidf("a mangled placeholder")
	}
	return b.String(), fault
}

// mangled finds a placeholder that lost its brackets: "NAAM_1". What has no
// underscore counts only where it is in capitals: "adres 2" is ordinary text.
func (v *Vault) mangled(s string) bool {
	for _, m := range bareMark.FindAllString(s, -1) {
		if strings.Contains(m, "_") || strings.ToUpper(m) == m {
			return true
		}
	}
	return false
}
