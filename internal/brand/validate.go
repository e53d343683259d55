package brand

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// reporter takes a mistake: the field as "playbook.late.resolutions[0].id", and what is wrong.
type reporter func(field, format string, args ...any)

var (
	idForm     = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	secretForm = regexp.MustCompile(`^(env:[A-Z][A-Z0-9_]*|ssm:/[\w./-]+|secret:[\w./:+=@-]+)$`)
	hostForm   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
)

// validate checks what the types cannot say, fills in defaults and resolves
// the calendar.
func validate(b *Brand, report reporter) {
	if !idForm.MatchString(b.ID) {
		report("id", "must be lower-case letters, digits, - or _")
	}
	if strings.TrimSpace(b.Name) == "" {
		report("name", "must not be empty")
	}
	if strings.TrimSpace(b.Alias) == "" {
		report("alias", "must be a first name: it signs drafts until an agent takes the case")
	}
	if len(b.Country) != 2 || b.Country != strings.ToLower(b.Country) {
		report("country", "must be two lower-case letters, as nl")
	}
	validateLanguages(b, report)
	b.cal = newCalendar(b, report)
	validateLinks(b, report)
	validateVerify(b, report)
	validateClocks(b, report)
	validateChannels(b, report)
	validateMandates(b, report)
	validateDesks(b, report)
	validateRoutes(b, report)
	validatePlaybook(b, report)
}

func validateLanguages(b *Brand, report reporter) {
	if b.RetentionDays < 0 {
		report("retention_days", "must not be negative")
	}
	if len(b.Languages) == 0 {
		report("languages", "at least one is needed")
	}
	for i, lang := range b.Languages {
		if lang != "nl" && lang != "en" {
			report(fmt.Sprintf("languages[%d]", i), "%q: replies are written in nl and en", lang)
		}
		s, at := b.SignOff[lang], "sign_off."+lang
		for _, form := range []struct{ name, text, slot string }{{"letter", s.Letter, "{name}"}, {"line", s.Line, "{name}"}, {"short", s.Short, "{initials}"}} {
			if !strings.Contains(form.text, "{name}") && !strings.Contains(form.text, form.slot) {
				report(at+"."+form.name, "must sign with %s", form.slot)
			}
		}
	}
	for _, locale := range sortedKeys(b.Registers) {
		if r := b.Registers[locale]; r != Je && r != U && r != Mirror {
			report("register."+locale, "%q: must be je, u or mirror", r)
		}
	}
}

func validateLinks(b *Brand, report reporter) {
	for i, host := range b.Links.Hosts {
		if !hostForm.MatchString(host) {
			report(fmt.Sprintf("links.hosts[%d]", i), "%q is no host name", host)
		}
	}
	for i, prefix := range b.Links.Prefixes {
		if u, err := url.Parse(prefix); err != nil || u.Scheme != "https" || u.Host == "" || u.Path == "" {
			report(fmt.Sprintf("links.prefixes[%d]", i), "%q must be an https URL with a path", prefix)
		}
	}
}

// needs are what a resolution may need to know of a customer.
var needs = []string{"reference", "address", "identity"}

func validateVerify(b *Brand, report reporter) {
	for i, v := range b.Verify {
		at := fmt.Sprintf("verify[%d]", i)
		if !idForm.MatchString(v.ID) {
			report(at+".id", "must be lower-case letters, digits, - or _")
		}
		requireText(b, v.Ask, at+".ask", report)
		for j, f := range v.For {
			if !slices.Contains(needs, f) {
				report(fmt.Sprintf("%s.for[%d]", at, j), "%q: must be one of %v", f, needs)
			}
		}
	}
}

func validateClocks(b *Brand, report reporter) {
	for i, c := range b.Clocks {
		at := fmt.Sprintf("clocks[%d]", i)
		validateTerm(c.Within, true, at+".within", report)
		if c.Urgency != "" && !slices.Contains(urgencies, c.Urgency) {
			report(at+".urgency", "%q: must be one of %v", c.Urgency, urgencies)
		}
	}
}

var urgencies = []webcare.Urgency{webcare.Low, webcare.Normal, webcare.High, webcare.Critical}

func validateTerm(t Term, required bool, field string, report reporter) {
	switch {
	case t.wrong != "":
		report(field, "%s", t.wrong)
	case required && t.IsZero():
		report(field, "must be given, as \"2 working days\"")
	}
}

func validateChannels(b *Brand, report reporter) {
	seen := map[string]bool{}
	for i := range b.Channels {
		c, at := &b.Channels[i], fmt.Sprintf("channels[%d]", i)
		if !idForm.MatchString(c.Name) {
			report(at+".name", "must be lower-case letters, digits, - or _")
		}
		if seen[c.Name] {
			report(at+".name", "%q stands here twice", c.Name)
		}
		seen[c.Name] = true
		if c.Kind == "" {
			c.Kind = c.Name
		}
		if c.DirectMessage != "" && !b.AllowsURL(c.DirectMessage) {
			report(at+".direct_message", "%q is outside links: add its host or prefix there", c.DirectMessage)
		}
		for _, name := range sortedKeys(c.Secrets) {
			if !secretForm.MatchString(c.Secrets[name]) {
				report(at+".secrets."+name, "must say where the secret is (env:NAME, ssm:/path or secret:name), never the secret itself")
			}
		}
	}
}

func validateMandates(b *Brand, report reporter) {
	if len(b.Mandates) == 0 {
		report("authority", "at least one level is needed")
	}
	for i, m := range b.Mandates {
		at := fmt.Sprintf("authority[%d]", i)
		if !knownAuthority(m.Level) || m.Level == webcare.NoAuthority {
			report(at+".level", "%q: must be agent, senior or lead", m.Level)
		}
		if m.MaxCents < -1 {
			report(at+".max_cents", "must be -1 (no limit) or more")
		}
		if i == 0 {
			continue
		}
		before := b.Mandates[i-1]
		if m.Level.Rank() <= before.Level.Rank() {
			report(at+".level", "levels go from low to high")
		}
		if m.MaxCents != -1 && (before.MaxCents == -1 || m.MaxCents < before.MaxCents) {
			report(at+".max_cents", "must not be less than that of the level below")
		}
	}
}

func knownAuthority(a webcare.Authority) bool { return a.Rank() <= webcare.Lead.Rank() }

func validateDesks(b *Brand, report reporter) {
	for _, id := range sortedKeys(b.Desks) {
		if strings.TrimSpace(b.Desks[id].Name) == "" {
			report("desks."+id+".name", "must not be empty")
		}
	}
	for _, id := range sortedKeys(b.Owners) {
		if strings.TrimSpace(b.Owners[id].Name) == "" {
			report("owners."+id+".name", "must not be empty")
		}
		requireText(b, b.Owners[id].Say, "owners."+id+".say", report)
	}
}

func validateRoutes(b *Brand, report reporter) {
	signals := webcare.Signals()
	for i, r := range b.Routes {
		at := fmt.Sprintf("routes[%d]", i)
		if !slices.Contains(signals, r.Signal) {
			report(at+".signal", "%q: must be one of %v", r.Signal, signals)
		}
		if r.Desk != "" {
			requireDesk(b, r.Desk, at+".desk", report)
		}
		if r.NoDraft() && r.Desk == "" {
			report(at+".desk", "without a draft, somebody must answer: name the desk")
		}
		if !knownAuthority(r.Authority) {
			report(at+".authority", "%q: must be agent, senior or lead", r.Authority)
		}
	}
}

func requireDesk(b *Brand, id, field string, report reporter) {
	if _, ok := b.Desks[id]; !ok {
		report(field, "%q is none of desks", id)
	}
}

// requireText checks that a text stands there in every language of the brand.
func requireText(b *Brand, t Text, field string, report reporter) {
	for _, lang := range b.Languages {
		if strings.TrimSpace(t[lang]) == "" {
			report(field+"."+lang, "must not be empty")
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// AllowsURL reports whether a reply may link there: an allowed host or one
// under it, or a URL under an allowed prefix. A link without scheme counts as https.
func (b *Brand) AllowsURL(link string) bool {
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil {
		return false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, h := range b.Links.Hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return slices.ContainsFunc(b.Links.Prefixes, func(p string) bool { return underPrefix(u, host, p) })
}

// underPrefix compares host and path by whole steps: /voorbeeld does not allow
// /voorbeeld-nep, and dots in a path allow nothing.
func underPrefix(u *url.URL, host, prefix string) bool {
	p, err := url.Parse(prefix)
	if err != nil || host != p.Hostname() || u.Port() != p.Port() || strings.Contains(u.Path, "..") {
		return false
	}
	base := strings.TrimSuffix(p.Path, "/")
	return u.Path == base || strings.HasPrefix(u.Path, base+"/")
}
