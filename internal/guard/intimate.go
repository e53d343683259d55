package guard

import "webcare.example/responder/internal/text"

// What nobody wants told of them in public, beyond the names of illnesses: an
// injury, a symptom, a treatment, a debt; and other people by their name.

// ailments are injuries, symptoms and treatments.
var ailments = lazy(`
	gebroken|gekneusde|gekneusd|verstuikte|verstuikt|verbrande|gescheurde|ontstoken|gezwollen|opgezwollen|zere|pijnlijke|bloedende pols|arm|been|enkel|vinger|vingers|hand|voet|teen|knie|schouder|rug|neus|rib|ribben|sleutelbeen|heup|kaak|tand|kies|nek|elleboog|oog|keel|gezicht
	hoest|gehoest|hoesten|koorts|griep|misselijk|misselijkheid|overgeven|braken|diarree|huiduitslag|astma|benauwdheid|benauwd|hernia|hersenschudding|longontsteking|blessure|hechtingen|chemo|zwangerschap|zwanger|miskraam|depressie|burn-out|burnout|verwonding|verwondingen|brandwond|brandwonden|botbreuk|buikpijn|rugpijn|hoofdpijn|nekpijn|migraine|duizelingen|voedselvergiftiging|infectie|zwelling|bevalling|rolstoel|beperking|handicap|slechthorend|slechtziend
	broke|break|broken|hurt|injured|fractured|twisted|bruised her|his|your|their|a pols|arm|been|enkel|vinger|vingers|hand|voet|teen|knie|schouder|rug|neus|rib|ribben|heup|kaak|tand|nek|elleboog|oog|hoofd|wrist|leg|ankle|finger|foot|toe|knee|shoulder|back|nose|rib|ribs|hip|jaw|tooth|neck|elbow|eye|head|collarbone
	her|his|your|their|je|jouw|zijn|haar pols|arm|been|enkel|vinger|vingers|hand|voet|teen|knie|schouder|rug|neus|rib|ribben|heup|kaak|tand|nek|elleboog|oog|hoofd|wrist|leg|ankle|finger|foot|toe|knee|shoulder|back|nose|rib|ribs|hip|jaw|tooth|neck|elbow|eye|head|collarbone heals|heal|healing|mends|geneest|herstelt|weer
	in the? hospital|hospice
	in het ziekenhuis
	medicatie|medicijnen|insuline|operatie|diagnose|bloeduitslag|bloedwaarden
	broken|fractured|sprained|swollen|burnt|burned|bruised|dislocated|twisted|torn|injured|sore|bleeding wrist|arm|leg|ankle|finger|fingers|hand|foot|toe|knee|shoulder|back|nose|rib|ribs|hip|jaw|tooth|neck|elbow|eye|throat|face|collarbone
	cough|coughing|fever|flu|nausea|vomiting|rash|asthma|concussion|stitches|chemo|pregnancy|pregnant|miscarriage|depression|burnout|migraine|pneumonia|fracture|sprain|infection|swelling|seizure|seizures|wheelchair|disability|anaphylaxis|hives|dizziness
	chest|back|stomach|neck|tooth pain|ache
	food poisoning
	medication|surgery|diagnosis|biopsy|prescription
	blood|test|scan|lab|biopsy test? results|result
	bloedtest|bloedonderzoek|testuitslag|testuitslagen
`)

// debts are arrears in more words than one.
var debts = lazy(`
	betaalachterstand|achterstand|betalingsachterstand|huurachterstand|huurschuld|wanbetaler|wanbetaling|deurwaarder|schuldhulp|schuldsanering|bewindvoering
	openstaande rekening|rekeningen|factuur|facturen|bedrag|schuld|saldo|termijn|termijnen|betaling
	arrears|bailiff|bailiffs|insolvency|bankruptcy
	overdue|outstanding|unpaid|missed|late balance|payment|payments|account|bill|bills|invoice|invoices|amount|debt|rent|instalment
	behind on|with your|the|his|her payments|payment|rent|bills
	you owe|owed us
	loopt|loop|lopen ... achter
	achterloopt|achterlopen|achterstallig|achterstallige|roodstand|overdraft|overdrawn
	staat|stond .. rood
	in the red
	je|u|jij|you ... niet|haven't|not|didn't|never !aan .. betaald|paid
	je|u|jij ... niet|nooit voldaan
	*termijn|*bedrag|*factuur|*rekening|november|oktober|december ... niet|nooit voldaan|betaald
	niet|nooit is|zijn|werd? voldaan
	hasn't|haven't|never|not paid|settled
	failed|bounced|declined|returned|unpaid .. debit|debits|payment|payments
	missed|skipped #|two|three|several|a? .. payment|payments|instalment|instalments|instalments|rent
	uitkering|bijstand|loonbeslag|beslag|credit score
	bsn|burgerservicenummer|loonstrook|loonstroken|salaris|inkomen|strafblad|verblijfsvergunning|toeslagschuld
	je|jouw|uw|your ex
	payslip|payslips|salary|income|visa|immigration|benefits|divorce|custody
	incasso|incasso's|direct debit .. .. .. .. mislukt|gestorneerd|failed|bounced
`)

// conditions finds somebody's health or debts that no other finding covers,
// where the words are about the customer or theirs. A product may have a fault
// of the same name ("je gebroken arm" of a chair): the words stand after
// "your" all the same, and a person decides.
func (r *reading) conditions(already []found) []found {
	var out []found
	for _, kind := range []struct {
		says    func() *phrases
		message string
		debt    bool
	}{{ailments, "somebody's health in public", false}, {debts, "somebody's debts in public", true}} {
		for _, h := range kind.says().find(r.words) {
			f := r.at(h, kind.message)
			if r.words[h.first].quoted || covered(already, f) || covered(out, f) || !r.theirs(h) && !r.broughtUp(h, kind.debt) {
				continue
			}
			out = append(out, f)
		}
	}
	return out
}

// broughtUp: a debt that the customer speaks of is theirs, also without "je".
func (r *reading) broughtUp(h hit, debt bool) bool {
	return debt && r.customerSaysLike(r.words[h.first].Norm) && !r.oursBefore(h.first)
}

// othersHealth finds, in private, the illness of somebody who is neither the
// customer nor brought up by them: "Ines' son, who has epilepsy".
func (r *reading) othersHealth() []found {
	var out []found
	for i, w := range r.words[:r.body] {
		p := text.PersonalSpan{Kind: text.PersonalHealth, Start: w.Start, End: w.End, Text: r.Reply[w.Start:w.End]}
		if !isCondition(w) && ailments().at(r.words, i) < 0 || w.quoted || r.saidByCustomer(p) || r.customerMentions(w) || r.oursBefore(i) {
			continue
		}
		other := false
		for _, w := range r.sentenceOf(r.words, i) {
			if yourNumber[w.Norm] || w.Norm == "jullie" {
				other = false
				break
			}
			other = other || w.capital && !r.isCustomer(w.Norm) && !common()[w.Norm] && !greetings[w.Norm] && !isCondition(w) && w.Start < p.Start
			other = other || possessives[w.Norm] || thirds[w.Norm] || owners[w.Norm] && w.Norm != "ik" && w.Norm != "i"
		}
		if other {
			out = append(out, found{p.Start, p.End, "somebody else's health"})
		}
	}
	return out
}

var thirds = wordSet("hij zij he she hem him")

// theirs reports whether the words of the hit are about the customer or
// somebody of theirs: "je hoest", "de koorts van je dochter". What we are late
// with ourselves ("onze achterstand") is not.
func (r *reading) theirs(h hit) bool {
	for i := max(0, h.first-2); i < h.first; i++ {
		if n := r.words[i].Norm; (n == "onze" || n == "our" || n == "ons" || n == "mijn" || n == "my") && r.words[i].segment == r.words[h.first].segment {
			return false
		}
	}
	if h.first > 0 && possessives[r.words[h.first-1].Norm] && r.words[h.first-1].sentence == r.words[h.first].sentence {
		return true
	}
	for _, w := range r.words[h.first:h.last] {
		if possessives[w.Norm] {
			return true // "broke her hip"
		}
	}
	for i := max(0, h.first-5); i < min(len(r.words), h.last+5); i++ {
		if r.words[i].sentence == r.words[h.first].sentence && relatives[r.words[i].Norm] {
			return true
		}
	}
	return false
}

var possessives = wordSet("zijn haar hun his her their")

var relatives = wordSet(`she he they someone somebody iemand je jij jou jouw u uw jullie you your you're you've you'd moeder vader zoon zoontje dochter dochtertje man vrouw kind kindje kinderen baby oma opa
	partner broer broertje zus zusje mother father son daughter husband wife child kid kids mum dad gran nan grandmother grandfather sister brother toddler`)

// roles come before somebody's name: "monteur Harm", "our driver Kev".
var roles = wordSet(`klant bewoner patient gast reiziger huurder buurman buurvrouw buur client cursist leerling
	customer resident patient guest passenger tenant neighbour neighbor client pupil student member`)

// whoDid comes after somebody's name: "Dave Collins who assembled it".
var whoDid = wordSet("die who has had heeft had is was wie zegt zei said says didn't forgot vergat deed did")

// fullNames finds people by first name and surname, who are neither the
// customer nor the one who signs, and other customers by any name.
func (r *reading) fullNames() []found {
	var out []found
	for i := 1; i+1 < r.body; i++ {
		if f, ok := r.nameFirst(i); ok {
			out = append(out, f)
			continue
		}
		w, next := r.words[i], r.words[i+1]
		if f, ok := r.noble(i); ok {
			out = append(out, f)
			continue
		}
		if f, ok := r.initials(i); ok {
			out = append(out, f)
			continue
		}
		if !w.name || w.quoted || r.isCustomer(w.Norm) || r.isBrandName(w.Norm) || titles[w.Norm] || offices[w.Norm] || groups[w.Norm] {
			continue
		}
		before := r.words[i-1]
		if before.segment != w.segment && !(roles[before.Norm] && before.sentence == w.sentence) {
			continue
		}
		if roles[before.Norm] && !r.customerSays(w.Norm) && !r.greeted(i) {
			out = append(out, r.at(hit{i - 1, i + 1}, "names another customer: what happened to others is theirs"))
			continue
		}
		last := i + 1
		for last+1 < r.body && particles[r.words[last].Norm] {
			last++
		}
		if !next.capital && last == i+1 || !r.words[last].name || r.words[last].segment != w.segment || r.words[last].Start-r.words[last-1].End > 1 || r.customerSays(r.words[last].Norm) {
			continue
		}
		if r.isCustomer(r.words[last].Norm) {
			continue
		}
		after := ""
		if last+1 < len(r.words) && r.words[last+1].sentence == w.sentence {
			after = r.words[last+1].Norm
		}
		person := reached[before.Norm] || mixUps().in(r.sentenceOf(r.words, i)) || owners[before.Norm] || isTrade(before.Norm) || personBefore[before.Norm] && whoDid[after]
		if person {
			out = append(out, r.at(hit{i, last + 1}, "names somebody in full: a first name is enough"))
			i = last
		}
	}
	return out
}

// noble finds "Joris van Dalen" wherever it stands in public: nothing but a
// name is built so.
func (r *reading) noble(i int) (found, bool) {
	w := r.words[i]
	if !r.Public || !w.capital || !particles[r.words[i+1].Norm] || r.words[i+1].capital || common()[w.Norm] || greetings[w.Norm] || titles[w.Norm] || w.quoted {
		return found{}, false
	}
	last := i + 1
	for last+1 < r.body && particles[r.words[last].Norm] {
		last++
	}
	name := r.words[last]
	if last-i < 2 || !name.name || name.segment != w.segment || !surnameParticle[r.words[i+1].Norm] || r.isCustomer(w.Norm) || r.isCustomer(name.Norm) || r.isBrandName(name.Norm) || r.customerSays(name.Norm) || calendar[w.Norm] {
		return found{}, false
	}
	for j := i - 1; j >= 0 && r.words[j].segment == w.segment; j-- {
		if greetings[r.words[j].Norm] {
			return found{}, false
		}
	}
	return r.at(hit{i, last + 1}, "names somebody in full: a first name is enough"), true
}

// surnameParticle is where a Dutch surname may begin; "van" alone also says
// where people come from: "Tim van Rotterdam" is rare, "Tim van de winkel" is no name.
var surnameParticle = wordSet("van der den ter ten")

// initials finds "bestemd voor K. Hoekstra".
func (r *reading) initials(i int) (found, bool) {
	w, next := r.words[i], r.words[i+1]
	if len(w.Norm) != 1 || !w.upper || !next.capital || next.upper || len(next.Norm) < 3 || next.Start-w.End > 2 || r.isCustomer(next.Norm) || r.customerSays(next.Norm) {
		return found{}, false
	}
	if !mixUps().in(r.words[max(0, i-8) : i+1]) {
		return found{}, false
	}
	return r.at(hit{i, i + 2}, "names somebody in full: a first name is enough"), true
}

// offices before a name make it one of ours.
var offices = wordSet("dr prof dokter doctor professor zuster juf meester nurse chef")

// nameFirst finds a full name at the head of a sentence: "Dave Collins, who
// assembled it".
func (r *reading) nameFirst(i int) (found, bool) {
	w, next := r.words[i], r.words[i+1]
	if w.sentence == r.words[i-1].sentence || !w.capital || !next.name || next.sentence != w.sentence || next.segment != w.segment || next.Start-w.End > 1 ||
		i+2 >= r.body || !whoDid[r.words[i+2].Norm] || common()[w.Norm] || r.isCustomer(w.Norm) || r.isCustomer(next.Norm) || r.isBrandName(w.Norm) ||
		r.customerSays(next.Norm) || greetings[w.Norm] || titles[w.Norm] || offices[w.Norm] {
		return found{}, false
	}
	if who := r.words[i+2].Norm; who != "who" && who != "die" {
		return found{}, false // "Royal Mail has", "Black Friday was"
	}
	return r.at(hit{i, i + 2}, "names somebody in full: a first name is enough"), true
}

// mixUps are sentences in which a name is most likely another customer's.
var mixUps = lazy(`
	mix-up|mixed|swapped|belonged|belongs
	andere|vorige|other|another|previous klant|bewoner|huurder|gast|customer|resident|tenant|guest
	op naam van
	in the name of
	addressed|geadresseerd|gericht to|aan
	meant|intended for
	went|sent|delivered|handed to
	left with
	verwisseld|verwisseling|verward
	bestemd|bedoeld voor
	ging|gegaan|gestuurd|bezorgd|beland|terechtgekomen naar|bij|aan
	bij .. .. .. beland|bezorgd|afgegeven|terechtgekomen
`)

// reached are verbs before somebody we were in touch with.
var reached = wordSet("phoned rung called contacted emailed told asked met gebeld gemaild gesproken gevraagd belden")

var personBefore = wordSet("was is door by van aan from with met dat that zoon son")
