package guard

import (
	"strings"
	"sync"

	"webcare.example/responder/internal/text"
)

// internalProcess (rule 6) finds how we work inside: policy and procedure,
// systems, departments, tickets and the jargon of the brand's list. The
// customer needs to know what we do, not who passes it to whom. A customer
// who asked why may read one plain cause ("door een fout in ons systeem")
// after the apology, and words the customer used may come back.
func internalProcess(r *reading) []found {
	var out []found
	cause := !r.asksWhy() // one is fine where they asked
	for _, h := range policies().find(r.words) {
		if !r.words[h.first].quoted {
			out = append(out, r.at(h, "internal policy or procedure: say what happens for the customer"))
		}
	}
	for _, h := range systems().find(r.words) {
		if r.words[h.first].quoted || r.retold(h) {
			continue
		}
		if !cause && r.isCause(h) {
			cause = true
			continue
		}
		out = append(out, r.at(h, "an internal system: the customer has nothing to do with it"))
	}
	for _, h := range desks().find(r.words) {
		if !r.words[h.first].quoted && !r.retold(h) && !r.closesWith(h) && !r.admits(h) {
			out = append(out, r.at(h, "an internal department or step: name a person, or just say we"))
		}
	}
	return append(out, r.jargon(out)...)
}

var policies = sync.OnceValue(func() *phrases {
	return compile(`
	conform|volgens|krachtens|overeenkomstig|vanwege|wegens|op ons|onze|het|de|grond? .. beleid|procedure|procedures|protocol|richtlijn|richtlijnen|werkwijze|proces|regels|huisregels|voorwaarden|werkafspraken
	ons|onze .. beleid|procedure|procedures|protocol|protocollen|werkinstructie|werkinstructies|richtlijnen|werkproces|werkprocessen|beleidsregels|bedrijfsbeleid
	conform|volgens|krachtens|gezien _ *voorwaarden|*beleid|*procedure|*procedures|*regels|*reglement|*protocol
	algemene voorwaarden
	op grond|basis van ... voorwaarden|*voorwaarden|beleid|*beleid|reglement|regeling
	polisvoorwaarden|leveringsvoorwaarden|retourvoorwaarden|vervoersvoorwaarden|actievoorwaarden|huurvoorwaarden|abonnementsvoorwaarden|garantievoorwaarden|gebruiksvoorwaarden|contractvoorwaarden
	artikel|lid|clause|paragraph #
	protocol|protocollen
	bedrijfsbeleid|retourbeleid|servicebeleid|klachtenprocedure|standaardprocedure|escalatieprocedure|klachtenprotocol|werkproces|werkinstructie*
	standaard|interne|vaste procedure|procedures|proces|werkwijze|beleid|processen
	de? procedure is|schrijft|vereist|bepaalt
	de|onze regel|regels is|zijn|luidt|luiden dat
	zo is|werkt de|ons procedure|beleid|proces
	our|company|internal|standard|official|strict|the .. policy|policies|procedure|procedures|protocol|protocols|guidelines
	as per our|company|the
	per our|company .. policy|terms|procedure|guidelines
	in line|accordance with our|company
	terms and conditions
	follow|follows|following|volgen|volgt .. .. guidelines|procedures|protocols|procedure|protocol|richtlijnen|protocollen|voorschriften
	our internal|standard? process|processes
	`)
})

var systems = sync.OnceValue(func() *phrases {
	return compile(`
	ons|onze|het|de|in|in|uit systeem|systemen|database|klantsysteem|planningssysteem|boekingssysteem|factuursysteem|planningstool|ticketsysteem|facturatiesysteem|voorraadsysteem|ordersysteem|kassasysteem|administratiesysteem|betaalsysteem|routesysteem
	klantsysteem|planningssysteem|boekingssysteem|factuursysteem|planningstool|ticketsysteem|facturatiesysteem|voorraadsysteem|ordersysteem|administratiesysteem|retoursysteem|routeplanningssysteem
	our|the|internal .. system|systems|database|backend|back-end
	our|internal .. platform
	sap|salesforce|zendesk|freshdesk|jira|servicenow|dynamics|topdesk
	billing|booking|ticketing|order|dispatch|inventory|routing|planning engine|system|tool
	`)
})

var desks = sync.OnceValue(func() *phrases {
	return compile(`
	afdeling _
	onze|de planning|logistiek|administratie|boekhouding|financien|inkoop|expeditie neemt|gaat|zal|heeft|pakt|kijkt|zoekt|belt|regelt|verwerkt|moet|kan
	*afdeling|*afdelingen
	juiste|betreffende|desbetreffende|verantwoordelijke|relevante|bevoegde|betrokken afdeling|afdelingen|team|collega's|dienst|desk|partij
	backoffice|back-office|frontoffice|front-office|backofficeteam|debiteurenbeheer|crediteurenbeheer|debiteuren|crediteuren|facturatie|incassoteam|klantrelatiebeheer|orderverwerking|retourverwerking|claimafhandeling|schadeafhandeling
	back|front office
	eerste|tweede|1e|2e|derde lijn|lijns|lijnsupport
	eerstelijns*|tweedelijns*
	team facturatie|logistiek|planning|retouren|claims|escalaties|backoffice|debiteuren|finance|billing|operations
	intern|interne
	melding|ticket|case|casus|zaak .. aangemaakt|geopend|ingeschoten|ingediend|doorgezet|aanmaken|openen|geregistreerd
	ticketnummer|tickets|ticket|zaaknummer|meldingsnummer|casenummer
	melding|klacht|verzoek|bericht .. geregistreerd|gelogd|vastgelegd
	geescaleerd|escaleren|escaleer|escalatie|opgeschaald|opschalen
	in behandeling genomen
	zet|zetten|leg|leggen|speel|spelen ... door|neer|voor naar|aan|bij onze|ons|het|de|mijn
	head office
	task force
	taskforce|werkgroep|stuurgroep
	logged as|under|with
	hoofdkantoor|headquarters|management|directie
	doorgezet|overgedragen|uitgezet|belegd|doorgespeeld bij|naar|aan|binnen de|onze|het|een|ons
	finance|billing|accounts|legal|claims|returns|logistics|fulfilment|fulfillment|operations|complaints|collections|quality|technical|it|hr|shipping|dispatch|compliance|retention department|team|desk|division|unit|section
	our|the talent|customer|support|success|relations|resolutions|escalations|marketing|sales|warehouse|fulfilment|fulfillment|acquisition .. team|department|desk
	the right|relevant|appropriate|responsible|correct|concerned|respective department|team|people|colleagues|desk
	dealt|handled|managed|looked|processed .. .. by our|the|a _ team|desk|unit
	department
	customer relations|operations
	dev|development|engineering|product|webcare|devops team|squad|department
	sprint|backlog|roadmap|releaseplanning
	second|first|third line|tier
	tier|level 2|1|3|two|one|three
	escalated|escalate|escalation|escalating
	case|ticket number|reference|id|no|opened|raised|logged|created
	raise|raised|log|logged|open|opened|create|created a|an|your|the ticket|case|incident|request
	internally
	internal .. review|investigation|process|team|teams|note|notes|discussion|department
	`)
})

// closesWith: a desk that signs is rule 8's, not an internal step.
func (r *reading) closesWith(h hit) bool {
	last := r.sentences[len(r.sentences)-1]
	return h.first >= r.body || h.first >= last.first && last.last-last.first <= 5 && !strings.ContainsAny(tail(last.Text), ".!?")
}

// retold reports whether the words repeat the customer's own story: they
// used the same word, in our apology for it.
func (r *reading) retold(h hit) bool {
	for i := h.first; i < h.last; i++ {
		if w := r.words[i]; nounsOfOurs[w.Norm] && !r.customerSays(w.Norm) {
			return false
		}
	}
	for i := h.first; i < h.last; i++ {
		w := r.words[i]
		if len(w.Norm) > 3 && !objects[w.Norm] && r.customerSays(w.Norm) {
			first, _ := segmentOf(r.words, h.first)
			return tellsPast().in(r.words[first:h.last]) || !nounsOfOurs[w.Norm]
		}
	}
	return false
}

// admits: a ticket to get in with is none to be worked on.
func (r *reading) admits(h hit) bool {
	if n := r.words[h.first].Norm; n != "ticket" && n != "tickets" {
		return false
	}
	for i := max(0, h.first-2); i < h.first; i++ {
		if w := r.words[i]; entries[w.Norm] || w.isNumber() && w.Norm != "een" && w.Norm != "a" && w.Norm != "an" {
			return true
		}
	}
	return false
}

var entries = wordSet("free gratis train trein concert festival entry return season extra museum bus film flight plane day dag dagje new nieuwe")

// objects of any step: that the customer said "klacht" excuses nothing.
var objects = wordSet("klacht melding bericht vraag mail complaint message request query")

// nounsOfOurs stay internal even where the customer used them.
var nounsOfOurs = wordSet("afdeling department team policy beleid procedure systeem system backoffice")

func (r *reading) customerSays(norm string) bool {
	for _, w := range r.customer {
		if w.Norm == norm || len(norm) > 3 && strings.Contains(w.Norm, strings.TrimSuffix(norm, "s")) {
			return true
		}
	}
	return false
}

var causeWords = wordSet("door doordat omdat fout storing foutje because due error glitch bug fault oorzaak cause mistake wegens")

// isCause reports whether the sentence of the hit explains, after an apology.
func (r *reading) isCause(h hit) bool {
	n := r.words[h.first].sentence
	cause := false
	for _, w := range r.inSentence(n) {
		cause = cause || causeWords[w.Norm]
	}
	_, sorry := r.apologises(r.words[:r.sentences[n].last])
	return cause && sorry
}

// jargon finds words of the brand's list that no other finding covers.
func (r *reading) jargon(already []found) []found {
	var out []found
	for _, entry := range r.Voice.Jargon {
		want := text.Words(entry)
		if len(want) == 0 {
			continue
		}
		for i := 0; i+len(want) <= len(r.words); i++ {
			if !sameWords(r.words[i:], want) || r.words[i].quoted || r.customerSays(want[0].Norm) {
				continue
			}
			f := r.at(hit{i, i + len(want)}, "jargon: the customer does not know «"+entry+"»")
			if !covered(already, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

func sameWords(words []word, want []text.Word) bool {
	for i, w := range want {
		if words[i].Norm != w.Norm {
			return false
		}
	}
	return true
}

func covered(already []found, f found) bool {
	for _, a := range already {
		if f.start >= a.start && f.end <= a.end {
			return true
		}
	}
	return false
}
