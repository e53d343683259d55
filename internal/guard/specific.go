package guard

import (
	"strings"
	"sync"

	"webcare.example/responder/internal/text"
)

// notSpecific (rule 1) asks that the answer to a complaint names what went
// wrong with at least one detail out of the customer's own text. The object
// alone ("vervelend van je pakket") does not show that anybody read it, and
// neither does "het ongemak". It passes a word of trouble (late, broken, not
// delivered, waited) beside a shared detail, or three shared details.
func notSpecific(r *reading) []found {
	if !r.complaint() || !r.known() || r.secondHalf() || r.otherLanguage() || len(r.customer) == 0 || len(r.words) == 0 {
		return nil
	}
	if r.specific(r.words[:r.body]) || r.specific(r.other) || r.described() {
		return nil
	}
	return []found{r.whole(r.opening(), "could be sent to anybody: name what went wrong, with a detail the customer gave")}
}

// specific counts the details the words share with the customer's text.
func (r *reading) specific(words []word) bool {
	words = words[:min(len(words), mostDetails)]
	said := r.details()
	var shared, each []string // details, and the words that make them
	strong, weak, together := "", false, false
	last, place, run, skip := -2, -2, 0, 0
	for i, w := range words {
		if strong == "" && defects().at(words, i) >= 0 {
			strong = w.Norm
		}
		skip = max(skip, generic().at(words, i))
		if w.Kind == text.KindHandle || w.Kind == text.KindLink || i < skip || r.asks(words, i) || r.sends(words, i) || greets(words, i) {
			continue
		}
		norm := canonical(w)
		if strong == "" && troubles().at(words, i) >= 0 && !wishes(words, i) {
			strong = w.Norm
		}
		if norm == "" {
			continue
		}
		match, at := said.match(norm)
		if match == "" {
			continue
		}
		if plainFaults().at(words, i) >= 0 {
			return true // the fact itself, by the customer's own word for it
		}
		weak = weak || r.deniesInSentence(words, i)
		each = append(each, match)
		// Words that follow one another in both texts are one detail: "SlimBox 4".
		if (last != i-1 || place != at-1) && !containsStem(shared, match) {
			together = together || last >= 0 && words[last].sentence == words[i].sentence && !bystanders().in(r.sentenceOf(words, i))
			shared = append(shared, match)
			run = 0
		} else if run++; run == 2 {
			together = true // three words of theirs in a row say enough
		}
		last, place = i, at
	}
	if r.echoes(words) {
		return true
	}
	switch {
	case len(shared) >= 3, len(shared) > 0 && together:
		return true
	case strong != "":
		for _, s := range each {
			if !sameStem(s, strong) {
				return true
			}
		}
	case weak:
		return len(shared) >= 1
	}
	return false
}

// echoes reports whether three words in a row are the customer's own and hold
// what went wrong: "late for work".
func (r *reading) echoes(words []word) bool {
	threes := map[[3]string]bool{}
	for i := 0; i+2 < min(len(r.customer), mostDetails); i++ {
		threes[[3]string{r.customer[i].Norm, r.customer[i+1].Norm, r.customer[i+2].Norm}] = true
	}
	for i := 0; i+2 < len(words); i++ {
		if !threes[[3]string{words[i].Norm, words[i+1].Norm, words[i+2].Norm}] || r.asks(words, i) || r.sends(words, i) {
			continue
		}
		if troubles().in(words[i:i+3]) || words[i].quoted && tells(words[i:i+3]) {
			return true
		}
	}
	return false
}

// tells reports whether two of the words carry meaning.
func tells(words []word) bool {
	n := 0
	for _, w := range words {
		if canonical(w) != "" {
			n++
		}
	}
	return n > 1
}

// greets: the customer's name after "Beste" shows nothing.
func greets(words []word, i int) bool {
	if words[i].sentence > 1 {
		return false
	}
	for j := i; j >= 0 && j > i-5 && words[j].segment == words[i].segment; j-- {
		if greetings[words[j].Norm] {
			return true
		}
	}
	return false
}

var greetings = wordSet("dear beste hoi hi hallo hello hey dag lieve geachte goedemorgen goedemiddag goedenavond goedendag morning afternoon ha ach ai")

// wishes: "we hope to welcome you again" tells of no trouble.
func wishes(words []word, i int) bool {
	first, _ := segmentOf(words, i)
	return hopes().in(words[first:i])
}

// bystanders mark sentences in which two shared words may stand without
// saying what went wrong: thanks, and what we are going to do.
var bystanders = lazy(`
	bedankt|dank|thanks|thank
	ik|we|wij|i|i'll|we'll ... vandaag|morgen|uiterlijk|today|tomorrow|by
	gaan|ga|zullen|zal|will|going
`)

// sentenceOf returns the words of the sentence that words[i] is in.
func (r *reading) sentenceOf(words []word, i int) []word {
	first, last := i, i+1
	for first > 0 && words[first-1].sentence == words[i].sentence {
		first--
	}
	for last < len(words) && words[last].sentence == words[i].sentence {
		last++
	}
	return words[first:last]
}

// deniesInSentence: "niet bezorgd", "nooit gebeld": a denial beside the detail.
func (r *reading) deniesInSentence(words []word, i int) bool {
	for j := max(0, i-6); j < min(len(words), i+7); j++ {
		if words[j].sentence == words[i].sentence && (negations[words[j].Norm] && denies(words, j) && !unable(words, j) || absent[words[j].Norm]) && generic().at(words, j) < 0 {
			return true
		}
	}
	return false
}

// absent is who should have done something and did not.
var absent = wordSet("niemand nobody no-one noone none")

// unable: "kan ik niet", "helaas" deny something of ours, not of theirs.
func unable(words []word, j int) bool {
	switch words[j].Norm {
	case "helaas", "unfortunately", "can't", "cannot", "unable", "won't", "don't":
		return true
	}
	for k := max(0, j-6); k < j; k++ {
		if words[k].segment == words[j].segment && ourLimits().at(words, k) >= 0 {
			return true
		}
	}
	return false
}

// ourLimits: "we kunnen hier geen", "wij weten niet" speak of us.
var ourLimits = lazy(`
	we|wij|ik|i kunnen|kan|mogen|mag|weten|weet|hebben|doen|can|could|may|do|have
	kunnen|kan|mogen|mag we|wij|ik
`)

// sends reports whether words[i] tell the customer where to go or what to
// send: that shows nothing of what was read.
func (r *reading) sends(words []word, i int) bool {
	first, last := segmentOf(words, i)
	if bounces().in(words[first:last]) || policies().in(r.sentenceOf(words, i)) {
		return true // rules for everybody tell of nobody
	}
	sentence := r.sentenceOf(words, i)
	for _, w := range sentence {
		if w.Kind == text.KindNumber && len(w.Norm) > 8 && !hasOwner(sentence) {
			return true // a telephone number to call
		}
	}
	return false
}

// described holds for an apology, or our own account of it, that says in words of its
// own what went wrong with the customer's thing: "sorry voor de moddersporen
// en de brutale opmerking". One shared detail and two further words that name
// something will do; soft words ("gang van zaken") name nothing.
func (r *reading) described() bool {
	said := r.details()
	for n, s := range r.sentences {
		words := r.words[s.first:min(s.last, max(s.first, r.body))]
		if s.question || len(words) == 0 || len(words) > 60 || n > 5 || !apologies().in(words) && !ourFault().in(words) && !r.apologyAfter(n) {
			continue
		}
		shared, own := 0, 0
		for i, w := range words {
			norm := canonical(w)
			if norm == "" || w.Kind != text.KindWord && w.Kind != text.KindNumber || soft()[norm] || generic().at(words, i) >= 0 ||
				apologies().at(words, i) >= 0 || r.sends(words, i) {
				continue
			}
			if match, _ := said.match(norm); match != "" {
				shared++
			} else if len(norm) > 3 && !w.name || w.isNumber() {
				own++
			}
		}
		if shared > 0 && own >= 2 {
			return true
		}
	}
	return false
}

// apologyAfter reports whether the next sentence apologises for what this one tells.
func (r *reading) apologyAfter(n int) bool {
	return n+1 < len(r.sentences) && apologies().in(r.inSentence(n+1))
}

// ourFault: "wij hebben je laten", "we kept you", "dat had".
var ourFault = lazy(`
	hadden|had we|wij|ik
	we|wij|ik hebben|heb|hadden|had je|u|jou|jullie ... laten|verkeerd|verkeerde|geen|niet|nooit|te|dubbel|twee|vergeten|gemist
	we kept|left|gave|sent|told|made|let|charged|missed|forgot|failed
	dat|dit|zo hoort|had|mag|kan niet|nooit
	hoort|mag|kan .. niet|nooit
`)

func containsStem(list []string, s string) bool {
	for _, x := range list {
		if sameStem(x, s) {
			return true
		}
	}
	return false
}

// details are the words of the customer that carry meaning, filed by their
// first and last letters, so that a reply is compared in time linear in both.
type details struct {
	words  []string
	places []int // where each stands in the customer's text
	exact  map[string]int
	near   map[string][]int
}

// mostDetails bounds the work on a very long text.
const mostDetails = 4000

func (r *reading) details() *details {
	d := &details{exact: map[string]int{}, near: map[string][]int{}}
	for i, w := range r.customer {
		if w.Kind == text.KindHandle || w.Kind == text.KindLink || w.Kind == text.KindEmail {
			continue
		}
		norm := canonical(w)
		if _, ok := d.exact[norm]; ok || norm == "" || len(d.words) == mostDetails {
			continue
		}
		d.exact[norm] = len(d.words)
		for _, key := range keys(norm) {
			d.near[key] = append(d.near[key], len(d.words))
		}
		d.words = append(d.words, norm)
		d.places = append(d.places, i)
	}
	return d
}

// keys are what words that sameStem takes for one have in common: the first
// letters, the last ones of the stem, or their kin.
func keys(norm string) []string {
	st := stem(norm)
	out := []string{"<" + st[:min(3, len(st))]}
	if len(st) >= 5 {
		out = append(out, ">"+st[len(st)-5:])
	}
	if k := kin()[st]; k != "" {
		out = append(out, "~"+k)
	}
	return out
}

// match returns the customer's word that norm stands for, or "", and its place.
func (d *details) match(norm string) (string, int) {
	if norm == "" {
		return "", -1
	}
	if i, ok := d.exact[norm]; ok {
		return norm, d.places[i]
	}
	first := -1
	for _, key := range keys(norm) {
		for _, i := range d.near[key] {
			if (first < 0 || i < first) && sameStem(d.words[i], norm) {
				first = i
			}
		}
	}
	if first < 0 {
		return "", -1
	}
	return d.words[first], d.places[first]
}

// asks reports whether words[i] stands in a question or a request: what we
// ask for does not show what we read.
func (r *reading) asks(words []word, i int) bool {
	if len(r.words) == 0 || &words[0] != &r.words[0] {
		return false
	}
	n := words[i].sentence
	return r.sentences[n].question && !r.words[r.sentences[n].first].quoted || demands().in(r.inSentence(n))
}

// canonical returns the word as it is compared: numbers in digits, words in
// normal form; "" for words that every message has.
func canonical(w word) string {
	if w.Kind == text.KindEmoji {
		return ""
	}
	if n := numberWords[w.Norm]; n != "" {
		if n == "1" {
			return ""
		}
		return n
	}
	if w.Kind == text.KindNumber {
		return strings.TrimRight(strings.TrimRight(w.Norm, "xeuh"), ",.-")
	}
	if len(w.Norm) < 3 || common()[w.Norm] && !w.name {
		return ""
	}
	return w.Norm
}

// sameStem holds for forms of one word: equal, one inside the other as in a
// Dutch compound, with a long beginning in common, or known kin.
func sameStem(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == "" || a[0] >= '0' && a[0] <= '9' || b[0] >= '0' && b[0] <= '9' {
		return false
	}
	if ka := kin()[stem(a)]; ka != "" && ka == kin()[stem(b)] {
		return true
	}
	// "seat", "seated"; and compounds: "modder", "moddersporen".
	if strings.HasPrefix(b, a) && (len(a) >= 4 && len(b)-len(a) <= 3 || len(a) >= 5) {
		return true
	}
	a, b = stem(a), stem(b)
	if a == b || len(a) >= 5 && strings.HasPrefix(b, a) {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) >= 5 && strings.HasSuffix(b, a) {
		return true
	}
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	return n == len(a) && n >= 4 && len(b)-n <= 4 || n >= 5 && len(a)-n <= 3 && len(b)-n <= 4
}

var endings = []string{"tjes", "tje", "jes", "je", "ing", "ed", "en", "es", "er", "s", "t", "d", "e"}

// stem cuts one ending and the ge- of a participle: enough to compare words
// of two short texts.
func stem(s string) string {
	if len(s) > 5 && strings.HasPrefix(s, "ge") {
		s = s[2:]
	} else if at := strings.Index(s, "ge"); at > 1 && len(s)-at > 5 && particlesOfVerbs[s[:at]] {
		s = s[:at] + s[at+2:] // "opgezegd" as "opzeggen"
	}
	for _, e := range endings {
		if len(s)-len(e) >= 3 && strings.HasSuffix(s, e) {
			s = s[:len(s)-len(e)]
			break
		}
	}
	s = undoubled(s)
	switch last := len(s) - 1; { // "verhuizen" and "verhuismelding", "schrijven" and "schrift"
	case last > 2 && s[last] == 'z':
		s = s[:last] + "s"
	case last > 2 && s[last] == 'v':
		s = s[:last] + "f"
	}
	return s
}

// undoubled makes one letter of two: "loop" and "lopen", "wissen" and "gewist".
func undoubled(s string) string {
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1] && s[i] >= 'a' && s[i] <= 'z' && len(s) > 3 {
			return s[:i] + s[i+1:]
		}
	}
	return s
}

// kin are words of one thing that share no beginning.
var kin = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(`
	afgeschreven afschrijving afschrijven geind geincasseerd incasso
	opgezegd opzegging opzeggen opzeg zegde
	bellen gebeld belde belt telefoon telefonisch lijn bel gebel
	mail mailen gemaild mailtje mails e-mail email e-mails emails mailde
	kapot stuk defect gebroken broken faulty brak gesneuveld
	wachten gewacht wachttijd wachtte wacht wachtrij
	geld terugbetaling terugbetaald teruggave
	refund refunded refunds
	pakket pakje doos zending bestelling parcel package delivery
	monteur technieker installateur engineer technician
	annuleren geannuleerd annulering geschrapt uitgevallen vervallen cancelled canceled cancellation scrapped
	rekening factuur nota bill invoice
	kamer room suite
	vies smerig vuil dirty filthy
	bezorgd geleverd bezorger levering bezorging delivered
	chatbot bot robot assistent
	koffer bagage tas luggage suitcase bag baggage
	trein treinen train
	vlucht vliegtuig flight plane
	call called calls phone phoned rang ring
	waited waiting wait queue hold
	kosten prijs bedrag
	gegevens postcode huisnummer geboortedatum verhaal
	details postcode date birth story
	onvriendelijk onbeleefd bot rude unfriendly
	`) {
		fields := strings.Fields(line)
		for _, w := range fields {
			m[stem(w)] = fields[0]
		}
	}
	return m
})
