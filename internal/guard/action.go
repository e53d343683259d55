package guard

import (
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
	if !r.complaint() || !r.known() || len(r.words) == 0 {
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
	plumber electrician advisor supervisor depot winkel store workshop werkplaats keuken kitchen magazijn warehouse`)

// outcomes say what the customer will have: a step told from their side.
var outcomes = sync.OnceValue(func() *phrases {
	return compile(`
	krijg|krijgt|ontvang|ontvangt|krijgen|ontvangen je|jij|u|jullie
	je|jij|u|jullie krijg|krijgt|ontvangt|ontvang|krijgen|hebt|heb|heeft|kunt|kan|mag
	staat|ligt|komt|wordt|worden|is|zijn|rijdt|rijden|vertrekt|arriveert|werkt|gaat|staan|komen|loopt
	you'll|you get|have|receive|hear|see|find
	you will|can get|have|receive|hear|see|find|collect|expect
	will|should|is|are|gets|arrives|leaves|runs|it'll|that'll|opens|goes
	`)
})

// idle verbs do nothing for this customer.
var idle = sync.OnceValue(func() *phrases {
	return compile(`
	hopen|hoop|hope|hoping
	bereikbaar|geopend|open|aanwezig|available|gesloten|closed|drukte|druk|busy
	begrijp*|snap*|understand|realise|realize|appreciate
	bedankt|dank|thanks|thank
	`)
})

// tellsPast marks a sentence part that retells what happened.
var tellsPast = sync.OnceValue(func() *phrases {
	return compile(`
	sorry|excuses|spijt|vervelend|jammer|balen|apologise|apologize|apologies|verontschuldig*|niet leuk
	was|waren|had|hadden|moest|moesten|kwam|kwamen|kreeg|kregen|werd|werden|stond|stonden|bleek|ging|zou|zouden|beloofd|beloofde
	were|didn't|wasn't|hadn't|should've|never|missed|failed|promised|came|went|waited|told|got
	<  dat|omdat|terwijl|toen|nadat|because|when|while
	`)
})

// done are participles of steps that help; passing on or noting is no step.
var done = sync.OnceValue(func() *phrases {
	return compile(`
	teruggeboekt|teruggestort|terugbetaald|overgemaakt|opgezegd|gestopt|stopgezet|beeindigd|aangepast|gecorrigeerd|rechtgezet|verstuurd|gestuurd|opgestuurd|toegestuurd|besteld|ingepland|gepland|ingeboekt|geboekt|omgeboekt|verwijderd|uitgezet|aangezet|hersteld|gerepareerd|geregeld|omgezet|geblokkeerd|gedeblokkeerd|afgemeld|uitgeschreven|gecrediteerd|gereset|klaargezet|klaargelegd|gereserveerd|geannuleerd|vervangen|opgelost|ingetrokken|kwijtgescholden|verlengd|verplaatst|verzet|vrijgezet|opgehaald|bezorgd|afgeleverd|geleverd|vrijgegeven|schoongemaakt|gemaakt|bijgeschreven|stilgelegd|nagekeken|uitgezocht|gevonden|verholpen|rechtgetrokken|losgekoppeld|dichtgezet|toegevoegd|gewist|gebeld|gewijzigd|weggehaald
	refunded|cancelled|canceled|stopped|corrected|sent|shipped|booked|rebooked|scheduled|removed|fixed|restored|replaced|blocked|unblocked|reset|updated|arranged|unsubscribed|credited|reserved|moved|issued|waived|resolved|ordered|dispatched|secured|switched|deleted|reactivated|reopened|closed|frozen|changed|repaired|cleared|called|located|tracked|found|taken|put|posted|emailed
	`)
})

var perfect = wordSet(`heb hebben heeft is zijn staat werd ben i've we've have has been i we just 've`)

var doneNow = sync.OnceValue(func() *phrases {
	return compile(`
	werkt|werken|rijdt|rijden|doet|draait|staat .. weer
	is|zijn .. .. opgelost|hersteld|verholpen
	is|are back up|on|online|working
	is|are now? fixed|resolved|restored|working
	`)
})

// acts reports whether one of the sentences holds a step, or the answer itself.
func (r *reading) acts(words []word, sentences []sentence) bool {
	for _, s := range sentences {
		part := words[s.first:s.last]
		if len(part) < 3 {
			continue
		}
		if r.stepWithDate(part, s.question) || !s.question && stepDone(part) || r.answersNow(part) {
			return true
		}
	}
	return false
}

// stepWithDate looks for a moment to come in a part that is not the retelling
// of what went wrong, with somebody who acts or something that will be there.
func (r *reading) stepWithDate(part []word, question bool) bool {
	for _, h := range r.future(part) {
		first, last := segmentOf(part, h.first)
		seg := part[first:last]
		if tellsPast().in(part[first:h.first]) || idle().in(seg) {
			continue
		}
		owner := hasOwner(seg)
		if question && !owner {
			continue
		}
		if owner || !asksCustomer(seg) && (outcomes().in(seg) || hasOwner(part) && !tellsPast().in(seg)) {
			return true
		}
	}
	return false
}

func hasOwner(words []word) bool {
	for _, w := range words {
		if owners[w.Norm] {
			return true
		}
	}
	return false
}

var requests = sync.OnceValue(func() *phrases {
	return compile(`
	< stuur|mail|bel|geef|laat|neem|kom|send|call|email|let|please|give|contact|drop|visit|wil|kun|kunt|kan|could|can|would
	`)
})

// asksCustomer reports whether the words tell the customer to do something.
func asksCustomer(words []word) bool { return requests().in(words) }

func stepDone(part []word) bool {
	if doneNow().in(part) && !tellsPast().in(part[:1]) {
		return true
	}
	for _, h := range done().find(part) {
		first, last := segmentOf(part, h.first)
		seg := part[first:last]
		if denied(part, h) || tellsPast().in(part[first:h.first]) {
			continue
		}
		has, who := false, false
		for _, w := range seg {
			has = has || perfect[w.Norm]
			who = who || owners[w.Norm]
		}
		if has && who {
			return true
		}
	}
	return false
}

var causes = sync.OnceValue(func() *phrases {
	return compile(`
	dat|dit|het|de komt|kwam .. doordat|door|omdat
	doordat|de oorzaak|reden is|was
	dat betekent
	that|this|it is|was|happened .. because|due
	the reason|cause is|was
	that means
	klopt|inderdaad .. ..
	`)
})

var howTo = sync.OnceValue(func() *phrases {
	return compile(`
	hier|via|op|onder|here|at ... http
	je|u kunt|kun|kan|vindt|vind ... http
	you can|find|will ... http
	`)
})

// answersNow reports whether the part answers the matter itself: a cause to
// who asked for one, a page of ours where the customer can do it at once.
func (r *reading) answersNow(part []word) bool {
	if r.asksWhy() && causes().in(part) {
		return true
	}
	link := false
	for _, w := range part {
		link = link || w.Kind == text.KindLink
	}
	return link && howTo().in(part) && !bounces().in(part)
}

var whys = sync.OnceValue(func() *phrases {
	return compile(`
	waarom|hoezo|waardoor|vanwaar
	hoe kan|komt|bestaat|is dit|dat|het|zoiets
	wat is|was de reden|oorzaak
	geen uitleg|reden|verklaring
	why
	how come|is|can|could this|that|it
	what is|was|the reason|cause|happened
	no reason|explanation
	`)
})

// asksWhy reports whether the customer asked for a cause.
func (r *reading) asksWhy() bool { return whys().in(r.customer) }
