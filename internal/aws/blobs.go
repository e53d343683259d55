package aws

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

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

func objectKey(name webcare.BlobName) *string { return awssdk.String(BlobPrefix + string(name)) }

// Put implements webcare.Blobs.
func (b blobs) Put(ctx context.Context, name webcare.BlobName, data []byte) (err error) {
	defer webcare.Wrap(&err, "Put(%s)", name)
	digest := webcare.Digest(data)
	for try := 1; ; try++ {
		_, err = b.s.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: b.s.bucket, Key: objectKey(name), Body: bytes.NewReader(data),
			IfNoneMatch: awssdk.String("*"), Metadata: map[string]string{metaDigest: digest}})
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
	out, err := b.s.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b.s.bucket, Key: objectKey(name)})
	if err != nil {
		return explain(err)
	}
	if out.Metadata[metaDigest] != digest {
		return webcare.Conflictf("other bytes stand under this name")
	}
	return nil
}

// Get implements webcare.Blobs.
func (b blobs) Get(ctx context.Context, name webcare.BlobName) (data []byte, err error) {
	defer webcare.Wrap(&err, "Get(%s)", name)
	return b.s.Object(ctx, *objectKey(name))
}

// Object returns the bytes of any object in the bucket, ErrNotFound if there is none.
func (s *Store) Object(ctx context.Context, key string) ([]byte, error) {
	out, err := s.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: s.bucket, Key: &key})
	var none *types.NoSuchKey
	if errors.As(err, &none) {
		return nil, webcare.NotFoundf("object %s", key)
	}
	if err != nil {
		return nil, explain(err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		return nil, webcare.Unavailablef("the object broke off: %w", err)
	}
	return data, nil
}

// Delete implements webcare.Blobs.
func (b blobs) Delete(ctx context.Context, name webcare.BlobName) (err error) {
	defer webcare.Wrap(&err, "Delete(%s)", name)
	_, err = b.s.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b.s.bucket, Key: objectKey(name)})
	return explain(err)
}

// List implements webcare.Blobs.
func (b blobs) List(ctx context.Context, prefix, cursor string, limit int) (out []webcare.BlobName, next string, err error) {
	defer webcare.Wrap(&err, "List(%s)", prefix)
	in := &s3.ListObjectsV2Input{Bucket: b.s.bucket, Prefix: awssdk.String(BlobPrefix + prefix), MaxKeys: awssdk.Int32(int32(min(limit, 1000)))}
	if cursor != "" {
		in.StartAfter = awssdk.String(BlobPrefix + cursor)
	}
	page, err := b.s.s3.ListObjectsV2(ctx, in)
	if err != nil {
		return nil, "", explain(err)
	}
	for _, o := range page.Contents {
		out = append(out, webcare.BlobName(strings.TrimPrefix(*o.Key, BlobPrefix)))
	}
	if awssdk.ToBool(page.IsTruncated) && len(out) > 0 {
		next = string(out[len(out)-1])
	}
	return out, next, nil
}
