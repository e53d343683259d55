package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

const (
	pieceCases = 100
	pieceBytes = 32 << 20
	casesFile  = "cases.jsonl"
	blobsDir   = "blobs/"
	manifest   = "manifest.json"
	records    = "records.jsonl"
)

// Load loads the archive under key until it is done or the time is up.
func (m *Mover) Load(ctx context.Context, key string, until time.Time) (p Progress, err error) {
	defer webcare.Wrap(&err, "Load(%s)", key)
	if err := valid(key); err != nil {
		return p, err
	}
	if p, err = m.progress(ctx, "load/"+key); err != nil || p.Done {
		return p, err
	}
	size, err := m.Objects.Size(ctx, key)
	if err != nil {
		return p, err
	}
	z, err := zip.NewReader(&blocks{ctx: ctx, objects: m.Objects, key: key, size: size}, size)
	if err != nil {
		return p, webcare.Invalidf("not an archive: %v", err)
	}
	l := &loading{Mover: m, z: z, name: "load/" + key, until: until, Progress: p}
	err = l.run(ctx, size)
	return l.Progress, err
}

// loading is one call of Load.
type loading struct {
	*Mover
	Progress
	z     *zip.Reader
	name  string
	until time.Time
	whole webcare.Manifest
}

func (l *loading) late() bool { return !l.Now().Before(l.until) }

func (l *loading) run(ctx context.Context, size int64) error {
	if err := l.check(size); err != nil {
		return err
	}
	if l.Checked != size {
		l.Checked = size
		if err := l.note(ctx, l.name, &l.Progress); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{l.blobs, l.cases} {
		if err := step(ctx); err != nil || l.late() {
			return err
		}
	}
	last := newPiece()
	for _, f := range l.z.File {
		if f.Name != casesFile && f.Name != manifest && !strings.HasPrefix(f.Name, blobsDir) {
			last.keep(f)
		}
	}
	got, err := last.restore(ctx, l.Mover)
	if err != nil {
		return err
	}
	if l.Forget != nil { // what was erased here stays so
		if _, err := l.Store.EraseAgain(ctx, l.Brands, nil, l.Now(), l.Forget); err != nil {
			return err
		}
	}
	l.Done, l.Records = true, l.whole.Records
	if got.Cases != 0 {
		return webcare.Invalidf("the last piece holds cases")
	}
	return l.note(ctx, l.name, &l.Progress)
}

// check reads the manifest and, once, compares the whole with it.
func (l *loading) check(size int64) error {
	f, err := l.z.Open(manifest)
	if err != nil {
		return webcare.Invalidf("not an archive of ours, or cut short: no %s", manifest)
	}
	defer func() { _ = f.Close() }() // only read from
	if err := json.NewDecoder(f).Decode(&l.whole); err != nil {
		return webcare.Invalidf("%s: %v", manifest, err)
	}
	if l.whole.Format > webcare.ArchiveFormat {
		return webcare.Invalidf("written by a newer version (format %d)", l.whole.Format)
	}
	switch {
	case l.Checked == size:
		return nil
	case l.Checked != 0:
		return webcare.Conflictf("another archive of %d bytes was begun under this name: use a new one", l.Checked)
	}
	blobs := 0
	for _, f := range l.z.File {
		if strings.HasPrefix(f.Name, blobsDir) {
			blobs++
		}
	}
	digest, cases := sha256.New(), 0
	if err := l.lines(digest, func([]byte) error { cases++; return nil }); err != nil {
		return err
	}
	if cases != l.whole.Cases || blobs != l.whole.Blobs || hex.EncodeToString(digest.Sum(nil)) != l.whole.Digest {
		return webcare.Invalidf("it holds %d cases and %d blobs, its manifest says %d and %d, or other bytes", cases, blobs, l.whole.Cases, l.whole.Blobs)
	}
	return nil
}

// lines reads the cases, one a line.
func (l *loading) lines(also io.Writer, f func(line []byte) error) error {
	e, err := l.z.Open(casesFile)
	if err != nil {
		return webcare.Invalidf("%s: missing", casesFile)
	}
	defer func() { _ = e.Close() }() // only read from
	r := bufio.NewReaderSize(io.TeeReader(e, also), 1<<20)
	for {
		line, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := f(line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return webcare.Invalidf("%s: %v", casesFile, err)
		}
	}
}

// blobs loads the bodies that have not been.
func (l *loading) blobs(ctx context.Context) error {
	i, p := 0, newPiece()
	for _, f := range l.z.File {
		if !strings.HasPrefix(f.Name, blobsDir) {
			continue
		}
		if i++; i <= l.Progress.Blobs {
			continue
		}
		if p.keep(f); p.entries >= l.size() || p.body.Len() > pieceBytes {
			if err := l.load(ctx, p); err != nil || l.late() {
				return err
			}
			p = newPiece()
		}
	}
	return l.load(ctx, p)
}

var errLate = errors.New("time is up")

// cases loads the cases that have not been.
func (l *loading) cases(ctx context.Context) error {
	i, p := 0, newPiece()
	err := l.lines(io.Discard, func(line []byte) error {
		if i++; i <= l.Progress.Cases {
			return nil
		}
		if p.add(line); p.m.Cases < l.size() && p.cases.Len() < pieceBytes {
			return nil
		}
		if err := l.load(ctx, p); err != nil {
			return err
		}
		if p = newPiece(); l.late() {
			return errLate
		}
		return nil
	})
	if errors.Is(err, errLate) {
		return nil
	}
	if err != nil {
		return err
	}
	return l.load(ctx, p)
}

func (l *loading) size() int {
	if l.Mover.Cases > 0 {
		return l.Mover.Cases
	}
	return pieceCases
}

// load restores a piece and notes it.
func (l *loading) load(ctx context.Context, p *piece) error {
	if p.entries == 0 && p.m.Cases == 0 {
		return nil
	}
	got, err := p.restore(ctx, l.Mover)
	if err != nil {
		return err
	}
	l.Progress.Cases += got.Cases
	l.Progress.Blobs += got.Blobs
	return l.note(ctx, l.name, &l.Progress)
}
