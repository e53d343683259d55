package aws_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/webcare"
)

// Objects under any key, whole and in part; lists that take several pages.
func TestObjects(t *testing.T) {
	cfg := config(t)
	open(t, cfg)
	w := &wire{lose: 0.2}
	s := aws.Open(w.over(cfg))
	body := []byte(strings.Repeat("0123456789", 50_000))
	for _, key := range []string{"archive/a.zip", "archive/na me+(1) é&=%41.zip", "archive/x//y", "archive/~!*'.zip"} {
		if err := s.PutFile(t.Context(), key, bytes.NewReader(body)); err != nil {
			t.Fatal(key, err)
		}
		if got, err := s.Object(t.Context(), key); err != nil || !bytes.Equal(got, body) {
			t.Fatalf("%s: %d bytes, %v", key, len(got), err)
		}
		if n, err := s.Size(t.Context(), key); err != nil || n != int64(len(body)) {
			t.Fatalf("%s: size %d, %v", key, n, err)
		}
		part := make([]byte, 1234)
		if err := s.Range(t.Context(), key, part, 77); err != nil || !bytes.Equal(part, body[77:77+1234]) {
			t.Fatalf("%s: %v", key, err)
		}
		if err := s.Range(t.Context(), key, part, int64(len(body)-3)); !errors.Is(err, webcare.ErrUnavailable) {
			t.Fatalf("beyond the end of %s: %v", key, err)
		}
	}
	if _, err := s.Object(t.Context(), "archive/none"); !errors.Is(err, webcare.ErrNotFound) {
		t.Error(err)
	}
	if _, err := s.Size(t.Context(), "archive/none"); !errors.Is(err, webcare.ErrNotFound) {
		t.Error(err)
	}
	blobs := s.Ports().Blobs
	for i := range 25 {
		if err := blobs.Put(t.Context(), webcare.BlobName(fmt.Sprintf("c/%02d", i)), nil); err != nil {
			t.Fatal(err)
		}
	}
	var seen []webcare.BlobName
	for cursor, more := "", true; more; more = cursor != "" {
		names, next, err := blobs.List(t.Context(), "c/", cursor, 10)
		if err != nil {
			t.Fatal(err)
		}
		seen, cursor = append(seen, names...), next
	}
	if len(seen) != 25 || seen[24] != "c/24" {
		t.Errorf("listed %v", seen)
	}
	if w.lost == 0 {
		t.Error("no answer was lost")
	}
}
