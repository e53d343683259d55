package draft

import (
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// What the triage only guesses is not asserted: a fluent apology for the wrong
// thing is worse than the customer's own words and "I will look into it".

// guess is the score under which a friction is one. A friction without a score
// comes from a person.
const guess = 0.55

// wildGuess is the score under which not even a word that fits bears it out.
const wildGuess = 0.5

// guessed reports whether a friction may not be asserted on the triage's word
// alone.
func (r *reading) guessed(f webcare.Friction) bool {
	return f.Score > 0 && f.Score < guess || r.cameAfterAll(f)
}

// cameAfterAll: what came late did come. Nobody need be told where it is.
func (r *reading) cameAfterAll(f webcare.Friction) bool {
	if f.Type != webcare.Late {
		return false
	}
	for _, span := range r.spans(f) {
		s := r.stretchOf(span.Start, span.End)
		if !arrivedForm.MatchString(s.plain) || notArrivedForm.MatchString(s.plain) {
			return false
		}
	}
	return true
}

var (
	arrivedForm    = lazily(`\b(kwam|kwamen|arriveerde|arriveerden|werd geserveerd|stond eindelijk|came|arrived|turned up|showed up|was served)\b`)
	notArrivedForm = lazily(`\b(niet|niemand|nooit|nog|geen|never|not|nobody|no one|didn't|hasn't|still|zou|zouden|should)\b`)
)

// borneOut reports whether the evidence of a friction holds one of the words
// by which it is known: then the customer says it, and not the triage alone.
func (r *reading) borneOut(f webcare.Friction) bool {
	if f.Score > 0 && f.Score < wildGuess {
		return false
	}
	sec := books[r.lang]()[string(f.Type)]
	if sec == nil {
		return false
	}
	for _, span := range r.spans(f) {
		s := r.stretchOf(span.Start, span.End)
		for _, p := range sec.lines {
			if p.keywords != nil && startsWord(s.plain, p.keywords) {
				return true
			}
		}
	}
	return false
}

// A complaint may be about somebody else's trouble: "mijn moeder wacht al
// drie weken". Then the apology is not for what happened to the writer.

var firstPerson = map[string]*pattern{
	"nl": lazily(`\b(ik|we|wij|mij|me|ons|'k)\b`),
	"en": lazily(`\b(i|we|me|us|i'm|i've|i'd|we're|we've)\b`),
}

var thirdPerson = map[string]*pattern{
	"nl": lazily(`\b(ze|zij|haar|hij|hem|zijn)\b`),
	"en": lazily(`\b(she|her|he|him|his)\b`),
}

// somebodyElse returns who it happened to, "[je|u] moeder", where the sentences
// of a stretch speak of somebody close to the customer and not of the writer.
func (r *reading) somebodyElse(from, to int) string {
	if r.kin == "" {
		return ""
	}
	for i, s := range r.sents {
		if s.Start >= to || s.End <= from {
			continue
		}
		told := strings.ToLower(s.Text)
		if i > 0 && goesOn.MatchString(told) { // "Daarna werd de verbinding verbroken."
			told = strings.ToLower(r.sents[i-1].Text) + " " + told
		}
		if firstPerson[r.lang].MatchString(told) || !relationForm[r.lang].MatchString(told) && !thirdPerson[r.lang].MatchString(told) {
			return ""
		}
	}
	return map[string]string{"nl": "[je|uw] ", "en": "your "}[r.lang] + r.kin
}

// spokenFor is somebody close whom the customer tells about, "" where there is
// none, or where it is the one they lost.
func (r *reading) spokenFor() string {
	who := relationForm[r.lang]
	if who == nil {
		return ""
	}
	m := who.FindStringSubmatch(r.plain)
	if m == nil || r.deceased() != "" {
		return ""
	}
	return m[1]
}

var goesOn = lazily(`^(daarna|toen|vervolgens|en|then|after that|afterwards|and)\b`)

// inNeed is whom a signal of need is about: somebody close whom the customer
// speaks for, else "".
func (r *reading) inNeed(main clause) string {
	if main.who != "" {
		return main.who
	}
	if r.kin == "" {
		return ""
	}
	who := dependent[r.lang].FindStringSubmatch(r.plain)
	if who == nil {
		return ""
	}
	return brand.Address(map[string]string{"nl": "[je|uw] ", "en": "your "}[r.lang]+who[1], r.register)
}

var dependent = map[string]*pattern{
	"nl": lazily(`\b(?:mijn|m'n|onze) (vader|moeder|zoon|zoontje|dochter|dochtertje|opa|oma|buurvrouw|buurman|kind)\b`),
	"en": lazily(`\b(?:my|our) (father|dad|mother|mum|mom|son|daughter|grandfather|grandmother|gran|neighbour|child)\b`),
}

// Verbs that change with the person, at the end of a Dutch clause or behind
// the English subject.
var thirdForms = map[string]map[string]string{
	"nl": {"hebt": "heeft", "bent": "is", "kunt": "kan", "wilt": "wil", "zult": "zal"},
	"en": {"were": "was", "are": "is", "have": "has", "do": "does"},
}

var sameInThird = words("was had got could did never received waited paid spent heard found lost has is does only still")

// retold puts somebody else in the place of "je" or "you"; ok is false where
// the clause speaks of the writer in another way too.
func retold(clause, who, lang string) (string, bool) {
	list := strings.Fields(clause)
	you := 0
	for i, w := range list {
		switch strings.Trim(w, ",.") {
		case "je", "jij", "jou", "jouw", "u", "uw", "you", "your":
			if i > 0 {
				return "", false
			}
			you++
		}
	}
	if you == 0 {
		return clause, true
	}
	if list[0] == "jouw" || list[0] == "uw" || list[0] == "your" {
		return "", false
	}
	if lang == "en" && len(list) > 1 {
		if form, ok := thirdForms[lang][list[1]]; ok {
			list[1] = form
		} else if !sameInThird[list[1]] {
			return "", false
		}
	}
	if lang == "nl" {
		for i, w := range list {
			if form, ok := thirdForms[lang][w]; ok {
				list[i] = form
			}
		}
	}
	list[0] = who
	return strings.Join(list, " "), true
}
