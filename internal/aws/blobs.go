package aws

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/aws/smithy-go"

	"webcare.example/responder/internal/webcare"
)

// BlobPrefix is what all blobs' keys begin with: the rest of the bucket holds
// mail that comes in and archives that are moved.
const BlobPrefix = "case/"

// metaDigest is the object's own metadata under which its digest stands.
const metaDigest = "sha256"

// blobs are objects in the bucket, written on the condition that none stands
// under the name.
type blobs struct{ s *Store }

func objectKey(name webcare.BlobName) string { return BlobPrefix + string(name) }

// Put implements webcare.Blobs.
func (b blobs) Put(ctx context.Context, name webcare.BlobName, data []byte) (err error) {
	defer webcare.Wrap(&err, "Put(%s)", name)
	digest := webcare.Digest(data)
	for try := 1; ; try++ {
		err = b.s.bucket.Put(ctx, objectKey(name), bytes.NewReader(data), true, map[string]string{metaDigest: digest})
		switch errorCode(err) {
		case "PreconditionFailed":
			return b.same(ctx, name, digest)
		case "ConditionalRequestConflict": // another write of this name is under way
			if try < maxSaveTries {
				if err := pause(ctx, try); err != nil {
					return err
				}
				continue
			}
		}
		return explain(err)
	}
}

func errorCode(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// same reports ErrConflict unless the stored bytes have the digest.
func (b blobs) same(ctx context.Context, name webcare.BlobName, digest string) error {
	_, stored, err := b.s.bucket.Head(ctx, objectKey(name), metaDigest)
	if err != nil {
		return explain(err)
	}
	if stored != digest {
		return webcare.Conflictf("other bytes stand under this name")
	}
	return nil
}

// Get implements webcare.Blobs.
func (b blobs) Get(ctx context.Context, name webcare.BlobName) (data []byte, err error) {
	defer webcare.Wrap(&err, "Get(%s)", name)
	return b.s.Object(ctx, objectKey(name))
}

// Delete implements webcare.Blobs.
func (b blobs) Delete(ctx context.Context, name webcare.BlobName) (err error) {
	defer webcare.Wrap(&err, "Delete(%s)", name)
	return explain(b.s.bucket.Delete(ctx, objectKey(name)))
}

// List implements webcare.Blobs.
func (b blobs) List(ctx context.Context, prefix, cursor string, limit int) (out []webcare.BlobName, next string, err error) {
	defer webcare.Wrap(&err, "List(%s)", prefix)
	if cursor != "" {
		cursor = BlobPrefix + cursor
	}
	keys, more, err := b.s.bucket.List(ctx, BlobPrefix+prefix, cursor, min(limit, maxKeys))
	if err != nil {
		return nil, "", explain(err)
	}
	for _, k := range keys {
		out = append(out, webcare.BlobName(strings.TrimPrefix(k, BlobPrefix)))
	}
	if more && len(out) > 0 {
		next = string(out[len(out)-1])
	}
	return out, next, nil
}

// maxKeys is how many keys S3 lists at once.
const maxKeys = 1000
