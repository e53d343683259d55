package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/text"
)

// check refuses an answer before the guard sees it, and returns the option it
// chose. It looks at the words as the model wrote them, placeholders and all.
func (s *asking) check(a modelAnswer) (option, faults) {
	i := slices.IndexFunc(s.offered, func(o option) bool { return o.id == a.Resolution })
	if i < 0 {
		return option{}, faults{{short: "resolution", tell: "resolution: choose one of the ids", last: true}}
	}
	o := s.offered[i]
	if a.Language != s.lang {
		return o, faults{{short: "language", tell: "language: " + s.lang, last: true}}
	}
	if (a.PrivateText == "") != (o.private == "") {
		return o, faults{{short: "private text", tell: "private_text: filled exactly where the standard reply has a private_reply"}}
	}
	out := s.checkReply("text", a.Text, o, noEssay(o.text))
	if o.private != "" {
		out = append(out, s.checkReply("private_text", a.PrivateText, o, noEssay(o.private))...)
	}
	for _, d := range a.Details {
		if len(out) == 0 && !s.backing.told(d) {
			out = append(out, fault{short: "detail", tell: "details: only bits of the customer's own message"})
		}
	}
	return o, out
}

// checkReply holds one text against everything a reply of ours never is.
func (s *asking) checkReply(field, reply string, o option, room int) faults {
	var out faults
	add := func(short, tell string, last bool) {
		out = append(out, fault{short: short, tell: field + ": " + tell, last: last})
	}
	if strings.TrimSpace(reply) == "" {
		add("empty", "write a reply", false)
		return out
	}
	bare := marks.ReplaceAllString(reply, " ")
	if strings.Contains(o.text+o.private, "\n- ") { // a standard reply of many points lists them
		bare = dashes.ReplaceAllString(bare, "")
	}
	switch {
	case hidden(reply):
		add("hidden characters", "plain characters only", true)
	case markup.MatchString(bare) || strings.ContainsAny(bare, "{}[]<>|\\`*#~^_="):
		add("markup", "no markup, no brackets, no JSON; plain sentences", false)
	case longToken(bare, o):
		add("code", "words only", true)
	}
	if other := s.otherLanguage(bare); other {
		add("language", "write in the language of the customer, all of it", true)
	}
	if s.backing.echoes(bare) {
		add("instructions repeated", "do not speak about your instructions", true)
	}
	if about := selfTalk.FindString(text.Normal(bare)); about != "" {
		add("speaks of itself", "do not speak about yourself or your instructions", true)
	}
	if s.backing.copies(bare) {
		add("message repeated", "do not repeat whole sentences of the customer", false)
	}
	if n := utf8.RuneCountInString(s.tidy(reply)); n > room {
		add("too long", "shorter", false)
	}
	return append(out, s.unsupported(field, bare, o)...)
}

// marks are placeholders, which the vault holds to the letter.
var marks = lazily(`\[\p{Lu}+_\d+\]`)

// dashes of a list.
var dashes = lazily(`(?m)^- `)

// markup finds Markdown, HTML and lists.
var markup = lazily("(?m)```|\\*\\*|^\\s*(?:[-*•–]|\\d{1,2}[.)])\\s|^#{1,6} |</?[a-zA-Z]|&[a-z]+;|\\]\\(|\"\\w{1,30}\"\\s*:|\\$\\{")

// hidden finds characters that no reply needs: controls, directions, tags,
// letters of other scripts.
func hidden(s string) bool {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
		case unicode.IsControl(r), r >= 0x200b && r <= 0x200f && r != 0x200d, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
			r == 0xfeff, r >= 0xe0000 && r <= 0xe0fff, r == utf8.RuneError:
			return true
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && r != 'º' && r != 'ª':
			return true
		}
	}
	return false
}

// longToken finds what is no word: encoded text. A link of the option is none.
func longToken(s string, o option) bool {
	const longest = 34 // Dutch compounds stay below
	for _, f := range strings.Fields(s) {
		if utf8.RuneCountInString(f) > longest && !strings.Contains(o.text+o.private, strings.TrimRight(f, ".,;:!?)")) {
			return true
		}
	}
	return false
}

// Sentences of at least so many words, sure to so much, must be in the
// customer's language.
const (
	languageWords = 6
	languageSure  = 0.35
)

func (s *asking) otherLanguage(reply string) bool {
	if code, sure := text.Language(reply); code != s.lang && (code != text.Undetermined || len(text.Words(reply)) > 12) && sure > 0.1 {
		return true
	}
	for _, sentence := range text.Sentences(reply) {
		code, sure := text.Language(sentence.Text)
		if code != s.lang && code != text.Undetermined && sure > languageSure && len(text.Words(sentence.Text)) >= languageWords {
			return true
		}
	}
	return false
}

// selfTalk finds a model that speaks of itself, its orders or its form.
var selfTalk = lazily(`\b(system ?prompt|systeem ?prompt|(als|as) (an? |een )?(ai|artificial|taalmodel|language model|llm)\b|taalmodel\w*|language models?|` +
	`(mijn|my|system|hidden|initial|geheime|oorspronkelijke) (\w+ )?(instructies?|instructions?|guidelines|richtlijnen)|json|openai|chatgpt|gpt-?\d*|jailbreak\w*|developer mode|` +
	`ignore (all|any) (previous|prior|earlier)|negeer (alle|eerdere) \w+|private_text|do anything now)\b`)
