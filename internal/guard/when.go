package guard

import "sync"

// moments are words for a time at which something will be, or has just been,
// done. They name a day, an hour or a term; "binnenkort" and "shortly" do not.
var moments = sync.OnceValue(func() *phrases {
	return compile(`
	vandaag|morgen|overmorgen|vanmiddag|vanavond|vanochtend|vanmorgen|vannacht|morgenochtend|morgenmiddag|morgenavond|morgenvroeg|straks|zometeen
	maandag*|dinsdag*|woensdag*|donderdag*|vrijdag*|zaterdag*|zondag*
	# januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december
	binnen de|het? komende|eerstvolgende? # ..  minuten|minuut|uur|uren|dag|dagen|werkdag|werkdagen|week|weken|kwartier|maand
	binnen het uur|kwartier
	over|na een|# half? uur|kwartier|minuten|dagen|weken|dag|week
	in de|het? komende|loop? # minuten|uur|dagen|werkdagen
	uiterlijk # ..
	voor|om|vanaf|rond|tegen|tussen # uur|en
	voor|tegen|op het|de? einde|eind van? de|deze|het? dag|middag|week|werkdag|maand
	eind|einde van? de|deze|dit|het dag|week|middag|maand|ochtend
	deze|komende|volgende|aanstaande week|middag|avond|ochtend|maand|nacht|werkdag
	in de loop van de|deze|het dag|middag|week|ochtend
	voor het? weekend
	per|met ingang|onmiddellijke van? direct|vandaag|ingang|#
	today|tomorrow|tonight|eod|overnight|today's|tomorrow's|tonight's|monday's|tuesday's|wednesday's|thursday's|friday's|saturday's|sunday's
	this|next|coming afternoon|morning|evening|week|month|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday
	monday|tuesday|wednesday|thursday|friday|saturday|sunday
	january|february|march|april|june|july|august|september|october|november|december #
	# of? january|february|march|april|may|june|july|august|september|october|november|december
	within|in the|an|next? # ..  minutes|minute|hour|hours|day|days|weeks|week
	within the|an hour|day|week
	by|before|at|from # am|pm|o'clock?
	by|before|at the? end|close of the|this? day|week|business|month|play
	by|before|at noon|midday|lunchtime|close|midnight
	before|over|at the weekend
	tot|until|till middernacht|midnight|noon|#
	first thing
	boot|trein|bus|vlucht|afvaart|rit|veer|pont|ferry|train|flight van|of|at # uur?
	op|met|on|with de|the # flight|train|bus|van|vlucht|trein|rit|boot|ferry
	`)
})

// momentsPast turn a moment into the customer's own story: "afgelopen
// vrijdag", "since Monday", "je afspraak van 3 mei".
var momentsPast = wordSet("afgelopen vorige sinds since last gisteren of al ago geleden past eergisteren laatste previous terwijl")

// future returns the hits of moments that do not look back.
func (r *reading) future(words []word) []hit {
	var out []hit
	for _, h := range moments().find(words) {
		if words[h.first].quoted {
			continue
		}
		// "van" is Dutch for of; in English it is what parcels come in.
		if before := h.first - 1; before >= 0 && words[before].Norm == "van" && r.dutch() && words[before].sentence == words[h.first].sentence {
			continue
		}
		if h.first > 0 && momentsPast[words[h.first-1].Norm] && words[h.first-1].sentence == words[h.first].sentence {
			continue
		}
		if h.last < len(words) && (words[h.last].Norm == "geleden" || words[h.last].Norm == "ago" || words[h.last].Norm == "jl") {
			continue
		}
		out = append(out, h)
	}
	return out
}
