package text

import (
	"slices"

	"webcare.example/responder/internal/webcare"
)

// PersonalKind is a kind of personal data.
type PersonalKind string

// Kinds of personal data. Names are not among them: the name a customer posts
// under is public, and only the caller knows whose it is.
const (
	PersonalPhone     PersonalKind = "phone"
	PersonalEmail     PersonalKind = "email"
	PersonalIBAN      PersonalKind = "iban"
	PersonalReference PersonalKind = "reference" // order, customer, contract and case numbers
	PersonalPlate     PersonalKind = "plate"
	PersonalAddress   PersonalKind = "address" // street with house number
	PersonalPostcode  PersonalKind = "postcode"
	PersonalHealth    PersonalKind = "health"  // a word that tells of somebody's health
	PersonalArrears   PersonalKind = "arrears" // a word that tells of debts
)

// Identifies reports whether data of kind k names a person or account by
// itself; health and arrears only tell something about one.
func (k PersonalKind) Identifies() bool { return k != PersonalHealth && k != PersonalArrears }

// PersonalSpan is a stretch of personal data: byte offsets and the stretch verbatim.
type PersonalSpan struct {
	Kind       PersonalKind `json:"kind"`
	Start, End int          `json:"-"`
	Text       string       `json:"text"`
}

// Personal returns the personal data in s, in order and without overlap.
// Service numbers (0800, 0900, 088, 14-numbers) are phones too: the caller
// knows which are its own.
func Personal(s string) []PersonalSpan {
	sc := scan(s)
	var spans []PersonalSpan
	add := func(kind PersonalKind, start, end int) {
		spans = append(spans, PersonalSpan{kind, start, end, s[start:end]})
	}
	for _, f := range sc.found {
		if kind := f.personal(); kind != "" {
			add(kind, f.start, f.end)
		}
	}
	for i, w := range sc.words {
		switch {
		case sc.is(i, isHealth) && !sc.covered(w):
			add(PersonalHealth, w.Start, w.End)
		case sc.is(i, isArrears) && !sc.covered(w):
			add(PersonalArrears, w.Start, w.End)
		}
	}
	slices.SortFunc(spans, func(a, b PersonalSpan) int { return a.Start - b.Start })
	return spans
}

func (f found) personal() PersonalKind {
	switch f.kind {
	case webcare.FactPhone:
		return PersonalPhone
	case webcare.FactEmail:
		return PersonalEmail
	case webcare.FactIBAN:
		return PersonalIBAN
	case webcare.FactNumber:
		switch f.detail {
		case flight:
			return ""
		case plate:
			return PersonalPlate
		}
		return PersonalReference
	case webcare.FactPlace:
		switch f.detail {
		case address:
			return PersonalAddress
		case postcode:
			return PersonalPostcode
		}
	}
	return ""
}

// covered reports whether a personal fact already holds word w.
func (sc *scanner) covered(w Word) bool {
	at, _ := slices.BinarySearchFunc(sc.found, w.Start, func(f found, start int) int { return f.end - start - 1 })
	return at < len(sc.found) && sc.found[at].start <= w.Start && sc.found[at].personal() != ""
}
