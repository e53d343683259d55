package webcare

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// NewCase returns an unsaved case for a first message.
func NewCase(id CaseID, brand, channel string) *Case {
	return &Case{Head: Head{ID: id, Brand: brand, Channel: channel, NextSeq: 1, Status: StatusReceived, Urgency: Normal}}
}

// Receive takes in a message of the customer, a colleague's reply in the
// platform's own app, an edit or a deletion. It voids a pending approval and
// moves the case back to received; while an attempt runs, that waits for the
// outcome.
func (ch *Change) Receive(m Message) error {
	if m.Key.Channel == "" || m.Key.ExternalID == "" {
		return Invalidf("a message needs a channel and an external id")
	}
	if m.BounceOf != "" && m.Automatic == "" {
		m.Automatic = "bounce"
	}
	if m.Ours && m.Answers == 0 {
		m.Answers = ch.caseRead.writtenBefore(m)
	}
	first := ch.head.Version == 0 && ch.head.NextSeq == 1
	ch.Claim(MessageClaim(ch.head.Brand, m.Key, m.Revision))
	if m.Thread != "" {
		ch.Claim(ThreadClaim(ch.head.Brand, ch.head.Channel, m.Thread))
	}
	seq := ch.append(ChildMessage, m)
	switch {
	case first:
		ch.open(m)
		ch.head.InboundSeq = seq
		ch.event(CaseReceived, map[string]string{"key": m.Key.Channel + "/" + m.Key.ExternalID})
	case m.BounceOf != "":
		ch.bounced()
		return nil
	case m.Automatic != "":
		ch.event(MessageReceived, map[string]string{"automatic": m.Automatic})
		return nil
	case m.Ours:
		ch.ours(m)
		return nil
	case m.Imported && !ch.head.Imported:
		ch.event(MessageReceived, map[string]string{"history": "true"}) // a case at work is not moved by its past
		return nil
	default:
		ch.head.Imported = m.Imported
		ch.head.InboundSeq = seq
		ch.stir(m)
	}
	return ch.wantTriage(m)
}

func (ch *Change) open(m Message) {
	h := &ch.head
	h.Thread = clip(m.Thread, maxHeadText)
	h.Author = Author{Name: clip(m.Author.Name, maxHeadText), Handle: clip(m.Author.Handle, maxHeadText), Address: clip(m.Author.Address, maxHeadText)}
	h.Subject = clip(m.Subject, maxHeadText)
	h.URL = clip(m.URL, 2*maxHeadText)
	h.ReceivedAt = m.ReceivedAt
	h.Imported = m.Imported
	h.Excerpt = Excerpt(m.Text)
}

// Excerpt is the beginning of a text on one line, as queues show it.
func Excerpt(text string) string {
	return clip(strings.Join(strings.Fields(clip(text, 4*maxHeadText)), " "), maxHeadText)
}

// wantTriage moves the case on to triage, or sets it aside where no draft may follow.
func (ch *Change) wantTriage(m Message) error {
	switch {
	case m.Automatic != "" || m.Ours:
		ch.head.Status = StatusIgnored
		ch.event(CaseIgnored, map[string]string{"why": m.Automatic})
	case ch.head.Status != StatusPublishing:
		ch.task(StageTriage, ch.now, nil)
	}
	return nil
}

// stir is what a new word of the customer does to a case.
func (ch *Change) stir(m Message) {
	typ, why := MessageReceived, "the customer wrote again"
	if m.Revision > 0 {
		typ, why = MessageRevised, "the customer edited the message"
	}
	if m.Deleted {
		why = "the customer deleted the message"
	}
	if !m.Deleted {
		ch.head.Excerpt = Excerpt(m.Text)
	}
	ch.head.SnoozedUntil = time.Time{}
	ch.stopWaiting()
	if ch.head.Status == StatusPublishing {
		ch.head.Stirred = true
		ch.event(typ, map[string]string{"why": why})
		return
	}
	ch.voidApproval(why)
	ch.dropDraft()
	if !ch.head.Status.Open() {
		ch.head.Reopened++
		ch.head.DueAt = time.Time{}
		ch.head.Status = StatusReceived
		ch.event(CaseReopened, map[string]string{"why": why})
	}
	ch.becomes(StatusReceived)
	ch.event(typ, map[string]string{"why": why})
}

// bounced: our reply did not arrive.
func (ch *Change) bounced() {
	const why = "our reply bounced: the customer has not received it"
	if ch.head.Status == StatusPublishing {
		ch.head.Attention = why // Conclude puts it before a person
		ch.event(MessageReceived, map[string]string{"automatic": "bounce"})
		return
	}
	ch.voidApproval("our reply bounced")
	ch.attention(why)
}

// ours: the brand wrote in the platform's own app, or changed what it wrote.
func (ch *Change) ours(m Message) {
	switch {
	case m.Revision > 0 || m.Deleted:
		ch.event(MessageRevised, map[string]string{"ours": "true"})
	case ch.wroteAfter(m.Answers):
		ch.event(MessageReceived, map[string]string{"ours": "true"}) // it came in late: the customer has answered it
	default:
		ch.colleagueReplied()
	}
}

// wroteAfter reports whether a message of the customer stands that came, or
// was changed, after the given sequence.
func (ch *Change) wroteAfter(seq int64) bool {
	return slices.ContainsFunc(ch.caseRead.turns(), func(t turn) bool { return t.m.inbound() && !t.m.Deleted && t.last > seq })
}

// colleagueReplied: somebody answered in the platform's own app. It stops the
// clock and withdraws the draft.
func (ch *Change) colleagueReplied() {
	if ch.head.Status == StatusPublishing {
		ch.head.Stirred = false // whatever the customer wrote meanwhile is answered
		ch.event(ColleagueReplied, nil)
		return
	}
	ch.voidApproval("a colleague replied in the channel itself")
	ch.dropDraft()
	facts := ch.answerFacts(nil)
	ch.answered(ch.now)
	ch.event(ColleagueReplied, facts)
	ch.scheduleFollowup(ch.now.Add(QuietTerm))
}

// Triaged records what happened to the customer, starts the response clock
// (due, zero for none; the earlier one where it runs already) and asks for a
// draft. It does nothing to a case whose customer wrote again since inboundSeq:
// that message has its own task. A case that stands before a person stays there.
func (ch *Change) Triaged(t Triage, inboundSeq int64, due time.Time) error {
	if ch.head.InboundSeq != inboundSeq {
		return nil
	}
	if ch.head.Status != StatusReceived && ch.head.Status != StatusAttention {
		return nil // done by another task, or a person was faster
	}
	ch.append(ChildTriage, t)
	facts := ch.triageFacts(t, len(ch.caseRead.Triage().Praise) > 0)
	ch.label(t)
	if !ch.head.Imported && !due.IsZero() && (ch.head.DueAt.IsZero() || due.Before(ch.head.DueAt)) {
		ch.head.DueAt = due.UTC().Truncate(time.Millisecond)
	}
	held := ch.held()
	if !held {
		ch.becomes(StatusTriaged)
	}
	ch.event(CaseTriaged, facts)
	switch {
	case held:
		ch.wantDraft(nil)
	case ch.head.Imported:
		ch.head.Status = StatusClosed
		ch.event(CaseClosed, map[string]string{"why": "imported history"})
	case t.Kind == KindSpam:
		ch.ignore("spam")
	default:
		ch.wantDraft(nil)
	}
	return nil
}

func (ch *Change) label(t Triage) {
	h := &ch.head
	h.Language, h.Kind, h.Complaint, h.ComplaintScore = t.Language, t.Kind, t.Complaint, t.ComplaintScore
	h.Sentiment, h.Urgency = t.Sentiment, t.Urgency
	h.Disagreement = clip(t.Disagreement, maxHeadText)
	h.Frictions = nil
	for _, f := range t.Frictions[:min(len(t.Frictions), maxFrictions)] {
		h.Frictions = append(h.Frictions, f.Type)
	}
	h.Signals = append([]Signal(nil), t.Signals...)
}

// wantDraft asks for a draft of the present state.
func (ch *Change) wantDraft(data map[string]string) {
	ch.head.DraftWanted = ch.head.InboundSeq
	ch.task(StageDraft, ch.now, withKey(data, "inbound", fmt.Sprint(ch.head.InboundSeq)))
}

// RecordDraft puts a draft before a person. The draft's hash is computed here.
// A draft for a message that is no longer the latest is dropped silently: the
// newer one has its own task. A case that stands before a person keeps its
// reason, and the draft it has.
func (ch *Change) RecordDraft(d Draft) error {
	if d.InboundSeq != ch.head.InboundSeq || (ch.held() && ch.head.DraftSeq != 0) {
		return nil
	}
	if err := ch.need("put up a draft", StatusTriaged, StatusInReview, StatusAttention); err != nil {
		return err
	}
	ch.scheduleFollowup(ch.putDraft(d).Expires())
	if !ch.held() {
		ch.becomes(StatusInReview)
	}
	ch.event(DraftReady, map[string]string{"hash": ch.head.DraftHash, "engine": d.Engine, "resolution": resolutionID(d)})
	return nil
}

func resolutionID(d Draft) string {
	if d.Resolution == nil {
		return ""
	}
	return d.Resolution.ID
}

// putDraft stores d as the present draft and returns it with sequence and hash.
func (ch *Change) putDraft(d Draft) Draft {
	d = d.asStored()
	d.Seq = 0
	d.Hash = HashOf(ch.head.Brand, ch.head.Channel, d)
	d.Seq = ch.append(ChildDraft, d)
	ch.present(d)
	return d
}

// present makes d the draft that waits for approval.
func (ch *Change) present(d Draft) {
	h := &ch.head
	h.DraftSeq, h.DraftHash, h.DraftAuthority = d.Seq, d.Hash, Higher(Agent, d.Authority)
	h.Blocked, h.DraftExpires, h.ProposedBy = HasBlocking(d.Findings), d.Expires(), ""
	h.CostCents, h.Checks = 0, 0
	if d.Resolution != nil {
		h.CostCents, h.Checks = d.Resolution.CostCents, len(d.Resolution.Checks)
	}
}

// NoDraft puts the case before a person without a draft, saying why.
func (ch *Change) NoDraft(inboundSeq int64, why string) error {
	if inboundSeq != ch.head.InboundSeq || (ch.held() && ch.head.DraftSeq != 0) {
		return nil
	}
	if err := ch.need("give up on a draft", StatusTriaged, StatusInReview, StatusAttention); err != nil {
		return err
	}
	ch.dropDraft()
	if ch.held() {
		why = clip(ch.head.Attention, maxReasonText/2) + "; " + why
	}
	ch.attention(why)
	return nil
}

// attention puts the case before a person with a reason.
func (ch *Change) attention(why string) {
	ch.stopWaiting()
	ch.becomes(StatusAttention)
	ch.head.Attention = clip(why, maxReasonText)
	ch.event(CaseAttention, map[string]string{"why": ch.head.Attention})
}

// becomes sets the status; what stood before a person no longer does.
func (ch *Change) becomes(s Status) {
	ch.head.Status, ch.head.Attention, ch.head.GaveUp = s, "", false
}

// held reports whether the case stands before a person for a reason that no
// stage can take away: a bounce, a refusal, an unknown outcome.
func (ch *Change) held() bool { return ch.head.Status == StatusAttention && !ch.head.GaveUp }

// GiveUp puts the case before a person because a stage failed for good. A
// stage that the case has moved past changes nothing.
func (ch *Change) GiveUp(stage Stage, why string) error {
	switch s := ch.head.Status; {
	case stage == StageTriage && s == StatusReceived, stage == StageDraft && s == StatusTriaged:
		ch.attention(why)
		ch.head.GaveUp = true
	case stage == StagePublish && s == StatusApproved:
		ch.voidApproval(why)
		ch.attention(why)
	case stage == StagePublish && s == StatusPublishing:
		a := ch.head.Attempt
		return ch.Conclude(a.Key, a.N, OutcomeUnknown, Receipt{}, why, time.Time{})
	case stage == StageFollowup && s == StatusWaiting:
		ch.attention(why)
	}
	return nil
}

// NothingToAnswer sets a received case aside whose customer took back what
// there was to answer.
func (ch *Change) NothingToAnswer() error {
	if ch.head.Status == StatusReceived || (ch.head.Status == StatusAttention && !ch.held()) {
		ch.ignore("nothing left to answer")
	}
	return nil
}
