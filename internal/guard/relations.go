package guard

import (
	"strings"

	"webcare.example/responder/internal/text"
)

// What points at somebody without being a number of theirs: the end of an
// account number, a date of birth, a house among its neighbours, the name of
// a child.

var pointers = lazy(`
	eindigend|eindigt|eindigen|eindigde|ending|ends|ended op|met|in|with|on #
	geboortedatum|geboren|geboortejaar|born|birth|dob ... #
	afgegeven|bezorgd|gebracht|geleverd|afgeleverd|achtergelaten|left|delivered|dropped ... nummer|huisnummer|nr|number|flat|apartment #
	op|bij|naar|van|at|to|from huisnummer|nummer|number|nr #
	huisnummer|house .. #
	personeelsnummer|leerlingnummer|studentnummer|patientnummer|polisnummer|lidnummer|pasnummer|kaartnummer|dossiernummer|zaaknummer|relatienummer|accountnummer|meternummer|serienummer|rijbewijsnummer|paspoortnummer|sofinummer .. #
	staff|employee|student|patient|policy|member|membership|card|account|case|meter|passport|licence number|no|id .. #
`)

// pointers finds such stretches in a public reply.
func (r *reading) pointers(already []found) []found {
	var out []found
	add := func(h hit, message string) {
		if f := r.at(h, message); !covered(already, f) && !covered(out, f) && !r.words[h.first].quoted && h.first < r.body {
			out = append(out, f)
		}
	}
	for _, h := range pointers().find(r.words) {
		if n := r.words[h.last-1]; r.businessNear(h) || n.money || strings.Contains(n.Norm, ".") && !strings.Contains(r.Reply[r.words[h.first].Start:n.End], "eboor") {
			continue
		}
		add(h, "points at somebody in public")
	}
	for i := range r.words[:r.body] {
		if h, ok := r.streetAndNumber(i); ok && !r.businessNear(h) {
			add(h, "an address in public")
		}
	}
	return out
}

func (r *reading) businessNear(h hit) bool {
	return r.business(text.PersonalSpan{Start: r.words[h.first].Start, End: r.words[h.last-1].End, Text: " "})
}

// streetAndNumber finds an address by its place in the sentence: "op de Brink
// 7", "naar Hoge Veld 12b", where we go to, deliver at or speak of a home.
func (r *reading) streetAndNumber(i int) (hit, bool) {
	w := r.words[i]
	if !isHouseNumber(w.Norm) || w.money || w.percent || i < 2 || i+1 < len(r.words) && r.words[i+1].sentence == w.sentence && counted[r.words[i+1].Norm] {
		return hit{}, false
	}
	first := i
	for first > 0 && r.words[first-1].name && r.words[first-1].segment == w.segment && r.words[first-1].Kind == text.KindWord {
		first--
	}
	if first == i || first == 0 || notStreets[r.words[i-1].Norm] || r.words[i-1].upper {
		return hit{}, false
	}
	at := first - 1
	article := r.words[at].Norm == "de" || r.words[at].Norm == "het"
	if article && at > 0 {
		at--
	}
	if !wherePrepositions[r.words[at].Norm] || !goesThere().in(r.inSentence(w.sentence)) {
		return hit{}, false
	}
	return hit{first, i + 1}, true
}

var wherePrepositions = wordSet("op aan naar bij at to")

var counted = wordSet("uur u minuten euro dagen weken maanden keer procent januari februari maart april mei juni juli augustus september oktober november december am pm hours days weeks times")

var notStreets = wordSet(`maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday thursday friday saturday sunday terminal gate zaal spoor perron
	platform balie kassa windows android ios chrome versie pagina januari februari maart april mei juni juli augustus september oktober november december
	march may june july august october`)

// goesThere: somebody goes to a home, or something is brought there.
var goesThere = lazy(`
	kom|komt|komen|langs|breng|brengen|brengt|bezorg*|lever*|gebracht|geleverd|woon*|woning|huis|adres|rijd*|rijdt|sta|staat|staan|sturen|stuur|stuurt|gestuurd|verstuurd|verzonden|afgegeven
	come|comes|coming|visit|bring|deliver*|live|lives|home|house|address|drive|send|sending|sent|flat
`)

func isHouseNumber(s string) bool {
	if s == "" || s[0] < '1' || s[0] > '9' || len(s) > 5 {
		return false
	}
	digits := 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z', c == '-':
		default:
			return false
		}
	}
	return digits <= 3 && len(s)-digits <= 2
}

var ownWords = wordSet("mijn onze ons m'n my our")

func isAge(w word) bool { return w.Kind == text.KindNumber && len(w.Norm) <= 2 && !w.money }

var kinWords = wordSet(`moeder vader zoon zoontje dochter dochtertje man vrouw kind kindje baby oma opa partner broer broertje zus zusje vriend vriendin neef nicht neefje nichtje
	mother father son daughter husband wife child mum mom dad gran nan grandmother grandfather sister brother toddler girl boy friend nephew niece`)

// theirPeople finds the name of somebody of the customer's in a public reply,
// also where the customer gave it: a child named beside a complaint stays there.
func (r *reading) theirPeople() []found {
	named := map[string]bool{}
	for i, w := range r.customer {
		if i+2 < len(r.customer) && ownWords[w.Norm] && r.customer[i+1].name && isAge(r.customer[i+2]) {
			named[r.customer[i+1].Norm] = true // "onze Thijs (8)"
		}
		if !kinWords[w.Norm] || i+1 >= len(r.customer) {
			continue
		}
		if next := r.customer[i+1]; next.name && next.sentence == w.sentence && !r.isCustomer(next.Norm) && !common()[next.Norm] {
			named[next.Norm] = true
		}
	}
	var out []found
	for i, w := range r.words[:r.body] {
		if w.quoted || !w.capital || r.isCustomer(w.Norm) || r.isStaff(w.Norm) {
			continue
		}
		kin := i > 1 && kinWords[r.words[i-1].Norm] && w.name && yourNumber[r.words[i-2].Norm] && r.words[i-1].segment == w.segment && !common()[w.Norm]
		if kin || named[w.Norm] {
			out = append(out, r.at(hit{i, i + 1}, "names somebody of the customer's in public"))
		}
	}
	return out
}
