package guard

import (
	"strings"
	"sync"

	"webcare.example/responder/internal/text"
)

// noAction (rule 3) asks of the answer to a complaint for one concrete step
// with an owner and a date: "ik bel je morgen voor 12 uur", "onze monteur
// staat donderdag voor de deur". A step just taken counts ("ik heb je
// abonnement stopgezet"), and so does a full answer given now: a cause when
// the customer asked for one, or a page of ours where it can be done. "We
// komen erop terug", "zo snel mogelijk" and "doorgegeven aan de afdeling" do not.
func noAction(r *reading) []found {
	if !r.complaint() || !r.known() || r.secondHalf() || len(r.words) == 0 {
		return nil
	}
	if r.acts(r.words, r.sentences) {
		return nil
	}
	if r.Other != "" {
		_, sentences := cut(r.Other)
		if r.acts(r.other, sentences) {
			return nil
		}
	}
	for _, h := range vague().find(r.words) {
		return []found{r.at(h, "no date: say who does what, and when it is done")}
	}
	return []found{r.whole(r.lastOfBody(), "no concrete step: say who does what, and when it is done")}
}

// lastOfBody returns the last sentence before the signature.
func (r *reading) lastOfBody() int {
	if r.body > 0 {
		return r.words[r.body-1].sentence
	}
	return len(r.sentences) - 1
}

var vague = sync.OnceValue(func() *phrases {
	return compile(`
	zo snel mogelijk|als
	zsm|z.s.m|asap|spoedig*|binnenkort|shortly|soon
	as soon as
	op korte termijn
	kom|komen|komt er|hier|erop|hierop|daarop .. terug|op
	get|come back to
	in due course
	keep|houden|hou you|je|u|jullie posted|informed|updated
	we|ik gaan|ga ermee|hiermee|er aan|mee|direct? aan? de? slag
	look|looking into
	neem|nemen .. contact
	be in touch
	op de hoogte
	`)
})

// owners are who can do something: we, or one of our people.
var owners = wordSet(`ik wij we ikzelf collega monteur technieker bezorger chauffeur koerier specialist planner manager filiaalmanager
	bedrijfsleider winkelmanager teamleider adviseur schilder installateur loodgieter medewerker kok chef conducteur buschauffeur
	i we i'll we'll i've we've i'm we're colleague engineer driver courier specialist planner technician mechanic manager team
	voorman foreman carpenter caretaker pharmacist stylist plumber electrician advisor supervisor depot winkel store workshop werkplaats keuken kitchen magazijn warehouse`)

// idle verbs do nothing for this customer.
var idle = sync.OnceValue(func() *phrases {
	return compile(`
	hopen|hoop|hopelijk|hope|hoping|hopefully|probeer|proberen|try|trying|wellicht|misschien|maybe|perhaps|streven|streef*|streeft|aim|aims|strive|strives|endeavour|zou|zouden|might
	zijn|ben|is|staan|we're|are ... bereikbaar|geopend|open|aanwezig|available|gesloten|closed
	drukte|busy
	respond|reply|responding|reageren|reageert|antwoorden|reactie|response|beantwoorden .. .. within|binnen #
	within|binnen # .. .. respond|reply|reageren|reactie|response|antwoorden
	bereikbaar|geopend|reachable op|van|tussen|tot|on|from
	erg|heel|zo|momenteel|enorm|nu|het druk
	begrijp*|snap*|understand|realise|realize|appreciate|waardeer|waarderen
	bedankt|dank|thanks|thank
	fijne|prettige|mooie|goede|nice|lovely|great|good dag|avond|weekend|week|day|evening|weekend
	wordt|worden .. naar|aan .. gekeken|gewerkt|opgepakt
	being looked|worked|handled
	`)
})

// tellsPast marks a sentence part that retells what happened.
var tellsPast = sync.OnceValue(func() *phrases {
	return compile(`
	sorry|excuses|spijt|vervelend|jammer|balen|apologise|apologize|apologies|verontschuldig*
	was|waren|had|hadden|moest|moesten|kwam|kwamen|kreeg|kregen|werd|werden|stond|stonden|bleek|ging|zou|zouden|beloofd|beloofde
	were|didn't|wasn't|hadn't|should've|never|missed|failed|promised|came|went|waited|told|got
	< omdat|terwijl|toen|nadat|because|when|while
	`)
})

// done are steps taken, as participles that do not look like one.
var done = lazy(`
	verstuurd|besteld|beeindigd|hersteld|verwijderd|verlengd|verplaatst|verzet|verholpen|bezorgd|vervangen|ontkoppeld|bevestigd|overgemaakt|overgezet
	sent|reset|found|put|paid|taken .. off|down|out|away|over|up
	sent|reset|bought|built|made|found|written|rung|spoken|called
`)

// isDone reports whether the word is the participle of a step that helps the
// customer: passing on, noting and trying are none.
func isDone(w word) bool {
	norm := w.Norm
	if len(norm) < 5 || noSteps[norm] {
		return false
	}
	if strings.HasSuffix(norm, "ed") {
		return true
	}
	last := norm[len(norm)-1]
	if last != 'd' && last != 't' && last != 'n' {
		return false
	}
	at := strings.Index(norm, "ge")
	return (at == 0 || at > 1 && particlesOfVerbs[norm[:at]]) && len(norm)-at >= 5
}

// particlesOfVerbs stand before -ge- in a participle: "uitgezet".
var particlesOfVerbs = wordSet(`af aan op uit in toe door terug over bij na weg om klaar stop recht vast los dicht vrij mee neer goed schoon
	open samen stil kwijt rond langs binnen`)

// noSteps are participles, and words that look like one, of what changes nothing.
var noSteps = wordSet(`doorgegeven doorgezet doorgestuurd gemeld genoteerd besproken gedeeld ontvangen gelezen gezien gehoord begrepen geprobeerd
	gekeken gevraagd aangegeven geregistreerd vastgelegd gedacht gehad geweest geworden gesproken gegaan gebeurd gevonden gekregen gekozen
	gewacht gedaan gelaten gezegd geschreven geweten meegenomen opgenomen aangekaart uitgelegd gehouden gekomen gelopen gestaan geholpen
	gegeven beloofd toegezegd geleden geen gewoon gedeelte gevoel gegevens gemaild gelegen gemist geleerd geacht tegen morgen mogen vragen eigen
	weigeren gemeten genomen teruggekoppeld neergelegd geopend gesloten ondervonden geinformeerd opgelopen
	passed shared noted logged forwarded escalated flagged raised reported received tried asked failed missed promised disappointed apologised
	apologized decided wanted need indeed aimed prioritised reviewed discussed investigated looked used based concerned needed happened
	experienced expected caused pleased delighted committed dedicated listed related updated learned registered recorded understood excited
	speed feed requested submitted assigned queued placed aangevraagd ingediend toegewezen gearchiveerd`)

var hopes = lazy(`
	hopen|hoop|hopelijk|hope|hopefully|hoping|verwachten|streven
`)

// notYet: "it will be fixed" and "wordt geregeld" are still to come.
var notYet = lazy(`
	will|to|should|must|can|would be
	wordt|worden|zal|zullen|gaan|gaat
`)

var perfect = wordSet("heb hebben heeft is zijn staat i've we've have has been he's she's")

var doneNow = sync.OnceValue(func() *phrases {
	return compile(`
	werkt|werken|rijdt|rijden|doet|draait|staat .. weer
	is|zijn .. .. opgelost|hersteld|verholpen
	is|are back up|on|online|working|running
	is|zijn al|nu|inmiddels? onderweg
	is|are already|now? on its|the|their way
	is|zijn nu|vandaag|inmiddels|vanochtend|zojuist|al|hiermee? vervallen|stopgezet|ingetrokken|gecorrigeerd|rechtgezet|kwijtgescholden|teruggedraaid|aangepast
	is|are|has|have now|been|already? waived|corrected|reinstated|reversed|removed|lifted
	is|are now? fixed|resolved|restored|working !hard|on|to|with|closely|towards|around
	ik|we|wij !begrijp|snap|hoop|weet|zie|kan|ga|gaan|begrijpen|hopen|werken|zijn|hebben|heb|ben _ ... nu|zojuist
	ik|we|wij|i|collega bel|bellen|rijd|rij|loop|stuur|zet|boek|haal|call|calling|ring|send|am|zoek ... nu|meteen|direct|zojuist|now
	`)
})

// acts reports whether one of the sentences holds a step, or the answer itself.
func (r *reading) acts(words []word, sentences []sentence) bool {
	for _, s := range sentences {
		part := words[s.first:s.last]
		if len(part) < 2 {
			continue
		}
		if r.emergency(s.Text) && givesNumber(part) || s.question && r.offersTimes(part) || r.stepWithDate(part, s.question) || !s.question && stepDone(part) || r.answersNow(part) {
			return true
		}
	}
	return false
}

// offersTimes: two moments to choose from are an appointment in the making.
func (r *reading) offersTimes(part []word) bool {
	or := false
	for _, w := range part {
		or = or || w.Norm == "of" || w.Norm == "or"
	}
	return or && len(r.future(part)) > 1 && !tellsPast().in(part)
}

// givesNumber: help that cannot wait has a number to call.
func givesNumber(part []word) bool {
	for _, w := range part {
		if w.Kind == text.KindNumber && len(w.Norm) > 2 {
			return true
		}
	}
	return false
}

// stepWithDate looks for a moment to come in a part that neither retells what
// went wrong, nor asks the customer to act, nor says when we are open: there
// somebody acts, or something will be there ("je krijgt het donderdag").
func (r *reading) stepWithDate(part []word, question bool) bool {
	for _, h := range r.future(part) {
		first, last := segmentOf(part, h.first)
		seg := part[first:last]
		if idle().in(seg) {
			continue
		}
		owner := hasOwner(seg) || carriesOn(part, first) || r.weInvite(part, h)
		switch {
		case owner:
			// "ik zoek vandaag uit waarom hij niet kwam": the story comes after.
			// "Our chef checked them this morning": our own act may be past.
			if !tellsPast().in(part[first:h.first]) || hasOwner(seg[:min(3, len(seg))]) && !failures().in(seg) {
				return true
			}
		case question, asksCustomer(seg), bounces().in(seg), tellsPast().in(seg), handled().in(seg), firstThis().in(seg), freebies(seg):
		default:
			return true
		}
	}
	return false
}

// freebies: something given makes good for what happened, it does not help.
func freebies(words []word) bool {
	for _, w := range wares {
		if (w.name == "free" || w.name == "gift" || w.name == "voucher" || w.name == "discount") && w.says().in(words) {
			return true
		}
	}
	return false
}

// firstThis: what would have to happen first, or what the customer may do.
var firstThis = lazy(`
	< als|mocht|mochten|indien|if|unless|lukt|wanneer
	< is|komt|heb|hebt|krijg|krijgt|werkt|gaat hij|zij|ze|het|hij|je|u|dit|dat .. .. nog|niet
	dan mag|kun|kunt je|u
`)

// carriesOn reports whether a segment without a subject of its own goes on
// with what we said we do: "Ik spreek Mo, die je hielp, vanmiddag".
func carriesOn(part []word, first int) bool {
	if first == 0 || !subjectOurs(part) || denied(part, hit{0, 1}) {
		return false
	}
	for _, w := range part[first:min(len(part), first+2)] {
		if subjectWords[w.Norm] {
			return false
		}
	}
	return !tellsPast().in(part[:first])
}

// weInvite: "donderdag kun je bij mij terecht, dan knip ik hem recht" is our
// own step, on a day.
func (r *reading) weInvite(part []word, h hit) bool {
	first, last := segmentOf(part, h.first)
	return last < len(part) && (part[last].Norm == "dan" || part[last].Norm == "then") && hasOwner(part[last:min(len(part), last+4)]) && invitations().in(part[first:last])
}

var invitations = lazy(`
	bij|with|to|by ons|mij|me|us
	onze|mijn|our|my stoel|chair|werkplaats|workshop
`)

// handled: what is done to the complaint, by nobody in particular.
var handled = lazy(`
	be|is|are|been|being .. reviewed|logged|considered|investigated|assessed|handled|processed|answered|looked|reported|submitted|claimed
	moet|moeten|dient|dienen|should|must|need ... gemeld|melden|ingediend|indienen|reported|submitted
	wordt|worden|is|zijn|beoordelen|behandelen ... beoordeeld|behandeld|bekeken|beantwoord|onderzocht|opgepakt|geregistreerd|meegenomen
`)

// hasOwner reports whether one of us is named: we, a trade of ours
// ("fraudespecialist"), or "onze bakker Hans".
func hasOwner(words []word) bool {
	for i, w := range words {
		if owners[w.Norm] || isTrade(w.Norm) || w.capital && i+1 < len(words) && acting[words[i+1].Norm] && isPerson(w) {
			return true
		}
		if w.Norm != "onze" && w.Norm != "mijn" && w.Norm != "our" && w.Norm != "my" {
			continue
		}
		for _, x := range words[i+1 : min(len(words), i+4)] {
			if x.name {
				return true
			}
		}
	}
	return false
}

// acting are verbs of somebody who does something for the customer: "Dirk rijdt".
var acting = wordSet(`komt belt rijdt brengt gaat staat haalt maakt zet kijkt stuurt regelt levert repareert bezorgt vervangt controleert zoekt loopt monteert neemt
	comes calls rings drives brings goes visits fixes collects delivers checks picks takes swaps repairs will is has`)

// isPerson: a capital that is no day, no common word and no pronoun.
func isPerson(w word) bool {
	return w.Kind == text.KindWord && !w.upper && len(w.Norm) > 1 && !common()[w.Norm] && !calendar[w.Norm] && !pronouns[w.Norm] && !numberIs(w)
}

func numberIs(w word) bool { return numberWords[w.Norm] != "" }

var pronouns = wordSet(`je jij u jullie hij zij ze het dat dit er die deze alles iedereen niemand wie wat you he she it they that this there everything everyone nobody who what
	maandag dinsdag woensdag donderdag vrijdag zaterdag zondag pakket bestelling order parcel delivery monteur chauffeur`)

func isTrade(norm string) bool {
	for _, t := range []string{"monteur", "specialist", "chef", "bezorger", "chauffeur", "planner", "manager", "adviseur", "medewerker", "technieker", "voorman", "maker", "timmerman", "monteuse", "kapper", "stylist", "apotheker", "beheerder", "directeur"} {
		if len(norm) > len(t) && strings.HasSuffix(norm, t) {
			return true
		}
	}
	return false
}

var requests = sync.OnceValue(func() *phrases {
	return compile(`
	< stuur|mail|bel|geef|laat|neem|kom|vul|send|call|email|let|please|give|contact|drop|visit|wil|wilt|kun|kunt|could|can|would you|je|u|mij|me|ons|dan|even|us
	< stuur|mail|bel|geef|laat|neem|kom|vul|probeer|send|call|email|let|please|give|contact|drop|visit|try !ik|we|wij
	je|u|jullie kunt|kun|kunnen|moet|moeten|mag|mogen ... bellen|mailen|sturen|langskomen|reageren|terecht|doorgeven|retourneren|ruilen|opzeggen|terugsturen|melden|indienen|aanvragen|opnemen
	kunt|kun|moet|mag|kan je|u|jullie|jij ... bellen|mailen|sturen|langskomen|reageren|terecht|doorgeven|retourneren|ruilen|opzeggen|terugsturen|melden|indienen|aanvragen|opnemen
	you can|could|may|should|must|need ... call|email|send|return|reply|apply|request|report|visit
	`)
})

// asksCustomer reports whether the words tell the customer to do something.
func asksCustomer(words []word) bool { return requests().in(words) }

var rightNow = lazy(`
	nu|meteen|direct|zojuist|momenteel|inmiddels|onderweg|now|already
	right now|away
	at this moment
	as we speak
	on the|my|his|her|their way|phone|line
`)

// actsNow: one of us, by role and at the head of the clause, does something
// at this moment: "filiaalmanager Tineke haalt nu het schap leeg".
func actsNow(part []word) bool {
	for i := range part {
		if rightNow().at(part, i) < 0 {
			continue
		}
		first, last := segmentOf(part, i)
		seg := part[first:last]
		if i-first >= 2 && hasOwner(part[first:i]) && !selves[part[first].Norm] && !denied(part, hit{i, i + 1}) &&
			!idle().in(seg) && !vague().in(seg) && !passesOn(seg) && !tellsPast().in(seg) && !failures().in(seg) && !asksCustomer(seg) {
			return true
		}
	}
	return false
}

var selves = wordSet("ik we wij i i'm we're i've we've team winkel keuken depot")

func stepDone(part []word) bool {
	if (doneNow().in(part) || actsNow(part)) && !tellsPast().in(part[:1]) {
		return true
	}
	for i, w := range part {
		h := hit{i, i + 1}
		if !isDone(w) && done().at(part, i) < 0 {
			continue
		}
		first, last := segmentOf(part, h.first)
		seg := part[first:last]
		if denied(part, h) || passesOn(seg) || notYet().in(seg) || hopes().in(seg) {
			continue
		}
		if tellsPast().in(part[first:h.first]) && !hasOwner(seg[:min(2, len(seg))]) {
			continue
		}
		// "Ik heb je nieuwe adres, Merelstraat 14, zojuist aangepast."
		if first > 0 && !tellsPast().in(part[:first]) {
			seg = part[:last]
		}
		has, who := false, false
		english := strings.HasSuffix(w.Norm, "ed")
		for _, w := range seg {
			has = has || perfect[w.Norm] && !(english && w.Norm == "is")
			who = who || owners[w.Norm]
		}
		if has && who || i > 0 && part[i-1].Norm == "i" {
			return true // "I have corrected it", "I corrected it"
		}
	}
	return false
}

// failures are our own acts that did not help.
var failures = lazy(`
	sorry|excuses|spijt|zou|zouden|had|hadden|moest|moesten|niet|geen|beloofd|beloofde|vergeten
	promised|missed|failed|didn't|hadn't|should|supposed|forgot|weren't|wasn't|couldn't|sorry|apologise|apologize|not|late
`)

// passing on, and a mistake made, are no step towards the customer.
var passedOn = wordSet(`feedback comments team teams department melding klacht bericht opmerking opmerkingen collega's reactie signaal complaint
	message note fout fouten vergissing indruk mistake mistakes error impression board onderzoek afdeling`)

func passesOn(words []word) bool {
	for _, w := range words {
		if passedOn[w.Norm] {
			return true
		}
	}
	return false
}

var causes = sync.OnceValue(func() *phrases {
	return compile(`
	dat|dit|het|de komt|kwam .. doordat|door|omdat
	< het|dit|dat zijn|gaat|betreft|was|is
	< it|this|that|they is|was|are|covers|comes
	de verklaring|uitleg
	die|dat|dit|deze|het #|$|_ is|zijn|was voor|bedoeld
	omdat|doordat|because
	doordat|de oorzaak|reden is|was
	dat betekent
	that|this|it is|was|happened .. because|due
	the reason|cause is|was
	that means
	klopt .. ..
	`)
})

var howTo = sync.OnceValue(func() *phrases {
	return compile(`
	hier|via|op|onder|here|at ... http
	je|u kunt|kun|kan|vindt|vind ... http
	you can|find|will ... http
	`)
})

// linkGiven: "blokkeren kan meteen via voorbeeld.nl/blokkeren".
var linkGiven = lazy(`
	kan|kun|kunt|vind|vindt|staat|staan|can|find|here|here's|hier .. .. .. op|via|met|onder|at|on|via
`)

// answersNow reports whether the part answers the matter itself: a cause to
// who asked for one, a page of ours where the customer can do it at once.
func (r *reading) answersNow(part []word) bool {
	if r.asksWhy() && causes().in(part) && !policies().in(part) {
		return true
	}
	if asksWhich().in(r.customer) && !tellsPast().in(part) && !bounces().in(part) {
		for _, w := range part {
			if w.money {
				return true
			}
		}
	}
	link := false
	for _, w := range part {
		link = link || w.Kind == text.KindLink && r.leadsHome(w)
	}
	return link && (howTo().in(part) || linkGiven().in(part)) && !bounces().in(part)
}

// leadsHome reports whether a link goes to a page of ours.
func (r *reading) leadsHome(w word) bool {
	for _, l := range links(r.Reply[w.Start:w.End]) {
		if !r.allowed(l) {
			return false
		}
	}
	return true
}

var whys = sync.OnceValue(func() *phrases {
	return compile(`
	waarom|hoezo|waardoor|vanwaar
	hoe kan|komt|bestaat|is dit|dat|het|zoiets
	wat is|was de reden|oorzaak
	geen uitleg|reden|verklaring
	uitleggen|uitleg|opheldering|verklaren
	wat dat|dit is
	explain|explanation
	why
	how come|is|can|could this|that|it
	what is|was|the reason|cause|happened
	no reason|explanation
	`)
})

var asksWhich = lazy(`
	welke|welk|wat klopt|geldt|kost|is|moet
	hoeveel
	which|how much|many|is|one
`)

// asksWhy reports whether the customer asked for a cause.
func (r *reading) asksWhy() bool { return whys().in(r.customer) }
