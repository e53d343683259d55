package draft

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// backing is what a reply may stand on: the conversation and the playbook.
type backing struct {
	said    map[string]bool // tokens of the conversation that state something: numbers, days, months
	story   map[string]bool // stems of its words
	words   map[string]bool // its words
	grams   map[string]bool // runs of copyWords words of the customer's, and whole sentences
	orders  map[string]bool // runs of echoWords words of the instructions
	general map[string]bool // stems that any reply may use
	options map[string]*backedOption
}

// backedOption is what one resolution backs.
type backedOption struct {
	tokens map[string]bool
	stems  map[string]bool
	words  map[string]bool
	plain  string // its texts in normal form
}

// So many words in a row are no coincidence.
const (
	echoWords = 7
	copyWords = 12
	// copySentence words make a whole sentence that is repeated.
	copySentence = 4
)

func newBacking(s *asking) *backing {
	b := &backing{said: map[string]bool{}, story: map[string]bool{}, words: map[string]bool{}, grams: map[string]bool{}, options: map[string]*backedOption{}}
	for _, t := range s.said {
		bare := marks.ReplaceAllString(t.Text, " ")
		addTokens(b.said, bare, s.lang)
		addStems(b.story, bare)
		addGrams(b.words, bare, 1)
		if t.From == "customer" {
			addGrams(b.grams, bare, copyWords)
			for _, sentence := range text.Sentences(bare) {
				b.grams[whole(sentence.Text)] = true
			}
		}
	}
	b.leaveEvidence(s)
	b.orders = map[string]bool{}
	addGrams(b.orders, s.system, echoWords)
	for _, o := range s.offered {
		both := marks.ReplaceAllString(s.vault.RedactOurs(o.text+"\n"+o.private), " ")
		bo := &backedOption{tokens: map[string]bool{}, stems: map[string]bool{}, words: map[string]bool{}, plain: text.Normal(both)}
		addGrams(bo.words, both, 1)
		addTokens(bo.tokens, both, s.lang)
		addStems(bo.stems, both)
		b.options[o.id] = bo
	}
	addStems(b.story, s.req.Instruction)
	b.general = s.generalStems()
	return b
}

// leaveEvidence: what shows the friction may be said back at any length.
func (b *backing) leaveEvidence(s *asking) {
	for _, f := range s.req.Triage.Frictions {
		for _, e := range f.Evidence {
			bare := marks.ReplaceAllString(s.vault.Redact(e.Text).Text, " ")
			delete(b.grams, whole(bare))
			for _, g := range gramsOf(bare, copyWords) {
				delete(b.grams, g)
			}
		}
	}
}

// playbookWords is all that the brand's playbook and voice ever say.
func (s *asking) playbookWords() string {
	var b strings.Builder
	for _, p := range s.brand.Playbook {
		for _, r := range p.Resolutions {
			b.WriteString(r.Texts[s.lang].Full + " " + r.Texts[s.lang].Short + " ")
		}
	}
	b.WriteString(mustRead("phrases/" + s.lang + ".txt"))
	b.WriteString(mustReadPrompt("words." + s.lang + ".txt"))
	return b.String()
}

// vocabulary is a brand's words in a language, for the cache.
type vocabulary struct {
	brand *brand.Brand
	lang  string
}

// generalStems are the stems of playbookWords, made once a brand and language.
func (s *asking) generalStems() map[string]bool {
	key := vocabulary{s.brand, s.lang}
	if have, ok := s.from.general.Load(key); ok {
		return have.(map[string]bool)
	}
	stems := map[string]bool{}
	addStems(stems, s.playbookWords())
	s.from.general.Store(key, stems)
	return stems
}

// A stem is the beginning of a word: enough to find "bezorger" by "bezorgd".
const stemRunes = 5

func stemOf(norm string) string {
	r := []rune(norm)
	return string(r[:min(len(r), stemRunes)])
}

// isContent leaves out the short words, which say little of what it is about.
func isContent(w text.Word) bool { return w.Kind == text.KindWord && len(w.Norm) > 4 }

func addStems(set map[string]bool, s string) {
	for _, w := range text.Words(s) {
		if isContent(w) {
			set[stemOf(w.Norm)] = true
		}
	}
}

func addGrams(set map[string]bool, s string, n int) {
	for _, g := range gramsOf(s, n) {
		set[g] = true
	}
}

func gramsOf(s string, n int) []string {
	terms := text.Terms(s)
	var out []string
	for i := 0; i+n <= len(terms); i++ {
		out = append(out, strings.Join(terms[i:i+n], " "))
	}
	return out
}

// echoes reports whether the reply repeats the instructions.
func (b *backing) echoes(reply string) bool {
	return slices.ContainsFunc(gramsOf(reply, echoWords), func(g string) bool { return b.orders[g] })
}

// copies reports whether the reply repeats a whole stretch of the customer's.
func (b *backing) copies(reply string) bool {
	for _, sentence := range text.Sentences(reply) {
		if w := whole(sentence.Text); b.grams[w] && strings.Count(w, " ") >= copySentence {
			return true
		}
	}
	return slices.ContainsFunc(gramsOf(reply, copyWords), func(g string) bool { return b.grams[g] })
}

// whole is a sentence as one run, marked as such at its end.
func whole(sentence string) string { return strings.Join(text.Terms(sentence), " ") + " ." }

// told reports whether a detail comes from the conversation, give or take a
// word: models tidy what they quote.
func (b *backing) told(detail string) bool {
	n, known := 0, 0
	for _, w := range text.Words(marks.ReplaceAllString(detail, " ")) {
		if isContent(w) {
			n++
			if b.story[stemOf(w.Norm)] {
				known++
			}
		}
	}
	return known*2 >= n
}

// unsupported finds what neither the conversation nor the chosen resolution
// says: numbers, days, acts with a day of their own, links and addresses,
// calls, and sentences about something else altogether.
func (s *asking) unsupported(field, reply string, o option) faults {
	var out faults
	backed := s.backing.options[o.id]
	add := func(short, tell string, last bool) { out = append(out, fault{short, field + ": " + tell, last}) }
	for _, w := range text.Words(reply) {
		if w.Kind == text.KindCode && !backed.words[w.Norm] && !s.backing.words[w.Norm] {
			add("code", "no codes but those the customer or the standard reply gives", false)
		}
		if (w.Kind == text.KindLink || w.Kind == text.KindEmail) && !strings.Contains(o.text+" "+o.private, strings.TrimRight(reply[w.Start:w.End], ".,")) {
			add("link", "no link or address but that of the standard reply", true)
		}
	}
	if domain := bareDomain.FindString(reply); domain != "" && !strings.Contains(o.text+" "+o.private, domain) {
		add("link", "no link or address but that of the standard reply", true)
	}
	for _, token := range slices.Sorted(maps.Keys(tokensOf(reply, s.lang))) {
		if token != today && !s.backing.said[token] && !backed.tokens[token] {
			add("unsupported detail", "neither the customer nor the standard reply of your resolution names "+strconv.Quote(token), false)
			break
		}
	}
	for _, sentence := range text.Sentences(reply) {
		plain := " " + text.Normal(sentence.Text) + " "
		if !act.MatchString(plain) || looksBack.MatchString(plain) {
			continue
		}
		if !holdsAll(backed.tokens, dueTokens(sentence.Text, s.lang)) {
			add("unsupported term", "we do things by the day of the standard reply, no other", false)
		}
		if call.MatchString(plain) && !call.MatchString(backed.plain) {
			add("call", "the standard reply does not say that we call", false)
		}
	}
	if secret.MatchString(text.Normal(reply)) && !secret.MatchString(backed.plain) {
		add("asks for a secret", "we never speak of passwords, codes or identity papers", true)
	}
	if s.foreign(reply, backed) {
		add("off the subject", "write only about what the customer went through and what we do about it", false)
	}
	return out
}

var (
	bareDomain = lazily(`(?i)\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|nl|be|net|org|info|io|co|eu|de|fr|uk|app|shop|online|site|xyz|link|ru|me|tv|biz|top|click)\b(?:/[^\s]*)?`)
	act        = lazily(`\b(ik|we|wij|collega|collega's|i|i'll|we'll|i'm|we're|colleague|colleagues|krijg|krijgt|ontvang|ontvangt|hoor|hoort|will)\b`)
	looksBack  = lazily(`\b(sorry|excuses|spijt|vervelend|jammer|balen|frustrerend|dat je|dat u|toen|nadat|apologi[sz]e|apologies|that you|when you|had|hadden|hebt|heeft|was|waren|were|` +
		`zou|zouden|moest|moesten|kwam|kwamen|kreeg|bleef|werd|beloofde|beloofden|beloofd|promised|told|waited|wachtte|should have)\b`)
	secret = lazily(`\b(wachtwoord\w*|pincode|pin-code|inlogcode|inloggegevens|beveiligingscode|cvc|creditcard\w*|paspoort\w*|identiteitsbewijs|bsn|password|passcode|pin code|pin number|` +
		`security code|card number|login details|credit card|passport|social security|code (on|of|from) your card)\b`)
	call = lazily(`\b(ik|we|wij|collega|hij|zij|ze|i|i'll|we'll|will|colleague|they|she|he)\b[^.!?]{0,40}\b(bel|bellen|belt|opbellen|telefonisch|call|phone|ring)\b`)
)

func holdsAll(set, want map[string]bool) bool {
	for w := range want {
		if !set[w] {
			return false
		}
	}
	return true
}

// dueTokens are the days, hours and terms that a sentence names.
func dueTokens(sentence, lang string) map[string]bool {
	out := map[string]bool{}
	for _, f := range text.Facts(sentence, lang) {
		switch f.Kind {
		case webcare.FactDate, webcare.FactTime, webcare.FactDuration:
			addTokens(out, f.Text, lang)
		}
	}
	return out
}

// A sentence of so many content words, of which less than the share is known,
// is about something else.
const (
	foreignWords = 5
	foreignShare = 40 // percent known
	replyShare   = 50 // of all content words of a reply that has so many
	replyWords   = 8
)

func (s *asking) foreign(reply string, o *backedOption) bool {
	all, allKnown := 0, 0
	for _, sentence := range text.Sentences(reply) {
		n, known := 0, 0
		for _, w := range text.Words(sentence.Text) {
			if !isContent(w) {
				continue
			}
			n++
			if s.backing.knows(w.Norm, o) {
				known++
			}
		}
		if n >= foreignWords && known*100 < n*foreignShare {
			return true
		}
		all, allKnown = all+n, allKnown+known
	}
	return all >= replyWords && allKnown*100 < all*replyShare
}

func (b *backing) knows(norm string, o *backedOption) bool {
	stem := stemOf(norm)
	return b.story[stem] || b.general[stem] || o.stems[stem]
}
