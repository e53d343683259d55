package webcare

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// caseKinds are records under a case's id, or whose key begins with it.
var caseKinds = []string{"edit", "claim", "presence", "mention", "bulk", "idempotency"}

// EraseCase erases one case, whoever's it is. ErrConflict: a reply is being
// posted, or the case changes just now; erase again.
func (s *Store) EraseCase(ctx context.Context, id CaseID, now time.Time, forget func(context.Context, CaseID) error) (err error) {
	defer Wrap(&err, "EraseCase(%s)", id)
	c, err := s.Load(ctx, id)
	if err != nil {
		return err
	}
	if c.Head.Status == StatusPublishing {
		return Conflictf("a reply is being posted: erase again when that is over")
	}
	claims, err := s.ownClaims(ctx, c)
	if err != nil {
		return err
	}
	for _, cl := range claims {
		if err := s.noteErased(ctx, cl, now); err != nil {
			return err
		}
	}
	if err := s.forgetAround(ctx, c.Head, now, forget); err != nil {
		return err
	}
	if err := s.rewriteCase(ctx, c, claims, now); err != nil {
		return err
	}
	if err := s.eraseBlobs(ctx, id); err != nil { // no row refers to them any more
		return err
	}
	h, err := s.Cases.Head(ctx, id)
	if err != nil {
		return err
	}
	return s.Cases.Rewrite(ctx, Rewrite{Head: h}) // the store's files, too, hold them no longer
}

func (s *Store) noteErased(ctx context.Context, c Claim, now time.Time) error {
	if c.Space != "message" {
		return nil
	}
	err := s.Records.Put(ctx, Record{Kind: erasedKind, Key: claimDigest(c), Body: []byte("{}")}, now)
	if errors.Is(err, ErrConflict) {
		return nil // noted before
	}
	return err
}

// forgetAround deletes what stands beside the case: what is indexed, typed,
// failed, or kept by other packages.
func (s *Store) forgetAround(ctx context.Context, h Head, now time.Time, forget func(context.Context, CaseID) error) error {
	for _, set := range []string{"case", "example"} {
		if err := s.Search.Forget(ctx, h.Brand, set, h.ID); err != nil {
			return err
		}
	}
	for _, kind := range caseKinds {
		if err := s.forgetRecords(ctx, kind, string(h.ID)); err != nil {
			return err
		}
	}
	if a := h.Author.Address; a != "" { // counters of replies, by correspondent
		if err := s.forgetRecords(ctx, "mailcap", strings.ToLower(a)); err != nil {
			return err
		}
	}
	if err := s.forgetDead(ctx, h.ID, now); err != nil {
		return err
	}
	if forget == nil {
		return nil
	}
	return forget(ctx, h.ID)
}

// forgetRecords deletes records that hold a word in their key or body, expired
// or not.
func (s *Store) forgetRecords(ctx context.Context, kind, word string) error {
	for cursor, more := "", true; more; more = cursor != "" {
		recs, next, err := s.Records.Scan(ctx, kind, "", cursor, MaxPage, time.Unix(1, 0)) // then none had expired
		if err != nil {
			return err
		}
		cursor = next
		for _, r := range recs {
			if !strings.Contains(r.Key, word) && !strings.Contains(string(r.Body), word) {
				continue
			}
			if err := s.Records.Remove(ctx, kind, r.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetDead ends the case's dead letters: their reasons may quote texts.
func (s *Store) forgetDead(ctx context.Context, id CaseID, now time.Time) error {
	var own []string
	for cursor, more := "", true; more; more = cursor != "" {
		tasks, next, err := s.DeadLetters.Dead(ctx, cursor, MaxPage)
		if err != nil {
			return err
		}
		cursor = next
		for _, t := range tasks {
			if t.CaseID == id {
				own = append(own, t.ID)
			}
		}
	}
	for _, task := range own {
		err := s.DeadLetters.Replay(ctx, task, now.AddDate(1, 0, 0))
		if err == nil {
			err = s.Tasks.Finish(ctx, task)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

func (s *Store) eraseBlobs(ctx context.Context, id CaseID) error {
	for {
		names, _, err := s.Blobs.List(ctx, string(id)+"/", "", MaxPage)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := s.Blobs.Delete(ctx, name); err != nil {
				return err
			}
		}
	}
}

// ownClaims are the names that a case holds.
func (s *Store) ownClaims(ctx context.Context, c *Case) (out []Claim, err error) {
	for _, cl := range claimsOf(c) {
		by, err := s.Cases.Claimed(ctx, cl)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, err
		case by == c.Head.ID:
			out = append(out, cl)
		}
	}
	return out, nil
}

// claimsOf are the names that a case may hold.
func claimsOf(c *Case) (out []Claim) {
	seen := map[Claim]bool{}
	add := func(cl Claim) {
		if !seen[cl] {
			seen[cl] = true
			out = append(out, cl)
		}
	}
	h := c.Head
	if h.Thread != "" {
		add(ThreadClaim(h.Brand, h.Channel, h.Thread))
	}
	for _, e := range c.Messages {
		m := e.Value
		add(MessageClaim(h.Brand, m.Key, m.Revision))
		if m.Thread != "" {
			add(ThreadClaim(h.Brand, h.Channel, m.Thread))
		}
		add(MailClaim(m.Key.ExternalID))
		for _, id := range append(m.ReplyTo.References, m.ReplyTo.ExternalID, m.ReplyTo.Root) {
			if id != "" {
				add(MailClaim(id))
			}
		}
	}
	return out
}

// rowsPerRewrite leaves room for the head in one transaction.
const rowsPerRewrite = MaxSaveItems - 1

// rewriteCase replaces every child that says something of a person, in as many
// steps as it takes; the first closes the case.
func (s *Store) rewriteCase(ctx context.Context, c *Case, claims []Claim, now time.Time) error {
	h := erasedHead(c.Head, now)
	var rows []Child
	for after, more := int64(0), true; more; {
		children, further, err := s.Cases.Children(ctx, h.ID, after, childPage)
		if err != nil {
			return err
		}
		more = further
		for _, ch := range children {
			after = ch.Seq
			if err := s.inline(ctx, &ch); err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if ch.Body == nil {
				ch.Body = []byte("{}") // its blob is gone: an erasure broke off here
			}
			body, err := erasedBody(ch, h.ID)
			if err != nil {
				return fmt.Errorf("child %d: %w", ch.Seq, err)
			}
			rows = append(rows, Child{Seq: ch.Seq, Kind: ch.Kind, At: ch.At, Body: body})
		}
	}
	for first := true; first || len(rows)+len(claims) > 0; first = false {
		k := min(len(claims), rowsPerRewrite) // before the rows that name them
		n := min(len(rows), rowsPerRewrite-k)
		if err := s.Cases.Rewrite(ctx, Rewrite{Head: h, Children: rows[:n], Unclaim: claims[:k]}); err != nil {
			return err
		}
		rows, claims = rows[n:], claims[k:]
		h.Version++
	}
	return nil
}

// erasedHead keeps what is counted, and when.
func erasedHead(h Head, now time.Time) Head {
	if h.Status.Open() || h.Status == StatusAnswered {
		h.Status = StatusClosed
	}
	keep := Head{ID: h.ID, Brand: h.Brand, Channel: h.Channel, Version: h.Version, NextSeq: h.NextSeq, Status: h.Status, Language: h.Language,
		Kind: h.Kind, Complaint: h.Complaint, ComplaintScore: h.ComplaintScore, Sentiment: h.Sentiment, Urgency: h.Urgency, Frictions: h.Frictions,
		Tags: h.Tags, ReceivedAt: h.ReceivedAt, FirstReplyAt: h.FirstReplyAt, AnsweredAt: h.AnsweredAt, InboundSeq: h.InboundSeq,
		Reopened: h.Reopened, Imported: h.Imported, ErasedAt: now.UTC().Truncate(time.Millisecond)}
	keep.UpdatedAt = keep.ErasedAt
	return keep
}

// erasedBody is what stays of a child.
func erasedBody(ch Child, id CaseID) ([]byte, error) {
	switch ch.Kind {
	case ChildMessage:
		return erased(ch, func(m Message) Message {
			return Message{ID: m.ID, Key: Key{m.Key.Channel, fmt.Sprintf("erased/%s/%d", id, ch.Seq)}, Brand: m.Brand, Ours: m.Ours, Answers: m.Answers, Language: m.Language,
				Visibility: m.Visibility, PostedAt: m.PostedAt, ReceivedAt: m.ReceivedAt, Automatic: m.Automatic, Imported: m.Imported, Deleted: true}
		})
	case ChildTriage:
		return erased(ch, func(t Triage) Triage {
			kept := Triage{Language: t.Language, Kind: t.Kind, Complaint: t.Complaint, ComplaintScore: t.ComplaintScore, Sentiment: t.Sentiment, Urgency: t.Urgency, Engine: t.Engine}
			for _, f := range t.Frictions {
				kept.Frictions = append(kept.Frictions, Friction{Type: f.Type, Family: f.Family, Score: f.Score})
			}
			return kept
		})
	case ChildDraft:
		return erased(ch, func(d Draft) Draft {
			kept := Draft{Seq: d.Seq, Language: d.Language, Visibility: d.Visibility, Engine: d.Engine, ByPerson: d.ByPerson, Authority: d.Authority,
				InboundSeq: d.InboundSeq, LLMCostMicros: d.LLMCostMicros, LLMTokens: d.LLMTokens}
			if r := d.Resolution; r != nil {
				kept.Resolution = &Resolution{ID: r.ID, CostCents: r.CostCents, Authority: r.Authority}
			}
			return kept
		})
	case ChildDecision:
		return erased(ch, func(d Decision) Decision { d.Reason, d.Hash = "", ""; return d })
	case ChildPublication:
		return erased(ch, func(p Publication) Publication {
			p.ExternalID, p.URL, p.Reason, p.Attempt.Hash, p.Attempt.Key = "", "", "", "", ""
			return p
		})
	case ChildPromise:
		return erased(ch, func(p Promise) Promise { p.What, p.Note = "", ""; return p })
	case ChildWorkOrder:
		return erased(ch, func(w WorkOrder) WorkOrder { w.Instruction, w.Reference, w.Reason = "", "", ""; return w })
	case ChildNote:
		return erased(ch, func(n Note) Note { n.Text = ""; return n })
	case ChildEvent:
		return erased(ch, erasedEvent)
	case ChildCorrection:
		return ch.Body, nil
	}
	return nil, fmt.Errorf("unknown kind %q: written by a newer version", ch.Kind)
}

func erased[T any](ch Child, keep func(T) T) ([]byte, error) {
	var v T
	if err := json.Unmarshal(ch.Body, &v); err != nil {
		return nil, err
	}
	return json.Marshal(keep(v))
}

// countedData are the facts of events that tallies are counted from, and what
// an audit needs; none tells of a customer.
var countedData = map[string]bool{"contact": true, "fresh": true, "before": true, "praise": true, "praise_before": true, "first": true,
	"waited": true, "open": true, "on_time": true, "draft": true, "cost_cents": true, "resolution": true, "engine": true, "outcome": true,
	"promise": true, "work_order": true, "desk": true, "due": true, "state": true, "stage": true, "late": true, "imported": true,
	"automatic": true, "ours": true, "history": true, "edited": true, "authority": true, "n": true, "owner": true}

func erasedEvent(e Event) Event {
	kept := map[string]string{}
	for k, v := range e.Data {
		if countedData[k] {
			kept[k] = v
		}
	}
	e.Data = kept
	for _, l := range []*Labels{e.Old, e.New} {
		if l != nil {
			l.Signals = nil
		}
	}
	return e
}
