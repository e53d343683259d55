package brand

import (
	"webcare.example/responder/internal/webcare"
)

// Text is a text per language (ISO 639-1). Texts may carry slots in braces,
// {due}, and alternatives for the register in brackets, [je|u].
type Text map[string]string

// In returns the text in the language, or "".
func (t Text) In(lang string) string { return t[lang] }

// Brand is one brand file.
type Brand struct {
	ID        string              `yaml:"id"`   // lower case, used in URLs and records
	Name      string              `yaml:"name"` // as customers know it
	Country   string              `yaml:"country"`
	Alias     string              `yaml:"alias"`     // signs drafts until an agent takes the case
	Languages []string            `yaml:"languages"` // answered in, the first is the default
	TimeZone  string              `yaml:"time_zone"` // IANA name
	Registers map[string]Register `yaml:"register"`  // by locale ("nl-BE") or language ("nl")
	Voice     map[string][]string `yaml:"voice"`     // notes on tone, by language
	SignOff   map[string]SignOff  `yaml:"sign_off"`  // by language
	Jargon    map[string][]string `yaml:"jargon"`    // words no customer should read, by language
	Links     Links               `yaml:"links"`
	Verify    []VerifyField       `yaml:"verify"`

	Hours       []OpeningHours `yaml:"hours"`
	WorkingDays []string       `yaml:"working_days"` // promises count these; default mon..fri
	Holidays    Holidays       `yaml:"holidays"`
	// ProcessOwners are the mail addresses of the process owners named in the
	// playbook; who has none gets no digest.
	ProcessOwners map[string]string `yaml:"process_owners"`
	// RetentionDays is how long ended cases keep what customers wrote; 0 keeps it.
	RetentionDays int `yaml:"retention_days"`

	Clocks   []Clock              `yaml:"clocks"` // the first that matches holds
	Channels []Channel            `yaml:"channels"`
	Mandates []Mandate            `yaml:"authority"` // lowest first
	Owners   map[string]Owner     `yaml:"owners"`    // who keeps promises
	Desks    map[string]Desk      `yaml:"desks"`
	Routes   []Route              `yaml:"routes"`
	Playbook map[string]*Playbook `yaml:"playbook"` // by friction type, or question, praise, suggestion, general

	cal *calendar
}

// SignOff says how a reply ends. {name} is the agent's first name or alias,
// {initials} their initials, {brand} the brand's name.
type SignOff struct {
	Letter string `yaml:"letter"` // mail
	Line   string `yaml:"line"`   // facebook, reviews, forums
	Short  string `yaml:"short"`  // x, bluesky, mastodon
}

// Links says where a reply may link to.
type Links struct {
	Hosts    []string `yaml:"hosts"`    // the host itself and its subdomains
	Prefixes []string `yaml:"prefixes"` // whole URLs up to a path
}

// VerifyField is something that may be asked in private to be sure whom we
// talk to, or to find what it is about.
type VerifyField struct {
	ID   string           `yaml:"id"`
	Ask  Text             `yaml:"ask"`  // "je klantnummer", after "Wil je ... sturen?"
	Fact webcare.FactKind `yaml:"fact"` // a fact of this kind answers it: then it is not asked
	// For lists what it is asked for: "reference", "address", "identity".
	For []string `yaml:"for"`
}

// OpeningHours of the webcare team on some days. Times are local, "09:00".
type OpeningHours struct {
	Days  []string `yaml:"days"` // mon tue wed thu fri sat sun
	Open  string   `yaml:"open"`
	Close string   `yaml:"close"` // "24:00" for midnight
}

// Holidays on which nobody works, whatever the day.
type Holidays struct {
	Calendars []string `yaml:"calendars"` // nl, be
	Except    []string `yaml:"except"`    // names of their holidays that are working days here
	Extra     []string `yaml:"extra"`     // dates, 2026-12-24
}

// Channel is where messages come from and replies go.
type Channel struct {
	Name string `yaml:"name"` // unique in the brand, as in Message.Key.Channel
	Kind string `yaml:"kind"` // x, facebook, email, ...; default the name
	// DirectMessage is the link that opens a private conversation on this platform.
	DirectMessage string `yaml:"direct_message"`
	// Secrets say where each secret is, never what it is: "env:NAME", "ssm:/path" or "secret:name".
	Secrets  map[string]string `yaml:"secrets"`
	Settings map[string]string `yaml:"settings"` // hosts, handles, page ids
}

// Mandate is what an authority may approve.
type Mandate struct {
	Level webcare.Authority `yaml:"level"`
	// MaxCents is the dearest resolution it may approve, in cents; -1 for no limit.
	MaxCents int64 `yaml:"max_cents"`
}

// Owner is who keeps a promise, as customers may hear it.
type Owner struct {
	Name string `yaml:"name"` // first name or team, on the promise list
	Say  Text   `yaml:"say"`  // "mijn collega Sanne"
}

// Desk does work that leaves this system: refunds, visits, letters.
type Desk struct {
	Name    string `yaml:"name"`
	Contact string `yaml:"contact"` // internal address; never sent to customers
}

// Route says what a signal decides beside the friction.
type Route struct {
	Signal webcare.Signal `yaml:"signal"`
	Desk   string         `yaml:"desk"`
	// Draft is false where the desk answers itself and no draft is made. Default true.
	Draft     *bool             `yaml:"draft"`
	Authority webcare.Authority `yaml:"authority"` // what approving takes at least
	Alert     bool              `yaml:"alert"`     // tell the desk at once
}

// NoDraft reports whether the desk answers without a draft of ours.
func (r Route) NoDraft() bool { return r.Draft != nil && !*r.Draft }

// Speaks reports whether the brand answers in the language.
func (b *Brand) Speaks(lang string) bool {
	for _, l := range b.Languages {
		if l == lang {
			return true
		}
	}
	return false
}

// Channel returns the channel of that name, or, with none, of that kind.
func (b *Brand) Channel(name string) (Channel, bool) {
	for _, c := range b.Channels {
		if c.Name == name {
			return c, true
		}
	}
	for _, c := range b.Channels {
		if c.Kind == name {
			return c, true
		}
	}
	return Channel{}, false
}

// RoutesFor returns the routes of the signals, in the order of the file.
func (b *Brand) RoutesFor(signals []webcare.Signal) []Route {
	var out []Route
	for _, r := range b.Routes {
		for _, s := range signals {
			if r.Signal == s {
				out = append(out, r)
				break
			}
		}
	}
	return out
}

// AuthorityFor returns the lowest authority whose mandate covers the cost in
// cents; the highest where none does.
func (b *Brand) AuthorityFor(cents int64) webcare.Authority {
	for _, m := range b.Mandates {
		if m.MaxCents < 0 || cents <= m.MaxCents {
			return m.Level
		}
	}
	return webcare.Lead
}

// ProcessOwner returns who hears about the friction in the weekly digest.
func (b *Brand) ProcessOwner(t webcare.FrictionType) string {
	if p := b.Playbook[string(t)]; p != nil {
		return p.ProcessOwner
	}
	return ""
}
