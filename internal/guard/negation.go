package guard

// negations turn a promise or a step into its opposite.
var negations = wordSet(`geen niet niets nooit noch zonder helaas nergens evenmin onmogelijk
	no not never cannot can't can’t won't don't doesn't isn't aren't unable nothing neither nor without unfortunately wouldn't couldn't hasn't haven't didn't wasn't`)

// joiners end the reach of a negation inside a segment.
var joiners = wordSet("en and maar but dus so daarom omdat because want plus")

// idioms hold a negation word that denies nothing: "geen zorgen", "niet alleen".
var idioms = map[string]map[string]bool{
	"geen": wordSet("zorgen probleem punt twijfel stress"),
	"no":   wordSet("worries problem doubt later"),
	"niet": wordSet("alleen later meer"),
	"not":  wordSet("only just later"),
	// "don't worry"
	"don't": wordSet("worry"),
}

// denied reports whether a negation governs the hit: up to eight words before
// it or four after it, in its segment, with no joining word between.
func denied(words []word, h hit) bool {
	for j := h.first - 1; j >= 0 && j >= h.first-8 && words[j].segment == words[h.first].segment; j-- {
		if joiners[words[j].Norm] {
			break
		}
		if denies(words, j) {
			return true
		}
	}
	for j := h.last; j < len(words) && j < h.last+4 && words[j].segment == words[h.first].segment; j++ {
		if joiners[words[j].Norm] {
			break
		}
		if denies(words, j) {
			return true
		}
	}
	return false
}

func denies(words []word, j int) bool {
	norm := words[j].Norm
	if !negations[norm] {
		return false
	}
	return j+1 >= len(words) || !idioms[norm][words[j+1].Norm]
}
