package webcare

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// Change is one step of a case in the making. Its methods check that the step
// is legal and note what it changes; Save turns the whole into one transaction.
// A Change that returned an error must be dropped.
type Change struct {
	head     Head
	old      Head
	caseRead *Case
	now      time.Time
	actor    Actor
	children []Child
	events   []Event
	tasks    []Task
	claims   []Claim
	finish   string
	cancel   []string
	adopted  []string // work orders that this step's promises took over
	openTime func(from, to time.Time) time.Duration
}

// Begin starts a step on a loaded case.
func Begin(c *Case, now time.Time, actor Actor) *Change {
	actor.Name = clip(actor.Name, maxActorName)
	return &Change{head: cloneHead(c.Head), old: c.Head, caseRead: c, now: now.UTC().Truncate(time.Millisecond), actor: actor}
}

func cloneHead(h Head) Head {
	h.Frictions = slices.Clone(h.Frictions)
	h.Signals = slices.Clone(h.Signals)
	h.Tags = slices.Clone(h.Tags)
	h.Links = slices.Clone(h.Links)
	if h.Approval != nil {
		a := *h.Approval
		h.Approval = &a
	}
	if h.Attempt != nil {
		a := *h.Attempt
		h.Attempt = &a
	}
	return h
}

// Head returns the head as the step leaves it so far.
func (ch *Change) Head() Head { return ch.head }

// Finishes notes the task that this step completes.
func (ch *Change) Finishes(taskID string) { ch.finish = taskID }

// Claim adds a uniqueness claim to the step.
func (ch *Change) Claim(c Claim) {
	if !slices.Contains(ch.claims, c) {
		ch.claims = append(ch.claims, c)
	}
}

// Claims returns what the step claims; the slice is the caller's.
func (ch *Change) Claims() []Claim { return slices.Clone(ch.claims) }

// Forgo leaves a claim out that another case holds, where the step can do
// without it.
func (ch *Change) Forgo(c Claim) {
	ch.claims = slices.DeleteFunc(ch.claims, func(x Claim) bool { return x == c })
}

// Save returns what the step changes.
func (ch *Change) Save() Save {
	ch.head.UpdatedAt = ch.now
	ch.head.fit()
	return Save{Head: ch.head, Children: ch.children, Events: ch.events, Tasks: ch.tasks,
		Claims: ch.claims, Finish: ch.finish, Cancel: ch.cancel}
}

// idle reports whether the step changes nothing of the case.
func (ch *Change) idle() bool {
	return len(ch.children)+len(ch.tasks)+len(ch.claims)+len(ch.cancel) == 0 && reflect.DeepEqual(ch.head, ch.old)
}

// append adds a child and returns its sequence number.
func (ch *Change) append(kind ChildKind, body any) int64 {
	seq := ch.head.NextSeq
	ch.head.NextSeq++
	b, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("webcare: a %s cannot be marshalled: %v", kind, err)) // only our own nouns come here
	}
	ch.children = append(ch.children, Child{Seq: seq, Kind: kind, At: ch.now, Body: b})
	return seq
}

// event adds an event with the labels as they were and as they are now.
func (ch *Change) event(t EventType, data map[string]string) {
	seq := ch.head.NextSeq
	e := Event{ID: fmt.Sprintf("%s/%d", ch.head.ID, seq), Type: t, CaseID: ch.head.ID, Seq: seq, At: ch.now,
		By: ch.actor.ID, Brand: ch.head.Brand, Channel: ch.head.Channel, New: ch.head.Labels(), Data: data}
	if ch.old.Version > 0 {
		e.Old = ch.old.Labels()
	}
	if ch.head.Imported {
		e.Data = withKey(e.Data, "imported", "true")
	}
	ch.append(ChildEvent, e)
	ch.events = append(ch.events, e)
}

func withKey(m map[string]string, k, v string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[k] = v
	return m
}

// task puts a unit of work into the outbox.
func (ch *Change) task(stage Stage, runAt time.Time, data map[string]string) {
	ch.tasks = append(ch.tasks, Task{
		ID:    fmt.Sprintf("%s/%s/%d", ch.head.ID, stage, ch.old.Version*100+int64(len(ch.tasks))), // a version is saved once
		Stage: stage, CaseID: ch.head.ID, RunAt: runAt.UTC().Truncate(time.Millisecond), Data: data})
}

// person checks that the step is taken by a person.
func (ch *Change) person(doing string) error {
	if !ch.actor.Person || ch.actor.ID == "" {
		return Forbiddenf("only a signed-in person may %s", doing)
	}
	return nil
}

// need checks the status of the case.
func (ch *Change) need(doing string, allowed ...Status) error {
	if slices.Contains(allowed, ch.head.Status) {
		return nil
	}
	return Conflictf("cannot %s: the case is %s", doing, ch.head.Status)
}

// dropDraft takes the present draft off the table.
func (ch *Change) dropDraft() {
	ch.head.DraftSeq, ch.head.DraftHash, ch.head.DraftAuthority = 0, "", NoAuthority
	ch.head.CostCents, ch.head.Blocked, ch.head.Checks, ch.head.DraftExpires = 0, false, 0, time.Time{}
	ch.head.ProposedBy = ""
}

// voidApproval takes a standing approval back because the world moved on.
func (ch *Change) voidApproval(why string) {
	if ch.head.Approval == nil {
		return
	}
	ch.cancelPublish()
	data := map[string]string{"hash": ch.head.Approval.Hash, "why": why}
	ch.head.Approval = nil
	ch.event(ApprovalVoided, data)
}

// cancelPublish makes the publish task of the standing approval needless.
func (ch *Change) cancelPublish() {
	if a := ch.head.Approval; a != nil && !a.Assisted {
		id := publishTaskID(ch.head.ID, a)
		made := len(ch.tasks)
		ch.tasks = slices.DeleteFunc(ch.tasks, func(t Task) bool { return t.ID == id })
		if len(ch.tasks) == made { // not made by this very step
			ch.cancel = append(ch.cancel, id)
		}
	}
}

// PublishTask names the task that will make the next try at posting, "" where
// nothing is approved for the program to post. Any other task is of an
// approval that no longer stands.
func (h Head) PublishTask() string {
	if h.Approval == nil || h.Approval.Assisted {
		return ""
	}
	return publishTaskID(h.ID, h.Approval)
}

// publishTaskID names the task that will make the next try of an approval.
func publishTaskID(id CaseID, a *Approval) string {
	name := fmt.Sprintf("%s/%s/%d-%d", id, StagePublish, a.DraftSeq, a.At.UnixMilli())
	if a.Tries > 0 {
		name = fmt.Sprintf("%s/%d", name, a.Tries)
	}
	return name
}
