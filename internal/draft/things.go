package draft

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// thing is something that a message is about, as the reply will call it.
type thing struct {
	say    string // "[je|uw] bank", "de trein", "our chatbot"
	the    string // with the plain article: "de bank"
	noun   string // without article
	class  string
	plural bool
	forms  []thing // what else the noun may be: a bathroom is bought or stayed in
	start  int     // byte offset in the message
}

// is reports whether the noun may be of one of the classes.
func (t thing) is(classes []string) bool {
	return slices.ContainsFunc(t.forms, func(f thing) bool { return slices.Contains(classes, f.class) })
}

// as returns the noun as one of the classes, in the order of the lexicon.
func (t thing) as(classes []string) thing {
	for _, f := range t.forms {
		if slices.Contains(classes, f.class) {
			f.start, f.forms = t.start, t.forms
			return f
		}
	}
	return t
}

// indefinite names one of its kind: "een brief", "an invoice".
func (t thing) indefinite(lang string) string {
	switch {
	case t.plural:
		return t.noun
	case lang == "nl":
		return "een " + t.noun
	case strings.ContainsAny(t.noun[:1], "aeiouAEIOU"):
		return "an " + t.noun
	}
	return "a " + t.noun
}

// classes are all that the noun may be.
func (t thing) classes() []string {
	var all []string
	for _, f := range t.forms {
		all = append(all, f.class)
	}
	return all
}

// entry is a noun of the lexicon.
type entry struct {
	class  string
	owner  byte // c customer, b brand, n neither
	gender string
}

var lexicons = map[string]func() map[string][]entry{
	"nl": sync.OnceValue(func() map[string][]entry { return readLexicon("phrases/things.nl.txt") }),
	"en": sync.OnceValue(func() map[string][]entry { return readLexicon("phrases/things.en.txt") }),
}

func readLexicon(name string) map[string][]entry {
	words := map[string][]entry{}
	for line := range strings.Lines(mustRead(name)) {
		head, nouns, ok := strings.Cut(line, ":")
		fields := strings.Fields(head)
		if !ok || len(fields) != 3 || fields[0] == "#" {
			continue
		}
		e := entry{class: fields[0], owner: fields[1][0], gender: fields[2]}
		for noun := range strings.FieldsSeq(nouns) {
			key := text.Normal(noun)
			words[key] = append(words[key], e)
		}
	}
	return words
}

// findThings returns what the message is about, in order.
func findThings(message, lang string, words []text.Word, facts []webcare.Fact) []thing {
	lexicon := lexicons[lang]()
	figures := sayingsIn(message, lang)
	var found []thing
	for i := 0; i < len(words); i++ {
		w := words[i]
		if w.Kind != text.KindWord || inAny(figures, w.Start) || atIt(words, i, lang) {
			continue
		}
		entries, end := lookup(lexicon, lang, message, words, i)
		if len(entries) == 0 || i > 0 && notThings[words[i-1].Norm+" "+w.Norm] {
			continue
		}
		t := newThing(message[w.Start:words[end].End], lang, entries, owner(words, i, lang))
		t.start = w.Start
		found = append(found, t)
		i = end
	}
	return append(found, models(message, lang, facts, found)...)
}

// lookup finds the noun that starts at word i and its last word: two words
// joined ("washing machine"), the word itself, or what it ends in.
func lookup(lexicon map[string][]entry, lang, message string, words []text.Word, i int) ([]entry, int) {
	w := words[i]
	if i+1 < len(words) && words[i+1].Start == w.End+1 && message[w.End] == ' ' {
		if e, ok := lexicon[w.Norm+"-"+words[i+1].Norm]; ok {
			return e, i + 1
		}
	}
	if e, ok := lexicon[w.Norm]; ok {
		return e, i
	}
	if e := otherNumber(lexicon, lang, w.Norm); e != nil || lang != "nl" {
		return e, i
	}
	return compound(lexicon, w.Norm), i
}

// otherNumber finds the plural of a singular in the lexicon, or the singular
// of a plural: "tyre", "lampen".
func otherNumber(lexicon map[string][]entry, lang, word string) []entry {
	if lang == "en" {
		if e, ok := lexicon[word+"s"]; ok {
			return as(e, "s")
		}
	}
	for _, ending := range map[string][]string{"nl": {"en", "s"}, "en": {"s", "es"}}[lang] {
		base, ok := strings.CutSuffix(word, ending)
		if e, known := lexicon[base]; ok && known && len(base) >= 4 {
			return as(e, "pl")
		}
	}
	return nil
}

// as returns the entries with another gender or number.
func as(entries []entry, gender string) []entry {
	out := slices.Clone(entries)
	for i := range out {
		out[i].gender = gender
	}
	return out
}

// compound reads a Dutch compound by its last part, and a diminutive by what
// it makes small: "eettafel" is a tafel, "tv-kastje" a kast with article het.
func compound(lexicon map[string][]entry, word string) []entry {
	if falseParts[word] {
		return nil
	}
	for cut := 2; cut <= len(word)-4; cut++ {
		if e, ok := lexicon[word[cut:]]; ok && !noHead[word[cut:]] {
			return e
		}
	}
	for _, ending := range []string{"tje", "pje", "je"} {
		base, ok := strings.CutSuffix(word, ending)
		if !ok || len(base) < 3 {
			continue
		}
		e, exact := lexicon[base]
		for cut := 2; !exact && cut <= len(base)-4; cut++ {
			e, exact = lexicon[base[cut:]]
			exact = exact && !noHead[base[cut:]]
		}
		if exact {
			return as(e, "het")
		}
	}
	return nil
}

// Words that end like a noun of the lexicon but are none of its kind.
var falseParts = words("antwoordapparaat beantwoordapparaat handleiding uitkomst verplicht plattegrond stopwoord opbrengst begin")

// Nouns whose letters end many other words: "storing" is no ring, "geloven" no oven.
var noHead = words("ring tent lade heer oven hulp eten gang licht lening arts pers plan lift reis mail bier trap dame vis post brief park kind tas les ")

// owner says whose thing it is where the customer says so: "mijn trein",
// "your driver".
func owner(words []text.Word, i int, lang string) byte {
	for back := 1; back <= 2 && i-back >= 0; back++ {
		w := words[i-back]
		if back == 2 && articles[words[i-1].Norm] {
			return 0 // "bij jullie een stoel" is not ours
		}
		switch w.Norm {
		case "mijn", "m'n", "mn", "onze", "ons", "my", "our", "me":
			if lang == "nl" || w.Norm != "me" {
				return 'c'
			}
		case "jullie", "uw", "your":
			return 'b'
		case "zijn", "haar", "hun", "his", "her", "their":
			return 'n'
		}
		if w.Kind == text.KindMark {
			break
		}
	}
	return 0
}

var articles = map[string]bool{"een": true, "de": true, "het": true, "a": true, "an": true, "the": true, "n": true}

func newThing(surface, lang string, entries []entry, said byte) thing {
	noun := plainCase(surface)
	var forms []thing
	for _, e := range entries {
		whose := e.owner
		if said != 0 {
			whose = said
		}
		forms = append(forms, thing{noun: noun, class: e.class, plural: e.gender == "pl",
			say: article(lang, whose, e.gender) + " " + noun, the: article(lang, 'n', e.gender) + " " + noun})
	}
	t := forms[0]
	t.forms = forms
	return t
}

// sayings are figures of speech by language, in lower case.
var sayings = map[string]func() []string{
	"nl": sync.OnceValue(func() []string { return readSayings("phrases/sayings.nl.txt") }),
	"en": sync.OnceValue(func() []string { return readSayings("phrases/sayings.en.txt") }),
}

func readSayings(name string) []string {
	var list []string
	for line := range strings.Lines(mustRead(name)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}

// sayingsIn returns where the sayings stand. A message whose letters change
// length in lower case keeps its things.
func sayingsIn(message, lang string) [][]int {
	low := strings.ToLower(message)
	if len(low) != len(message) || sayings[lang] == nil {
		return nil
	}
	var found [][]int
	for _, s := range sayings[lang]() {
		if at := strings.Index(low, s); at >= 0 {
			found = append(found, []int{at, at + len(s)})
		}
	}
	return found
}

func inAny(spans [][]int, at int) bool {
	return slices.ContainsFunc(spans, func(s []int) bool { return at >= s[0] && at < s[1] })
}

// atIt holds for what people stand at or hang on: "staff at the desk" complains
// of staff, "aan de telefoon" of a call.
func atIt(words []text.Word, i int, lang string) bool {
	if i < 2 {
		return false
	}
	switch words[i-2].Norm + " " + words[i-1].Norm {
	case "at the", "behind the":
		return lang == "en" && sitsAt[words[i].Norm]
	case "aan de", "aan het", "achter de", "achter het":
		return lang == "nl" && sitsAt[words[i].Norm]
	}
	return false
}

var sitsAt = words("desk bureau tafel telefoon lijn table phone door deur computer scherm screen bar")

// Pairs of words whose second is not what the message is about.
var notThings = map[string]bool{"help desk": true, "emergency desk": true, "front desk": true, "service desk": true, "support desk": true,
	"halve meter": true, "een uur": true, "in orde": true, "op tafel": true, "next door": true, "in bed": true}

func article(lang string, whose byte, gender string) string {
	switch {
	case lang == "en" && whose == 'c':
		return "your"
	case lang == "en" && whose == 'b':
		return "our"
	case lang == "en":
		return "the"
	case whose == 'c':
		return "[je|uw]"
	case whose == 'b' && gender == "het":
		return "ons"
	case whose == 'b':
		return "onze"
	case gender == "het":
		return "het"
	}
	return "de"
}

// plainCase writes a noun as it stands inside a sentence: "Koelkast" becomes
// "koelkast", "WOZ-brief" stays.
func plainCase(noun string) string {
	runes := []rune(noun)
	upper := 0
	for _, r := range runes {
		if unicode.IsUpper(r) {
			upper++
		}
	}
	if upper == 1 && unicode.IsUpper(runes[0]) || upper == len(runes) && len(runes) > 3 {
		return strings.ToLower(noun)
	}
	return noun
}

// models are products that the customer calls by their name: "SlimBox 4".
func models(message, lang string, facts []webcare.Fact, known []thing) []thing {
	var found []thing
	for _, f := range facts {
		if f.Kind != webcare.FactProduct || !looksLikeModel(f.Text) || f.Start == 0 {
			continue
		}
		if slices.ContainsFunc(known, func(t thing) bool { return t.start >= f.Start && t.start < f.End }) {
			continue
		}
		m := newThing(f.Text, lang, []entry{{"goods", 'c', "de"}, {"device", 'c', "de"}, {"tool", 'c', "de"}}, 0)
		m.start = f.Start
		found = append(found, m)
	}
	return found
}

// looksLikeModel holds for "SlimBox 4" and "KettlePro", not for "Day 6".
func looksLikeModel(name string) bool {
	first, _, _ := strings.Cut(name, " ")
	inner := strings.IndexFunc(first[min(1, len(first)):], unicode.IsUpper) >= 0
	return inner && strings.IndexFunc(first, unicode.IsLower) >= 0
}
