package guard

import "webcare.example/responder/internal/webcare"

// pressing reports whether jokes are out of place: the triage says that it is
// urgent, or the customer tells of something grave. A triage that misses the
// urgency must not let a wink through.
func (r *reading) pressing() bool {
	if r.Triage != nil && (r.Triage.Urgency == webcare.High || r.Triage.Urgency == webcare.Critical) {
		return true
	}
	if !r.complaint() {
		return false
	}
	return grave().in(r.customer) || r.tellsIllness() || events().in(r.customer) && imminent().in(r.customer)
}

// tellsIllness reports whether the customer tells of an illness or of being unwell.
func (r *reading) tellsIllness() bool {
	for i, w := range r.customer {
		if isCondition(w) && !(i+1 < len(r.customer) && facilities[r.customer[i+1].Norm]) {
			return true
		}
	}
	return unwell().in(r.customer)
}

var unwell = lazy(`
	kots|kotsen|kotsend|overgegeven|spugen|spuugt|ziek geworden|op|van|thuis
	flauwgevallen|ambulance|spoedeisende|ingeademd|gestikt|stikte|verslikt|ontstoken|wond
	vomit*|puking|throwing|threw up
	fainted|choked|choking|unconscious
	made me|us|him|her ill|sick
`)

// events are days that do not come back; imminent says that theirs is near.
var events = lazy(`
	bruiloft|trouw|trouwen|trouwdag|huwelijk|uitvaart|begrafenis|examen|tentamen|operatie|verhuizing|verhuizen|verhuis|sollicitatie|sollicitatiegesprek|vlucht|vliegen|vakantie|reis|afspraak|verjaardag|feest|oplevering|diploma-uitreiking|bevalling|trein
	wedding|married|funeral|exam|surgery|operation|moving|interview|flight|fly|holiday|trip|appointment|birthday|party|graduation|train
`)

var imminent = lazy(`
	overmorgen|vanavond|vannacht|morgen !gebeld|bellen
	over # minuten|uur|kwartier
	over een|half uur|kwartier
	binnen # uur
	tomorrow|tonight
	in #|an|half .. minutes|mins|min|hour|hours
	day after tomorrow
	this saturday|sunday|friday|weekend|afternoon|evening
	deze zaterdag|zondag|vrijdag|middag|avond
`)

// grave are words for danger, illness, death, people left standing, homes
// without power, water or heat, and money or data gone.
var grave = lazy(`
	baby|zwanger|rolstoel|ziekenhuis|ambulance|insuline|medicijn*|operatie|gewond|bloed|bloedend|brandwond*|allergi*|vergiftig*|voedselvergiftiging|dement*|kanker|invalide
	brand|brandje !new|name
	gaslucht|gaslek|rook|ontploft|explosie|gevaarlijk|levensgevaarlijk|noodgeval|koolmonoxide
	gestrand|strandt|gestrande
	laatste trein|bus|vlucht|boot
	zonder|geen stroom|water|verwarming|warm|licht|gas|eten|medicijnen
	stroomstoring|stroomuitval|overstroming|lekkage|ondergelopen|ingesloten|opgesloten
	gehackt|fraude|opgelicht|phishing|datalek|gelekt|gestolen|leeggehaald|deurwaarder|ontruiming
	overleden|overlijden|gestorven|begrafenis|uitvaart|crematie|rouw
	huur|hypotheek niet betalen
	baby|pregnant|wheelchair|hospital|ambulance|insulin|medication|surgery|injured|bleeding|blood|burn|burned|burnt|allergic|poisoning|poisoned|dementia|cancer|disabled
	fire|smoke|smoking|explosion|exploded|dangerous|emergency
	gas leak
	smell of? gas
	stranded|trapped
	last train|bus|flight|ferry
	no|without power|heating|water|electricity|heat|food|light|hot
	power cut|cuts|outage
	flooded|flooding
	hacked|fraud|scammed|phishing|breach|stolen|emptied|bailiff|bailiffs|eviction|evicted
	rent|mortgage|wages|salary|savings|rent|huur|hypotheek|salaris|spaargeld ... twice|gone|taken|missing|double|dubbel|weg|kwijt|afgeschreven|tweemaal|keer
	twice|taken|dubbel|afgeschreven|weg|kwijt ... rent|mortgage|wages|salary|savings|huur|hypotheek|salaris|spaargeld
	$ gone|weg|kwijt|verdwenen
	died|funeral|deceased|bereaved
	late husband|wife|father|mother|mum|dad|father's|mother's|husband's
	passed away
`)

// praised returns the customer's praise: the triage's, the whole message
// where it is nothing but praise, else what plainly praises somebody in a
// complaint.
func (r *reading) praised() []webcare.Span {
	if r.Triage == nil {
		return nil
	}
	if meant := r.meant(r.Triage.Praise); len(meant) > 0 {
		return meant
	}
	if r.Triage.Kind == webcare.KindPraise && r.Triage.Sentiment.Label == webcare.Positive &&
		(praising().in(r.customer) || thanksWords().in(r.customer)) {
		return []webcare.Span{{End: len(r.said), Text: r.said}}
	}
	for _, h := range praising().find(r.customer) {
		if r.customer[h.first].quoted || scorned().in(r.sentenceOf(r.customer, h.first)) {
			continue
		}
		first, last := segmentOf(r.customer, h.first)
		start, end := r.customer[first].Start, r.customer[max(last, h.last)-1].End
		return []webcare.Span{{Start: start, End: end, Text: r.said[start:end]}}
	}
	return nil
}

// meant leaves out praise that a complaint turns round: "Lovely evening,
// thanks." Nobody in it is thanked.
func (r *reading) meant(praise []webcare.Span) []webcare.Span {
	if !r.Triage.Complaint {
		return praise
	}
	var out []webcare.Span
	for _, s := range praise {
		words, _ := cut(s.Text)
		if r.Triage.Sentiment.Label == webcare.Negative && turned().in(words) || !praising().in(words) && negated(words) {
			continue
		}
		out = append(out, s)
	}
	return out
}

var turned = lazy(`
	lovely|great|nice|brilliant|fantastic|wonderful|top|leuk|leuke|lekker|lekkere|mooi|mooie|fijn|fijne|geweldig|geweldige|super|goed|goede|cheers .. .. thanks|bedankt|hoor|dank|weer|cheers
	thanks for nothing
`)

// praising are forms that praise and are seldom meant otherwise: "wel een
// schat", "was brilliant though", "lovely ladies at".
var praising = lazy(`
	wel een|echt|heel|erg|super? schat|top|topper|held|lieve|vriendelijk|vriendelijke|behulpzaam|superleuk|superlief|geweldig|fantastisch|prima|netjes|aardig|superleuke|leuke|held|engel
	wel petje|hulde|complimenten|compliment
	prima|goed|top|super|netjes|vriendelijk|fantastisch|geweldig geholpen|opgelost|gedaan
	prachtige|geweldige|fantastische|heerlijke|schitterende voorstelling|kamer|maaltijd|eten|locatie|uitzicht|show|avond|concert|film|taart|medewerker|service
	shoutout|shout-out|kudos
	chapeau|hulde voor|aan
	heel|echt|super|zo|erg|bijzonder? gezellig|fijn|lief|mooi|goed|netjes|vriendelijk|warm geholpen|geknipt|behandeld|ontvangen|verzorgd|gegeten|geslapen|gewerkt
	was|were .. .. gentle|funny|helpful|friendly|patient|sweet|polite|caring|attentive|professional|kind
	was|were|is|are ... brilliant|lovely|amazing|fantastic|wonderful|faultless|spotless|superb|outstanding
	lovely|brilliant|wonderful|fantastic|great ladies|lady|staff|guy|man|lad|lads|driver|waiter|waitress|team|people|view|woman|girl|room|food
	stars for
	thank you !for|very|so|all|to _ for
`)

// scorned marks praise that is meant the other way round.
var scorned = lazy(`
	hoor|nou|not
	hoe dan
	really helpful
	just|absolutely|simply brilliant|lovely|fantastic|great|wonderful
	is|was niet|not|never
`)
