package porttest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"webcare.example/responder/internal/webcare"
)

// Memory is the strictest adapter of the ports: it keeps rows encoded, as a
// store would, and refuses with a plain error any save that some adapter could
// not commit (an item written twice, a sequence or task that exists). Tests of
// the rules use it for its speed; it passes Run like the others.
type Memory struct {
	mu       sync.Mutex
	heads    map[webcare.CaseID][]byte
	children map[webcare.CaseID][]webcare.Child
	events   []webcare.Event
	claims   map[string]webcare.CaseID
	tasks    map[string]webcare.Task
	blobs    map[webcare.BlobName][]byte
	records  map[[2]string]webcare.Record
	postings map[[2]string]map[webcare.CaseID]webcare.Document // brand and set
	tallied  map[string]bool
	tallies  map[tallyKey]int64
	saves    int
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{heads: map[webcare.CaseID][]byte{}, children: map[webcare.CaseID][]webcare.Child{},
		claims: map[string]webcare.CaseID{}, tasks: map[string]webcare.Task{}, blobs: map[webcare.BlobName][]byte{},
		records: map[[2]string]webcare.Record{}, postings: map[[2]string]map[webcare.CaseID]webcare.Document{},
		tallied: map[string]bool{}, tallies: map[tallyKey]int64{}}
}

// Ports returns the store as the ports.
func (m *Memory) Ports() webcare.Ports {
	return webcare.Ports{Cases: memoryCases{m}, Events: memoryCases{m}, Tasks: memoryTasks{m}, DeadLetters: memoryTasks{m},
		Blobs: memoryBlobs{m}, Records: memoryRecords{m}, Search: memorySearch{m}, Tallies: memoryTallies{m}}
}

// Store returns the store with loading and saving of whole cases.
func (m *Memory) Store() webcare.Store { return webcare.Store{Ports: m.Ports()} }

// Tasks returns all stored tasks by id, dead ones too.
func (m *Memory) Tasks() []webcare.Task {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []webcare.Task
	for _, id := range slices.Sorted(maps.Keys(m.tasks)) {
		out = append(out, cloneTask(m.tasks[id]))
	}
	return out
}

// Saves returns how many saves were committed.
func (m *Memory) Saves() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.saves
}

// CaseIDs returns the ids of all cases in order.
func (m *Memory) CaseIDs() []webcare.CaseID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.heads))
}

type memoryCases struct{ *Memory }

func (m memoryCases) Head(ctx context.Context, id webcare.CaseID) (h webcare.Head, err error) {
	if err := ctx.Err(); err != nil {
		return h, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.head(id)
}

func (m *Memory) head(id webcare.CaseID) (h webcare.Head, err error) {
	b, ok := m.heads[id]
	if !ok {
		return h, webcare.NotFoundf("case %q", id)
	}
	return h, json.Unmarshal(b, &h)
}

func (m memoryCases) Children(ctx context.Context, id webcare.CaseID, after int64, limit int) ([]webcare.Child, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []webcare.Child
	for _, c := range m.children[id] {
		if c.Seq <= after {
			continue
		}
		if len(out) == limit {
			return out, true, nil
		}
		c.Body = slices.Clone(c.Body)
		out = append(out, c)
	}
	return out, false, nil
}

func (m memoryCases) Save(ctx context.Context, s webcare.Save) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.mayCommit(s); err != nil {
		return err
	}
	h := s.Head
	h.Version++
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	m.saves++
	m.heads[h.ID] = body
	delete(m.tasks, s.Finish)
	for _, id := range s.Cancel {
		delete(m.tasks, id)
	}
	for _, c := range s.Claims {
		m.claims[c.String()] = h.ID
	}
	for _, t := range s.Tasks {
		m.tasks[t.ID] = cloneTask(t)
	}
	for _, c := range s.Children {
		c.Body = slices.Clone(c.Body)
		m.children[h.ID] = append(m.children[h.ID], c)
	}
	m.events = append(m.events, s.Events...)
	return nil
}

// mayCommit checks what a transaction would.
func (m *Memory) mayCommit(s webcare.Save) error {
	if t, ok := m.tasks[s.Finish]; s.Finish != "" && (!ok || t.Dead) {
		return webcare.TaskGone(s.Finish)
	}
	var version int64
	if _, ok := m.heads[s.Head.ID]; ok {
		h, err := m.head(s.Head.ID)
		if err != nil {
			return err
		}
		version = h.Version
	}
	if version != s.Head.Version {
		return webcare.Conflictf("case %s is at version %d, not %d", s.Head.ID, version, s.Head.Version)
	}
	for _, c := range s.Claims {
		if holder, ok := m.claims[c.String()]; ok && holder != s.Head.ID {
			return webcare.Conflictf("%s is held by another case", c)
		}
	}
	return m.wellFormed(s)
}

// wellFormed refuses what no transaction takes: one item twice, or one that is there.
func (m *Memory) wellFormed(s webcare.Save) error {
	items := map[string]bool{}
	twice := func(item string) error {
		if items[item] {
			return fmt.Errorf("the save writes %s twice", item)
		}
		items[item] = true
		return nil
	}
	ids := slices.Clone(s.Cancel)
	if s.Finish != "" {
		ids = append(ids, s.Finish)
	}
	for _, t := range s.Tasks {
		if _, there := m.tasks[t.ID]; there {
			return fmt.Errorf("the task %s exists", t.ID)
		}
		ids = append(ids, t.ID)
	}
	for _, id := range ids {
		if err := twice("task " + id); err != nil {
			return err
		}
	}
	for _, c := range s.Claims {
		if err := twice("claim " + c.String()); err != nil {
			return err
		}
	}
	last := int64(0)
	if have := m.children[s.Head.ID]; len(have) > 0 {
		last = have[len(have)-1].Seq
	}
	for _, c := range s.Children {
		if c.Seq <= last {
			return fmt.Errorf("child %d of %s exists", c.Seq, s.Head.ID)
		}
		last = c.Seq
	}
	return nil
}

func (m memoryCases) Rewrite(ctx context.Context, r webcare.Rewrite) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	have, err := m.head(r.Head.ID)
	if err != nil || have.Version != r.Head.Version {
		return webcare.Conflictf("case %s is not at version %d", r.Head.ID, r.Head.Version)
	}
	at := map[int64]int{}
	for i, c := range m.children[r.Head.ID] {
		at[c.Seq] = i
	}
	for _, c := range r.Children {
		if _, ok := at[c.Seq]; !ok {
			return webcare.Conflictf("child %d is not stored", c.Seq)
		}
	}
	h := r.Head
	h.Version++
	if m.heads[h.ID], err = json.Marshal(h); err != nil {
		return err
	}
	for _, c := range r.Children {
		stored := &m.children[h.ID][at[c.Seq]]
		stored.Body, stored.Blob = slices.Clone(c.Body), ""
		if stored.Kind == webcare.ChildEvent {
			m.rewriteEvent(c.Body)
		}
	}
	for _, c := range r.Unclaim {
		if m.claims[c.String()] == h.ID {
			delete(m.claims, c.String())
		}
	}
	return nil
}

func (m *Memory) rewriteEvent(body []byte) {
	var e webcare.Event
	if json.Unmarshal(body, &e) != nil {
		return
	}
	for i := range m.events {
		if m.events[i].ID == e.ID {
			m.events[i] = e
		}
	}
}

func (m memoryCases) Claimed(ctx context.Context, c webcare.Claim) (webcare.CaseID, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if id, ok := m.claims[c.String()]; ok {
		return id, nil
	}
	return "", webcare.NotFoundf("%s", c)
}

func (m memoryCases) List(ctx context.Context, q webcare.Query) (webcare.Page, error) {
	return webcare.MergePages(ctx, q, func(ctx context.Context, p webcare.Partition, after string, limit int) ([]webcare.Head, error) {
		heads, err := m.partition(ctx, p)
		if err != nil {
			return nil, err
		}
		heads = slices.DeleteFunc(heads, func(h webcare.Head) bool { return h.QueueKey() <= after })
		webcare.SortHeads(heads)
		return heads[:min(len(heads), limit)], nil
	})
}

func (m memoryCases) Count(ctx context.Context, q webcare.Query, limit int) (int, error) {
	total := 0
	for _, b := range q.Brands {
		for _, st := range q.Statuses {
			heads, err := m.partition(ctx, webcare.Partition{Brand: b, Status: st, Assignee: q.Assignee})
			if err != nil {
				return 0, err
			}
			if total += len(heads); total > limit {
				return limit + 1, nil
			}
		}
	}
	return total, nil
}

func (m *Memory) partition(ctx context.Context, p webcare.Partition) ([]webcare.Head, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []webcare.Head
	for id := range m.heads {
		h, err := m.head(id)
		if err != nil {
			return nil, err
		}
		if h.Brand == p.Brand && h.Status == p.Status && (p.Assignee == "" || h.Assignee == p.Assignee) {
			out = append(out, h)
		}
	}
	return out, nil
}

func (m memoryCases) After(ctx context.Context, cursor string, limit int) ([]webcare.Event, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	from := 0
	if cursor != "" {
		if _, err := fmt.Sscanf(cursor, "%d", &from); err != nil || from < 0 || from > len(m.events) {
			return nil, "", webcare.Invalidf("cursor: %q", cursor)
		}
	}
	to := min(len(m.events), from+limit)
	return slices.Clone(m.events[from:to]), fmt.Sprint(to), nil
}
