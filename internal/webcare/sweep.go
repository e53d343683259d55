package webcare

import (
	"context"
	"errors"
	"strings"
	"time"
)

// SweepBlobs deletes blobs that no case refers to: bodies written ahead of a
// save that lost its race or whose process was killed. Such a save may still
// be under way, on a case of any age, and a blob does not tell how old it is.
// So a sweep only notes what it finds, and deletes what an earlier one noted
// at least grace ago; grace is far longer than any save takes. It returns how
// many it deleted.
func (s *Store) SweepBlobs(ctx context.Context, now time.Time, grace time.Duration) (swept int, err error) {
	defer Wrap(&err, "SweepBlobs")
	sweep := sweeper{store: s, now: now, grace: grace}
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
	store    *Store
	now      time.Time
	grace    time.Duration
	of       CaseID
	keepAll  bool
	referred map[BlobName]bool
	swept    int
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
	old, err := w.noted(ctx, name)
	if err != nil || !old {
		return err
	}
	if err := w.store.Blobs.Delete(ctx, name); err != nil {
		return err
	}
	w.swept++
	return w.store.Records.Remove(ctx, orphanKind, string(name))
}

// orphanKind is the kind of the notes that sweeps leave each other, and
// orphanNote how long they are kept, in terms of grace.
const (
	orphanKind = "orphan"
	orphanNote = 20
)

// noted reports whether an earlier sweep found the blob without a case, grace
// ago or longer; where none did, it notes that this one has.
func (w *sweeper) noted(ctx context.Context, name BlobName) (bool, error) {
	rec, err := w.store.Records.Get(ctx, orphanKind, string(name), w.now)
	if errors.Is(err, ErrNotFound) {
		return false, w.store.Records.Put(ctx, Record{Kind: orphanKind, Key: string(name), Body: []byte(w.now.UTC().Format(time.RFC3339Nano)),
			Expires: w.now.Add(orphanNote * w.grace)}, w.now)
	}
	if err != nil {
		return false, err
	}
	since, err := time.Parse(time.RFC3339Nano, string(rec.Body))
	return err == nil && !w.now.Before(since.Add(w.grace)), err
}

// enter reads which blobs a case refers to.
func (w *sweeper) enter(ctx context.Context, id CaseID) error {
	w.of, w.keepAll, w.referred = id, false, map[BlobName]bool{}
	head, err := w.store.Cases.Head(ctx, id)
	if errors.Is(err, ErrNotFound) {
		made, ok := idTime(string(id))
		w.keepAll = !ok || !made.Before(w.now.Add(-w.grace)) // its first save may be under way
		return nil
	}
	if err != nil {
		return err
	}
	if w.keepAll = !head.UpdatedAt.Before(w.now.Add(-w.grace)); w.keepAll {
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
