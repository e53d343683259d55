package guard

import "strings"

// Places a reply sends people to, and who sits there. What points at them is
// told in many words ("alle info staat in", "hiervoor moet je bij"), the
// places are few.

// ourPlaces are pages, forms, desks and lines of ours.
const ourPlaces = `*website|*site|webshop|*app|*pagina|pagina's|faq|faq's|faqs|veelgestelde|*formulier|*portaal|portal|helpcentrum|kennisbank|handleiding|klantenservice|klantcontact|helpdesk|servicedesk|*balie|*winkel|winkels|filiaal|filialen|vestiging|vestigingen|loket|servicepunt|receptie|chat|livechat|chatbot|whatsapp|page|pages|website|site|form|centre|center|store|stores|branch|desk|helpline|hotline|reception`

// thirdParties are others than we.
const thirdParties = `gemeente|bank|fabrikant|leverancier|verzender|vervoerder|verkoper|verhuurder|politie|parkeerbeheerder|beheerder|importeur|dealer|verzekeraar|verzekering|zorgverzekeraar|netbeheerder|reisbureau|boekingssite|manufacturer|retailer|supplier|courier|seller|bank|council|police|landlord|dealer|insurer|provider|agency|agent`

var elsewhereLines = strings.NewReplacer("OURS", ourPlaces, "THIRD", thirdParties).Replace(`
	< kijk|kijkt|check|bekijk|raadpleeg|ga|log|meld|dien|laat|vul|wend|wendt|klik|surf|gebruik|kies|open|probeer|bezoek ... OURS|THIRD
	< geef|deel|plaats|zet|regel|boek|schrijf|wijzig|annuleer|registreer|download|reserveer|stuur ... via|op|in .. OURS
	je|u|jij|dient|moet|kunt|kun ... schriftelijk|telefonisch te? melden|indienen|doorgeven|doen|wijzigen|opzeggen
	schriftelijk|telefonisch ... melden|indienen|doorgeven|wijzigen|opzeggen
	must|should|have|need|can|be ... in writing|by post|by phone|by telephone
	must|should|can|need ... made|reported|done|cancelled by|over phone|post|letter|telephone
	< kijk|kijkt|check|bekijk|bezoek ... instagram|facebook|socials|twitter|linkedin|youtube
	OURS .. vind|vindt|lees|leest|kun|kunt .. je|u|jij|alle|meer|het
	alle|meer|alles|antwoorden|informatie|info|uitleg|stappen|tips|details ... op|in|via|bij .. OURS
	je|u|jij|you|you'll vind|vindt|find|see|get ... OURS
	kun|kunt|moet|mag|kan|dien|dient je|u|jij ... raadplegen|bekijken|nalezen
	kun|kunt|moet|mag|kan|dien|dient je|u|jij ... OURS|THIRD .. zijn|terecht|wenden|doorgeven|aanvragen|melden|raadplegen|bekijken|vinden|lezen|nalezen|regelen|wijzigen|indienen
	je|u|jij kun|kunt|moet|mag|kan|dien|dient ... OURS|THIRD .. zijn|terecht|wenden|doorgeven|aanvragen|melden|raadplegen|bekijken|vinden|lezen|nalezen|regelen|wijzigen|indienen
	moet|moeten|dient je|u|jij ... bij|tot|naar .. THIRD|OURS
	THIRD|klantenservice|klantcontact|helpdesk|servicedesk kan|kunnen|helpt|helpen|weet|zal je|u ... helpen|verder|zeggen|vertellen|mee
	wend|wendt je|u|uzelf? .. tot|naar
	tot|naar de|het|onze|uw|je THIRD wenden|stappen
	laat|laten .. je|jouw|uw .. gegevens|nummer|mailadres|e-mailadres .. achter
	dien|dient ... in bij|via|op
	kun|kunt|kan je|u|jij ... volgen|bekijken|inzien|checken|nakijken|regelen .. via|in|op
	je|u|jij kun|kunt|kan ... volgen|bekijken|inzien|checken|nakijken|regelen .. via|in|op
	via|in|op mijn _ .. volgen|bekijken|inzien|checken
	log|logt|inloggen .. in op|bij|via|into|in|to|on
	bezwaar|beroep|klacht|melding maken|aantekenen|indienen|doen ... bij|via
	staan|staat je|u|jullie ... te woord
	te woord staan
	stel|stelt je|jouw|uw|die|deze vraag ... via|op|in|aan|bij
	adviseren|adviseer|raden|raad je|u|jou ... sturen|schrijven|bellen|mailen|contact|langs|gaan
	kun|kunt|kan|moet|mag je|u|jij ... met|bij _ _ bespreken|overleggen|opnemen|regelen|aankaarten
	< neem|neemt|bespreek dit|dat|het|die ... op? met|bij
	dm|pm|inbox your|je|jouw|uw|the _
	< vraag|overleg|bespreek|check ... na|bij|met je|jouw|uw|de|het THIRD|tussenpersoon|adviseur|huisarts|werkgever|bank
	< ga|gaat hiervoor|daarvoor|dan|even|gerust|daarmee? naar
	< lees|bekijk dan|ook|eens|even|gerust? onze|ons _
	ons|onze|het nummer|klantenservicenummer|servicenummer is|luidt
	bellen|telefonisch|telefoon gaat|is|werkt ... snel|sneller|snelst|snelste|makkelijkst|handigst|beste
	snelst|snelste|makkelijkst|handigst|beste ... telefonisch|bellen|telefoon|mail|whatsapp
	< log|sign into|in|on
	< head|go|log|navigate|hop|look|pop|turn ... to|into|in|onto|on|at|over ... OURS
	< try|use our|the _
	branch|store|shop|officer|desk|retailer|reception ... happy|glad|able to help|assist
	raise|discuss|check|query|take it|this|that up? with your|the|our
	quicker|faster|easier|best|simplest|quickest|easiest .. .. if|to|for you? .. ring|call|phone|email|write|visit
	have|take a look|read|browse at|through|of ... OURS
	all|more|everything|answers|information|info|details ... on|in|via|at .. OURS
	you|you'll need|have|must|should|can|could|may|want|best ... speak|talk|go|contact|ask|visit|use|check|find|see|read|look|view|rebook|book|request|report|raise ... OURS|THIRD
	you'll need|have to speak|talk|go|contact|ask
	can|may|could|should rebook|book|request|report|change|cancel|manage|check|track ... via|on|in|through|using .. OURS|app|account
	kun|kunt|kan je|u|jij ... via|in|op|met de|je|onze app|account|profiel
	care|service|services|support team|desk? .. will|can|able ... help|assist|assistance
	care|service|services|support team|desk .. .. be able to help|assist
	phone lines|line .. .. open|are|is
	over|by the? phone|telephone
	dealt|handled|sorted|resolved|best|quickest|easiest|faster|fastest ... phone|telephone|call|calling
`)
