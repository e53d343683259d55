package brand

import (
	"fmt"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

var weekdays = map[string][7]string{
	"nl": {"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

var months = map[string][12]string{
	"nl": {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// DateInWords says when something is due as a person says it, in the brand's
// time zone: "donderdag 26 november", "Thursday 26 November", with the year
// where it is another one than now's, and "vandaag voor 17.30 uur" on the day
// itself. It never says "morgen": a draft may be approved a day later.
func (b *Brand) DateInWords(t time.Time, lang string, now time.Time) string {
	t, now = t.In(b.Location()), now.In(b.Location())
	if lang != "nl" {
		lang = "en"
	}
	if sameDay(t, now) {
		if lang == "nl" {
			return "vandaag voor " + t.Format("15.04") + " uur"
		}
		if t.Hour() == 12 && t.Minute() == 0 {
			return "today before noon"
		}
		return "today before " + strings.Replace(t.Format("3:04 pm"), ":00 ", " ", 1)
	}
	words := fmt.Sprintf("%s %d %s", weekdays[lang][t.Weekday()], t.Day(), months[lang][t.Month()-1])
	if t.Year() != now.Year() {
		words += fmt.Sprintf(" %d", t.Year())
	}
	return words
}

// DueInWords is DateInWords with the word that makes it a limit: "uiterlijk
// donderdag 26 november", "by Thursday 26 November"; on the day itself
// "vandaag voor 17.30 uur".
func (b *Brand) DueInWords(t time.Time, lang string, now time.Time) string {
	words := b.DateInWords(t, lang, now)
	switch {
	case sameDay(t.In(b.Location()), now.In(b.Location())):
		return words
	case lang == "nl":
		return "uiterlijk " + words
	}
	return "by " + words
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// Money writes an amount in cents as the language does: "€ 12,50", "€12.50".
// Whole euros have no decimals.
func Money(cents int64, lang string) string {
	whole, part := cents/100, cents%100
	switch {
	case part == 0 && lang == "nl":
		return fmt.Sprintf("€ %d", whole)
	case part == 0:
		return fmt.Sprintf("€%d", whole)
	case lang == "nl":
		return fmt.Sprintf("€ %d,%02d", whole, part)
	}
	return fmt.Sprintf("€%d.%02d", whole, part)
}

// Channels with short replies, signed with initials.
var shortKinds = map[string]bool{"x": true, "bluesky": true, "mastodon": true}

// Sign returns the sign-off of an agent on a kind of channel: a letter's
// ending for mail, initials on short channels, else one line. It is an error
// of kind webcare.ErrInvalid where the agent has no name.
func (b *Brand) Sign(name, lang, kind string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return "", webcare.Invalidf("a reply is signed by a person, and no name is given")
	}
	s := b.SignOff[lang]
	form := s.Line
	switch {
	case shortKinds[kind]:
		form = s.Short
	case kind == "email":
		form = s.Letter
	}
	values := map[string]string{"name": name, "initials": Initials(name), "brand": b.Name}
	signed, _ := Fill(form, values)
	return strings.TrimRight(signed, "\n"), nil
}

// Initials of a name: "Noor de Vries" gives NV, "Noor" gives NO.
func Initials(name string) string {
	var initials []rune
	words := strings.Fields(name)
	for _, w := range words {
		r := []rune(w)
		if strings.ToUpper(string(r[:1])) == string(r[:1]) || len(words) == 1 {
			initials = append(initials, r[0])
		}
	}
	if len(words) == 1 {
		if r := []rune(words[0]); len(r) > 1 {
			initials = r[:2]
		}
	}
	if len(initials) == 0 {
		initials = []rune(words[0])[:1]
	}
	return strings.ToUpper(string(initials))
}
