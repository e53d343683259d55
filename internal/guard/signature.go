package guard

import (
	"regexp"
	"strings"
	"sync"

	"webcare.example/responder/internal/text"
)

// unsigned (rule 8) asks for a person at the end of the reply: "Groet,
// Sanne", "^SK", "Kind regards, Tom", a last line that is a name. A reply
// signed by a team or a desk alone is nobody's. Where the agent is known, the
// name has to be theirs.
func unsigned(r *reading) []found {
	if len(r.words) == 0 {
		return nil
	}
	last := len(r.sentences) - 1
	at, ok := r.signature()
	if !ok {
		return []found{r.whole(last, "no agent's name at the end: sign with a first name or ^initials")}
	}
	if r.SignedBy != "" && !r.signs(r.words[at:], r.SignedBy) {
		return []found{r.at(hit{at, len(r.words)}, "signed with another name than "+r.SignedBy)}
	}
	return nil
}

func (r *reading) signs(signature []word, agent string) bool {
	first, _, _ := strings.Cut(text.Normal(agent), " ")
	for _, w := range signature {
		if w.Norm == first || len(w.Norm) <= 3 && first != "" && w.Norm[0] == first[0] {
			return true
		}
	}
	return false
}

// nobody are words that stand where a name should, and name no person.
var nobody = wordSet(`team het de webcare webcareteam klantenservice klantendienst klantcontact service servicedesk helpdesk support
	customer care crew redactie directie management social media serviceteam supportteam medewerker medewerkers collega's collegas afdeling
	namens van from the of at our your ons onze je jouw u uw x xx xxx xoxo all us allemaal everyone iedereen bv nv dag avond weekend day evening morgen
	desk department office receptie balie beheer online afzender noreply gemeente hotel klantrelaties relations bij met en and
	groet groeten groetjes tot fijne sterkte bedankt dank succes hopelijk see speak have good thanks thank best we wij ik hi hoi beste dear
	i excuses sorry alvast nogmaals prettige fijn liefs ps laat let please graag meer more zie klik komt helaas warm regards`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

var closings = sync.OnceValue(func() *phrases {
	return compile(`
	met? vriendelijke|hartelijke|warme|zonnige|sportieve|lieve groet|groeten|groetjes
	groet|groeten|groetjes|gr|grt|grtz|grts|m.v.g|mvg|liefs|hartelijks|hoogachtend|vriendelijks
	fijne|prettige dag|avond|weekend|middag
	kind|best|warm|warmest|kindest|many regards|wishes|thanks
	regards|cheers|sincerely|best|yours|faithfully|thanks|bedankt|dank|xx|xoxo
	all the best
	take care
	namens het? team?
	`)
})

var (
	caretName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[\s.!?…)])[\^~]\s?(\p{L}[\p{L}.'’&-]*(?:\s\p{Lu}[\p{L}'’-]*){0,2})\s*$`)
	})
	dashName = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[\s.!?…)])(?:[-–—/|*]{1,2})\s?(\p{Lu}[\p{L}.'’-]*(?:\s(?:de|van|der|den|el|al|\p{Lu}[\p{L}'’-]*)){0,3})\s*$`)
	})
)

// signature returns the first word of the signature, if there is one that
// names a person. Emoji, links and hashtags after it do not count.
func (r *reading) signature() (at int, ok bool) {
	words := r.words
	for len(words) > 0 && (words[len(words)-1].Kind == text.KindHashtag || words[len(words)-1].Kind == text.KindLink) {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return 0, false
	}
	end := words[len(words)-1].End
	start := max(0, end-90)
	for _, re := range []*regexp.Regexp{caretName(), dashName()} {
		if m := re.FindStringSubmatchIndex(r.Reply[start:end]); m != nil {
			first := wordAt(words, start+m[2])
			if first >= 0 && r.isName(words[first:]) {
				return first, true
			}
		}
	}
	if at, ok := r.afterClosing(words); ok {
		return at, true
	}
	return r.lastLine(words)
}

// wordAt returns the index of the word that begins at byte offset at, or -1.
func wordAt(words []word, at int) int {
	for i := len(words) - 1; i >= 0 && words[i].Start >= at; i-- {
		if words[i].Start == at {
			return i
		}
	}
	return -1
}

// afterClosing finds "Met vriendelijke groet, Sanne": a closing among the last
// words, and somebody's name after it.
func (r *reading) afterClosing(words []word) (int, bool) {
	from := max(0, len(words)-14)
	for _, h := range closings().find(words[from:]) {
		first, last := from+h.first, from+h.last
		if last < len(words) && len(words)-last <= 9 && r.isName(words[last:min(len(words), last+4)]) && opensLine(r.Reply, words, first) {
			return first, true
		}
	}
	return 0, false
}

// opensLine reports whether words[i] begins a line or sentence, or comes after a mark.
func opensLine(s string, words []word, i int) bool {
	if i == 0 {
		return true
	}
	return words[i-1].segment != words[i].segment || strings.Contains(s[words[i-1].End:words[i].Start], "\n")
}

// lastLine finds a last line or a sentence without end that is a name alone:
// "Sanne", "Sanne de Vries", "Tom from the care team".
func (r *reading) lastLine(words []word) (int, bool) {
	first := len(words) - 1
	for first > 0 && words[first-1].sentence == words[first].sentence {
		first--
	}
	n := len(words) - first
	rest := strings.TrimSpace(r.Reply[words[len(words)-1].End:])
	if n > 7 || strings.ContainsAny(rest, ".!?") || !words[first].capital || nobody[words[first].Norm] || first == 0 {
		return 0, false
	}
	if n <= 3 && r.isName(words[first:]) || n > 1 && (words[first+1].Norm == "van" || words[first+1].Norm == "from" || words[first+1].Norm == "namens") {
		return first, r.isName(words[first : first+1])
	}
	return 0, false
}

// isName reports whether a segment among the words begins with what can be a
// person's name or initials. "Team Zonnehof", "KabelNoord Webcare" and the
// brand's own name are nobody; "Sanne van KabelNoord Webcare" is somebody.
func (r *reading) isName(words []word) bool {
	for i := 0; i < len(words); {
		_, last := segmentOf(words, i)
		if r.isPerson(words[i:last], len(words) == 1) {
			return true
		}
		i = last
	}
	return false
}

func (r *reading) isPerson(words []word, alone bool) bool {
	for len(words) > 1 && leadIns[words[0].Norm] {
		words = words[1:]
	}
	w := words[0]
	if w.Kind != text.KindWord || nobody[w.Norm] || isGroup(w.Norm) || r.isBrandName(w.Norm) || !w.capital && !alone {
		return false
	}
	for _, x := range words[1:] {
		if x.Norm == "van" || x.Norm == "from" || x.Norm == "namens" || x.Norm == "of" || x.Norm == "at" {
			break
		}
		if isGroup(x.Norm) {
			return false
		}
	}
	return true
}

// leadIns may stand between a closing and a name: "groeten van Sanne".
var leadIns = wordSet("van from namens mede")

// groups make of the name before them a company's: "KabelNoord Webcare".
var groups = wordSet(`team webcare webcareteam klantenservice klantendienst service support care crew servicedesk helpdesk serviceteam
	supportteam department desk bv nv ltd group groep customer reizen relations services affairs success experience office
	resolution resolutions bewonerszaken klantzaken ledenzaken`)

// isGroup holds for groups and for Dutch compounds of them: "Ledenservice".
func isGroup(norm string) bool {
	if groups[norm] {
		return true
	}
	for _, t := range []string{"service", "dienst", "zaken", "team", "balie", "beheer", "administratie"} {
		if len(norm) > len(t)+2 && strings.HasSuffix(norm, t) {
			return true
		}
	}
	return false
}

func (r *reading) isBrandName(norm string) bool {
	for _, n := range r.Voice.Names {
		if text.Normal(n) == norm {
			return true
		}
	}
	return false
}
