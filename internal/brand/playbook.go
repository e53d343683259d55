package brand

import (
	"slices"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// Keys of the playbook beside the friction types.
const (
	ForQuestion   = "question"
	ForPraise     = "praise"
	ForSuggestion = "suggestion"
	ForGeneral    = "general" // several frictions of equal weight, mixed messages, or nothing better
)

// Playbook is what the brand does about one friction.
type Playbook struct {
	ProcessOwner string       `yaml:"process_owner"` // hears about it in the weekly digest
	Resolutions  []Resolution `yaml:"resolutions"`   // the first whose When holds is taken
}

// Fault says whose doing it was.
type Fault string

// Faults. Empty is ours.
const (
	FaultOurs   Fault = "ours"
	FaultTheirs Fault = "theirs" // nobody's or somebody else's: sympathy instead of an apology
)

// Resolution is something the brand really does for a customer.
type Resolution struct {
	ID        string            `yaml:"id"` // unique in the brand
	When      When              `yaml:"when"`
	Fault     Fault             `yaml:"fault"`
	CostCents int64             `yaml:"cost_cents"`
	CostFrom  string            `yaml:"cost_from"` // "amount": the cost is that parameter
	Authority webcare.Authority `yaml:"authority"` // at least; the cost may ask for more
	Params    []string          `yaml:"params"`    // facts it cannot do without: amount, date, product, place
	Values    map[string]Text   `yaml:"values"`    // fixed parameters: {voucher: {nl: "€ 5"}}
	Needs     []string          `yaml:"needs"`     // personal data it takes: reference, address, identity
	// Texts say what we do, in full sentences.
	Texts      map[string]ResolutionText `yaml:"texts"`
	Promise    *Promise                  `yaml:"promise"`
	WorkOrders []WorkOrder               `yaml:"work_orders"`
	Checks     []Text                    `yaml:"checks"` // ticked by a person before approval
}

// ResolutionText is what the customer reads about a resolution, in one
// language. "A || B" are two ways to say it.
type ResolutionText struct {
	Full  string `yaml:"full"`  // mail, private messages, long public replies
	Short string `yaml:"short"` // one sentence for short channels
}

// Variants returns the ways in which a text may be said: at least one.
func Variants(text string) []string {
	parts := strings.Split(text, "||")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}

// When says in which cases a resolution is meant. All conditions hold together;
// an empty one always holds.
type When struct {
	Repeat  *bool             `yaml:"repeat"`  // contacted us about it before
	Urgency []webcare.Urgency `yaml:"urgency"` // one of
	Signals []webcare.Signal  `yaml:"signals"` // one of
	Unless  []webcare.Signal  `yaml:"unless"`  // none of
	// Things are classes of what it is about: goods, parcel, transport, visit,
	// money, contract, mail, place, food, device, account, staff. One of.
	Things []string `yaml:"things"`
	// With lists further friction types, one of which the message also carries.
	With []webcare.FrictionType `yaml:"with"`
	// Solved: the customer tells of something that is over.
	Solved *bool `yaml:"solved"`
	// Mentions are beginnings of words in any language, one of which stands in
	// the evidence: "afgeschreven", "charged".
	Mentions []string `yaml:"mentions"`
	// UpToCents leaves the resolution out where the amount is higher.
	UpToCents int64 `yaml:"up_to_cents"`
}

// Promise joins the ledger when the reply is posted.
type Promise struct {
	What   Text   `yaml:"what"`
	Term   Term   `yaml:"term"`
	Urgent Term   `yaml:"urgent"` // the term where the case is high or critical; default Term
	Owner  string `yaml:"owner"`  // a key of owners, or "agent": who signs
}

// WorkOrder is a step for a desk.
type WorkOrder struct {
	Desk        string `yaml:"desk"`
	Instruction string `yaml:"instruction"`
	Before      bool   `yaml:"before"` // starts at approval instead of at posting
	Term        Term   `yaml:"term"`   // default the promise's
}

// Resolutions returns the resolutions for the friction in order; empty where
// the playbook has none.
func (b *Brand) Resolutions(key string) []Resolution {
	if p := b.Playbook[key]; p != nil {
		return p.Resolutions
	}
	return nil
}

// Resolution returns the resolution of that id and the playbook key it stands under.
func (b *Brand) Resolution(id string) (Resolution, string, bool) {
	for _, key := range PlaybookKeys() {
		for _, r := range b.Resolutions(key) {
			if r.ID == id {
				return r, key, true
			}
		}
	}
	return Resolution{}, "", false
}

// PlaybookKeys returns the keys a playbook must have: the friction types in
// the order of the taxonomy, then question, praise, suggestion, general.
func PlaybookKeys() []string {
	var keys []string
	for _, t := range webcare.FrictionTypes() {
		keys = append(keys, string(t))
	}
	return append(keys, ForQuestion, ForPraise, ForSuggestion, ForGeneral)
}

// Situation is what choosing a resolution looks at.
type Situation struct {
	Repeat    bool
	Urgency   webcare.Urgency
	Signals   []webcare.Signal
	Things    []string
	Frictions []webcare.FrictionType
	Params    map[string]bool // known parameters
	Cents     int64           // the amount at stake, 0 where unknown
	Solved    bool
	Evidence  string // what shows the friction, in lower case without accents
}

// Fits reports whether the resolution is meant for the situation.
func (r Resolution) Fits(s Situation) bool {
	for _, p := range r.Params {
		if !s.Params[p] {
			return false
		}
	}
	w := r.When
	switch {
	case w.Repeat != nil && *w.Repeat != s.Repeat,
		w.Solved != nil && *w.Solved != s.Solved,
		len(w.Urgency) > 0 && !slices.Contains(w.Urgency, s.Urgency),
		len(w.Signals) > 0 && !overlap(w.Signals, s.Signals),
		overlap(w.Unless, s.Signals),
		len(w.Things) > 0 && !overlap(w.Things, s.Things),
		len(w.With) > 0 && !overlap(w.With, s.Frictions),
		len(w.Mentions) > 0 && !mentions(s.Evidence, w.Mentions),
		w.UpToCents > 0 && s.Cents > w.UpToCents:
		return false
	}
	return true
}

// mentions reports whether a word of the text begins with one of the beginnings.
func mentions(text string, beginnings []string) bool {
	for _, b := range beginnings {
		for rest := text; ; {
			i := strings.Index(rest, b)
			if i < 0 {
				break
			}
			if i == 0 || !isLetter(rest[i-1]) {
				return true
			}
			rest = rest[i+1:]
		}
	}
	return false
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 0x80 }

// TermFor returns how long the promise may take at that urgency.
func (p Promise) TermFor(u webcare.Urgency) Term {
	if !p.Urgent.IsZero() && (u == webcare.High || u == webcare.Critical) {
		return p.Urgent
	}
	return p.Term
}

func overlap[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

// Cost returns what the resolution costs in cents, cents being the amount at stake.
func (r Resolution) Cost(cents int64) int64 {
	if r.CostFrom != "" {
		return r.CostCents + cents
	}
	return r.CostCents
}
