package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// slots finds the customer's own details inside a stretch of the message and
// writes each so that it fits the phrases: duration "3 weken", since "sinds 8
// maart", on "op dinsdag 14 mei", count "drie keer".
func (r *reading) slots(from, to int) map[string]string {
	s := map[string]string{}
	put := func(name, value string) {
		if _, taken := s[name]; !taken && value != "" {
			s[name] = value
		}
	}
	stretch := r.text[from:to]
	window, windowAt := findWindow(stretch, r.lang)
	put("window", window)
	for i, f := range r.facts {
		if f.Start < from || f.End > to || inside(f.Start-from, windowAt) {
			continue
		}
		switch f.Kind {
		case webcare.FactDuration:
			r.putDuration(i, put)
		case webcare.FactDate:
			r.putDate(f, put)
		case webcare.FactTime:
			put("time", strings.ToLower(f.Text))
		case webcare.FactPlace:
			if !strings.ContainsAny(f.Text, "0123456789") && r.isPlace(f) {
				put("place", f.Text)
			}
		}
	}
	if r.days(from, to) > 1 {
		delete(s, "on") // which of them it happened on, nobody can tell
	}
	r.putAmounts(from, to, put)
	put("count", findCount(stretch, r.lang))
	put("tries", findFirst(triesForm[r.lang], stretch))
	put("distance", findFirst(distanceForm[r.lang], stretch))
	put("only", findOnly(stretch, r.lang))
	put("several", r.several(from, to))
	if m := relationForm[r.lang].FindStringSubmatch(text.Normal(stretch)); m != nil {
		put("who", map[string]string{"nl": "[je|uw] ", "en": "your "}[r.lang]+m[1])
	}
	return s
}

// days counts the different dates in a stretch.
func (r *reading) days(from, to int) int {
	seen := map[string]bool{}
	for _, f := range r.facts {
		if f.Kind == webcare.FactDate && f.Start >= from && f.End <= to {
			seen[text.Normal(f.Text)] = true
		}
	}
	return len(seen)
}

// several counts the people whom the customer names: "drie mensen".
func (r *reading) several(from, to int) string {
	if m := peopleForm[r.lang].FindString(r.text[from:to]); m != "" {
		return strings.ToLower(m)
	}
	names := map[string]bool{}
	for _, f := range r.facts {
		if f.Kind == webcare.FactName && f.Start >= from && f.End <= to {
			names[f.Text] = true
		}
	}
	numbers := map[string][]string{
		"nl": {"", "", "twee mensen", "drie mensen", "vier mensen", "vijf mensen", "zes mensen"},
		"en": {"", "", "two people", "three people", "four people", "five people", "six people"},
	}[r.lang]
	if len(names) >= len(numbers) {
		return ""
	}
	return numbers[len(names)]
}

var peopleForm = map[string]*pattern{
	"nl": lazily(`(?i)\b(?:\d{1,2}|` + dutchNumbers + `)(?: verschillende)? (?:mensen|personen|medewerkers|collega's|dames|heren)\b`),
	"en": lazily(`(?i)\b(?:\d{1,2}|` + englishNumbers + `)(?: different)? (?:people|persons|colleagues|agents|advisers|advisors)\b`),
}

// Somebody close to the customer, to whom it happened: "mijn zoon".
var relationForm = map[string]*pattern{
	"nl": lazily(`\b(?:mijn|m'n|onze) (man|vrouw|vader|moeder|zoon|zoontje|dochter|dochtertje|broer|zus|opa|oma|partner|vriend|vriendin|buurvrouw|buurman|kind)\b`),
	"en": lazily(`\b(?:my|our) (husband|wife|father|dad|mother|mum|mom|son|daughter|brother|sister|grandfather|grandmother|partner|boyfriend|girlfriend|neighbour|child)\b`),
}

func inside(at int, span []int) bool { return span != nil && at >= span[0] && at < span[1] }

// before returns the word before an offset in its normal form, after the one behind it.
func (r *reading) before(at int) string {
	i, _ := slices.BinarySearchFunc(r.words, at, func(w text.Word, at int) int { return w.Start - at })
	if i == 0 {
		return ""
	}
	return r.words[i-1].Norm
}

// beforeThat returns the word before that one.
func (r *reading) beforeThat(at int) string {
	i, _ := slices.BinarySearchFunc(r.words, at, func(w text.Word, at int) int { return w.Start - at })
	if i < 2 {
		return ""
	}
	return r.words[i-2].Norm
}

// Words between "na" and its duration.
var approximate = words("exact precies ruim bijna ongeveer zo'n circa zeker about almost nearly exactly roughly over around just only maar")

func (r *reading) after(at int) string {
	i, _ := slices.BinarySearchFunc(r.words, at, func(w text.Word, at int) int { return w.Start - at })
	if i == len(r.words) {
		return ""
	}
	return r.words[i].Norm
}

var (
	// A duration after these is not how long it took: "nog een maand", "within 24 hours".
	notElapsed = words("nog over van of binnen elke iedere per every another within in an next komende komend each further minstens wekelijks max maximaal al-na")
	// A duration before these is a moment: "2 weken geleden".
	notLasting = words("geleden terug ago oud old later eerder earlier jong")
	relative   = words("vandaag gisteren morgen vanochtend vanmorgen vanmiddag vanavond eergisteren overmorgen today yesterday tomorrow tonight deze this vorige last next volgende komende dit")
	monthWords = words("januari februari maart april mei juni juli augustus september oktober november december january february march may june july august october")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

func (r *reading) putDuration(i int, put func(name, value string)) {
	f := r.facts[i]
	before, after := r.before(f.Start), r.after(f.End)
	if before2 := r.beforeThat(f.Start); approximate[before] {
		before = before2
	}
	value := spellUnits(strings.ToLower(f.Text), r.lang)
	moneyBefore := i > 0 && r.facts[i-1].Kind == webcare.FactAmount && f.Start-r.facts[i-1].End <= 1
	switch {
	case moneyBefore || notElapsed[before] || notLasting[after] || strings.Contains(value, " tot ") || strings.Contains(value, "second"):
	case before == "na" || before == "after":
		put("after", before+" "+value)
	default:
		put("duration", value)
	}
}

var unitForms = map[string]*strings.Replacer{
	"nl": strings.NewReplacer(" minuten", " minuten", " min.", " minuten", " min", " minuten", " mnd", " maanden", " wkn", " weken", " wk", " weken", "kwartiertje", "kwartier", "uurtje", "uur"),
	"en": strings.NewReplacer(" minutes", " minutes", " mins", " minutes", " min", " minutes", " hrs", " hours", " wks", " weeks"),
}

func spellUnits(duration, lang string) string { return unitForms[lang].Replace(duration) }

func (r *reading) putDate(f webcare.Fact, put func(name, value string)) {
	value := f.Text
	first, _, _ := strings.Cut(text.Normal(value), " ")
	if relative[first] {
		return
	}
	value = strings.TrimSuffix(strings.TrimSuffix(value, "'s"), "’s")
	if r.lang == "nl" {
		value = strings.ToLower(value)
	}
	preposition := map[string]string{"nl": "op", "en": "on"}[r.lang]
	if monthWords[first] || first == "week" {
		preposition = "in"
	}
	switch r.before(f.Start) {
	case "sinds":
		put("since", "sinds "+value)
	case "since":
		put("since", "since "+value)
	case "tussen", "between", "en", "and", "of", "or", "tot", "to", "t":
	default:
		if len(first) > 2 || strings.ContainsAny(value, "0123456789") {
			put("on", preposition+" "+value)
		}
	}
}

var placeWords = words("in naar te to at near uit")

// isPlace holds where the text uses the word as a place.
func (r *reading) isPlace(f webcare.Fact) bool {
	if strings.IndexFunc(f.Text[1:], unicode.IsUpper) >= 0 && !strings.ContainsAny(f.Text, " -") {
		return false // a name written together, as companies do
	}
	if placeWords[r.before(f.Start)] {
		return true
	}
	i, _ := slices.BinarySearchFunc(r.words, f.Start, func(w text.Word, at int) int { return w.Start - at })
	if i == 0 {
		return false
	}
	w := r.words[i-1]
	first, _ := utf8.DecodeRuneInString(r.text[w.Start:])
	return w.Kind == text.KindHandle || w.Kind == text.KindWord && unicode.IsUpper(first)
}

var windowForms = map[string]*pattern{
	"nl": lazily(`(?i)\b(?:tussen|van)\s+(\d{1,2}(?:[.:]\d{2})?)(?:\s?u(?:ur)?)?\s+(?:en|tot)\s+(\d{1,2}(?:[.:]\d{2})?)(?:\s?u(?:ur)?\b)?|\b(\d{1,2}[.:]\d{2})\s*(?:-|–|tot)\s*(\d{1,2}[.:]\d{2})(?:\s?u(?:ur)?\b)?`),
	"en": lazily(`(?i)\b(?:between|from)\s+(\d{1,2}(?:[.:]\d{2})?\s?(?:am|pm)?)\s+(?:and|to|until|till)\s+(\d{1,2}(?:[.:]\d{2})?\s?(?:am|pm)?)\b|\b(\d{1,2}(?:[.:]\d{2})?\s?(?:am|pm)?)\s*(?:-|–|to)\s*(\d{1,2}(?:[.:]\d{2})?\s?(?:am|pm))\b`),
}

// findWindow finds a stretch of the day: "tussen 8 en 18 uur".
func findWindow(stretch, lang string) (string, []int) {
	m := windowForms[lang].FindStringSubmatchIndex(stretch)
	if m == nil {
		return "", nil
	}
	from, to := 2, 4
	if m[2] < 0 {
		from, to = 6, 8
	}
	a, b := strings.TrimSpace(stretch[m[from]:m[from+1]]), strings.TrimSpace(stretch[m[to]:m[to+1]])
	if lang == "nl" {
		return "tussen " + a + " en " + b + " uur", m[:2]
	}
	return "between " + a + " and " + b, m[:2]
}

const (
	dutchNumbers   = `twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig`
	englishNumbers = `two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty`
)

var (
	countForm = map[string]*pattern{
		"nl": lazily(`(?i)\b(\d{1,2}|` + dutchNumbers + `)\s?(?:x|keer|maal)\b`),
		"en": lazily(`(?i)\b(\d{1,2}|` + englishNumbers + `)\s?(?:x|times)\b|\btwice\b`),
	}
	triesForm = map[string]*pattern{
		"nl": lazily(`(?i)\b(?:\d{1,2}|` + dutchNumbers + `) (?:e-?mails?|mails|mailtjes|berichten|berichtjes|dm'?s|brieven|telefoontjes|verzoeken)\b`),
		"en": lazily(`(?i)\b(?:\d{1,2}|` + englishNumbers + `) (?:e-?mails|messages|dms|letters|calls|phone calls|requests)\b`),
	}
	distanceForm = map[string]*pattern{
		"nl": lazily(`(?i)\b(?:\d{1,3}|` + dutchNumbers + `) ?(?:km|kilometer)\b`),
		"en": lazily(`(?i)\b(?:\d{1,3}|` + englishNumbers + `) ?(?:km|kilometres|kilometers|miles)\b`),
	}
)

// findCount finds how often: "3x" becomes "3 keer".
func findCount(stretch, lang string) string {
	m := countForm[lang].FindStringSubmatch(stretch)
	switch {
	case m == nil:
		return ""
	case m[1] == "":
		return "twice"
	case lang == "nl":
		return strings.ToLower(m[1]) + " keer"
	}
	return strings.ToLower(m[1]) + " times"
}

func findFirst(form *pattern, stretch string) string {
	return strings.ToLower(form.FindString(stretch))
}

// Ways to reach us that a company imposes, and how a sentence says them.
var imposed = map[string][][2]string{
	"nl": {{"bellen", "de telefoon"}, {"telefonisch", "de telefoon"}, {"nummer", "de telefoon"}, {"telefoon", "de telefoon"}, {"app", "de app"},
		{"post", "de post"}, {"brief", "een brief"}, {"aangetekend", "een brief"}, {"aangetekende", "een brief"}, {"formulier", "een formulier"},
		{"balie", "de balie"}, {"loket", "het loket"}, {"online", "de website"}, {"website", "de website"}, {"site", "de website"},
		{"mail", "de mail"}, {"mailadres", "de mail"}, {"chat", "de chat"}, {"fax", "de fax"}},
	"en": {{"call", "the phone"}, {"phone", "the phone"}, {"telephone", "the phone"}, {"ring", "the phone"}, {"app", "the app"}, {"post", "the post"},
		{"letter", "a letter"}, {"form", "a form"}, {"counter", "the counter"}, {"branch", "the branch"}, {"online", "the website"},
		{"website", "the website"}, {"email", "email"}, {"fax", "a fax"}, {"chat", "the chat"}},
}

var onlyWords = words("alleen uitsluitend enkel slechts only solely exclusively")

// findOnly finds the one way that was left to the customer: after "alleen",
// else anywhere in the stretch.
func findOnly(stretch, lang string) string {
	all := text.Words(stretch)
	for start, w := range all {
		if onlyWords[w.Norm] {
			if way := firstWay(all[start:], lang); way != "" {
				return way
			}
		}
	}
	return firstWay(all, lang)
}

func firstWay(list []text.Word, lang string) string {
	for _, w := range list {
		for _, way := range imposed[lang] {
			if w.Norm == way[0] {
				return way[1]
			}
		}
	}
	return ""
}
