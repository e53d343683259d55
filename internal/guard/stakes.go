package guard

import "webcare.example/responder/internal/webcare"

// pressing reports whether jokes are out of place: the triage says that it is
// urgent, or the customer tells of something grave. A triage that misses the
// urgency must not let a wink through.
func (r *reading) pressing() bool {
	if r.Triage != nil && (r.Triage.Urgency == webcare.High || r.Triage.Urgency == webcare.Critical) {
		return true
	}
	return r.complaint() && grave().in(r.customer)
}

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
	hacked|fraud|scammed|phishing|breach|stolen|emptied|bailiff|eviction|evicted
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
	if len(r.Triage.Praise) > 0 {
		return r.Triage.Praise
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
