package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	sw "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"webcare.example/responder/internal/webcare"
)

// State is whether a subscription is delivered to.
type State string

// States. A person resumes a paused or disabled subscription.
const (
	Active   State = "active"
	Paused   State = "paused"   // it failed for PauseAfter, or a person paused it; its deliveries are held
	Disabled State = "disabled" // its receiver answered 410: nothing more is kept for it
)

// Format is how a payload is written.
type Format string

// Formats.
const (
	FormatStandard Format = "standard" // JSON after Standard Webhooks, see Schema
	FormatSlack    Format = "slack"    // {"text"}, as Slack-compatible incoming webhooks take it
)

// Subscription is somebody's wish to be told of events. Compatibility: it is
// stored as JSON; fields may be added and are then absent in older rows.
type Subscription struct {
	ID     string              `json:"id"`
	Name   string              `json:"name"`
	URL    string              `json:"url"`
	Brands []string            `json:"brands,omitempty"` // none: every brand
	Events []webcare.EventType `json:"events,omitempty"` // none: every public event
	Format Format              `json:"format"`
	// Language of what people read in it, "nl" or "en".
	Language string `json:"language"`
	// Owner is the mail address that hears of it when the receiver fails for
	// long, or is gone; empty for nobody.
	Owner string `json:"owner,omitempty"`
	// Texts asks for what was written; without it payloads carry labels only.
	Texts bool `json:"texts,omitempty"`
	// Special asks for signals that tell of vulnerability or discrimination.
	Special bool `json:"special,omitempty"`

	State   State     `json:"state"`
	Why     string    `json:"why,omitempty"` // of a state that is not active
	Since   time.Time `json:"since"`         // of the state
	Made    time.Time `json:"made"`
	MadeBy  string    `json:"made_by"`
	Secrets []Signing `json:"secrets"` // the present one first
	Version int64     `json:"-"`       // as stored
}

// Signing is a secret and how long it signs; zero for as long as it stands.
type Signing struct {
	Secret string    `json:"secret"`
	Until  time.Time `json:"until,omitzero"`
}

// Events that no case has, beside the public ones of webcare.
const (
	// DueSoon: a response clock has a fifth of its time left.
	DueSoon webcare.EventType = "case.due_soon"
	// WebhookPaused tells the owner, on another subscription, of one that fails.
	WebhookPaused webcare.EventType = "webhook.paused"
	// Ping is a test that a person sends.
	Ping webcare.EventType = "webhook.test"
)

// public are the events that a subscription without a list gets.
var public = []webcare.EventType{webcare.CaseReceived, webcare.CaseTriaged, webcare.DraftReady, webcare.DraftApproved, webcare.DraftRejected,
	webcare.ReplyPublished, webcare.ReplyFailed, webcare.PromiseMade, webcare.PromiseDue, webcare.PromiseWasKept, webcare.PromiseWasBroken,
	webcare.WorkOrderCreated, webcare.WorkOrderClosed, webcare.SentimentSpike}

// EventTypes lists all that can be subscribed to; the slice is the caller's.
// DueSoon and WebhookPaused are sent to whoever lists them.
func EventTypes() []webcare.EventType { return append(slices.Clone(public), DueSoon, WebhookPaused) }

// wants reports whether an event is this subscription's business. What happened
// before it was made, and imported history, is not.
func (s Subscription) wants(e webcare.Event) bool {
	switch {
	case e.Type == Ping:
		return false // sent to one alone
	case e.At.Before(s.Made) || e.Data["imported"] == "true":
		return false
	case len(s.Brands) > 0 && e.Brand != "" && !slices.Contains(s.Brands, e.Brand):
		return false
	case len(s.Events) == 0:
		return slices.Contains(public, e.Type)
	}
	return slices.Contains(s.Events, e.Type)
}

// sign returns the headers of one attempt, with a signature by every secret
// that is valid now.
func (s Subscription) sign(id string, now time.Time, body []byte) (http.Header, error) {
	var h http.Header
	for _, sec := range s.Secrets {
		if !sec.Until.IsZero() && !sec.Until.After(now) {
			continue
		}
		parsed, err := ParseSecret(sec.Secret)
		if err != nil {
			return nil, err
		}
		one, err := parsed.Sign(id, now, body)
		if err != nil {
			return nil, err
		}
		if h == nil {
			h = one
			continue
		}
		h.Set(sw.HeaderWebhookSignature, h.Get(sw.HeaderWebhookSignature)+" "+one.Get(sw.HeaderWebhookSignature))
	}
	if h == nil {
		return nil, webcare.Invalidf("subscription %s has no secret", s.ID)
	}
	return h, nil
}

// Overlap is how long the old secret signs beside the new one.
const Overlap = 24 * time.Hour

// Subscriptions keeps them, in records.
type Subscriptions struct {
	Records webcare.Records
	Egress  Egress
	Now     func() time.Time
	Random  io.Reader
	// Changed is told of a subscription that is another than before, nil for nobody.
	Changed func(id string)
}

const (
	subscriptionKind = "webhook"
	maxSubscriptions = 500
	maxName          = 100
)

// check reports what can never be delivered, and fills in what is left out.
func (b *Subscriptions) check(s *Subscription) error {
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" || len(s.Name) > maxName {
		return webcare.Invalidf("name: 1 to %d bytes", maxName)
	}
	if s.Format == "" {
		s.Format = FormatStandard
	}
	if s.Language == "" {
		s.Language = "nl"
	}
	if s.Format != FormatStandard && s.Format != FormatSlack {
		return webcare.Invalidf("format: %q is neither standard nor slack", s.Format)
	}
	if s.Language != "nl" && s.Language != "en" {
		return webcare.Invalidf("language: %q is neither nl nor en", s.Language)
	}
	if err := checkOwner(s.Owner); err != nil {
		return err
	}
	for _, t := range s.Events {
		if !slices.Contains(EventTypes(), t) {
			return webcare.Invalidf("events: %q is no event", t)
		}
	}
	return b.Egress.CheckURL(s.URL)
}

// Create stores a new subscription with an id and a secret of its own. Where
// secret is given, that one is used.
func (b *Subscriptions) Create(ctx context.Context, s Subscription, by, secret string) (_ Subscription, err error) {
	defer webcare.Wrap(&err, "creating a webhook")
	if err := b.check(&s); err != nil {
		return s, err
	}
	if secret == "" {
		secret = NewSecret(b.random())
	} else if _, err := ParseSecret(secret); err != nil {
		return s, err
	}
	all, err := b.List(ctx)
	if err != nil {
		return s, err
	}
	if len(all) >= maxSubscriptions {
		return s, webcare.Conflictf("there are %d already", len(all))
	}
	now := b.Now().UTC().Truncate(time.Millisecond)
	s.ID, s.State, s.Since, s.Made, s.MadeBy, s.Version = webcare.NewID(now, b.Random), Active, now, now, by, 0
	s.Secrets = []Signing{{Secret: secret}}
	return b.put(ctx, s)
}

func (b *Subscriptions) random() (out [32]byte) {
	if _, err := io.ReadFull(b.Random, out[:]); err != nil {
		panic("webhook: no randomness: " + err.Error())
	}
	return out
}

func (b *Subscriptions) put(ctx context.Context, s Subscription) (Subscription, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	err = b.Records.Put(ctx, webcare.Record{Kind: subscriptionKind, Key: s.ID, Version: s.Version, Body: body}, b.Now())
	s.Version++
	if b.Changed != nil {
		b.Changed(s.ID)
	}
	return s, err
}

// Get returns a subscription, ErrNotFound if there is none.
func (b *Subscriptions) Get(ctx context.Context, id string) (s Subscription, err error) {
	defer webcare.Wrap(&err, "webhook %q", id)
	r, err := b.Records.Get(ctx, subscriptionKind, id, b.Now())
	if err != nil {
		return s, err
	}
	return decodeSubscription(r)
}

func decodeSubscription(r webcare.Record) (s Subscription, err error) {
	err = json.Unmarshal(r.Body, &s)
	s.Version = r.Version
	return s, err
}

// List returns all subscriptions, by age.
func (b *Subscriptions) List(ctx context.Context) (out []Subscription, err error) {
	defer webcare.Wrap(&err, "listing webhooks")
	for cursor := ""; ; {
		rs, next, err := b.Records.Scan(ctx, subscriptionKind, "", cursor, webcare.MaxPage, b.Now())
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			s, err := decodeSubscription(r)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		if cursor = next; next == "" {
			return out, nil
		}
	}
}

// Change applies f to a subscription as it stands. A version other than 0 must
// be the stored one, else ErrConflict.
func (b *Subscriptions) Change(ctx context.Context, id string, version int64, f func(*Subscription) error) (s Subscription, err error) {
	defer webcare.Wrap(&err, "changing webhook %q", id)
	for range 5 {
		if s, err = b.Get(ctx, id); err != nil {
			return s, err
		}
		if version != 0 && version != s.Version {
			return s, webcare.Conflictf("it is at version %d, not %d", s.Version, version)
		}
		if err = f(&s); err != nil {
			return s, err
		}
		if err = b.check(&s); err != nil {
			return s, err
		}
		if s, err = b.put(ctx, s); !errors.Is(err, webcare.ErrConflict) {
			return s, err
		}
	}
	return s, err
}

// Rotate gives a subscription a new secret; the one before signs beside it for
// Overlap, any older one no more.
func (b *Subscriptions) Rotate(ctx context.Context, id string) (Subscription, error) {
	secret, now := NewSecret(b.random()), b.Now().UTC()
	return b.Change(ctx, id, 0, func(s *Subscription) error {
		old := s.Secrets[0]
		old.Until = now.Add(Overlap)
		s.Secrets = []Signing{{Secret: secret}, old}
		return nil
	})
}

// become changes the state of a subscription.
func (b *Subscriptions) become(ctx context.Context, id string, st State, why string) (Subscription, error) {
	return b.Change(ctx, id, 0, func(s *Subscription) error {
		if s.State != st {
			s.Since = b.Now().UTC().Truncate(time.Millisecond)
		}
		s.State, s.Why = st, why
		return nil
	})
}

// Pause holds what is to be delivered until Courier.Resume.
func (b *Subscriptions) Pause(ctx context.Context, id, why string) (Subscription, error) {
	return b.become(ctx, id, Paused, why)
}

// Remove deletes a subscription; what waits for it ends as failed.
func (b *Subscriptions) Remove(ctx context.Context, id string) error {
	if _, err := b.Get(ctx, id); err != nil {
		return err
	}
	if err := b.Records.Remove(ctx, healthKind, id); err != nil {
		return err
	}
	return b.Records.Remove(ctx, subscriptionKind, id)
}
