package guard

import (
	"slices"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Input is a reply with all that it is checked against. Only Reply is
// needed; what is left out makes the rules that ask for it milder.
type Input struct {
	// Reply is the text to check.
	Reply string
	// Channel is the kind of channel the reply goes to: x, mastodon, email, ...
	Channel string
	// Public says that strangers can read the reply.
	Public bool
	// Half marks one text of a public/private pair; Other is the other text.
	// What one half says counts for the pair: apology, detail, action.
	Half  bool
	Other string

	// Messages are the customer's texts, oldest first.
	Messages []string
	Author   webcare.Author
	// Triage of the customer's messages taken together; nil where there is none.
	Triage *webcare.Triage
	// Language is the customer's, ISO 639-1; empty: the triage's, else as detected.
	Language string

	// Resolution is what was chosen; nil is none, and then nothing may be promised.
	Resolution *webcare.Resolution
	// Allowed is what the resolution lets a reply say.
	Allowed Allowance

	Voice Voice
	// Recent are replies of this brand to others, those of the same incident left out.
	Recent []string
	// Earlier are such replies too, made ready by FingerprintOf.
	Earlier []Fingerprint
	// SignedBy is the first name or alias of the agent who handles the case, where known.
	SignedBy string
	// Orders are the case's work orders: a step of theirs is stated as done only when it is.
	Orders []webcare.WorkOrder
	// Now is when the reply would leave. No rule reads it: replies speak of days by name.
	Now time.Time
}

// Allowance is what a resolution lets a reply promise.
type Allowance struct {
	// AmountCents is the most money that may be named; 0 for none.
	AmountCents int64
	// Said are the texts of the resolution itself: what they promise is allowed.
	Said []string
	// NotOurFault: nobody's or somebody else's doing; sympathy stands for an apology.
	NotOurFault bool
}

// Voice is what the brand asks of every reply.
type Voice struct {
	// Register by locale ("nl-BE") or language ("nl"): je, u or mirror.
	Register map[string]string
	// Locale is the locale the reply is for; empty: the language alone.
	Locale string
	// Jargon are words no customer should read.
	Jargon []string
	// Hosts may be linked to, with their subdomains; Prefixes are whole URLs up to a path.
	Hosts    []string
	Prefixes []string
	// Staff are first names and aliases of people who may be named in public.
	Staff []string
	// Names are the brand's own names: no signature, no personal data.
	Names []string
}

// publicChannels are the kinds on which a reply is public unless said otherwise.
var publicChannels = []string{"x", "twitter", "facebook", "instagram", "mastodon", "bluesky", "threads", "linkedin", "tiktok", "youtube",
	"review", "reviews", "google", "trustpilot", "app_store", "play_store", "forum", "blog", "blog_comment", "comment", "feed", "reddit", "tweakers"}

// PublicChannel reports whether replies on a kind of channel are public where
// nothing else is known.
func PublicChannel(kind string) bool { return slices.Contains(publicChannels, kind) }
