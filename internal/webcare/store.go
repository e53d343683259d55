package webcare

import (
	"context"
	"encoding/json"
	"fmt"
)

// Store is loading and saving a whole case over the ports, the same on every
// adapter.
type Store struct {
	Ports
}

// childPage is how many children one read asks for.
const childPage = 500

// Load returns a case with all its children.
func (s *Store) Load(ctx context.Context, id CaseID) (_ *Case, err error) {
	defer Wrap(&err, "Load(%s)", id)
	head, err := s.Cases.Head(ctx, id)
	if err != nil {
		return nil, err
	}
	c := &Case{Head: head}
	for after, more := int64(0), true; more; {
		var children []Child
		children, more, err = s.Cases.Children(ctx, id, after, childPage)
		if err != nil {
			return nil, err
		}
		for _, ch := range children {
			after = ch.Seq
			if ch.Seq >= head.NextSeq {
				continue // saved after the head was read: not part of this state
			}
			if err := s.inline(ctx, &ch); err != nil {
				return nil, err
			}
			if err := c.add(ch); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (s *Store) inline(ctx context.Context, ch *Child) error {
	if ch.Blob == "" {
		return nil
	}
	b, err := s.Blobs.Get(ctx, ch.Blob)
	if err != nil {
		return fmt.Errorf("body of child %d: %w", ch.Seq, err)
	}
	ch.Body = b
	return nil
}

// add decodes one child into the case.
func (c *Case) add(ch Child) error {
	var err error
	switch ch.Kind {
	case ChildMessage:
		err = decodeInto(&c.Messages, ch)
	case ChildTriage:
		err = decodeInto(&c.Triages, ch)
	case ChildDraft:
		err = decodeInto(&c.Drafts, ch)
	case ChildDecision:
		err = decodeInto(&c.Decisions, ch)
	case ChildPublication:
		err = decodeInto(&c.Publications, ch)
	case ChildNote:
		err = decodeInto(&c.Notes, ch)
	case ChildCorrection:
		err = decodeInto(&c.Corrections, ch)
	case ChildPromise:
		err = foldInto(&c.Promises, ch, func(p Promise) string { return p.ID })
	case ChildWorkOrder:
		err = foldInto(&c.WorkOrders, ch, func(w WorkOrder) string { return w.ID })
	case ChildEvent:
		var e Event
		if err = json.Unmarshal(ch.Body, &e); err == nil {
			c.Events = append(c.Events, e)
		}
	default:
		err = fmt.Errorf("unknown kind %q: written by a newer version", ch.Kind)
	}
	if err != nil {
		return fmt.Errorf("child %d: %w", ch.Seq, err)
	}
	return nil
}

func decodeInto[T any](to *[]Entry[T], ch Child) error {
	var v T
	if err := json.Unmarshal(ch.Body, &v); err != nil {
		return err
	}
	*to = append(*to, Entry[T]{ch.Seq, v})
	return nil
}

// foldInto keeps the last state of each id, in the order first seen.
func foldInto[T any](to *[]T, ch Child, id func(T) string) error {
	var v T
	if err := json.Unmarshal(ch.Body, &v); err != nil {
		return err
	}
	for i := range *to {
		if id((*to)[i]) == id(v) {
			(*to)[i] = v
			return nil
		}
	}
	*to = append(*to, v)
	return nil
}

// Commit saves a step: bodies over MaxInlineBytes become blobs first, then one
// transaction. It returns the head as stored. After an error other than
// ErrInvalid or ErrConflict the step may or may not have been stored; loading
// the case tells. A step that changes nothing raises no version, which people
// would notice: it only finishes its task.
func (s *Store) Commit(ctx context.Context, ch *Change) (head Head, err error) {
	defer Wrap(&err, "Commit(%s)", ch.old.ID)
	if ch.idle() {
		if ch.finish == "" {
			return ch.old, nil
		}
		return ch.old, s.Tasks.Finish(ctx, ch.finish)
	}
	save := ch.Save()
	if err := save.Check(); err != nil {
		return Head{}, err
	}
	for i := range save.Children {
		if err := s.spill(ctx, save.Head.ID, &save.Children[i]); err != nil {
			return Head{}, err
		}
	}
	if err := s.Cases.Save(ctx, save); err != nil {
		return Head{}, err
	}
	save.Head.Version++
	return save.Head, nil
}

// spill moves a large body into a blob. Its name holds the version-checked
// sequence and a digest, so that two racing writers never share one.
func (s *Store) spill(ctx context.Context, id CaseID, ch *Child) error {
	if len(ch.Body) <= MaxInlineBytes {
		return nil
	}
	name := BlobName(fmt.Sprintf("%s/%s/%d-%s", id, ch.Kind, ch.Seq, Digest(ch.Body)[:16]))
	if err := s.Blobs.Put(ctx, name, ch.Body); err != nil {
		return err
	}
	ch.Blob, ch.Body = name, nil
	return nil
}
