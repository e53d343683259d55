package followup

import (
	"context"
	"fmt"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// tellDesks mails the desks whose work orders are new, or nearly due and not
// answered. It returns the orders told of; saying it twice after a crash is
// better than not at all.
func (s *Stage) tellDesks(ctx context.Context, c *webcare.Case) (told []string, err error) {
	if s.Brands == nil || s.Mail == nil || s.Links == nil {
		return nil, nil
	}
	b, err := s.Brands.Get(c.Head.Brand)
	if err != nil {
		return nil, nil //nolint:nilerr // the brand was taken out: nobody is there to tell
	}
	out, ok := s.Mail(b.ID)
	if !ok {
		return nil, nil
	}
	for _, w := range c.WorkOrders {
		desk := b.Desks[w.Desk]
		tell, _ := w.Notice(s.Now())
		if !tell || !strings.Contains(desk.Contact, "@") || len(told) == webcare.MaxPromises {
			continue
		}
		link, err := s.Links.URL(ctx, c.Head.ID, w.ID)
		if err != nil {
			return told, err
		}
		if _, err := out.Publish(ctx, notice(b, c.Head, w, desk.Contact, link)); err != nil {
			return told, fmt.Errorf("telling desk %s: %w", w.Desk, err)
		}
		told = append(told, w.ID)
	}
	return told, nil
}

// notice is the mail to a desk, in the brand's first language. It carries the
// instruction and nothing of the customer's own words.
func notice(b *brand.Brand, h webcare.Head, w webcare.WorkOrder, to, link string) webcare.Outgoing {
	due := w.Due.In(b.Location()).Format("02-01-2006 15:04")
	lang := b.Languages[0]
	subject, text := "Werkopdracht", "Er is een werkopdracht voor %s.\n\n%s\n\nUiterlijk: %s\nZaak: %s\n\nGedaan, of gaat het niet? Antwoord hier, met een kenmerk of een reden:\n%s\n"
	if lang == "en" {
		subject, text = "Work order", "There is a work order for %s.\n\n%s\n\nDue: %s\nCase: %s\n\nDone, or not possible? Answer here, with a reference or a reason:\n%s\n"
	}
	if w.Told > 0 {
		subject = map[bool]string{true: "Reminder: ", false: "Herinnering: "}[lang == "en"] + strings.ToLower(subject)
	}
	name := b.Desks[w.Desk].Name
	return webcare.Outgoing{Key: fmt.Sprintf("order-%s-%s-%d", h.ID, w.ID, w.Told), CaseID: h.ID, Brand: b.ID, Channel: "email",
		Draft: webcare.Draft{Subject: fmt.Sprintf("%s %s: %s", subject, w.ID, b.Name), Language: lang, Visibility: webcare.Private,
			Text: fmt.Sprintf(text, name, w.Instruction, due, h.ID, link), ReplyTo: webcare.ReplyTarget{Recipients: []string{to}}}}
}
