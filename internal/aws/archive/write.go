package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"webcare.example/responder/internal/webcare"
)

const partCases = 2000

// Write writes everything of the brands as archives name/part-00001.zip and so
// on, until all is written or the time is up. Import the parts in their order.
// Stop the stages first: what changes meanwhile may be missed.
func (m *Mover) Write(ctx context.Context, name string, until time.Time) (p Progress, err error) {
	defer webcare.Wrap(&err, "Write(%s)", name)
	if err := valid(name); err != nil {
		return p, err
	}
	if p, err = m.progress(ctx, "write/"+name); err != nil {
		return p, err
	}
	for !p.Done && m.Now().Before(until) {
		if err := m.part(ctx, name, &p); err != nil {
			return p, err
		}
		if err := m.note(ctx, "write/"+name, &p); err != nil {
			return p, err
		}
	}
	return p, nil
}

// part writes the next part.
func (m *Mover) part(ctx context.Context, name string, p *Progress) (err error) {
	f, err := os.CreateTemp("", "part-*.zip")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	view := &stretch{from: p.Cursor, most: m.Cases}
	if view.most == 0 {
		view.most = partCases
	}
	store := m.Store
	store.Cases, store.Blobs, store.Records = stretchCases{store.Cases, view}, stretchBlobs{store.Blobs, view}, stretchRecords{store.Records, view}
	got, err := store.Export(ctx, f, m.Brands, m.Now(), func(int) {})
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	p.Parts++
	if err := m.Objects.PutFile(ctx, fmt.Sprintf("%s/part-%05d.zip", name, p.Parts), f); err != nil {
		return err
	}
	p.Cases, p.Blobs, p.Records = p.Cases+got.Cases, p.Blobs+got.Blobs, p.Records+got.Records
	p.Cursor, p.Done = view.next, view.next == ""
	return nil
}

// stretch shows an export the cases from one cursor to another, with their
// blobs; the records come with the last.
type stretch struct {
	from, next string
	most       int
	ids        []webcare.CaseID
}

type stretchCases struct {
	webcare.Cases
	s *stretch
}

func (c stretchCases) List(ctx context.Context, q webcare.Query) (webcare.Page, error) {
	if q.Cursor == "" {
		q.Cursor = c.s.from
	}
	q.Limit = min(q.Limit, c.s.most-len(c.s.ids))
	page, err := c.Cases.List(ctx, q)
	for _, h := range page.Heads {
		c.s.ids = append(c.s.ids, h.ID)
	}
	if c.s.next = page.Next; len(c.s.ids) >= c.s.most {
		page.Next = ""
	}
	return page, err
}

type stretchBlobs struct {
	webcare.Blobs
	s *stretch
}

// List returns all at once: names are short.
func (b stretchBlobs) List(ctx context.Context, _, _ string, limit int) (all []webcare.BlobName, next string, err error) {
	seen := map[webcare.CaseID]bool{}
	for _, id := range b.s.ids {
		for cursor, more := "", !seen[id]; more; more = cursor != "" {
			var names []webcare.BlobName
			if names, cursor, err = b.Blobs.List(ctx, string(id)+"/", cursor, limit); err != nil {
				return nil, "", err
			}
			all = append(all, names...)
		}
		seen[id] = true
	}
	return all, "", nil
}

type stretchRecords struct {
	webcare.Records
	s *stretch
}

func (r stretchRecords) Scan(ctx context.Context, kind, prefix, cursor string, limit int, now time.Time) ([]webcare.Record, string, error) {
	if r.s.next != "" {
		return nil, "", nil
	}
	return r.Records.Scan(ctx, kind, prefix, cursor, limit, now)
}
