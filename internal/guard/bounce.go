package guard

import (
	"regexp"
	"strings"
	"sync"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// channelBounce (rule 5) finds replies that send the customer to another
// channel: call us, mail that address, send a DM, fill in the form, come to
// the shop. The customer chose this one. Three things let it pass: personal
// data are the stated reason and the link to the private channel stands with
// it; an emergency number; a number the customer asked for. Our own steps ("ik
// bel je") and an answer on the same channel ("antwoord op deze mail") are no
// bounce.
func channelBounce(r *reading) []found {
	var out []found
	for _, h := range bounces().find(r.words) {
		if r.words[h.first].quoted || h.first >= r.body || byUs(r.words, h) || r.spared(h) {
			continue
		}
		out = append(out, r.at(h, "sends the customer to another channel: help here, or say why it must be private and give the link"))
	}
	if len(out) == 0 {
		out = append(r.mailsTo(), r.callsTo()...)
	}
	if len(out) > 1 {
		return out[:1] // one bounce, told in several words
	}
	return out
}

// mailsTo finds a mail address of a desk that the customer is given, in
// whatever words, where we do not say that we write from it.
func (r *reading) mailsTo() []found {
	var out []found
	for i, w := range r.words[:r.body] {
		h := hit{i, i + 1}
		if w.Kind != text.KindEmail || w.quoted || strings.HasPrefix(r.Reply[w.End:], "/") || strings.Contains(strings.ToLower(r.said), w.Norm) || r.spared(h) || hasOwner(r.sentenceOf(r.words, i)) {
			continue
		}
		out = append(out, r.at(h, "sends the customer to another channel: help here, or say why it must be private and give the link"))
	}
	return out
}

// callsTo finds a telephone number that the customer is given, in whatever
// words: not their own, and not one that we say we call.
func (r *reading) callsTo() []found {
	var out []found
	for _, p := range text.Personal(r.Reply) {
		i := wordAt(r.words, p.Start)
		if p.Kind != text.PersonalPhone || i < 0 || i >= r.body || r.words[i].quoted || r.saidByCustomer(p) {
			continue
		}
		h := hit{i, i + 1}
		if hasOwner(r.sentenceOf(r.words, i)) || r.before(p, yourNumber) || r.spared(h) {
			continue
		}
		out = append(out, r.at(h, "sends the customer to another channel: help here, or say why it must be private and give the link"))
	}
	return out
}

var bounces = sync.OnceValue(func() *phrases {
	return compile(elsewhereLines + `
	< dan|dus|graag|gerust|svp? bel|bellen|app|mail|dm|whatsapp dan|even|gerust|graag|anders|maar|eens? ons|onze|met|naar|via|0*|088*|010*|020*|gratis|de|het|klantenservice
	bel|belt|bellen dan|even|gerust|graag|anders? ons|onze|met|naar de|onze|het? klantenservice|winkel|servicelijn|helpdesk|filiaal|servicedesk|afdeling|receptie|nummer
	je|u|jullie kunt|kun|kan|kunnen|mag .. ons|onze ... bellen|mailen|bereiken|appen|contacteren|e-mailen|dm'en|dmen
	kunt|kun|kan|kunnen je|u|jullie ons .. bellen|mailen|bereiken|appen|contacteren|e-mailen
	je|u|jullie kunt|kun|kan|kunnen|mag|zou .. bellen|mailen|appen .. met|naar
	kunt|kun|kan|kunnen|wil|wilt|zou je|u|jullie ... bellen|mailen|appen|contacteren .. met|naar|via
	kunt|kun|kan|kunnen|wil|wilt|zou je|u|jullie|jij .. contact opnemen|zoeken
	neem|neemt|zoek|opnemen|nemen even|dan|gerust|alsjeblieft|svp|graag|a.u.b|aub|daarvoor|hiervoor|hierover? telefonisch|rechtstreeks|direct|zelf|even? contact .. met|op|via
	neem|neemt|zoek contact .. op
	contact .. .. opnemen met de|onze|het|ons
	contact .. .. op te nemen
	contact op met de|onze|het|ons
	contacteer|contacteert _
	bel|belt|bellen ons|onze
	bel|bellen|belt even|gerust|dan|het|gratis|naar? 0*|088*|14*
	< kijk|check|bekijk ... onze|de website|site|faq|pagina
	klantenservice|helpdesk|servicedesk ... helpt|helpen|staat|staan ... graag|verder|klaar|te
	mail|mailt|e-mail|mailen even|dan|gerust|graag|anders? ons|naar|je|uw|dit|onze|het
	< graag? mail|mailen|e-mailen ... naar
	stuur|stuurt|sturen even|dan|gerust|graag|anders|svp|aub|a.u.b|mij|me|ons|alsjeblieft|je|jouw|uw|dit|hiervoor|daarvoor ...  mail|mailtje|e-mail|email|dm|dm'etje|pm|pb|pb'tje|privebericht|privebericht|prive-bericht|berichtje|appje|whatsapp|whatsappje|bericht|dmetje|dm'tje|chatbericht|brief
	stuur|sturen ... via|per|in|naar .. dm|pm|pb|mail|e-mail|prive|privebericht|messenger|whatsapp|chat|app|post
	vind|vindt|staat|staan|lees|leest ... op|in de|onze|ons website|site|faq|webpagina|contactpagina|helpcentrum|kennisbank
	of|en|anders|dan bel|belt|mail|mailt|kom|app morgen|later|maandag|terug|dan|even|gerust|ons|onze|overdag|naar|met|een
	breng|brengt|bring|take|neem|lever ... naar|to|bij|mee|at|in de|het|een|the|our|your|any .. winkel|balie|servicebalie|filiaal|servicepunt|verkooppunt|store|shop|branch|desk|counter|depot
	through|via|using the|our|this|a|an .. form|webform|portal|page|helpline|chatbot
	stuur|stuurt een? mail|mailtje|e-mail|e-mailtje|email|dm|dm'etje|pm|pb|appje|whatsapp|whatsappje|brief|privebericht|chatbericht
	po box
	via|bel|belt het|een|dit nummer|telefoonnummer|alarmnummer
	keep an eye on
	hou|houd|houdt ... in de gaten
	< volg|follow ons|onze|us|our
	postbus|antwoordnummer #
	< stuur|stuurt een bericht|berichtje
	een? dm|pb|privebericht|prive|bericht .. sturen
	dm|pm ons|me|mij
	via|in|per een|de|je|onze|een? dm|pm|privebericht|prive|messenger|dm's|pb
	check|open je? dm|dm's
	< kom|komt ... langs
	< kom|komt|loop|rijd|ga|stap ... binnen|langs
	< bel|contacteer|raadpleeg _
	< kom|komt dan|even|gerust|graag|eens? naar|bij
	wil|wilt|kun|kunt|kan|zou je|u|jullie|jij ... mailen|bellen|appen|contacteren|langskomen|dm'en|e-mailen
	je|u|jullie kunt|kun|kan|kunnen|mag|wilt|wil ... contact opnemen|zoeken
	kunt|kun|kan|kunnen|mag je|u|jullie ... langskomen|terecht
	je|u|jullie kunt|kun|kan|kunnen|mag ... langskomen|terecht|binnenlopen|langsgaan
	ga|gaat dan|even|gerust|graag? naar|langs een|de|het|je|onze|ons|uw|jouw|dichtstbijzijnde .. winkel|balie|filiaal|vestiging|kantoor|servicepunt|website|site|klantenservice|receptie|dealer|loket|contactpagina
	loop|breng|ga|wend .. .. naar|bij|langs|tot .. winkel|balie|filiaal|vestiging|kantoor|servicepunt|receptie|loket|klantenservice|verkoper|fabrikant|leverancier
	< vul|vult ... in
	vul|vult .. formulier|contactformulier|klachtenformulier|webformulier|vragenlijst
	formulier|contactformulier|klachtenformulier|webformulier|retourformulier|schadeformulier ... invullen|in|indienen
	via|met|op ons|onze|het|de? online? contactformulier|klachtenformulier|webformulier|formulier|contactpagina
	dien|dient ... klacht|claim|verzoek|aanvraag .. in
	klacht|verzoek|claim|aanvraag .. indienen|in te dienen
	maak|maakt|open ... ticket|melding|afspraak aan|online|via
	meld|meldt|melden je|u|het|dit|zelf|uzelf .. bij|via|op de|onze|het? balie|klantenservice|website|app|site|winkel|receptie|politie|fabrikant|verkoper
	verwijs|verwijzen|verwijst .. je|u|jou ... naar|door
	je|u|jullie ... terecht bij|op
	raadpleeg|bekijk onze|de .. faq|veelgestelde|website|site
	chat met|via
	start een? chat
	via de|onze live? chat|livechat|chatfunctie|whatsapp|telefoon|klantenservice|app|website|site|helpdesk|servicedesk|servicelijn
	telefonisch contact|bereikbaar
	bereikbaar op|via|onder 0*|088*|#|ons|het
	ons|het|onze klantenservicenummer|telefoonnummer|servicenummer

	< please|just|kindly|simply|then|so|or|also|do|you can|could|may|should|need? call|ring|phone|email|e-mail|contact|dm|message|text|whatsapp us|our|me|the|customer|support|0*|+*
	please|kindly|just|to|can|could|may|should|must|would then|also|always|kindly|simply|please? call|ring|phone|email|e-mail|contact|dm|message|text|whatsapp|pm us|our|customer|support|me|the|your|0*
	give us|me|our|the a? .. call|ring|bell|shout
	drop|send|shoot|pop|ping us|me|our|through|over? ... dm|email|e-mail|message|line|note|pm|letter
	send ... via|by|through|in|to dm|direct|private|email|e-mail|pm|post|inbox|our|us
	email|e-mail|call|ring|dm|phone|whatsapp|pm us|our
	give ... a? ring|call|bell|shout
	drop by|in|into|round
	dm|pm us|me
	slide into
	get|getting in touch with|via|through|by
	in touch with our|the|us
	please|kindly|to .. get in touch
	< ring|phone|contact|call|visit|email !me|you _
	customer service|services|support|care ... on|at 0*|+*
	reach out to|via|through|by|on
	reach us|our by|at|on|via|through
	contact our|the|your|us|customer|support
	call|phone|ring us|our|the|customer .. on|at|helpline|line|team|service|desk|support
	call|phone|ring us|our
	you can|could|may|should always? call|ring|phone|email|contact|reach|visit|dm|message
	visit our|your|the|us|one nearest|local? .. store|branch|shop|website|site|office|page|help|faq|in
	visit our|the .. .. page|centre|center
	come|pop|bring|take|go .. ..  in|into|to|by|back our|the|your|a|one nearest|local? .. store|branch|shop|desk|office|counter|dealer|retailer|website
	fill in|out|our|the
	complete|use|submit|via our|the|this|an|a online|contact|complaint|complaints|web|claim|feedback|enquiry? .. form|contact-form|webform
	submit|raise|file|lodge|open|log a|your|an|the .. ticket|complaint|request|claim|case with|via|through|at|on|here|online?
	via|through|use|using our|the live? chat|app|website|portal|helpline|hotline|helpdesk|contact|livechat
	check|see|consult|read our faq|faqs|help|website|site
	refer you to
	direct|redirect|point you to
	speak|talk to|with our|the|your|someone|somebody
	speak|talk to|with a member|colleague
	our|the helpline|hotline|phone lines|customer line|number is|are|on|at|:
	`)
})

// privacyReasons say that it goes elsewhere to keep personal data from sight.
var privacyReasons = sync.OnceValue(func() *phrases {
	return compile(`
	privacy*|persoonsgegevens|privegegevens|vertrouwelijk|avg|gdpr
	persoonlijke|prive|gevoelige|vertrouwelijke gegevens
	vanwege|wegens|omdat|want ... gegevens
	gegevens .. veilig|prive|niet|beschermen|openbaar|uit|bij|alleen
	niet|liever .. openbaar|publiek|hier|openbare|iedereen
	veilig
	openbaar|openbare|meeleest|meelezen|meekijken|meekijkt|voor iedereen|zichtbaar
	adres|nummer|klantnummer|ordernummer niet
	personal|private|sensitive details|data|information|info
	keep|keeps|keeping ... private|safe|off|out|secure
	public|publicly
	protect|secure|securely|confidential
	not|rather|don't .. here|publicly|public
	`)
})

// spared reports whether an exception holds for the bounce.
func (r *reading) spared(h hit) bool {
	n := r.words[h.first].sentence
	sen := r.sentences[n]
	from, _ := segmentOf(r.words, h.first)
	lead := r.words[from:h.first]
	switch {
	case deniedBounce(r.words, h), ours(r.words[from:h.last], lead), retells(lead, r.words[h.first:h.last]) && !asksCustomer(lead):
		return true
	case r.invites(n, h), r.onThisChannel(h), r.sameChannel(sen.Text), r.emergency(sen.Text), r.askedNumber(sen.Text):
		return true
	}
	return r.private(n)
}

// invites: an appointment with one of us, on a day, is help and no bounce.
func (r *reading) invites(n int, h hit) bool {
	words := r.inSentence(n)
	for _, f := range r.future(words) {
		if r.weInvite(words, f) && h.first < r.sentences[n].last {
			return true
		}
	}
	return false
}

// private reports whether a reason of privacy and a link stand in the sentence
// of the bounce or beside it.
func (r *reading) private(n int) bool {
	first, last := r.sentences[max(0, n-1)].first, r.sentences[min(len(r.sentences)-1, n+1)].last
	near := r.words[first:last]
	if !privacyReasons().in(near) {
		return false
	}
	start, end := r.sentences[max(0, n-1)].Start, r.sentences[min(len(r.sentences)-1, n+1)].End
	return len(links(r.Reply[start:end])) > 0
}

func deniedBounce(words []word, h hit) bool {
	if denied(words, hit{h.first, h.first + 1}) {
		return !helpless(words, h)
	}
	for _, w := range words[h.first:h.last] {
		switch w.Norm {
		case "hoeft", "hoef", "needn't", "niet", "geen", "zonder", "without":
			return true
		}
	}
	return false
}

// byUs reports whether the words of the hit, or the one before, make us the
// one who acts: "kun je zeggen of we je mogen bellen", "I'll email our".
func byUs(words []word, h hit) bool {
	if helpDesks[words[h.first].Norm] {
		return false // "our care team will help" is them, not us here
	}
	for i := max(0, h.first-6); i < h.first; i++ {
		if words[i].sentence == words[h.first].sentence && thanksFor[words[i].Norm] {
			return true // "thank you for taking the time to contact us"
		}
	}
	for i := max(0, h.first-1); i < h.last; i++ {
		if words[i].sentence != words[h.first].sentence {
			continue
		}
		switch words[i].Norm {
		case "ik", "we", "wij", "i", "i'll", "we'll", "i've", "we've", "they", "he", "she", "will":
			return !asksBy(words[min(i, h.first):h.last])
		}
	}
	return false
}

var helpDesks = wordSet("care service services support klantenservice klantcontact helpdesk servicedesk")

var thanksFor = wordSet("thank thanks bedankt dank dankjewel")

// helpless: "helaas", "unfortunately" deny our help, not the bounce.
func helpless(words []word, h hit) bool {
	first, _ := segmentOf(words, h.first)
	for _, w := range words[first:h.first] {
		switch w.Norm {
		case "helaas", "unfortunately", "hier", "kunnen":
			return true
		}
	}
	return false
}

// ours reports whether it is we who call, mail or come: "ik bel je", "onze
// monteur neemt contact met je op", "I'll get in touch with".
func ours(seg, lead []word) bool {
	// "Ik vraag het na en stuur je morgen een bericht": still us.
	if n := len(lead); n > 1 && (lead[n-1].Norm == "en" || lead[n-1].Norm == "and") && subjectOurs(lead) {
		return true
	}
	for _, w := range seg {
		switch w.Norm {
		case "ik", "i", "i'll", "we'll", "i've", "we've", "i'm", "we're", "collega", "monteur", "colleague", "engineer", "chauffeur", "bezorger":
			return !asksBy(seg)
		}
	}
	for _, w := range lead {
		if w.Norm == "we" || w.Norm == "wij" {
			return !asksBy(seg)
		}
	}
	return false
}

// subjectOurs reports whether the clause begins with us.
func subjectOurs(lead []word) bool {
	for _, w := range lead[:min(2, len(lead))] {
		switch w.Norm {
		case "ik", "we", "wij", "i", "i'll", "we'll":
			return true
		}
	}
	return false
}

var askingVerbs = wordSet("nodigen nodig invite inviting raden raad vragen vraag verzoeken verwijzen verwijs adviseren adviseer ask advise recommend suggest encourage invite request refer direct kunt kun can could zodat")

// asksBy: "we raden je aan contact op te nemen" is a bounce in our own mouth.
func asksBy(seg []word) bool {
	for _, w := range seg {
		if askingVerbs[w.Norm] {
			return true
		}
	}
	return false
}

// retells: "sorry dat je naar de winkel moest", "that you had to call us".
func retells(lead, words []word) bool {
	if tellsPast().in(lead) {
		return true
	}
	for _, w := range words {
		switch w.Norm {
		case "moest", "moesten", "had", "kon", "couldn't", "bleek", "werd":
			return true
		}
	}
	return false
}

// onThisChannel: on mail "mail me je adres", in a chat "app me", in private
// messages "stuur een berichtje" stay where we are.
func (r *reading) onThisChannel(h hit) bool {
	s := r.sentences[r.words[h.first].sentence]
	for _, w := range r.words[s.first:s.last] {
		if w.Kind == text.KindEmail || w.Kind == text.KindNumber && len(w.Norm) > 7 {
			return false
		}
	}
	here := sameWordsHere[r.Channel]
	if here == nil && !r.Public {
		here = sameWordsHere["dm"]
	}
	for _, w := range r.words[h.first:h.last] {
		if here[w.Norm] {
			return true
		}
	}
	return false
}

var sameWordsHere = map[string]map[string]bool{
	"email":    wordSet("mail mailen mailt mailtje e-mail e-mailen email emailing"),
	"mail":     wordSet("mail mailen mailt mailtje e-mail e-mailen email"),
	"whatsapp": wordSet("app appen appje whatsapp whatsappje bericht berichtje message"),
	"dm":       wordSet("dm pb dm'en privebericht bericht berichtje message messenger prive"),
	"chat":     wordSet("chat livechat bericht berichtje message"),
	"phone":    wordSet("bel bellen call phone ring"),
}

var sameChannelWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(op (deze|dit) (mail|e-mail|bericht|gesprek)|deze (mail|e-mail) (te )?beantwoord|beantwoord deze|(reageer|antwoord) (gerust |even |gewoon )?(hier|op (deze|dit))|hier (onder|in dit)|reply to this|this (email|e-mail|message|thread|chat)|reply here|in this thread)`)
})

func (r *reading) sameChannel(sentence string) bool { return sameChannelWords().MatchString(sentence) }

var emergencyWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b((?:112|999|911)\b|0800[ -]?9009|gaslucht|gaslek|gas leak|smell (of )?gas|noodgeval|noodnummer|alarmnummer|spoednummer|emergency|nooddienst|spoedlijn|fraudelijn|fraud (line|team)|24/7|dag en nacht|huisarts|poison|vergiftig)`)
})

// emergency reports whether the sentence points to help that cannot wait.
func (r *reading) emergency(sentence string) bool {
	if !emergencyWords().MatchString(sentence) {
		return false
	}
	return r.Triage == nil || r.Triage.Urgency == webcare.High || r.Triage.Urgency == webcare.Critical || !strings.Contains(sentence, "24/7")
}

var asksForNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(welk (telefoon)?nummer|wat is (jullie|uw|het|je) (telefoon)?nummer|(telefoon)?nummer (is|van|hebben|kan|kunnen)|op welk nummer|hoe (kan|kunnen) (ik|we|wij) (jullie|u) (bereiken|bellen)|what('s| is) (your|the) (phone |telephone )?number|which number|number (can|do|should|to|for)|phone number\?|waar kan ik (jullie )?(bellen|mailen|terecht)|e-?mailadres\?|what('s| is) (your|the) e-?mail|who (can|do) i call)`)
})

// askedNumber reports whether the sentence gives a number that the customer asked for.
func (r *reading) askedNumber(sentence string) bool {
	given := false
	for _, w := range text.Words(sentence) {
		given = given || w.Kind == text.KindNumber || w.Kind == text.KindEmail
	}
	return given && asksForNumber().MatchString(r.said)
}
