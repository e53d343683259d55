package guard

import (
	"fmt"
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// unbackedPromise (rule 9) finds money, goods, compensation, liability or a
// guarantee that the chosen resolution does not hold. Nothing chosen allows
// nothing. It lets pass: the customer's own story and amounts ("je wacht al
// sinds mei op €60"), what is denied ("een vergoeding kunnen we niet geven"),
// what is only looked into ("ik zoek uit of je recht hebt op"), and dated acts
// of our own people: checking, calling, visiting, repairing, delivering what
// was ordered. Those join the promise list instead.
func unbackedPromise(r *reading) []found {
	allowed := r.allowances()
	var out []found
	for _, w := range wares {
		for _, h := range w.says().find(r.words) {
			if f, ok := r.unbacked(w, h, allowed); ok && !covered(out, f) {
				out = append(out, f)
			}
		}
	}
	if !allowed["voucher"] && !allowed["discount"] {
		for _, h := range r.codes() {
			out = append(out, r.at(h, "promises a voucher that the chosen resolution does not hold"))
		}
	}
	if !allowed["money"] && !allowed["compensation"] {
		for _, h := range append(r.settled(), r.moved()...) {
			out = append(out, r.at(h, "promises money that the chosen resolution does not hold"))
		}
	}
	out = append(out, r.framed(allowed)...)
	return merged(r.words, out)
}

// merged keeps one finding for each segment: "een tegoedbon van €10 gratis"
// is one promise.
func merged(words []word, in []found) []found {
	var out []found
	seen := map[int]bool{}
	for _, f := range in {
		i := firstAt(words, f.start)
		if i < 0 || seen[words[i].segment] {
			continue
		}
		seen[words[i].segment] = true
		out = append(out, f)
	}
	return out
}

func firstAt(words []word, at int) int {
	for i, w := range words {
		if w.End > at {
			return i
		}
	}
	return -1
}

// idHints read the id of a resolution that the brand file does not know, as in
// replies of other systems: "refund_double_charge", "goodwill-voucher".
var idHints = []struct{ part, ware string }{
	{"refund", "money"}, {"terug", "money"}, {"reimburs", "money"}, {"credit", "money"}, {"vergoed", "money"}, {"waive", "waiver"},
	{"compens", "compensation"}, {"goodwill", "compensation"}, {"coulance", "compensation"}, {"gesture", "compensation"},
	{"voucher", "voucher"}, {"tegoed", "voucher"}, {"discount", "discount"}, {"korting", "discount"}, {"free", "free"}, {"gratis", "free"},
	{"gift", "gift"}, {"flower", "gift"}, {"bloem", "gift"}, {"replac", "replacement"}, {"vervang", "replacement"}, {"resend", "replacement"},
	{"swap", "replacement"}, {"exchange", "replacement"}, {"ruil", "replacement"}, {"new_", "replacement"}, {"nieuw", "replacement"},
}

// resolutionSays are the texts of the chosen resolution: its own, its
// parameters, and its id where another system tells it in words.
func (r *reading) resolutionSays() []string {
	said := append([]string(nil), r.Allowed.Said...)
	if r.Resolution == nil {
		return said
	}
	for _, v := range r.Resolution.Params {
		said = append(said, v)
	}
	if strings.Contains(r.Resolution.ID, " ") {
		said = append(said, r.Resolution.ID)
	}
	return said
}

// allowances says for each class whether the resolution holds it.
func (r *reading) allowances() map[string]bool {
	said := r.resolutionSays()
	allowed := map[string]bool{}
	if r.Resolution != nil {
		for _, hint := range idHints {
			if strings.Contains(strings.ToLower(r.Resolution.ID), hint.part) {
				allowed[hint.ware] = true
			}
		}
	}
	for _, s := range said {
		words, _ := cut(s)
		for _, w := range wares {
			if w.says().in(words) {
				allowed[w.name] = true
			}
		}
		for _, f := range frames {
			if !allowed[f.ware] && !f.anything && f.one().in(words) && f.two().in(words) {
				allowed[f.ware] = true
			}
		}
	}
	if r.Resolution != nil && r.Resolution.CostCents > 0 || r.Allowed.AmountCents > 0 {
		allowed["money"] = true
	}
	return allowed
}

// unbacked reports whether the hit is a promise that nothing backs.
func (r *reading) unbacked(w ware, h hit, allowed map[string]bool) (found, bool) {
	if r.words[h.first].quoted || h.first >= r.body && r.body > 0 {
		return found{}, false
	}
	if !w.undeniable && w.name != "guarantee" && denied(r.words, h) {
		return found{}, false
	}
	if w.name == "free" && h.last == h.first+1 && r.customerSaysLike(r.words[h.first].Norm) && !r.forYou(h) {
		return found{}, false // "gratis artikelen": what they wrote about
	}
	if w.name == "free" && r.ownsUp(h) {
		return found{}, false
	}
	if w.name == "gift" && r.customerSaysLike(r.words[h.first].Norm) {
		return found{}, false // their own purchase: flowers, chocolates
	}
	if r.looksInto(h) || !w.undeniable && r.story(h) || r.ordered(w) || !w.plain && !r.gives(w, h) {
		return found{}, false
	}
	if w.name == "guarantee" && r.tries(h) {
		return found{}, false
	}
	if allowed[w.name] || w.kin != "" && allowed[w.kin] {
		if r.tooEarly(h) {
			return r.at(h, "says that it is done, and its work order is still open"), true
		}
		return r.tooMuch(h)
	}
	return r.at(h, "promises "+w.name+" that the chosen resolution does not hold"), true
}

// ownsUp: "three weeks of mix-ups is on me" takes the blame, and pays nothing.
func (r *reading) ownsUp(h hit) bool {
	switch r.words[h.last-1].Norm {
	case "us", "me", "ons", "mij":
	default:
		return false
	}
	first, _ := segmentOf(r.words, h.first)
	return troubles().in(r.words[first:h.first])
}

// forYou reports whether the segment of the hit speaks of the customer.
func (r *reading) forYou(h hit) bool {
	first, last := segmentOf(r.words, h.first)
	for _, w := range r.words[first:last] {
		if yourNumber[w.Norm] || w.Norm == "jullie" || w.Norm == "jij" || w.Norm == "you'll" {
			return true
		}
	}
	return false
}

var paidOut = wordSet("teruggestort teruggeboekt terugbetaald overgemaakt gestort gecrediteerd vergoed uitbetaald refunded credited reimbursed paid")

// tooEarly: a step of a work order is told as done only when the order is.
func (r *reading) tooEarly(h hit) bool {
	if len(r.Orders) == 0 {
		return false
	}
	for _, o := range r.Orders {
		if o.State == webcare.WorkOrderDone {
			return false
		}
	}
	first, last := segmentOf(r.words, h.first)
	seg := r.words[first:last]
	if notYet().in(seg) {
		return false
	}
	for _, w := range seg {
		if paidOut[w.Norm] {
			return true
		}
	}
	return false
}

// tooMuch checks the amounts beside an allowed promise: the resolution's, or
// the customer's own where the resolution names none.
func (r *reading) tooMuch(h hit) (found, bool) {
	most := r.most()
	if most == 0 {
		return found{}, false
	}
	s := r.sentences[r.words[h.first].sentence]
	for _, f := range text.Facts(s.Text, r.language) {
		if f.Kind != webcare.FactAmount {
			continue
		}
		if cents, ok := centsOf(f.Text); ok && cents > most && !r.customerNamed(cents) {
			return found{s.Start + f.Start, s.Start + f.End, fmt.Sprintf("more than the resolution holds (%d.%02d)", most/100, most%100)}, true
		}
	}
	return found{}, false
}

// most returns the highest amount the resolution names, in cents.
func (r *reading) most() int64 {
	most := r.Allowed.AmountCents
	if r.Resolution != nil {
		most = max(most, r.Resolution.CostCents)
	}
	for _, s := range r.resolutionSays() {
		for _, f := range text.Facts(s, "") {
			if f.Kind != webcare.FactAmount {
				continue
			}
			if cents, ok := centsOf(f.Text); ok {
				most = max(most, cents)
			}
		}
	}
	return most
}

func (r *reading) customerNamed(cents int64) bool {
	for _, f := range r.facts() {
		if f.Kind != webcare.FactAmount {
			continue
		}
		if c, ok := centsOf(f.Text); ok && c == cents {
			return true
		}
	}
	return false
}

// centsOf reads an amount as people write it: "€ 1.250,50", "$12.99", "60
// euro", "€15,-".
func centsOf(s string) (int64, bool) {
	var digits []byte
	decimals := -1
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if len(digits) > 12 {
				return 0, false
			}
			digits = append(digits, c)
			if decimals >= 0 {
				decimals++
			}
		case (c == ',' || c == '.') && len(digits) > 0:
			n := 0
			for i+1+n < len(s) && s[i+1+n] >= '0' && s[i+1+n] <= '9' {
				n++
			}
			if n == 2 {
				decimals = 0
			}
		}
	}
	if len(digits) == 0 {
		return 0, false
	}
	var v int64
	for _, d := range digits {
		v = v*10 + int64(d-'0')
	}
	if decimals < 0 {
		v *= 100
	}
	return v, true
}

var lookers = lazy(`
	kijken|bekijken|bekijk|kijk|kijkt|bekijkt|check*|onderzoek*|zoek|zoeken|uitzoeken|beoordeel*|beoordelen|nagaan|ga|gaan|vraag|vragen|navragen|overleg*|bespreek*|bepalen|hoor|hoort|zien|horen ... of|wat|hoe|welke|waar|waarom|wanneer
	check|checking|see|look|looking|find|investigate|review|assess|ask|chase|trace ... whether|if|what|where|why|when|how|into
	of|whether|if je|jij|u|you|we|er|er recht|in|can|are|is
`)

// looksInto: "ik zoek uit of je recht hebt op een vergoeding" promises a
// look, not the money.
func (r *reading) looksInto(h hit) bool {
	// "Of je geld terugkomt, zoek ik vandaag uit."
	if lead, _ := segmentOf(r.words, h.first); (r.words[lead].Norm == "of" || r.words[lead].Norm == "whether") && hasOwner(r.sentenceOf(r.words, h.first)) {
		return true
	}
	first := r.sentences[r.words[h.first].sentence].first
	for _, l := range lookers().find(r.words[first:h.first]) {
		if !hasOwner(r.words[first:h.first]) {
			continue // "kijk hier hoe je je geld terugkrijgt" tells, and promises
		}
		if h.first-(first+l.last) <= 9 && r.words[first+l.last-1].segment >= r.words[h.first].segment-1 {
			return true
		}
	}
	return false
}

var storyLeads = lazy(`
	sorry|excuses|spijt|vervelend|jammer|balen|apologise|apologize|apologies
	je|u|jij vraagt|vroeg|schrijft|schreef|wilt|wacht|wachtte|noemt|zegt|meldt|verwachtte|had
	zie|lees|begrijp|snap|hoor ... dat
	ik|we|wij zie|lees|begrijp|snap
	verzoek|vraag|aanvraag|aanspraak om|over|voor|naar|op
	had|hadden|zou|zouden|moest|toegezegd|beloofd|beloofde|kreeg|werd|gehad|kwam|was|waren
	i|we see|understand|read|hear ... that|you
	your request|question|claim|query|email|complaint for|about|regarding|on
	waiting|wait|waited for|on
	you|were|was asked|ask|wanted|promised|told|expected|requested
	supposed|should have|promised
	hadn't|had|was|were|didn't|went|took|taken
	how|why|when|where|dat|that|waarom|wanneer|waar je|jouw|your|de|the terugbetaling|refund|vergoeding|restitutie|korting|tegoed|voucher|compensatie
`)

// story reports whether the hit belongs to what the customer told or asked.
func (r *reading) story(h hit) bool {
	first, _ := segmentOf(r.words, h.first)
	return storyLeads().in(r.words[first:h.first]) || r.pending(h)
}

// pending: "je terugbetaling", "your refund": one that already runs. Sending
// or promising it is a gift all the same.
func (r *reading) pending(h hit) bool {
	if h.first == 0 || h.last-h.first > 1 {
		return false
	}
	switch r.words[h.first-1].Norm {
	case "je", "jouw", "uw", "your", "de", "the", "deze", "die", "this", "that":
	default:
		return false
	}
	if !r.customerSaysLike(r.words[h.first].Norm) {
		return false
	}
	_, last := segmentOf(r.words, h.first)
	first, _ := segmentOf(r.words, h.first)
	return !settles().in(r.words[first:last])
}

// settles: what already runs is promised all the same where it is paid out.
var settles = lazy(`
	krijg*|ontvang*|stuur|sturen|geef|geven|bied|bieden|verwerk*|regel*|maak|maken|staat|onderweg|overgemaakt|gestort|uitbetaald|binnen|komt
	process*|issue*|send|sent|arrive*|land|lands|receive|get|will|way|paid|pay|make
`)

func (r *reading) customerSaysLike(norm string) bool {
	for _, w := range r.customer {
		if sameStem(w.Norm, norm) {
			return true
		}
	}
	return false
}

// ordered: a replacement of what never came or was the wrong thing is
// delivering what was ordered.
func (r *reading) ordered(w ware) bool {
	if w.name != "replacement" || r.Triage == nil {
		return false
	}
	for _, f := range r.Triage.Frictions {
		switch f.Type {
		case webcare.FailedDelivery, webcare.Late, webcare.ProductMismatch, webcare.ImposedAppointment, webcare.CancelledService:
			return true
		}
	}
	return false
}

// gifts are the verbs and forms in which something is given.
var gifts = lazy(`
	krijg|krijgt|krijgen|ontvang|ontvangt|ontvangen|geef|geven|gegeven|stuur|sturen|gestuurd|toegestuurd|verstuurd|bied|bieden|aanbieden|aangeboden|maak|maken|regel|regelen|geregeld|zet|zetten|zorg|zorgen|doe|doen|schenken|verwerk|verwerken|verwerkt|reken|rekenen|ligt|staat|komt|wordt|worden|is|zijn|heb|hebben|hebt|ga|gaan|kun|kunt|mag|zal|zullen|willen|wil|trakteren|trakteer|voeg|voegen|pas|passen|leveren|bezorgen|repareren|ophalen|vervangen|ruil|ruilen|herstellen|aanpassen|inplannen|plan|plannen|met|als|mail|mailen|gemaild|kom|komen|betaal|betalen
	get|gets|receive|shop|shopt|koop|kopen|buy|book|order|bestel|boek|reprint|redo|remake|repair|fix|approve|approved|authorise|authorised|transfer|transferred|release|released|initiate|initiated|start|started|sort|sorted|sorting|use|enjoy|gebruik|geniet|leg|leggen|hou|houden|schrijf|schrijven|keer|keren|draai|draaien|kies|zoek|eet|drink|slaap|send|sending|sent|give|giving|given|offer|offering|offered|arrange|arranged|arranging|apply|applied|add|added|adding|issue|issued|issuing|provide|process|processed|processing|will|i'll|we'll|you'll|i've|we've|have|is|are|be|been|can|would|like|here's|here|enjoy|with|make|making|put|popped|as|treat|you're
`)

// payments are nouns: they need somebody who gives them.
var payments = wordSet("terugbetaling terugboeking terugstorting restitutie creditnota creditfactuur creditering reimbursement refund refunds")

// gives reports whether the class stands in a segment where it is given.
// Verbs of paying are giving by themselves.
func (r *reading) gives(w ware, h hit) bool {
	if w.name == "money" && (h.last-h.first > 1 || !payments[r.words[h.first].Norm]) {
		return true
	}
	first, last := segmentOf(r.words, h.first)
	if w.name == "free" && len(r.sentenceOf(r.words, h.first)) <= 8 && !negated(r.sentenceOf(r.words, h.first)) {
		return true // "Volgende week een gratis dag opvang."
	}
	if last-first <= 4 { // "..., no charge", "gratis en voor niets,"
		return gifts().in(r.sentenceOf(r.words, h.first))
	}
	return gifts().in(r.words[first:last])
}

func negated(words []word) bool {
	for i := range words {
		if denies(words, i) {
			return true
		}
	}
	return false
}

var trying = lazy(`
	alles aan|op
	doen|doe ... best
	proberen|probeer|werken|hopen|hoop|streven
	om ... te voorkomen|verkleinen
	zodat
	trying|try|hope|hoping|aim|aiming|working|work|strive|best
	prevent|avoid|reduce|less likely
	so that
	steps|measures
`)

// tries: an effort to prevent it is no guarantee.
func (r *reading) tries(h hit) bool {
	return trying().in(r.words[r.sentences[r.words[h.first].sentence].first:h.first])
}
