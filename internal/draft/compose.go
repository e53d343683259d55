package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// compose writes the reply: a mail or private message, a post, or a pair of a
// post and the private message beside it. A pair is made where the resolution
// takes personal data and the channel has a link for a private message; where
// the channel takes no private half, the post alone, with the link.
func (r *reading) compose(c choice) (reply, private string, err error) {
	sign, err := r.brand.Sign(r.agent, r.lang, r.kind)
	if err != nil {
		return "", "", err
	}
	switch {
	case !r.public:
		reply, err := r.conversation(c, sign)
		return reply, "", err
	case len(c.res.Needs) > 0 && r.channel.DirectMessage != "":
		post, err := r.post(c, sign, true)
		if err != nil {
			return "", "", err
		}
		if r.posting.NoPrivate != "" {
			return post, "", nil
		}
		line, err := r.brand.Sign(r.agent, r.lang, "message")
		if err != nil {
			return "", "", err
		}
		r.half = "private"
		defer func() { r.half = "" }()
		private, err := r.aside(c, line)
		if err != nil { // none that fits: the post leads to a private message all the same
			return post, "", nil
		}
		return post, private, nil
	}
	post, err := r.post(c, sign, false)
	return post, "", err
}

// conversation is a reply that nobody else reads: a mail, or a message where
// the platform may leave little room.
func (r *reading) conversation(c choice, sign string) (string, error) {
	if r.kind == "email" {
		return r.polish(r.letter(c, sign, true)), nil
	}
	if reply := r.polish(r.letter(c, sign, false)); r.fits(reply) {
		return reply, nil
	}
	return r.post(c, sign, false)
}

// aside is the private half of a pair. A private message of Mastodon is a post
// with the length of one; elsewhere there is room.
func (r *reading) aside(c choice, sign string) (string, error) {
	private := r.polish(r.letter(c, sign, false))
	if r.kind != "mastodon" || r.fits(private) {
		return private, nil
	}
	wish := r.asked
	defer func() { r.asked, r.terse = wish, false }()
	r.asked.shorter = true
	for _, r.terse = range []bool{false, true} {
		if private = r.polish(r.letter(c, sign, false)); r.fits(private) {
			return private, nil
		}
	}
	return "", webcare.Invalidf("no private message of the playbook fits %s", r.kind)
}

// how we get back to the customer.
func (r *reading) contact(pair bool) string {
	switch {
	case r.wantsCall():
		return "contact.phone"
	case r.kind == "email":
		return "contact.email"
	case pair && r.half == "":
		return "contact.private"
	}
	return "contact.here"
}

// action says what we do: the resolution's own text, its slots filled.
func (r *reading) action(c choice, brief, pair bool) string {
	t := c.res.Texts[r.lang]
	source := t.Full
	if brief {
		source = t.Short
	}
	values := map[string]string{"thing": c.thing, "brand": r.brand.Name}
	for name, value := range c.params {
		values[name] = value
	}
	if p := c.res.Promise; p != nil {
		values["due"] = r.brand.DueInWords(c.due, r.lang, r.req.Now)
		values["owner"], values["name"] = r.ownerSay(p.Owner), r.ownerName(p.Owner)
		lines := books[r.lang]()[r.contact(pair)].lines
		values["icontact"], _ = brand.Fill(lines[0].text, values)
		values["contact"], _ = brand.Fill(lines[1].text, values)
	}
	variants := brand.Variants(source)
	var fit []string
	for _, v := range variants {
		filled, missing := brand.Fill(v, values)
		filled = brand.Address(filled, r.register)
		if missing == "" && !r.asked.leavesOut(filled) {
			fit = append(fit, filled)
		}
	}
	if len(fit) == 0 { // what must go stands in every variant: its sentences go, if any is left
		filled, _ := brand.Fill(variants[0], values)
		return r.without(brand.Address(filled, r.register))
	}
	return r.oneOf("action", fit)
}

// without drops the sentences that hold something to be left out; where
// nothing would be left it keeps all.
func (r *reading) without(paragraph string) string {
	var kept []string
	for _, s := range strings.SplitAfter(paragraph, ". ") {
		if !r.asked.leavesOut(s) {
			kept = append(kept, strings.TrimSpace(s))
		}
	}
	if len(kept) == 0 {
		return paragraph
	}
	return strings.Join(kept, " ")
}

// apology is the sentence that names what went wrong and says sorry, once.
// Without a detail of the customer's own it quotes a few of their words.
func (r *reading) apology(c choice, main clause, f webcare.Friction) string {
	r.vague = r.vague || main.score < surelySpecific
	values := map[string]string{"clause": main.text}
	switch {
	case main.text == "" && main.who != "" && !r.asked.noApology:
		if q := r.quote(f); q != "" {
			return r.say("sorry.who.quote", map[string]string{"quote": q, "who": main.who})
		}
		return r.say("sorry.who", map[string]string{"who": main.who})
	case main.text == "":
		if q := r.anyQuote(f); q != "" && !r.asked.noApology {
			return "\"" + q + "\": " + lowerFirst(r.say("sorry.plain", nil))
		}
		return r.say("sorry.plain", nil)
	case r.asked.noApology || c.res.Fault == brand.FaultTheirs:
		return r.say("sympathy", values)
	case !main.detail || r.quoting:
		q := r.quote(f)
		if q == "" && r.quoting {
			q = r.anyQuote(f)
		}
		if q != "" {
			values["quote"] = q
			if r.terse {
				return r.say("sorry.quote.short", values)
			}
			return r.say("sorry.quote", values)
		}
	case r.has(webcare.Abusive) || r.asked.shorter:
		return r.say("sorry.calm", values)
	}
	if r.apologyLast(main) {
		return r.say("sorry.after", values)
	}
	return r.say("sorry", values)
}

// apologyLast holds where what went wrong comes first and the apology after it.
func (r *reading) apologyLast(main clause) bool {
	return main.detail && !r.quoting && !r.terse && !r.has(webcare.Abusive) && !r.asked.shorter && !r.asked.noApology &&
		r.dice.pick(r.half+"order", 3) == 0 && utf8.RuneCountInString(main.text) < 90
}

// anyQuote quotes the evidence, else the sentences beside it; without evidence
// the whole message. Further off may stand anything, orders to us among it.
func (r *reading) anyQuote(f webcare.Friction) string {
	if f.Type == "" {
		return r.quote(webcare.Friction{Evidence: []webcare.Span{{Start: 0, End: len(r.text)}}})
	}
	if q := r.quote(f); q != "" {
		return q
	}
	var beside []webcare.Span
	for _, span := range r.spans(f) {
		for i, s := range r.sents {
			if s.Start < span.End && s.End > span.Start {
				first, last := r.sents[max(0, i-1)], r.sents[min(len(r.sents)-1, i+1)]
				beside = append(beside, webcare.Span{Start: first.Start, End: last.End})
			}
		}
	}
	if q := r.quoteOf(webcare.Friction{Evidence: beside}, true); q != "" {
		return q
	}
	return r.quote(webcare.Friction{Evidence: beside})
}

// Frictions that say themselves that the customer had to come back.
var effort = map[webcare.FrictionType]bool{webcare.CustomerDoesTheWork: true, webcare.RepeatInformation: true, webcare.SentAround: true,
	webcare.HardToReach: true, webcare.BrokenPromise: true}

// askedBefore: the customer tells of having been in touch before; what comes
// back each time ("al drie dagen") is no question asked twice.
var askedBefore = lazily(`\b(gebeld|bel ik|belde|gemaild|mailde|gestuurd|gevraagd|gemeld|doorgegeven|contact (?:gehad|opgenomen)|mails|mailtjes|called|phoned|rang|emailed|emails|written|wrote|messaged|asked|told you|contacted|chased|chasing|tickets)\b`)

// feeling is one sentence of understanding, of the kind that the case asks for.
// It is left out where the apology says as much, and in short posts unless it matters.
func (r *reading) feeling(main clause) string {
	switch {
	case r.has(webcare.Safety) && r.inNeed(main) != "":
		return r.say("feeling.safety.who", map[string]string{"who": r.inNeed(main)})
	case r.has(webcare.VulnerableCustomer) && r.inNeed(main) != "":
		return r.say("feeling.vulnerable.who", map[string]string{"who": r.inNeed(main)})
	case r.has(webcare.Safety):
		return r.say("feeling.safety", nil)
	case r.has(webcare.VulnerableCustomer):
		return r.say("feeling.vulnerable", nil)
	case r.req.Triage.Has(webcare.RepeatContact) && main.who == "" && askedBefore.MatchString(r.plain) && main.typ != webcare.PrivacySecurity &&
		(slices.Contains(tangible, main.typ.Family()) || main.typ.Family() == "contact" && !effort[main.typ]):
		return r.say("feeling.repeat", nil)
	}
	switch {
	case short(r.kind) && r.half == "" || r.apologyLast(main) || main.text == "":
		return ""
	case r.req.Triage.Urgency == webcare.Low:
		return r.say("feeling.light", nil)
	}
	return r.say("feeling", nil)
}

// also names the other frictions, up to three in a sentence.
func (r *reading) also(rest []clause) string {
	that := ", that "
	last := " and that "
	if r.lang == "nl" {
		that, last = ", dat ", " en dat "
	}
	var sentences []string
	for start, n := 0, 0; start < len(rest); start, n = start+3, n+1 {
		group := rest[start:min(start+3, len(rest))]
		var joined strings.Builder
		for i, c := range group {
			if i > 0 && i == len(group)-1 {
				joined.WriteString(last)
			} else if i > 0 {
				joined.WriteString(that)
			}
			joined.WriteString(c.text)
		}
		s := books[r.lang]()["also"]
		line := s.lines[(r.dice.pick(r.half+"also", len(s.lines))+n)%len(s.lines)]
		filled, _ := brand.Fill(line.text, map[string]string{"clauses": joined.String()})
		sentences = append(sentences, brand.Address(filled, r.register))
	}
	return strings.Join(sentences, " ")
}

// polish gives every sentence its capital and takes out double spaces.
func (r *reading) polish(reply string) string {
	var out strings.Builder
	start := true
	for i, c := range reply {
		if start && unicode.IsLetter(c) {
			if !strings.HasPrefix(reply[i:], "http") {
				c = unicode.ToUpper(c)
			}
			start = false
		} else if start && !unicode.IsSpace(c) && c != '"' && c != '(' {
			start = false
		}
		if c == '\n' && strings.HasSuffix(out.String(), "\n") {
			start = true
		}
		if c == ' ' && endsSentence(out.String()) {
			start = true
		}
		out.WriteRune(c)
	}
	return out.String()
}

// endsSentence holds after a full stop that is none of an abbreviation or initial.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, "\"”")
	last, size := utf8.DecodeLastRuneInString(s)
	if last == '!' || last == '?' {
		return true
	}
	if last != '.' {
		return false
	}
	before, beforeSize := utf8.DecodeLastRuneInString(s[:len(s)-size])
	if !unicode.IsUpper(before) {
		return true
	}
	earlier, _ := utf8.DecodeLastRuneInString(s[:len(s)-size-beforeSize])
	return unicode.IsLetter(earlier)
}

func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if strings.HasPrefix(s, "I ") || strings.HasPrefix(s, "I'") {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

// paragraphs joins what is not empty by blank lines.
func paragraphs(parts ...string) string { return joinParts("\n\n", parts) }

// sentences joins what is not empty by spaces.
func sentences(parts ...string) string { return joinParts(" ", parts) }

func joinParts(by string, parts []string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}
