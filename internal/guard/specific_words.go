package guard

import "sync"

// common are words that stand in any message and any reply: they show nothing.
var common = sync.OnceValue(func() map[string]bool {
	return wordSet(`aan aangezien achter af al alle alleen alles als altijd andere anders beetje ben bent beste betreft bij bijna bijvoorbeeld binnen
	boven buiten daar daarbij daardoor daarna daarom dag dan dat deze die dingen dit doen doet door dus echt een eens eerst eigenlijk elk elke
	enkel er erg ergens even fijn gaan gaat geen gehad geven gewoon goed graag groet groeten had hadden heb hebben hebt heeft heel helaas helemaal
	hem hen het hier hij hoe hun iedereen iemand iets ik in inmiddels is ja jaar je jij jou jouw jullie kan kon komen komt krijg krijgen kun kunnen kunt laat laten
	lang langs later maar mag me meer men met mij mijn misschien mocht moet moeten na naar natuurlijk nee net niemand niet niets niks nog nooit nou nu of
	om omdat onder ons onze ook op over paar precies probleem problemen soms staan staat steeds te tegen ten terug terwijl toch toen tot tussen twee uit uur u uw vaak van vanaf vanwege
	veel ver verder verschillende via voor waar waarom waarop wanneer want waren was wat week we weer weet wel welke werd wie wij wil willen wilt word worden wordt zal ze zeer zeg zeggen zegt zei zelf
	zich zien zijn zit zitten zo zoals zodat zonder zou zouden zulke één mee maken maakt doe ging gegaan gekomen gekregen geweest gezegd gedaan
	bericht berichten berichtje reactie klacht klachten klant klanten klantenservice service ervaring bedrijf manier situatie zaak moment
	sorry excuses vervelend jammer bedankt dank hallo hoi dag goedemorgen goedemiddag goedenavond mevrouw meneer heer geachte vriendelijke groetjes lieve
	snel mogelijk zaken keer vraag vragen antwoord hulp helpen graag tijd gevoel lekker mooi leuk top helder duidelijk begrijp snap weten
	the and for are but not you all any can her was one our out has had him his how its may new now old see two way who did get let put say she too use
	that with have this will your from they know want been good much some time very when come here just like long make many more only over such take than
	them well were what would about after again could every first from great into last made most must never other please really right same should since
	still than then there these thing think those through under until upon where which while without year you're don't i've i'm it's can't we're that's
	didn't isn't won't also even ever back before being both down each going got him himself itself mine myself nobody nothing off once ours own quite
	sorry apologise apologies thanks thank dear hello kind regards message complaint customer customers experience issue issues problem problems company
	work working works werk werkt werkdag werkdagen days dagen
	help service team contact hear read happy feel understand today people because always another away does doing done every give given goes gone keep
	thing things tell told said says something someone went zegt soort helemaal gewoon werkelijk allemaal eindelijk via alsof hoor blijkt`)
})

// soft words stand for a description without being one.
var soft = sync.OnceValue(func() map[string]bool {
	return wordSet(`gang wens wensen verliep verlopen verwachting verwachtingen verwachtte verwacht gedoe rondom betrekking soepel vlekkeloos ideaal standaard niveau
	kwaliteit gewend zorgvuldig dienstverlening aankoop bestelling bestellingen product producten levering bezorging bezoek verblijf order artikel artikelen
	ongemak overlast hinder frustratie teleurstelling teleurgesteld tevreden ontevreden oprecht welgemeend welgemeende gemeende nogmaals hierbij bieden aanbieden aangeboden
	beloofd nare negatieve slechte mindere vervelende gevolgen ervaren ondervonden veroorzaakt ontstaan ontstane verkregen betreffende omtrent inzake
	waarderen weten laten beloven gebeurd gebeuren gebeurt lopen gelopen bedoeling hoort horen gunnen verdienen verdient spijt enorm ontzettend zeker gezien geworden
	hassle expectations expectation expected standards standard purchase order orders delivery visit stay product products smoothly planned caused cause affected
	regarding concerning recent recently meet meeting provide provided level quality inconvenience frustration disappointment trouble upset sincere sincerely truly
	deeply genuinely happened happens fell short fallen below high usual received receiving negative poor bad unpleasant difficulties difficulty confusion
	apology offer accept valued important matter concerns feedback review wish hoped`)
})

// generic are set phrases of any reply. What they hold names nothing.
var generic = lazy(`
	ongemak|inconvenience|overlast|hinder|frustratie|frustration|teleurstelling|disappointment|trouble
	had|hadden .. niet|nooit .. mogen|moeten gebeuren|zijn
	niet|geen de|wat|hoe|onze|zoals? ... bedoeling|verwachten|verwacht|gewend|standaard|voor|staan|willen|hoort|mag
	is|was niet? niet zoals|de|wat|hoe|goed|leuk|fijn|prettig|netjes
	niet tevreden|blij|gelukkig|goed|verlopen|gelopen|leuk|fijn
	we|wij|ik staan|staat klaar
	should never|not|n't have happened
	shouldn't have happened
	not what|how|the ... expect|want|standard|standards|for|aim|stand|like
	not good enough|acceptable
	never have happened
	hopen|hoop ... gauw|snel|weer|nooit
	niet meer gebeuren|gebeurt
	won't|not happen again
	niet goed gegaan|gedaan
	niet aan|naar je|jullie|uw|de verwachting|verwachtingen|wens|wensen
	niet ... verwachting|verwachtingen|wens|wensen
	fell|fall|fallen short
	disappointing to read|hear
	laat|laten je|u|jullie|het|me|ons|weten|staan
	te laten weten
	zo snel mogelijk
	zodra
	te laat om|is
	wacht|wachten op|af
	stuk voor|van
	neem|nemen serieus
	iets|er|wat|het|something|things|it ... misgegaan|misging|mis|fout|verkeerd|goed|wrong|amiss
	soms|wel eens|sometimes .. iets? mis|fout|wrong
	hier|hierop|erop|daarop ... wachten|wacht
	late|trage reactie|antwoord|reply|response
	met je|jouw|uw zit|zitten
	hebben|heb|have je|jouw|uw|your .. mail|bericht|berichtje|klacht|message|email|complaint .. ontvangen|gelezen|gezien|received|read|seen
`)

// plainFaults are nouns that name by themselves what is wrong.
var plainFaults = lazy(`
	schimmel|vocht|vochtplekken|muizen|muis|ratten|rat|gat|gaten|kras|krassen|lek|lekkage|lekken|scheur|scheuren|barst|barsten|deuk|deuken|vlek|vlekken|haar|haren|stank|lawaai|herrie|kakkerlak*|bedwantsen|maden|roest|scherven|splinters|kortsluiting|datalek|spelfout*|prijskaartje
	mould|mold|damp|mice|mouse|rats|rat|hole|holes|scratch|scratches|leak|leaks|crack|cracks|dent|dents|stain|stains|smell|stench|noise|cockroach*|bedbugs|maggots|rust|splinters|typo|typos
`)

// defects say what is wrong even inside a set phrase: "niet werkt zoals het hoort".
var defects = lazy(`
	niet werkt|werkte|werken|aangaat|opstart|start|sluit|laadt|opent
	werkt|werkte|werken|doet|deed|deden het? niet
	het niet doet|deed|deden|doen
`)

// troubles are words for what goes wrong for customers, whatever the trade.
var troubles = lazy(`
	te laat|late|vroeg|lang|veel|weinig|duur|klein|groot|kort|koud|warm|hoog|hard
	laat|later|vertraging|vertraagd|vertragingen|uitgesteld|uitstel|wachten|wacht|wachttijd|wachttijden|wachtrij|gewacht|wachtte
	zo|zolang|urenlang|wekenlang lang|duurt|duurde
	kapot*|stuk|defect|defecte|defecten|beschadigd|beschadigde|schade|gebroken|kras|krassen|lek|lekt|lekkage|lekken|gescheurd|barst|storing|storingen|uitval|vastloopt|vastliep|crasht|hapert|zwart|leeg
	kwijt|zoek|zoekgeraakt|verdwenen|weg|vermist|verloren|ontbreekt|ontbreken|ontbrak|ontbrekende|vergeten|gemist|misgelopen|mist|misten
	verkeerd|verkeerde|fout|foute|fouten|onjuist|onjuiste|onterecht|onterechte|dubbel|dubbele|teveel|vergissing|vergist|tegenstrijdig|tegenstrijdige|onduidelijk|onduidelijke|verwarrend|misleidend|niet-bestaande
	geannuleerd|geannuleerde|annulering|uitgevallen|geschrapt|vervallen|afgezegd|afgelast|geweigerd|weigerde|geblokkeerd|dicht|gesloten
	vies|vieze|vuil|smerig|smerige|koud|koude|lauw|lauwe|rauw|rauwe|bedorven|slordig|slordige|muf|stonk|stinkt|plakte|plakkend|vlekken|haar|haren|schimmel|gat|lawaai|herrie
	onvriendelijk|onvriendelijke|onbeleefd|onbeleefde|bot|botte|grof|grove|onbeschoft|onbeschofte|kortaf|respectloos|toon|neerbuigend|uitgelachen|afgesnauwd|weggestuurd|genegeerd|afgescheept
	afgeschreven|afschrijving|incasso|geincasseerd|aanmaning|aanmaningen|betalen|bijbetalen|kosten|toeslag|prijs|prijsverhoging|rekening
	doorverbonden|doorgestuurd|rondgestuurd|kastje|doorverwezen|steeds|telkens|weer|opnieuw|alweer|nogmaals|vergeefs|tevergeefs|nergens|zelf
	twee|drie|vier|vijf|zes|zeven|acht|negen|tien|tweede|derde|vierde|vijfde|zesde|zoveelste keer|maal
	lek|gelekt|datalek|gehackt|misbruikt|fraude|gestolen|gegooid|gesmeten|omgevallen|opgelicht|ontploft|brand|rook|gewond|gevallen|verbrand
	voor niets|niks|lief|dichte
	tegenvalt|tegenviel|tegengevallen
	buiten gebruik|werking|dienst
	dichte deur|deuren
	uitviel|uitvielen|uitgevallen|begaf|begeeft|weigerde|weigert|haperde|stilstaan|stilstond|vol|volgeboekt
	mix-ups|mixups|muddle|shambles
	schrik|geschrokken|schrikken|paniek|scare|scared|frightening|frightened
	kou|kilte|hitte|koude|ijskoud|lauw|tocht
	gestoord|storen|stoort|lastiggevallen|wakker
	vocht|vochtig|muizen|ratten|roest|overstroming|ondergelopen
	gestrand|vast|vaststaan|vastzit|vastzat|opgesloten|buiten
	breekt|brak|viel|vielen|hing|hangt|stopte|stopt|faalde|mislukt|mislukte|misging|mis|misgegaan|misverstand|ruis|rammelt|piept|wiebelt|scheef
	zonder
	beloofd|beloofde|toegezegd|afgesproken|belofte
	nog .. niet|geen|steeds
	nog staat|stond|ligt|lag|hangt|hing|open|altijd
	late|later|delay|delays|delayed|overdue|waiting|waited|wait|waits|queue|hold|slow
	power|water cut|cuts|failure
	damp|mould|mold|flood|flooded|rats|mice|leaky|rust|rusty|rotten
	ruined|spoiled|spoilt|melted|soaked|through
	broken|broke|faulty|damaged|damage|defective|cracked|scratched|leaking|leaked|leak|dead|crashes|crashed|crashing|failed|fails|failure|outage|stopped|frozen|freezes|smashed|torn|ripped|stuck|stranded
	missing|lost|gone|vanished|missed|misplaced|wrong|incorrect|incorrectly|mistake|error|twice|double|duplicate|unclear|confusing|misleading|contradictory|mix-up|mixed
	cancelled|canceled|cancellation|scrapped|refused|rejected|declined|blocked|locked|closed|shut
	dirty|filthy|cold|stale|raw|mouldy|moldy|smelly|stained|hair|noisy|noise|rude|rudely|dismissive|unfriendly|abrupt|mocked|laughed|ignored|snapped|curt|spoke|spoken|tone
	charged|overcharged|charge|charges|fee|fees|cost|pay|paying|bill|debited|price
	passed around|along|from
	repeat|repeating|repeated|again|chase|chasing|chased
	never no|_
	never|neither|nobody
	two|three|four|five|six|seven|eight|nine|ten|second|third|fourth|fifth times|time
	without|no
	promised|unanswered|unreachable|disconnected
	hung up
	hacked|stolen|fraud|scam|breach|exposed|fire|smoke|smoking|burn|burned|burnt|injured|hurt|fell
	doesn't|didn't|isn't|wasn't|hasn't|won't|couldn't|weren't|aren't|hadn't
	not
`)
