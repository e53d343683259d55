package webcare

import "slices"

// FrictionType is an identifier of the friction taxonomy: what went wrong for
// the customer. The identifiers are public API.
type FrictionType string

// Family groups friction types.
type Family string

// The friction types, in the order of the taxonomy.
const (
	HardToReach          FrictionType = "hard_to_reach"
	ChannelRestriction   FrictionType = "channel_restriction"
	PhoneMenu            FrictionType = "phone_menu"
	PaidContact          FrictionType = "paid_contact"
	OpeningHours         FrictionType = "opening_hours"
	LongWait             FrictionType = "long_wait"
	SelfServiceFailure   FrictionType = "self_service_failure"
	RepeatInformation    FrictionType = "repeat_information"
	SentAround           FrictionType = "sent_around"
	CustomerDoesTheWork  FrictionType = "customer_does_the_work"
	ImposedAppointment   FrictionType = "imposed_appointment"
	VagueTimeWindow      FrictionType = "vague_time_window"
	Late                 FrictionType = "late"
	FailedDelivery       FrictionType = "failed_delivery"
	CancelledService     FrictionType = "cancelled_service"
	InconvenientLocation FrictionType = "inconvenient_location"
	Refund               FrictionType = "refund"
	WrongCharge          FrictionType = "wrong_charge"
	HiddenCost           FrictionType = "hidden_cost"
	CancellationIgnored  FrictionType = "cancellation_ignored"
	BrokenPromise        FrictionType = "broken_promise"
	WrongInformation     FrictionType = "wrong_information"
	UnclearInformation   FrictionType = "unclear_information"
	MisdirectedMessage   FrictionType = "misdirected_message"
	RudeTone             FrictionType = "rude_tone"
	Indifference         FrictionType = "indifference"
	ProcessOverPerson    FrictionType = "process_over_person"
	ProductDefect        FrictionType = "product_defect"
	ProductMismatch      FrictionType = "product_mismatch"
	ServiceQuality       FrictionType = "service_quality"
	PrivacySecurity      FrictionType = "privacy_security"
	OtherFriction        FrictionType = "other"
)

const otherFamily Family = "other"

var families = []struct {
	family Family
	types  []FrictionType
}{
	{"contact", []FrictionType{HardToReach, ChannelRestriction, PhoneMenu, PaidContact, OpeningHours, LongWait, SelfServiceFailure}},
	{"effort", []FrictionType{RepeatInformation, SentAround, CustomerDoesTheWork}},
	{"time_place", []FrictionType{ImposedAppointment, VagueTimeWindow, Late, FailedDelivery, CancelledService, InconvenientLocation}},
	{"money", []FrictionType{Refund, WrongCharge, HiddenCost, CancellationIgnored}},
	{"information", []FrictionType{BrokenPromise, WrongInformation, UnclearInformation, MisdirectedMessage}},
	{"attitude", []FrictionType{RudeTone, Indifference, ProcessOverPerson}},
	{"product", []FrictionType{ProductDefect, ProductMismatch, ServiceQuality, PrivacySecurity}},
	{otherFamily, []FrictionType{OtherFriction}},
}

// FrictionTypes returns all types in the order of the taxonomy; the slice is the caller's.
func FrictionTypes() []FrictionType {
	var all []FrictionType
	for _, f := range families {
		all = append(all, f.types...)
	}
	return all
}

// Families returns the family ids in the order of the taxonomy.
func Families() []Family {
	var all []Family
	for _, f := range families {
		all = append(all, f.family)
	}
	return all
}

// Family returns the family of t, or "other" for a type it does not know.
func (t FrictionType) Family() Family {
	for _, f := range families {
		if slices.Contains(f.types, t) {
			return f.family
		}
	}
	return otherFamily
}

// Valid reports whether t is in the taxonomy.
func (t FrictionType) Valid() bool {
	return t == OtherFriction || t.Family() != otherFamily
}

// Kind is what a message is, before anything else.
type Kind string

// Kinds.
const (
	KindComplaint  Kind = "complaint"
	KindQuestion   Kind = "question"
	KindPraise     Kind = "praise"
	KindSuggestion Kind = "suggestion"
	KindPress      Kind = "press"
	KindSpam       Kind = "spam"
	KindOther      Kind = "other"
)

// Urgency is how much a delay hurts.
type Urgency string

// Urgencies.
const (
	Low      Urgency = "low"
	Normal   Urgency = "normal"
	High     Urgency = "high"
	Critical Urgency = "critical"
)

// Rank orders urgencies, most urgent first: critical is 0, low is 3.
func (u Urgency) Rank() int {
	switch u {
	case Critical:
		return 0
	case High:
		return 1
	case Low:
		return 3
	}
	return 2
}

// Signal is something a handler must know beside the friction.
type Signal string

// Signals.
const (
	ChurnRisk          Signal = "churn_risk"
	LegalThreat        Signal = "legal_threat"
	MediaThreat        Signal = "media_threat"
	Safety             Signal = "safety"
	Fraud              Signal = "fraud"
	PrivacyLeak        Signal = "privacy_leak"
	VulnerableCustomer Signal = "vulnerable_customer"
	Discrimination     Signal = "discrimination"
	RepeatContact      Signal = "repeat_contact"
	AsksForReply       Signal = "asks_for_reply"
	Press              Signal = "press"
	PrivacyRequest     Signal = "privacy_request"
	Spam               Signal = "spam"
	Abusive            Signal = "abusive"
)

// Signals returns all signals; the slice is the caller's.
func Signals() []Signal {
	return []Signal{ChurnRisk, LegalThreat, MediaThreat, Safety, Fraud, PrivacyLeak, VulnerableCustomer,
		Discrimination, RepeatContact, AsksForReply, Press, PrivacyRequest, Spam, Abusive}
}

// Span is a stretch of a text: UTF-8 byte offsets, and the stretch verbatim.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Friction is one thing that went wrong for the customer, with the stretches that show it.
type Friction struct {
	Type     FrictionType `json:"type"`
	Family   Family       `json:"family"`
	Score    float64      `json:"score"` // 0..1, calibrated
	Evidence []Span       `json:"evidence"`
}

// Sentiment is how the writer feels about the company.
type Sentiment struct {
	Score float64        `json:"score"` // -1..1
	Label SentimentLabel `json:"label"`
}

// SentimentLabel is negative, neutral, positive or mixed.
type SentimentLabel string

// Sentiment labels.
const (
	Negative SentimentLabel = "negative"
	Neutral  SentimentLabel = "neutral"
	Positive SentimentLabel = "positive"
	Mixed    SentimentLabel = "mixed"
)

// Fact is something the customer already told us and must never be asked again.
type Fact struct {
	Kind  FactKind `json:"kind"`
	Text  string   `json:"text"`
	Start int      `json:"start"`
	End   int      `json:"end"`
}

// FactKind is the kind of a Fact.
type FactKind string

// Kinds of facts.
const (
	FactAmount   FactKind = "amount"
	FactDate     FactKind = "date"
	FactTime     FactKind = "time"
	FactDuration FactKind = "duration"
	FactNumber   FactKind = "reference" // order, customer, contract, case and flight numbers, licence plates
	FactProduct  FactKind = "product"
	FactName     FactKind = "name"
	FactPlace    FactKind = "place" // towns, shops, streets, postcodes
	FactPhone    FactKind = "phone"
	FactEmail    FactKind = "email"
	FactIBAN     FactKind = "iban"
	FactQuantity FactKind = "quantity" // 23 km, 14 degrees, four persons, size 46
)

// Triage says what happened to this customer. Offsets count UTF-8 bytes into
// the text that was triaged.
type Triage struct {
	Language       string     `json:"language"` // ISO 639-1, or "und"
	Kind           Kind       `json:"kind"`
	Complaint      bool       `json:"complaint"`
	ComplaintScore float64    `json:"complaint_score"` // 0..1
	Sentiment      Sentiment  `json:"sentiment"`
	Urgency        Urgency    `json:"urgency"`
	Frictions      []Friction `json:"frictions"` // the first is the main one
	Signals        []Signal   `json:"signals"`
	Praise         []Span     `json:"praise"`
	Facts          []Fact     `json:"facts"`
	Engine         string     `json:"engine"` // name and version
	// Disagreement says in words where two engines differed strongly.
	Disagreement string `json:"disagreement,omitempty"`
}

// Has reports whether the triage carries the signal.
func (t Triage) Has(s Signal) bool { return slices.Contains(t.Signals, s) }

// Main returns the main friction, or "" where there is none.
func (t Triage) Main() FrictionType {
	if len(t.Frictions) == 0 {
		return ""
	}
	return t.Frictions[0].Type
}
