package text

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

func (sc *scanner) iban(i int) (found, int) {
	if sc.words[i].Kind != KindCode {
		return found{}, 0
	}
	end, valid := ibanEnd(sc.s, sc.words[i].Start)
	if end == 0 || end < len(sc.s) && startsWord(sc.s, end) {
		return found{}, 0
	}
	if !valid {
		// Mistyped, and personal all the same.
		return sc.takeBytes(webcare.FactNumber, i, end)
	}
	return sc.takeBytes(webcare.FactIBAN, i, end)
}

func (sc *scanner) email(i int) (found, int) {
	if sc.words[i].Kind != KindEmail {
		return found{}, 0
	}
	return sc.take(webcare.FactEmail, i, 1)
}

// phone takes "+31 6 12345678", "06-1234 5678", "(020) 123 45 67", "0900-1234", "07700 900123".
func (sc *scanner) phone(i int) (found, int) {
	s, start := sc.s, sc.words[i].Start
	if c := s[start]; c != '+' && c != '0' && c != '(' || i > 0 && sc.adjacent(i-1) && sc.words[i-1].Norm != "(" && sc.words[i-1].Norm != ":" {
		return found{}, 0
	}
	end, digits, gaps := start, 0, 0
	for at := start; at < len(s) && digits < 15; at++ {
		c := s[at]
		switch {
		case isDigit(rune(c)):
			digits++
			end = at + 1
			gaps = 0
		case c == '+' && at == start:
		case strings.IndexByte(" -.()/", c) >= 0 && gaps < 2:
			gaps++
		default:
			at = len(s)
		}
	}
	text := s[start:end]
	if !isPhone(text, digits) || end < len(s) && startsWord(s, end) {
		return found{}, 0
	}
	return sc.takeBytes(webcare.FactPhone, i, end)
}

func isPhone(s string, digits int) bool {
	bare := strings.Map(func(r rune) rune {
		if isDigit(r) || r == '+' {
			return r
		}
		return -1
	}, s)
	switch {
	case strings.HasPrefix(bare, "+"):
		return digits >= 10 && digits <= 15
	case strings.HasPrefix(bare, "0900"), strings.HasPrefix(bare, "0800"), strings.HasPrefix(bare, "0906"), strings.HasPrefix(bare, "088"), strings.HasPrefix(bare, "085"):
		return digits == 8 || digits == 10 || digits == 11
	case strings.HasPrefix(bare, "00"):
		return digits >= 11 && digits <= 15
	case strings.HasPrefix(bare, "0"):
		// A date such as 03-05-2024 has eight digits and two equal signs.
		return digits >= 9 && digits <= 11
	}
	return false
}

// amount takes "€ 12,50", "12,50 euro", "£40", "90 cent", "EUR 40", "twaalf euro", "29,95".
func (sc *scanner) amount(i int) (found, int) {
	w := sc.words[i]
	if isCurrencySign(w.Norm) || w.Norm == "eur" || w.Norm == "gbp" || w.Norm == "usd" {
		if sc.kind(i+1) == KindNumber {
			if sc.is(i+2, isScale) {
				return sc.amountTail(i, 3)
			}
			return sc.amountTail(i, 2)
		}
		return found{}, 0
	}
	if w.Kind != KindNumber && !sc.is(i, isNumber) {
		return found{}, 0
	}
	next := i + 1
	if sc.is(next, isScale) && (sc.is(next+1, isCurrency) || isCurrencySign(sc.norm(next+1))) {
		return sc.take(webcare.FactAmount, i, 3)
	}
	if sc.is(next, isNumber) && sc.is(next+1, isCurrency) && !sc.is(i, isArticle) {
		next++ // "twenty five pounds"
	}
	switch {
	case isCurrencySign(sc.norm(next)), sc.is(next, isCurrency):
		if sc.is(i, isArticle) && w.Kind == KindWord && w.Norm != "een" {
			return found{}, 0
		}
		return sc.amountTail(i, next-i+1)
	case w.Kind == KindNumber && isPrice(w.Norm) && !sc.is(next, isHour|isUnit|isMinute|isLongUnit) && !sc.is(i-1, isTimeCue):
		return sc.amountTail(i, 1)
	case w.Kind == KindNumber && (strings.HasSuffix(w.Norm, "euro") || strings.HasSuffix(w.Norm, "eur")) && sc.kind(i) == KindNumber:
		return sc.take(webcare.FactAmount, i, 1)
	}
	return found{}, 0
}

// amountTail adds ",-" and "p/m" or "per maand" behind an amount.
func (sc *scanner) amountTail(i, n int) (found, int) {
	if sc.norm(i+n) == "," && sc.adjacent(i+n-1) && sc.norm(i+n+1) == "-" && sc.adjacent(i+n) {
		n += 2
	}
	return sc.take(webcare.FactAmount, i, n)
}

func isCurrencySign(s string) bool { return s == "€" || s == "£" || s == "$" }

// isPrice holds for a number with two decimals behind a comma, "29,95", or a dot, "29.95".
func isPrice(s string) bool {
	at := strings.LastIndexAny(s, ",.")
	if at <= 0 || len(s)-at != 3 || strings.Count(s, ".") > 1 {
		return false
	}
	for _, r := range s {
		if !isDigit(r) && r != ',' && r != '.' {
			return false
		}
	}
	if s[at] == '.' && at <= 2 && s[at+1] <= '5' && len(s) <= 5 {
		return false // "14.00" may be a time
	}
	return true
}

// reference takes numbers that name an order, customer, contract, case, flight or car.
func (sc *scanner) reference(i int) (found, int) {
	if f, n := sc.plate(i); n > 0 {
		return f, n
	}
	if sc.is(i, isReferenceCue) {
		return sc.afterCue(i)
	}
	w := sc.words[i]
	if w.Norm == "#" && sc.adjacent(i) && sc.kind(i+1) == KindNumber || w.Kind == KindHashtag && strings.Trim(w.Norm, "0123456789") == "" && len(w.Norm) >= 4 {
		if w.Kind == KindHashtag {
			return sc.take(webcare.FactNumber, i, 1)
		}
		return sc.take(webcare.FactNumber, i, 2)
	}
	if digits := countDigits(w.Norm); w.Kind == KindCode && isReferenceCode(w.Norm, digits) || w.Kind == KindNumber && digits >= 6 && isReferenceNumber(w.Norm, digits) {
		f, n := sc.take(webcare.FactNumber, i, 1)
		if isFlight(w.Norm) {
			f.detail = flight
		}
		return f, n
	}
	return found{}, 0
}

// afterCue takes the number in "ordernummer: 4812", "case no. AB-12", "dossier 12 34 56".
func (sc *scanner) afterCue(i int) (found, int) {
	at := i + 1
	for at < len(sc.words) && at < i+4 && (sc.is(at, isReferenceGlue) || strings.Contains(":.#-(=", sc.norm(at))) && sc.kind(at) != KindNumber {
		at++
	}
	k := sc.kind(at)
	if k != KindNumber && k != KindCode || countDigits(sc.norm(at)) < 3 || isPrice(sc.norm(at)) && at == i+1 {
		return found{}, 0
	}
	if sc.is(at+1, isMonth|isHour|isMinute|isLongUnit|isCurrency) || sc.norm(at-1) == "-" && !sc.adjacent(at-1) || isYear(sc.norm(at)) {
		return found{}, 0
	}
	end := at + 1
	for end < len(sc.words) && end < at+5 && (sc.norm(end) == "-" || sc.norm(end) == "/" || sc.norm(end) == ".") && sc.adjacent(end-1) && sc.adjacent(end) && countDigits(sc.norm(end+1)) > 0 {
		end += 2
	}
	for end < at+6 && sc.kind(end) == KindNumber && len(sc.norm(end)) >= 2 && countDigits(sc.norm(end)) == len(sc.norm(end)) && !sc.is(end+1, isMonth|isHour|isMinute|isLongUnit|isCurrency) && sc.spaced(end) {
		end++
	}
	f, _ := sc.take(webcare.FactNumber, at, end-at)
	if cue := sc.norm(i); cue == "vlucht" || cue == "flight" || cue == "vluchtnummer" {
		f.detail = flight
	}
	return f, end - i
}

// spaced reports whether one space alone stands between words i-1 and i.
func (sc *scanner) spaced(i int) bool {
	return sc.words[i].Start-sc.words[i-1].End == 1 && sc.s[sc.words[i-1].End] == ' '
}

func isReferenceCode(s string, digits int) bool {
	return digits >= 3 && len(s) >= 5 || digits >= 2 && len(s) >= 6 && strings.Contains(s, "-")
}

// isReferenceNumber holds for a long number that is neither a date nor grouped thousands.
func isReferenceNumber(s string, digits int) bool {
	for _, r := range s {
		if !isDigit(r) && r != '-' && r != '.' && !(r >= 'a' && r <= 'z') {
			return false
		}
	}
	if strings.Contains(s, ".") {
		return digits >= 8
	}
	return strings.Count(s, "-") < 2 || digits > 8
}

func isFlight(s string) bool {
	return len(s) >= 5 && len(s) <= 6 && isLetterByte(s[0]) && (isLetterByte(s[1]) || isDigit(rune(s[1]))) && countDigits(s[2:]) == len(s)-2
}

func isYear(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
}

// plate takes Dutch registration numbers: three groups of letters or digits
// with dashes, six signs in all ("RX-123-K", "12-ABC-3").
func (sc *scanner) plate(i int) (found, int) {
	w := sc.words[i]
	if w.Kind != KindCode && w.Kind != KindNumber || len(w.Norm) != 8 || strings.Count(w.Norm, "-") != 2 {
		return found{}, 0
	}
	digits, groups := countDigits(w.Norm), strings.Split(w.Norm, "-")
	if digits == 0 || digits == 6 {
		return found{}, 0
	}
	for _, g := range groups {
		if n := countDigits(g); n != 0 && n != len(g) || len(g) == 0 || len(g) > 3 {
			return found{}, 0
		}
	}
	f, n := sc.take(webcare.FactNumber, i, 1)
	f.detail = plate
	return f, n
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(rune(s[i])) {
			n++
		}
	}
	return n
}
