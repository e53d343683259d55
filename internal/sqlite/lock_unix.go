//go:build unix

package sqlite

import (
	"os"
	"syscall"

	"webcare.example/responder/internal/webcare"
)

// folderLock keeps a second process out of the data folder. The kernel drops
// it with the process, however that ends.
type folderLock struct{ f *os.File }

func lockFolder(path string) (*folderLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, webcare.Unavailablef("not writable: %v", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // the reason to report is the lock
		return nil, webcare.Conflictf("in use by another process: stop it, or choose another folder with --data")
	}
	return &folderLock{f}, nil
}

func (l *folderLock) release() error { return l.f.Close() }
