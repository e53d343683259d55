package guard

import "sync"

// noApology (rule 2) asks for an explicit apology in the answer to a
// complaint. Conditional ones ("mocht u hinder ondervinden", "sorry if"),
// regret about the customer's feelings ("vervelend dat u dit zo ervaart",
// "sorry you feel that way") and mere sympathy ("sorry to hear") fail: they
// put the matter with the customer. "Sorry for any inconvenience" is poor but
// explicit, and passes; rule 1 speaks about it. Where it was not our fault,
// sympathy is what is asked.
func noApology(r *reading) []found {
	if !r.complaint() || !r.known() || r.secondHalf() || len(r.words) == 0 {
		return nil
	}
	weak, ok := r.apologises(r.words)
	if ok {
		return nil
	}
	if _, other := r.apologises(r.other); other {
		return nil
	}
	if r.Allowed.NotOurFault {
		if sympathies().in(r.words) || sympathies().in(r.other) || weak != nil {
			return nil
		}
		return []found{r.whole(r.opening(), "no sympathy: nobody is to blame here, but the customer is the one who has it")}
	}
	if weak != nil {
		return []found{r.at(*weak, "this apologises for nothing: it is conditional, or about the customer's feelings. Say sorry for what happened")}
	}
	return []found{r.whole(r.opening(), "no apology: say sorry for what happened")}
}

var apologies = sync.OnceValue(func() *phrases {
	return compile(`
	sorry
	excuses|excuus|excuseer|verontschuldig*|verexcuseer*|pardon
	spijt
	neem|neemt|nemen ons|me|mij|het .. niet kwalijk
	apologise|apologize|apologies|apology|apologising|apologizing|apologises|apologizes
	forgive us|me
	`)
})

// notApologies are the forms of an apology that apologise for nothing.
var notApologies = sync.OnceValue(func() *phrases {
	return compile(`
	sorry maar|but
	sorry|excuses|verontschuldig*|spijt|apologise|apologize|apologies .. als|indien|mocht|mochten|if !ik|i
	excuses|apologise|apologize|apologies|sorry|verontschuldig* voor|for ... eventue*|mogelijk*|mogelijke
	excuses|apologise|apologize|apologies|sorry for any ... may|might|could
	sorry|spijt|excuses me|ons|mij? dat je|jij|u|jullie dit|dat|het|er|zich|je|ons|deze|onze? .. zo ervaart|ervaren|ervaar|ervoer|voelt|voel|vindt|vind|aanvoelt|opvat|opgevat|beleeft|denkt|ziet|voelde|vond|overkomt
	sorry|spijt|excuses me|ons|mij? dat je|jij|u|jullie dit|het|deze|onze ... ervaart|ervaren|ervaarde
	sorry|spijt|excuses me|ons|mij? dat je|jij|u je|u|zich|jou ... voelt|voelde|voelen
	sorry|spijt|excuses me|ons|mij? dat dit|het|dat .. zo .. overkomt|overkwam|overgekomen|voelt|voelde
	sorry|spijt|excuses|apologies|apologise .. voor het geval
	sorry|apologies in case
	sorry|spijt|excuses me|ons|mij? .. dat je|jij|u|jullie hier|nu|zo|erg|niet|hierover|daarover? .. ontevreden|teleurgesteld|tevreden|boos|gefrustreerd|ongelukkig
	sorry that? you|you're are|were|weren't|wasn't|feel|felt|feeling|think|see|perceive|perceived|have|had|found|find? so|very|such|not? feel|felt|feeling|unhappy|disappointed|dissatisfied|frustrated|upset|angry|annoyed|satisfied|happy
	sorry that? you feel|felt|think|see|perceive|perceived
	sorry that? you find|found|consider|considered our|the|it|this|your ... unsatisfactory|disappointing|poor|below|lacking|unacceptable|frustrating|difficult|inconvenient|upsetting|substandard
	sorry|spijt|excuses me|ons|mij? dat je|jij|u|jullie ... onvoldoende|tegenvallend|teleurstellend|ondermaats|vervelend vindt|vond|ervaart|ervoer
	sorry|spijt me|ons|mij? om? dit|dat|zo? te|to horen|lezen|vernemen|hear|read|learn|see
	sorry we're|i'm|was|were? to hear|read|learn|see
	`)
})

var apologyDenied = wordSet("geen zonder no without nor never niet vroeg vraagt gevraagd verwacht verwachtte asked expected expect kreeg krijgt received demand eist")

var sympathies = sync.OnceValue(func() *phrases {
	return compile(`
	vervelend*|jammer|rot|naar|nare|balen|baal|spijtig|ellendig*|verdrietig*|heftig*|schrikken|gecondoleerd|condoleances|sterkte|medeleven|teleurstellend|teleurstelling|zuur|sneu|lastig|pijnlijk|frustrerend|ergerlijk
	begrijp|begrijpen|snap|snappen|begrijpelijk|voorstellen
	leven|leef .. mee
	understand|understandable|frustrat*|unfortunate*|awful|terrible|annoying|disappoint*|upset*|condolences|sympath*|horrible|dreadful|stressful|regret|shame|worrying
	`)
})

// apologises looks for an apology that holds. weak is the first that does not.
func (r *reading) apologises(words []word) (weak *hit, ok bool) {
	for _, h := range apologies().find(words) {
		if words[h.first].quoted {
			continue
		}
		if end := notApologies().at(words, h.first); end > 0 {
			if weak == nil {
				weak = &hit{h.first, end}
			}
			continue
		}
		if deniedBefore(words, h.first) || askedBefore(words, h.first) {
			if weak == nil {
				weak = &h
			}
			continue
		}
		return nil, true
	}
	return weak, false
}

func deniedBefore(words []word, i int) bool {
	for j := i - 1; j >= 0 && j >= i-3 && words[j].segment == words[i].segment; j-- {
		if words[j].Norm == "en" || words[j].Norm == "and" {
			return false // "dat mag niet en het spijt me"
		}
		if apologyDenied[words[j].Norm] {
			return true
		}
	}
	return false
}

// askedBefore reports whether a condition stands before the apology in its
// sentence: "Mocht je hier last van hebben gehad, dan onze excuses".
func askedBefore(words []word, i int) bool {
	for j := i - 1; j >= 0 && words[j].sentence == words[i].sentence; j-- {
		switch words[j].Norm {
		case "mocht", "mochten", "indien", "als", "if":
		default:
			continue
		}
		starts := j == 0 || words[j-1].segment != words[j].segment
		switch next := words[j+1].Norm; {
		case next == "ik" || next == "we" || next == "wij" || next == "i":
		case starts:
			return true
		}
	}
	return false
}
