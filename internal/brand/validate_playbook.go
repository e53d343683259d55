package brand

import (
	"fmt"
	"slices"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// Slots that a drafter fills in resolution texts, beside the resolution's own
// parameters and values.
var drafterSlots = []string{
	"due",      // "uiterlijk donderdag 26 november"
	"owner",    // "mijn collega Sanne"
	"name",     // the owner's first name
	"contact",  // how we get back to the customer, third person: "belt je", "stuurt je een bericht"
	"icontact", // the same, first person: "bel je", "stuur je een bericht"
	"thing",    // what it is about, with its article: "je bank", "de trein van 7.12"
	"brand",
}

// factParams are the parameters that facts fill.
var factParams = []string{"amount", "date", "time", "duration", "product", "place", "reference"}

// things are the classes of what a message is about.
var things = []string{"goods", "parcel", "transport", "visit", "money", "contract", "mail", "place", "food", "device", "account", "staff", "stay", "tool", "phone", "document", "party", "event", "noise", "office"}

func validatePlaybook(b *Brand, report reporter) {
	keys := PlaybookKeys()
	for _, key := range sortedKeys(b.Playbook) {
		if !slices.Contains(keys, key) {
			report("playbook."+key, "is no friction type, nor question, praise, suggestion or general")
		}
	}
	ids := map[string]string{}
	for _, key := range keys {
		p, at := b.Playbook[key], "playbook."+key
		if p == nil || len(p.Resolutions) == 0 {
			report(at, "at least one resolution is needed")
			continue
		}
		if strings.TrimSpace(p.ProcessOwner) == "" {
			report(at+".process_owner", "must not be empty: who hears about this friction?")
		}
		for i, r := range p.Resolutions {
			here := fmt.Sprintf("%s.resolutions[%d]", at, i)
			if first, ok := ids[r.ID]; ok {
				report(here+".id", "%q stands at %s too", r.ID, first)
			}
			ids[r.ID] = here
			validateResolution(b, r, here, report)
		}
		if last := p.Resolutions[len(p.Resolutions)-1]; !last.unconditional() {
			report(fmt.Sprintf("%s.resolutions[%d]", at, len(p.Resolutions)-1), "the last one must fit every case: no when, no params")
		}
	}
}

func (r Resolution) unconditional() bool {
	w := r.When
	return len(r.Params) == 0 && w.Repeat == nil && w.Solved == nil && len(w.Urgency) == 0 && len(w.Signals) == 0 && len(w.Unless) == 0 &&
		len(w.Things) == 0 && len(w.With) == 0 && len(w.Mentions) == 0 && w.UpToCents == 0
}

func validateResolution(b *Brand, r Resolution, at string, report reporter) {
	if !idForm.MatchString(r.ID) {
		report(at+".id", "must be lower-case letters, digits, - or _")
	}
	if r.CostCents < 0 {
		report(at+".cost_cents", "must not be negative")
	}
	if r.CostFrom != "" && (r.CostFrom != "amount" || !slices.Contains(r.Params, "amount")) {
		report(at+".cost_from", "must be amount, and amount must stand in params")
	}
	if r.Fault != "" && r.Fault != FaultOurs && r.Fault != FaultTheirs {
		report(at+".fault", "%q: must be ours or theirs", r.Fault)
	}
	if !knownAuthority(r.Authority) {
		report(at+".authority", "%q: must be agent, senior or lead", r.Authority)
	}
	oneOf(r.Params, factParams, at+".params", report)
	oneOf(r.Needs, needs, at+".needs", report)
	for _, name := range sortedKeys(r.Values) {
		requireText(b, r.Values[name], at+".values."+name, report)
	}
	for i, c := range r.Checks {
		requireText(b, c, fmt.Sprintf("%s.checks[%d]", at, i), report)
	}
	validateWhen(r.When, at+".when", report)
	validateTexts(b, r, at, report)
	validatePromise(b, r, at, report)
}

func validateWhen(w When, at string, report reporter) {
	oneOf(w.Urgency, urgencies, at+".urgency", report)
	oneOf(w.Signals, webcare.Signals(), at+".signals", report)
	oneOf(w.Unless, webcare.Signals(), at+".unless", report)
	oneOf(w.Things, things, at+".things", report)
	oneOf(w.With, webcare.FrictionTypes(), at+".with", report)
	for i, m := range w.Mentions {
		if m == "" || m != strings.ToLower(m) {
			report(fmt.Sprintf("%s.mentions[%d]", at, i), "%q: write the beginning of a word, in lower case without accents", m)
		}
	}
	if w.UpToCents < 0 {
		report(at+".up_to_cents", "must not be negative")
	}
}

func oneOf[T comparable](got, allowed []T, at string, report reporter) {
	for i, v := range got {
		if !slices.Contains(allowed, v) {
			report(fmt.Sprintf("%s[%d]", at, i), "%v: must be one of %v", v, allowed)
		}
	}
}

func validateTexts(b *Brand, r Resolution, at string, report reporter) {
	known := func(name string) bool {
		_, value := r.Values[name]
		return value || slices.Contains(drafterSlots, name) || slices.Contains(r.Params, name)
	}
	for _, lang := range b.Languages {
		t, here := r.Texts[lang], at+".texts."+lang
		for _, form := range []struct{ name, text string }{{"full", t.Full}, {"short", t.Short}} {
			field := here + "." + form.name
			if strings.TrimSpace(form.text) == "" {
				report(field, "must not be empty")
				continue
			}
			if strings.Count(form.text, "{") != strings.Count(form.text, "}") || strings.Count(form.text, "[") != strings.Count(form.text, "]") {
				report(field, "a brace or bracket is not closed")
			}
			for _, name := range slots(form.text) {
				if !known(name) {
					report(field, "{%s} is neither a parameter nor a value of this resolution, nor one of %v", name, drafterSlots)
				}
			}
			if strings.Contains(form.text, "{due}") && r.Promise == nil {
				report(field, "{due} needs a promise with a term")
			}
		}
	}
}

func validatePromise(b *Brand, r Resolution, at string, report reporter) {
	if p := r.Promise; p != nil {
		requireText(b, p.What, at+".promise.what", report)
		validateTerm(p.Term, true, at+".promise.term", report)
		validateTerm(p.Urgent, false, at+".promise.urgent", report)
		if _, ok := b.Owners[p.Owner]; !ok && p.Owner != "agent" {
			report(at+".promise.owner", "%q is none of owners, nor agent", p.Owner)
		}
	}
	for i, w := range r.WorkOrders {
		here := fmt.Sprintf("%s.work_orders[%d]", at, i)
		requireDesk(b, w.Desk, here+".desk", report)
		if strings.TrimSpace(w.Instruction) == "" {
			report(here+".instruction", "must not be empty")
		}
		validateTerm(w.Term, r.Promise == nil, here+".term", report)
	}
}
