package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// DeskLinks signs the addresses under which desks answer work orders: the stage
// that tells a desk signs, the console that it answers checks. Whoever has
// the address of an order may answer that order, once, and see its
// instruction: nothing of the customer. The key is made at first use and lives
// in the store; removing its record ends all links.
type DeskLinks struct {
	Records webcare.Records
	Random  io.Reader
	Now     func() time.Time
	Base    string // where the console is reached: https://webcare.example.com
}

const (
	deskKeyKind = "key"
	deskKeyName = "work-orders"
)

// URL is where a desk answers an order.
func (l *DeskLinks) URL(ctx context.Context, id webcare.CaseID, order string) (string, error) {
	sig, err := l.sign(ctx, id, order)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s/desk/%s/%s/%s", strings.TrimSuffix(l.Base, "/"), url.PathEscape(string(id)), url.PathEscape(order), sig), nil
}

// Check reports a signature that is not of that order: ErrNotFound.
func (l *DeskLinks) Check(ctx context.Context, id webcare.CaseID, order, signature string) error {
	want, err := l.sign(ctx, id, order)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(want), []byte(signature)) {
		return webcare.NotFoundf("no work order has this address")
	}
	return nil
}

func (l *DeskLinks) sign(ctx context.Context, id webcare.CaseID, order string) (string, error) {
	key, err := l.key(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "work order\n%d\n%s\n%s", len(id), id, order)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

func (l *DeskLinks) key(ctx context.Context) (key []byte, err error) {
	defer webcare.Wrap(&err, "key of work order links")
	for range 2 {
		rec, err := l.Records.Get(ctx, deskKeyKind, deskKeyName, l.Now())
		if err == nil {
			return rec.Body, nil
		}
		if !errors.Is(err, webcare.ErrNotFound) {
			return nil, err
		}
		fresh := make([]byte, 32)
		if _, err := io.ReadFull(l.Random, fresh); err != nil {
			return nil, err
		}
		err = l.Records.Put(ctx, webcare.Record{Kind: deskKeyKind, Key: deskKeyName, Body: fresh}, l.Now())
		if err == nil {
			return fresh, nil
		}
		if !errors.Is(err, webcare.ErrConflict) {
			return nil, err
		}
	}
	return nil, webcare.Unavailablef("others keep making one")
}
