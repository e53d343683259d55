package draft

import (
	"slices"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// clause names one thing that went wrong, to stand after "sorry that".
type clause struct {
	text   string
	detail bool     // it holds something of the customer's own
	used   []string // details and things that stand in it
	typ    webcare.FrictionType
	score  int
}

// stretch is a piece of evidence with what stands in it and around it.
type stretch struct {
	near, wide       map[string]string // slots inside, and in the sentences around
	nearBy, wideBy   []thing
	plain            string // the evidence in normal form, for keywords
	from, to         int
	wideFrom, wideTo int
}

// stretchOf reads the evidence between two offsets. The wide stretch is the
// sentences it lies in; of a short post the whole.
func (r *reading) stretchOf(from, to int) stretch {
	s := stretch{from: from, to: to, wideFrom: from, wideTo: to}
	for i, sent := range r.sents {
		if sent.Start < to && sent.End > from {
			s.wideFrom, s.wideTo = min(s.wideFrom, r.sents[max(0, i-1)].Start), max(s.wideTo, sent.End)
		}
	}
	if len(r.text) <= 400 {
		s.wideFrom, s.wideTo = 0, len(r.text)
	}
	s.near, s.wide = r.slots(from, to), r.slots(s.wideFrom, s.wideTo)
	s.nearBy, s.wideBy = r.thingsIn(from, to), r.thingsIn(s.wideFrom, s.wideTo)
	s.plain = text.Normal(r.text[from:to])
	if to-from < 25 {
		s.plain = text.Normal(r.text[s.wideFrom:s.wideTo])
	}
	return s
}

func (r *reading) thingsIn(from, to int) []thing {
	var in []thing
	for _, t := range r.things {
		if t.start >= from && t.start < to {
			in = append(in, t)
		}
	}
	return in
}

// spans returns the evidence of a friction inside the text; without any, the
// whole text.
func (r *reading) spans(f webcare.Friction) []webcare.Span {
	var spans []webcare.Span
	for _, e := range f.Evidence {
		if e.Start >= 0 && e.End <= len(r.text) && e.Start < e.End {
			spans = append(spans, e)
		}
	}
	if len(spans) == 0 {
		spans = []webcare.Span{{Start: 0, End: len(r.text), Text: r.text}}
	}
	return spans
}

// name finds the clause that says most about one stretch of evidence: the line
// with the most of the customer's own details, details of the evidence itself
// counting double. Lines stand in the files best first. What was used before
// is named again only where nothing else fits.
func (r *reading) name(t webcare.FrictionType, s stretch, used map[string]bool) clause {
	best := clause{typ: t, score: -1}
	sec := books[r.lang]()[string(t)]
	if sec == nil {
		return best
	}
	for _, p := range sec.lines {
		if len(used) > 0 && slices.Contains(p.classes, "main") {
			continue
		}
		c, ok := r.try(p, sec, s, used)
		if !ok || r.asked.leavesOut(c.text) || used[c.text] {
			continue
		}
		if c.score > best.score {
			c.typ = t
			best = c
		}
	}
	return best
}

// What a line gains by each of the customer's own details.
const (
	detailInside  = 6
	detailAround  = 5
	keywordPoints = 5
	thingInside   = 4
	thingAround   = 2
)

// try fills one line for the stretch.
func (r *reading) try(p phrase, sec *section, s stretch, used map[string]bool) (clause, bool) {
	c := clause{}
	if p.keywords != nil {
		if !startsWord(s.plain, p.keywords) {
			return c, false
		}
		c.score, c.detail = keywordPoints, true
	}
	values := map[string]string{}
	classes := sec.classes
	if p.classes != nil {
		classes = p.classes
	}
	plural := false
	if sec.near {
		s.wideBy = nil
	}
	for _, name := range p.slots {
		value, points := "", 0
		switch name {
		case "thing", "athing":
			t, near, ok := oneThing(s, classes)
			if !ok {
				return c, false
			}
			if used[t.noun] {
				return c, false
			}
			value, plural, points = t.say, t.plural, thingAround
			if name == "athing" {
				value = t.indefinite(r.lang)
			}
			if near {
				points = thingInside
			}
			c.used = append(c.used, t.noun)
		case "things":
			list := manyThings(s.nearBy, classes)
			if len(list) == 0 || slices.Contains(p.classes, "party") && len(list) < 2 {
				return c, false
			}
			value, plural, points = r.list(saysOf(list)), len(list) > 1 || list[0].plural, thingInside+len(list)
			for _, t := range list {
				c.used = append(c.used, t.noun)
			}
		default:
			value, points = s.near[name], detailInside
			if value == "" {
				value, points = s.wide[name], detailAround
			}
			if value == "" || used[value] {
				return c, false
			}
			c.used = append(c.used, value)
		}
		values[name] = value
		c.score += points
		c.detail = true
	}
	if p.classes != nil && len(p.slots) == 0 && !slices.Contains(p.classes, "main") {
		if _, _, ok := oneThing(s, p.classes); !ok {
			return c, false
		}
	}
	c.text = brand.Address(fillNumber(p.text, values, plural), r.register)
	return c, true
}

// fillNumber fills the slots that have a value and takes the form of {is/zijn}
// that agrees.
func fillNumber(line string, values map[string]string, plural bool) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(line, "{")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		if one, many, isNumber := strings.Cut(name, "/"); isNumber {
			if plural {
				one = many
			}
			out.WriteString(one)
		} else if v, ok := values[name]; ok {
			out.WriteString(v)
		} else {
			out.WriteString("{" + name + "}")
		}
		line = after
	}
}

// oneThing finds what the stretch is about: in the evidence first, then around it.
func oneThing(s stretch, classes []string) (t thing, near, ok bool) {
	for i, list := range [][]thing{s.nearBy, s.wideBy} {
		for _, t := range list {
			if t.is(classes) {
				return t.as(classes), i == 0, true
			}
		}
	}
	return thing{}, false, false
}

// manyThings finds up to three different things.
func manyThings(list []thing, classes []string) []thing {
	var out []thing
	for _, t := range list {
		if t.is(classes) && len(out) < 3 && !slices.ContainsFunc(out, func(o thing) bool { return o.noun == t.noun }) {
			out = append(out, t.as(classes))
		}
	}
	return out
}

func saysOf(list []thing) []string {
	var says []string
	for _, t := range list {
		says = append(says, t.say)
	}
	return says
}

// list joins: "a, b en c".
func (r *reading) list(items []string) string {
	and := " and "
	if r.lang == "nl" {
		and = " en "
	}
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + and + items[len(items)-1]
}

// startsWord reports whether a word of the text begins with one of the keywords.
func startsWord(plain string, keywords []string) bool {
	for _, k := range keywords {
		for from := 0; ; {
			i := strings.Index(plain[from:], k)
			if i < 0 {
				break
			}
			i += from
			if i == 0 || !isLetter(plain[i-1]) || !isLetter(k[0]) {
				return true
			}
			from = i + 1
		}
	}
	return false
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 0x80 }

// clauses names the frictions in order, the main one first: at most perType
// for each, and total in all. used starts empty and keeps two clauses from
// saying the same.
func (r *reading) clauses(frictions []webcare.Friction, perType, total int) []clause {
	used := map[string]bool{}
	var out []clause
	for _, f := range frictions {
		made := 0
		for _, span := range r.spans(f) {
			c := r.name(f.Type, r.stretchOf(span.Start, span.End), used)
			if c.score < 0 || made > 0 && !c.detail {
				continue
			}
			used[c.text] = true
			for _, detail := range c.used {
				used[detail] = true
			}
			out = append(out, c)
			if made++; made == perType || len(out) == total {
				break
			}
		}
		if len(out) == total {
			break
		}
	}
	return out
}

// quote finds a short stretch of evidence that can stand verbatim between
// quotation marks: plain words, nothing personal, no shouting; "" if there is none.
func (r *reading) quote(f webcare.Friction) string {
	best, most := "", 2
	for _, span := range r.spans(f) {
		for _, piece := range r.pieces(span) {
			q := strings.Trim(piece, " .,;:!-–—'\"“”‘’\n\t")
			if n := len(text.Terms(q)); n > most && r.quotable(q) {
				best, most = q, n
			}
		}
	}
	return best
}

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

func (r *reading) quotable(q string) bool {
	list := text.Words(q)
	if len(list) < 3 || len(list) > 11 || len(q) > 80 || strings.ContainsAny(q, "\"“”«»\n?!@#[]{}|*") || len(text.Personal(q)) > 0 {
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

var coarse = words("kut klote kloten godver godverdomme verdomme tering tyfus kanker kanker-bende shit fuck fucking fucked bullshit crap damn hell bastard bastards idiot idioten idiots sukkel sukkels achterlijk achterlijke debiel debielen oplichters oplichter scammers dieven leugenaars lul lullen eikel eikels hufter hufters klootzak klootzakken zak zooitje tent rot rotzooi bende stelletje")
