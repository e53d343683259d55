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

// ware is a class of what can be promised.
type ware struct {
	name string
	says func() *phrases
	// plain classes are promises however they stand; others need a giver.
	plain bool
	// undeniable ones hold a denial themselves: "je hoeft niets te betalen".
	undeniable bool
	kin        string // another class that, allowed, allows this one
}

var wares = []ware{
	{name: "money", kin: "compensation", says: lazy(`
	vergoed|vergoeden|vergoedt|terugbetalen|terugbetaal|terugbetaald|terugbetaling|terugstorten|teruggestort|terugstort|terugboeken|teruggeboekt|terugboek|terugboeking|terugstorting|terugmaken
	crediteer|crediteren|gecrediteerd|creditnota|creditfactuur|creditering|restitueer|restitueren|gerestitueerd|restitutie|kwijtschelden|kwijtgescholden|schelden
	betalen|betaal|betaalt|storten|stort|boeken|boek|boekt|maken|maak|maakt|schrijf|zetten|zet|geven|geef|krijg|krijgt|krijgen|ontvang|ontvangt ... $ euro? .. .. terug|over|bij|op
	krijg|krijgt|krijgen|ontvang|ontvangt|geven|geef|hebt|heb ... *geld|*kosten|*bedrag|*prijs|*tarief|aankoopbedrag|borg|ticketprijs|euro|betaling .. .. terug
	storten|stort|boeken|boek|maken|maak ... geld|bedrag|kosten|aankoopbedrag|borg|ticketprijs|euro|betaling .. .. terug|over
	stort|storten|boek|boeken ... terug !naar
	dat|die krijg|krijgt je|u .. .. terug
	$|bedrag|geld|borg|aankoopbedrag ... op je|uw|jouw rekening
	$|money|amount ... in|into|to|on your account|card|bank
	boete|toeslag|boetes|aanmaningskosten|incassokosten ... vervalt|vervallen
	je|jouw|uw|het geld|bedrag|aankoopbedrag|volledige .. .. terug|retour|teruggestort|overgemaakt|terugkrijg*|terugvragen|terugontvang*|terugbetaald
	terugkrijgt|terugkrijgen|terugontvangt
	maak|maken|stort|storten ... geld|bedrag|$ ... over
	op je|uw|jouw rekening ... gestort|bijgeschreven|teruggezet
	betalen|betaal|dragen|dekken ... kosten|schade
	nemen|neem ... voor onze|mijn rekening
	kosten|rekening ... voor onze|mijn rekening
	op onze kosten
	van het|de huis|zaak
	op kosten van ons|de
	wij|we|ik betalen|betaal .. de|je|jouw|uw|het|alle|deze _
	betalen|betaal wij|we|ik
	verrekenen|verreken|verrekend
	trekken|trek ... van je|de|uw volgende? rekening|factuur
	refund|refunds you|your|the|it|in|any|$
	refund|refunds|refunded|refunding|reimburse|reimbursed|reimbursement|reimbursing
	credit|credited|crediting your|you|the|it|account|note|to
	a|store|full|account|bill credit of|note|on|to
	waive|waived|waiving
	write|wrote|written|writing it|that|this|the? .. off
	money back
	we|we'll|i|i'll|happy|gladly|will|gonna .. pay|paying you|for|back|your|the|any|all|half|to
	cover|covering|absorb the|your|all|any|these|those .. cost|costs|full|bill|fee|fees|damage|difference|repair|repairs|taxi|hotel
	give|giving|get|have|return|returning|put|send ... $|money|fee|cost|costs|charge|payment|price|deposit|fare .. .. back
	half|all of? your money
	deduct|deducted|knock|take .. .. off your|the|# next? bill|invoice|%|order
	drop|dropped|dropping|cancel|cancelled|scrap ... fee|fine|charge
	`)},
	{name: "compensation", kin: "money", says: lazy(`
	vergoeding|vergoedingen|schadevergoeding|compensatie|compenseren|compenseer|gecompenseerd|compenseert|tegemoetkoming|tegemoetkomen|coulance|coulancehalve|schadeloosstelling|schadeloosstellen|schadeloos|goedmaker|goedmakertje
	kom|komen ... tegemoet
	compensation|compensate|compensated|compensating|goodwill|recompense|redress
	make it up to
	maken|maak het ... goed .. .. met
	`)},
	{name: "voucher", says: lazy(`
	voucher|vouchers|tegoedbon|tegoedbonnen|waardebon|waardebonnen|cadeaubon|cadeaubonnen|cadeaukaart|cadeaukaarten|kortingscode|kortingsbon|kortingsvoucher|tegoed|shoptegoed|winkeltegoed|beltegoed
	gift|store|discount card|cards|voucher|vouchers|code|credit
	promo code
	`)},
	{name: "discount", kin: "voucher", says: lazy(`
	korting|kortingen|afslag|prijsverlaging|prijsreductie
	# procent|% korting|af|off
	discount|discounts|discounted
	# percent? off your|the|any|all|next|everything
	half price
	`)},
	{name: "free", says: lazy(`
	gratis !nummer|telefoonnummer|storingsnummer|noodnummer|bellen|app|klantenservice|wifi
	kosteloos|kosteloze|kostenloos
	zonder|geen .. kosten|meerkosten|meerprijs !in|je
	hoeft|hoef niets|niks te? extra? betalen
	een|# extra maand|weken|week|dagen|nacht
	maand|maanden|week|weken|nacht|overnachting cadeau
	for free
	free of charge
	free month|months|delivery|shipping|repair|repairs|replacement|return|returns|upgrade|ticket|tickets|meal|night|nights|stay|drink|drinks|dessert|voucher|service|visit|coffee|treatment|wash|week|weeks|session|sessions|membership|data|calls|pizza|item|product|gift|subscription|course|flight|breakfast
	completely|totally|entirely|absolutely free
	complimentary
	no|any|without extra|additional|further? cost|charge !to
	at our|no|my cost|expense|charge
	is|are|be|all|this|one on us|me
	on the house
	`)},
	{name: "waiver", kin: "money", undeniable: true, plain: true, says: lazy(`
	hoef|hoeft|hoeven je|u|jij|jullie? ... niet|niets|niks|geen ... betalen|voldoen|kosten
	kost|kosten je|jou|u|jullie ... niets|niks|geen
	costs|cost you nothing
	won't|doesn't|not cost you
	je|u|jij hoeft|hoef ... niet|niets|niks|geen ... betalen|voldoen
	brengen|rekenen|berekenen ... geen|niet|niets ... kosten|rekening
	geen kosten in rekening
	won't|don't|needn't|not have? to? need|have|be|charge|pay to? pay|charged|charge|you|anything|a|for
	no charge|charges will|for
	`)},
	{name: "gift", says: lazy(`
	bloemetje|boeket|presentje|cadeautje|cadeau|attentie|attentietje|kadootje|kleinigheidje|extraatje|verrassing|verrassingspakket|vrijkaart|vrijkaarten|vrijkaartjes
	bos bloemen
	doos|doosje|iets bonbons|chocolade|chocolaatjes|lekkers|leuks
	bouquet|chocolates|hamper
	small|little|some .. present|gift|treat|flowers|surprise|token
	a gift|treat|token
	something nice|special
	`)},
	{name: "replacement", says: lazy(`
	nieuw|nieuwe|vervangend|vervangende ... opsturen|toesturen|toegestuurd|opgestuurd|sturen|gestuurd|verstuurd|verzonden|geleverd|bezorgd|leveren|bezorgen|bezorgt|brengt|brengen|krijg|krijgt|klaarzetten|klaarleggen|ruilen
	stuur|sturen|lever|leveren|krijg|krijgt|ontvang|ontvangt|bestel|bestellen|breng|brengen|bezorg|bezorgen|brengt|bezorgt|besteld ... nieuw|nieuwe|vervangend|vervangende|vervanging _
	vervang|vervangen|vervangt|omruilen|ruilen .. .. je|jouw|uw|hem|haar|die|het|ze
	je|jouw|uw|hem|haar|die|het|ze ... vervangen|omruilen|omgeruild
	vervangend|vervangende|vervangexemplaar|ruilexemplaar
	a|your|the|free replacement
	replacements
	replacement for|item|unit|parcel|order|pair|set|one
	replace|replaced|replacing it|them|your|the|this|that|these|those
	send|sending|sent|ship|shipping|get|deliver|order ... new|brand-new !one? _
	a|brand new one
	exchange|swap|swapped it|for|your|the
	`)},
	{name: "liability", plain: true, says: lazy(`
	aansprakelijk|aansprakelijkheid
	verantwoordelijk|verantwoordelijkheid voor|over ... schade|kosten|gevolgschade|verlies
	volledige|alle verantwoordelijkheid|schuld|aansprakelijkheid
	volledig verantwoordelijk|aansprakelijk
	erkennen|erken ... schuld|aansprakelijkheid|nalatigheid
	nalatig|nalatigheid
	recht op ... vergoeding|compensatie|schadevergoeding|terugbetaling|geld|korting
	liable|liability|negligent|negligence
	responsible|responsibility for ... damage|damages|cost|costs|loss|losses|injury|injuries
	full|complete|total|all responsibility|blame|liability
	entitled to ... compensation|refund|money|reimbursement|damages|payout
	admit|accept ... fault|liability|negligence
	`)},
	{name: "guarantee", plain: true, says: lazy(`
	garandeer|garanderen|gegarandeerd|garandeert
	geef|geven ... garantie
	onder|binnen de|je|jouw|uw|volledige? garantie
	met garantie
	100 procent|% zeker
	beloof|beloven|verzeker|verzekeren ... nooit|niet meer|weer|opnieuw|nog
	beloof|beloven|verzeker|verzekeren ... dit|dat|zoiets ... niet .. gebeurt|gebeuren|voorkomt|overkomt|overkomen
	dit|dat|het|zoiets zal|gaat ... nooit|niet meer|weer|opnieuw .. gebeuren|voorkomen|overkomen
	dit|dat|het|zoiets gebeurt|overkomt ... nooit|niet meer|weer|opnieuw
	dit|dat|het|zoiets .. nooit|niet meer|weer|opnieuw .. gebeurt|gebeuren|voorkomen|voorkomt|overkomt
	zorg|zorgen ... nooit|niet meer|weer|opnieuw gebeurt|voorkomt|gebeuren|overkomt
	guarantee|guaranteed|guarantees|guaranteeing
	promise|assure|ensure|sure ... never|not|won't|doesn't happen|again|be|occur
	won't|not|never ever? happen|occur again|ever
	never happens|happen again
	under|within your|the|full|our? warranty
	you have my|our word
	`)},
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

// allowances says for each class whether the resolution holds it.
func (r *reading) allowances() map[string]bool {
	said := append([]string(nil), r.Allowed.Said...)
	if r.Resolution != nil {
		for _, v := range r.Resolution.Params {
			said = append(said, v)
		}
	}
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
		return r.tooMuch(h)
	}
	return r.at(h, "promises "+w.name+" that the chosen resolution does not hold"), true
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
	said := r.Allowed.Said
	if r.Resolution != nil {
		most = max(most, r.Resolution.CostCents)
		for _, v := range r.Resolution.Params {
			said = append(said, v)
		}
	}
	for _, s := range said {
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
	krijg|krijgt|krijgen|ontvang|ontvangt|ontvangen|geef|geven|gegeven|stuur|sturen|gestuurd|toegestuurd|verstuurd|bied|bieden|aanbieden|aangeboden|maak|maken|regel|regelen|geregeld|zet|zetten|zorg|zorgen|doe|doen|schenken|verwerk|verwerken|verwerkt|reken|rekenen|ligt|staat|komt|wordt|worden|is|zijn|heb|hebben|hebt|ga|gaan|kun|kunt|mag|zal|zullen|willen|wil|trakteren|trakteer|voeg|voegen|pas|passen|leveren|bezorgen|repareren|ophalen|vervangen|herstellen|aanpassen|inplannen|plan|plannen|met|als|mail|mailen|gemaild|kom|komen|betaal|betalen
	get|gets|receive|send|sending|sent|give|giving|given|offer|offering|offered|arrange|arranged|arranging|apply|applied|add|added|adding|issue|issued|issuing|provide|process|processed|processing|will|i'll|we'll|you'll|i've|we've|have|is|are|be|been|can|would|like|here's|here|enjoy|with|make|making|put|popped|as|treat|you're
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
	return gifts().in(r.words[first:last])
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
