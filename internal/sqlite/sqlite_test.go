package sqlite_test

import (
	"testing"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/webcare"
)

func open(t testing.TB, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestPorts(t *testing.T) {
	porttest.Run(t, func(t *testing.T) porttest.Opened {
		dir := t.TempDir()
		s := open(t, dir)
		return porttest.Opened{Ports: s.Ports(), Crash: func(t *testing.T) webcare.Ports {
			// What a kill leaves is the files as they are: copy them while the
			// store is open, as a snapshot of the disk would.
			return open(t, snapshot(t, dir)).Ports()
		}}
	})
}
