package triage

import (
	"slices"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// signals gives what the weights are sure of, and what a strong word shows
// where the weights do not speak against it.
func (r *reading) signals(t *webcare.Triage) []webcare.Signal {
	var given []webcare.Signal
	for _, s := range webcare.Signals() {
		score, threshold := r.label("signal:" + string(s))
		if len(r.doc.Strong(s)) > 0 {
			threshold -= strongMargin
		}
		if score >= threshold && fits(s, t) {
			given = append(given, s)
		}
	}
	return given
}

// strongMargin is how far a strong word lowers the threshold of its signal.
const strongMargin = 5 * model.Unit / 4

// fits reports whether signal s can stand beside what else is known: threats
// and accidents are a complainant's, spam is spam.
func fits(s webcare.Signal, t *webcare.Triage) bool {
	switch s {
	case webcare.Spam:
		return t.Kind == webcare.KindSpam
	case webcare.Press:
		return !t.Complaint
	case webcare.ChurnRisk, webcare.LegalThreat, webcare.MediaThreat, webcare.Safety, webcare.Discrimination, webcare.Abusive, webcare.PrivacyLeak:
		return t.Complaint
	}
	return true
}

// urgency is what the weights say, raised to what the signals ask for: danger,
// stolen money and leaked data are critical; threats and vulnerable customers
// high. What asks for nothing is low.
func (r *reading) urgency(t *webcare.Triage) webcare.Urgency {
	u := webcare.Normal
	switch {
	case r.nearly("urgency:" + string(webcare.Critical)):
		u = webcare.Critical
	case r.holds("urgency:" + string(webcare.High)):
		u = webcare.High
	case r.holds("urgency:" + string(webcare.Low)):
		u = webcare.Low
	}
	if !t.Complaint {
		if u == webcare.Normal {
			return webcare.Low
		}
		return u
	}
	has := func(signals ...webcare.Signal) bool {
		return slices.ContainsFunc(signals, func(s webcare.Signal) bool { return slices.Contains(t.Signals, s) })
	}
	switch {
	case u != webcare.Low && has(webcare.Safety, webcare.Fraud, webcare.PrivacyLeak):
		return webcare.Critical
	case u == webcare.Normal && has(webcare.LegalThreat, webcare.MediaThreat, webcare.VulnerableCustomer):
		return webcare.High
	}
	return u
}

// nearly is holds with a margin, for what is worse to miss than to look at twice.
func (r *reading) nearly(name string) bool {
	score, threshold := r.label(name)
	return score >= threshold-missMargin
}

// missMargin is how much less sure than for the best F1 such a label may be.
const missMargin = model.Unit / 2
