package draft

import (
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// extras are what a post has where there is room, in the order in which they
// are given up.
type extras struct {
	greet, feeling, praise, brief bool
	also                          int  // how many further points are named
	why                           int  // how the private message is explained: 0 fully, 1 briefly
	terse                         bool // the shortest wording everywhere
}

// ladder goes from the richest post to the leanest.
func (r *reading) ladder() []extras {
	if r.asked.shorter {
		return []extras{{brief: true, praise: true, why: 1}, {brief: true, why: 1}}
	}
	full := []extras{
		{greet: true, also: r.points(), feeling: true, praise: true},
		{greet: true, also: 2, praise: true},
	}
	rest := []extras{
		{greet: true, praise: true, feeling: true, brief: true},
		{greet: true, praise: true, brief: true},
		{praise: true, brief: true},
		{praise: true, brief: true, why: 1},
		{greet: true, brief: true, why: 1},
		{brief: true, why: 1},
		{brief: true, why: 1, terse: true},
	}
	if short(r.kind) {
		return rest
	}
	return append(full, rest...)
}

// points is how many further points a public reply takes up: more where the
// customer told a long story.
func (r *reading) points() int {
	if len(r.text) > column {
		return 5
	}
	return 2
}

// post is a reply in public: the richest that fits the channel. It is an error
// of kind invalid where not even the leanest does.
func (r *reading) post(c choice, sign string, pair bool) (string, error) {
	var last string
	for _, e := range r.ladder() {
		last = r.polish(r.assemble(c, sign, pair, e))
		if r.fits(last) {
			return last, nil
		}
	}
	used, most := r.room(last)
	return "", webcare.Invalidf("no reply of the playbook fits %s: the shortest takes %d of %d", r.kind, used, most)
}

func (r *reading) assemble(c choice, sign string, pair bool, e extras) string {
	r.terse = e.terse
	defer func() { r.terse = false }()
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
	named := r.clauses(r.frictions(), 1, 1+e.also)
	main, rest := clause{}, named
	if len(named) > 0 {
		main, rest = named[0], named[1:]
	}
	feeling, others, praise := "", "", ""
	if e.feeling {
		feeling = r.feeling(main)
	}
	if len(rest) > 0 {
		others = sentences(r.also(rest), r.cover(len(rest)))
	}
	if e.praise {
		praise = r.praise(e.brief)
	}
	apology := r.apology(c, main, r.mainOf(c))
	opening := sentences(r.condolence(), apology, notSaid(feeling, apology), others)
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
	if r.req.Triage.Kind != webcare.KindQuestion {
		return sentences(r.say("message", nil), r.praiseBeside(), act)
	}
	return sentences(r.topic("question"), r.praiseBeside(), act)
}

// topic thanks for a question or idea and names what it is about.
func (r *reading) topic(section string) string {
	for _, t := range r.things {
		if !t.is([]string{"staff", "party", "visit"}) && r.isAsked(t) {
			if line := r.say(section+".thing", map[string]string{"thing": brand.Address(r.topicSay(t), r.register)}); line != "" {
				return line
			}
		}
	}
	return r.say(section+".plain", nil)
}

// isAsked holds for a thing in a sentence that asks, or anywhere in a short message.
func (r *reading) isAsked(t thing) bool {
	for _, s := range r.sents {
		if t.start >= s.Start && t.start < s.End {
			return len(r.text) < 300 || strings.Contains(s.Text, "?")
		}
	}
	return false
}

// topicSay names what is asked about: as theirs only where they say so.
func (r *reading) topicSay(t thing) string {
	switch r.before(t.start) {
	case "mijn", "m'n", "my", "our", "onze", "jullie", "uw", "your":
		return t.say
	}
	return t.the
}

// praiseBeside thanks for praise that stands in a question or suggestion.
func (r *reading) praiseBeside() string {
	if len(r.req.Triage.Praise) == 0 {
		return ""
	}
	if people, _ := r.praised(); people != "" {
		return r.praise(true)
	}
	return r.say("praise.aside", nil)
}
