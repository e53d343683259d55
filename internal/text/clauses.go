package text

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

// clauseOpeners begin a clause after a comma or where they stand alone.
const clauseOpeners = " maar want dus terwijl omdat hoewel zodat waarna waardoor toen daarna vervolgens en of nu terwijl ondanks behalve alleen daarbij bovendien echter wel toch als but because so while although and then which yet since though whereas despite except plus or however also until after before when if who aber und weil obwohl dann denn mais et donc car alors parce ensuite "

// minClause is how many words each side must keep for a cut to be natural.
const minClause = 3

// Clauses returns the clauses of s in order: sentences, cut at semicolons,
// dashes, colons, ellipses and brackets, and at commas before a word that
// opens a clause. A clause has at least three words, unless its sentence has fewer.
func Clauses(s string) []webcare.Span {
	var spans []webcare.Span
	for _, sentence := range Sentences(s) {
		spans = appendClauses(spans, s, sentence)
	}
	return spans
}

// ClausesOf returns the clauses of one sentence of s, as Sentences gave it.
func ClausesOf(s string, sentence webcare.Span) []webcare.Span {
	return appendClauses(nil, s, sentence)
}

func appendClauses(spans []webcare.Span, s string, sentence webcare.Span) []webcare.Span {
	words := Words(sentence.Text)
	start, count, left := 0, 0, 0
	for _, w := range words {
		if w.Kind != KindMark {
			left++
		}
	}
	for i, w := range words {
		if w.Kind != KindMark {
			count++
			left--
			continue
		}
		if count < minClause || left < minClause || !cutsClause(sentence.Text, words, i) {
			continue
		}
		end := w.End
		if w.Norm == "(" {
			end = w.Start
		}
		spans = append(spans, trimmed(s, sentence.Start+start, sentence.Start+end))
		start, count = end, 0
	}
	return append(spans, trimmed(s, sentence.Start+start, sentence.End))
}

func cutsClause(s string, words []Word, i int) bool {
	w := words[i]
	spaced := w.Start > 0 && s[w.Start-1] == ' ' && w.End < len(s) && s[w.End] == ' '
	followed := w.End < len(s) && s[w.End] == ' '
	switch w.Norm {
	case ";", "…":
		return true
	case "-", "/", "|":
		return spaced
	case ":":
		return followed
	case "(":
		return true
	case ")":
		return followed
	case ".", "!", "?":
		return followed
	case ",":
		if i+1 >= len(words) || words[i+1].Kind != KindWord {
			return false
		}
		next := words[i+1].Norm
		return strings.Contains(clauseOpeners, " "+next+" ") || isSubject(next)
	}
	return false
}

// isSubject holds for words that begin a main clause of their own after a comma.
func isSubject(w string) bool {
	switch w {
	case "ik", "wij", "we", "hij", "zij", "ze", "jullie", "niemand", "i", "they", "she", "he", "you", "nobody", "ich", "wir", "sie", "er", "je", "j'ai", "nous", "vous", "il", "elle", "geen", "no", "not", "niet", "krijg", "kreeg", "moest", "bleek", "got", "had", "staat", "zit", "heb", "werd", "was":
		return true
	}
	return false
}
