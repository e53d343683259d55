package draft

import (
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// letter is a mail, or a private message: greeting, condolence, apology with
// what went wrong, the other points, what we do, praise passed on, at most one
// question, signature.
func (r *reading) letter(c choice, sign string, mail bool) string {
	greet := r.greeting(mail)
	if c.friction.Type == "" && !r.req.Triage.Complaint {
		return paragraphs(greet, r.withoutComplaint(c, false, false), r.closing(mail), sign)
	}
	perType, total := 2, 12
	if !mail && len(r.text) < column {
		perType, total = 1, 5
	}
	if r.asked.shorter {
		perType, total = 1, 2
	}
	if r.terse {
		total = 1
	}
	named := r.clauses(r.frictions(), perType, total)
	main, rest := clause{}, named
	if len(named) > 0 {
		main, rest = named[0], named[1:]
	}
	feeling := r.feeling(main)
	if r.asked.shorter {
		feeling = ""
	}
	others := ""
	if len(rest) > 0 {
		others = sentences(r.also(rest), r.cover(len(rest)))
		if len(rest) > manyPoints {
			others = r.listed(rest)
		}
	}
	if r.has(webcare.ChurnRisk) && mail && !r.asked.shorter {
		others = sentences(others, r.say("churn", nil))
	}
	open := ""
	if !mail && r.public && !r.terse {
		open = r.say("private.open", nil)
	}
	act := r.action(c, r.asked.shorter, true)
	apology := r.apology(c, main, r.mainOf(c))
	return paragraphs(greet, r.condolence(), sentences(open, apology, notSaid(feeling, apology)), others,
		act, r.praise(r.asked.shorter), r.question(c, mail), r.closing(mail), sign)
}

// notSaid leaves out a sentence that stands in the text before it.
func notSaid(sentence, before string) string {
	if strings.Contains(strings.ToLower(before), strings.ToLower(strings.TrimRight(sentence, "."))) {
		return ""
	}
	return sentence
}

// manyPoints is from where further points read better as a list.
const manyPoints = 4

// listed lists the further points, a line each.
func (r *reading) listed(rest []clause) string {
	that := map[string]string{"nl": "- dat ", "en": "- that "}[r.lang]
	lines := []string{r.say("also.list", nil)}
	for _, c := range rest {
		lines = append(lines, that+c.text)
	}
	return strings.Join(lines, "\n") + "\n\n" + r.cover(len(rest))
}

// cover promises that the answer will go into the other points too.
func (r *reading) cover(points int) string {
	if points == 1 {
		return r.say("cover.one", nil)
	}
	return r.say("cover", nil)
}

func (r *reading) mainOf(c choice) webcare.Friction {
	if list := r.frictions(); len(list) > 0 {
		return list[0]
	}
	return c.friction
}

func (r *reading) greeting(mail bool) string {
	switch {
	case r.customer == "" && !mail:
		return ""
	case r.customer == "":
		return r.say("greet.none", nil)
	case r.register == brand.U || r.condolence() != "":
		return r.say("greet.formal", map[string]string{"name": r.customer})
	case !mail:
		return r.say("greet.public", map[string]string{"name": r.customer})
	}
	return r.say("greet", map[string]string{"name": r.customer})
}

// question asks for what is needed to begin, in private, and not known yet: as
// one question. A mail's sender is known by the address.
func (r *reading) question(c choice, mail bool) string {
	if mail || len(c.res.Needs) == 0 {
		return ""
	}
	var ask []string
	for _, v := range r.brand.Verify {
		if overlaps(v.For, c.res.Needs) && !r.knows(v) {
			ask = append(ask, v.Ask.In(r.lang))
		}
	}
	if len(ask) == 0 {
		return ""
	}
	return r.say("ask", map[string]string{"fields": r.list(ask)})
}

func overlaps(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// knows reports whether the customer told the field already, in this message
// or an earlier one of the case.
func (r *reading) knows(v brand.VerifyField) bool {
	for _, f := range r.facts {
		if v.Fact != "" && f.Kind == v.Fact {
			return true
		}
		if v.Fact == "" && f.Kind == webcare.FactPlace && strings.ContainsAny(f.Text, "0123456789") {
			return true
		}
	}
	return v.Fact == webcare.FactEmail && r.author().Address != ""
}

func (r *reading) closing(mail bool) string {
	if !mail || r.asked.shorter {
		return ""
	}
	return r.say("close", nil)
}
