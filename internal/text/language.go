package text

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed language_words.txt
var languageWords string

// Undetermined is the code for a text whose language is not known (ISO 639-2).
const Undetermined = "und"

// answered are the languages Language may answer; the others in its table are
// known only in order not to be taken for one of these.
const answered = 4

// weights holds what one word or part of a word says for each language.
type weights [13]int16

type languageTable struct {
	codes []string
	words map[string]*weights
	heads map[string]*weights // by first bytes
	tails map[string]*weights // by last bytes
	parts []part              // anywhere
}

type part struct {
	text string
	*weights
}

var languages = sync.OnceValue(func() *languageTable {
	t := &languageTable{words: map[string]*weights{}, heads: map[string]*weights{}, tails: map[string]*weights{}}
	inner := map[string]*weights{}
	for line := range strings.Lines(languageWords) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		at := len(t.codes)
		t.codes = append(t.codes, fields[0])
		for _, f := range fields[1:] {
			head, tail := strings.HasSuffix(f, "-"), strings.HasPrefix(f, "-")
			f = strings.Trim(f, "-")
			switch {
			case head && tail:
				mark(inner, f, at, 5)
			case head:
				mark(t.heads, f, at, 6)
			case tail:
				mark(t.tails, f, at, 5)
			default:
				mark(t.words, f, at, 12)
			}
		}
	}
	for _, m := range []map[string]*weights{t.words, t.heads, t.tails, inner} {
		for _, w := range m {
			w.share()
		}
	}
	for text, w := range inner {
		t.parts = append(t.parts, part{text, w})
	}
	return t
})

func mark(m map[string]*weights, s string, at int, weight int16) {
	if m[s] == nil {
		m[s] = new(weights)
	}
	m[s][at] = weight
}

// share lowers what a form says by the number of languages that have it.
func (w *weights) share() {
	n := int16(0)
	for _, v := range w {
		if v > 0 {
			n++
		}
	}
	for i, v := range w {
		w[i] = v * 4 / (n + 1) * 2
	}
}

// maxLanguageWords bounds the work on long texts; the first words tell enough.
const maxLanguageWords = 400

// Language returns the ISO 639-1 code of the language that s is written in:
// nl, en, de or fr, or Undetermined; and how sure that is, 0 to 1. Handles,
// links, hashtags, numbers and emoji do not count.
func Language(s string) (code string, confidence float64) {
	return languageOf(Words(cutForLanguage(s)), s)
}

// cutForLanguage bounds what is looked at in a very long text.
func cutForLanguage(s string) string {
	const most = 8000
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && s[end]&0xc0 == 0x80 {
		end--
	}
	return s[:end]
}

func languageOf(words []Word, s string) (string, float64) {
	t := languages()
	var total [len(weights{})]int
	seen := 0
	for _, w := range words {
		if w.Kind != KindWord {
			continue
		}
		seen++
		t.add(&total, lowerWord(s[w.Start:w.End]))
		if seen == maxLanguageWords {
			break
		}
	}
	return t.decide(total[:], seen)
}

func lowerWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '’' || r == '‘' {
			return '\''
		}
		return unicode.ToLower(r)
	}, s)
}

func (t *languageTable) add(total *[len(weights{})]int, word string) {
	sum := func(w *weights) {
		if w != nil {
			for i, v := range w {
				total[i] += int(v)
			}
		}
	}
	if w := t.words[word]; w != nil {
		sum(w)
		return
	}
	for n := 2; n <= 5 && n < len(word); n++ {
		sum(t.heads[word[:n]])
		sum(t.tails[word[len(word)-n:]])
	}
	for _, p := range t.parts {
		if strings.Contains(word, p.text) {
			sum(p.weights)
		}
	}
}

// minConfidence is below what a wrong guess is likelier than a right one.
const minConfidence = 0.05

// decide picks the language with the highest sum. The margin over the next
// one, and how much was said at all, make the confidence.
func (t *languageTable) decide(total []int, seen int) (string, float64) {
	best, second := -1, -1
	for i := range t.codes {
		switch {
		case best < 0 || total[i] > total[best]:
			best, second = i, best
		case second < 0 || total[i] > total[second]:
			second = i
		}
	}
	if seen == 0 || total[best] < 8 {
		return Undetermined, 0
	}
	margin := float64(total[best]-total[second]) / float64(total[best])
	weight := float64(min(total[best], 80)) / 80
	confidence := min(1, margin*(0.6+weight)+0.2*weight)
	if best >= answered {
		return Undetermined, confidence
	}
	if confidence < minConfidence {
		return Undetermined, confidence
	}
	return t.codes[best], confidence
}
