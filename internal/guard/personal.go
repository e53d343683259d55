package guard

import (
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// personalData (rule 10) keeps personal data out of public replies, also
// where the customer posted them first, and other people's out of every reply.
// Counted: telephone, address, e-mail, account and reference numbers, health,
// arrears, other people's names. Not counted: the name or handle the customer
// posts under, staff first names, our own numbers, shops and addresses, and
// flight or product numbers.
func personalData(r *reading) []found {
	var out []found
	for _, p := range text.Personal(r.Reply) {
		if p.Kind == text.PersonalEmail && strings.HasPrefix(r.Reply[p.End:], "/") {
			continue // a link with user info: rule 12
		}
		if message := r.exposes(p); message != "" {
			out = append(out, found{p.Start, p.End, message})
		}
	}
	if r.Public {
		out = append(out, r.conditions(out)...)
		out = append(out, r.tellsHealth(out)...)
		out = append(out, r.pointers(out)...)
		out = append(out, r.theirPeople()...)
	} else {
		out = append(out, r.othersHealth()...)
		out = append(out, r.othersAffairs(out)...)
	}
	return append(out, r.strangers()...)
}

func (r *reading) exposes(p text.PersonalSpan) string {
	theirs := r.saidByCustomer(p)
	if r.Public {
		return r.exposesInPublic(p, theirs)
	}
	switch p.Kind {
	case text.PersonalPhone:
		if !theirs && isMobile(p.Text) {
			return "a mobile number that is not the customer's"
		}
	case text.PersonalEmail:
		if !theirs && !r.ownAddress(p.Text) && !strings.EqualFold(p.Text, r.Author.Address) && !r.business(p) {
			return "a mail address that is neither the customer's nor ours"
		}
	case text.PersonalIBAN:
		if !theirs && !r.business(p) {
			return "an account number that is not the customer's"
		}
	}
	return ""
}

func (r *reading) exposesInPublic(p text.PersonalSpan, theirs bool) string {
	switch p.Kind {
	case text.PersonalPhone:
		if theirs || isMobile(p.Text) || r.before(p, yourNumber) && !isService(p.Text) {
			return "a telephone number in public"
		}
	case text.PersonalEmail:
		if theirs || !r.ownAddress(p.Text) && !r.business(p) {
			return "a mail address in public"
		}
	case text.PersonalIBAN:
		return "an account number in public"
	case text.PersonalReference, text.PersonalPlate:
		if r.before(p, publicNumbers) {
			return ""
		}
		return "an order, customer or case number in public"
	case text.PersonalAddress, text.PersonalPostcode:
		if theirs || !r.business(p) {
			return "an address in public"
		}
	case text.PersonalHealth:
		if isIllness(p.Text) && r.aboutCustomer(p) {
			return "somebody's health in public"
		}
	case text.PersonalArrears:
		if r.aboutCustomer(p) && !r.blame(p) {
			return "somebody's debts in public"
		}
	}
	return ""
}

// blame: "de schuld krijgen" is no debt.
func (r *reading) blame(p text.PersonalSpan) bool {
	return strings.EqualFold(p.Text, "schuld") && r.before(p, blaming)
}

var blaming = wordSet("de eigen geen onze onszelf")

// isIllness leaves out words that are illnesses only in capitals: ALS, MS.
func isIllness(s string) bool {
	switch s {
	case "als", "Als", "ms", "Ms", "doof", "blind", "ill", "sick", "ziek", "anxiety", "terminal", "prescription":
		return false
	}
	return true
}

// saidByCustomer compares without spaces and signs: "06-1234 5678".
func (r *reading) saidByCustomer(p text.PersonalSpan) bool {
	want := squeeze(p.Text)
	return want != "" && strings.Contains(squeeze(r.said), want)
}

func squeeze(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '@', c == '.', c > 0x7f:
			return c
		}
		return -1
	}, s)
}

func isMobile(s string) bool {
	d := squeeze(strings.ReplaceAll(s, "+", "00"))
	d = strings.ReplaceAll(d, ".", "")
	for _, head := range []string{"06", "00316", "003106", "07", "00447", "0046", "04", "00324"} {
		if strings.HasPrefix(d, head) && len(d) >= 10 {
			return true
		}
	}
	return false
}

// isService holds for numbers that only organisations have.
func isService(s string) bool {
	d := squeeze(s)
	for _, head := range []string{"0800", "0900", "0906", "088", "085", "0330", "0345", "0844"} {
		if strings.HasPrefix(d, head) {
			return true
		}
	}
	return false
}

// publicNumbers are words before numbers that belong to nobody.
var publicNumbers = wordSet(`vlucht vluchten flight flights trein treinen train trains bus buslijn lijn line tram intercity sprinter kamer room perron
	platform gate halte stop model type versie version artikel artikelnummer item`)

func (r *reading) ownAddress(mail string) bool {
	_, host, ok := strings.Cut(strings.ToLower(mail), "@")
	return ok && r.hostAllowed(host)
}

var yourNumber = wordSet("je jouw uw your jou u you")

// before reports whether one of the words stands among the three before p.
func (r *reading) before(p text.PersonalSpan, set map[string]bool) bool {
	n := 0
	for i := len(r.words) - 1; i >= 0 && n < 3; i-- {
		if r.words[i].End > p.Start {
			continue
		}
		n++
		if set[r.words[i].Norm] {
			return true
		}
	}
	return false
}

// premises are words beside an address, mail or account of a business.
var premises = wordSet(`winkel filiaal vestiging kantoor balie servicepunt afhaalpunt pakketpunt postkantoor antwoordnummer postbus magazijn
	depot showroom loket gemeentehuis stadhuis store branch shop office depot counter po box warehouse pickup collection klantenservice
	info klachten service support contact helpdesk hotel restaurant werkplaats garage dealer locker parcelshop milieustraat station bibliotheek
	locatie punt`)

// business reports whether the stretch belongs to a shop, an office or a desk.
func (r *reading) business(p text.PersonalSpan) bool {
	if local, _, ok := strings.Cut(text.Normal(p.Text), "@"); ok {
		for _, part := range strings.FieldsFunc(local, func(c rune) bool { return c == '.' || c == '-' || c == '_' }) {
			if premises[part] {
				return true
			}
		}
		return false
	}
	for _, s := range r.sentences {
		if p.Start < s.Start || p.Start >= s.End {
			continue
		}
		for _, w := range r.words[s.first:s.last] {
			if w.End <= p.Start && p.Start-w.End < 12 && (w.Norm == "ons" || w.Norm == "our") {
				return true // "bij ons, Kerkstraat 3"
			}
			if (w.End <= p.Start || w.Start >= p.End) && (premises[w.Norm] || strings.HasSuffix(w.Norm, "winkel") || strings.HasSuffix(w.Norm, "punt")) {
				return true
			}
		}
	}
	return false
}

var aboutYou = wordSet(`je jij jou jouw u uw jullie you your you're you've moeder vader zoon dochter man vrouw kind baby oma opa partner broer zus
	mother father son daughter husband wife child mum dad gran grandmother grandfather sister brother`)

// aboutCustomer reports whether the sentence speaks of the customer or theirs:
// "onze schuld" and "de behandeling van je klacht" are no debts and no illness.
func (r *reading) aboutCustomer(p text.PersonalSpan) bool {
	for i, w := range r.words {
		if w.Start != p.Start {
			continue
		}
		if i > 0 && (r.words[i-1].Norm == "onze" || r.words[i-1].Norm == "our" || r.words[i-1].Norm == "eigen") {
			return false
		}
		first, last := segmentOf(r.words, i)
		for _, x := range r.words[first:last] {
			if aboutYou[x.Norm] {
				return true
			}
		}
	}
	return false
}

var titles = wordSet("mevrouw mevr mw meneer heer dhr familie fam mr mrs ms miss mister madame")

// strangers finds names with a title that are neither the customer's nor in
// the salutation or signature: somebody else, named to the customer.
func (r *reading) strangers() []found {
	var out []found
	if r.Public {
		for _, h := range neighbours().find(r.words) {
			out = append(out, r.at(h, "says in public where somebody else lives"))
		}
	}
	out = append(out, r.fullNames()...)
	greeted := map[string]bool{}
	for i, w := range r.words {
		if !titles[w.Norm] || i+1 >= r.body {
			continue
		}
		name := i + 1
		for name+1 < len(r.words) && particles[r.words[name].Norm] {
			name++
		}
		if !r.words[name].capital || r.words[name].sentence != w.sentence && r.words[name].Start-w.End > 2 {
			continue
		}
		norm := r.words[name].Norm
		if r.greeted(i) || r.isCustomer(norm) || r.isStaff(norm) || greeted[norm] || r.colleague(i) || r.namedFreely(norm) {
			greeted[norm] = true
			continue
		}
		out = append(out, found{w.Start, r.words[name].End, "names somebody else: what happened to others is theirs"})
	}
	return out
}

var beforeGreeting = wordSet("en and of good goede")

// greeted reports whether nothing but a greeting stands before words[i].
func (r *reading) greeted(i int) bool {
	for j := i - 1; j >= 0; j-- {
		if w := r.words[j]; !greetings[w.Norm] && !titles[w.Norm] && !beforeGreeting[w.Norm] {
			return false
		}
	}
	return i < 5
}

var colleagues = wordSet("collega adviseur medewerker medewerkster onze mijn colleague adviser advisor our my manager dokter doctor")

// colleague reports whether words[i] is introduced as one of ours.
func (r *reading) colleague(i int) bool {
	for j := max(0, i-3); j < i; j++ {
		if colleagues[r.words[j].Norm] {
			return true
		}
	}
	return false
}

// namedFreely: in private, and where no data leaked, a name that the customer
// brought up may be said back: most often it is one of our people.
func (r *reading) namedFreely(norm string) bool {
	if r.Public || !r.customerSays(norm) || r.Triage == nil {
		return false
	}
	for _, f := range r.Triage.Frictions {
		if f.Type == webcare.PrivacySecurity || f.Type == webcare.MisdirectedMessage {
			return false
		}
	}
	return len(r.Triage.Frictions) > 0
}

var neighbours = lazy(`
	buren|buurman|buurvrouw|buur|neighbour|neighbours|neighbor|neighbors ... nummer|huisnummer|nr|number|no|flat|apartment #
`)

var particles = wordSet("de van der den el al ten ter te 't")

func (r *reading) isCustomer(norm string) bool {
	for _, w := range text.Words(r.Author.Name + " " + r.Author.Handle) {
		if w.Norm == norm {
			return true
		}
	}
	// A name at the end of the customer's mail is theirs.
	tail := r.customer[max(0, len(r.customer)-4):]
	for _, w := range tail {
		if w.Norm == norm && w.capital {
			return true
		}
	}
	return false
}

func (r *reading) isStaff(norm string) bool {
	for _, s := range r.Voice.Staff {
		if text.Normal(s) == norm {
			return true
		}
	}
	return r.Triage != nil && named(r.Triage.Praise, norm)
}

// named: whoever is praised is ours.
func named(spans []webcare.Span, norm string) bool {
	for _, s := range spans {
		if strings.Contains(text.Normal(s.Text), norm) {
			return true
		}
	}
	return false
}
