package webcare

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// An archive is a zip file that carries all history from one store to another,
// whatever the adapter:
//
//	cases.jsonl    one ArchivedCase a line
//	records.jsonl  half-written edits, one Record a line
//	blobs/NAME     bodies, raw mails and attachments
//	manifest.json  Manifest: format, counts and the digest of cases.jsonl
//
// It carries no running work: tokens, sessions, leases and secrets stay behind.

// ArchiveFormat is the version of the archive that this program writes.
const ArchiveFormat = 1

// ArchivedCase is one line of cases.jsonl.
type ArchivedCase struct {
	Head     Head    `json:"head"`
	Children []Child `json:"children"`
}

// Manifest says what an archive holds.
type Manifest struct {
	Format  int       `json:"format"`
	Made    time.Time `json:"made"`
	Cases   int       `json:"cases"`
	Blobs   int       `json:"blobs"`
	Records int       `json:"records"`
	Digest  string    `json:"digest"` // SHA-256 of cases.jsonl
}

// archivedRecords are the kinds of records that people made by hand.
var archivedRecords = []string{"edit", erasedKind, erasureKind}

// Export writes everything of the brands to an archive. progress is told how
// many cases are done.
func (s *Store) Export(ctx context.Context, w io.Writer, brands []string, now time.Time, progress func(done int)) (m Manifest, err error) {
	defer Wrap(&err, "Export")
	z := zip.NewWriter(w)
	m = Manifest{Format: ArchiveFormat, Made: now.UTC()}
	if err := s.exportCases(ctx, z, brands, &m, progress); err != nil {
		return m, err
	}
	if err := s.exportRecords(ctx, z, &m, now); err != nil {
		return m, err
	}
	if err := s.exportBlobs(ctx, z, &m); err != nil {
		return m, err
	}
	if err := writeEntry(z, "manifest.json", m); err != nil {
		return m, err
	}
	return m, z.Close()
}

func writeEntry(z *zip.Writer, name string, v any) error {
	e, err := z.Create(name)
	if err != nil {
		return err
	}
	return json.NewEncoder(e).Encode(v)
}

func (s *Store) exportCases(ctx context.Context, z *zip.Writer, brands []string, m *Manifest, progress func(int)) error {
	e, err := z.Create("cases.jsonl")
	if err != nil {
		return err
	}
	digest := sha256.New()
	enc := json.NewEncoder(io.MultiWriter(e, digest))
	seen := map[CaseID]bool{} // a case that changes status meanwhile is met twice
	q := Query{Brands: brands, Statuses: Statuses(), Limit: MaxPage}
	for more := true; more; more = q.Cursor != "" {
		page, err := s.Cases.List(ctx, q)
		if err != nil {
			return err
		}
		q.Cursor = page.Next
		for _, h := range page.Heads {
			if seen[h.ID] {
				continue
			}
			seen[h.ID] = true
			c, err := s.archived(ctx, h.ID)
			if err != nil {
				return err
			}
			if err := enc.Encode(c); err != nil {
				return err
			}
			m.Cases++
			progress(m.Cases)
		}
	}
	m.Digest = hex.EncodeToString(digest.Sum(nil))
	return nil
}

func (s *Store) archived(ctx context.Context, id CaseID) (c ArchivedCase, err error) {
	if c.Head, err = s.Cases.Head(ctx, id); err != nil {
		return c, err
	}
	for after, more := int64(0), true; more; {
		var children []Child
		if children, more, err = s.Cases.Children(ctx, id, after, childPage); err != nil {
			return c, err
		}
		for _, ch := range children {
			after = ch.Seq
			if ch.Seq < c.Head.NextSeq {
				c.Children = append(c.Children, ch)
			}
		}
	}
	return c, nil
}

func (s *Store) exportRecords(ctx context.Context, z *zip.Writer, m *Manifest, now time.Time) error {
	e, err := z.Create("records.jsonl")
	if err != nil {
		return err
	}
	enc := json.NewEncoder(e)
	for _, kind := range archivedRecords {
		for cursor, more := "", true; more; more = cursor != "" {
			var rs []Record
			if rs, cursor, err = s.Records.Scan(ctx, kind, "", cursor, 100, now); err != nil {
				return err
			}
			for _, r := range rs {
				if err := enc.Encode(r); err != nil {
					return err
				}
				m.Records++
			}
		}
	}
	return nil
}

func (s *Store) exportBlobs(ctx context.Context, z *zip.Writer, m *Manifest) error {
	for cursor, more := "", true; more; more = cursor != "" {
		names, next, err := s.Blobs.List(ctx, "", cursor, 500)
		if err != nil {
			return err
		}
		cursor = next
		for _, name := range names {
			b, err := s.Blobs.Get(ctx, name)
			if errors.Is(err, ErrNotFound) {
				continue // erased since it was listed
			}
			if err != nil {
				return err
			}
			e, err := z.Create("blobs/" + string(name))
			if err != nil {
				return err
			}
			if _, err := e.Write(b); err != nil {
				return err
			}
			m.Blobs++
		}
	}
	return nil
}

// Restore loads an archive. What is there already is left alone, so a restore
// that broke off may be repeated. Approvals that were not posted come back as
// in review, open attempts as attention.
func (s *Store) Restore(ctx context.Context, r io.ReaderAt, size int64, now time.Time, progress func(done, of int)) (m Manifest, err error) {
	defer Wrap(&err, "Restore")
	z, err := zip.NewReader(r, size)
	if err != nil {
		return m, Invalidf("not an archive: %v", err)
	}
	if m, err = readManifest(z); err != nil {
		return m, err
	}
	if err := s.restoreBlobs(ctx, z); err != nil {
		return m, err
	}
	if err := s.restoreCases(ctx, z, m, now, progress); err != nil {
		return m, err
	}
	return m, s.restoreRecords(ctx, z, now)
}

func readManifest(z *zip.Reader) (m Manifest, err error) {
	f, err := z.Open("manifest.json")
	if err != nil {
		return m, Invalidf("not an archive of ours, or cut short: no manifest.json")
	}
	defer func() { _ = f.Close() }() // only read from
	if err := json.NewDecoder(f).Decode(&m); err != nil {
		return m, Invalidf("manifest.json: %v", err)
	}
	if m.Format > ArchiveFormat {
		return m, Invalidf("written by a newer version (format %d, this program knows %d)", m.Format, ArchiveFormat)
	}
	return m, nil
}

func (s *Store) restoreBlobs(ctx context.Context, z *zip.Reader) error {
	for _, f := range z.File {
		name, ok := bytes.CutPrefix([]byte(f.Name), []byte("blobs/"))
		if !ok {
			continue
		}
		b, err := readAll(f)
		if err != nil {
			return Invalidf("%s: %v", f.Name, err)
		}
		if err := s.Blobs.Put(ctx, BlobName(name), b); err != nil {
			return err
		}
	}
	return nil
}

func readAll(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // only read from
	return io.ReadAll(r)
}

// eachLine decodes the lines of an entry.
func eachLine[T any](z *zip.Reader, name string, digest io.Writer, f func(T) error) error {
	e, err := z.Open(name)
	if err != nil {
		return Invalidf("%s: missing", name)
	}
	defer func() { _ = e.Close() }() // only read from
	r := bufio.NewReaderSize(io.TeeReader(e, digest), 1<<20)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var v T
			if err := json.Unmarshal(line, &v); err != nil {
				return Invalidf("%s:%d: %v", name, n, err)
			}
			if err := f(v); err != nil {
				return fmt.Errorf("%s:%d: %w", name, n, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return Invalidf("%s:%d: %v", name, n, err)
		}
	}
}

func (s *Store) restoreCases(ctx context.Context, z *zip.Reader, m Manifest, now time.Time, progress func(done, of int)) error {
	digest := sha256.New()
	done := 0
	err := eachLine(z, "cases.jsonl", digest, func(c ArchivedCase) error {
		if err := s.restoreCase(ctx, c, now); err != nil {
			return err
		}
		done++
		progress(done, m.Cases)
		return nil
	})
	if err != nil {
		return err
	}
	if done != m.Cases || hex.EncodeToString(digest.Sum(nil)) != m.Digest {
		return Invalidf("cases.jsonl is not what the manifest says: %d cases of %d", done, m.Cases)
	}
	return nil
}

// childrenPerSave leaves room in one Save for the head, and for two claims of
// each child that is a message.
const childrenPerSave = (MaxSaveItems - 2) / 3

// restoreCase writes a case's children in saves of their own, then wakes the
// case. Each step can be repeated: it goes on from the stored version.
func (s *Store) restoreCase(ctx context.Context, a ArchivedCase, now time.Time) error {
	stored, err := s.Cases.Head(ctx, a.Head.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		stored = Head{}
	case err != nil:
		return err
	case stored.NextSeq >= a.Head.NextSeq:
		if !asRestored(stored, a.Head) {
			return nil // it is there
		}
		return s.wake(ctx, a, now) // a restore broke off just before
	}
	from := 0
	for from < len(a.Children) && a.Children[from].Seq < stored.NextSeq {
		from++
	}
	for version := stored.Version; from < len(a.Children); version++ {
		part := a.Children[from:min(len(a.Children), from+childrenPerSave)]
		from += len(part)
		h := restoredHead(a.Head)
		h.Version, h.NextSeq = version, part[len(part)-1].Seq+1
		save := Save{Head: h, Children: part}
		for _, ch := range part {
			if ch.Kind != ChildEvent {
				continue
			}
			var e Event
			if err := json.Unmarshal(ch.Body, &e); err != nil {
				return Invalidf("event %d of %s: %v", ch.Seq, h.ID, err)
			}
			save.Events = append(save.Events, e)
		}
		if from == len(a.Children) {
			save.Head.NextSeq = a.Head.NextSeq
		}
		if err := s.restoreClaims(ctx, &save); err != nil {
			return err
		}
		if err := s.Cases.Save(ctx, save); err != nil {
			return err
		}
	}
	return s.wake(ctx, a, now)
}

// asRestored reports whether a stored head is just as a restore writes it,
// before its case is woken.
func asRestored(stored, archived Head) bool {
	want := restoredHead(archived)
	want.Version = stored.Version
	a, errA := json.Marshal(stored)
	b, errB := json.Marshal(want)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// restoredHead is the head without running work.
func restoredHead(h Head) Head {
	h.Approval, h.Attempt, h.Stirred = nil, nil, false
	return h
}

// restoreClaims adds the names by which the messages of a save are known.
func (s *Store) restoreClaims(ctx context.Context, save *Save) error {
	h := save.Head
	claims := map[Claim]bool{}
	if h.Thread != "" {
		claims[ThreadClaim(h.Brand, h.Channel, h.Thread)] = true
	}
	for _, ch := range save.Children {
		if ch.Kind != ChildMessage {
			continue
		}
		if err := s.inline(ctx, &ch); err != nil {
			return err
		}
		var m Message
		if err := json.Unmarshal(ch.Body, &m); err != nil {
			return Invalidf("message %d of %s: %v", ch.Seq, h.ID, err)
		}
		claims[MessageClaim(h.Brand, m.Key, m.Revision)] = true
		if m.Author.Address != "" || m.Ours {
			claims[MailClaim(m.Key.ExternalID)] = true
		}
	}
	for cl := range claims {
		by, err := s.Cases.Claimed(ctx, cl)
		switch {
		case errors.Is(err, ErrNotFound):
			save.Claims = append(save.Claims, cl)
		case err != nil:
			return err
		case by != h.ID:
			return Conflictf("%s is held by case %s: this archive does not fit this store", cl, by)
		}
	}
	return nil
}

// wake makes a restored case run again where it must, and puts it before a
// person where running work was left behind.
func (s *Store) wake(ctx context.Context, a ArchivedCase, now time.Time) error {
	c, err := s.Load(ctx, a.Head.ID)
	if err != nil {
		return err
	}
	ch := Begin(c, now, Machine("restore"))
	ch.wake()
	_, err = s.Commit(ctx, ch)
	return err
}

func (ch *Change) wake() {
	switch ch.head.Status {
	case StatusApproved:
		ch.head.Status = StatusInReview
		ch.event(ApprovalVoided, map[string]string{"why": "restored from an archive"})
	case StatusPublishing:
		ch.attention("restored while a reply was being posted: look before you post again")
	case StatusReceived:
		ch.task(StageTriage, ch.now, nil)
	case StatusTriaged:
		ch.wantDraft(nil)
	}
	if ch.head.OpenPromises > 0 || ch.head.OpenOrders > 0 || ch.head.Status == StatusAnswered || ch.head.Status == StatusWaiting || !ch.head.SnoozedUntil.IsZero() {
		ch.task(StageFollowup, ch.now, nil)
	}
}

func (s *Store) restoreRecords(ctx context.Context, z *zip.Reader, now time.Time) error {
	return eachLine(z, "records.jsonl", io.Discard, func(r Record) error {
		r.Version = 0
		if err := s.Records.Put(ctx, r, now); err != nil && !errors.Is(err, ErrConflict) {
			return err
		}
		return nil
	})
}
