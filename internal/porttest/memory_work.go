package porttest

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

func cloneTask(t webcare.Task) webcare.Task {
	t.Data = maps.Clone(t.Data)
	return t
}

type memoryTasks struct{ *Memory }

// ready reports whether a task may be leased at now.
func ready(t webcare.Task, now time.Time) bool {
	return !t.Dead && !t.RunAt.After(now) && !t.LeasedUntil.After(now)
}

func (m *Memory) lease(t webcare.Task, until time.Time) webcare.Task {
	t.Attempt++
	t.LeasedUntil = until
	m.tasks[t.ID] = t
	return cloneTask(t)
}

func (m memoryTasks) Put(ctx context.Context, t webcare.Task) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.tasks[t.ID]; !ok {
		m.tasks[t.ID] = cloneTask(t)
	}
	return nil
}

func (m memoryTasks) Lease(ctx context.Context, stage webcare.Stage, n int, now, until time.Time) ([]webcare.Task, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []webcare.Task
	for _, t := range m.tasks {
		if t.Stage == stage && ready(t, now) {
			due = append(due, t)
		}
	}
	slices.SortFunc(due, func(a, b webcare.Task) int { return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.ID, b.ID)) })
	due = due[:min(len(due), n)]
	for i, t := range due {
		due[i] = m.lease(t, until)
	}
	return due, nil
}

func (m memoryTasks) Take(ctx context.Context, id string, now, until time.Time) (webcare.Task, error) {
	if err := ctx.Err(); err != nil {
		return webcare.Task{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tasks[id]
	switch {
	case !ok || t.Dead:
		return webcare.Task{}, webcare.NotFoundf("task %s", id)
	case !ready(t, now):
		return webcare.Task{}, webcare.Conflictf("task %s is leased or not due", id)
	}
	return m.lease(t, until), nil
}

func (m memoryTasks) Finish(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.tasks[id].Dead {
		delete(m.tasks, id)
	}
	return nil
}

func (m memoryTasks) Fail(ctx context.Context, t webcare.Task, reason string, runAt time.Time, dead bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	have, ok := m.tasks[t.ID]
	if !ok || have.Attempt != t.Attempt || have.Dead {
		return nil
	}
	have.LastError, have.RunAt, have.LeasedUntil, have.Dead = reason, runAt, time.Time{}, dead
	m.tasks[t.ID] = have
	return nil
}

func (m memoryTasks) Dead(ctx context.Context, cursor string, limit int) ([]webcare.Task, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []webcare.Task
	for _, id := range slices.Sorted(maps.Keys(m.tasks)) {
		if t := m.tasks[id]; t.Dead && id > cursor {
			if len(out) == limit {
				return out, out[limit-1].ID, nil
			}
			out = append(out, cloneTask(t))
		}
	}
	return out, "", nil
}

func (m memoryTasks) Replay(ctx context.Context, id string, runAt time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tasks[id]
	if !ok || !t.Dead {
		return webcare.NotFoundf("no dead task %s", id)
	}
	t.Dead, t.Attempt, t.LeasedUntil, t.RunAt = false, 0, time.Time{}, runAt
	m.tasks[id] = t
	return nil
}

type memoryBlobs struct{ *Memory }

func (m memoryBlobs) Put(ctx context.Context, name webcare.BlobName, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if have, ok := m.blobs[name]; ok && !bytes.Equal(have, data) {
		return webcare.Conflictf("other bytes stand under %s", name)
	}
	m.blobs[name] = slices.Clone(data)
	return nil
}

func (m memoryBlobs) Get(ctx context.Context, name webcare.BlobName) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.blobs[name]
	if !ok {
		return nil, webcare.NotFoundf("blob %s", name)
	}
	return slices.Clone(b), nil
}

func (m memoryBlobs) Delete(ctx context.Context, name webcare.BlobName) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.blobs, name)
	return nil
}

func (m memoryBlobs) List(ctx context.Context, prefix, cursor string, limit int) ([]webcare.BlobName, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []webcare.BlobName
	for _, name := range slices.Sorted(maps.Keys(m.blobs)) {
		if strings.HasPrefix(string(name), prefix) && string(name) > cursor {
			if len(out) == limit {
				return out, string(out[limit-1]), nil
			}
			out = append(out, name)
		}
	}
	return out, "", nil
}

type memoryRecords struct{ *Memory }

// record returns what stands unexpired under a key.
func (m *Memory) record(kind, key string, now time.Time) (webcare.Record, bool) {
	r, ok := m.records[[2]string{kind, key}]
	if !ok || (!r.Expires.IsZero() && !r.Expires.After(now)) {
		return webcare.Record{}, false
	}
	r.Body = slices.Clone(r.Body)
	return r, true
}

func (m memoryRecords) Get(ctx context.Context, kind, key string, now time.Time) (webcare.Record, error) {
	if err := ctx.Err(); err != nil {
		return webcare.Record{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.record(kind, key, now); ok {
		return r, nil
	}
	return webcare.Record{}, webcare.NotFoundf("no record %s/%s", kind, key)
}

func (m memoryRecords) Put(ctx context.Context, r webcare.Record, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	have, _ := m.record(r.Kind, r.Key, now)
	if have.Version != r.Version {
		return webcare.Conflictf("record %s/%s is at version %d, not %d", r.Kind, r.Key, have.Version, r.Version)
	}
	r.Version++
	r.Body = slices.Clone(r.Body)
	m.records[[2]string{r.Kind, r.Key}] = r
	return nil
}

func (m memoryRecords) Remove(ctx context.Context, kind, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, [2]string{kind, key})
	return nil
}

func (m memoryRecords) Scan(ctx context.Context, kind, prefix, cursor string, limit int, now time.Time) ([]webcare.Record, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(m.records), func(a, b [2]string) int { return cmp.Compare(a[1], b[1]) })
	var out []webcare.Record
	for _, k := range keys {
		r, ok := m.record(k[0], k[1], now)
		if !ok || k[0] != kind || !strings.HasPrefix(k[1], prefix) || k[1] <= cursor {
			continue
		}
		if len(out) == limit {
			return out, out[limit-1].Key, nil
		}
		out = append(out, r)
	}
	return out, "", nil
}
