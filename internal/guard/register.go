package guard

import (
	"strings"

	"webcare.example/responder/internal/text"
)

// wrongRegister (rule 7) holds the reply to the customer's language and, in
// Dutch, to one form of address: the brand's je or u, or with mirror the
// customer's own. Quotations are left out, and so are "11u" and "a.u.b.". The
// English you knows no register.
func wrongRegister(r *reading) []found {
	if f, ok := r.wrongLanguage(); ok {
		return []found{f}
	}
	if !r.dutch() && r.language != "nl" {
		return nil
	}
	je, u := r.addresses(r.words)
	want := r.register()
	switch {
	case want == "je" && len(u) > 0:
		return []found{r.at(hit{u[0], u[0] + 1}, "addresses the customer with u, where je is asked")}
	case want == "u" && len(je) > 0:
		return []found{r.at(hit{je[0], je[0] + 1}, "addresses the customer with je, where u is asked")}
	case len(je) > 0 && len(u) > 0:
		odd := u[0]
		if len(je) < len(u) {
			odd = je[0]
		}
		return []found{r.at(hit{odd, odd + 1}, "je and u in one reply")}
	}
	return nil
}

// wrongLanguage finds a reply, or a whole sentence of one, in another language
// than the customer's.
func (r *reading) wrongLanguage() (found, bool) {
	want := r.Language
	if want == "" || want == text.Undetermined {
		return found{}, false
	}
	if r.language != text.Undetermined && r.language != want && (r.sure > 0.3 || len(r.words) > 6 && r.sure > 0.2) {
		return found{0, len(r.Reply), "not in the customer's language (" + want + ")"}, true
	}
	for n, s := range r.sentences {
		if s.last-s.first < 8 || s.first >= r.body || r.words[s.first].quoted {
			continue
		}
		if code, sure := text.Language(s.Text); code != want && code != text.Undetermined && sure > 0.5 {
			return r.whole(n, "this sentence is not in the customer's language ("+want+")"), true
		}
	}
	return found{}, false
}

// register returns je, u, or "" where either will do.
func (r *reading) register() string {
	want, ok := r.Voice.Register[r.Voice.Locale]
	if !ok {
		want, ok = r.Voice.Register["nl"]
	}
	if !ok || want != "mirror" {
		return want
	}
	je, u := r.addresses(r.customer)
	switch {
	case len(u) > len(je):
		return "u"
	case len(je) > 0:
		return "je"
	}
	return ""
}

var (
	jeForms = wordSet("je jij jou jouw jezelf je't jullie ge gij")
	uForms  = wordSet("u uw uzelf uwe uw's")
)

// addresses returns where the words say je and where they say u, quotations
// and the signature left out.
func (r *reading) addresses(words []word) (je, u []int) {
	source := r.said
	if len(words) > 0 && len(r.words) > 0 && &words[0] == &r.words[0] {
		source = r.Reply
		words = words[:min(len(words), r.body)]
	}
	for i, w := range words {
		if w.quoted || w.Kind != text.KindWord {
			continue
		}
		switch {
		case w.Norm == "jullie" && source == r.Reply:
			// several people may be addressed so in either register
		case jeForms[w.Norm]:
			je = append(je, i)
		case uForms[w.Norm] && !isHour(source, words, i):
			u = append(u, i)
		}
	}
	return je, u
}

// isHour tells "11 u" and "a.u.b." from the form of address.
func isHour(s string, words []word, i int) bool {
	w := words[i]
	if len(w.Norm) > 1 {
		return false
	}
	after := ""
	if w.End < len(s) {
		after = s[w.End:min(len(s), w.End+2)]
	}
	if strings.HasPrefix(after, ".") && len(after) == 2 && after[1] != ' ' && after[1] != '\n' {
		return true
	}
	return i > 0 && words[i-1].Kind == text.KindNumber && s[words[i-1].End:w.Start] == " "
}
