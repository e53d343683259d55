package draft

import (
	"context"
	"slices"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Example is a message of another customer and the reply that a person
// approved, both redacted without a way back.
type Example struct {
	Message string `json:"message"`
	Reply   string `json:"reply"`
}

// Examples finds approved replies that are nearest to a message: of the same
// brand, language and friction.
type Examples interface {
	Nearest(ctx context.Context, brandID, lang string, friction webcare.FrictionType, terms []string) ([]Example, error)
}

// Approved finds examples by search. What approvers changed is in them: the
// text that counts is the one that was approved. It keeps no copy, so that
// erasing a case erases the example.
type Approved struct {
	Store  webcare.Store
	Brands *brand.Set
	Most   int // examples returned, 3 if zero
}

// ExampleSet is the collection of approved replies in webcare.Search.
const ExampleSet = "example"

// Bounds of the search and of an example.
const (
	exampleTerms    = 30  // terms asked for
	examplePostings = 200 // a term
	exampleRunes    = 700 // of each text
)

// frictionTerm and languageTerm are no words that a customer writes.
func frictionTerm(t webcare.FrictionType) string { return "friction:" + string(t) }
func languageTerm(lang string) string            { return "language:" + lang }

// ExampleDocument is what search knows of an approved reply; ok is false where
// the case holds none that may serve. Index it when the reply has been posted.
func ExampleDocument(c *webcare.Case) (d webcare.Document, ok bool) {
	approved, ok := approvedDraft(c)
	if !ok || c.Head.Imported || len(c.Triage().Frictions) == 0 {
		return d, false
	}
	d = webcare.Document{Brand: c.Head.Brand, Case: c.Head.ID, Set: ExampleSet, Terms: map[string]int{languageTerm(approved.Language): 1}}
	for _, f := range c.Triage().Frictions {
		d.Terms[frictionTerm(f.Type)] = 1
	}
	for _, term := range text.Terms(answeredText(c, approved)) {
		d.Terms[term]++
		d.Size++
	}
	return d, true
}

// Index makes the approved reply of a case an example.
func (a Approved) Index(ctx context.Context, id webcare.CaseID) (err error) {
	defer webcare.Wrap(&err, "Index(example %s)", id)
	c, err := a.Store.Load(ctx, id)
	if err != nil {
		return err
	}
	d, ok := ExampleDocument(c)
	if !ok {
		return a.Store.Search.Forget(ctx, c.Head.Brand, ExampleSet, id)
	}
	return a.Store.Search.Index(ctx, d)
}

// Nearest implements Examples. Cases that cannot be loaded are left out.
func (a Approved) Nearest(ctx context.Context, brandID, lang string, friction webcare.FrictionType, terms []string) ([]Example, error) {
	must := []string{frictionTerm(friction), languageTerm(lang)}
	terms = append(must, rarest(terms)...)
	postings, err := a.Store.Search.Postings(ctx, brandID, ExampleSet, terms, examplePostings)
	if err != nil {
		return nil, err
	}
	has := map[webcare.CaseID]int{}
	for _, p := range postings {
		if slices.Contains(must, p.Term) {
			has[p.Case]++
		}
	}
	postings = slices.DeleteFunc(postings, func(p webcare.Posting) bool { return has[p.Case] < len(must) })
	most := a.Most
	if most == 0 {
		most = 3
	}
	var out []Example
	for _, r := range webcare.Rank(postings, terms, false, most) {
		c, err := a.Store.Load(ctx, r.Case)
		if err != nil {
			continue
		}
		if e, ok := a.example(c); ok {
			out = append(out, e)
		}
	}
	return out, nil
}

// rarest keeps the longest terms: they say most.
func rarest(terms []string) []string {
	terms = slices.Compact(slices.Sorted(slices.Values(terms)))
	slices.SortStableFunc(terms, func(x, y string) int { return len(y) - len(x) })
	return terms[:min(len(terms), exampleTerms)]
}

func (a Approved) example(c *webcare.Case) (Example, bool) {
	d, ok := approvedDraft(c)
	if !ok {
		return Example{}, false
	}
	known := llm.Known{Language: d.Language, Author: c.Head.Author, Names: []string{d.SignedBy}}
	for _, e := range c.Messages {
		known.Names = append(known.Names, e.Value.Author.Name)
	}
	reply := strings.TrimSpace(a.unsigned(c, d, d.Text, false) + "\n\n" + a.unsigned(c, d, d.PrivateText, true))
	return Example{Message: text.Cut(llm.Anonymous(answeredText(c, d), known), exampleRunes),
		Reply: text.Cut(llm.Anonymous(reply, known), exampleRunes)}, true
}

// unsigned takes the signature off, which a model would copy.
func (a Approved) unsigned(c *webcare.Case, d webcare.Draft, reply string, private bool) string {
	b, err := a.Brands.Get(c.Head.Brand)
	if err != nil {
		return reply
	}
	kind := c.Head.Channel
	if ch, ok := b.Channel(kind); ok {
		kind = ch.Kind
	}
	if private {
		kind = "message"
	}
	sign, err := b.Sign(d.SignedBy, d.Language, kind)
	if err != nil {
		return reply
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(reply), sign))
}

// approvedDraft is the draft of the last approval, as approved.
func approvedDraft(c *webcare.Case) (webcare.Draft, bool) {
	for _, e := range slices.Backward(c.Decisions) {
		switch e.Value.What {
		case webcare.Approved, webcare.EditedAndSent:
			return c.Draft(e.Value.DraftSeq)
		case webcare.Undone, webcare.Rejected:
			return webcare.Draft{}, false
		}
	}
	return webcare.Draft{}, false
}

// answeredText is what the customer wrote up to the message that d answers,
// since our reply before.
func answeredText(c *webcare.Case, d webcare.Draft) string {
	var parts []string
	for _, e := range c.Conversation() {
		switch {
		case d.InboundSeq > 0 && e.Seq > d.InboundSeq:
		case e.Value.Ours:
			parts = nil
		case e.Value.Automatic == "":
			parts = append(parts, e.Value.Text)
		}
	}
	return strings.Join(parts, "\n\n")
}
