package draft

import (
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// extras are what a post has where there is room, in the order in which they
// are given up.
type extras struct {
	greet, also, feeling, praise, brief bool
	why                                 int // how the private message is explained: 0 fully, 1 briefly
}

// ladder goes from the richest post to the leanest.
func (r *reading) ladder() []extras {
	if r.asked.shorter {
		return []extras{{brief: true, praise: true, why: 1}, {brief: true, why: 1}}
	}
	full := []extras{
		{greet: true, also: true, feeling: true, praise: true},
		{greet: true, also: true, praise: true},
	}
	rest := []extras{
		{greet: true, praise: true, feeling: true, brief: true},
		{greet: true, praise: true, brief: true},
		{praise: true, brief: true},
		{praise: true, brief: true, why: 1},
		{greet: true, brief: true, why: 1},
		{brief: true, why: 1},
	}
	if short(r.kind) {
		return rest
	}
	return append(full, rest...)
}

// post is a reply in public: the richest that fits the channel. It is an error
// of kind invalid where not even the leanest does.
func (r *reading) post(c choice, sign string, pair bool) (string, error) {
	var last string
	for _, e := range r.ladder() {
		last = r.polish(r.assemble(c, sign, pair, e))
		if fits(last, r.kind) {
			return last, nil
		}
	}
	return "", webcare.Invalidf("no reply of the playbook fits %s: the shortest has %d signs", r.kind, length(last, r.kind))
}

func (r *reading) assemble(c choice, sign string, pair bool, e extras) string {
	greet := ""
	if e.greet {
		greet = r.greeting(false)
	}
	private := ""
	if pair {
		name := "private.public"
		if e.why > 0 {
			name = "private.public.short"
		}
		private = r.say(name, map[string]string{"link": r.channel.DirectMessage})
	}
	by := "\n\n"
	if short(r.kind) {
		by = " "
	}
	if c.friction.Type == "" && !r.req.Triage.Complaint {
		return joinParts(by, []string{greeted(greet, r.withoutComplaint(c, true, e.brief)), private, sign})
	}
	total := 1
	if e.also {
		total = 3
	}
	named := r.clauses(r.frictions(), 1, total)
	main, rest := clause{}, named
	if len(named) > 0 {
		main, rest = named[0], named[1:]
	}
	if e.brief {
		main = r.brisk(main)
	}
	feeling, others, praise := "", "", ""
	if e.feeling {
		feeling = r.feeling()
	}
	if len(rest) > 0 {
		others = r.also(rest)
	}
	if e.praise {
		praise = r.praise(e.brief)
	}
	opening := sentences(r.condolence(), r.apology(c, main, r.mainOf(c)), feeling, others)
	if r.condolence() == "" {
		opening = greeted(greet, opening)
	} else {
		opening = sentences(greet, opening)
	}
	body := sentences(r.action(c, e.brief, pair), private)
	if praise != "" {
		praise = strings.TrimSpace(praise)
	}
	return joinParts(by, []string{opening, body, praise, sign})
}

// brisk keeps a clause; the place where a shorter wording would be taken.
func (r *reading) brisk(c clause) clause { return c }

// greeted puts a greeting before a sentence: "Dag Noor, sorry dat ...".
func greeted(greet, opening string) string {
	if greet == "" {
		return opening
	}
	return greet + " " + lowerFirst(opening)
}

// withoutComplaint answers a question, praise or a suggestion.
func (r *reading) withoutComplaint(c choice, post, brief bool) string {
	key := r.keyWithoutFriction()
	act := r.action(c, brief, len(c.res.Needs) > 0 && post)
	switch key {
	case brand.ForPraise:
		return r.thanks()
	case brand.ForSuggestion:
		return sentences(r.topic("suggestion"), r.praiseBeside(), act)
	}
	return sentences(r.topic("question"), r.praiseBeside(), act)
}

// topic thanks for a question or idea and names what it is about.
func (r *reading) topic(section string) string {
	for _, t := range r.things {
		if !t.is([]string{"staff", "party", "visit"}) {
			if line := r.say(section+".thing", map[string]string{"thing": brand.Address(t.say, r.register)}); line != "" {
				return line
			}
		}
	}
	return r.say(section+".plain", nil)
}

func (r *reading) praiseBeside() string {
	if len(r.req.Triage.Praise) == 0 {
		return ""
	}
	return r.praise(true)
}
