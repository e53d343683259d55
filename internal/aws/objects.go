package aws

import (
	"context"
	"io"

	"webcare.example/responder/internal/webcare"
)

// Object returns the bytes of any object in the bucket, ErrNotFound if there is none.
func (s *Store) Object(ctx context.Context, key string) ([]byte, error) {
	data, err := s.bucket.Get(ctx, key)
	if errorCode(err) == "NoSuchKey" {
		return nil, webcare.NotFoundf("object %s", key)
	}
	return data, explain(err)
}

// Size returns how long an object is, ErrNotFound if there is none.
func (s *Store) Size(ctx context.Context, key string) (int64, error) {
	size, _, err := s.bucket.Head(ctx, key, metaDigest)
	if errorCode(err) == "NotFound" {
		return 0, webcare.NotFoundf("object %s", key)
	}
	return size, explain(err)
}

// Range fills p with an object's bytes from off on.
func (s *Store) Range(ctx context.Context, key string, p []byte, off int64) error {
	if len(p) == 0 {
		return nil
	}
	b, err := s.bucket.Range(ctx, key, off, int64(len(p)))
	if err == nil && copy(p, b) < len(p) {
		return webcare.Unavailablef("the object broke off")
	}
	return explain(err)
}

// PutFile stores an object from a file.
func (s *Store) PutFile(ctx context.Context, key string, f io.ReadSeeker) error {
	return explain(s.bucket.Put(ctx, key, f, false, nil))
}
