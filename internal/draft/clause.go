package draft

import (
	"maps"
	"slices"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// clause names one thing that went wrong, to stand after "sorry that".
type clause struct {
	text   string
	detail bool     // it holds something of the customer's own
	used   []string // details and things that stand in it
	typ    webcare.FrictionType
	score  int
	who    string // whom it happened to, where that is not the writer
}

// name finds the clause that says most about one stretch of evidence: the line
// with the most of the customer's own details, details of the evidence itself
// counting double. Lines stand in the files best first. What was used before
// is named again only where nothing else fits. spoken allows only lines that
// the customer's own words call for.
func (r *reading) name(t webcare.FrictionType, s stretch, used map[string]bool, spoken bool) clause {
	best := clause{typ: t, score: -1}
	sec := books[r.lang]()[string(t)]
	if sec == nil {
		return best
	}
	if t == webcare.Refund && s.near["amounts"] != "" {
		s.near = maps.Clone(s.near) // which of the amounts did not come back, nobody can tell
		delete(s.near, "amount")
	}
	for _, p := range sec.lines {
		if len(used) > 0 && slices.Contains(p.classes, "main") {
			continue
		}
		if spoken && p.keywords == nil {
			continue
		}
		c, ok := r.try(p, sec, s, used)
		if !ok || r.asked.leavesOut(c.text) || used[c.text] {
			continue
		}
		if r.terse && c.detail && best.score >= 0 {
			c.score = best.score // where there is no room the shorter one is better
			if best.detail && len(c.text) >= len(best.text) {
				continue
			}
			c.score++
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
	deathPoints   = 20 // a death is named, never passed over
)

// surelySpecific is the score from which nobody could take the clause for one
// that is sent to everybody.
const surelySpecific = keywordPoints + detailInside

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
		var value string
		var points int
		switch name {
		case "thing", "athing":
			t, near, ok := oneThing(s, classes)
			if !ok || used[t.noun] {
				return c, false
			}
			value, plural, points = t.say, t.plural, thingAround
			if s.third != "" {
				value = t.the // not the writer's own
			}
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
			if name == "deceased" {
				points = deathPoints
			}
		}
		if strings.HasPrefix(name, "thing") && slices.ContainsFunc(c.used, func(noun string) bool { return strings.Contains(p.text, " "+noun+" ") }) {
			return c, false // "een afspraak voor je afspraak"
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

// startsWord reports whether a word of the text begins with one of the
// keywords, or is one that ends in "$".
func startsWord(plain string, keywords []string) bool {
	for _, k := range keywords {
		k, whole := wholeWord(k)
		for from := 0; ; {
			i := strings.Index(plain[from:], k)
			if i < 0 {
				break
			}
			i += from
			begins := i == 0 || !isLetter(plain[i-1]) || !isLetter(k[0])
			if end := i + len(k); begins && (!whole || end == len(plain) || !isLetter(plain[end])) {
				return true
			}
			from = i + 1
		}
	}
	return false
}

// wholeWord cuts the sign off a keyword that stands for a whole word: "rij$".
func wholeWord(keyword string) (string, bool) { return strings.CutSuffix(keyword, "$") }

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 0x80 }

// tellOf makes a clause tell what happened to somebody else; where it cannot,
// the clause keeps who it was and loses its words.
func (r *reading) tellOf(c *clause, third string) bool {
	c.who = brand.Address(third, r.register)
	if strings.Contains(c.text, c.who) {
		return true
	}
	told, ok := retold(c.text, c.who, r.lang)
	if !ok {
		told = ""
	}
	c.text = told
	return ok
}

// clauses names the frictions in order, the main one first: at most perType
// for each, and total in all. used starts empty and keeps two clauses from
// saying the same.
func (r *reading) clauses(frictions []webcare.Friction, perType, total int) []clause {
	used := map[string]bool{}
	var out []clause
	for _, f := range frictions {
		made := 0
		for _, span := range r.spans(f) {
			s := r.stretchOf(span.Start, span.End)
			spoken := r.guessed(f)
			if spoken && !r.borneOut(f) {
				continue
			}
			c := r.name(f.Type, s, used, spoken)
			if c.score < 0 || made > 0 && !c.detail {
				continue
			}
			if s.third != "" && !r.tellOf(&c, s.third) && len(out) > 0 {
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
