package text

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

// date takes "3 mei 2024", "May 3rd", "14/5", "12-05-2024", "dinsdag",
// "afgelopen donderdag", "week 12", "vorige week", "gisteren", "sinds zondag".
func (sc *scanner) date(i int) (found, int) {
	n := sc.dateWords(i)
	if n == 0 {
		return found{}, 0
	}
	return sc.take(webcare.FactDate, i, n)
}

func (sc *scanner) dateWords(i int) int {
	switch {
	case sc.is(i, isWeekday):
		n := 1
		if sc.is(i+n, isPart) {
			n++
		}
		more := i + n
		if sc.norm(more) == "," || sc.norm(more) == "the" {
			more++
		}
		if m := sc.monthDate(more); m > 0 {
			n = more - i + m
		}
		return n
	case sc.is(i, isDay):
		if sc.norm(i) == "morgen" && sc.norm(i-1) == "goede" || sc.norm(i) == "hier" {
			return 0
		}
		if sc.is(i+1, isPart) && !sc.is(i+1, isLongUnit) {
			return 2
		}
		return 1
	case sc.is(i, isLast):
		if sc.is(i+1, isWeekday) {
			return 1 + sc.dateWords(i+1)
		}
		if sc.is(i+1, isPart|isMonth) {
			return 2
		}
	case sc.norm(i) == "week" && sc.kind(i+1) == KindNumber && len(sc.norm(i+1)) <= 2:
		return 2
	case sc.is(i, isMonth):
		return sc.monthFirst(i)
	}
	return sc.monthDate(i)
}

// monthFirst takes "March 3rd, 2024", "March 2024", and "maart" alone where it is written out.
func (sc *scanner) monthFirst(i int) int {
	n := 1
	if k := sc.norm(i + 1); sc.kind(i+1) == KindNumber && countDigits(k) <= 2 && countDigits(k) > 0 && len(k) <= 4 {
		n++
	}
	if isYear(sc.norm(i + n)) {
		n++
	} else if sc.norm(i+n) == "," && isYear(sc.norm(i+n+1)) {
		n += 2
	}
	if n == 1 && len(sc.norm(i)) <= 3 && sc.norm(i) != "mei" {
		return 0
	}
	return n
}

// monthDate takes a date that begins with its day: "3 mei", "3rd of May", "14/5", "12-05-2024".
func (sc *scanner) monthDate(i int) int {
	if sc.kind(i) != KindNumber {
		if sc.is(i, isMayMonth) && sc.kind(i+1) == KindNumber && countDigits(sc.norm(i+1)) <= 2 {
			return sc.monthFirst(i)
		}
		return 0
	}
	w := sc.norm(i)
	if isNumericDate(w) {
		return 1
	}
	if sc.norm(i+1) == "/" && sc.adjacent(i) && sc.adjacent(i+1) && sc.kind(i+2) == KindNumber && isSmall(w, 31) && isSmall(sc.norm(i+2), 31) {
		if sc.norm(i+3) == "/" && sc.adjacent(i+2) && sc.kind(i+4) == KindNumber {
			return 5
		}
		return 3
	}
	at := i + 1
	if sc.norm(at) == "of" || sc.norm(at) == "." {
		at++
	}
	if countDigits(w) > 2 || !sc.is(at, isMonth|isMayMonth) {
		return 0
	}
	if isYear(sc.norm(at + 1)) {
		at++
	}
	return at + 1 - i
}

// isNumericDate holds for 12-05-2024, 12.05.24, 2024-05-12.
func isNumericDate(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '.' })
	if len(parts) != 3 {
		return false
	}
	for _, p := range parts {
		if countDigits(p) != len(p) || len(p) == 3 || len(p) > 4 {
			return false
		}
	}
	return (len(parts[0]) <= 2 || len(parts[2]) <= 2) && isSmall(parts[1], 12)
}

func isSmall(s string, most int) bool {
	if s == "" || len(s) > 2 {
		return false
	}
	n := 0
	for i := range len(s) {
		if !isDigit(rune(s[i])) {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n >= 1 && n <= most
}

// clock takes a time of day: "10:30", "17.00 uur", "om 9 uur", "8u", "3pm",
// "half negen", "kwart over zes".
func (sc *scanner) clock(i int) (found, int) {
	w := sc.words[i]
	switch {
	case w.Kind == KindNumber && isClockTime(w.Norm):
		n := 1
		if sc.is(i+1, isHour) || sc.norm(i+1) == "am" || sc.norm(i+1) == "pm" {
			n = 2
		} else if strings.Contains(w.Norm, ".") && !sc.is(i-1, isTimeCue) {
			return found{}, 0
		}
		return sc.take(webcare.FactTime, i, n)
	case w.Kind == KindNumber && isHourCode(w.Norm):
		if strings.HasSuffix(w.Norm, "m") || sc.is(i-1, isTimeCue|isDay|isWeekday) {
			return sc.take(webcare.FactTime, i, 1)
		}
	case w.Kind == KindNumber && isSmall(w.Norm, 24) && (sc.norm(i+1) == "am" || sc.norm(i+1) == "pm" || sc.norm(i+1) == "o'clock"):
		return sc.take(webcare.FactTime, i, 2)
	case (w.Kind == KindNumber && isSmall(w.Norm, 24) || sc.is(i, isNumber) && !sc.is(i, isArticle)) && sc.norm(i+1) == "uur" && sc.is(i-1, isTimeCue):
		return sc.take(webcare.FactTime, i, 2)
	case sc.norm(i) == "half" && sc.is(i+1, isNumber) && !sc.is(i+1, isArticle) && !sc.is(i+2, isLongUnit|isHour):
		return sc.take(webcare.FactTime, i, 2)
	case (sc.norm(i) == "kwart" || sc.norm(i) == "quarter" || sc.is(i, isNumber)) && (sc.norm(i+1) == "over" || sc.norm(i+1) == "voor" || sc.norm(i+1) == "past" || sc.norm(i+1) == "to") && sc.is(i+2, isNumber) && !sc.is(i+2, isArticle):
		return sc.take(webcare.FactTime, i, 3)
	}
	return found{}, 0
}

// isClockTime holds for 7:12 and 14.00, hours to 24 and two digits of minutes.
func isClockTime(s string) bool {
	at := strings.IndexAny(s, ":.")
	if at < 1 || at > 2 || len(s)-at != 3 || !isDigit(rune(s[at+1])) || !isDigit(rune(s[at+2])) {
		return false
	}
	return (isSmall(s[:at], 24) || s[:at] == "0" || s[:at] == "00") && s[at+1] <= '5'
}

// isHourCode holds for 8u, 11h, 8u30, 3pm.
func isHourCode(s string) bool {
	at := 0
	for at < len(s) && isDigit(rune(s[at])) {
		at++
	}
	if at == 0 || at > 2 || at == len(s) {
		return false
	}
	rest := s[at:]
	return rest == "u" || rest == "h" || rest == "am" || rest == "pm" || rest == "uur" || len(rest) == 3 && (rest[0] == 'u' || rest[0] == 'h') && countDigits(rest) == 2
}

// duration takes "50 min", "anderhalf uur", "drie weken", "een maand", "40min", "half an hour".
func (sc *scanner) duration(i int) (found, int) {
	const unit = isMinute | isHour | isLongUnit
	w := sc.words[i]
	if w.Kind == KindNumber && isDurationCode(w.Norm) {
		return sc.take(webcare.FactDuration, i, 1)
	}
	if sc.is(i, isHalf) {
		if sc.is(i+1, unit) {
			return sc.take(webcare.FactDuration, i, 2)
		}
		if sc.is(i+1, isArticle) && sc.is(i+2, unit) {
			return sc.take(webcare.FactDuration, i, 3)
		}
	}
	if w.Kind != KindNumber && !sc.is(i, isNumber) {
		return found{}, 0
	}
	at := i + 1
	for at < i+4 && (sc.is(at, isHalf|isNumber) || sc.kind(at) == KindNumber || sc.norm(at) == "tot" || sc.norm(at) == "to" || sc.norm(at) == "-" || sc.norm(at) == "a" || sc.norm(at) == "of" || sc.norm(at) == "hele" || sc.norm(at) == "volle" || sc.norm(at) == "full" || sc.norm(at) == "whole" || sc.norm(at) == "good" || sc.norm(at) == "goed" || sc.norm(at) == "klein" || sc.norm(at) == "dik") && !sc.is(at, unit) {
		at++
	}
	if !sc.is(at, unit) || w.Kind == KindWord && sc.norm(at) == "u" || sc.norm(at) == "h" && at == i+1 && w.Kind == KindWord || sc.norm(at) == "an" {
		return found{}, 0
	}
	return sc.take(webcare.FactDuration, i, at+1-i)
}

func isDurationCode(s string) bool {
	at := 0
	for at < len(s) && (isDigit(rune(s[at])) || s[at] == ',' || s[at] == '.') {
		at++
	}
	switch s[at:] {
	case "min", "mins", "minuten", "uur", "hrs", "hr", "weken", "dagen", "wk", "mnd", "hours", "days", "weeks", "u", "h", "d":
		return at > 0
	}
	return false
}
