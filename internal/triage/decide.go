package triage

import (
	"cmp"
	"slices"
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// reading is one message on its way from scores to labels.
type reading struct {
	in      webcare.TriageInput
	text    string
	doc     *model.Document
	weights *model.Weights
	raw     model.Raw
	types   []int32 // score per friction type, in model.Unit
	second  []int32
	column  []int32 // scores of the windows of a column, nil for a message
}

func (r *reading) decide(t *webcare.Triage) {
	score, _ := r.label("complaint")
	complaint, given := r.weights.Judge(score, r.column, r.types)
	t.Complaint = complaint
	t.ComplaintScore = probability(score)
	t.Frictions = append(t.Frictions, r.frictions(given, complaint && score > sureComplaint)...)
	t.Kind = r.kind(t.Complaint)
	t.Signals = append(t.Signals, r.signals(t)...)
	t.Urgency = r.urgency(t)
	t.Praise = append(t.Praise, r.praise(t.Complaint)...)
	t.Sentiment = r.sentiment(t)
}

// label returns the score of a label of the whole message and where it begins to hold.
func (r *reading) label(name string) (score, threshold int32) {
	at := r.weights.SecondOf(name)
	if at < 0 {
		return -8 * model.Unit, 0
	}
	s := r.weights.Second[at]
	return s.SecondScore(r.second) + r.around(name), s.Threshold
}

// around is what the message comes with, apart from its text: the stars of a
// review, a subject that says what it is, an earlier case.
func (r *reading) around(name string) int32 {
	var score int32
	switch name {
	case "complaint", "negative":
		score = starScore[min(max(r.in.Stars, 0), 5)]
		if name == "complaint" && namesComplaint(r.in.Subject) {
			score += model.Unit
		}
	case "positive":
		score = -starScore[min(max(r.in.Stars, 0), 5)]
	case "signal:" + string(webcare.RepeatContact):
		if r.in.Before {
			score = model.Unit
		}
	}
	return score
}

// starScore is how much the stars of a review speak for a complaint; 0 is none given.
var starScore = [6]int32{0, 2 * model.Unit, 3 * model.Unit / 2, 0, -model.Unit, -2 * model.Unit}

func namesComplaint(subject string) bool {
	for _, w := range text.Words(subject) {
		for _, begin := range []string{"klacht", "complaint", "beschwerde", "reclamation", "ingebrekestelling"} {
			if strings.HasPrefix(w.Norm, begin) {
				return true
			}
		}
	}
	return false
}

func (r *reading) holds(name string) bool {
	score, threshold := r.label(name)
	return score >= threshold
}

func probability(score int32) float64 { return float64(model.Probability(score)) / 1000 }

// frictions lays out the types that are given, the strongest first. A sure
// complaint without any gets the likeliest, if it is likely enough.
func (r *reading) frictions(given []bool, surely bool) []webcare.Friction {
	types := webcare.FrictionTypes()
	var all []webcare.Friction
	for i, t := range types {
		if given[i] {
			all = append(all, r.friction(i, t))
		}
	}
	if len(all) == 0 && surely {
		if i := r.nearest(); i >= 0 {
			all = append(all, r.friction(i, types[i]))
		}
	}
	slices.SortStableFunc(all, func(a, b webcare.Friction) int { return cmp.Compare(b.Score, a.Score) })
	if len(all) > 1 {
		all = slices.DeleteFunc(all, func(f webcare.Friction) bool { return f.Type == webcare.OtherFriction })
	}
	return all
}

// sureComplaint is the score from which something must have gone wrong.
const sureComplaint = model.Unit

// nearest returns the type that comes closest to its threshold, if it comes close.
func (r *reading) nearest() int {
	best, most := -1, int32(-3*model.Unit/4)
	for i, s := range r.types {
		if margin := s - r.weights.Types[i].Threshold; margin > most {
			best, most = i, margin
		}
	}
	return best
}

func (r *reading) friction(i int, t webcare.FrictionType) webcare.Friction {
	return webcare.Friction{Type: t, Family: t.Family(), Score: probability(r.types[i]), Evidence: r.evidence(i)}
}

func (r *reading) kind(complaint bool) webcare.Kind {
	if complaint {
		return webcare.KindComplaint
	}
	best, most := webcare.KindOther, int32(-1<<30)
	for _, k := range []webcare.Kind{webcare.KindQuestion, webcare.KindPraise, webcare.KindSuggestion, webcare.KindPress, webcare.KindSpam, webcare.KindOther} {
		if score, threshold := r.label("kind:" + string(k)); score-threshold > most {
			best, most = k, score-threshold
		}
	}
	return best
}

// praise gives the clauses that praise, neighbours joined. Where the message as
// a whole is positive, less is asked of each. A complainant's jeering is none.
func (r *reading) praise(complaint bool) []webcare.Span {
	output := len(r.types)
	least := int32(-model.Unit / 2)
	if r.holds("positive") {
		least = -2 * model.Unit
	}
	var spans []webcare.Span
	for i, c := range r.raw.Clauses {
		if c[output] > least && !r.doc.Clauses[i].Quoted && !(complaint && r.doc.Ironic(i)) {
			spans = r.join(spans, i)
		}
	}
	return spans
}

func (r *reading) sentiment(t *webcare.Triage) webcare.Sentiment {
	negative, _ := r.label("negative")
	positive, _ := r.label("positive")
	s := webcare.Sentiment{Score: float64(model.Probability(positive)-model.Probability(negative)) / 1000, Label: webcare.Neutral}
	// Who complains is not content, and who is not content mostly complains; who
	// praises is.
	n, p := t.Complaint, r.holds("positive") || t.Kind == webcare.KindPraise
	at, needed := r.label("positive")
	switch {
	case n && len(t.Praise) > 0 && at >= needed-mixedMargin:
		s.Label = webcare.Mixed
	case n:
		s.Label = webcare.Negative
		s.Score = min(s.Score, -0.21)
	case p:
		s.Label = webcare.Positive
		s.Score = max(s.Score, 0.21)
	default:
		s.Score = max(min(s.Score, 0.2), -0.2)
	}
	return s
}

// mixedMargin is how much less positive a complaint may sound as a whole, where
// a stretch of it praises, to count as mixed.
const mixedMargin = model.Unit
