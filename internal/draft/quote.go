package draft

import (
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// quote finds a short stretch of evidence that can stand verbatim between
// quotation marks: plain words, nothing personal, no shouting; "" if there is none.
func (r *reading) quote(f webcare.Friction) string { return r.quoteOf(f, false) }

// quoteOf quotes; telling asks for words that say what went wrong.
func (r *reading) quoteOf(f webcare.Friction, telling bool) string {
	best, most := "", 2
	theirs := text.Quotes(r.text)
	for _, span := range r.spans(f) {
		for _, piece := range shorten(r.pieces(span)) {
			q := leaning.ReplaceAllString(strings.Trim(piece, edges), "")
			n := len(text.Terms(q))
			switch {
			case tells.MatchString(q):
				n += 2
			case telling:
				continue
			}
			if len(text.Terms(q)) < 3 {
				continue
			}
			if n > most && r.quotable(q) && !spoken(q, theirs) && len(sayingsIn(q, r.lang)) == 0 {
				best, most = q, n
			}
		}
	}
	return best
}

const edges = " .,;:!-–—'\"“”‘’\n\t"

var (
	// leaning words at the head of a quote hang on what stood before it.
	leaning = lazily(`(?i)^(?:(?:(?:goedendag|goedemorgen|goedemiddag|goedenavond|hallo|hoi|hello|hi)[,!]?|en|maar|ook|and|but|also) )+`)
	// tells marks what went wrong rather than what stood around it.
	tells = lazily(`(?i)\b(niet|geen|nooit|niemand|niets|zonder|kapot|stuk|weg|dicht|kwijt|koud|fout|verkeerd|beschadigd|lekke?|stil|te laat|wachten|wacht|moest|moesten|not|no|never|nobody|nothing|without|missing|broken|lost|late|wrong|cold|raw|damaged|wait(?:ed|ing)?|missed|\w+n't)\b`)
)

// pieces are the clauses of a stretch, cut at handles, tags and emoji.
func (r *reading) pieces(span webcare.Span) []string {
	var out []string
	for _, c := range text.Clauses(r.text[span.Start:span.End]) {
		start := 0
		for _, w := range text.Words(c.Text) {
			switch w.Kind {
			case text.KindHandle, text.KindHashtag, text.KindEmoji, text.KindLink, text.KindEmail:
				out = append(out, c.Text[start:w.Start])
				start = w.End
			}
		}
		out = append(out, c.Text[start:])
	}
	return out
}

// spoken reports whether the words stand between quotation marks already:
// somebody else said them.
func spoken(q string, quotes []webcare.Span) bool {
	for _, s := range quotes {
		if strings.Contains(s.Text, q) {
			return true
		}
	}
	return false
}

// joints are where a long clause can be cut in two.
var joints = lazily(`\s(?:en|maar|and|but|because|while)\s`)

// subordinate clauses have their verb at the end in Dutch and do not stand alone.
var subordinate = lazily(`\s(?:omdat|terwijl|zodat|doordat|nadat|voordat|hoewel)\s.*`)

// shorten cuts what is too long to quote.
func shorten(pieces []string) []string {
	var out []string
	for _, p := range pieces {
		if len(p) > longestQuote || len(strings.Fields(p)) > 11 {
			for _, part := range joints.Split(p, -1) {
				out = append(out, subordinate.ReplaceAllString(part, ""))
			}
			continue
		}
		out = append(out, p)
	}
	return out
}

// longestQuote bounds a quote, in bytes.
const longestQuote = 80

func (r *reading) quotable(q string) bool {
	list := text.Words(q)
	if len(list) < 3 || len(list) > 11 || len(q) > longestQuote || strings.ContainsAny(q, "\"“”«»\n?!@#[]{}|*") || len(text.Personal(q)) > 0 {
		return false
	}
	if linking[list[0].Norm] {
		return false
	}
	if code, sure := text.Language(q); code != r.lang && code != text.Undetermined && sure > 0.2 {
		return false
	}
	for _, w := range list {
		switch {
		case w.Kind == text.KindEmoji, w.Kind == text.KindLink, w.Kind == text.KindCode, coarse[w.Norm], reporting[w.Norm]:
			return false
		case len(q[w.Start:w.End]) > 3 && strings.ToUpper(q[w.Start:w.End]) == q[w.Start:w.End] && w.Kind == text.KindWord:
			return false
		}
	}
	for _, f := range text.Facts(q, r.lang) {
		if f.Kind == webcare.FactName {
			return false
		}
	}
	return true
}

// Words that report what somebody said: out of their sentence they mislead.
var reporting = words("zei zegt zeiden zeggen vertelde antwoordde vroeg said says told asked replied uw u blijkt apparently blijkbaar just")

// Words that lean on what stood before.
var linking = words("daarna toen vervolgens dus want daardoor daarom dan then so therefore afterwards which who")

var coarse = words("kut klote kloten godver godverdomme verdomme tering tyfus kanker kanker-bende shit fuck fucking fucked bullshit crap damn hell bastard bastards idiot idioten idiots sukkel sukkels achterlijk achterlijke debiel debielen oplichters oplichter scammers dieven leugenaars lul lullen eikel eikels hufter hufters klootzak klootzakken zak zooitje tent rot rotzooi bende stelletje")
