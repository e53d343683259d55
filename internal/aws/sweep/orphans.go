package sweep

import (
	"context"
	"errors"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Blobs of no case are looked for a stretch a night: a bucket may hold far more
// than one call has time for. Where a stretch ended is a record.
const (
	cursorKind   = "cursor"
	cursorKey    = "orphans"
	orphanGrace  = 12 * time.Hour // far longer than a save takes
	stretchMost  = 20_000         // blobs a night
	stretchSpare = time.Minute    // of the function's time, for the stretch's last cases
)

// orphans deletes blobs that saves which failed have left behind, looking at up
// to most of all: what one sweep notes, a later one deletes.
func (r *Rounds) orphans(ctx context.Context, most int) error {
	now := r.Now()
	rec, err := r.Store.Records.Get(ctx, cursorKind, cursorKey, now)
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		return err
	}
	seen := &stretch{Blobs: r.Store.Blobs, at: string(rec.Body), left: most, late: func() bool {
		deadline, bounded := ctx.Deadline()
		return bounded && deadline.Sub(r.Now()) < stretchSpare
	}}
	part := r.Store
	part.Blobs = seen
	n, err := part.SweepBlobs(ctx, now, orphanGrace)
	if n > 0 {
		r.Log.InfoContext(ctx, "swept blobs", "blobs", n)
	}
	if err != nil {
		return err
	}
	rec.Kind, rec.Key, rec.Body = cursorKind, cursorKey, []byte(seen.at)
	return r.Store.Records.Put(ctx, rec, now)
}

// stretch shows a sweep the blobs from where the last one ended to where its
// time is up; after the last blob the next begins at the first.
type stretch struct {
	webcare.Blobs
	at   string
	left int
	late func() bool
}

// List implements webcare.Blobs.
func (s *stretch) List(ctx context.Context, prefix, cursor string, limit int) ([]webcare.BlobName, string, error) {
	if cursor == "" {
		cursor = s.at
	}
	names, next, err := s.Blobs.List(ctx, prefix, cursor, min(limit, s.left))
	if err != nil {
		return nil, "", err
	}
	s.at, s.left = next, s.left-len(names)
	if s.left <= 0 || s.late() {
		next = ""
	}
	return names, next, nil
}
