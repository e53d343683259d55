//go:build !unix

package sqlite

import (
	"os"

	"webcare.example/responder/internal/webcare"
)

// folderLock keeps a second process out of the data folder by a file that must
// not exist. A crash leaves it behind: the error says to remove it.
type folderLock struct{ f *os.File }

func lockFolder(path string) (*folderLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, webcare.Conflictf("in use by another process, or left locked by a crash: if nothing runs, remove %s", path)
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error {
	if err := l.f.Close(); err != nil {
		return err
	}
	return os.Remove(l.f.Name())
}
