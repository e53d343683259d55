package llmtest

import (
	"context"
	"sort"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Records keeps records in memory, by the contract of webcare.Records.
type Records struct {
	mu   sync.Mutex
	rows map[string]webcare.Record
	// Fail, where set, is what every call answers.
	Fail error
}

var _ webcare.Records = (*Records)(nil)

func (r *Records) get(kind, key string, now time.Time) (webcare.Record, bool) {
	rec, ok := r.rows[kind+"\x00"+key]
	return rec, ok && (rec.Expires.IsZero() || rec.Expires.After(now))
}

// Get implements webcare.Records.
func (r *Records) Get(_ context.Context, kind, key string, now time.Time) (webcare.Record, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Fail != nil {
		return webcare.Record{}, r.Fail
	}
	rec, ok := r.get(kind, key, now)
	if !ok {
		return webcare.Record{}, webcare.NotFoundf("no such record")
	}
	return rec, nil
}

// Put implements webcare.Records.
func (r *Records) Put(_ context.Context, rec webcare.Record, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Fail != nil {
		return r.Fail
	}
	have, _ := r.get(rec.Kind, rec.Key, now)
	if have.Version != rec.Version {
		return webcare.Conflictf("the record is not at version %d", rec.Version)
	}
	if r.rows == nil {
		r.rows = map[string]webcare.Record{}
	}
	rec.Version++
	r.rows[rec.Kind+"\x00"+rec.Key] = rec
	return nil
}

// Remove implements webcare.Records.
func (r *Records) Remove(_ context.Context, kind, key string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.rows, kind+"\x00"+key)
	return r.Fail
}

// Scan implements webcare.Records; it returns all at once.
func (r *Records) Scan(_ context.Context, kind, prefix, _ string, _ int, now time.Time) ([]webcare.Record, string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []webcare.Record
	for _, rec := range r.rows {
		if _, ok := r.get(rec.Kind, rec.Key, now); ok && rec.Kind == kind && strings.HasPrefix(rec.Key, prefix) {
			out = append(out, rec)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out, "", r.Fail
}
