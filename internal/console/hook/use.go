package hook

import (
	"context"
	"errors"
	"time"

	"webcare.example/responder/internal/webcare"
)

const useKind = "token_use"

// useEvery is how exactly the last use of a token is known.
const useEvery = time.Minute

// Uses tells when tokens and sources were used last.
type Uses struct {
	Records webcare.Records
	Now     func() time.Time
}

// Last is when it was used last, the zero time for never.
func (u Uses) Last(ctx context.Context, id string) (at time.Time, err error) {
	r, err := u.Records.Get(ctx, useKind, id, u.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return at, nil
	}
	if err == nil {
		err = at.UnmarshalText(r.Body)
	}
	return at, err
}

// Note notes that a token or source is used now. A note lost to another that
// is written at the same moment says the same.
func (u Uses) Note(ctx context.Context, id string) error {
	now := u.Now().UTC().Truncate(time.Second)
	r, err := u.Records.Get(ctx, useKind, id, now)
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		return err
	}
	var last time.Time
	if err == nil && last.UnmarshalText(r.Body) == nil && now.Sub(last) < useEvery {
		return nil
	}
	r.Kind, r.Key = useKind, id
	if r.Body, err = now.MarshalText(); err != nil {
		return err
	}
	if err = u.Records.Put(ctx, r, now); errors.Is(err, webcare.ErrConflict) {
		return nil
	}
	return err
}

// Forget removes what is known of one that is gone.
func (u Uses) Forget(ctx context.Context, id string) error { return u.Records.Remove(ctx, useKind, id) }
