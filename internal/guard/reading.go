package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// word is a word of a text with its place in the sentence structure. Marks are
// left out; they only bound segments.
type word struct {
	text.Word
	sentence, segment int
	quoted            bool
	capital           bool // begins with a capital letter
	name              bool // capital inside a sentence: a name, most likely
	money             bool // a number beside a currency
	percent           bool // a number of hundredths
	upper             bool // in capitals
}

// isNumber holds for digits and for the small numbers written out.
func (w word) isNumber() bool {
	return w.Kind == text.KindNumber || numberWords[w.Norm] != ""
}

var numberWords = map[string]string{
	"een": "1", "twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6", "zeven": "7", "acht": "8", "negen": "9", "tien": "10",
	"elf": "11", "twaalf": "12", "veertien": "14", "twintig": "20", "paar": "2",
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"twelve": "12", "fourteen": "14", "a": "1", "an": "1", "couple": "2", "few": "3",
}

// sentence is a stretch of the reply with its words.
type sentence struct {
	webcare.Span
	first, last int // words[first:last]
	question    bool
}

// reading is a reply and its conversation, cut up once for all rules.
type reading struct {
	Input
	words     []word
	sentences []sentence
	language  string // of the reply, "und" where unclear
	sure      float64
	customer  []word // of all the customer's messages
	said      string // the customer's messages, joined
	other     []word // of the other half of a pair
	body      int    // words[:body] come before the signature
}

func read(in Input) *reading {
	r := &reading{Input: in, said: strings.Join(in.Messages, "\n")}
	r.words, r.sentences = cut(in.Reply)
	r.language, r.sure = text.Language(in.Reply)
	r.customer, _ = cut(r.said)
	for i, w := range r.words {
		r.words[i].money = w.money || r.namedAmount(w)
	}
	if in.Other != "" {
		r.other, _ = cut(in.Other)
	}
	if r.Language == "" && in.Triage != nil {
		r.Language = in.Triage.Language
	}
	if r.Language == "" && r.said != "" {
		r.Language, _ = text.Language(r.said)
	}
	r.body = len(r.words)
	if at, ok := r.signature(); ok {
		r.body = at
	}
	return r
}

// segmentOpeners begin a segment without a comma before them.
var segmentOpeners = map[string]bool{"maar": true, "but": true, "daarom": true, "dus": true, "therefore": true, "dan": true}

// cut returns the words of s in their sentences and segments. A segment is
// what stands between two marks that part a sentence.
func cut(s string) ([]word, []sentence) {
	all := text.Words(s)
	words := make([]word, 0, len(all))
	quotes := text.Quotes(s)
	var sentences []sentence
	segment, at := 0, 0
	for n, span := range text.Sentences(s) {
		segment++
		sen := sentence{Span: span, first: len(words), question: strings.ContainsRune(tail(span.Text), '?')}
		for ; at < len(all) && all[at].Start < span.End; at++ {
			w := all[at]
			if w.Kind == text.KindMark || w.Kind == text.KindEmoji {
				if w.Kind == text.KindEmoji || parts(s, w) {
					segment++
				}
				continue
			}
			if len(words) > sen.first && (segmentOpeners[w.Norm] || joinsClause(all, at)) {
				segment++
			}
			first, _ := utf8.DecodeRuneInString(s[w.Start:])
			words = append(words, word{Word: w, sentence: n, segment: segment, quoted: inside(quotes, w.Start),
				capital: unicode.IsUpper(first), name: unicode.IsUpper(first) && len(words) > sen.first, money: isMoney(all, at), percent: isPercent(all, at), upper: isUpper(s[w.Start:w.End])})
		}
		sen.last = len(words)
		sentences = append(sentences, sen)
	}
	return words, sentences
}

// subjects of a main clause after "en" or "and".
var subjectWords = wordSet("ik we wij je jij u i we you i'll we'll you'll it i've we've i'm we're jullie hij zij ze")

// ourselves as the subject of a clause.
var ourselves = wordSet("ik we wij")

// joinsClause holds for "en" or "and" before a clause with its own subject.
func joinsClause(all []text.Word, i int) bool {
	if n := all[i].Norm; n != "en" && n != "and" && n != "want" && n != "so" || i+1 >= len(all) {
		return false
	}
	// "en houd ik", "and should we": the subject may come after its verb.
	return subjectWords[all[i+1].Norm] || i+2 < len(all) && ourselves[all[i+2].Norm] && all[i+1].Kind == text.KindWord
}

var currencies = wordSet("€ £ $ euro euro's euros eur pond pounds gbp dollar dollars cent cents usd eurocent")

// spokenAmounts are amounts in one word.
var spokenAmounts = wordSet("tenner fiver tientje tientjes vijfje geeltje twintigje vijftigje honderdje meier knaak quid bucks")

func isMoney(all []text.Word, i int) bool {
	if w := (word{Word: all[i]}); !w.isNumber() && !spokenAmounts[w.Norm] {
		return strings.HasSuffix(all[i].Norm, "euro") && all[i].Kind == text.KindNumber
	}
	if spokenAmounts[all[i].Norm] {
		return true
	}
	return i > 0 && currencies[all[i-1].Norm] || i+1 < len(all) && currencies[all[i+1].Norm]
}

func isUpper(s string) bool {
	for _, c := range s {
		if !unicode.IsUpper(c) {
			return false
		}
	}
	return true
}

func isPercent(all []text.Word, i int) bool {
	if all[i].Kind == text.KindNumber && strings.HasSuffix(all[i].Norm, "%") {
		return true
	}
	if i+1 == len(all) || !(word{Word: all[i]}).isNumber() {
		return false
	}
	switch all[i+1].Norm {
	case "%", "procent", "percent":
		return true
	}
	return false
}

// tail returns the last few bytes of a sentence, where its question mark stands.
func tail(s string) string { return s[max(0, len(s)-8):] }

func parts(s string, w text.Word) bool {
	switch w.Norm {
	case ",", ";", ":", "(", ")", ".", "!", "?", "…":
		return true
	case "-", "/", "|":
		return w.Start > 0 && s[w.Start-1] == ' '
	}
	return false
}

func inside(spans []webcare.Span, at int) bool {
	for _, q := range spans {
		if at >= q.Start && at < q.End {
			return true
		}
	}
	return false
}

// segmentOf returns the bounds of the segment that words[i] is in.
func segmentOf(words []word, i int) (first, last int) {
	first, last = i, i+1
	for first > 0 && words[first-1].segment == words[i].segment {
		first--
	}
	for last < len(words) && words[last].segment == words[i].segment {
		last++
	}
	return first, last
}

// inSentence returns the words of sentence n.
func (r *reading) inSentence(n int) []word {
	s := r.sentences[n]
	return r.words[s.first:s.last]
}

// at makes a finding over the words of a hit.
func (r *reading) at(h hit, message string) found {
	return found{r.words[h.first].Start, r.words[h.last-1].End, message}
}

// whole makes a finding over a sentence, or at the start of an empty reply.
func (r *reading) whole(n int, message string) found {
	if n < 0 || n >= len(r.sentences) {
		return found{0, 0, message}
	}
	return found{r.sentences[n].Start, r.sentences[n].End, message}
}

// opening returns the number of the first sentence that is no salutation.
func (r *reading) opening() int {
	for n, s := range r.sentences {
		if s.last-s.first > 3 {
			return n
		}
	}
	return 0
}

// complaint reports whether the customer complains. Without a triage the
// conversation is taken for a complaint: milder would let faults through.
func (r *reading) complaint() bool {
	t := r.Triage
	if t == nil || t.Complaint {
		return true
	}
	return t.ComplaintScore >= 0.5 && t.Kind != webcare.KindQuestion && t.Kind != webcare.KindPraise && t.Kind != webcare.KindSuggestion
}

// secondHalf holds for the private text of a pair: what the pair as a whole
// must say has been asked of the public one.
func (r *reading) secondHalf() bool { return r.Half && !r.Public }

// dutch reports whether the reply is Dutch, as far as known.
func (r *reading) dutch() bool {
	return r.language == "nl" || r.language == text.Undetermined && r.Language == "nl"
}

// otherLanguage reports whether the reply is surely not in the customer's
// language, so that the two share no words to compare.
func (r *reading) otherLanguage() bool {
	return r.Language != "" && r.Language != text.Undetermined && r.language != text.Undetermined && r.language != r.Language
}

// known reports whether the rules have words for the reply's language.
func (r *reading) known() bool {
	return r.language == "nl" || r.language == "en" || r.language == text.Undetermined
}
