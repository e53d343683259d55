package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/webcare"
)

// snapshot copies the data folder's files as they are on disk now.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{"webcare.db", "webcare.db-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestFolderInUse(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := sqlite.Open(t.Context(), dir)
	if !errors.Is(err, webcare.ErrConflict) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "in use") {
		t.Fatalf("got %v", err)
	}
}

func TestNewerVersion(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := s.Exec(t.Context(), "PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(context.Background(), dir)
	if !errors.Is(err, webcare.ErrInvalid) || !strings.Contains(err.Error(), "newer version") {
		t.Fatalf("got %v", err)
	}
}

func TestNotADatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "webcare.db"), []byte(strings.Repeat("this is a letter. ", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), dir)
	if err == nil || !strings.Contains(err.Error(), "not a database") {
		t.Fatalf("got %v", err)
	}
}

func TestFolderIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), file); !errors.Is(err, webcare.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
}

func TestDiskFull(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Exec(t.Context(), "PRAGMA max_page_count = 80"); err != nil {
		t.Fatal(err)
	}
	ports := s.Ports()
	err := ports.Blobs.Put(t.Context(), "case1/big", make([]byte, 4<<20))
	if !errors.Is(err, webcare.ErrUnavailable) || !strings.Contains(err.Error(), "disk is full") {
		t.Fatalf("got %v", err)
	}
	// The rest goes on.
	if err := ports.Blobs.Put(t.Context(), "case1/small", []byte("x")); err != nil {
		t.Fatal(err)
	}
}
