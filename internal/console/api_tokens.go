package console

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/console/hook"
)

// TokenView is a token without its secret.
type TokenView struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Role     Role       `json:"role" enum:"integration,marketing"`
	Scopes   []Scope    `json:"scopes" nullable:"false"`
	Made     time.Time  `json:"made"`
	MadeBy   string     `json:"made_by"`
	Expires  *time.Time `json:"expires,omitempty"`
	LastUsed *time.Time `json:"last_used,omitempty" doc:"to the minute"`
	Token    string     `json:"token,omitempty" doc:"shown when it is made, and never again"`
}

func tokenView(t TokenUse) TokenView {
	scopes := t.Scopes
	if len(scopes) == 0 {
		scopes = t.Role.scopes()
	}
	return TokenView{ID: t.ID, Name: t.Name, Role: t.Role, Scopes: list(scopes), Made: t.Made, MadeBy: t.MadeBy, Expires: ptr(t.Expires), LastUsed: ptr(t.LastUsed)}
}

// TokenBody asks for a token.
type TokenBody struct {
	Name    string     `json:"name" minLength:"1" maxLength:"100" pattern:"\\S" example:"CRM"`
	Role    Role       `json:"role,omitempty" enum:"integration,marketing" default:"integration"`
	Scopes  []Scope    `json:"scopes,omitempty" nullable:"false" maxItems:"10" doc:"none: what the role allows"`
	Expires *time.Time `json:"expires,omitempty"`
}

// leading runs f for leads.
func leading[I, O any](s *Server, f func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		if err := userOf(ctx).mayManage(); err != nil {
			return nil, s.problem(ctx, err)
		}
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	}
}

// registerTokens adds tokens of the API.
func (s *Server) registerTokens(api huma.API) {
	type tokens struct {
		Body struct {
			Tokens []TokenView `json:"tokens" nullable:"false"`
		}
	}
	huma.Register(api, operation("list-tokens", http.MethodGet, "/tokens", "Tokens of the API, with their last use"),
		leading(s, func(ctx context.Context, _ *struct{}) (*tokens, error) {
			ts, err := s.tokens(ctx)
			out := &tokens{}
			out.Body.Tokens = []TokenView{}
			for _, t := range ts {
				out.Body.Tokens = append(out.Body.Tokens, tokenView(t))
			}
			return out, err
		}))
	create := operation("create-token", http.MethodPost, "/tokens", "Make a token; the answer holds it, this once")
	create.DefaultStatus = http.StatusCreated
	type token struct{ Body TokenView }
	huma.Register(api, create, leading(s, func(ctx context.Context, in *struct{ Body TokenBody }) (*token, error) {
		t, secret, err := s.makeToken(ctx, in.Body)
		if err != nil {
			return nil, err
		}
		out := &token{tokenView(TokenUse{Token: t})}
		out.Body.Token = secret
		return out, nil
	}))
	revoke := operation("revoke-token", http.MethodDelete, "/tokens/{id}", "Revoke a token, at once")
	revoke.DefaultStatus = http.StatusNoContent
	huma.Register(api, revoke, leading(s, func(ctx context.Context, in *struct {
		ID string `path:"id" minLength:"1" maxLength:"64"`
	}) (*struct{}, error) {
		return nil, s.revoke(ctx, in.ID)
	}))
}

func (s *Server) makeToken(ctx context.Context, b TokenBody) (Token, string, error) {
	t := Token{Name: b.Name, Role: b.Role, Scopes: b.Scopes, MadeBy: userOf(ctx).ID}
	if t.Role == "" {
		t.Role = RoleIntegration
	}
	if b.Expires != nil {
		t.Expires = b.Expires.UTC()
	}
	return MakeToken(ctx, s.store, t, s.cfg.Now())
}

// SourceView is a source without its secret.
type SourceView struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Brand    string     `json:"brand"`
	Channel  string     `json:"channel,omitempty"`
	Path     string     `json:"path" doc:"where it pushes messages to"`
	Made     time.Time  `json:"made"`
	MadeBy   string     `json:"made_by"`
	LastUsed *time.Time `json:"last_used,omitempty" doc:"to the minute"`
	Secret   string     `json:"secret,omitempty" doc:"shown when it is made, and never again"`
}

func (s *Server) sourceView(ctx context.Context, src hook.Source) (SourceView, error) {
	last, err := s.intake.Uses().Last(ctx, src.ID)
	return SourceView{ID: src.ID, Name: src.Name, Brand: src.Brand, Channel: src.Channel, Path: "/hooks/messages/" + src.ID, Made: src.Made, MadeBy: src.MadeBy,
		LastUsed: ptr(last)}, err
}

// SourceBody asks for a source.
type SourceBody struct {
	Name    string `json:"name" minLength:"1" maxLength:"100" pattern:"\\S" example:"Forum"`
	Brand   string `json:"brand,omitempty" maxLength:"100" doc:"of all it pushes; default: the only one"`
	Channel string `json:"channel,omitempty" maxLength:"40" pattern:"^[A-Za-z0-9._-]*$" doc:"where a message names none" example:"forum"`
}

// registerSources adds systems that push messages in.
func (s *Server) registerSources(api huma.API) {
	type all struct {
		Body struct {
			Sources []SourceView `json:"sources" nullable:"false"`
		}
	}
	type one struct{ Body SourceView }
	shown := func(ctx context.Context, src hook.Source, err error) (*one, error) {
		if err != nil {
			return nil, err
		}
		v, err := s.sourceView(ctx, src)
		v.Secret = src.Secrets[0].Secret
		return &one{v}, err
	}
	huma.Register(api, operation("list-sources", http.MethodGet, "/sources", "Systems that push messages in"),
		leading(s, func(ctx context.Context, _ *struct{}) (*all, error) {
			srcs, err := s.intake.Sources().List(ctx)
			out := &all{}
			out.Body.Sources = []SourceView{}
			for _, src := range srcs {
				v, verr := s.sourceView(ctx, src)
				if verr != nil {
					return nil, verr
				}
				out.Body.Sources = append(out.Body.Sources, v)
			}
			return out, err
		}))
	create := operation("create-source", http.MethodPost, "/sources", "Let a system push messages in; the answer holds its secret")
	create.DefaultStatus = http.StatusCreated
	huma.Register(api, create, leading(s, func(ctx context.Context, in *struct{ Body SourceBody }) (*one, error) {
		src, err := s.intake.Sources().Make(ctx, hook.Source{Name: in.Body.Name, Brand: in.Body.Brand, Channel: in.Body.Channel}, userOf(ctx).ID)
		return shown(ctx, src, err)
	}))
	type path struct {
		ID string `path:"id" minLength:"1" maxLength:"64" pattern:"^[0-9a-z]+$"`
	}
	huma.Register(api, operation("rotate-source", http.MethodPost, "/sources/{id}/rotate", "Make a new secret; the one before is taken for a day"),
		leading(s, func(ctx context.Context, in *path) (*one, error) {
			src, err := s.intake.Sources().Rotate(ctx, in.ID)
			return shown(ctx, src, err)
		}))
	remove := operation("delete-source", http.MethodDelete, "/sources/{id}", "Take nothing more from a system")
	remove.DefaultStatus = http.StatusNoContent
	huma.Register(api, remove, leading(s, func(ctx context.Context, in *path) (*struct{}, error) {
		return nil, s.intake.Sources().Remove(ctx, in.ID)
	}))
}

// enumerate puts the values of a type into its schema.
func enumerate[T ~string](values []T) *huma.Schema {
	sch := &huma.Schema{Type: huma.TypeString}
	for _, v := range values {
		sch.Enum = append(sch.Enum, string(v))
	}
	return sch
}

// Schema implements huma.SchemaProvider.
func (Scope) Schema(huma.Registry) *huma.Schema { return enumerate(Scopes()) }

var _ huma.SchemaProvider = Scope("")
