package draft

import (
	"strconv"
	"strings"

	"webcare.example/responder/internal/text"
)

// stating are the words that state a number, a day, a month or a moment,
// whatever their form: "drie" is 3, "wkn" are weeks, "ma" is no word of its own.
var stating = map[string]string{
	"twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6", "zeven": "7", "acht": "8", "negen": "9", "tien": "10", "elf": "11", "twaalf": "12",
	"veertien": "14", "vijftien": "15", "twintig": "20", "dertig": "30", "veertig": "40", "vijftig": "50", "honderd": "100", "duizend": "1000",
	"two": "2", "twice": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
	"twelve": "12", "fourteen": "14", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100", "thousand": "1000",
	"maandag": "mon", "dinsdag": "tue", "woensdag": "wed", "donderdag": "thu", "vrijdag": "fri", "zaterdag": "sat", "zondag": "sun",
	"maandagochtend": "mon", "vrijdagmiddag": "fri", "monday": "mon", "tuesday": "tue", "wednesday": "wed", "thursday": "thu", "friday": "fri",
	"saturday": "sat", "sunday": "sun",
	"januari": "january", "februari": "february", "maart": "march", "juni": "june", "juli": "july", "augustus": "august", "oktober": "october",
	"january": "january", "february": "february", "march": "march", "april": "april", "june": "june", "july": "july", "august": "august",
	"september": "september", "october": "october", "november": "november", "december": "december",
	"vandaag": today, "today": today, "vanmiddag": today, "vanochtend": today, "tonight": today, "vanavond": today,
	"morgen": "tomorrow", "tomorrow": "tomorrow", "overmorgen": "overmorgen",
}

// today is told apart from other moments only where we say when we act:
// customers' yesterday's "vandaag" is nobody's promise.
const today = "today"

// homonyms are number words of one language that are other words in the other.
var homonyms = map[string]string{"ten": "en", "elf": "nl", "acht": "nl"}

// monthNames for dates in figures.
var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// addTokens adds what s states: numbers in one form ("€ 1.146,50" is 114650,
// "14:00" is 14), days and months by name.
func addTokens(set map[string]bool, s, lang string) {
	for token := range tokensOf(s, lang) {
		set[token] = true
	}
	for _, f := range text.Facts(s, "") {
		addMonth(set, f.Text)
	}
}

func tokensOf(s, lang string) map[string]bool {
	out := map[string]bool{}
	for _, w := range text.Words(s) {
		switch w.Kind {
		case text.KindLink, text.KindEmail, text.KindMark, text.KindEmoji:
			continue
		}
		if token, ok := stating[w.Norm]; ok {
			if only := homonyms[w.Norm]; only == "" || only == lang {
				out[token] = true
			}
			continue
		}
		for _, m := range numberForm.FindAllString(w.Norm, -1) {
			out[plainNumber(m)] = true
		}
	}
	return out
}

// plainNumber writes a number without separators, and without decimals or
// minutes that are nought.
func plainNumber(s string) string {
	s = strings.TrimRight(s, ".,")
	for _, nought := range []string{",00", ".00"} {
		s = strings.TrimSuffix(s, nought)
	}
	s = strings.NewReplacer(".", "", ",", "").Replace(s)
	if trimmed := strings.TrimLeft(s, "0"); trimmed != "" {
		return trimmed
	}
	return s
}

// addMonth adds the month of a date in figures: "12-03-2026" names March.
func addMonth(set map[string]bool, date string) {
	parts := strings.FieldsFunc(date, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(parts) < 2 {
		return
	}
	for _, p := range parts[:2] {
		if n, err := strconv.Atoi(p); err == nil && n >= 1 && n <= 12 {
			set[monthNames[n-1]] = true
		}
	}
}
