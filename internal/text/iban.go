package text

import "strings"

// ibanLength gives the length of an IBAN per country; source: SWIFT's IBAN
// registry (ISO 13616), the countries a Dutch customer is likely to write.
func ibanLength(country string) int {
	const table = "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 TR26 "
	i := strings.Index(table, country)
	if i < 0 || i%5 != 0 || len(country) != 2 {
		return 0
	}
	return int(table[i+2]-'0')*10 + int(table[i+3]-'0')
}

// ValidIBAN reports whether s, spaces left out, is an account number with the
// length of its country and check digits that add up (ISO 7064, mod 97).
func ValidIBAN(s string) bool {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", ".", "").Replace(s))
	if len(s) < 15 || ibanLength(s[:2]) != len(s) {
		return false
	}
	mod := 0
	for i := range len(s) {
		c := s[(i+4)%len(s)]
		switch {
		case c >= '0' && c <= '9':
			mod = (mod*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			mod = (mod*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return mod == 1
}

// ibanEnd returns the end of an account number that begins at s[i], spaces and
// dots between its groups allowed, or 0; and whether its check digits are right.
func ibanEnd(s string, i int) (end int, valid bool) {
	if i+15 > len(s) || !isLetterByte(s[i]) || !isLetterByte(s[i+1]) || !isDigit(rune(s[i+2])) {
		return 0, false
	}
	want := ibanLength(strings.ToUpper(s[i : i+2]))
	if want == 0 {
		return 0, false
	}
	have := 0
	end = i
	for end < len(s) && have < want {
		c := s[end]
		switch {
		case isLetterByte(c) || isDigit(rune(c)):
			have++
		case c != ' ' && c != '.':
			return 0, false
		}
		end++
	}
	if have < want {
		return 0, false
	}
	return end, ValidIBAN(s[i:end])
}

func isLetterByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
