package draft

import (
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// WishRule is the rule of the finding that says what of a wish for another
// draft was not followed. It is a warning: whoever approves has seen it.
const WishRule = "instruction"

// unheeded is a finding for every part of a wish that the offline drafter did
// not understand or could not follow, in the language lang of the people who
// read it.
func unheeded(wish string, d webcare.Draft, lang string) []webcare.Finding {
	var out []webcare.Finding
	say := map[bool]string{true: "niet gevolgd: «", false: "not followed: «"}[lang == "nl"]
	for _, part := range wishParts(wish) {
		if !understood(part) || !gone(part, d) {
			out = append(out, webcare.Finding{Rule: WishRule, Severity: webcare.Warning, Message: say + part + "»"})
		}
	}
	return out
}

var wishJoints = lazily(`[.;,!\n]+\s*|\s+(?:en dan|en|and then|and|maar|but)\s+`)

// wishParts are the separate wishes: those with a word that says something.
func wishParts(wish string) []string {
	var parts []string
	for _, part := range wishJoints.Split(strings.TrimSpace(wish), -1) {
		if part = strings.TrimSpace(part); len(wishWords(part)) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

// courtesies ask for nothing.
var courtesies = words("graag please svp aub alsjeblieft bedankt thanks dank je wel hoi hallo oke ok prima verder opnieuw again nog eens try probeer nieuwe versie draft concept")

func wishWords(part string) []string {
	var out []string
	for _, w := range text.Words(part) {
		if w.Kind == text.KindWord && !courtesies[w.Norm] || w.Kind == text.KindNumber {
			out = append(out, w.Norm)
		}
	}
	return out
}

// understood reports whether the offline drafter knows what the part asks.
func understood(part string) bool {
	w := text.Normal(part)
	for _, form := range []*pattern{asksShorter, asksWarmer, asksFormal, asksInformal, asksNoName, asksNoCall, asksCall, asksOther, asksEnglish, asksDutch, asksNoApology} {
		if form.MatchString(w) {
			return true
		}
	}
	for _, form := range leaveForms {
		if m := form.FindStringSubmatch(w); m != nil && len(stems(m[1])) > 0 {
			return true
		}
	}
	return false
}

// gone reports whether what had to go is gone.
func gone(part string, d webcare.Draft) bool {
	a := parseInstruction(part)
	if a.noName || a.noApology {
		return true
	}
	plain := text.Normal(d.Text + "\n" + d.PrivateText)
	for _, stem := range a.leave {
		if strings.Contains(plain, stem) {
			return false
		}
	}
	return a.language == "" || a.language == d.Language
}
