package guard

import (
	"strings"
	"sync"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// asksKnownFact (rule 4) finds questions about what the customer already told,
// and more than one question. A request without a question mark ("stuur me je
// ordernummer") is a question too. A question that repeats the fact to confirm
// it, or that asks what suits the customer, is none about a known fact.
// Several things asked in one sentence are one question.
func asksKnownFact(r *reading) []found {
	var out []found
	var asked []int
	facts := r.facts()
	for n, s := range r.sentences {
		words := r.inSentence(n)
		if !s.question && !demands().in(words) {
			continue
		}
		if len(words) == 0 || s.first >= r.body || words[0].quoted || polite().in(words) || rhetorical().at(words, 0) >= 0 {
			continue
		}
		asked = append(asked, n)
		if f, ok := r.asksFor(n, facts); ok {
			out = append(out, f)
		}
		if s.question && twoInOne().in(words) {
			asked = append(asked, n)
		}
	}
	if len(asked) > 1 && len(out) == 0 {
		out = append(out, r.whole(asked[1], "more than one question: ask the one thing you need"))
	}
	return out
}

// demands are requests without a question mark for something to be told or sent.
var demands = sync.OnceValue(func() *phrases {
	return compile(`
	stuur|geef|mail|app|noem|vermeld|deel|dm ... nummer|*nummer|adres|*adres|gegevens|*gegevens|postcode|naam|datum|*datum|foto|foto's|bewijs|*bon|bon|details|tijdstip|kenmerk|code|*code|iban
	laat ... weten|horen wat|welk|welke|waar|wanneer|hoe|wie|om|of
	ontvang|ontvangen|hoor|horen|weten|zouden|willen .. .. graag ... *nummer|adres|*adres|gegevens|postcode|naam|datum|*datum|foto|foto's|details
	graag ontvang|ontvangen|hoor|horen ... *nummer|adres|*adres|gegevens|postcode|naam|datum|*datum|foto|foto's|details|welk|welke|wat|wanneer
	graag je|jouw|uw *nummer|adres|postcode|gegevens|naam
	hebben|heb ... *nummer|*adres|postcode|gegevens nodig
	send|share|provide|dm|email|give|tell|confirm|supply|let ... number|address|postcode|details|name|date|photo|photos|picture|receipt|proof|reference|code|order
	let me|us know what|which|where|when|who|your|how|whether
	please confirm|tell|describe|explain|resend|quote|upload|forward|attach|enclose|enter|state|include
	< resend|quote|upload|forward|attach|enclose|include|upload|vermeld|noteer _
	need|require your ... number|address|postcode|details|name|date|reference
	beschrijf|vertel .. wat|meer|precies|ons
	`)
})

// polite questions ask for nothing.
var polite = sync.OnceValue(func() *phrases {
	return compile(`
	heb|hebt|mocht je|u .. .. vragen|vraag
	nog vragen
	kan|kunnen ik|we|wij .. .. nog ... helpen|betekenen|doen
	any .. questions
	anything else
	oke zo|dan
	sounds good
	weet je|u dat
	`)
})

// rhetorical questions are answered by whoever asks them.
var rhetorical = lazy(`
	waarom|hoezo|why
	hoe kan|kon dit|dat|het|zoiets
	how come|could
	en nu
	what now|next
`)

// twoInOne: "wat is je ordernummer en wanneer heb je besteld?"
var twoInOne = sync.OnceValue(func() *phrases {
	return compile(`
	en|and|or wat|waar|wanneer|welk|welke|hoe|wie|hoeveel|what|where|when|which|who|how|heb|hebt|kun|kunt|did|do|was|is|have|could|can|would
	`)
})

// subject is something that can be asked for, with the facts that answer it.
type subject struct {
	asks  func() *phrases
	kinds []webcare.FactKind
	cue   []string // the fact's own words or those before it hold one of these, where any do
}

func lazy(lines string) func() *phrases {
	return sync.OnceValue(func() *phrases { return compile(lines) })
}

var subjects = []subject{
	{lazy(`
	ordernummer|bestelnummer|bestellingsnummer|ordernr|bestelnr|orderkenmerk
	order|bestel|booking|purchase number|no|id|reference|nummer
	nummer van je|de|uw|jouw bestelling|order
	`), []webcare.FactKind{webcare.FactNumber}, []string{"order", "bestel", "purchase"}},
	{lazy(`
	klantnummer|relatienummer|klantnr|lidnummer|lidmaatschapsnummer|accountnummer|contractnummer|polisnummer
	customer|client|account|membership|member|policy|contract number|no|id
	`), []webcare.FactKind{webcare.FactNumber}, []string{"klant", "relatie", "lid", "account", "contract", "polis", "customer", "client", "member", "policy"}},
	{lazy(`
	boekingsnummer|reserveringsnummer|boekingscode|reserveringscode|boekingsreferentie|vluchtnummer|dossiernummer|zaaknummer|schadenummer|claimnummer|factuurnummer|kenmerk|referentienummer|referentie
	flight|booking|reservation|travel|reis|vlucht|boeking details|dates|info|information|gegevens|data
	booking|reservation|flight|claim|case|invoice|reference number|code|reference|ref|id
	`), []webcare.FactKind{webcare.FactNumber}, []string{"boek", "reserv", "vlucht", "dossier", "zaak", "schade", "claim", "factu", "kenmerk", "ref", "book", "flight", "case", "invoice"}},
	{lazy(`
	track* ... code|nummer|number
	trackcode|tracecode|track-en-tracecode|trackingcode|trackingnummer|zendingsnummer|pakketcode|barcode|verzendcode|pakketnummer
	tracking|parcel number|code|reference
	`), []webcare.FactKind{webcare.FactNumber}, []string{"track", "zend", "3s", "pakket", "parcel", "barcode"}},
	{lazy(`
	kenteken
	number plate
	licence|license|registration plate|number
	`), []webcare.FactKind{webcare.FactNumber}, []string{"kenteken", "plate", "reg"}},
	{lazy(`
	postcode|adres|huisnummer|bezorgadres|afleveradres|woonadres|adresgegevens|woonplaats
	address|postcode|postal|zip
	waar woon|woont je|u
	where do you live
	`), []webcare.FactKind{webcare.FactPlace}, []string{"@address"}},
	{lazy(`
	telefoonnummer|mobiel|06-nummer|telefoonnr
	nummer .. bereiken|bellen
	op welk nummer
	phone|telephone|mobile|contact number
	which|what number .. .. reach|call|ring
	`), []webcare.FactKind{webcare.FactPhone}, nil},
	{lazy(`
	e-mailadres|mailadres|emailadres
	email|e-mail address
	`), []webcare.FactKind{webcare.FactEmail}, nil},
	{lazy(`
	iban|rekeningnummer|bankrekening|bankrekeningnummer
	bank account|details
	account number
	`), []webcare.FactKind{webcare.FactIBAN}, nil},
	{lazy(`
	welke winkel|filiaal|vestiging|station|halte|locatie|hotel|plaats|stad|park|restaurant|kantoor|luchthaven|gemeente|balie
	in|bij|vanuit welk|welke winkel|filiaal|vestiging|station|halte|locatie|plaats|stad
	waar was|gebeurde|is|was dit|dat|het .. .. gebeurd?
	which|what store|branch|shop|station|stop|location|hotel|city|town|restaurant|airport|site
	where did|was this|that|it|the
	`), []webcare.FactKind{webcare.FactPlace}, nil},
	{lazy(`
	wanneer|sinds is|was|heb|hebt|had|ben|bent|heeft|speelt|gebeurde|ging|begon|kwam|stond|zou|vond|wanneer|bestelde|vloog|reed|reisde
	welke|welk datum
	welke|welk dag zou|was|is|heb|hebt|had|kwam|ging|stond|werd
	op welke dag .. .. was|heb|gebeurde|kwam|stond|is
	datum waarop|van
	aankoopdatum|besteldatum|leverdatum|reisdatum|vertrekdatum|bezorgdatum
	when did|was|were|is|has|have
	what|which date
	what|which day did|was|were
	date of|you
	`), []webcare.FactKind{webcare.FactDate}, nil},
	{lazy(`
	hoe laat was|gebeurde|heb|ging|vertrok|stond|reed|is
	welk tijdstip|tijd
	what time did|was|were
	`), []webcare.FactKind{webcare.FactTime}, nil},
	{lazy(`
	welk bedrag
	hoeveel is|heb|werd|was|ging|moest|betaalde|euro|geld
	om wat voor bedrag
	what|which amount
	how much did|was|were|have|has
	the amount .. charged|involved|paid
	`), []webcare.FactKind{webcare.FactAmount}, nil},
	{lazy(`
	welk|welke product|artikel|toestel|apparaat|model|type|merk
	wat heb|had je|u .. besteld|gekocht
	om welk|welke product|artikel|toestel|apparaat|model
	which|what product|item|model|device|article
	what did you order|buy
	`), []webcare.FactKind{webcare.FactProduct}, nil},
	{lazy(`
	hoe lang wacht|wachtte|duurt|duurde|is|heb|ben|staat|speelt
	hoelang wacht|wachtte|duurt|duurde|is|heb|ben|staat|speelt
	how long have|has|did|were|was|is
	`), []webcare.FactKind{webcare.FactDuration}, nil},
	{lazy(`
	je|jouw|uw volledige? naam
	wie was|heeft|heb|sprak
	met wie
	naam van
	your full? name
	who did|was
	name of
	`), []webcare.FactKind{webcare.FactName}, nil},
}

// story asks the customer to tell it all again.
var story = lazy(`
	wat is er .. gebeurd|misgegaan|fout|aan|mis|gegaan
	wat er .. .. is? gebeurd|misgegaan|fout|aan|mis|speelt|gebeurde
	wat ging er
	wat is|was het|de|je|uw probleem|klacht
	waar gaat het om
	waarover|waarmee .. helpen
	what happened|went
	what exactly .. .. wrong|happened
	what is|was|seems|the the|to|is problem|issue|matter|be|wrong
	what's the|wrong|happened problem|issue|matter|?
	describe|explain|tell ... what|issue|problem|complaint|situation
	how can|may we|i help|assist
	waarmee kan|kunnen
	beschrijf|beschrijven|omschrijf|toelichten|omschrijven
`)

// facts returns what the customer told: the triage's, else as read from the text.
func (r *reading) facts() []webcare.Fact {
	found := text.Facts(r.said, r.Language)
	if r.Triage == nil {
		return found
	}
	return append(found, r.Triage.Facts...)
}

// asksFor reports whether sentence n asks for what the customer told.
func (r *reading) asksFor(n int, facts []webcare.Fact) (found, bool) {
	words := r.inSentence(n)
	if suits().in(words) {
		return found{}, false
	}
	for _, s := range subjects {
		hits := s.asks().find(words)
		if len(hits) == 0 || r.confirms(n, s, facts) {
			continue
		}
		for _, f := range facts {
			if !r.answers(s, f) || repeats(r.sentences[n].Text, f.Text) {
				continue
			}
			h := hits[0]
			first := r.sentences[n].first
			return r.at(hit{first + h.first, first + h.last}, "asks what the customer already told: «"+f.Text+"»"), true
		}
	}
	if f, ok := r.asksWhichOne(n, facts); ok {
		return f, true
	}
	if f, ok := r.asksWhenKnown(n, facts); ok {
		return f, true
	}
	if f, ok := r.asksSameNumber(n); ok {
		return f, true
	}
	if f, ok := r.asksSent(n); ok {
		return f, true
	}
	if hits := onceMore().find(words); len(hits) > 0 && r.complaint() {
		first := r.sentences[n].first
		return r.at(hit{first + hits[0].first, first + hits[0].last}, "asks again for what the customer gave"), true
	}
	if hits := story().find(words); len(hits) > 0 && len(r.customer) >= 12 && r.complaint() {
		first := r.sentences[n].first
		return r.at(hit{first + hits[0].first, first + hits[0].last}, "asks for the story that the customer just told"), true
	}
	return found{}, false
}

var whichOne = lazy(`
	welke|welk _ was|is|ging|betreft|gaat|bedoel|bezocht
	which|what _ was|is|did|were|do
`)

// asksWhichOne: "in welke stalling was dat?" where they wrote "stalling in Leiden".
func (r *reading) asksWhichOne(n int, facts []webcare.Fact) (found, bool) {
	words, first := r.inSentence(n), r.sentences[n].first
	for _, h := range whichOne().find(words) {
		noun := words[h.first+1].Norm
		for _, w := range r.customer {
			if !sameStem(w.Norm, noun) || common()[noun] {
				continue
			}
			for _, f := range facts {
				if f.Kind == webcare.FactPlace && f.Start >= w.End && f.Start < w.End+12 {
					return r.at(hit{first + h.first, first + h.last}, "asks what the customer already told: «"+f.Text+"»"), true
				}
			}
		}
	}
	return found{}, false
}

var whenWords = lazy(`
	wanneer|when
	hoe laat
	what time|date|day
	op? welke|welk dag|datum
`)

// asksWhenKnown: "wanneer vlieg je?" where they wrote "ik vlieg 2 december".
func (r *reading) asksWhenKnown(n int, facts []webcare.Fact) (found, bool) {
	words, first := r.inSentence(n), r.sentences[n].first
	hits := whenWords().find(words)
	if len(hits) == 0 {
		return found{}, false
	}
	for _, w := range words[hits[0].last:] {
		if len(w.Norm) < 4 || common()[w.Norm] {
			continue
		}
		for _, c := range r.customer {
			if !sameStem(c.Norm, w.Norm) {
				continue
			}
			for _, f := range facts {
				if (f.Kind == webcare.FactDate || f.Kind == webcare.FactTime) && f.Start >= c.End && f.Start <= c.End+12 {
					h := hits[0]
					return r.at(hit{first + h.first, first + h.last}, "asks what the customer already told: «"+f.Text+"»"), true
				}
			}
		}
	}
	return found{}, false
}

var numberNouns = wordSet("id number nummer no nr code reference ref")

// asksSameNumber finds a number asked for by the name the customer gave it:
// "your Merchant ID" where they wrote "Merchant ID 55820193".
func (r *reading) asksSameNumber(n int) (found, bool) {
	words, first := r.inSentence(n), r.sentences[n].first
	for i, w := range words {
		cue, from := "", i
		switch {
		case numberNouns[w.Norm] && i > 0:
			cue, from = words[i-1].Norm, i-1
		case strings.HasSuffix(w.Norm, "nummer") && len(w.Norm) > 9, strings.HasSuffix(w.Norm, "code") && len(w.Norm) > 7:
			cue = strings.TrimSuffix(strings.TrimSuffix(w.Norm, "nummer"), "code")
		}
		if len(cue) < 3 || common()[cue] {
			continue
		}
		for j, c := range r.customer {
			if !strings.HasPrefix(c.Norm, cue) && c.Norm != cue {
				continue
			}
			for k := j; k < min(len(r.customer), j+4); k++ {
				if digits(r.customer[k].Norm) > 2 && !r.customer[k].money && !repeats(r.sentences[n].Text, r.customer[k].Norm) {
					return r.at(hit{first + from, first + i + 1}, "asks what the customer already told: «"+r.customer[k].Norm+"»"), true
				}
			}
		}
	}
	return found{}, false
}

func digits(s string) int {
	n := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// papers are what customers send along.
var papers = lazy(`
	foto|foto's|fotos|bon|aankoopbon|aankoopbewijs|kassabon|factuur|akte|overlijdensakte|kopie|screenshot|bewijs|filmpje|video|formulier|verklaring|document|documenten
	photo|photos|photograph|photographs|picture|pictures|receipt|proof|certificate|copy|screenshot|video|footage|form|document|documents|invoice
`)

var sentAlready = lazy(`
	gestuurd|opgestuurd|meegestuurd|toegestuurd|bijgevoegd|bijlage|geupload|gemaild|ingestuurd|ingeleverd
	sent|attached|uploaded|emailed|enclosed|submitted
	zit|zat erbij|bij
	bij|in mijn vorige|eerdere mail|bericht|brief|e-mail
	in|with my last|previous|earlier email|mail|message|letter
`)

// onceMore asks for what must have been given before.
var onceMore = lazy(`
	nog eens|een|maals ... sturen|opsturen|toesturen|doorgeven|geven|delen|vertellen|uitleggen|noemen|vermelden
	nogmaals|opnieuw ... sturen|opsturen|toesturen|doorgeven|geven|delen|vertellen|uitleggen|noemen|vermelden
	sturen|opsturen|toesturen|doorgeven|geven|delen|vertellen|uitleggen|stuur|geef|vertel ... nogmaals|opnieuw
	send|share|give|tell|provide|confirm|explain|resend|forward|repeat ... again|more
	resend|re-send|repeat your|the|it|them|that
`)

// asksSent finds a request for a paper or picture that the customer says was sent.
func (r *reading) asksSent(n int) (found, bool) {
	if !sentAlready().in(r.customer) {
		return found{}, false
	}
	words, first := r.inSentence(n), r.sentences[n].first
	for _, h := range papers().find(words) {
		if r.customerSaysLike(words[h.first].Norm) {
			return r.at(hit{first + h.first, first + h.last}, "asks for what the customer already sent"), true
		}
	}
	return found{}, false
}

// suits: what the customer prefers is not known from what happened.
var suits = lazy(`
	schikt|uitkomt|past|komt .. uit
	voorkeur|liever|liefst|wil je|u liever
	suits|suit|works|prefer|convenient|rather|best for you
	wanneer kunnen|kan|mogen|mag|zullen we|ik
	when can|could|may|would|should|shall we|i
	bereikbaar|thuis|available|home
`)

// confirms: "is Kerkweg 3 still right?" asks for no address, whatever else
// the customer told of it.
func (r *reading) confirms(n int, s subject, facts []webcare.Fact) bool {
	for _, f := range facts {
		if r.answers(s, f) && repeats(r.sentences[n].Text, f.Text) {
			return true
		}
	}
	return false
}

func repeats(sentence, fact string) bool {
	return len(fact) > 1 && strings.Contains(text.Normal(sentence), text.Normal(fact))
}

// answers reports whether the fact is what the subject asks for.
func (r *reading) answers(s subject, f webcare.Fact) bool {
	ok := false
	for _, k := range s.kinds {
		ok = ok || k == f.Kind
	}
	if !ok || len(s.cue) == 0 {
		return ok
	}
	if s.cue[0] == "@address" {
		return isAddress(f.Text)
	}
	near := text.Normal(f.Text)
	if f.Start >= 0 && f.Start <= len(r.said) {
		near = text.Normal(strings.ToValidUTF8(r.said[max(0, f.Start-28):f.Start], " ")) + " " + near
	}
	for _, cue := range s.cue {
		if strings.Contains(near, cue) {
			return true
		}
	}
	return !anyCue(near)
}

// anyCue reports whether the words beside a number say what number it is.
func anyCue(near string) bool {
	for _, s := range subjects {
		for _, cue := range s.cue {
			if strings.Contains(near, cue) {
				return true
			}
		}
	}
	return false
}

func isAddress(s string) bool {
	for _, p := range text.Personal(s) {
		if p.Kind == text.PersonalAddress || p.Kind == text.PersonalPostcode {
			return true
		}
	}
	return false
}
