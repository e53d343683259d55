// Package archive moves everything in and out of this house by way of archives
// in the bucket: the one that onebox exports is loaded, and what is here is
// written as archives that onebox imports.
//
// Either takes as many calls as it needs. A call works until its time is up and
// notes how far it came; the next goes on from there. An archive is loaded in
// pieces, each an archive of its own, so that the one restoring knows nothing of
// calls; counts and digests of the whole are checked before the first piece.
//
// Start at Mover.Load and Mover.Write.
package archive

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Prefix is where archives stand in the bucket.
const Prefix = "archive/"

// Objects are the bucket.
type Objects interface {
	Size(ctx context.Context, key string) (int64, error)
	// Range fills p from off on.
	Range(ctx context.Context, key string, p []byte, off int64) error
	PutFile(ctx context.Context, key string, f io.ReadSeeker) error
}

// Mover moves. One call at a time: a second one that runs beside it fails with
// ErrConflict, and nothing is lost.
type Mover struct {
	Store   webcare.Store
	Objects Objects
	Brands  []string // of what is written
	Now     func() time.Time
	// Forget takes a case that was erased out of what is no port's: deliveries.
	Forget func(context.Context, webcare.CaseID) error
	// Cases is how many make one piece or part, 0 for 100 read, 2,000 written.
	Cases int
}

// Progress is how far a move has come.
type Progress struct {
	Done    bool  `json:"done"`
	Cases   int   `json:"cases"`
	Blobs   int   `json:"blobs"`
	Records int   `json:"records"`
	Parts   int   `json:"parts,omitempty"`
	Version int64 `json:"-"`

	// Checked says that the whole archive is what its manifest says, as it was
	// at this size; Cursor is where writing goes on.
	Checked int64  `json:"checked,omitempty"`
	Cursor  string `json:"cursor,omitempty"`
}

const recordKind = "move"

func valid(key string) error {
	if !strings.HasPrefix(key, Prefix) || len(key) == len(Prefix) {
		return webcare.Invalidf("key: %q is not under %s", key, Prefix)
	}
	return nil
}

// progress returns how far the move of a name came before.
func (m *Mover) progress(ctx context.Context, name string) (p Progress, err error) {
	r, err := m.Store.Records.Get(ctx, recordKind, name, m.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Body, &p)
	}
	p.Version = r.Version
	return p, err
}

// note stores how far a move came.
func (m *Mover) note(ctx context.Context, name string, p *Progress) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	err = m.Store.Records.Put(ctx, webcare.Record{Kind: recordKind, Key: name, Version: p.Version, Body: body}, m.Now())
	p.Version++
	return err
}
