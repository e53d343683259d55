package guard

import (
	"strings"

	"webcare.example/responder/internal/text"
)

// What makes a promise without a word for it: a code to fill in at the till,
// and "dat maak ik in orde" straight after the customer's money.

// codes finds discount codes: the word code with a token in capitals behind
// it, "met code FREE100", "use SORRY20 at checkout".
func (r *reading) codes() []hit {
	var out []hit
	for i, w := range r.words[:r.body] {
		reach := 4
		switch {
		case codeVerbs[w.Norm]:
			reach = 7
		case strings.HasSuffix(w.Norm, "code"):
		case w.Norm == "met" || w.Norm == "with" || w.Norm == "using":
			reach = 2
		default:
			continue
		}
		for j := i + 1; j < min(i+reach, r.body) && r.words[j].sentence == w.sentence; j++ {
			if isVoucherCode(r.Reply[r.words[j].Start:r.words[j].End]) && !r.customerSays(r.words[j].Norm) {
				out = append(out, hit{i, j + 1})
				break
			}
		}
	}
	return out
}

var codeVerbs = wordSet("use enter apply redeem gebruik verzilver vul voer typ tik toets")

// isVoucherCode: capitals, and a digit or length that no abbreviation has.
func isVoucherCode(s string) bool {
	digits, letters := 0, 0
	for _, c := range s {
		switch {
		case c >= 'A' && c <= 'Z':
			letters++
		case c >= '0' && c <= '9':
			digits++
		case c != '-':
			return false
		}
	}
	return letters >= 3 && (digits > 0 || letters >= 6)
}

// settling says that a matter is put right; what matter stands before it.
var settling = lazy(`
	dat|het|dit|die maak|maken|regel|regelen|los|brengen|breng|doe|doen|zet|zetten|fix ik|we|wij !vandaag|uit .. in|voor|recht|je|jou|goed
	dat|het|dit komt|is .. in orde|goed
	ik|we|wij maak|maken|regel|regelen dat|dit|het|die .. in|voor|meteen|gelijk .. orde|je|jou
	consider it done|sorted
	i'll|we'll|i|we will? sort|fix|arrange|handle|settle that|it|this
	that's|it's all? taken|sorted|done
`)

var moneyWanted = lazy(`
	$|geld|borg|aankoopbedrag|terugbetaling|schade|schadebedrag|refund|deposit|money|compensation|compensatie|vergoeding
	money|fee|charge|bedrag|kosten|boete back|terug
	receipt|receipts|bon|bonnetje|bonnetjes|declaratie|declareer|expenses|taxikosten|*rekening
`)

// settled finds money promised without its verb: the customer's money, or
// what they ask for, and straight after it that this will be put right.
func (r *reading) settled() []hit {
	var out []hit
	for _, h := range settling().find(r.words[:r.body]) {
		n := r.words[h.first].sentence
		lead := r.words[r.sentences[n].first:h.first]
		if len(lead) < 2 && n > 0 {
			lead = r.inSentence(n - 1)
		}
		if moneyWanted().in(lead) && !apologies().in(lead) && !hasOwner(lead) {
			out = append(out, h)
		}
	}
	return out
}

// values are what money goes by; moves bring it to the customer. Both in one
// part of a sentence, in whatever order, are money that is given: "het bedrag
// van 65 euro is naar je overgemaakt", "the legroom fee will be coming back".
var values = lazy(`
	$|geld|*geld|bedrag|*bedrag|kosten|*kosten|borg|waarborgsom|toeslag|*toeslag|tarief|prijs|*prijs|schade|aanbetaling|inleg|bijdrage|abonnementsgeld|contributie
	money|fee|fees|fare|deposit|price|cost|costs|charge|charges|payment|payments|amount|surcharge|premium|balance|damage|damages|difference|verschil|bankafschrift|bankrekening|overpaid|overpayment
	te veel betaald|betaalde
`)

var moves = lazy(`
	overgemaakt|overmaken|overgeboekt|overboeken|gestort|storten|bijgeschreven|bijschrijven|teruggegeven|teruggeven|teruggaat|terugkomt|terugkrijg|geretourneerd|kwijtgescholden
	gaat|komt|komen|gaan|krijg|krijgt|ontvang|ontvangt|hebt|heb|zie|ziet|staat|sturen|stuur|geef|geven|maak|maken|boek|boeken|zetten|zet ... terug|retour
	terug krijgen|ontvangen|geven|maken|boeken|storten|zetten|komen
	credited|transferred|repaid|reimbursed|returned|recredited|deposited|wired
	coming|come|comes|back|returned|way ... back|to|in you|your
	coming|come|comes|go|goes|going|be|send|sending|get|give|giving|put|putting|have|have|pay .. .. straight? back
	repay|repaying|return|returning|transfer|transferring
`)

// moved finds money that is given in words of no set phrase.
func (r *reading) moved() []hit {
	var out []hit
	for _, h := range moves().find(r.words[:r.body]) {
		first, _ := segmentOf(r.words, h.first)
		_, last := segmentOf(r.words, h.last-1)
		seg := r.words[first:min(last, r.body)]
		if r.words[h.first].quoted || !values().in(seg) || callsBack().in(seg) || denied(r.words, h) || r.looksInto(h) || r.story(h) {
			continue
		}
		out = append(out, h)
	}
	return out
}

var callsBack = lazy(`
	bel*|mail*|kom|lees|lezen|zoek*|vond|vinden|vind|gevonden|hoor*|koppel*|schrijf|schrijven|vertel*|laat|laten|stuurde|reageer*|betaalde|stuur je|u een
	call*|ring*|write|report|email|get|come back to|with
	hear*|tell|told|found|look*|paid|went|took|explain*
`)

// namedAmount reports whether a number is written as an amount without its
// currency: "de 34,95", or one the customer named as money.
func (r *reading) namedAmount(w word) bool {
	if w.Kind != text.KindNumber {
		return false
	}
	for _, c := range r.customer {
		if c.money && c.Norm == w.Norm {
			return true
		}
	}
	at := strings.LastIndexByte(w.Norm, ',')
	return at > 0 && len(w.Norm)-at == 3 && r.dutch()
}
