package aws

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/webcare"
)

// Size returns how long an object is, ErrNotFound if there is none.
func (s *Store) Size(ctx context.Context, key string) (int64, error) {
	out, err := s.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: s.bucket, Key: &key})
	var none *types.NotFound
	if errors.As(err, &none) {
		return 0, webcare.NotFoundf("object %s", key)
	}
	if err != nil {
		return 0, explain(err)
	}
	return awssdk.ToInt64(out.ContentLength), nil
}

// Range fills p with an object's bytes from off on.
func (s *Store) Range(ctx context.Context, key string, p []byte, off int64) error {
	out, err := s.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: s.bucket, Key: &key, Range: awssdk.String(fmt.Sprintf("bytes=%d-%d", off, off+int64(len(p))-1))})
	if err != nil {
		return explain(err)
	}
	defer out.Body.Close()
	if _, err := io.ReadFull(out.Body, p); err != nil {
		return webcare.Unavailablef("the object broke off: %w", err)
	}
	return nil
}

// PutFile stores an object from a file.
func (s *Store) PutFile(ctx context.Context, key string, f io.ReadSeeker) error {
	_, err := s.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: s.bucket, Key: &key, Body: f})
	return explain(err)
}
