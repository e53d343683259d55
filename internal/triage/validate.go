package triage

import (
	"slices"

	"webcare.example/responder/internal/triage/corpus"
	"webcare.example/responder/internal/webcare"
)

// Validate checks that t is a triage of text: known labels, numbers within
// their bounds, every stretch verbatim at its offsets, "other" never beside
// another type. The error is of kind invalid and names the field.
func Validate(t webcare.Triage, text string) error {
	switch {
	case len(t.Language) != 2 && t.Language != "und":
		return webcare.Invalidf("language: %q", t.Language)
	case !slices.Contains(corpus.Kinds(), t.Kind):
		return webcare.Invalidf("kind: %q", t.Kind)
	case t.Complaint != (t.Kind == webcare.KindComplaint):
		return webcare.Invalidf("kind: %q where complaint is %v", t.Kind, t.Complaint)
	case !between(t.ComplaintScore, 0, 1):
		return webcare.Invalidf("complaint_score: %v", t.ComplaintScore)
	case !between(t.Sentiment.Score, -1, 1) || !slices.Contains(corpus.Sentiments(), t.Sentiment.Label):
		return webcare.Invalidf("sentiment: %v %q", t.Sentiment.Score, t.Sentiment.Label)
	case !slices.Contains(corpus.Urgencies(), t.Urgency):
		return webcare.Invalidf("urgency: %q", t.Urgency)
	}
	for i, s := range t.Signals {
		if !slices.Contains(webcare.Signals(), s) || slices.Contains(t.Signals[:i], s) {
			return webcare.Invalidf("signals: %q", s)
		}
	}
	if err := validateFrictions(t.Frictions, text); err != nil {
		return err
	}
	for i, p := range t.Praise {
		if !verbatim(p, text) {
			return webcare.Invalidf("praise[%d]: not the text at %d to %d", i, p.Start, p.End)
		}
	}
	for i, f := range t.Facts {
		if !verbatim(webcare.Span{Start: f.Start, End: f.End, Text: f.Text}, text) {
			return webcare.Invalidf("facts[%d]: not the text at %d to %d", i, f.Start, f.End)
		}
	}
	return nil
}

func validateFrictions(frictions []webcare.Friction, text string) error {
	seen := map[webcare.FrictionType]bool{}
	for i, f := range frictions {
		switch {
		case !f.Type.Valid() || seen[f.Type]:
			return webcare.Invalidf("frictions[%d]: type %q", i, f.Type)
		case f.Family != f.Type.Family():
			return webcare.Invalidf("frictions[%d]: family %q of %q", i, f.Family, f.Type)
		case !between(f.Score, 0, 1):
			return webcare.Invalidf("frictions[%d]: score %v", i, f.Score)
		case len(f.Evidence) == 0:
			return webcare.Invalidf("frictions[%d]: %q without evidence", i, f.Type)
		}
		seen[f.Type] = true
		for _, s := range f.Evidence {
			if !verbatim(s, text) {
				return webcare.Invalidf("frictions[%d]: evidence is not the text at %d to %d", i, s.Start, s.End)
			}
		}
	}
	if seen[webcare.OtherFriction] && len(seen) > 1 {
		return webcare.Invalidf("frictions: %q beside another type", webcare.OtherFriction)
	}
	return nil
}

func verbatim(s webcare.Span, text string) bool {
	return s.Start >= 0 && s.Start < s.End && s.End <= len(text) && text[s.Start:s.End] == s.Text
}

func between(v, least, most float64) bool { return v >= least && v <= most }
