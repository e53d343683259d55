package channel

import (
	"strings"

	"webcare.example/responder/internal/text"
)

// self are words by which people speak of themselves, in the languages that
// are triaged: somebody with a problem of their own says who has it.
var self = words(`ik mij me mijn mijzelf mezelf wij we ons onze
	i im ive my mine myself our us
	ich mir mich mein meine meinem meinen wir unser unsere uns
	je j moi mon ma mes nous notre nos`)

// agreement are words around which "I" tells nothing of oneself.
var agreement = words("eens snap begrijp vind denk hoop lach agree think hope guess love zustimme verstehe denke finde pense crois espere")

// Both Dutch and French write "je", in Dutch for the reader; German and
// English share more. Only French reads it as "I".
var french = words("je j ma mes")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// Concerns reports whether a bystander's reply tells a problem of its own or
// asks the brand something: it names the brand, asks a question, or says in a
// sentence of some length what happened to the writer. names are the brand's
// names and handles, lower case.
func Concerns(reply string, names []string) bool {
	reply = unaddressed(reply)
	lower := strings.ToLower(reply)
	for _, n := range names {
		if n != "" && strings.Contains(lower, n) {
			return true
		}
	}
	lang, _ := text.Language(reply)
	for _, s := range text.Sentences(reply) {
		if ownWords(reply[s.Start:s.End], lang) {
			return true
		}
	}
	return false
}

// unaddressed is a reply without the handles it begins with: platforms put all
// who take part in a thread there.
func unaddressed(reply string) string {
	for {
		reply = strings.TrimLeft(reply, " \n\t,")
		if !strings.HasPrefix(reply, "@") {
			return reply
		}
		end := strings.IndexAny(reply, " \n\t,")
		if end < 0 {
			return ""
		}
		reply = reply[end:]
	}
}

// shortest is how many words it takes to tell what happened.
const shortest = 4

func ownWords(sentence, lang string) bool {
	count, own, agrees := 0, false, false
	for _, w := range text.Words(sentence) {
		if w.Kind != text.KindWord {
			continue
		}
		count++
		if self[w.Norm] && (lang == "fr" || !french[w.Norm]) {
			own = true
		}
		if agreement[w.Norm] {
			agrees = true
		}
	}
	if strings.HasSuffix(strings.TrimRight(sentence, "\"')” \n"), "?") {
		return count >= shortest || own
	}
	return own && !agrees && count >= shortest
}
