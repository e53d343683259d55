package mail

import (
	"regexp"
	"strings"
	"sync"
)

// What mobile programs put under a mail. The first form names a device of the
// writer's and goes wherever it stands; the second goes at the end of the
// words only, because customers write such sentences too.
var mobileLines = sync.OnceValue(func() [2]*regexp.Regexp {
	const device = `(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|oneplus|oppo|nokia|sony|motorola|pixel|blackberry|windows phone|telefoon|mobiele|mobiel|mobieltje|smartphone|smart phone|tablet|phone|mobile|handy|gsm|smartfon)`
	return [2]*regexp.Regexp{
		regexp.MustCompile(`(?i)^[\s*_-]*(?:(?:verstuurd|verzonden|gestuurd|sent|written|gesendet|geschickt|von|envoyé|enviado|inviato|skickat|van)(?: (?:vanaf|vanop|van|met|via|from|with|using|on|von|mit|über|depuis|de|desde|da|från|uit))?(?: my| mijn| m'n| meinem| meiner| mon| ma| mi| mio| dal mio| min| een)?[ \w'’\-]{0,30}?` + device + `\b[\w .,\-®™/()+]{0,40}?(?: gesendet| verstuurd| verzonden)?)[.!*_\s]*(?:<https?:\S+>)?$`),
		regexp.MustCompile(`(?i)^[\s*_-]*(?:(?:verstuurd|verzonden|sent|gesendet|envoyé|downloaden?|download|get|ontvang|holen sie sich|obtenir|télécharger)\b.{0,40}\b(?:outlook|gmail|yahoo|mail|e-?mail|protonmail|proton|ziggo|kpn|webmail|thunderbird|bluemail|app)\b.{0,60}|outlook (?:voor|for|für|pour) (?:ios|android|mac)\b.{0,60}|virus[- ]?(?:vrij|free|frei)\b.{0,80}|.{0,60}\bwww\.(?:avast|avg)\.com.{0,40}|(?:dit|deze|this|diese) (?:e-?mail|bericht|mail|nachricht)\b.{0,80}\b(?:avast|avg|k-9|virus\w*)\b.{0,80})$`),
	}
})

var (
	ecoNote    = lazily(`(?i)\b(?:denk aan het milieu|consider the environment|think before (?:you )?print|bespaar papier|spare? papier)\b`)
	forWhom    = lazily(`(?i)geadresseerde|(?:uitsluitend|alleen|enkel) (?:be)?stemd voor|bestemd is|beoogde ontvanger|intended (?:recipient|for|solely|only)|solely for|addressee|not the (?:named|intended)|ausschließlich für|bestimmt(?:e|er)? (?:empfänger|adressat)|destinataire|niet (?:voor u|de (?:bedoelde|juiste))`)
	keepSecret = lazily(`(?i)vertrouwelijk|confidential|openbaarmak|openbaar te maken|verspreid|privileged|vermenigvuldig|disclos|unauthori[sz]ed|aansprakelijk|vertraulich|niet toegestaan|ten onrechte|per abuis|by mistake|in error|no liability|disclaimer|verwijder|vernietig|delete`)
	ofMail     = lazily(`(?i)e-?mail|bericht|message|nachricht|communicat|transmission`)
	firstHand  = lazily(`(?i)(?:^|\s)(?:ik|mijn|mij|m'n|i|my|ich|mein\w*|je suis)(?:\s|[,.']|$)`)
	loneTitle  = lazily(`(?i)^[\s*_-]*disclaimer\b[\s:*_-]*$`)
)

// disclaimer reports a paragraph of legal text. It never speaks in the first person.
func disclaimer(p string) bool {
	if loneTitle().MatchString(p) || (len(p) < 250 && ecoNote().MatchString(p)) {
		return true
	}
	return len(p) >= 80 && forWhom().MatchString(p) && keepSecret().MatchString(p) && ofMail().MatchString(p) && !firstHand().MatchString(p)
}

// tails marks what stands under the words: mobile lines and disclaimers.
func (c *cutter) tails() {
	for i, l := range c.lines {
		if !c.gone[i] && len(l) < 120 && len(l) > 8 && mobileLines()[0].MatchString(l) {
			c.gone[i] = true
		}
	}
	for end := len(c.lines); end > 0; {
		for end > 0 && (c.gone[end-1] || c.lines[end-1] == "") {
			end--
		}
		start := end
		for start > 0 && !c.gone[start-1] {
			start--
		}
		if start < end {
			c.tail(start, end)
		}
		end = start
	}
}

// tail marks the end of the words in lines [start, end): going up, paragraphs
// of legal text and mobile lines. One other paragraph between or under legal
// texts goes with them.
func (c *cutter) tail(start, end int) {
	cut, skipped := end, 0
	for {
		for end > start && c.lines[end-1] == "" {
			end--
		}
		from := end
		for from > start && c.lines[from-1] != "" {
			from--
		}
		if from == end {
			return
		}
		above := end
		if skipped == 0 {
			above = c.underLines(from, end)
		}
		switch {
		case disclaimer(strings.Join(c.lines[from:end], " ")):
			c.mark(from, cut)
			cut, skipped = from, 0
		case above < end:
			c.mark(above, cut)
			if above > from {
				return
			}
			cut = from
		default:
			if skipped++; skipped > 1 {
				return
			}
		}
		end = from
	}
}

// underLines returns where the mobile lines and rules at the end of a
// paragraph begin.
func (c *cutter) underLines(from, end int) int {
	for end > from && len(c.lines[end-1]) < 160 && (mobileLines()[1].MatchString(c.lines[end-1]) || ruleLine(c.lines[end-1])) {
		end--
	}
	return end
}

var replyPrefix = lazily(`(?i)^\s*(?:\[[^\]]{1,20}\]\s*)?(?:(?:re|aw|antw|antwoord|sv|rv|ref|vs|res|rif|r|odp|fwd?|fw|doorst|wg|tr|enc|rép?)(?:\[\d+\])?\s*:\s*)+`)

// replySubject reports a subject that a program made of another one.
func replySubject(s string) bool { return replyPrefix().MatchString(s) }

// baseSubject returns a subject without "Re:", "Antw:" and their like.
func baseSubject(s string) string { return strings.TrimSpace(replyPrefix().ReplaceAllString(s, "")) }
