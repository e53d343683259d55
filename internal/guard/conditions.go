package guard

import (
	"strings"
)

// Illness, handicap and what comes with them, as classes of words: most names
// of illnesses end or begin in one of a few ways, and no list holds them all.

var conditionEndings = []string{"kanker", "ziekte", "aandoening", "stoornis", "allergie", "intolerantie", "infarct", "ontsteking", "vergiftiging", "syndroom",
	"sclerose", "artrose", "scoliose", "trombose", "fibrose", "psychose", "tumor", "embolie", "patient", "patiente", "fobie", "beperkt",
	"arthritis", "bronchitis", "hepatitis", "colitis", "dermatitis", "meningitis", "cystitis", "phobia", "disease", "syndrome", "klachten", "leukemie", "anemie"}

var conditionHeads = []string{"diabet", "diabeet", "suikerziek", "epilep", "reuma", "coeliak", "celiac", "coeliac", "parkinson", "alzheimer", "dement", "autis", "astma",
	"asthma", "hartpatient", "hartfal", "hartaanval", "psychiatr", "chemo", "dialys", "revalid", "zwanger", "pregnan", "miskra", "miscarr", "arthrit", "artrit",
	"leukaem", "leukem", "schizo", "bipola", "dyslex", "crohn", "fibromyalg", "glutenallerg", "lactose-int", "lactose-int", "glutenint", "notenallerg", "pinda-allerg",
	"pindaallerg", "gehandicapt", "invalid", "slechtzien", "slechthoren", "hersenbloed", "hersenlets", "hersenschud", "long-covid", "postnatal", "antidepress", "verslaa", "verslav", "addict", "alcoholi", "scheidings", "divorc"}

var conditionWords = wordSet(`parkinson copd adhd add ptss ptsd hiv aids als ms me/cve cvs ibs ibd hernia ivf rolstoel rolstoeler rollator scootmobiel krukken hulphond
	blindengeleidehond geleidehond wheelchair walker crutches carer epipen inhaler pacemaker stoma catheter disabled disability disabilities handicap beperking cancer stroke
	lupus eczema eczeem psoriasis migraine depressie depressief depression depressed anxiety angststoornis burn-out burnout seizure seizures allergic allergisch allergy
	anafylaxie anaphylaxis condition ziekte illness aandoening diagnose diagnosis medicatie medicijnen medication insulin insuline kunstheup slechtziend slechthorend`)

// isCondition reports whether a word tells of an illness, a handicap, or the
// aids for one.
func isCondition(w word) bool {
	n := strings.TrimSuffix(strings.TrimSuffix(w.Norm, "'s"), "’s")
	switch n {
	case "als", "ms", "add", "condition", "stroke", "klachten", "walker":
		return n == "condition" || n == "walker" || n == "stroke" || len(w.Norm) < 4 && w.capital && w.upper
	}
	if conditionWords[n] {
		return true
	}
	for _, h := range conditionHeads {
		if strings.HasPrefix(n, h) {
			return true
		}
	}
	for _, t := range conditionEndings {
		if strings.HasSuffix(n, t) && (len(n) > len(t)+2 || t != "klachten") {
			return t != "klachten" || !strings.HasPrefix(n, "klanten")
		}
	}
	return false
}

// facilities after or in a word make a thing of it: "the wheelchair ramp".
var facilities = wordSet(`lift plek plaats ruimte helling oprijplaat toilet ingang assistentie informatie info kaart ramp space access toilet entrance lift seat
	information menu training service policy friendly vriendelijk toegankelijk accessible`)

// tellsHealth finds the conditions in a public reply that are the customer's
// own or of somebody of theirs: told of "je", "zijn" or "your", or brought up
// by the customer, who may say so in public where we may not.
func (r *reading) tellsHealth(already []found) []found {
	var out []found
	for i, w := range r.words[:r.body] {
		if w.quoted || !isCondition(w) || i+1 < len(r.words) && facilities[r.words[i+1].Norm] && r.words[i+1].sentence == w.sentence {
			continue
		}
		h := hit{i, i + 1}
		f := r.at(h, "somebody's health in public")
		if covered(already, f) || r.oursBefore(i) || !r.theirs(h) && !r.customerMentions(w) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// oursBefore: "onze aandoening", "our condition" are nobody's health.
func (r *reading) oursBefore(i int) bool {
	if i == 0 || r.words[i-1].sentence != r.words[i].sentence {
		return false
	}
	switch r.words[i-1].Norm {
	case "onze", "our", "ons", "mijn", "my", "good", "perfect", "excellent", "new", "working", "goede", "on", "this":
		return true
	}
	return false
}

// customerMentions reports whether the customer names the condition: "Ik ben
// diabeet" and "diabetes" are one.
func (r *reading) customerMentions(w word) bool {
	for _, c := range r.customer {
		if c.Norm == w.Norm || isCondition(c) && sameStem(c.Norm, w.Norm) {
			return true
		}
	}
	return false
}

// others are people who are neither the customer nor we.
var others = lazy(`
	andere|vorige|huidige|nieuwe|betreffende|desbetreffende klant|bewoner|huurder|gast|eigenaar|abonnee|rekeninghouder|koper|gebruiker|patient|reiziger
	die|deze|een klant|bewoner|huurder|gast|buurman|buurvrouw|mevrouw|meneer|man|vrouw
	mevrouw|meneer|mevr|dhr|mw
	buurman|buurvrouw|bovenbuurman|onderbuurman|bovenbuurvrouw|buren|bovenburen
	occupier|occupant|bewoner|huurder of|van
	hij|zij
	other|another|previous|current|former|new|that customer|client|resident|tenant|guest|owner|subscriber|holder|patient|passenger|occupant
	neighbour|neighbor|mrs|mr
	he|she
`)

// othersAffairs finds, in private, where somebody else lives and what they owe.
func (r *reading) othersAffairs(already []found) []found {
	var out []found
	for n, s := range r.sentences {
		words := r.inSentence(n)
		if s.first >= r.body || !others().in(words) {
			continue
		}
		for _, h := range debts().find(words) {
			at := hit{s.first + h.first, s.first + h.last}
			f := r.at(at, "what somebody else owes")
			if covered(already, f) || covered(out, f) || r.words[at.first].quoted || r.theirs(hit{at.first, at.first + 1}) && !possessiveThird(words) {
				continue
			}
			out = append(out, f)
		}
		for _, h := range dwelling().find(words) {
			f := r.at(hit{s.first + h.first, s.first + h.last}, "where somebody else lives")
			if !covered(already, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

func possessiveThird(words []word) bool {
	for _, w := range words {
		if possessives[w.Norm] || thirds[w.Norm] {
			return true
		}
	}
	return false
}

var dwelling = lazy(`
	woont|wonen|woonachtig|lives|living ... op|aan|at|in .. .. #
`)
