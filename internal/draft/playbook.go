package draft

import (
	"context"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// Engine names the offline drafter and its version, raised whenever the same
// case would get another draft.
const Engine = "playbook/1"

// Playbook drafts offline, from the brand's playbook and the phrases of this
// package. The zero value drafts for the sample brand. It is safe for
// concurrent use.
type Playbook struct {
	// Brand finds the brand of a request by its id; nil: always the sample brand.
	Brand func(id string) (*brand.Brand, bool)
}

var _ webcare.Drafter = Playbook{}

// For returns a Playbook that drafts for one brand, whatever the request names.
func For(b *brand.Brand) Playbook {
	return Playbook{Brand: func(string) (*brand.Brand, bool) { return b, true }}
}

// Draft writes a reply to the request. It is an error of kind
// webcare.ErrInvalid, with the reason in words, where a person or a desk must
// answer without a draft: see NoDraftError. Findings, hash and sequence are
// left to the stage.
func (p Playbook) Draft(ctx context.Context, req webcare.DraftRequest) (webcare.Draft, error) {
	if err := ctx.Err(); err != nil {
		return webcare.Draft{}, err
	}
	b := brand.Sample
	if p.Brand != nil {
		found, ok := p.Brand(req.Brand)
		if !ok {
			return webcare.Draft{}, webcare.Invalidf("there is no brand %q", req.Brand)
		}
		b = func() *brand.Brand { return found }
	}
	r := read(req, b())
	if reason := r.noDraft(); reason != nil {
		return webcare.Draft{}, reason
	}
	c, err := r.choose()
	if err != nil {
		return webcare.Draft{}, err
	}
	reply, private, err := r.compose(c)
	if err != nil {
		return webcare.Draft{}, err
	}
	if r.needsQuote(reply, private) {
		r.quoting = true
		if quoted, aside, err := r.compose(c); err == nil {
			reply, private = quoted, aside
		}
	}
	return r.draft(c, reply, private), nil
}

// needsQuote reports whether the reply could be sent to anybody, as the guard
// sees it: then it is written anew around a few words of the customer's own.
func (r *reading) needsQuote(reply, private string) bool {
	if !r.req.Triage.Complaint || !r.vague {
		return false
	}
	in := guard.Input{Reply: reply, Channel: r.kind, Public: r.public, Messages: []string{r.text}, Language: r.lang,
		Triage: &r.req.Triage, Voice: guard.VoiceOf(r.brand, r.lang), SignedBy: r.agent}
	return guard.Breaks(guard.NotSpecific, in, private)
}

// draft puts the texts and the choice together.
func (r *reading) draft(c choice, reply, private string) webcare.Draft {
	d := webcare.Draft{
		Text: reply, PrivateText: private, Language: r.lang, Visibility: webcare.Private,
		Resolution: r.resolution(c), Promises: r.promises(c), Engine: Engine, SignedBy: r.agent,
		Authority: r.authority(c), Instruction: r.req.Instruction,
	}
	if r.public {
		d.Visibility = webcare.Public
	}
	if r.req.Case == nil {
		return d
	}
	d.InboundSeq = r.req.Case.Head.InboundSeq
	if m, ok := r.req.Case.LatestInbound(); ok {
		d.ReplyTo = m.ReplyTo
		if r.public && m.Visibility != "" {
			d.Visibility = m.Visibility
		}
		if r.kind == "email" && m.Subject != "" {
			d.Subject = replySubject(m.Subject)
		}
	}
	return d
}

func replySubject(subject string) string {
	if len(subject) >= 3 && strings.EqualFold(subject[:3], "re:") {
		return subject
	}
	return "Re: " + subject
}

// NoDraftError says why a case goes to a person or a desk without a draft. It
// is of kind webcare.ErrInvalid.
type NoDraftError struct {
	Reason string // in words, for the person who looks
	Desk   string // who answers, "" for whoever takes the case
	Alert  bool   // tell the desk at once
}

func (e *NoDraftError) Error() string { return e.Reason }

// Is makes a NoDraftError a kind of webcare.ErrInvalid.
func (e *NoDraftError) Is(target error) bool { return target == webcare.ErrInvalid }

// noDraft says why there is to be no draft, nil where there is.
func (r *reading) noDraft() error {
	t := r.req.Triage
	signals := t.Signals
	if t.Kind == webcare.KindPress {
		signals = append([]webcare.Signal{webcare.Press}, signals...)
	}
	for _, route := range r.brand.RoutesFor(signals) {
		if route.NoDraft() {
			return &NoDraftError{Reason: "no draft: " + string(route.Signal) + " is answered by " + r.brand.Desks[route.Desk].Name, Desk: route.Desk, Alert: route.Alert}
		}
	}
	switch {
	case strings.TrimSpace(r.text) == "":
		return &NoDraftError{Reason: "no draft: the message has no text"}
	case t.Kind == webcare.KindSpam || t.Has(webcare.Spam) && !t.Complaint:
		return &NoDraftError{Reason: "no draft: this is spam"}
	case !r.brand.Speaks(r.lang) || books[r.lang] == nil:
		return &NoDraftError{Reason: "no draft: the customer writes in language " + quoteLanguage(r.lang) + ", which the brand does not answer in"}
	case !t.Complaint && len(t.Frictions) == 0 && (t.Kind == webcare.KindOther || t.Kind == "") && !t.Has(webcare.AsksForReply):
		return &NoDraftError{Reason: "no draft: neither a complaint nor a question, praise or suggestion"}
	}
	return nil
}

func quoteLanguage(lang string) string {
	if lang == "" {
		return `"und"`
	}
	return `"` + lang + `"`
}
