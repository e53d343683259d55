package webcare

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"io"
	"time"
)

// IDs sort by the time they were made. They are opaque to everyone else.
type (
	CaseID    string
	MessageID string
)

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID returns 26 characters that sort by now (milliseconds) and are unique
// by 80 bits read from random. Reading from crypto/rand.Reader cannot fail.
func NewID(now time.Time, random io.Reader) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	if _, err := io.ReadFull(random, b[6:]); err != nil {
		panic("webcare: no randomness: " + err.Error())
	}
	return idEncoding.EncodeToString(b[:])
}

// Digest returns the SHA-256 of b in lower-case hexadecimal.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// idTime returns when an id of NewID was made.
func idTime(id string) (time.Time, bool) {
	b, err := idEncoding.DecodeString(id)
	if err != nil || len(b) != 16 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(b[:8]) >> 16)), true
}
