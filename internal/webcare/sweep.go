package webcare

import (
	"context"
	"errors"
	"strings"
	"time"
)

// SweepBlobs deletes blobs that no case refers to: bodies written ahead of a
// save that lost its race or whose process was killed. Blobs of a case that
// was changed after olderThan are left alone, since their save may still be
// under way. It returns how many it deleted.
func (s *Store) SweepBlobs(ctx context.Context, olderThan time.Time) (swept int, err error) {
	defer Wrap(&err, "SweepBlobs")
	sweep := sweeper{store: s, olderThan: olderThan}
	for cursor, more := "", true; more; more = cursor != "" {
		names, next, err := s.Blobs.List(ctx, "", cursor, 500)
		if err != nil {
			return sweep.swept, err
		}
		cursor = next
		for _, name := range names {
			if err := sweep.look(ctx, name); err != nil {
				return sweep.swept, err
			}
		}
	}
	return sweep.swept, nil
}

// sweeper walks the blobs case by case: names begin with the case's id, and
// come in order.
type sweeper struct {
	store     *Store
	olderThan time.Time
	of        CaseID
	keepAll   bool
	referred  map[BlobName]bool
	swept     int
}

func (w *sweeper) look(ctx context.Context, name BlobName) error {
	id, _, _ := strings.Cut(string(name), "/")
	if CaseID(id) != w.of || w.referred == nil {
		if err := w.enter(ctx, CaseID(id)); err != nil {
			return err
		}
	}
	if w.keepAll || w.referred[name] {
		return nil
	}
	w.swept++
	return w.store.Blobs.Delete(ctx, name)
}

// enter reads which blobs a case refers to.
func (w *sweeper) enter(ctx context.Context, id CaseID) error {
	w.of, w.keepAll, w.referred = id, false, map[BlobName]bool{}
	head, err := w.store.Cases.Head(ctx, id)
	if errors.Is(err, ErrNotFound) {
		made, ok := idTime(string(id))
		w.keepAll = !ok || !made.Before(w.olderThan) // its first save may be under way
		return nil
	}
	if err != nil {
		return err
	}
	if w.keepAll = !head.UpdatedAt.Before(w.olderThan); w.keepAll {
		return nil
	}
	for after, more := int64(0), true; more; {
		var children []Child
		if children, more, err = w.store.Cases.Children(ctx, id, after, childPage); err != nil {
			return err
		}
		for _, ch := range children {
			after = ch.Seq
			if ch.Blob != "" {
				w.referred[ch.Blob] = true
			}
		}
	}
	c, err := w.store.Load(ctx, id)
	if err != nil {
		return err
	}
	for _, e := range c.Messages {
		w.referred[e.Value.Raw] = true
		for _, a := range e.Value.Attachments {
			w.referred[a.Blob] = true
		}
	}
	return nil
}
