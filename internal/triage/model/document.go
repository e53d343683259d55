package model

import (
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Document is a text as the model sees it.
type Document struct {
	Text    string
	Clauses []Clause
	words   []text.Word
	hashes  []uint64 // of the words
	hits    []hit
	quoted  []bool // words between quotation marks
}

// Clause is a stretch of the text, and which sentence it belongs to.
type Clause struct {
	webcare.Span
	Sentence   int
	Quoted     bool // most of it is somebody else's words
	first, end int  // words
	hit0, hit1 int  // concepts
}

// Words returns how many words the document has.
func (d *Document) Words() int { return len(d.words) }

// NewDocument cuts s into words and clauses and finds their concepts.
func NewDocument(s string) *Document {
	d := &Document{Text: s, words: text.Words(s)}
	d.hashes = make([]uint64, len(d.words))
	for i, w := range d.words {
		d.hashes[i] = hashWord(w)
	}
	d.markQuotes()
	lex := loadLexicon()
	d.hits = make([]hit, 0, len(d.words))
	at := 0
	for n, sentence := range text.Sentences(s) {
		for _, span := range text.ClausesOf(s, sentence) {
			c := Clause{Span: span, Sentence: n, hit0: len(d.hits)}
			for at < len(d.words) && d.words[at].Start < span.Start {
				at++
			}
			c.first = at
			inside := 0
			for at < len(d.words) && d.words[at].Start < span.End {
				d.hits = lex.find(d.hits, d.words, at)
				if d.quoted[at] {
					inside++
				}
				at++
			}
			c.end, c.hit1 = at, len(d.hits)
			c.Quoted = inside*2 > c.end-c.first
			d.Clauses = append(d.Clauses, c)
		}
	}
	return d
}

func (d *Document) markQuotes() {
	d.quoted = make([]bool, len(d.words))
	at := 0
	for _, q := range text.Quotes(d.Text) {
		for at < len(d.words) && d.words[at].Start < q.Start {
			at++
		}
		for at < len(d.words) && d.words[at].End <= q.End {
			d.quoted[at] = true
			at++
		}
	}
}

// Window is a run of clauses that are looked at together.
type Window struct{ First, End int } // clauses

// windowWords is how many words a window holds at most, unless one sentence is longer.
const windowWords = 70

// Windows covers the document with windows of whole sentences, each
// overlapping the next by about half. A short text is one window.
func (d *Document) Windows() []Window {
	var windows []Window
	for first := 0; first < len(d.Clauses); {
		end, half := first, 0
		for end < len(d.Clauses) {
			next := d.sentenceEnd(end)
			if end > first && d.Clauses[next-1].end-d.Clauses[first].first > windowWords {
				break
			}
			end = next
			if half == 0 && d.Clauses[end-1].end-d.Clauses[first].first > windowWords/2 {
				half = end
			}
		}
		windows = append(windows, Window{first, end})
		if end == len(d.Clauses) {
			break
		}
		if half == 0 || half >= end {
			half = end
		}
		first = half
	}
	return windows
}

func (d *Document) sentenceEnd(clause int) int {
	sentence := d.Clauses[clause].Sentence
	for clause < len(d.Clauses) && d.Clauses[clause].Sentence == sentence {
		clause++
	}
	return clause
}
