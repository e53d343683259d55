package guard

import (
	"regexp"
	"sync"

	"github.com/rivo/uniseg"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// wrongTone (rule 14) finds an emoji, a smiley or a joke where the case is
// urgent, and real praise that nobody thanks for. "Bedankt voor je bericht"
// thanks for the message, not for the praise; naming the praised person or
// passing it on does.
func wrongTone(r *reading) []found {
	var out []found
	if r.pressing() {
		if f, ok := r.joke(); ok {
			out = append(out, f)
		}
	}
	praise := r.praised()
	if len(praise) > 0 && r.known() && !r.secondHalf() && len(r.words) > 0 && !r.thanks(r.words, praise) && !r.thanks(r.other, praise) {
		out = append(out, r.whole(r.opening(), "the customer also praises: «"+praise[0].Text+"». Thank them, and pass it on"))
	}
	return out
}

func isPicture(r rune) bool {
	switch {
	case r >= 0x1f000 && r <= 0x1faff, r >= 0x2600 && r <= 0x27bf, r >= 0x2b05 && r <= 0x2b55, r >= 0x1f1e6 && r <= 0x1f1ff,
		r == 0x203c, r == 0x2049, r == 0x231a, r == 0x231b, r >= 0x23e9 && r <= 0x23fa:
		return true
	}
	return false
}

var smiley = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|\s)(?:[:;=8][-^o']?[)D(Pp/|]|[xX]D|<3|\^\^|\(:)(?:\s|$|[.,!])`)
})

var jokes = sync.OnceValue(func() *phrases {
	return compile(`
	haha*|hihi*|hehe*|lol|rofl|grapje|grapjas|knipoog|lmao|jk|oeps|oepsie|whoops|oops|oopsie|auw
	just|only kidding|joking
	grapje|geintje|grappig|humor
	pun intended
	`)
})

func (r *reading) joke() (found, bool) {
	for g := uniseg.NewGraphemes(r.Reply); g.Next(); {
		for _, c := range g.Runes() {
			if isPicture(c) {
				start, end := g.Positions()
				return found{start, end, "no emoji while the customer is in real trouble"}, true
			}
		}
	}
	if m := smiley().FindStringIndex(r.Reply); m != nil {
		return found{m[0], m[1], "no smiley while the customer is in real trouble"}, true
	}
	for _, h := range jokes().find(r.words) {
		return r.at(h, "no joke while the customer is in real trouble"), true
	}
	return found{}, false
}

var praiseThanks = sync.OnceValue(func() *phrases {
	return compile(`
	compliment*|pluim|pluimpje|lof
	lieve|mooie|fijne|leuke|aardige|warme|positieve|goede|vriendelijke woorden|reactie|feedback|beoordeling|review|recensie
	fijn|leuk|mooi|goed|super|prettig|heerlijk|geweldig|blij|tof|top .. te|om|dat|is|je|u|jullie|wel
	geef|geven|gaf|gegeven ... door
	vertel|vertellen|verteld|zeggen ... aan|hem|haar|hen|_ hoe|dat|wat
	laten|laat hem|haar|hen weten
	doet|doen ons|me|hem|haar|hen|het goed|plezier
	kind|lovely|nice|warm|positive|great words|review|feedback|comments|message
	glad|happy|pleased|delighted|lovely|great|good|wonderful|nice to|that|you|it|he|she
	pass|passed|passing|share|tell|let ... on|along|team|him|her|them|know|to
	made ... day
	appreciate|appreciated ... praise|words|compliment|saying
	`)
})

var thanksWords = sync.OnceValue(func() *phrases {
	return compile(`
	bedankt|dank|dankjewel|dankuwel|dankje|merci|thanks|thank|thx|waarderen|appreciate
	`)
})

// plainThanks thank for something else than praise.
var plainThanks = sync.OnceValue(func() *phrases {
	return compile(`
	bedankt|dank|dankjewel|dankuwel|waarderen|merci je|jou|u|jullie|wel|we|het|hartelijk|alvast? wel|we|het? voor|dat je|jouw|uw|jullie|deze|dit|het|de|u? .. bericht|berichtje|mail|mailtje|e-mail|melding|reactie|geduld|begrip|tweet|post|vraag|terugkoppeling|brief|melden|laten|delen|tijd|medewerking|signaal|contact|moeite|doorgeven|bericht
	thanks|thank|appreciate|thx you|so|very|a? much|lot? for|that your|the|this|getting|reaching|contacting|letting|taking|bringing|flagging|raising|being|you|sharing|writing .. message|email|mail|patience|tweet|post|in|out|us|know|time|understanding|this|your|to|feedback|touch|attention|note|reply
	bedankt|dank|dankjewel|thanks alvast|in|vast advance?
	`)
})

func (r *reading) thanks(words []word, praise []webcare.Span) bool {
	if r.names(words, praise) {
		return true
	}
	overlap := overlaps(words, praise)
	for _, h := range praiseThanks().find(words) {
		if !deniedThanks(words, h) {
			return true
		}
	}
	for _, h := range thanksWords().find(words) {
		if plainThanks().at(words, h.first) < 0 || overlap {
			return true
		}
	}
	return false
}

// names reports whether the words name a person whom the customer praises.
func (r *reading) names(words []word, praise []webcare.Span) bool {
	for _, s := range praise {
		praised, _ := cut(s.Text)
		for _, p := range praised {
			if !p.capital || len(p.Norm) < 3 || common()[p.Norm] || calendar[p.Norm] {
				continue
			}
			for _, w := range words {
				if w.name && w.Norm == p.Norm {
					return true
				}
			}
		}
	}
	return false
}

// calendar words bear a capital in English and are nobody.
var calendar = wordSet(`monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
	december christmas easter dutch english`)

func deniedThanks(words []word, h hit) bool {
	first, _ := segmentOf(words, h.first)
	return tellsPast().in(words[first:h.first]) || denied(words, hit{h.first, h.first + 1})
}

// overlaps reports whether the words name something out of the spans.
func overlaps(words []word, spans []webcare.Span) bool {
	for _, s := range spans {
		for _, p := range text.Words(s.Text) {
			if len(p.Norm) < 4 || common()[p.Norm] {
				continue
			}
			for _, w := range words {
				if sameStem(w.Norm, p.Norm) {
					return true
				}
			}
		}
	}
	return false
}
