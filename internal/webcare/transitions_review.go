package webcare

import (
	"fmt"
	"slices"
	"time"
)

// Consent is what a person says when approving.
type Consent struct {
	Version   int64  // of the case as the person saw it
	Hash      string // of the draft as the person saw it
	Edited    *Draft // the person's own version of it, guarded; nil if unchanged
	Overrides []string
	Ticked    []string
	Undo      time.Duration // the undo window
	Assisted  bool          // a person will post it by hand
	Distance  int           // runes changed from the machine draft
}

// Approve lets exactly one hash be posted. It answers ErrConflict where the
// case moved on since the person saw it, *AuthorityError where the person may
// only propose, ErrInvalid where findings or checks stand in the way. With
// consent.Edited the edited draft is stored first and its hash approved.
func (ch *Change) Approve(consent Consent) error {
	if err := ch.reviewable("approve", consent); err != nil {
		return err
	}
	d, machineSeq := ch.decided(consent)
	if err := ch.approvable(d, consent); err != nil {
		return err
	}
	if needs := Higher(Agent, d.Authority); !ch.actor.Authority.AtLeast(needs) {
		return &AuthorityError{Has: ch.actor.Authority, Needs: needs}
	}
	what := Approved
	if consent.Edited != nil {
		what = EditedAndSent
	}
	ch.decide(Decision{What: what, Hash: d.Hash, DraftSeq: d.Seq, MachineDraftSeq: machineSeq,
		Overrides: consent.Overrides, Ticked: consent.Ticked, Distance: consent.Distance})
	a := &Approval{Hash: d.Hash, DraftSeq: d.Seq, InboundSeq: ch.head.InboundSeq, By: ch.actor, At: ch.now,
		PublishAt: ch.now.Add(consent.Undo), Assisted: consent.Assisted}
	ch.head.Approval = a
	ch.becomes(StatusApproved)
	ch.head.SnoozedUntil, ch.head.EscalatedTo = time.Time{}, ""
	ch.event(DraftApproved, map[string]string{"hash": d.Hash, "edited": fmt.Sprint(consent.Edited != nil), "resolution": resolutionID(d)})
	ch.ordersBefore(d)
	if !a.Assisted {
		ch.tasks = append(ch.tasks, Task{ID: publishTaskID(ch.head.ID, a), Stage: StagePublish, CaseID: ch.head.ID,
			RunAt: a.PublishAt, Data: map[string]string{"hash": d.Hash}})
	}
	return nil
}

// Propose asks a higher authority to approve.
func (ch *Change) Propose(consent Consent) error {
	if err := ch.reviewable("propose", consent); err != nil {
		return err
	}
	d, machineSeq := ch.decided(consent)
	if err := ch.approvable(d, consent); err != nil {
		return err
	}
	ch.decide(Decision{What: Proposed, Hash: d.Hash, DraftSeq: d.Seq, MachineDraftSeq: machineSeq,
		Overrides: consent.Overrides, Ticked: consent.Ticked})
	ch.head.ProposedBy = ch.actor.ID
	ch.head.EscalatedTo = string(d.Authority)
	ch.event(DraftProposed, map[string]string{"hash": d.Hash, "authority": string(d.Authority)})
	return nil
}

// reviewable checks that the person saw the case and draft as they stand.
func (ch *Change) reviewable(doing string, consent Consent) error {
	if err := ch.person(doing + " a reply"); err != nil {
		return err
	}
	if err := ch.need(doing, StatusInReview, StatusAttention); err != nil {
		return err
	}
	if consent.Version != ch.old.Version {
		return Conflictf("the case has changed: you saw version %d, it is at %d", consent.Version, ch.old.Version)
	}
	if consent.Hash != ch.head.DraftHash {
		return Conflictf("the draft has changed since you saw it")
	}
	d, ok := ch.caseRead.CurrentDraft()
	if !ok || d.InboundSeq != ch.head.InboundSeq {
		return Conflictf("there is no draft for the customer's latest message")
	}
	return nil
}

// decided returns the draft decided on, storing an edited one first, and the
// sequence of the draft the person started from.
func (ch *Change) decided(consent Consent) (Draft, int64) {
	d, _ := ch.caseRead.CurrentDraft()
	if consent.Edited == nil {
		return d, 0
	}
	e := *consent.Edited
	e.InboundSeq = ch.head.InboundSeq
	return ch.putDraft(e), d.Seq
}

// approvable checks findings, ticks and dates.
func (ch *Change) approvable(d Draft, consent Consent) error {
	for _, f := range d.Findings {
		if f.Severity == Blocking {
			return Invalidf("blocking finding %s: %s", f.Rule, f.Message)
		}
		if !slices.Contains(consent.Overrides, f.Rule) {
			return Invalidf("warning %s is not overridden: %s", f.Rule, f.Message)
		}
	}
	if d.Resolution != nil {
		for _, c := range d.Resolution.Checks {
			if !slices.Contains(consent.Ticked, c) {
				return Invalidf("check not ticked: %s", c)
			}
		}
	}
	if len(d.Promises) > MaxPromises || d.promiseRows() > maxPromiseRows {
		return Invalidf("promises: at most %d in one reply, %d of them work orders", MaxPromises, MaxOrders)
	}
	if d.stale(ch.now) {
		return Conflictf("the draft promises a date that has passed: ask for a new one")
	}
	return nil
}

func (ch *Change) decide(d Decision) {
	d.By, d.At, d.Version = ch.actor, ch.now, ch.old.Version
	ch.append(ChildDecision, d)
}

// Redraft asks for a new draft: a person rejected this one and says why
// (reason is an instruction to the drafter), or its dates have passed.
func (ch *Change) Redraft(version int64, hash, reason, resolution, sign string) error {
	if err := ch.person("reject a draft"); err != nil {
		return err
	}
	if err := ch.need("reject", StatusInReview, StatusAttention); err != nil {
		return err
	}
	if version != ch.old.Version || (hash != "" && hash != ch.head.DraftHash) {
		return Conflictf("the case has changed: you saw version %d, it is at %d", version, ch.old.Version)
	}
	ch.decide(Decision{What: Rejected, Hash: ch.head.DraftHash, DraftSeq: ch.head.DraftSeq, Reason: reason})
	ch.dropDraft()
	ch.becomes(StatusTriaged)
	ch.event(DraftRejected, map[string]string{"hash": hash})
	ch.wantDraft(map[string]string{"instruction": clip(reason, 1000), "resolution": resolution, "sign": sign})
	return nil
}

// WriteDraft stores a person's own draft where there is none, or beside the machine's.
func (ch *Change) WriteDraft(version int64, d Draft) error {
	if err := ch.person("write a draft"); err != nil {
		return err
	}
	if err := ch.need("write a draft", StatusTriaged, StatusInReview, StatusAttention, StatusWaiting, StatusAnswered); err != nil {
		return err
	}
	if version != ch.old.Version {
		return Conflictf("the case has changed: you saw version %d, it is at %d", version, ch.old.Version)
	}
	d.InboundSeq, d.ByPerson = ch.head.InboundSeq, true
	ch.putDraft(d)
	ch.stopWaiting()
	ch.becomes(StatusInReview)
	ch.event(DraftReady, map[string]string{"hash": ch.head.DraftHash, "engine": d.Engine, "resolution": resolutionID(d)})
	return nil
}

// Undo takes an approval back while its undo window runs and no attempt is claimed.
func (ch *Change) Undo() error {
	if err := ch.person("undo an approval"); err != nil {
		return err
	}
	if err := ch.need("undo", StatusApproved); err != nil {
		return err
	}
	hash := ch.head.Approval.Hash
	ch.cancelPublish()
	ch.head.Approval = nil
	ch.head.Status = StatusInReview
	ch.decide(Decision{What: Undone, Hash: hash, DraftSeq: ch.head.DraftSeq})
	ch.event(ApprovalUndone, map[string]string{"hash": hash})
	return nil
}

// Ignore closes the case without a reply.
func (ch *Change) Ignore(reason string) error {
	if err := ch.person("decide that no reply is needed"); err != nil {
		return err
	}
	if err := ch.need("ignore", StatusReceived, StatusTriaged, StatusInReview, StatusWaiting, StatusAttention); err != nil {
		return err
	}
	ch.decide(Decision{What: NoReply, Reason: reason})
	ch.dropDraft()
	ch.ignore(reason)
	return nil
}

// Resume takes back a person's decision that no reply is needed: the case
// stands where it stood, with the draft it had where the customer has written
// nothing since, and with a response clock that ends at due.
func (ch *Change) Resume(due time.Time) error {
	if err := ch.person("resume a case"); err != nil {
		return err
	}
	if err := ch.need("resume", StatusIgnored); err != nil {
		return err
	}
	ch.head.DueAt = due.UTC().Truncate(time.Millisecond)
	ch.decide(Decision{What: Undone})
	if n := len(ch.caseRead.Drafts); n > 0 && ch.caseRead.Drafts[n-1].Value.InboundSeq == ch.head.InboundSeq {
		last := ch.caseRead.Drafts[n-1]
		last.Value.Seq = last.Seq
		ch.present(last.Value)
		ch.becomes(StatusInReview)
	} else {
		ch.becomes(StatusReceived)
		ch.task(StageTriage, ch.now, nil)
	}
	ch.event(CaseReopened, map[string]string{"why": "a person took the decision back"})
	return nil
}

func (ch *Change) ignore(why string) {
	ch.stopWaiting()
	ch.becomes(StatusIgnored)
	ch.head.DueAt = time.Time{}
	ch.event(CaseIgnored, map[string]string{"why": clip(why, maxReasonText)})
}

// Close ends a case.
func (ch *Change) Close(reason string) error {
	if err := ch.need("close", StatusAnswered, StatusInReview, StatusWaiting, StatusAttention, StatusIgnored); err != nil {
		return err
	}
	if ch.actor.Person {
		ch.decide(Decision{What: Closed, Reason: reason})
	} else if ch.head.Status != StatusAnswered {
		return Forbiddenf("only a person may close a case that is not answered")
	}
	ch.dropDraft()
	ch.stopWaiting()
	ch.becomes(StatusClosed)
	ch.head.DueAt = time.Time{}
	ch.event(CaseClosed, nil)
	return nil
}
