package text

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

// postcode takes "1234 AB" and British ones such as "SW1A 1AA".
func (sc *scanner) postcode(i int) (found, int) {
	w := sc.words[i]
	raw := sc.s[w.Start:w.End]
	dutch := w.Kind == KindNumber && (len(raw) == 6 && countDigits(raw[:4]) == 4 && isUpper(raw[4:]) ||
		len(raw) == 4 && countDigits(raw) == 4 && raw[0] != '0' && sc.kind(i+1) == KindWord && sc.words[i+1].End-sc.words[i+1].Start == 2 && isUpper(sc.s[sc.words[i+1].Start:sc.words[i+1].End]))
	if dutch {
		n := 1
		if len(raw) == 4 {
			n = 2
		}
		f, n := sc.take(webcare.FactPlace, i, n)
		f.detail = postcode
		return f, n
	}
	if w.Kind == KindCode && len(raw) <= 4 && len(raw) >= 2 && isUpper(raw[:1]) && sc.kind(i+1) == KindNumber {
		next := sc.s[sc.words[i+1].Start:sc.words[i+1].End]
		if len(next) == 3 && isUpper(next[1:]) {
			f, n := sc.take(webcare.FactPlace, i, 2)
			f.detail = postcode
			return f, n
		}
	}
	return found{}, 0
}

func isUpper(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != ""
}

// address takes a street with a house number: "Kerkstraat 12-a", "14 Rose Lane", "12 rue de la Paix".
func (sc *scanner) address(i int) (found, int) {
	var n int
	switch {
	case sc.isStreet(i) && sc.kind(i+1) == KindNumber && isHouseNumber(sc.norm(i+1)) && !sc.is(i+2, isHour|isMinute|isLongUnit|isCurrency|isMonth):
		n = 2
	case sc.kind(i) == KindNumber && isHouseNumber(sc.norm(i)) && sc.isCapital(i+1) && sc.isCapital(i+2) && sc.is(i+2, isRoadEnd):
		n = 3
	case sc.kind(i) == KindNumber && isHouseNumber(sc.norm(i)) && sc.isCapital(i+1) && sc.isCapital(i+2) && sc.isCapital(i+3) && sc.is(i+3, isRoadEnd):
		n = 4
	case sc.kind(i) == KindNumber && isHouseNumber(sc.norm(i)) && (sc.norm(i+1) == "rue" || sc.norm(i+1) == "avenue") && sc.kind(i+2) == KindWord:
		n = 3
		for n < 6 && !sc.isCapital(i+n-1) && sc.kind(i+n) == KindWord {
			n++
		}
	default:
		return found{}, 0
	}
	f, n := sc.take(webcare.FactPlace, i, n)
	f.detail = address
	return f, n
}

func (sc *scanner) isStreet(i int) bool {
	if !sc.isCapital(i) && !(sc.isCapital(i-1) && sc.is(i, isStreet)) {
		return false
	}
	w := sc.norm(i)
	if sc.is(i, isStreet) {
		return !sc.opens(i)
	}
	for _, end := range [...]string{"straat", "laan", "weg", "plein", "kade", "gracht", "singel", "dijk", "hof", "pad", "dreef", "plantsoen", "steeg", "strasse", "allee", "platz", "burgwal", "boulevard"} {
		if strings.HasSuffix(w, end) && len(w) > len(end)+1 {
			return true
		}
	}
	return false
}

func isHouseNumber(s string) bool {
	return countDigits(s) >= 1 && countDigits(s) <= 4 && isDigit(rune(s[0])) && !strings.ContainsAny(s, ":,.") && len(s) <= 8
}

// titled takes a name after a title: "mevr. Terpstra", "Dr Jones".
func (sc *scanner) titled(i int) (found, int) {
	if !sc.is(i, isTitle) {
		return found{}, 0
	}
	at := i + 1
	if sc.norm(at) == "." {
		at++
	}
	for at < i+4 && (sc.norm(at) == "van" || sc.norm(at) == "de" || sc.norm(at) == "der" || sc.norm(at) == "den") {
		at++
	}
	if !sc.isCapital(at) || sc.is(at, isNotName) {
		return found{}, 0
	}
	return sc.take(webcare.FactName, i, at+1-i)
}

// name takes first names known as such, and capitals after a word that
// introduces a person ("medewerker Joris"), with a family name behind.
func (sc *scanner) name(i int) (found, int) {
	if !sc.isCapital(i) || sc.is(i, isNotName|isWeekday|isMonth|isReferenceCue|isPlace) {
		return found{}, 0
	}
	known := sc.is(i, isName)
	cued := sc.is(i-1, isNameCue) && !sc.opens(i) && !sc.isCapital(i-1)
	signed := sc.signs(i)
	if !known && !cued && !signed {
		return found{}, 0
	}
	n := 1
	for n < 4 && (sc.isCapital(i+n) && !sc.is(i+n, isNotName|isMonth|isPlace) && !strings.Contains(sc.s[sc.words[i+n-1].End:sc.words[i+n].Start], "\n") || sc.particle(i+n)) {
		n++
	}
	return sc.take(webcare.FactName, i, n)
}

// particle takes "van der" between two capitals.
func (sc *scanner) particle(i int) bool {
	switch sc.norm(i) {
	case "van", "de", "der", "den", "el", "von":
		return sc.isCapital(i+1) || sc.norm(i+1) == "der" || sc.norm(i+1) == "den" || sc.norm(i+1) == "de"
	}
	return false
}

// signs reports whether word i begins the last line of the text and that line is a name.
func (sc *scanner) signs(i int) bool {
	if i < 8 || len(sc.words)-i > 4 || !sc.opens(i) || sc.is(i, isPlaceCue) {
		return false
	}
	if before := sc.norm(i - 1); before != "," && before != "." && before != "!" && !strings.Contains(sc.s[sc.words[i-1].End:sc.words[i].Start], "\n") {
		return false
	}
	for at := i; at < len(sc.words); at++ {
		if !sc.isCapital(at) && !sc.particle(at) {
			return false
		}
	}
	return len(sc.words)-i >= 2 || strings.Contains(sc.s[sc.words[i-1].End:sc.words[i].Start], "\n")
}

// place takes towns known as such, and capitals after "in" or "naar" inside a sentence.
func (sc *scanner) place(i int) (found, int) {
	if !sc.isCapital(i) || sc.is(i, isNotName|isWeekday|isMonth) {
		return found{}, 0
	}
	cued := false
	switch sc.norm(i - 1) {
	case "in", "te", "naar", "vanuit", "richting", "station", "filiaal", "near", "nach", "vestiging", "gemeente", "depot":
		cued = !sc.is(i, isName) && sc.words[i].End-sc.words[i].Start > 3 && !sc.opens(i)
	}
	if !sc.is(i, isPlace) && !cued {
		return found{}, 0
	}
	n := 1
	if sc.isCapital(i+1) && !sc.is(i+1, isNotName|isName|isPlace) && !strings.Contains(sc.s[sc.words[i].End:sc.words[i+1].Start], "\n") && cued {
		n = 2
	}
	return sc.take(webcare.FactPlace, i, n)
}

// quantity takes "23 km", "14 graden", "maat 46", "3 bestellingen".
func (sc *scanner) quantity(i int) (found, int) {
	if sc.is(i, isSize) && sc.kind(i+1) == KindNumber && len(sc.norm(i+1)) <= 4 {
		return sc.take(webcare.FactQuantity, i, 2)
	}
	counted := sc.kind(i) == KindNumber && len(sc.norm(i)) <= 6 && !isYear(sc.norm(i)) || sc.is(i, isNumber) && !sc.is(i, isArticle)
	if !counted {
		return found{}, 0
	}
	if sc.is(i+1, isUnit) || sc.norm(i+1) == "%" {
		return sc.take(webcare.FactQuantity, i, 2)
	}
	if sc.kind(i+1) == KindWord && len(sc.norm(i+1)) > 3 && !sc.isCapital(i+1) && isPlural(sc.norm(i+1)) && !sc.is(i+1, isNotName|isPlaceCue|isTimeCue|isSince) {
		return sc.take(webcare.FactQuantity, i, 2)
	}
	return found{}, 0
}

func isPlural(w string) bool {
	return strings.HasSuffix(w, "en") || strings.HasSuffix(w, "s") || w == "keer" || w == "times" || strings.HasSuffix(w, "jes")
}

// product takes a product named with its model ("SlimBox 4"), and a known
// thing that the writer calls his own ("mijn wasmachine") or that is named at all.
func (sc *scanner) product(i int) (found, int) {
	w := sc.words[i]
	if w.Kind == KindWord && isBrandCase(sc.s[w.Start:w.End]) && !sc.is(i, isNotName) {
		n := 1
		if sc.kind(i+1) == KindNumber && len(sc.norm(i+1)) <= 4 || sc.kind(i+1) == KindCode {
			n = 2
		}
		if n == 2 {
			return sc.take(webcare.FactProduct, i, n)
		}
	}
	if sc.is(i, isProduct) {
		return sc.take(webcare.FactProduct, i, 1)
	}
	return found{}, 0
}

// isBrandCase holds for "SlimBox", "Harrow" and "iPhone": a capital and small letters.
func isBrandCase(s string) bool {
	capital := s[0] >= 'A' && s[0] <= 'Z' || len(s) > 3 && s[1] >= 'A' && s[1] <= 'Z'
	return len(s) > 2 && capital && s[len(s)-1] >= 'a' && s[len(s)-1] <= 'z'
}
