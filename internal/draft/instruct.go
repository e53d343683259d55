package draft

import (
	"slices"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// instruction is what a person asked of a new draft, as far as it can be
// obeyed without a language model. What is not understood still gives another
// wording, for the dice see the instruction, and a finding: see unheeded.go.
type instruction struct {
	shorter, warmer bool
	register        brand.Register
	language        string
	noName          bool
	noApology       bool
	noCall, call    bool
	otherResolution bool
	leave           []string // stems of words that must not stand in the reply
}

var (
	asksShorter  = lazily(`\b(korter|te lang|beknopt\w*|inkorten|kort houden|shorter|too long|briefer|cut it down|more concise)\b`)
	asksWarmer   = lazily(`\b(te stijf|te formeel|te zakelijk|te afstandelijk|te koel|losser|warmer|menselijker|minder (stijf|formeel)|too formal|too stiff|too cold|too distant|less formal|more human|friendlier|vriendelijker)\b`)
	asksFormal   = lazily(`\b(u-vorm|met u\b|vousvoyeren|te informeel|te amicaal|te familiair|formeler|in de u|gebruik u|spreek .* met u aan|more formal|too casual|too informal)\b`)
	asksInformal = lazily(`\b(je-vorm|jij-vorm|tutoyeren|met je\b|in de je)\b`)
	asksNoName   = lazily(`\b(geen aanhef|zonder (naam|aanhef)|noem de naam niet|geen naam|without (the |a )?(name|greeting)|no greeting|no name)\b`)
	asksNoCall   = lazily(`\b(niet bellen|bel niet|geen telefoon\w*|(liever|wil het|graag|per|via) (mail|e-mail|schriftelijk)\w*|schriftelijk|do not call|don't call|no call|in writing)\b`)
	asksCall     = lazily(`\b(bel (de klant|haar|hem|ze)|laat .* bellen|bellen graag|call (the customer|her|him|them))\b`)
	asksOther    = lazily(`\b(andere oplossing|ander voorstel|iets anders (aanbieden|voorstellen)|other (resolution|solution)|another (resolution|solution)|different (resolution|solution|offer))\b`)
	asksEnglish  = lazily(`\b(in het engels|in english|engelse versie)\b`)
	asksDutch    = lazily(`\b(in het nederlands|in dutch|nederlandse versie)\b`)
	// "noem de monteur niet", "laat de korting weg", "zonder de datum", "geen
	// excuses voor de wachtmuziek": group 1, 2 or 3 is what must go.
	leaveForms = []*pattern{
		lazily(`\b(?:noem|vermeld|herhaal|bespreek|schrijf)\s+(.+?)\s+(?:niet|nergens)\b`),
		lazily(`\blaat\s+(.+?)\s+(?:weg|eruit|achterwege|buiten)\b`),
		lazily(`\b(?:niets|niks|niet)\s+over\s+([^.,;]+)`),
		lazily(`\bzonder\s+([^.,;]+)`),
		lazily(`\bhaal\s+(.+?)\s+(?:weg|eruit)\b`),
		lazily(`\bgeen (?:excuses?|sorry)\s+(?:voor|over)\s+([^.,;]+)`),
		lazily(`\b(?:leave out|leave off|omit|remove|drop|skip)\s+([^.,;]+)`),
		lazily(`\bleave\s+(.+?)\s+out\b`),
		lazily(`\b(?:do not|don't|never)\s+(?:mention|name|repeat|talk about)\s+([^.,;]+)`),
		lazily(`\b(?:without|nothing about|no mention of|not about)\s+([^.,;]+)`),
		lazily(`\b(?:no apology|don't apologi[sz]e|do not apologi[sz]e)\s+(?:for|about)\s+([^.,;]+)`),
	}
	asksNoApology = lazily(`\b(geen (excuses?|sorry)|niet onze (schuld|fout)|no apology|don't apologi[sz]e|do not apologi[sz]e|not our fault)\b`)
)

func parseInstruction(wish string) instruction {
	w := text.Normal(strings.TrimSpace(wish))
	if w == "" {
		return instruction{}
	}
	a := instruction{
		shorter: asksShorter.MatchString(w), warmer: asksWarmer.MatchString(w), noName: asksNoName.MatchString(w),
		noCall: asksNoCall.MatchString(w), call: asksCall.MatchString(w), otherResolution: asksOther.MatchString(w),
	}
	switch {
	case asksFormal.MatchString(w):
		a.register = brand.U
	case asksInformal.MatchString(w):
		a.register = brand.Je
	}
	switch {
	case asksEnglish.MatchString(w):
		a.language = "en"
	case asksDutch.MatchString(w):
		a.language = "nl"
	}
	for _, form := range leaveForms {
		for _, m := range form.FindAllStringSubmatch(w, -1) {
			a.leave = append(a.leave, stems(m[1])...)
		}
	}
	a.noApology = asksNoApology.MatchString(w) && len(a.leave) == 0
	if a.noName {
		a.leave = nil
	}
	return a
}

// Words of an instruction that name nothing.
var emptyWords = words("de het een die dat dit deze den zijn haar hun ons onze mijn je uw de-naam naam van voor met over in op en of te er ook nog meer dus the a an this that those these his her their our my your name of for with about in on and or to it them any all part stuk deel zin sentence woord word excuses excuus sorry apology apologies belofte datum")

// stems are the words of a wish that name something, cut so that inflected
// forms match: "monteurs" by "monteur", "engineers" by "engineer".
func stems(wish string) []string {
	var out []string
	for _, w := range text.Words(wish) {
		if w.Kind != text.KindWord && w.Kind != text.KindNumber || emptyWords[w.Norm] || len(w.Norm) < 3 && w.Kind == text.KindWord {
			continue
		}
		stem := w.Norm
		for _, ending := range []string{"en", "s", "e"} {
			if cut, ok := strings.CutSuffix(stem, ending); ok && len(cut) >= 4 {
				stem = cut
				break
			}
		}
		out = append(out, stem)
	}
	return out
}

// leavesOut reports whether a line holds something that must not be named.
func (a instruction) leavesOut(line string) bool {
	if len(a.leave) == 0 {
		return false
	}
	plain := text.Normal(line)
	return slices.ContainsFunc(a.leave, func(stem string) bool { return strings.Contains(plain, stem) })
}

// Words people use for a friction in an instruction.
var frictionWords = map[webcare.FrictionType][]string{
	webcare.LongWait: {"wacht", "wait", "hold", "queue"}, webcare.PhoneMenu: {"menu", "muziek", "music"},
	webcare.RudeTone: {"toon", "tone", "rude", "onbeleefd"}, webcare.Late: {"vertrag", "laat", "late", "delay"},
	webcare.OpeningHours: {"openingstijd", "opening"}, webcare.HiddenCost: {"kosten", "prijs", "price", "cost"},
	webcare.Refund: {"terugbetal", "refund"}, webcare.SelfServiceFailure: {"chatbot", "website", "app"},
	webcare.SentAround: {"doorverb", "transfer"}, webcare.InconvenientLocation: {"afstand", "distance", "locatie", "location"},
	webcare.ProductDefect: {"defect", "kapot", "broken"}, webcare.WrongCharge: {"factuur", "rekening", "bill", "charge"},
}

// dropsFriction reports whether the person asked not to speak of the friction.
func (a instruction) dropsFriction(f webcare.Friction) bool {
	for _, stem := range a.leave {
		for _, w := range frictionWords[f.Type] {
			if strings.Contains(stem, w) {
				return true
			}
		}
	}
	return false
}
