package draft

import (
	"slices"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// reading is a request read once: what every part of a reply asks.
type reading struct {
	req      webcare.DraftRequest
	brand    *brand.Brand
	channel  brand.Channel
	kind     string // of the channel: x, email, ...
	posting  guard.Posting
	public   bool
	lang     string
	register brand.Register

	text   string
	plain  string // text in normal form
	words  []text.Word
	facts  []webcare.Fact
	things []thing
	sents  []webcare.Span

	stretches map[stretchKey]stretch // read once

	repeat   bool
	kin      string // somebody close whom the customer speaks for: "moeder"
	agent    string // who signs
	customer string // name to greet by, "" where unknown
	asked    instruction
	dice     dice
	half     string // "private" while the private half of a pair is written
	terse    bool   // the shortest wording everywhere
	vague    bool   // the apology holds too little of the customer's own to be sure of it
	quoting  bool   // a few words of the customer's own are to be quoted
}

// read reads a request for the brand. It does not decide whether there is
// anything to answer.
func read(req webcare.DraftRequest, b *brand.Brand) *reading {
	r := &reading{stretches: map[stretchKey]stretch{}, req: req, brand: b, text: req.Text, public: req.Public, agent: strings.TrimSpace(req.Sign)}
	if r.agent == "" {
		r.agent = b.Alias
	}
	r.asked = parseInstruction(req.Instruction)
	r.lang = r.language()
	r.kind = req.Channel
	if c, ok := b.Channel(req.Channel); ok {
		r.channel, r.kind = c, c.Kind
	}
	if req.Case != nil {
		r.posting = guard.PostingOf(req.Case, b, req.Now)
	}
	r.register = r.address()
	r.plain = text.Normal(r.text)
	r.words = text.Words(r.text)
	r.sents = text.Sentences(r.text)
	r.facts = r.knownFacts()
	if books[r.lang] != nil {
		r.things = findThings(r.text, r.lang, r.words, r.facts)
	}
	r.repeat = req.Triage.Has(webcare.RepeatContact) || r.answeredBefore()
	r.customer = r.greetingName()
	r.kin = r.spokenFor()
	r.dice = dice{seed: r.seed()}
	return r
}

func (r *reading) language() string {
	lang := r.req.Triage.Language
	if lang == "" || lang == text.Undetermined {
		if r.req.Case != nil && r.req.Case.Head.Language != "" {
			lang = r.req.Case.Head.Language
		}
	}
	if r.asked.language != "" && r.brand.Speaks(r.asked.language) {
		return r.asked.language
	}
	return lang
}

// address is the register of the brand, or the customer's own where it mirrors.
func (r *reading) address() brand.Register {
	if r.asked.register != "" {
		return r.asked.register
	}
	register := r.brand.Register(r.brand.Locale(r.lang))
	if register != brand.Mirror {
		return register
	}
	if formalForm.MatchString(r.req.Text) {
		return brand.U
	}
	return brand.Je
}

// A customer who writes "u", "uw" or "Geachte" is answered with u.
var formalForm = lazily(`(?i)(^|[^\p{L}])(u|uw|geachte|hoogachtend)($|[^\p{L}])`)

// knownFacts are the facts of the triage that lie inside the text, or those
// that package text finds where the triage has none.
func (r *reading) knownFacts() []webcare.Fact {
	if len(r.req.Triage.Facts) == 0 {
		return text.Facts(r.text, r.lang)
	}
	var kept []webcare.Fact
	for _, f := range r.req.Triage.Facts {
		if f.Start >= 0 && f.End <= len(r.text) && f.Start < f.End && r.text[f.Start:f.End] == f.Text {
			kept = append(kept, f)
		}
	}
	return kept
}

// answeredBefore holds where we replied in this case already, or did not keep
// a promise in it.
func (r *reading) answeredBefore() bool {
	c := r.req.Case
	if c == nil {
		return false
	}
	for _, e := range c.Conversation() {
		if e.Value.Ours {
			return true
		}
	}
	for _, p := range c.Promises {
		if p.State == webcare.PromiseBroken {
			return true
		}
	}
	return false
}

// seed ties the wording to the case, and to what was asked of a new draft.
func (r *reading) seed() string {
	seed := r.text
	if r.req.Case != nil && r.req.Case.Head.ID != "" {
		seed = string(r.req.Case.Head.ID)
	}
	return seed + "\x00" + r.req.Instruction
}

func (r *reading) author() webcare.Author {
	if r.req.Case == nil {
		return webcare.Author{}
	}
	if m, ok := r.req.Case.LatestInbound(); ok {
		return m.Author
	}
	return r.req.Case.Head.Author
}

var nameForm = lazily(`^\p{Lu}[\p{L}'’.-]*( (van|de|der|den|ter|ten|el|al|te|het|'t|op|in|von|la|le|du|\p{Lu}[\p{L}'’.-]*))*$`)

// greetingName is how to greet the customer: the first name the channel shows,
// or the one they signed with; "" where neither looks like a person's.
func (r *reading) greetingName() string {
	if r.asked.noName {
		return ""
	}
	name := strings.TrimSpace(r.author().Name)
	if !nameForm.MatchString(name) {
		name = r.signature()
	}
	if name == "" {
		return ""
	}
	if family, ok := strings.CutPrefix(name, "Fam. "); ok {
		return map[string]string{"nl": "familie ", "en": "the "}[r.lang] + family
	}
	first, _, more := strings.Cut(name, " ")
	if strings.Contains(first, ".") || len([]rune(first)) < 2 || r.register == brand.U && more {
		return name
	}
	return first
}

// signature finds a name on the last line of the message.
func (r *reading) signature() string {
	if r.kind != "email" && len(r.text) < 200 {
		return ""
	}
	end := r.text[max(0, len(r.text)-120):]
	if m := signedForm.FindStringSubmatch(strings.ToValidUTF8(end, "")); m != nil {
		if name := partingForm.ReplaceAllString(m[1], ""); nameForm.MatchString(name) {
			return name
		}
	}
	for i := len(r.facts) - 1; i >= 0; i-- {
		f := r.facts[i]
		if f.Kind == webcare.FactName && len(r.text)-f.End < 60 && nameForm.MatchString(f.Text) {
			return partingForm.ReplaceAllString(f.Text, "")
		}
	}
	return ""
}

// How people take leave, and the name behind it: "Groet Willem", "Hoogachtend,
// P. Willemsen", "Robin Jansen, klantnr 5512093" after a full stop.
var (
	partingWords = `(?:[Mm]et (?:vriendelijke|hartelijke) groet(?:en)?|(?:[Vv]riendelijke |[Hh]artelijke )?[Gg]roet(?:en|jes)?|[Gg]r\.?|[Mm][Vv][Gg]|[Mm]vr\.? gr\.?|[Hh]oogachtend|[Aa]lvast bedankt|[Kk]ind regards|[Bb]est wishes|[Ww]arm regards|[Rr]egards|[Bb]est|[Tt]hanks|[Cc]heers|[Yy]ours(?: sincerely| faithfully)?)`
	fullName     = `(\p{Lu}[\p{L}'’.-]*(?: (?:van|de|der|den|ter|ten|el|al|te|het|'t|\p{Lu}[\p{L}'’.-]*)){0,3})`
	signedForm   = lazily(`(?:` + partingWords + `[,.!]?\s+|[.!?]\s+)` + fullName + `(?:,? (?:klant|lid|order|bestel|polis|contract|account|customer|member|booking)\p{L}*[ .:]*[\w-]+)?[\s.]*$`)
	partingForm  = lazily(`^` + partingWords + `[,.!]?\s+`)
)

func (r *reading) has(s webcare.Signal) bool { return r.req.Triage.Has(s) }

// say takes a line of a section, filled and in the register; "" where the
// section has none that fits.
func (r *reading) say(name string, values map[string]string) string {
	s := books[r.lang]()[name]
	if s == nil {
		return ""
	}
	var fit []string
	for _, p := range s.lines {
		filled, missing := brand.Fill(fillNumber(p.text, nil, values["plural"] != ""), values)
		if line := brand.Address(filled, r.register); missing == "" && !r.asked.leavesOut(line) {
			fit = append(fit, line)
		}
	}
	return r.oneOf(name, fit)
}

// oneOf takes one wording; the shortest where there is no room.
func (r *reading) oneOf(place string, wordings []string) string {
	if len(wordings) == 0 {
		return ""
	}
	if r.terse {
		return slices.MinFunc(wordings, func(a, b string) int { return len(a) - len(b) })
	}
	return wordings[r.dice.pick(r.half+place, len(wordings))]
}

// wantsCall holds where the customer gave a number of their own and asks to be
// called rather than written to.
func (r *reading) wantsCall() bool {
	if r.asked.noCall || writingWish.MatchString(r.plain) {
		return false
	}
	for _, f := range r.facts {
		if f.Kind == webcare.FactPhone && !serviceNumber.MatchString(f.Text) {
			return r.asked.call || callWish.MatchString(r.plain)
		}
	}
	return false
}

var (
	callWish      = lazily(`\b(bel|belt|bellen|terugbellen|gebeld|bereikbaar|telefonisch|call|ring|phone|reach me)\b`)
	writingWish   = lazily(`\b(niet (te )?bellen|liever (een |per )?(mail|e-mail|schriftelijk)|per mail graag|graag per mail|schriftelijk antwoord|write (back )?to me|in writing|by email please|please email|do not call|don't call|no calls)\b`)
	serviceNumber = lazily(`^\(?0(900|800|88|906)`)
)
