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
	say     string // "[je|uw] bank", "de trein", "our chatbot"
	noun    string // without article
	plural  bool
	classes []string
	start   int // byte offset in the message
	named   bool
}

func (t thing) is(classes []string) bool {
	return slices.ContainsFunc(t.classes, func(c string) bool { return slices.Contains(classes, c) })
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
	var found []thing
	for i := 0; i < len(words); i++ {
		w := words[i]
		if w.Kind != text.KindWord {
			continue
		}
		entries, end := lookup(lexicon, lang, message, words, i)
		if len(entries) == 0 {
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
	if lang != "nl" {
		return nil, i
	}
	return compound(lexicon, w.Norm), i
}

// compound reads a Dutch compound by its last part, and a diminutive by what
// it makes small: "eettafel" is a tafel, "tv-kastje" a kast with article het.
func compound(lexicon map[string][]entry, word string) []entry {
	for cut := 2; cut <= len(word)-4; cut++ {
		if e, ok := lexicon[word[cut:]]; ok && !falseParts[word] {
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
		}
		if exact {
			small := slices.Clone(e)
			for i := range small {
				small[i].gender = "het"
			}
			return small
		}
	}
	return nil
}

// Words that end like a noun of the lexicon but are none of its kind.
var falseParts = map[string]bool{"eerlijk": true, "boetiek": true, "antwoordapparaat": true, "kantoortijd": true, "probleem": true,
	"bedankt": true, "verdiend": true, "oorzaak": true, "bestaande": true, "ademhaling": true, "compensatie": true, "aangetekende": true}

// owner says whose thing it is where the customer says so: "mijn trein",
// "your driver".
func owner(words []text.Word, i int, lang string) byte {
	for back := 1; back <= 2 && i-back >= 0; back++ {
		w := words[i-back]
		switch w.Norm {
		case "mijn", "m'n", "mn", "onze", "ons", "my", "our", "me":
			if lang == "nl" || w.Norm != "me" {
				return 'c'
			}
		case "jullie", "uw", "your":
			return 'b'
		}
		if w.Kind == text.KindMark {
			break
		}
	}
	return 0
}

func newThing(surface, lang string, entries []entry, whose byte) thing {
	t := thing{noun: plainCase(surface), named: true}
	for _, e := range entries {
		t.classes = append(t.classes, e.class)
	}
	e := entries[0]
	if whose == 0 {
		whose = e.owner
	}
	t.plural = e.gender == "pl"
	t.say = article(lang, whose, e.gender) + " " + t.noun
	return t
}

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
		found = append(found, thing{say: article(lang, 'c', "de") + " " + f.Text, noun: f.Text,
			classes: []string{"goods", "device", "tool"}, start: f.Start, named: true})
	}
	return found
}

// looksLikeModel holds for "SlimBox 4" and "KettlePro", not for "Day 6".
func looksLikeModel(name string) bool {
	first, _, _ := strings.Cut(name, " ")
	inner := strings.IndexFunc(first[min(1, len(first)):], unicode.IsUpper) >= 0
	return inner && strings.IndexFunc(first, unicode.IsLower) >= 0
}
