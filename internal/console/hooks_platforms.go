package console

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/webcare"
)

// Channels is what the console knows of the public channels; the zero value
// has none.
type Channels struct {
	Platforms *hook.Platforms // their webhooks; nil for none
	// Health of every channel; nil for none.
	Health func(context.Context) ([]channel.Health, error)
	// Publisher of a channel, to hide posts by; nil for none.
	Publisher func(brand, channel string) (webcare.Publisher, bool)
}

// registerPlatforms serves the webhooks of platforms.
func (s *Server) registerPlatforms(mux *http.ServeMux) {
	if s.cfg.Channels.Platforms != nil {
		s.cfg.Channels.Platforms.Register(mux)
	}
}

// registerChannels adds the channels' health, and hiding a post.
func (s *Server) registerChannels(api huma.API) {
	type states struct {
		Body struct {
			Channels []channel.Health `json:"channels"`
		}
	}
	huma.Register(api, operation("channels", http.MethodGet, "/channels", "How each channel is: last success, lag, what is wrong and what to do"),
		reading(s, func(ctx context.Context, _ *struct{}) (*states, error) {
			out := &states{}
			out.Body.Channels = []channel.Health{}
			if s.cfg.Channels.Health == nil {
				return out, nil
			}
			all, err := s.cfg.Channels.Health(ctx)
			for _, h := range all {
				if userOf(ctx).sees(h.Brand) {
					out.Body.Channels = append(out.Body.Channels, h)
				}
			}
			return out, err
		}))
	huma.Register(api, operation("hide", http.MethodPost, "/cases/{id}/hide", "Hide the customer's post on the platform, or show it again"),
		func(ctx context.Context, in *struct {
			CasePath
			Body struct {
				Hidden bool `json:"hidden"`
			}
		}) (*struct{}, error) {
			if err := s.hide(ctx, in.ID, in.Body.Hidden); err != nil {
				return nil, s.problem(ctx, err)
			}
			return nil, nil
		})
}

// What the case notes of hiding.
const (
	noteHidden = "hid the post on the platform"
	noteShown  = "showed the post on the platform again"
)

// hide takes a customer's latest post out of sight where its platform can.
func (s *Server) hide(ctx context.Context, id webcare.CaseID, hidden bool) error {
	if err := userOf(ctx).mayDecide(); err != nil {
		return err
	}
	c, err := s.store.Load(ctx, id)
	if err != nil {
		return err
	}
	if !userOf(ctx).sees(c.Head.Brand) {
		return webcare.NotFoundf("case %s", id)
	}
	latest, ok := c.LatestInbound()
	if !ok || s.cfg.Channels.Publisher == nil {
		return webcare.Invalidf("there is nothing to hide")
	}
	p, connected := s.cfg.Channels.Publisher(c.Head.Brand, c.Head.Channel)
	h, can := p.(channel.Hider)
	if !can || !connected {
		return webcare.Invalidf("posts on %s cannot be hidden from here", c.Head.Channel)
	}
	if err := h.Hide(ctx, latest.Key.ExternalID, hidden); err != nil {
		return err
	}
	ch := webcare.Begin(c, s.cfg.Now(), userOf(ctx).Actor)
	note := noteHidden
	if !hidden {
		note = noteShown
	}
	if err := ch.AddNote(note); err != nil {
		return err
	}
	_, err = s.store.Commit(ctx, ch)
	return err
}
