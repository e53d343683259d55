package guard

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
	nemen|neem ... voor onze|mijn rekening|kap|conto
	kosten|rekening ... voor onze|mijn rekening
	op|voor onze|mijn kosten|rekening|conto
	krijg|krijgt|ontvang|ontvangt|staat|staan|komt ... op je|uw|jouw rekening|bankrekening
	keer|keert|keren .. .. uit !je|de|het|op
	uitkeren|uitgekeerd|uitkeer|uitbetalen|uitbetaald|uitbetaling|storneren|gestorneerd|storneer
	draai|draaien ... incasso|afschrijving|betaling|boeking|factuur|boete|kosten .. terug
	incasso|afschrijving|betaling|factuur|boete ... teruggedraaid|terugdraaien
	zien|zie ... van af
	haal|halen|trek|trekken|laat|laten|strepen|streep|schrap|schrappen ... boete|kosten|toeslag|bedrag|rente|aanmaningskosten|$ .. .. af|vallen|weg|vervallen|zitten
	neem|nemen ... schade|kosten|verlies|meerkosten .. over|ons
	schade|kosten|meerkosten neem|nemen we|wij|ik .. ..
	neem|nemen ... rekening|*rekening|*kosten|schade|*schade .. op ons|mij|mijn
	*rekening|*kosten|*bedrag|*factuur|boete|toeslag|fee ... geschrapt|schrappen|eraf|kwijt|verwijderd|gehalveerd|vervalt|vervallen|ingetrokken
	halveren|halveer|gehalveerd
	halve|helft van? de|het|je prijs|bedrag|tarief|kosten|factuur
	removed|taken|wiped|struck|cleared|deleted|coming|comes|come|off from|off|of your|the|this next? bill|invoice|account|statement|balance|tab
	remove|removing|wipe|wiping|strike|clear|clearing|void|voiding|voided|refunding ... fee|charge|charges|fine|surcharge|cost|bill|invoice|balance
	fee|charge|charges|fine|surcharge|bill|invoice ... removed|wiped|voided|cleared|scrapped|dropped|cancelled|gone
	sta|staan we|wij|ik .. garant|borg
	voor rekening van ons|de|het
	schade|kosten ... voor rekening
	van het|de huis|zaak
	op kosten van ons|de
	wij|we|ik betalen|betaal .. de|je|jouw|uw|het|alle|deze _
	betalen|betaal wij|we|ik
	verrekenen|verreken|verrekend
	wij|we|ik dit|dat|het|die|alles|ze .. betalen|afrekenen|voldoen|bekostigen
	wij|we|ik rekenen|reken ... af
	door ons ... betaald|vergoed|voldaan|bekostigd
	factureert|factureren|stuurt|sturen|declareren|declareert|declareer ... aan|naar|bij|met ons|mij
	bij|aan|naar ons ... declareren|factureren|indienen|verhalen
	bill|invoice|charge us
	claim|reclaim|recover .. .. .. from us
	leave .. .. with us|me !your|a
	keuren|keur|tekenen|teken|gaan|ga|ga ... offerte|$|*bedrag|declaratie|claim|quote|factuur|schikking ... goed|akkoord|af
	offerte|$|*bedrag|declaratie|claim|factuur ... keuren|keur|tekenen|teken|betalen|betaal we|wij|ik .. goed|af
	akkoord met .. .. $|offerte|bedrag|claim|prijs
	agree|agreed|happy|accept|accepted|approve|approved|honour .. .. quote|$|claim|amount|estimate
	insurer|insurance|insurers|verzekering|verzekeraar ... pick|picks|pay|pays|cover|covers|dekt|vergoedt|betaalt|settle|settles|deal|handles|handle
	you're|you are? covered
	square|squaring things|it|this|that !away|off
	$ ... klaargezet|gereserveerd|klaarstaan|opzij
	payment|sum|amount of $
	cheque|check in the post|mail
	authorised|authorized|approved|issued|issue|raised|arranged .. .. payment|refund|cheque|payout|credit
	betaling|uitbetaling ... onderweg|goedgekeurd|klaargezet|ingepland
	trekken|trek ... van je|de|uw volgende? rekening|factuur
	refund|refunds you|your|the|it|in|any|$
	refund|refunds|refunded|credited|recredited|refunding|reimburse|reimbursed|reimbursement|reimbursing
	credit|credited|crediting your|you|the|it|account|note|to
	a|store|full|account|bill credit of|note|on|to
	waive|waived|waiving
	write|wrote|written|writing it|that|this|the? .. off
	money back
	we|we'll|i|i'll|happy|gladly|will|gonna .. pay|paying you|for|back|your|the|any|all|half|to
	cover|covering|absorb the|your|all|any|these|those .. cost|costs|full|bill|fee|fees|damage|difference|repair|repairs|taxi|hotel
	give|giving|get|have|return|returning|put|send ... $|money|fee|cost|costs|charge|payment|price|deposit|fare .. .. back
	half|all of? your money
	we|we'll|i'll|i|us .. cover|covering|foot|bear|bearing your|the|any|all|that|this|it|every
	foot|footing|pick|picking up? the bill|tab
	your|the|full|half|every money|amount|sum|fee|fare|price|payment|deposit|penny|pound .. back|returned|repaid
	repay|repaid|repaying|repayment|payout|payouts|chargeback
	pay|paid|paying out
	reverse|reversed|reversing the|that|your|this|both .. charge|charges|payment|fee|debit|transaction
	square|squaring .. up
	settle|settled|settling ... in full
	insurer|insurance|verzekeraar|verzekering ... settle|settles|pay|pays|cover|covers|vergoedt|betaalt|dekt|keert|vergoeden|uitkeren

	deduct|deducted|knock|take .. .. off your|the|# next? bill|invoice|%|order
	drop|dropped|dropping|cancel|cancelled|cancelling|scrap|void|voided your|the|that|this|both|all .. fee|fine|charge|charges|invoice|bill|debit
	drop|dropped|scrap ... fee|fine|charge
	`)},
	{name: "compensation", kin: "money", says: lazy(`
	vergoeding|vergoedingen|schadevergoeding|compensatie|compenseren|compenseer|gecompenseerd|compenseert|tegemoetkoming|tegemoetkomen|coulance|coulancehalve|schadeloosstelling|schadeloosstellen|schadeloos|goedmaker|goedmakertje
	kom|komen ... tegemoet
	financieel recht|goed|rond
	see you|them right
	you're|you are? due|owed $
	financieel|financially ... goed|rechtzetten|rechttrekken|right|better
	right|better|good|goed financially|financieel
	compensation|compensate|compensated|compensating|goodwill|recompense|redress
	make|making it|this|that up to|with
	make good the|your|any|on
	make|making up for the|your|any|all .. .. lost|takings|wages|loss|losses|money|income|pay|sales|earnings|trade|cost|costs
	make|making up the|your|any .. .. pay|wages|money|cost|difference|loss|fee|fare
	schikking|schikken|afkopen|afkoopsom|smartengeld
	maken|maak het ... goed .. .. met
	dat|dit|het maken|maak we|wij|ik .. .. goed
	`)},
	{name: "voucher", says: lazy(`
	voucher|vouchers|tegoedbon|tegoedbonnen|waardebon|waardebonnen|cadeaubon|cadeaubonnen|cadeaukaart|cadeaukaarten|kortingscode|kortingsbon|kortingsvoucher|tegoed|shoptegoed|winkeltegoed|beltegoed
	cruise|onboard|travel|flight|future|hotel|airline|shop credit|credits
	gift|store|discount card|cards|voucher|vouchers|code|credit
	promo|promotion|promotional|coupon|discount|referral code|codes
	coupon|coupons|spaarpunten|bonuspunten|loyaltypunten|airmiles
	krijg|krijgt|ontvang|ontvangt|zetten|zet # punten
	# points to|on|in|into|for
	# *minuten|*punten|*credits|*uren|minutes|points|credits|gb|mb|rides|ritten ... op|on|to|in je|jouw|uw|your account|app|kaart|tegoed|profiel|card|wallet
	extra|bonus|loyalty|reward points|miles|credits|credit
	kaartje|kaartjes|ticket|tickets|tafel|plek ... ligt|liggen|staat|staan .. klaar
	bon|bonnen ter waarde|van $
	`)},
	{name: "discount", kin: "voucher", says: lazy(`
	korting|kortingen|afslag|prijsverlaging|prijsreductie
	# procent|% korting|af|off|eraf|minder|goedkoper
	discount|discounts|discounted
	# percent? off your|the|any|all|next|everything
	half|full price !list
	half off
	$ off|eraf|korting
	in prijs verlagen|verlaagd
	goedkoper
	lower|reduced rate|price|tariff|fee
	lager|verlaagd tarief|maandbedrag
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
	comp|comped|comping you|your|the|it|that
	cadeau|kado van ons|mij
	dat|die|deze|het|hem krijg|krijgt je|u .. van ons|mij !op|nog|te|zwart
	our treat
	# maand|maanden|week|weken|dagen|month|months|weeks|days extra|gratis|langer|free|longer
	verleng|verlengen|extend|extending ... abonnement|lidmaatschap|subscription|membership|pass|contract|garantie|warranty
	upgrade|upgraden|upgraded|upgrading|geupgrade ... naar|to|your|je|you|suite|kamer|room|klasse|class|business|first|premium
	trakteren|trakteer we|wij|ik|je|u|jullie
	no|any|without extra|additional|further? cost|charge !to
	at our|no|my own? cost|expense|charge
	is|are|be|all|this|one|one's|dinner's|lunch's|meal's|drink's|coffee's|round's|pizza's|drinks|coffee|meal|dinner|lunch|taxi on us|me
	on the house
	`)},
	{name: "free", plain: true, says: lazy(`
	kosteloos|kosteloze|kostenloos|kostenvrij
	little something
	on the house
	our|my treat
	next .. .. on us|me
	van het huis
	next|first|volgende|eerstvolgende|eerste ... is|are|zijn|will be? gratis|free|kosteloos
	abonnement|lidmaatschap|contract|pas|subscription|membership ... # maand|maanden|week|weken|month|months|week|weeks ... langer|longer|extra|gratis|free
	`)},
	{name: "waiver", kin: "money", undeniable: true, plain: true, says: lazy(`
	kosten|geld|prijs|rekening ... geen zorgen|omkijken
	geen zorgen ... kosten|geld|rekening|prijs
	draai|draait|draaien je|jij|u ... niet .. .. op
	no need to pay|settle|return|send
	needn't pay|return|worry .. .. cost|costs|bill|money?
	fee|charge|charges|cost|bill|invoice|callout gone|history
	hoef|hoeft|hoeven je|u|jij|jullie? ... niet|niets|niks|geen ... betalen|voldoen|kosten
	kost|kosten je|jou|u|jullie ... niets|niks|geen
	costs|cost you nothing
	won't|doesn't|not cost you
	not|won't|never|n't|nobody ... out of pocket
	schrijf|schrijven|boeken|boek|incasseren|incasseer|brengen|breng|reken|rekenen ... niet|geen|niks|niets .. af|door|rekening
	betaal|betaalt|betalen je|u|jullie .. .. niets|niks|nul|slechts|maar|alleen
	you only|just|don't pay
	pay nothing
	kost je|u|jullie .. geen cent|euro|stuiver|knaak
	geen cent|stuiver
	geen .. financieel|financiele nadeel|schade|gevolgen
	not a penny|cent
	je|u|jij hoeft|hoef ... niet|niets|niks|geen ... betalen|voldoen
	brengen|rekenen|berekenen ... geen|niet|niets ... kosten|rekening
	geen kosten in rekening
	won't|don't|needn't|not have? to? need|have|be|charge|pay to? pay|charged|charge|you|anything|a|for
	no charge|charges will|for
	`)},
	{name: "gift", says: lazy(`
	bloemetje|boeket|presentje|cadeautje|cadeau|attentie|attentietje|kadootje|kleinigheidje|extraatje|verrassing|verrassingspakket|vrijkaart|vrijkaarten|vrijkaartjes
	bos|bosje|boeketje bloemen
	doos|doosje|iets bonbons|chocolade|chocolaatjes|lekkers|leuks
	bouquet|chocolates|hamper
	here's|here a|an|some ... from|on us|me
	small|little|some .. present|gift|treat|flowers|surprise|token
	a gift|treat|token
	om het|dit|dat .. goed te maken
	als|bij wijze van? een|kleine|klein? goedmaker|goedmakertje|troost|pleister|doekje|bedankje|dank|dankjewel|gebaar|sorry|schadeloosstelling
	doen|doe|leg|leggen|stop|stoppen|gooi|gooien ... er|erbij ... bij|erbij
	voor de|alle|je moeite|schrik|overlast|ongemak|wachten krijg|krijgt|ontvang|ontvangt|bieden|bied|geven|sturen|stuur|ligt|staat
	by way of
	as|by|in way|a|an|our|some|small? thank|gesture|token|apology|sorry|compensation|goodwill|treat
	to make|making up|amends for|it|to
	to say sorry|thank
	for your|the trouble|troubles
	in the post .. .. for you
	something nice|special
	`)},
	{name: "replacement", says: lazy(`
	nieuw|nieuwe|vervangend|vervangende !factuur|link|wachtwoord|code|bevestiging|afspraak|datum|rekening|specificatie|brief|mail|uitnodiging|offerte|label|retourlabel|versie|planning|tijd|voorstel|monteur|bezorging|levering|pas|bankpas|pincode|bericht|collega|invoice|password|confirmation|appointment|date|time|bill|statement|quote|version|letter|email|offer|contract|login|pin|card|slot|delivery|engineer|driver|message ... opsturen|toesturen|toegestuurd|opgestuurd|sturen|gestuurd|verstuurd|verzonden|geleverd|bezorgd|leveren|bezorgen|bezorgt|brengt|brengen|krijg|krijgt|klaarzetten|klaarleggen|ruilen
	stuur|sturen|lever|leveren|krijg|krijgt|ontvang|ontvangt|bestel|bestellen|breng|brengen|bezorg|bezorgen|brengt|bezorgt|besteld ... nieuw|nieuwe|vervangend|vervangende|vervanging !factuur|link|wachtwoord|code|bevestiging|afspraak|datum|rekening|specificatie|brief|mail|uitnodiging|offerte|label|retourlabel|versie|planning|tijd|voorstel|monteur|bezorging|levering|pas|bankpas|pincode|bericht|collega|invoice|password|confirmation|appointment|date|time|bill|statement|quote|version|letter|email|offer|contract|login|pin|card|slot|delivery|engineer|driver|message
	een|gloednieuwe nieuw|nieuwe|vervangende !factuur|link|wachtwoord|code|bevestiging|afspraak|datum|rekening|specificatie|brief|mail|uitnodiging|offerte|label|retourlabel|versie|planning|tijd|voorstel|monteur|bezorging|levering|pas|bankpas|pincode|bericht|collega|invoice|password|confirmation|appointment|date|time|bill|statement|quote|version|letter|email|offer|contract|login|pin|card|slot|delivery|engineer|driver|message ... onderweg|klaar
	vervang|vervangen|vervangt|omruilen|ruilen .. .. je|jouw|uw|hem|haar|die|het|ze
	je|jouw|uw|hem|haar ... vervangen|omruilen|omgeruild
	die|het|ze !is|zijn|was|werd|waren|werden ... vervangen|omruilen|omgeruild
	vervangend|vervangende|vervangexemplaar|ruilexemplaar
	a|your|the|free replacement !part|parts|engineer|driver|bus|train|vehicle|crew|key|battery
	replacements
	replacement for|item|unit|parcel|order|pair|set|one
	replace|replaced|replacing it|them|your|the|this|that|these|those
	send|sending|sent|ship|shipping|get|deliver|order ... new|brand-new !factuur|link|wachtwoord|code|bevestiging|afspraak|datum|rekening|specificatie|brief|mail|uitnodiging|offerte|label|retourlabel|versie|planning|tijd|voorstel|monteur|bezorging|levering|pas|bankpas|pincode|bericht|collega|invoice|password|confirmation|appointment|date|time|bill|statement|quote|version|letter|email|offer|contract|login|pin|card|slot|delivery|engineer|driver|message
	a brand? new|brand-new !factuur|link|wachtwoord|code|bevestiging|afspraak|datum|rekening|specificatie|brief|mail|uitnodiging|offerte|label|retourlabel|versie|planning|tijd|voorstel|monteur|bezorging|levering|pas|bankpas|pincode|bericht|collega|invoice|password|confirmation|appointment|date|time|bill|statement|quote|version|letter|email|offer|contract|login|pin|card|slot|delivery|engineer|driver|message ... its|their way
	a|brand new one
	ruil|ruilen ... om|in voor
	exchange|swap|swapped it|for|your|the
	`)},
	{name: "liability", plain: true, says: lazy(`
	aansprakelijk|aansprakelijkheid
	schuld .. .. ligt|is volledig|geheel|helemaal bij|aan|van ons|onze
	schuld bekennen|bekent
	in gebreke|verzuim gebleven|gesteld|zijn
	breach|breached of|our|the|your contract|duty|warranty|terms
	legally|fully|entirely|solely|wholly responsible|liable|accountable|culpable
	recht|aanspraak op .. $|compensatie|vergoeding|schadevergoeding|terugbetaling|korting
	we|i accept|take|assume full|complete|total
	verantwoordelijk|verantwoordelijkheid voor|over ... schade|kosten|gevolgschade|verlies
	volledige|alle verantwoordelijkheid|schuld|aansprakelijkheid
	volledig verantwoordelijk|aansprakelijk
	% verantwoordelijk|aansprakelijk|responsible|liable
	erkennen|erken ... schuld|aansprakelijkheid|nalatigheid
	nalatig|nalatigheid
	recht op ... vergoeding|compensatie|schadevergoeding|terugbetaling|geld|korting
	liable|liability|negligent|negligence
	responsible|responsibility for ... damage|damages|cost|costs|loss|losses|injury|injuries
	full|complete|total|all responsibility|blame|liability
	entitled to .. $|amount
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
	staan|sta ... voor in
	instaan voor
	waarborg|waarborgen|levenslange|levenslang !som
	*garantie !bewijs|voorwaarden|termijn
	rest|be assured|sure ... again|never
	lifetime|money-back|satisfaction guarantee|warranty
	never .. again
	nooit meer .. ..
	under|within your|the|full|our? warranty
	you have my|our word
	assure|promise|beloof|beloven|verzeker|verzekeren|garandeer|will|zal|wordt|dit ... last time|keer
	dit|dat was|is|wordt ... laatste keer
	absolutely|absoluut guarantee|garandeer
	`)},
}
