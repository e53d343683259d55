package insight

import (
	"context"
	"slices"
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Quote is what a customer wrote about a friction, without what tells who.
type Quote struct {
	Friction webcare.FrictionType
	Text     string
}

// special are signals that are nobody's business but the handler's: customers
// with one are not quoted.
var special = []webcare.Signal{webcare.VulnerableCustomer, webcare.Discrimination, webcare.Safety, webcare.PrivacyLeak, webcare.PrivacyRequest,
	webcare.Fraud, webcare.LegalThreat, webcare.Press, webcare.Abusive, webcare.Spam}

const (
	maxQuoteRunes = 160
	minQuoteRunes = 12
	quoteLooks    = 40 // cases loaded to find quotes
)

// Quotes returns what customers wrote about frictions in a period, each of
// another customer, redacted.
func Quotes(ctx context.Context, s webcare.Store, brand string, frictions []webcare.FrictionType, p Period, n int) ([]Quote, error) {
	page, err := s.Cases.List(ctx, webcare.Query{Brands: []string{brand}, Statuses: webcare.Statuses(), Limit: quoteLooks, Match: func(h webcare.Head) bool {
		return len(h.Frictions) > 0 && slices.Contains(frictions, h.Frictions[0]) && p.Contains(h.ReceivedAt) && h.ErasedAt.IsZero() &&
			!slices.ContainsFunc(h.Signals, func(x webcare.Signal) bool { return slices.Contains(special, x) })
	}})
	if err != nil {
		return nil, err
	}
	var out []Quote
	quoted := map[webcare.CustomerID]bool{}
	for _, h := range page.Heads {
		if len(out) == n {
			break
		}
		if quoted[h.Customer()] {
			continue
		}
		c, err := s.Load(ctx, h.ID)
		if err != nil {
			return nil, err
		}
		if q, ok := quote(c); ok {
			quoted[h.Customer()] = true
			out = append(out, q)
		}
	}
	return out, nil
}

// quote takes the evidence of the main friction.
func quote(c *webcare.Case) (Quote, bool) {
	main := c.Head.Frictions[0]
	for _, f := range c.Triage().Frictions {
		if f.Type != main {
			continue
		}
		for _, e := range f.Evidence {
			if t, ok := Redact(e.Text, c.Head.Author, c.Triage().Facts); ok {
				return Quote{main, t}, true
			}
		}
	}
	return Quote{}, false
}

// blank stands for what is left out.
const blank = "[…]"

// Redact leaves personal data, names and the author out of a text, and cuts it
// to a quote. ok is false for what should not be quoted at all: a word about
// somebody's health or debts, or too little left.
func Redact(s string, by webcare.Author, facts []webcare.Fact) (_ string, ok bool) {
	spans := text.Personal(s)
	for _, p := range slices.Backward(spans) {
		if !p.Kind.Identifies() {
			return "", false
		}
		s = s[:p.Start] + blank + s[p.End:]
	}
	names := append(strings.Fields(by.Name), strings.TrimPrefix(by.Handle, "@"), by.Address)
	for _, f := range facts {
		switch f.Kind {
		case webcare.FactName, webcare.FactNumber, webcare.FactPhone, webcare.FactEmail, webcare.FactIBAN, webcare.FactPlace:
			names = append(names, f.Text)
		}
	}
	for _, n := range names {
		if len(n) > 2 {
			s = replaceFold(s, n, blank)
		}
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxQuoteRunes {
		s = strings.TrimSpace(string(r[:maxQuoteRunes])) + "…"
	}
	return s, len([]rune(strings.ReplaceAll(s, blank, ""))) >= minQuoteRunes
}

// replaceFold replaces a word whatever its case.
func replaceFold(s, old, with string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if i+len(old) <= len(s) && strings.EqualFold(s[i:i+len(old)], old) {
			b.WriteString(with)
			i += len(old)
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}
