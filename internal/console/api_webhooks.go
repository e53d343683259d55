package console

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// WebhookBody is what can be said of a webhook.
type WebhookBody struct {
	Name     string         `json:"name" minLength:"1" maxLength:"100" pattern:"\\S" example:"CRM"`
	URL      string         `json:"url" format:"uri" minLength:"1" maxLength:"1000" doc:"https, on the public internet" example:"https://crm.example.com/webcare"`
	Brands   []string       `json:"brands,omitempty" nullable:"false" maxItems:"50" doc:"none: every brand"`
	Events   []EventName    `json:"events,omitempty" nullable:"false" maxItems:"50" doc:"none: every public event; case.due_soon and webhook.paused only where listed"`
	Format   webhook.Format `json:"format,omitempty" enum:"standard,slack" default:"standard"`
	Language string         `json:"language,omitempty" enum:"nl,en" default:"nl" doc:"of what people read in it"`
	Owner    string         `json:"owner,omitempty" format:"email" maxLength:"320" doc:"who is mailed when it is paused or ends"`
	Texts    bool           `json:"texts,omitempty" doc:"send what was written too"`
	Special  bool           `json:"special,omitempty" doc:"send the signals vulnerable_customer and discrimination too"`
}

// EventName is an event that can be subscribed to.
type EventName webcare.EventType

// Schema implements huma.SchemaProvider.
func (EventName) Schema(huma.Registry) *huma.Schema { return enumerate(webhook.EventTypes()) }

// WebhookView is a webhook without its secret.
type WebhookView struct {
	ID string `json:"id"`
	WebhookBody
	State   webhook.State `json:"state" enum:"active,paused,disabled"`
	Why     string        `json:"why,omitempty" doc:"of a state that is not active"`
	Since   time.Time     `json:"since" doc:"of the state"`
	Made    time.Time     `json:"made"`
	MadeBy  string        `json:"made_by"`
	Version int64         `json:"version"`
	// Secret is shown when it is made, and never again.
	Secret string `json:"secret,omitempty" doc:"shown when it is made, and never again"`
}

func webhookView(s webhook.Subscription) WebhookView {
	events := []EventName{}
	for _, e := range s.Events {
		events = append(events, EventName(e))
	}
	return WebhookView{ID: s.ID, WebhookBody: WebhookBody{Name: s.Name, URL: s.URL, Brands: list(s.Brands), Events: events, Format: s.Format, Language: s.Language,
		Owner: s.Owner, Texts: s.Texts, Special: s.Special}, State: s.State, Why: s.Why, Since: s.Since, Made: s.Made, MadeBy: s.MadeBy, Version: s.Version}
}

func (b WebhookBody) onto(s *webhook.Subscription) {
	s.Name, s.URL, s.Brands, s.Format, s.Language, s.Owner, s.Texts, s.Special = b.Name, b.URL, b.Brands, b.Format, b.Language, b.Owner, b.Texts, b.Special
	s.Events = nil
	for _, e := range b.Events {
		s.Events = append(s.Events, webcare.EventType(e))
	}
}

// checkBrands reports a brand that is not served here.
func (s *Server) checkBrands(ids []string) error {
	for _, id := range ids {
		if _, err := s.cfg.Brands.Get(id); err != nil || id == "" {
			return webcare.Invalidf("brands: %q is not served here", id)
		}
	}
	return nil
}

// WebhookPath names a webhook.
type WebhookPath struct {
	ID string `path:"id" minLength:"1" maxLength:"64" pattern:"^[0-9a-z]+$" doc:"id of the webhook"`
}

type webhookAnswer struct{ Body WebhookView }

// managing runs f for those who may manage webhooks, where there are any.
func managing[I, O any](s *Server, f func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		err := userOf(ctx).may(ScopeWebhooks)
		if err == nil && s.cfg.Courier == nil {
			err = webcare.NotFoundf("webhooks are not served here")
		}
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	}
}

// registerWebhooks adds what is sent out.
func (s *Server) registerWebhooks(api huma.API) {
	type webhooks struct {
		Body struct {
			Webhooks []WebhookView `json:"webhooks" nullable:"false"`
		}
	}
	huma.Register(api, operation("list-webhooks", http.MethodGet, "/webhooks", "Who is told of events"),
		managing(s, func(ctx context.Context, _ *struct{}) (*webhooks, error) {
			subs, err := s.cfg.Courier.Subscriptions.List(ctx)
			out := &webhooks{}
			out.Body.Webhooks = []WebhookView{}
			for _, sub := range subs {
				out.Body.Webhooks = append(out.Body.Webhooks, webhookView(sub))
			}
			return out, err
		}))
	create := operation("create-webhook", http.MethodPost, "/webhooks", "Be told of events; the answer holds the secret")
	create.DefaultStatus = http.StatusCreated
	huma.Register(api, create, managing(s, func(ctx context.Context, in *struct{ Body WebhookBody }) (*webhookAnswer, error) {
		return s.createWebhook(ctx, in.Body)
	}))
	huma.Register(api, operation("get-webhook", http.MethodGet, "/webhooks/{id}", "One webhook"),
		managing(s, func(ctx context.Context, in *WebhookPath) (*webhookAnswer, error) {
			sub, err := s.cfg.Courier.Subscriptions.Get(ctx, in.ID)
			return &webhookAnswer{webhookView(sub)}, err
		}))
	huma.Register(api, operation("change-webhook", http.MethodPut, "/webhooks/{id}", "Change a webhook"),
		managing(s, func(ctx context.Context, in *struct {
			WebhookPath
			Body struct {
				WebhookBody
				Version int64 `json:"version" minimum:"1" maximum:"9007199254740991"`
			}
		}) (*webhookAnswer, error) {
			if err := s.checkBrands(in.Body.Brands); err != nil {
				return nil, err
			}
			sub, err := s.cfg.Courier.Subscriptions.Change(ctx, in.ID, in.Body.Version, func(sub *webhook.Subscription) error {
				in.Body.onto(sub)
				return nil
			})
			return &webhookAnswer{webhookView(sub)}, err
		}))
	remove := operation("delete-webhook", http.MethodDelete, "/webhooks/{id}", "End a webhook; what waits for it is dropped")
	remove.DefaultStatus = http.StatusNoContent
	huma.Register(api, remove, managing(s, func(ctx context.Context, in *WebhookPath) (*struct{}, error) {
		return nil, s.cfg.Courier.Subscriptions.Remove(ctx, in.ID)
	}))
	s.registerWebhookSteps(api)
}

func (s *Server) createWebhook(ctx context.Context, b WebhookBody) (*webhookAnswer, error) {
	if err := s.checkBrands(b.Brands); err != nil {
		return nil, err
	}
	var sub webhook.Subscription
	b.onto(&sub)
	sub, err := s.cfg.Courier.Subscriptions.Create(ctx, sub, userOf(ctx).ID, "")
	if err != nil {
		return nil, err
	}
	out := &webhookAnswer{webhookView(sub)}
	out.Body.Secret = sub.Secrets[0].Secret
	return out, nil
}

// registerWebhookSteps adds what is done to a webhook.
func (s *Server) registerWebhookSteps(api huma.API) {
	one := func(name, summary string, f func(ctx context.Context, id string) (webhook.Subscription, error), secret bool) {
		huma.Register(api, operation(name+"-webhook", http.MethodPost, "/webhooks/{id}/"+name, summary),
			managing(s, func(ctx context.Context, in *WebhookPath) (*webhookAnswer, error) {
				sub, err := f(ctx, in.ID)
				if err != nil {
					return nil, err
				}
				out := &webhookAnswer{webhookView(sub)}
				if secret {
					out.Body.Secret = sub.Secrets[0].Secret
				}
				return out, nil
			}))
	}
	one("rotate", "Make a new secret; the one before signs beside it for a day", func(ctx context.Context, id string) (webhook.Subscription, error) {
		return s.cfg.Courier.Subscriptions.Rotate(ctx, id)
	}, true)
	one("pause", "Hold what is to be delivered", func(ctx context.Context, id string) (webhook.Subscription, error) {
		return s.cfg.Courier.Subscriptions.Pause(ctx, id, "paused by "+userOf(ctx).ID)
	}, false)
	one("resume", "Deliver again, first what was held", func(ctx context.Context, id string) (webhook.Subscription, error) {
		return s.cfg.Courier.Resume(ctx, id)
	}, false)
	type delivery struct{ Body DeliveryView }
	test := operation("test-webhook", http.MethodPost, "/webhooks/{id}/test", "Send a test event")
	test.DefaultStatus = http.StatusAccepted
	huma.Register(api, test, managing(s, func(ctx context.Context, in *WebhookPath) (*delivery, error) {
		d, err := s.cfg.Courier.Ping(ctx, in.ID)
		return &delivery{deliveryView(d)}, err
	}))
}
