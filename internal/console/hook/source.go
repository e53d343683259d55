package hook

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// Source is a system that pushes messages to /hooks/messages/{id}, with a
// secret of its own. Stored as JSON; fields may be added.
type Source struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Brand   string            `json:"brand"`             // of all it pushes
	Channel string            `json:"channel,omitempty"` // where a message names none
	Made    time.Time         `json:"made"`
	MadeBy  string            `json:"made_by"`
	Secrets []webhook.Signing `json:"secrets"` // the present one first
	Version int64             `json:"-"`
}

const sourceKind = "source"

// Sources stores them. It is safe for concurrent use.
type Sources struct {
	Records webcare.Records
	Brands  *brand.Set
	Now     func() time.Time
}

// Make stores a new source with a secret of its own.
func (s Sources) Make(ctx context.Context, src Source, by string) (Source, error) {
	src.Name = strings.TrimSpace(src.Name)
	if src.Name == "" || len(src.Name) > 100 {
		return src, webcare.Invalidf("name: 1 to 100 bytes")
	}
	b, err := s.Brands.Get(src.Brand)
	if err != nil {
		return src, webcare.Invalidf("brand: %q is not served here", src.Brand)
	}
	now := s.Now()
	src.ID, src.Brand, src.Made, src.MadeBy = webcare.NewID(now, rand.Reader), b.ID, now.UTC().Truncate(time.Millisecond), by
	src.Secrets = []webhook.Signing{{Secret: NewSecret()}}
	return s.put(ctx, src)
}

// NewSecret makes up a signing secret.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return webhook.NewSecret(b)
}

func (s Sources) put(ctx context.Context, src Source) (Source, error) {
	body, err := json.Marshal(src)
	if err != nil {
		return src, err
	}
	err = s.Records.Put(ctx, webcare.Record{Kind: sourceKind, Key: src.ID, Version: src.Version, Body: body}, s.Now())
	src.Version++
	return src, err
}

// Get returns a source, ErrNotFound if there is none.
func (s Sources) Get(ctx context.Context, id string) (src Source, err error) {
	r, err := s.Records.Get(ctx, sourceKind, id, s.Now())
	if err != nil {
		return src, err
	}
	err = json.Unmarshal(r.Body, &src)
	src.Version = r.Version
	return src, err
}

// List returns all.
func (s Sources) List(ctx context.Context) (out []Source, err error) {
	for cursor := ""; ; {
		rs, next, err := s.Records.Scan(ctx, sourceKind, "", cursor, webcare.MaxPage, s.Now())
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			var src Source
			if err := json.Unmarshal(r.Body, &src); err != nil {
				return nil, err
			}
			src.Version = r.Version
			out = append(out, src)
		}
		if cursor = next; next == "" {
			return out, nil
		}
	}
}

// Rotate gives a source a new secret; the one before is taken for a day.
func (s Sources) Rotate(ctx context.Context, id string) (Source, error) {
	src, err := s.Get(ctx, id)
	if err != nil {
		return src, err
	}
	old := src.Secrets[0]
	old.Until = s.Now().UTC().Add(webhook.Overlap)
	src.Secrets = []webhook.Signing{{Secret: NewSecret()}, old}
	return s.put(ctx, src)
}

// Remove takes nothing more from a source.
func (s Sources) Remove(ctx context.Context, id string) error {
	if _, err := s.Get(ctx, id); err != nil {
		return err
	}
	return errors.Join(s.Records.Remove(ctx, sourceKind, id), s.Records.Remove(ctx, useKind, id))
}

// valid returns the secrets of a source that count now.
func (src Source) valid(now time.Time) (out []webhook.Secret, err error) {
	for _, sec := range src.Secrets {
		if !sec.Until.IsZero() && !sec.Until.After(now) {
			continue
		}
		parsed, err := webhook.ParseSecret(sec.Secret)
		if err != nil {
			return nil, err
		}
		out = append(out, parsed)
	}
	return out, nil
}
