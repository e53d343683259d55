package llm

import "strings"

// words that stand for what an example loses, Dutch and English. They look
// unlike placeholders: a model that copies them is found out.
var lost = map[Kind][2]string{
	Name: {"…", "…"}, Handle: {"…", "…"}, Phone: {"(nummer)", "(number)"}, Email: {"(mailadres)", "(email)"},
	IBAN: {"(rekening)", "(account)"}, Number: {"(nummer)", "(number)"}, Plate: {"(kenteken)", "(plate)"},
	Address: {"(adres)", "(address)"}, Postcode: {"(postcode)", "(postcode)"}, BirthDate: {"(datum)", "(date)"}, Link: {"(link)", "(link)"},
}

// Anonymous redacts a text without a way back: nothing tells two names apart,
// and no vault is kept. It is for examples from other customers' cases.
func Anonymous(s string, known Known) string {
	v := newVault(known)
	language := 1
	if v.dutch {
		language = 0
	}
	s = valid(s)
	var b strings.Builder
	last := 0
	for _, f := range v.find(s) {
		b.WriteString(s[last:f.start])
		if f.kind != "" {
			b.WriteString(lost[f.kind][language])
		}
		last = f.end
	}
	b.WriteString(s[last:])
	return b.String()
}
