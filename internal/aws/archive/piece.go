package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"sync"

	"webcare.example/responder/internal/webcare"
)

// piece is a part of an archive, itself an archive.
type piece struct {
	body    bytes.Buffer
	z       *zip.Writer
	cases   bytes.Buffer
	m       webcare.Manifest
	entries int
	records bool
	err     error
}

func newPiece() *piece {
	p := &piece{m: webcare.Manifest{Format: webcare.ArchiveFormat}}
	p.z = zip.NewWriter(&p.body)
	return p
}

// keep copies an entry as it is.
func (p *piece) keep(f *zip.File) {
	p.entries++
	p.records = p.records || f.Name == records
	if strings.HasPrefix(f.Name, blobsDir) {
		p.m.Blobs++
	}
	if err := p.z.Copy(f); err != nil && p.err == nil {
		p.err = err
	}
}

// add adds a case.
func (p *piece) add(line []byte) {
	p.cases.Write(line)
	p.m.Cases++
}

// restore ends the piece and restores it.
func (p *piece) restore(ctx context.Context, m *Mover) (webcare.Manifest, error) {
	sum := sha256.Sum256(p.cases.Bytes())
	p.m.Digest, p.m.Made = hex.EncodeToString(sum[:]), m.Now().UTC()
	about, err := json.Marshal(p.m)
	if err != nil {
		return p.m, err
	}
	p.entry(casesFile, p.cases.Bytes())
	if !p.records {
		p.entry(records, nil)
	}
	p.entry(manifest, about)
	if err := p.z.Close(); err != nil && p.err == nil {
		p.err = err
	}
	if p.err != nil {
		return p.m, p.err
	}
	return m.Store.Restore(ctx, bytes.NewReader(p.body.Bytes()), int64(p.body.Len()), m.Now(), func(int, int) {})
}

func (p *piece) entry(name string, b []byte) {
	w, err := p.z.Create(name)
	if err == nil {
		_, err = w.Write(b)
	}
	if err != nil && p.err == nil {
		p.err = err
	}
}

// blocks reads an object in large blocks and keeps the last two: the archive's
// contents and its table of contents.
type blocks struct {
	ctx     context.Context
	objects Objects
	key     string
	size    int64
	mu      sync.Mutex
	kept    [2]block
}

type block struct {
	at   int64
	data []byte
}

const blockSize = 4 << 20

// ReadAt implements io.ReaderAt.
func (b *blocks) ReadAt(p []byte, off int64) (n int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n < len(p) {
		at := off + int64(n)
		if at >= b.size {
			return n, io.EOF
		}
		data, err := b.block(at / blockSize * blockSize)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], data[at%blockSize:])
	}
	return n, nil
}

func (b *blocks) block(at int64) ([]byte, error) {
	for i, k := range b.kept {
		if k.data != nil && k.at == at {
			b.kept[0], b.kept[i] = b.kept[i], b.kept[0]
			return k.data, nil
		}
	}
	data := make([]byte, min(blockSize, b.size-at))
	if err := b.objects.Range(b.ctx, b.key, data, at); err != nil {
		return nil, err
	}
	b.kept[1] = b.kept[0]
	b.kept[0] = block{at, data}
	return data, nil
}
