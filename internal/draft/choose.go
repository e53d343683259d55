package draft

import (
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// choice is a resolution of the playbook, made ready for this case.
type choice struct {
	res      brand.Resolution
	friction webcare.Friction  // the one it solves; zero for a question or praise
	params   map[string]string // from facts and fixed values, in the reply's language
	cents    int64             // the amount at stake
	thing    string
	due      time.Time
}

// tangible families are solved by doing something; in the others the customer
// wants that something done after all.
var tangible = []webcare.Family{"time_place", "money", "product"}

// choose picks the resolution: the one a person named, else where all is over
// what we learn from it, else one that a signal asks for, else the one that
// gives the customer most.
func (r *reading) choose() (choice, error) {
	if id := r.req.Resolution; id != "" {
		return r.named(id)
	}
	if key := r.keyWithoutFriction(); key != "" {
		return r.first(key, webcare.Friction{})
	}
	if r.solved() {
		return r.first(brand.ForGeneral, r.mainOf(choice{}))
	}
	var best *choice
	for i, f := range r.frictions() {
		if r.guessed(f) && !r.borneOut(f) {
			continue
		}
		c, err := r.first(string(f.Type), f)
		if err != nil {
			continue
		}
		if len(c.res.When.Signals) > 0 {
			return c, nil
		}
		if best == nil || r.weight(c, i) > r.weight(*best, 0) {
			best = &c
		}
	}
	if best == nil {
		return r.first(brand.ForGeneral, webcare.Friction{})
	}
	return *best, nil
}

// weight says how much a resolution gives the customer: money they wait for or
// an amount they name most, if it is among the first things and nobody is in
// need, then whatever is tangible.
func (r *reading) weight(c choice, place int) int {
	family := c.friction.Type.Family()
	switch {
	case family == "money" && (c.cents > 0 || c.friction.Type == webcare.Refund) && place < 3 && r.req.Triage.Urgency != webcare.Critical:
		return 2
	case slices.Contains(tangible, family):
		return 1
	}
	return 0
}

// A customer who tells of something that came right in the end.
var solvedForm = lazily(`\b(is|zijn|werd|was|wordt) (nu |inmiddels |gelukkig |ook |toch |allemaal |uiteindelijk )*(opgelost|rechtgezet)\b|\b(netjes|alsnog|uiteindelijk) (opgelost|geregeld|teruggekregen)\b|\b(is|was|got|has been|now) (now |finally |eventually |all )*(resolved|sorted out)\b|\ball sorted\b`)

// column is how long a text is, in bytes, that tells a story rather than asks for help.
const column = 1200

// solved holds where nothing is left to act on: a long story without urgency,
// or one that came right in the end.
func (r *reading) solved() bool {
	u := r.req.Triage.Urgency
	if u == webcare.High || u == webcare.Critical {
		return false
	}
	return u == webcare.Low && len(r.text) > column || solvedForm.MatchString(r.plain)
}

// keyWithoutFriction is the playbook's key for a message that is no complaint,
// "" for one that is.
func (r *reading) keyWithoutFriction() string {
	t := r.req.Triage
	if t.Complaint || len(t.Frictions) > 0 && t.Kind != webcare.KindPraise && t.Kind != webcare.KindSuggestion {
		if len(t.Frictions) == 0 {
			return brand.ForGeneral
		}
		return ""
	}
	switch t.Kind {
	case webcare.KindPraise:
		return brand.ForPraise
	case webcare.KindSuggestion:
		return brand.ForSuggestion
	}
	return brand.ForQuestion
}

// frictions are those of the triage without what a person asked to leave out.
func (r *reading) frictions() []webcare.Friction {
	var kept []webcare.Friction
	for _, f := range r.req.Triage.Frictions {
		if f.Type.Valid() && !r.asked.dropsFriction(f) {
			kept = append(kept, f)
		}
	}
	if len(kept) == 0 {
		return r.req.Triage.Frictions
	}
	return kept
}

// first takes the first resolution under a key that fits the case.
func (r *reading) first(key string, f webcare.Friction) (choice, error) {
	c := r.situate(f)
	s := c.situation(r)
	skip := r.asked.otherResolution
	var last *brand.Resolution
	for _, res := range r.brand.Resolutions(key) {
		if !res.Fits(s) {
			continue
		}
		last = &res
		if !skip || r.notBefore(res.ID) {
			break
		}
	}
	if last == nil {
		return c, webcare.Invalidf("the playbook of %s has nothing that fits %s", r.brand.ID, key)
	}
	return r.take(c, *last), nil
}

// notBefore reports whether the resolution was not the one of the draft before.
func (r *reading) notBefore(id string) bool {
	if r.req.Case == nil {
		return true
	}
	d, ok := r.req.Case.CurrentDraft()
	return !ok || d.Resolution == nil || d.Resolution.ID != id
}

// named takes the resolution a person picked. It is an error of kind invalid
// where there is none of that id, or a parameter is unknown.
func (r *reading) named(id string) (choice, error) {
	res, key, ok := r.brand.Resolution(id)
	if !ok {
		return choice{}, webcare.Invalidf("the playbook of %s has no resolution %q", r.brand.ID, id)
	}
	f := webcare.Friction{}
	for _, g := range r.frictions() {
		if string(g.Type) == key || f.Type == "" {
			f = g
		}
		if string(g.Type) == key {
			break
		}
	}
	c := r.situate(f)
	for _, p := range res.Params {
		if c.params[p] == "" {
			return choice{}, webcare.Invalidf("resolution %q needs %s, and the message does not say it", id, p)
		}
	}
	return r.take(c, res), nil
}

// situate collects what the evidence of a friction says: parameters, the
// amount at stake, the thing.
func (r *reading) situate(f webcare.Friction) choice {
	c := choice{friction: f, params: map[string]string{}}
	if f.Type != "" {
		for _, span := range r.spans(f) {
			s := r.stretchOf(span.Start, span.End)
			for _, name := range []string{"amount", "duration", "place", "time"} {
				if c.params[name] == "" && s.near[name] != "" && (name != "amount" || s.near["amounts"] == "") {
					c.params[name] = s.near[name]
				}
			}
			if c.params["date"] == "" {
				c.params["date"] = s.near["on"]
			}
			if t, _, ok := oneThing(s, r.classesOf(f.Type)); ok && c.thing == "" {
				c.thing, c.params["product"] = brand.Address(t.say, r.register), t.noun
			}
		}
	}
	if c.params["amount"] == "" && f.Type.Family() == "money" {
		c.params["amount"] = r.onlyAmount()
	}
	for _, fact := range r.facts {
		if fact.Kind == webcare.FactNumber && c.params["reference"] == "" {
			c.params["reference"] = fact.Text
		}
	}
	c.cents, _ = cents(c.params["amount"])
	return c
}

// onlyAmount is the one amount of the message; where there are more, nobody
// can tell which is meant.
func (r *reading) onlyAmount() string {
	found := ""
	for _, f := range r.facts {
		if f.Kind == webcare.FactAmount {
			if found != "" && found != f.Text {
				return ""
			}
			found = f.Text
		}
	}
	return tidyAmount(found)
}

func (r *reading) classesOf(t webcare.FrictionType) []string {
	if s := books[r.lang]()[string(t)]; s != nil {
		return s.classes
	}
	return nil
}

func (c choice) situation(r *reading) brand.Situation {
	s := brand.Situation{Repeat: r.repeat, Solved: r.solved(), Urgency: r.req.Triage.Urgency, Signals: r.req.Triage.Signals, Cents: c.cents, Params: map[string]bool{}}
	for name, value := range c.params {
		s.Params[name] = value != "" && value != "€"
	}
	for _, f := range r.req.Triage.Frictions {
		s.Frictions = append(s.Frictions, f.Type)
	}
	spans := r.spans(c.friction)
	for _, span := range spans {
		st := r.stretchOf(span.Start, span.End)
		s.Evidence += " " + text.Normal(r.text[st.wideFrom:st.wideTo])
		list := st.nearBy
		if len(list) == 0 {
			list = st.wideBy
		}
		for _, t := range list {
			s.Things = append(s.Things, t.classes()...)
		}
	}
	return s
}

// take fixes the resolution: its fixed values, and when its promise is due.
func (r *reading) take(c choice, res brand.Resolution) choice {
	c.res = res
	kept := map[string]string{}
	for _, p := range res.Params {
		kept[p] = c.params[p]
	}
	for name, value := range res.Values {
		if name == "thing" && c.thing != "" {
			continue
		}
		v := brand.Address(value.In(r.lang), r.register)
		if name == "thing" {
			c.thing = v
			continue
		}
		kept[name] = v
	}
	c.params = kept
	if res.Promise != nil {
		c.due = r.brand.Due(res.Promise.TermFor(r.urgency()), r.req.Now)
	}
	return c
}

// urgency is the triage's; a question about today or tomorrow cannot wait
// until then.
func (r *reading) urgency() webcare.Urgency {
	u := r.req.Triage.Urgency
	if r.keyWithoutFriction() == brand.ForQuestion && soonForm.MatchString(r.plain) && u != webcare.Critical {
		return webcare.High
	}
	return u
}

var soonForm = lazily(`\b(vandaag|vanmiddag|vanavond|morgen|morgenochtend|morgenmiddag|morgenavond|straks|nu (open|bereikbaar)|today|tonight|tomorrow|this (afternoon|evening|morning)|right now)\b`)

// authority is what approving takes: the most of resolution, cost and routes,
// an agent at least.
func (r *reading) authority(c choice) webcare.Authority {
	a := webcare.Higher(webcare.Agent, c.res.Authority)
	a = webcare.Higher(a, r.brand.AuthorityFor(c.res.Cost(c.cents)))
	for _, route := range r.brand.RoutesFor(r.req.Triage.Signals) {
		a = webcare.Higher(a, route.Authority)
	}
	return a
}

// resolution is the choice as the draft carries it.
func (r *reading) resolution(c choice) *webcare.Resolution {
	res := &webcare.Resolution{ID: c.res.ID, CostCents: c.res.Cost(c.cents), Authority: r.authority(c), Params: c.params}
	for _, check := range c.res.Checks {
		res.Checks = append(res.Checks, brand.Address(check.In(r.brand.Languages[0]), r.register))
	}
	return res
}

// promises are what the draft makes: the promise itself, with its first work
// order, then the further work orders.
func (r *reading) promises(c choice) []webcare.Promised {
	var out []webcare.Promised
	if p := c.res.Promise; p != nil {
		out = append(out, webcare.Promised{What: p.What.In(r.lang), Due: c.due, Owner: r.ownerName(p.Owner)})
	}
	for i, w := range c.res.WorkOrders {
		instruction, _ := brand.Fill(w.Instruction, c.params)
		due := c.due
		if !w.Term.IsZero() {
			due = r.brand.Due(w.Term, r.req.Now)
		}
		if i == 0 && len(out) == 1 {
			out[0].Desk, out[0].Instruction, out[0].Before = w.Desk, instruction, w.Before
			continue
		}
		out = append(out, webcare.Promised{What: instruction, Due: due, Owner: r.brand.Desks[w.Desk].Name, Desk: w.Desk, Instruction: instruction, Before: w.Before})
	}
	return out
}

func (r *reading) ownerName(id string) string {
	if o, ok := r.brand.Owners[id]; ok {
		return o.Name
	}
	return r.agent
}

func (r *reading) ownerSay(id string) string {
	if o, ok := r.brand.Owners[id]; ok {
		return o.Say.In(r.lang)
	}
	return strings.TrimSpace(r.agent)
}
