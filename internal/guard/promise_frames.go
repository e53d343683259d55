package guard

// A frame is a promise told by two parts of a sentence rather than by a set
// phrase: what money goes by and a word that brings it to the customer,
// something to have and "van ons", a bill and somebody of ours who pays it.
// The parts may stand in any order, in one segment or in neighbouring ones.
type frame struct {
	ware       string // the class of the promise, as in wares
	one, two   func() *phrases
	not        func() *phrases // in the same segments: no promise
	apart      bool            // the parts may stand in neighbouring segments
	undeniable bool            // holds a denial itself
	anything   bool            // names no class of its own: whatever the resolution gives covers it
}

// news are things that may be given without costing anything: an answer, a
// date, a call. Whoever gets nothing but news is promised nothing.
var news = lazy(`
	*bericht|*berichtje|*antwoord|reactie|*mail|*mailtje|mails|telefoontje|belletje|appje|*update|updates|terugkoppeling|uitleg|verklaring|uitsluitsel|duidelijkheid|nieuws|*datum|data|*tijd|tijdstip|*tijdvak|afspraak|*afspraak|bevestiging|overzicht|specificatie|*nummer|link|linkje|*code|planning|voorstel|seintje|sms|sms'je|brief|advies|informatie|info|*label|tijden|uitnodiging|gelijk|ruimte|kans|aandacht|excuses|excuus|hulp|*monteur|collega|*collega|gesprek|plek|plaats|beeld|idee|stand|woord|wachtwoord|inlog|toegang|bezoek|zekerheid|keuze|keus|antwoorden|hoort
	answer|reply|response|update|updates|email|mail|message|call|ring|shout|bell|news|date|time|times|slot|window|appointment|confirmation|explanation|overview|statement|breakdown|number|link|label|plan|chance|choice|clarity|word|heads-up|text|letter|hand|apology|apologies|assurance|idea|reason|reasons|list|hour|hours
`)

// bearing words put a cost on us or take it off the customer.
var bearing = lazy(`
	is|zijn|komt|komen|gaat|gaan|blijft|blijven|wordt ... voor|op ons|mij !duidelijk|onduidelijk|ook|een|geen|nieuw|belangrijk
	voor|op onze|ons|mijn rekening|conto|kosten|kap
	mag|kan|stuur|sturen ... naar ons|mij
	maak|maken|komt|regel|regelen ... in orde
	tegemoet zien
	be|is|are with you .. by|within|in|on|before
	is|are ours
	coming|come|go|goes .. .. your way
	neem|nemen ... op|voor ons|onze|mijn
	draai|draaien|draagt|dragen|draag ... op|zelf|wij|we|ik
	we|wij|ik !zelf .. dragen|draag
	draai|draaien .. op voor
	in mindering
	streep|strepen|schrap|schrappen|boek|boeken|poets|poetsen|haal|halen|trek|trekken|gaat|gaan|doen|doe ... weg|af|eraf|eruit|door
	weggestreept|geschrapt|doorgestreept|afgetrokken|doorgehaald|weggehaald
	schrap|schrappen|geschrapt|annuleer|annuleren|vervalt|vervallen|nietig|weggooien|verscheuren|negeren
	verreken|verrekenen|verrekend|aftrekken|compenseer|compenseren|bekostig|bekostigen|sponsor|sponsoren|bijpassen|bijleggen|opvangen|splitsen|delen
	maak|maken|boek|boeken|stort|storten|zet|zetten|schrijf|schrijven ... over|bij|terug|retour
	zie|ziet|heb|hebt|krijg|krijgt|ontvang|ontvangt|vind|vindt ... terug|retour
	het|je|u .. terugziet|terugkrijgt|terugontvangt|terughebt|retourkrijgt
	taken|take|taking care of
	take|taking|taken|knock|knocking|knocked|strike|struck|striking|wipe|wiped|scrap|scrapped|drop|dropped|shave|shaved ... off|out|from
	cover|covers|covered|covering|bear|bears|bearing|shoulder|shouldering|absorb|absorbing|foot|footing|swallow|settle|settling|settled|split|splitting|honour|honouring|meet|meeting
	comes|come|coming|be|goes|going|have|get|see|expect|returned|returning|send|sending|give|giving|put|putting ... back
	pick|picking .. up
	look|looking after that|the|it|this
	on us|me !to|for
	by .. monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|today|#
	sort|sorted|sorting|fix|fixed|arrange|arranged
	make|making .. good|whole
`)

// costs are what a customer would otherwise pay or has paid.
var costs = lazy(`
	$|*kosten|*kost|*geld|*bedrag|*factuur|facturen|*rekening|nota|*nota|boete|*boete|*toeslag|*tarief|*prijs|borg|waarborgsom|schade|*schade|huur|premie|abonnement|contributie|verschil|taxi|*taxi|bon|bonnetje|declaratie|inkomsten|loon
	money|fee|fees|fare|fares|deposit|price|cost|costs|charge|charges|payment|payments|amount|surcharge|bill|bills|invoice|tab|taxi|cab|hotel|damage|damages|loss|losses|wages|expense|expenses|difference|half|rent|fine|balance|rate|ticket|tickets|meal|receipt|receipts
`)

// having words bring a thing into the customer's hands.
var having = lazy(`
	krijg|krijgt|krijgen|ontvang|ontvangt|ontvangen|ligt|staat|heb|hebt|geef|geven|bied|bieden|aanbieden|stuur|sturen|lever|leveren|breng|brengen|bezorg|bezorgen|doe|doen|leg|leggen|zet|zetten|stop|stoppen|gun|gunnen|mag|ontvangst|schenk|schenken|win|wint|winnen|kans
	get|gets|have|has|give|giving|offer|offering|send|sending|there's|here's|earn|receive|enjoy|put|popped|pop|add|added|adding|throw|throwing|waiting|love|like|win|chance|yours
`)

// extras are things nobody gives without a decision: something more, something
// new, something to eat or drink, a better seat.
var extras = lazy(`
	splinternieuw|splinternieuwe|gloednieuw|gloednieuwe|kersvers|kersverse|fonkelnieuwe
	ander|vers|tweede|extra exemplaar|stuk|paar|toestel|product|setje
	dubbel|dubbele|extra|driedubbel ... punten|zegels|miles|korting|minuten|data|*tegoed
	vrijkaartje|vrijkaartjes|filmkaartje|filmkaartjes|*cadeau
	diner|*diner|lunch|*menu|ontbijt|high-tea|wijn|fles|champagne|taart|taartje|gebak|bonbons|chocola|chocolade|bloemen|bosje|boeket|bloemetje|presentje|cadeautje|verrassing|goodiebag|mok|ballonnen|knuffel|theater|bioscoop* .. .. van ons|mij
	bottle|box|bunch|basket of champagne|wine|prosecco|chocolates|flowers|beers|fruit|goodies|treats
	champagne|prosecco|chocolates|bouquet|hamper|goodies|freebie|freebies
	suite|upgrade
	double|triple|extra|bonus points|miles|nights|credit|credits
	another|second|fresh|brand-new|new one|set|pair|unit|copy|room
`)

var yours = lazy(`
	is|are|zijn yours|jouwe
	is|zijn|ligt ... voor|van jou|jullie
	yours free|to keep
	is|zijn|komt voor ons|mij
`)

var newThings = lazy(`
	nieuw|nieuwe|gloednieuw|gloednieuwe|splinternieuwe|ander|andere|volgende|tweede|gratis
	new|brand-new|replacement|another|second|next|free
`)

var notExtra = lazy(`
	bel|belt|bellen|mail|mailt|bericht|*bericht|afspraak|monteur|uitleg
	call|email|message|appointment|engineer|explanation
`)

// frames are tried in order; the first that holds in a segment is shown.
var frames = []frame{
	{ware: "money", one: costs, two: bearing, not: lazy(`
	kijk|kijken|bekijk|bekijken|check*|zoek*|uitzoek*|onderzoek*|vraag|vragen|navraag|ga|bel|belt|bellen|mail|mailt|mailen|leg|uit|vertel*|hoor|hoort|lees|snap*|begrijp*|betaalde|betaald|moest|moesten|had|kreeg|gecorrigeerde|juiste|goede|nieuwe|corrigeer*|corrigeren|terugbel|opnieuw|monteur
	the|your|a|my|boiler|insurance|home cover
	look|looking|check*|find|found|ask|call|calling|email|explain*|tell|understand|paid|had|were|was|went|took|should|corrected|correct|right|hear|read|write|room|booked
	`)},
	{ware: "money", apart: true, one: lazy(`
	stuur|stuurt|mail|mailt|laat|lever|toon|geef|bewaar|upload|app ... bon|bonnetje|bonnen|bonnetjes|factuur|facturen|*rekening|nota|declaratie|*bon
	send|email|forward|dm|share|upload|pass|show|keep ... receipt|receipts|invoice|invoices|bill|bills|expenses|claim
	`), two: lazy(`
	ik|we|wij ... betaal|betalen|vergoed*|zorg|regel|los|verwerk|maak|terug|orde
	betaal|betalen|zorg|zorgen|regel|regelen|los|lossen|maak|maken|verwerk|verwerken|handel ik|we|wij|dat
	i'll|we'll|i|we .. .. sort|settle|pay|handle|cover|arrange|process|refund|deal|fix
	je|u ... terugziet|terugkrijgt|terug
	`), not: lazy(`
	of|wat|kijk|kijken|check*|zoek*|bekijk*
	whether|if|look into|check*
	`)},
	{ware: "free", anything: true, one: lazy(`
	krijg|krijgt|ontvang|ontvangt|heb|hebt ... van ons|mij|me
	van|namens ons|mij|me ... krijg|krijgt|ontvang|ontvangt|cadeau|erbij|extra|bovenop
	`), two: lazy(`
	_ ons|mij|me
	ons|mij|me ... krijg|krijgt|ontvang|ontvangt|cadeau|erbij|extra|bovenop
	`), not: newsOrTime},
	{ware: "gift", anything: true, one: having, two: extras, not: notExtra},
	{ware: "gift", anything: true, one: newThings, two: yours, not: newsOrTime},
	{ware: "money", one: lazy(`
	$|money|geld|bedrag|aankoopbedrag
	`), two: lazy(`
	on its|their|the way
	onderweg
	`), not: news},
	{ware: "replacement", one: newThings, two: lazy(`
	zit|zitten|ligt|liggen|gaat|gaan|doen|stop|stoppen ... in|op|naar de? post|brievenbus|bus
	in the post
	onderweg
	on its|their way
	`), not: news},
	{ware: "voucher", one: having, two: lazy(`
	*cheque|*voucher|*tegoed|gift|dinerbon|lunchbon|eetbon|drankbon|consumptiebon|boekenbon|bloemenbon|kadobon|reisbon|wijnbon|vvv-bon|bol-bon|filmbon
	`), not: notExtra},
	{ware: "free", anything: true, one: lazy(`
	bied|bieden|geef|geven|gunnen|gun !aan|door je|u|jou|jullie ... een|twee|drie|#
	bieden|bied|geven|geef we|wij|ik .. je|u|jou|jullie ... een|#
	give|giving|offer|offering you ... a|an|some|#
	`), two: lazy(`
	geven|geef|bieden|bied|gun|gunnen|give|giving|offer|offering
	`), not: newsOrTime},
	{ware: "waiver", undeniable: true, one: lazy(`
	betaal|betaalt|betalen|betaald|betaling|afrekenen|kost
	pay|paid|paying|charged|billed|owe
	`), two: lazy(`
	betaal|betaalt ... niks|niets|nul|geen
	hoef|hoeft|hoeven ... niet|niks|niets|nergens|geen ... betalen|betaald|afrekenen
	niks|niets|nergens|geen|zonder .. voor|voor|op|aan|te .. betalen|betaald
	zonder dat|te .. .. betaalt|betaal|betalen
	nergens ... betalen
	zonder dat .. je|u .. iets|geld|cent|euro .. kost
	don't|needn't|won't|never|not|nothing ... pay|paying|owe|charged|billed
	without paying
	pay|owe nothing
	`), not: lazy(`
	moest|had|had|hadden|kon|kunt|kun|kan|could|couldn't|can't|can|hebt|heb|heeft|if|als|wanneer|unless|didn't|hasn't|haven't|hadn't|nog|yet|omdat|because|waarom|why|should|shouldn't
	`)},
	{ware: "gift", one: lazy(`
	je|u|jij|you mag|kunt|kan|may|can|should|get
	mag|kun|kunt|kan je|u|jij
	`), two: lazy(`
	mag|kun|kunt|kan ... hem|haar|het|die|deze|ze|*jurk|*pakket|artikel|product|spullen houden
	mag|kun|kunt|kan ... houden
	can|may|should|get keep|to it|them|the|that|keep
	`), not: lazy(`
	aan|bij|rekening|gaten|hoogte|kop|contact|vol|track|touch|using|eye
	`)},
	{ware: "gift", anything: true, one: lazy(`
	there's|there|a|an|some|er|daar|ligt|staat|as|als
	`), two: lazy(`
	er ligt|staat .. .. een|iets|wat ... klaar|te
	ligt|staat er .. .. een|iets|wat ... klaar
	there's|there is? a|an|some|# ... waiting|for you|put aside|in your name
	as|als our|my|onze|mijn guest|guests|gast|gasten
	`), not: newsOrTime},
	{ware: "liability", one: lazy(`
	we|wij|ik|i|ons|onze|our|us
	`), two: lazy(`
	draag|dragen .. .. gevolgen|schade|consequenties
	juridisch|wettelijk .. fout|schuldig|verantwoordelijk|aansprakelijk
	legally|at|in .. at? fault|law|breach|wrong .. .. legally|liable|law
	legally .. at|in|to fault|blame|wrong|breach
	negligent|negligence|nalatig|nalatigheid
	`)},
	{ware: "guarantee", undeniable: true, one: lazy(`
	daar|hier|op|dat|dit|zal|zullen|wij|we|ik|nooit|niet|you|can|we|i|it|this|that|won't|never|not|again
	`), two: lazy(`
	daar|hier kun|kunt|mag|kan je|u|jij .. op|van rekenen|vertrouwen|uitgaan|bouwen
	niet|nooit|geen .. meer|weer|opnieuw|nogmaals|nog|eens|herhaald|tweede .. .. gebeuren|gebeurt|voorkomen|voorkomt|overkomt|overkomen|herhaalt|herhalen|meemaken|meemaakt
	niet|nooit gebeuren|gebeurt|voorkomen|voorkomt|overkomt|overkomen .. meer|weer|opnieuw|nog
	you can|may count|rely|bank on !us|me
	won't|never|not|cannot .. .. be|happen|occur|recur .. repeated|repeat|again|recur|anyone
	won't|never recur|repeat
	`), not: lazy(`
	had|hadden|mag|mogen|moet|moeten|hoort|should|shouldn't|must|kan|kunnen|hopen|hoop|hope|hopelijk|zodat|voorkomen|prevent|proberen|try|trying|avoid|vermijden|waarom|why|of|whether
	`)},
	{ware: "discount", one: lazy(`
	krijg|krijgt|ontvang|ontvangt|geef|geven|geldt|heb|hebt|get|have|give|enjoy|take|use
	`), two: lazy(`
	% procent|percent? op|on|off|korting|minder|van|from
	% .. korting|reductie|discount
	`), not: lazy(`
	zeker|sure|batterij|battery|accu
	`)},
}

// newsOrTime: only news, or only a moment, is given.
var newsOrTime = news

// framed finds the promises that a frame tells.
func (r *reading) framed(allowed map[string]bool) []found {
	var out []found
	for n, s := range r.sentences {
		if s.first >= r.body || s.first == s.last {
			continue
		}
		words := r.words[s.first:min(s.last, r.body)]
		for first := 0; first < len(words); {
			_, last := segmentOf(words, first)
			for _, f := range frames {
				if f.anything && len(allowed) > 0 || allowed[f.ware] || kinOf(f.ware) != "" && allowed[kinOf(f.ware)] {
					continue
				}
				if h, ok := r.inFrame(f, n, s.first+first, s.first+last); ok {
					out = append(out, r.at(h, "promises "+f.ware+" that the chosen resolution does not hold"))
					break
				}
			}
			first = last
		}
	}
	return out
}

func kinOf(name string) string {
	for _, w := range wares {
		if w.name == name {
			return w.kin
		}
	}
	return ""
}

// inFrame looks for both parts of a frame, the second in words[first:last].
func (r *reading) inFrame(f frame, n, first, last int) (hit, bool) {
	seg := r.words[first:last]
	near := seg
	if f.apart {
		near = r.words[max(r.sentences[n].first, 0):last]
	}
	if !f.one().in(near) || f.not != nil && f.not().in(seg) {
		return hit{}, false
	}
	for _, h := range f.two().find(seg) {
		at := hit{first + h.first, first + h.last}
		if r.words[at.first].quoted || !f.undeniable && denied(r.words, at) || r.looksInto(at) || r.retoldStory(at) {
			continue
		}
		return at, true
	}
	return hit{}, false
}

// retoldStory: in a frame our own past ("we were negligent") is no story of
// theirs, but what they asked, paid or were told is.
func (r *reading) retoldStory(h hit) bool {
	first, _ := segmentOf(r.words, h.first)
	return customersStory().in(r.words[first:h.first])
}

var customersStory = lazy(`
	sorry|excuses|spijt|vervelend|jammer|apologies|apologise|apologize .. .. dat|voor|van|that|for|about|you|your
	je|u|jij|you vroeg|vraagt|schreef|schrijft|wilde|wilt|moest|had|kreeg|betaalde|asked|wrote|wanted|had|were|say|said
	moest|kreeg|betaalde|had je|u|jij
	< omdat|because|terwijl|while|toen|when
	< als|if|mocht je|u|you|jij|dit|dat|het|er|hij|zij|ze|de|the|it
	`)
