package console

import (
	"context"
	"fmt"
	"strings"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// tellKept puts up a draft that tells the customer of a promise that was kept:
// guarded and approved like any other reply.
func (s *Server) tellKept(ctx context.Context, id webcare.CaseID, u User, promise string) error {
	c, err := s.store.Load(ctx, id)
	if err != nil {
		return err
	}
	var what string
	for _, p := range c.Promises {
		if p.ID == promise {
			what = strings.TrimRight(p.What, ". ")
		}
	}
	b, err := s.cfg.Brands.Get(c.Head.Brand)
	if err != nil {
		return err
	}
	kind := c.Head.Channel
	if ch, ok := b.Channel(c.Head.Channel); ok {
		kind = ch.Kind
	}
	lang := c.Head.Language
	if !b.Speaks(lang) {
		lang = b.Languages[0]
	}
	sign, err := b.Sign(u.Name, lang, kind)
	if err != nil {
		return err
	}
	text := keptMessage(lang, b.Registers[lang] == "u", c.Head.Author.Name, what) + sign
	_, err = s.cfg.Desk.Write(ctx, id, u.Actor, review.Approval{Version: c.Head.Version, Text: &text})
	return err
}

func keptMessage(lang string, formal bool, name, what string) string {
	first, _, _ := strings.Cut(name, " ")
	if first != "" {
		first = " " + first
	}
	if lang == "en" {
		return fmt.Sprintf("Hello%s, we promised you: %s. That has been done. Do let us know if anything is still not right.\n\n", first, what)
	}
	you := "je"
	if formal {
		you = "u"
	}
	return fmt.Sprintf("Dag%s, we hadden %s beloofd: %s. Dat is gedaan. Laat het ons weten als er toch nog iets niet klopt.\n\n", first, you, what)
}
