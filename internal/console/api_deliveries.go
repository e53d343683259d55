package console

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// CallView is one attempt at a delivery.
type CallView webhook.Attempt

// DeliveryView is one event on its way to one webhook.
type DeliveryView struct {
	ID        string            `json:"id"`
	MessageID string            `json:"message_id" doc:"the webhook-id that it is sent with"`
	Event     webcare.EventType `json:"event"`
	Case      webcare.CaseID    `json:"case,omitempty"`
	At        time.Time         `json:"at" doc:"when it happened"`
	Outcome   webhook.Outcome   `json:"outcome" enum:"waiting,delivered,failed,held"`
	NextAt    *time.Time        `json:"next_at,omitempty"`
	Attempts  []CallView        `json:"attempts" nullable:"false"`
	Replays   int               `json:"replays"`
}

func deliveryView(d webhook.Delivery) DeliveryView {
	calls := []CallView{}
	for _, a := range d.Attempts {
		calls = append(calls, CallView(a))
	}
	return DeliveryView{ID: d.ID, MessageID: webhook.MessageID(d.Event), Event: d.Event.Type, Case: d.Event.CaseID, At: d.Event.At,
		Outcome: d.Outcome, NextAt: ptr(d.NextAt), Attempts: calls, Replays: d.Replays}
}

// ReplayBody says what to send again: one delivery, or a range.
type ReplayBody struct {
	Delivery string          `json:"delivery,omitempty" maxLength:"200" doc:"this one alone"`
	Outcome  webhook.Outcome `json:"outcome,omitempty" enum:"delivered,failed"`
	Since    *time.Time      `json:"since,omitempty" doc:"of the event, inclusive"`
	Until    *time.Time      `json:"until,omitempty" doc:"of the event, exclusive"`
	Case     webcare.CaseID  `json:"case,omitempty" maxLength:"64"`
	Cursor   string          `json:"cursor,omitempty" maxLength:"200" doc:"next of the call before"`
}

func (b ReplayBody) within() webhook.Range {
	r := webhook.Range{Outcome: b.Outcome, Case: b.Case}
	if b.Since != nil {
		r.Since = *b.Since
	}
	if b.Until != nil {
		r.Until = *b.Until
	}
	return r
}

// replayPage is how many deliveries one call sends again.
const replayPage = 200

// registerDeliveries adds what was sent, and sending it again.
func (s *Server) registerDeliveries(api huma.API) {
	type deliveries struct {
		Body struct {
			Deliveries []DeliveryView `json:"deliveries" nullable:"false"`
			Next       string         `json:"next"`
		}
	}
	type query struct {
		WebhookPath
		Paging
		Outcome webhook.Outcome `query:"outcome" enum:"waiting,delivered,failed,held"`
		Case    webcare.CaseID  `query:"case" maxLength:"64"`
	}
	huma.Register(api, operation("list-deliveries", http.MethodGet, "/webhooks/{id}/deliveries", "What was sent, the newest first, for 30 days"),
		managing(s, func(ctx context.Context, in *query) (*deliveries, error) {
			if _, err := s.cfg.Courier.Subscriptions.Get(ctx, in.ID); err != nil {
				return nil, err
			}
			ds, next, err := s.cfg.Courier.Deliveries(ctx, in.ID, webhook.Range{Outcome: in.Outcome, Case: in.Case}, in.Cursor, in.Limit)
			out := &deliveries{}
			out.Body.Deliveries, out.Body.Next = []DeliveryView{}, next
			for _, d := range ds {
				out.Body.Deliveries = append(out.Body.Deliveries, deliveryView(d))
			}
			return out, err
		}))
	type replayed struct {
		Body struct {
			Replayed int    `json:"replayed"`
			Next     string `json:"next" doc:"cursor to go on with, empty when all are"`
		}
	}
	replay := operation("replay-deliveries", http.MethodPost, "/webhooks/{id}/replay", "Send again, one or a range")
	replay.DefaultStatus = http.StatusAccepted
	huma.Register(api, replay, managing(s, func(ctx context.Context, in *struct {
		WebhookPath
		Body ReplayBody
	}) (*replayed, error) {
		out := &replayed{}
		if in.Body.Delivery != "" {
			_, err := s.cfg.Courier.ReplayOne(ctx, in.ID, in.Body.Delivery)
			out.Body.Replayed = 1
			return out, err
		}
		n, next, err := s.cfg.Courier.Replay(ctx, in.ID, in.Body.within(), in.Body.Cursor, replayPage)
		out.Body.Replayed, out.Body.Next = n, next
		return out, err
	}))
}
