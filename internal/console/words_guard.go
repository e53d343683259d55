package console

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

// guardWord says a message of the guard in Dutch. What the message names of
// the case ("«4512389»") stands between its two halves.
type guardWord struct{ before, after, dutch string } // %s in dutch: what stands between

// guardWords are the guard's messages by rule; the guard itself speaks English.
// A message that is not here, of a later guard, is said by its rule alone
// (guardAdvice), so that nobody reads half a language.
var guardWords = map[string][]guardWord{
	"1-not-specific": {{"could be sent to anybody", "", "Dit kan naar iedereen: noem wat er misging, met iets wat de klant zelf vertelde"}},
	"2-no-apology": {{"no sympathy", "", "Geen medeleven: niemand heeft schuld, maar de klant zit ermee"},
		{"this apologises for nothing", "", "Dit verontschuldigt niets: het is voorwaardelijk, of gaat over het gevoel van de klant. Zeg sorry voor wat er gebeurde"},
		{"no apology", "", "Geen excuses: zeg sorry voor wat er gebeurde"}},
	"3-no-action": {{"no date", "", "Geen datum: zeg wie wat doet, en wanneer het klaar is"},
		{"no concrete step", "", "Geen concrete stap: zeg wie wat doet, en wanneer het klaar is"}},
	"4-asks-known-fact": {{"more than one question", "", "Meer dan één vraag: vraag alleen wat je echt nodig hebt"},
		{"asks what the customer already told: «", "»", "Vraagt wat de klant al vertelde: «%s»"},
		{"asks again for what the customer gave", "", "Vraagt opnieuw wat de klant al gaf"},
		{"asks for the story", "", "Vraagt om het verhaal dat de klant net deed"},
		{"asks for what the customer already sent", "", "Vraagt om wat de klant al stuurde"}},
	"5-channel-bounce": {{"sends the customer to another channel", "", "Stuurt de klant naar een ander kanaal: help hier, of zeg waarom het privé moet en geef de link"}},
	"6-internal-process": {{"internal policy or procedure", "", "Intern beleid of een procedure: zeg wat er voor de klant gebeurt"},
		{"an internal system", "", "Een intern systeem: daar heeft de klant niets mee te maken"},
		{"an internal department or step", "", "Een interne afdeling of stap: noem een mens, of zeg gewoon wij"},
		{"jargon: the customer does not know «", "»", "Vakwoord dat de klant niet kent: «%s»"}},
	"7-register": {{"addresses the customer with u", "", "Zegt u tegen de klant, waar je gevraagd is"},
		{"addresses the customer with je", "", "Zegt je tegen de klant, waar u gevraagd is"},
		{"je and u in one reply", "", "Je en u door elkaar in één antwoord"},
		{"not in the customer's language (", ")", "Niet in de taal van de klant (%s)"},
		{"this sentence is not in the customer's language (", ")", "Deze zin is niet in de taal van de klant (%s)"}},
	"8-unsigned": {{"no agent's name at the end", "", "Geen naam aan het eind: onderteken met een voornaam of ^initialen"},
		{"signed with another name than ", "", "Ondertekend met een andere naam dan %s"}},
	"9-unbacked-promise": {{"promises a voucher that", "", "Belooft een tegoedbon die niet in de gekozen oplossing zit"},
		{"promises money that", "", "Belooft geld dat niet in de gekozen oplossing zit"},
		{"says that it is done", "", "Zegt dat het gedaan is, terwijl de opdracht nog openstaat"},
		{"more than the resolution holds (", ")", "Meer dan de oplossing toestaat (€ %s)"},
		{"promises ", " that the chosen resolution does not hold", "Belooft iets wat niet in de gekozen oplossing zit"}},
	"10-personal-data": {{"a mobile number that is not", "", "Een mobiel nummer dat niet van de klant is"},
		{"a mail address that is neither", "", "Een mailadres dat niet van de klant is en niet van ons"},
		{"an account number that is not", "", "Een rekeningnummer dat niet van de klant is"},
		{"a telephone number in public", "", "Een telefoonnummer in het openbaar"},
		{"a mail address in public", "", "Een mailadres in het openbaar"},
		{"an account number in public", "", "Een rekeningnummer in het openbaar"},
		{"an order, customer or case number", "", "Een bestel-, klant- of zaaknummer in het openbaar"},
		{"an address in public", "", "Een adres in het openbaar"},
		{"somebody's health in public", "", "Iemands gezondheid in het openbaar"},
		{"somebody's debts in public", "", "Iemands schulden in het openbaar"},
		{"somebody else's health", "", "De gezondheid van iemand anders"},
		{"names another customer", "", "Noemt een andere klant: wat anderen overkwam is van hen"},
		{"names somebody in full", "", "Noemt iemand voluit: een voornaam is genoeg"},
		{"what somebody else owes", "", "Wat iemand anders schuldig is"},
		{"where somebody else lives", "", "Waar iemand anders woont"},
		{"names somebody of the customer's in public", "", "Noemt in het openbaar iemand uit de kring van de klant"},
		{"names somebody else", "", "Noemt iemand anders: wat anderen overkwam is van hen"},
		{"says in public where somebody else lives", "", "Zegt in het openbaar waar iemand anders woont"}},
	"11-too-long":       {{"too long for ", "", "Te lang voor dit kanaal: %s"}},
	"12-foreign-link":   {{"links outside the brand's own pages: ", "", "Link buiten de eigen pagina's: %s"}},
	"13-near-duplicate": {{"nearly the same as another", "", "Bijna gelijk aan een recent antwoord van dit merk"}},
	"14-tone": {{"the customer also praises: «", "». Thank them, and pass it on", "De klant geeft ook een compliment: «%s». Bedank, en geef het door"},
		{"no emoji", "", "Geen emoji zolang de klant echt in de knel zit"},
		{"no smiley", "", "Geen smiley zolang de klant echt in de knel zit"},
		{"no joke", "", "Geen grap zolang de klant echt in de knel zit"}},
	"15-cannot-post": {{"the review has our reply already", "", "De review heeft al een antwoord van ons, en een tweede vervangt het: wijzig dat op de site zelf"},
		{"a comment can be answered privately for seven days, which were over on ", "", "Op een reactie kan zeven dagen lang privé worden geantwoord; dat kon tot %s"},
		{"a review is answered in public only", "", "Op een review kan alleen openbaar worden geantwoord"},
		{"Bluesky takes no private message from here", "", "Bluesky neemt van hieruit geen privébericht aan: het openbare antwoord wijst de weg"}},
}

// guardAdvice is what to do about a rule, where its message is not known.
var guardAdvice = map[string]string{
	"1-not-specific": "Noem wat er misging, met iets wat de klant vertelde", "2-no-apology": "Zeg sorry voor wat er gebeurde",
	"3-no-action": "Zeg wie wat doet, en wanneer", "4-asks-known-fact": "Vraag niet wat de klant al vertelde", "5-channel-bounce": "Help hier",
	"6-internal-process": "Zeg wat er voor de klant gebeurt", "7-register": "Houd één aanspreekvorm en de taal van de klant", "8-unsigned": "Onderteken met een naam",
	"9-unbacked-promise": "Beloof alleen wat in de gekozen oplossing zit", "10-personal-data": "Haal de persoonsgegevens weg", "11-too-long": "Maak het korter",
	"12-foreign-link": "Link alleen naar eigen pagina's", "13-near-duplicate": "Schrijf het in eigen woorden voor deze klant", "14-tone": "Pas de toon aan",
	"15-cannot-post": "Het kanaal neemt dit niet aan",
}

// fact returns what a message names between its two halves.
func (w guardWord) fact(message string) (string, bool) {
	rest, ok := strings.CutPrefix(message, w.before)
	if !ok || !strings.HasSuffix(rest, w.after) {
		return "", false
	}
	return strings.TrimSuffix(rest, w.after), true
}

// guardSays words a finding in a language of the interface; known is false for
// a message that has no words of its own.
func guardSays(lang string, f webcare.Finding) (says string, known bool) {
	for _, w := range guardWords[f.Rule] {
		fact, ok := w.fact(f.Message)
		if !ok {
			continue
		}
		if lang == "en" {
			return capital(f.Message), true
		}
		if f.Rule == "11-too-long" { // "too long for x: 300 weighted characters, 280 fit"
			_, fact, _ = strings.Cut(fact, ": ")
			fact = lengthWords.Replace(fact)
		}
		if f.Rule == "9-unbacked-promise" {
			fact = strings.ReplaceAll(fact, ".", ",")
		}
		return strings.Replace(w.dutch, "%s", fact, 1), true
	}
	if advice, ok := guardAdvice[f.Rule]; ok && lang != "en" {
		return advice, false
	}
	return capital(f.Message), false
}

var lengthWords = strings.NewReplacer("weighted characters", "tekens zoals het kanaal telt", "graphemes", "tekens", "characters", "tekens", "fit", "passen")

// capital begins a sentence.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Says words a finding of the guard.
func (p page) Says(f webcare.Finding) string {
	says, _ := guardSays(p.Lang, f)
	return says
}
