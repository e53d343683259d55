package guard

import (
	"slices"
	"sync"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// CheckDraft checks a draft, or a person's edit of one, against its case: both
// texts of a pair, the conversation, the triage, the chosen resolution and the
// brand. recent are the brand's latest replies to others, those of the same
// incident left out. It never returns nil.
func CheckDraft(c *webcare.Case, b *brand.Brand, d webcare.Draft, recent []string, now time.Time) []webcare.Finding {
	in := Input{
		Reply: d.Text, Channel: c.Head.Channel, Public: d.Visibility.IsPublic(),
		Messages: conversation(c), Author: c.Head.Author, Language: c.Head.Language,
		Resolution: d.Resolution, Allowed: Allow(b, d.Resolution, d.Language), Voice: VoiceOf(b, d.Language),
		Recent: recent, SignedBy: d.SignedBy, Orders: c.WorkOrders, Now: now,
	}
	if ch, ok := b.Channel(c.Head.Channel); ok && ch.Kind != "" {
		in.Channel = ch.Kind
	}
	if len(c.Triages) > 0 {
		t := c.Triage()
		in.Triage = &t
	}
	return append(CheckPair(in, d.PrivateText), PostingOf(c, b, now).Refuses(d)...)
}

// conversation returns what the customer wrote: subjects and earlier messages,
// then those not yet answered as one text.
func conversation(c *webcare.Case) []string {
	unanswered := c.UnansweredText()
	var texts []string
	for _, m := range c.Messages {
		if m.Value.Ours || m.Value.Deleted {
			continue
		}
		for _, s := range []string{m.Value.Subject, m.Value.Text} {
			if s != "" && s != unanswered && !slices.Contains(texts, s) {
				texts = append(texts, s)
			}
		}
	}
	return append(texts, unanswered)
}

// VoiceOf returns what a brand asks of replies in a language.
func VoiceOf(b *brand.Brand, lang string) Voice {
	v := Voice{Register: map[string]string{}, Locale: b.Locale(lang), Hosts: b.Links.Hosts, Prefixes: b.Links.Prefixes,
		Names: []string{b.Name}}
	for locale, r := range b.Registers {
		v.Register[locale] = string(r)
	}
	if _, ok := v.Register["nl"]; !ok {
		v.Register["nl"] = string(b.Register(b.Locale("nl")))
	}
	// A reply in one language may well hold the jargon of another.
	for _, l := range b.Languages {
		v.Jargon = append(v.Jargon, b.Jargon[l]...)
	}
	for _, o := range b.Owners {
		v.Staff = append(v.Staff, o.Name)
	}
	slices.Sort(v.Staff)
	return v
}

var sampleVoice = sync.OnceValue(func() Voice { return VoiceOf(brand.Sample(), "nl") })

// DefaultVoice is what holds before a brand is configured: that of the sample
// brand, with the register je and links to voorbeeld.nl and example.com. The
// slices in it are shared: do not change them.
func DefaultVoice() Voice { return sampleVoice() }

// Allow returns what a resolution lets a reply promise in a language: what its
// own texts say, up to its cost.
func Allow(b *brand.Brand, res *webcare.Resolution, lang string) Allowance {
	if res == nil {
		return Allowance{}
	}
	a := Allowance{AmountCents: res.CostCents}
	r, _, ok := b.Resolution(res.ID)
	if !ok {
		return a // the playbook has changed since: only its cost is known
	}
	a.NotOurFault = r.Fault == brand.FaultTheirs
	t := r.Texts[lang]
	for _, s := range []string{t.Full, t.Short} {
		if s != "" {
			filled, _ := brand.Fill(brand.Address(s, brand.Je), res.Params)
			a.Said = append(a.Said, filled)
		}
	}
	if r.Promise != nil {
		a.Said = append(a.Said, r.Promise.What[lang])
	}
	for _, v := range r.Values {
		a.Said = append(a.Said, brand.Address(v.In(lang), brand.Je))
	}
	slices.Sort(a.Said)
	return a
}
