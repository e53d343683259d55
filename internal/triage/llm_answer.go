package triage

import (
	"errors"
	"slices"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/triage/corpus"
	"webcare.example/responder/internal/webcare"
)

// llmAnswer is what the model gives back: labels and quotations. Offsets are
// ours to find; models cannot count.
type llmAnswer struct {
	Language  string `json:"language"`
	Frictions []struct {
		Evidence []string             `json:"evidence"`
		Type     webcare.FrictionType `json:"type"`
		Score    float64              `json:"score"`
	} `json:"frictions"`
	Kind           webcare.Kind      `json:"kind"`
	ComplaintScore float64           `json:"complaint_score"`
	Sentiment      webcare.Sentiment `json:"sentiment"`
	Urgency        webcare.Urgency   `json:"urgency"`
	Signals        []webcare.Signal  `json:"signals"`
	Praise         []string          `json:"praise"`
	Facts          []struct {
		Kind webcare.FactKind `json:"kind"`
		Text string           `json:"text"`
	} `json:"facts"`
}

// names lists values as an enum of the schema.
func names[T ~string](values ...T) llm.Schema {
	var list []string
	for _, v := range values {
		list = append(list, string(v))
	}
	return llm.Enum(list...)
}

func llmSchema() llm.Schema {
	quote := llm.Text(2000)
	facts := names(webcare.FactAmount, webcare.FactDate, webcare.FactTime, webcare.FactDuration, webcare.FactNumber, webcare.FactProduct,
		webcare.FactName, webcare.FactPlace, webcare.FactPhone, webcare.FactEmail, webcare.FactIBAN, webcare.FactQuantity)
	return llm.Object(
		llm.Field{Name: "language", Schema: llm.Enum("nl", "en", "de", "fr", text.Undetermined)},
		llm.Field{Name: "frictions", Schema: llm.Array(12, llm.Object(
			llm.Field{Name: "evidence", Schema: llm.Array(4, quote)},
			llm.Field{Name: "type", Schema: names(webcare.FrictionTypes()...)},
			llm.Field{Name: "score", Schema: llm.Range(0, 1)}))},
		llm.Field{Name: "kind", Schema: names(corpus.Kinds()...)},
		llm.Field{Name: "complaint_score", Schema: llm.Range(0, 1)},
		llm.Field{Name: "sentiment", Schema: llm.Object(
			llm.Field{Name: "label", Schema: names(corpus.Sentiments()...)},
			llm.Field{Name: "score", Schema: llm.Range(-1, 1)})},
		llm.Field{Name: "urgency", Schema: names(corpus.Urgencies()...)},
		llm.Field{Name: "signals", Schema: llm.Array(14, names(webcare.Signals()...))},
		llm.Field{Name: "praise", Schema: llm.Array(8, quote)},
		llm.Field{Name: "facts", Schema: llm.Array(60, llm.Object(
			llm.Field{Name: "kind", Schema: facts}, llm.Field{Name: "text", Schema: llm.Text(300)}))},
	)
}

var errNoEvidence = errors.New("the frictions point at nothing in the text")

// triage puts the answer into our terms. Labels whose quotations stand nowhere
// in the text are dropped; where no friction is left of some, the whole answer
// is not to be trusted.
func (a llmAnswer) triage(original string, redacted llm.Redacted) (webcare.Triage, error) {
	q := newQuoted(original, redacted)
	t := webcare.Triage{Language: a.Language, Kind: a.Kind, Complaint: a.Kind == webcare.KindComplaint, Urgency: a.Urgency,
		Frictions: []webcare.Friction{}, Signals: []webcare.Signal{}, Praise: []webcare.Span{}, Facts: []webcare.Fact{}}
	t.ComplaintScore, t.Sentiment = agreeing(t.Complaint, a.ComplaintScore), agreeingSentiment(a.Sentiment)
	for _, f := range a.Frictions {
		evidence := q.findAll(f.Evidence)
		if len(evidence) > 0 && !slices.ContainsFunc(t.Frictions, func(g webcare.Friction) bool { return g.Type == f.Type }) {
			t.Frictions = append(t.Frictions, webcare.Friction{Type: f.Type, Family: f.Type.Family(), Score: f.Score, Evidence: evidence})
		}
	}
	if len(a.Frictions) > 0 && len(t.Frictions) == 0 {
		return t, errNoEvidence
	}
	if len(t.Frictions) > 1 {
		t.Frictions = slices.DeleteFunc(t.Frictions, func(f webcare.Friction) bool { return f.Type == webcare.OtherFriction })
	}
	for _, s := range a.Signals {
		if !slices.Contains(t.Signals, s) {
			t.Signals = append(t.Signals, s)
		}
	}
	t.Praise = append(t.Praise, q.findAll(a.Praise)...)
	for _, f := range a.Facts {
		if s, ok := q.find(f.Text); ok {
			t.Facts = append(t.Facts, webcare.Fact{Kind: f.Kind, Text: s.Text, Start: s.Start, End: s.End})
		}
	}
	slices.SortFunc(t.Facts, func(x, y webcare.Fact) int { return x.Start - y.Start })
	return t, nil
}

// agreeing keeps a score on the side that its label says.
func agreeing(complaint bool, score float64) float64 {
	if complaint {
		return max(score, 0.5)
	}
	return min(score, 0.5)
}

// justOver is the least score that earns a label.
const justOver = 0.21

func agreeingSentiment(s webcare.Sentiment) webcare.Sentiment {
	switch s.Label {
	case webcare.Negative:
		s.Score = min(s.Score, -justOver)
	case webcare.Positive:
		s.Score = max(s.Score, justOver)
	case webcare.Neutral:
		s.Score = max(min(s.Score, 0.2), -0.2)
	}
	return s
}
