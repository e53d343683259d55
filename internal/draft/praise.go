package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// praise passes on what the customer thanked for, to the people it is about;
// "" where there is none.
func (r *reading) praise(brief bool) string {
	if len(r.req.Triage.Praise) == 0 {
		return ""
	}
	people, things := r.praised()
	switch {
	case people != "" && brief:
		return r.say("praise.short", map[string]string{"people": people})
	case people != "":
		return r.say("praise.people", map[string]string{"people": people})
	case things != "" && !brief:
		return r.say("praise.things", map[string]string{"things": things})
	}
	return r.say("praise.plain", nil)
}

// thanks answers a message that is all praise.
func (r *reading) thanks() string {
	people, things := r.praised()
	switch {
	case people != "":
		values := map[string]string{"People": upperFirst(people), "people": people}
		if strings.Contains(people, " en ") || strings.Contains(people, " and ") {
			values["plural"] = "yes"
		}
		return r.say("praise.only.people", values)
	case things != "":
		return r.say("praise.only.things", map[string]string{"things": things})
	}
	return r.say("praise.only.plain", nil)
}

// praised finds whom and what the praise is about: names, then people by what
// they do ("de chauffeur"), then things.
func (r *reading) praised() (people, things string) {
	spans := r.req.Triage.Praise
	if len(spans) == 0 || r.keyWithoutFriction() == brand.ForPraise {
		spans = []webcare.Span{{Start: 0, End: len(r.text)}}
	}
	var names, roles, objects []string
	add := func(list *[]string, value string) {
		if value != "" && !slices.Contains(*list, value) && len(*list) < 3 {
			*list = append(*list, value)
		}
	}
	for _, span := range spans {
		if !r.holds(span) {
			continue
		}
		from, to := r.around(span)
		for _, f := range r.facts {
			if f.Kind == webcare.FactName && f.Start >= from && f.End <= to && !r.ownName(f) {
				if name := r.titled(f); name != "" {
					add(&names, name)
				}
			}
		}
		for _, m := range apposition.FindAllStringSubmatch(r.text[from:to], -1) {
			add(&names, m[1])
		}
		for _, t := range r.thingsIn(max(0, span.Start), min(len(r.text), span.End)) {
			switch {
			case t.is([]string{"staff"}):
				if name := r.nameAfter(t); name != "" {
					add(&names, name)
				} else if t = t.as([]string{"staff"}); !crowd[text.Normal(t.noun)] {
					add(&roles, brand.Address(staffSay(t, r.lang), r.register))
				}
			case t.is([]string{"food", "stay", "place", "event", "tool", "goods", "device"}):
				add(&objects, brand.Address(t.say, r.register))
			}
		}
	}
	if len(names) > 0 {
		return r.list(names), ""
	}
	return r.list(roles), r.list(objects)
}

// nameAfter is the name that follows what somebody does: "verpleegkundige Soraya".
func (r *reading) nameAfter(t thing) string {
	i, found := slices.BinarySearchFunc(r.words, t.start, func(w text.Word, at int) int { return w.Start - at })
	if !found || i+1 >= len(r.words) || r.words[i+1].Kind != text.KindWord {
		return ""
	}
	name := r.text[r.words[i+1].Start:r.words[i+1].End]
	first, size := utf8.DecodeRuneInString(name)
	if !unicode.IsUpper(first) || size == len(name) || strings.ToUpper(name) == name {
		return ""
	}
	return name
}

var (
	titles   = words("dokter dr zuster broeder doctor nurse")
	surnames = words("mevrouw mevr meneer dhr heer ms mr mrs miss")
)

// titled names somebody with the title that the customer gives; "" for
// somebody known by surname alone, which is theirs to give.
func (r *reading) titled(f webcare.Fact) string {
	name := givenName(f.Text)
	i, found := slices.BinarySearchFunc(r.words, f.Start, func(w text.Word, at int) int { return w.Start - at })
	first, _, _ := strings.Cut(text.Normal(name), " ")
	switch {
	case surnames[strings.TrimSuffix(first, ".")]:
		return ""
	case found && i > 0 && surnames[r.words[i-1].Norm]:
		return ""
	case !found || i == 0 || !titles[r.words[i-1].Norm]:
		return name
	}
	return r.text[r.words[i-1].Start:r.words[i-1].End] + " " + name
}

// Words for too many people to pass praise on to by.
var crowd = words("mensen people personeel staff iedereen")

// apposition is a name set between commas: "your assistant in Bath, Nadia, was a star".
var apposition = lazily(`,\s+(\p{Lu}\p{Ll}{2,}),\s+\p{Ll}`)

// around widens a stretch of praise to its sentence, so that "Joris, dank" beside
// it is found.
func (r *reading) around(span webcare.Span) (from, to int) {
	from, to = max(0, span.Start), min(len(r.text), span.End)
	for _, s := range r.sents {
		if s.Start < to && s.End > from {
			from, to = min(from, s.Start), max(to, s.End)
		}
	}
	return from, to
}

// ownName holds for the customer's own name, under which they post or sign.
func (r *reading) ownName(f webcare.Fact) bool {
	return f.Text == r.signature() || f.Text != "" && strings.Contains(r.author().Name, f.Text) || r.customer == f.Text
}

// givenName leaves out what a name finder may have taken along: "Fatima van".
func givenName(name string) string {
	parts := strings.Fields(name)
	for len(parts) > 1 && strings.ToLower(parts[len(parts)-1]) == parts[len(parts)-1] {
		parts = parts[:len(parts)-1]
	}
	for i, p := range parts {
		if i > 0 && strings.ToLower(p) == p && len(p) > 3 {
			parts = parts[:i]
			break
		}
	}
	return strings.Join(parts, " ")
}

// People whom a word alone does not point out.
var vagueStaff = words("mevrouw meneer heer dame dames jongen jongens meid meisje mensen man lady ladies girl")

// staffSay names a colleague by what they do: "de chauffeur", "the driver".
func staffSay(t thing, lang string) string {
	if vagueStaff[text.Normal(t.noun)] {
		return t.the + map[string]string{"nl": " die [je|u] hielp", "en": " who helped you"}[lang]
	}
	return t.the
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

var (
	deathForm = map[string]*pattern{
		"nl": lazily(`\b(overleden|overlijden|overleed|gestorven|stierf|uitvaart|begrafenis|begraven|weduwe|weduwnaar|nabestaande|nabestaanden|wijlen)\b`),
		"en": lazily(`\b(died|passed away|deceased|death|funeral|late (husband|wife|father|mother|son|daughter|brother|sister|partner|mum|dad)|bereaved|widow|widower|bereavement)\b`),
	}
	relationList = map[string]*pattern{
		"nl": lazily(`\b(?:mijn|m'n|onze) (?:lieve |oude |eigen )?(man|echtgenoot|vrouw|echtgenote|vader|moeder|zoon|dochter|broer|zus|opa|oma|partner|schoonvader|schoonmoeder|tante|oom|kind|zoontje|dochtertje)\b`),
		"en": lazily(`\b(?:my|our) (?:late |dear |own )*(husband|wife|father|dad|mother|mum|mom|son|daughter|brother|sister|grandfather|grandmother|partner|uncle|aunt|nan)\b`),
	}
)

// deceased names who died, in private only; "" where nobody did.
func (r *reading) deceased() string {
	if r.public && r.half == "" {
		return ""
	}
	for _, s := range r.sents {
		if relation := r.relationIn(s.Text); relation != "" {
			return map[string]string{"nl": "[je|uw] ", "en": "your "}[r.lang] + relation
		}
	}
	return ""
}

// relationIn finds whose death a sentence speaks of: "man", "mother".
func (r *reading) relationIn(sentence string) string {
	sentence = text.Normal(sentence)
	if !deathForm[r.lang].MatchString(sentence) {
		return ""
	}
	m := relationList[r.lang].FindStringSubmatch(sentence)
	if m == nil {
		m = relationList[r.lang].FindStringSubmatch(r.plain)
	}
	if m == nil {
		return ""
	}
	return m[1]
}

// condolence comes before anything else where somebody close has died: where
// the message speaks of a death and of whose. In public it names nobody.
func (r *reading) condolence() string {
	for _, s := range r.sents {
		relation := r.relationIn(s.Text)
		if relation == "" {
			continue
		}
		if r.public {
			return r.say("condolence.public", nil)
		}
		return r.say("condolence", map[string]string{"relation": relation})
	}
	return ""
}
