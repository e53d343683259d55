package mail

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"webcare.example/responder/internal/channel/plain"
)

// heading is what a mail program puts over the mail it quotes.
type heading struct {
	end     int  // the line after it
	forward bool // it introduces a mail that is passed on
}

// heading recognises one at line i. Three forms exist: a marked line
// ("-----Oorspronkelijk bericht-----"), a block of header fields ("Van: ...
// Verzonden: ..."), and a sentence ("Op 2 feb. om 05:28 schreef X:").
func (c *cutter) heading(i int) (heading, bool) {
	if h, ok := c.markedLine(i); ok {
		return h, true
	}
	if h, ok := c.fieldBlock(i); ok {
		return h, true
	}
	return c.sentence(i)
}

// What programs call the mail under the line, in the languages of our mail and
// of its neighbours.
const quotedNames = `oorspronkelijk bericht|oorspronkelijke (?:e-?mail|bericht)|originele? (?:bericht|e-?mail)|doorgestuurd bericht|doorgestuurde (?:e-?mail|bericht)|` +
	`original (?:message|mail|e-?mail|appointment)|forwarded (?:message|mail|by .{1,60})|reply message|` +
	`urspr(?:ü|ue)ngliche (?:nachricht|e-?mail)|weitergeleitete nachricht|originalnachricht|` +
	`message (?:d['’]origine|original|transf[ée]r[ée])|courriel original|mensaje original|mensaje reenviado|messaggio (?:originale|inoltrato)|mensagem original|mensagem encaminhada|` +
	`ursprungligt meddelande|opprinnelig melding|oprindelig (?:meddelelse|besked)|wiadomość oryginalna|исходное сообщение|пересылаемое сообщение`

var markedLines = lazily(`(?i)^[\s*_|]*(?:[-_=]{2,}[\s*]*(` + quotedNames + `)[\s*:]*[-_=]{2,}[\s*]*$|` +
	`(begin (?:van het )?doorgestuurd bericht|begin forwarded message|start of forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée]))\s*:?[\s*]*$|` +
	`[#\-=* ]{2,}.{0,30}(?:typ|type|reply|schrijf|antwoord|antworten|r[ée]pond).{0,40}(?:above|boven|oberhalb|au-?dessus).{0,60}$)`)

var forwardWord = lazily(`(?i)doorgestuurd|forward|weitergeleitet|transf|reenviado|inoltrato|encaminhada|пересыла|r[ée]exp`)

func (c *cutter) markedLine(i int) (heading, bool) {
	l := c.lines[i]
	if len(l) > 200 || !markedLines().MatchString(l) {
		return heading{}, false
	}
	h := heading{end: i + 1, forward: true}
	if !forwardWord().MatchString(l) {
		h.forward = false
	}
	if b, ok := c.fieldBlock(c.skipBlank(i + 1)); ok {
		h.end, h.forward = b.end, true // without words above, it was passed on all the same
	}
	return h, true
}

func (c *cutter) skipBlank(i int) int {
	for i < len(c.lines) && c.lines[i] == "" {
		i++
	}
	return i
}

// Classes of header fields in a block.
const (
	fieldFrom = 1 << iota
	fieldDate
	fieldTo
	fieldSubject
	fieldOther
)

var fieldNames = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	for class, names := range map[int]string{
		fieldFrom:    "van from von de da från fra od afzender expéditeur",
		fieldDate:    "verzonden datum date sent gesendet envoyé enviado fecha data inviato skickat sendt dato verstuurd verzonden_op envoyé_le enviado_el gesendet_am date_sent",
		fieldTo:      "aan to an à a para til till pour",
		fieldSubject: "onderwerp subject betreff objet asunto oggetto assunto ämne emne betreft",
		fieldOther:   "cc bcc kopie copie reply-to antwoord_aan beantwoorden_aan antwort_an répondre_à bijlagen attachments prioriteit priority importance urgentie",
	} {
		for n := range strings.FieldsSeq(names) {
			m[strings.ReplaceAll(n, "_", " ")] = class
		}
	}
	return m
})

// fieldClass returns the class of a line such as "*Van:* Jan", 0 for none.
func fieldClass(l string) (class int, value string) {
	l = strings.TrimLeft(l, " \t*_|>")
	name, value, ok := strings.Cut(l, ":")
	if !ok || len(name) > 24 {
		return 0, ""
	}
	name = strings.ToLower(strings.TrimSpace(strings.Trim(strings.TrimSpace(name), "*_")))
	return fieldNames()[name], strings.Trim(value, " \t*_")
}

var clockTime = lazily(`\b\d{1,2}[:.h]\d{2}\b`)

// fieldBlock recognises a block of header fields: sender, date, and receiver
// or subject. Its lines may be wrapped or stand apart.
func (c *cutter) fieldBlock(i int) (heading, bool) {
	if i >= len(c.lines) || c.quoted[i] {
		return heading{}, false
	}
	if class, _ := fieldClass(c.lines[i]); class == 0 {
		return heading{}, false
	}
	b := c.fieldsFrom(i)
	has := func(class int) bool { return b.seen&class != 0 }
	full := has(fieldFrom) && has(fieldDate) && has(fieldTo|fieldSubject) || b.precise && has(fieldFrom) && has(fieldTo) && has(fieldSubject)
	if !full || (!b.precise && c.wordsBefore(i)) {
		return heading{}, false
	}
	return heading{end: b.end, forward: b.precise}, true
}

// fieldRun is a run of header fields in the text.
type fieldRun struct {
	seen    int  // classes
	end     int  // the line after the last field
	precise bool // an address or a time of day, which programs write and letters lack
}

func (c *cutter) fieldsFrom(i int) fieldRun {
	b := fieldRun{end: i}
	wrapped := 0
	for k := i; k < len(c.lines) && k < i+24 && !c.quoted[k]; k++ {
		if c.lines[k] == "" {
			continue
		}
		class, value := fieldClass(c.lines[k])
		if class == 0 {
			if wrapped++; wrapped > 2 || len(c.lines[k]) > 200 {
				break
			}
			continue
		}
		if b.seen&class != 0 && class != fieldOther && wrapped > 0 {
			break // another block, or text
		}
		b.seen |= class
		b.end, wrapped = k+1, 0
		b.precise = b.precise || strings.Contains(value, "@") || (class == fieldDate && clockTime().MatchString(value))
	}
	return b
}

// Verbs of the sentence over a quotation.
const wroteVerbs = `schreef|geschreven|wrote|writes|schrieb|schreibt|geschrieben|(?:a|à) écrit|écrit|escribió|ha scritto|scritto|escreveu|skrev|napisał\(a\)|napisał|napisał|написал(?:а|\(а\))?|пишет`

var sentenceForms = sync.OnceValue(func() [3]*regexp.Regexp {
	return [3]*regexp.Regexp{
		regexp.MustCompile(`(?i)^(?:op|on|am|le|el|il|em|den|at|på|dnia|w dniu)\s.*(?:` + wroteVerbs + `)(?:$|[\s<"'(*:,]).*$`),
		regexp.MustCompile(`(?i)^.{0,120}<[^<>\s]+@[^<>\s]+\s?>?.{0,60}(?:` + wroteVerbs + `)\b.{0,80}$`),
		regexp.MustCompile(`(?i)^\S.{0,80}\s(?:schreef|wrote|schrieb|a écrit|escribió)\s(?:op|on|am|le|el)\s.*\d.*$`),
	}
})

var (
	someAddress  = lazily(`<?[^\s<>"]+@[^\s<>"]+\.[^\s<>"]+`)
	fullDate     = lazily(`\b(?:19|20)\d\d\b|(?:19|20)\d\d年|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b`)
	ownSentence  = lazily(`(?i)\b(?:you|u|jullie|jij|je) (?:wrote|schreef|schreven)\b|\b(?:schreef|wrote|schrieb|geschreven)\s+(?:u|uw|je|jij|jouw|jullie|ik|wij|we|mij|ons|you|your|i|sie|ihr)\b|\b(?:schreef|wrote)\b.*\s(?:mij|ons|dat|that|us|me)\b`)
	dutchWritten = lazily(`(?i)(?:heeft|hebt|have|has) .* (?:het volgende )?geschreven$`)
)

// sentence recognises the sentence over a quotation, over up to four lines,
// that ends in a colon. Over quoted lines, an address or a full date suffices;
// over lines without a sign it must be as precise as programs are, since
// customers write such sentences themselves.
func (c *cutter) sentence(i int) (heading, bool) {
	if c.quoted[i] || !startsSentence(c.lines[i]) {
		return heading{}, false
	}
	joined := ""
	for k := i; k < len(c.lines) && k < i+4 && c.lines[k] != ""; k++ {
		if c.quoted[k] && strings.Trim(c.lines[k], " ") != ">:" { // the end of "<address>:", wrapped
			break
		}
		joined = strings.TrimSpace(joined + " " + strings.Trim(c.lines[k], " \t*_"))
		if len(joined) > 500 {
			return heading{}, false
		}
		body, colon := strings.CutSuffix(joined, ":")
		if !colon {
			if body, colon = strings.CutSuffix(joined, "："); !colon {
				continue
			}
		}
		body = strings.TrimRight(body, " \u00a0*")
		if c.nextQuoted(k + 1) {
			return heading{end: k + 1}, overQuotes(body)
		}
		return heading{end: k + 1}, overText(body)
	}
	return heading{}, false
}

// startsSentence is a quick test before the slow ones.
func startsSentence(l string) bool {
	l = strings.TrimLeft(l, " \t*_")
	if l == "" {
		return false
	}
	r := []rune(plain.Clip(l, 16))[0]
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '"' || r == '<' || r == '\''
}

func overQuotes(s string) bool {
	if someAddress().MatchString(s) || fullDate().MatchString(s) {
		return true
	}
	f := sentenceForms()
	return f[0].MatchString(s) && strings.ContainsAny(s, "0123456789")
}

func overText(s string) bool {
	if ownSentence().MatchString(s) {
		return false
	}
	f := sentenceForms()
	timed := clockTime().MatchString(s) && fullDate().MatchString(s)
	bracketed := strings.Contains(s, "<") && someAddress().MatchString(s)
	switch {
	case f[0].MatchString(s):
		return timed || bracketed || (dutchWritten().MatchString(s) && clockTime().MatchString(s))
	case f[1].MatchString(s):
		return true
	}
	return f[2].MatchString(s) && timed
}
