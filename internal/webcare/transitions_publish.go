package webcare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// What one draft may promise, so that posting it fits one Save together with
// all that may have happened while it was posted.
const (
	MaxPromises    = 4
	MaxOrders      = 2  // beside two plain promises; three alone
	maxPromiseRows = 12 // a promise is two rows, one with a work order four
	maxThreadIDs   = 4  // names under which answers to one reply come back
)

func (d Draft) promiseRows() int {
	n := 0
	for _, p := range d.Promises {
		if n += 2; p.Desk != "" {
			n += 2
		}
	}
	return n
}

// attemptKey names all tries of one approval.
func attemptKey(id CaseID, a *Approval) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", id, a.Hash, a.At.UnixMilli()))
	return hex.EncodeToString(sum[:16])
}

// BeginAttempt claims one try at posting the approved draft. Save it before
// calling the platform: once saved, undo answers conflict and nobody else
// posts. It checks again all that approval checked: that what leaves hashes to
// what a person with sufficient authority approved, on the customer's latest
// message.
func (ch *Change) BeginAttempt(class PublishClass) (Attempt, error) {
	if err := ch.need("publish", StatusApproved); err != nil {
		return Attempt{}, err
	}
	a := ch.head.Approval
	if a.Assisted {
		return Attempt{}, Conflictf("this reply is posted by hand")
	}
	if ch.now.Before(a.PublishAt) {
		return Attempt{}, Conflictf("the undo window runs until %s", a.PublishAt.Format(time.RFC3339))
	}
	if err := ch.leaves(a); err != nil {
		return Attempt{}, err
	}
	if d, _ := ch.caseRead.Draft(a.DraftSeq); d.stale(ch.now) {
		return Attempt{}, Invalidf("the draft promises a date that has passed")
	}
	return ch.try(class), nil
}

// leaves checks that the stored draft is what the approval is for.
func (ch *Change) leaves(a *Approval) error {
	d, ok := ch.caseRead.Draft(a.DraftSeq)
	switch {
	case !ok:
		return Conflictf("the approved draft is gone")
	case HashOf(ch.head.Brand, ch.head.Channel, d) != a.Hash:
		return Conflictf("what would leave is not what was approved")
	case a.InboundSeq != ch.head.InboundSeq:
		return Conflictf("the customer wrote again since the approval")
	case !a.By.Person || !a.By.Authority.AtLeast(Higher(Agent, d.Authority)):
		return Forbiddenf("the approval lacks authority")
	case HasBlocking(d.Findings):
		return Invalidf("the approved draft has a blocking finding")
	}
	return nil
}

func (ch *Change) try(class PublishClass) Attempt {
	a := ch.head.Approval
	a.Tries++
	if a.Tries == 1 {
		a.FirstTry = ch.now
	}
	t := Attempt{Key: attemptKey(ch.head.ID, a), N: a.Tries, Hash: a.Hash, DraftSeq: a.DraftSeq,
		Started: ch.now, Deadline: ch.now.Add(class.Timeout)}
	ch.head.Attempt = &t
	ch.head.Status = StatusPublishing
	ch.event(AttemptStarted, map[string]string{"key": t.Key, "n": fmt.Sprint(t.N)})
	return t
}

// RepeatAttempt claims another try after an earlier one whose outcome is
// unknown: only after its deadline plus grace, and only where the platform
// posts a repeated key once (within its window), or looked is true: it was
// asked and has no such reply. It never guesses by posting again, and posts
// nothing that the customer has overtaken.
func (ch *Change) RepeatAttempt(class PublishClass, looked bool) (Attempt, error) {
	if err := ch.need("repeat", StatusPublishing); err != nil {
		return Attempt{}, err
	}
	t, a := ch.head.Attempt, ch.head.Approval
	if ch.now.Before(t.Deadline.Add(AttemptGrace)) {
		return Attempt{}, Conflictf("an attempt is under way until %s", t.Deadline.Add(AttemptGrace).Format(time.RFC3339))
	}
	repeatable := class.Idempotent && ch.now.Add(class.Timeout).Before(a.FirstTry.Add(class.Window))
	if !repeatable && !(class.Findable && looked) {
		return Attempt{}, Conflictf("the outcome of the earlier attempt is unknown and the platform cannot tell")
	}
	if err := ch.leaves(a); err != nil {
		return Attempt{}, err
	}
	return ch.try(class), nil
}

// Conclude records the outcome of the attempt under way. Reasons are words for
// a person, without secrets. After OutcomeUnsent the approval stands and retry
// says when to try again; zero gives up.
func (ch *Change) Conclude(key string, n int, out Outcome, r Receipt, reason string, retry time.Time) error {
	if err := ch.need("record an outcome", StatusPublishing); err != nil {
		return err
	}
	t := *ch.head.Attempt
	if t.Key != key || t.N != n {
		return Conflictf("this is not the attempt under way")
	}
	p := Publication{Attempt: t, Outcome: out, ExternalID: r.ExternalID, URL: r.URL, Reason: clip(reason, maxReasonText), At: ch.now}
	ch.append(ChildPublication, p)
	ch.head.Attempt = nil
	trouble := ch.head.Attention // a bounce or a refusal came in meanwhile
	ch.head.Attention = ""
	switch out {
	case OutcomePosted, OutcomePending:
		ch.posted(p, r.ThreadIDs)
	case OutcomeUnsent:
		ch.unsent(p, retry)
	default:
		ch.failed(p)
	}
	ch.settle(trouble)
	return nil
}

// posted is what follows once a reply stands where the customer reads it.
func (ch *Change) posted(p Publication, threadIDs []string) {
	a := ch.head.Approval
	d, _ := ch.caseRead.Draft(a.DraftSeq)
	ch.head.Approval = nil
	ch.ourMessage(d, a.By, p, threadIDs)
	facts := ch.answerFacts(ch.draftFacts(d, map[string]string{"hash": p.Attempt.Hash, "outcome": string(p.Outcome), "resolution": resolutionID(d)}))
	ch.dropDraft()
	ch.answered(ch.now)
	ch.event(ReplyPublished, facts)
	ch.makePromises(d)
}

// ourMessage adds our reply to the conversation.
func (ch *Change) ourMessage(d Draft, by Actor, p Publication, threadIDs []string) {
	ext := p.ExternalID
	if ext == "" {
		ext = "reply/" + p.Attempt.Key
	}
	m := Message{ID: MessageID(fmt.Sprintf("%s-%d", ch.head.ID, ch.head.NextSeq)), Key: Key{ch.head.Channel, ext},
		Brand: ch.head.Brand, Thread: ch.head.Thread, Ours: true, Answers: d.InboundSeq, Author: Author{Name: by.Name}, Subject: d.Subject,
		Text: joinPair(d), Language: d.Language, Visibility: d.Visibility, URL: p.URL, PostedAt: ch.now, ReceivedAt: ch.now}
	ch.append(ChildMessage, m)
	ch.Claim(MessageClaim(ch.head.Brand, m.Key, 0))
	for _, id := range threadIDs[:min(len(threadIDs), maxThreadIDs)] {
		ch.Claim(MailClaim(id))
	}
}

func joinPair(d Draft) string {
	if d.PrivateText == "" {
		return d.Text
	}
	return d.Text + "\n\n" + d.PrivateText
}

func (ch *Change) answered(at time.Time) {
	if ch.head.FirstReplyAt.IsZero() {
		ch.head.FirstReplyAt = at
	}
	ch.head.AnsweredAt = at
	ch.stopWaiting()
	ch.head.DueAt, ch.head.SnoozedUntil, ch.head.EscalatedTo = time.Time{}, time.Time{}, ""
	ch.becomes(StatusAnswered)
}

// unsent: the platform has definitely not taken it; the approval stands,
// unless a colleague answered meanwhile.
func (ch *Change) unsent(p Publication, retry time.Time) {
	if ch.colleagueWasFaster() {
		ch.head.Status = StatusApproved
		ch.colleagueReplied()
		return
	}
	if retry.IsZero() {
		p.Reason = "could not be sent: " + p.Reason
		ch.failed(p)
		return
	}
	ch.head.Status = StatusApproved
	a := ch.head.Approval
	ch.tasks = append(ch.tasks, Task{ID: publishTaskID(ch.head.ID, a), Stage: StagePublish,
		CaseID: ch.head.ID, RunAt: retry.UTC().Truncate(time.Millisecond), Data: map[string]string{"hash": a.Hash}})
}

// colleagueWasFaster reports whether a colleague replied since the approval.
func (ch *Change) colleagueWasFaster() bool {
	for _, e := range slices.Backward(ch.caseRead.Events) {
		switch e.Type {
		case DraftApproved:
			return false
		case ColleagueReplied:
			return true
		}
	}
	return false
}

// failed: refused, or nobody knows. The draft stays, for a person to decide.
func (ch *Change) failed(p Publication) {
	ch.head.Approval = nil
	ch.event(ReplyFailed, map[string]string{"hash": p.Attempt.Hash, "outcome": string(p.Outcome)})
	why := "the reply was refused: " + p.Reason
	if p.Outcome == OutcomeUnknown {
		why = "nobody knows whether the reply was posted: look before you post again. " + p.Reason
	}
	ch.attention(why)
}

// settle handles what happened while the attempt ran: trouble puts the case
// before a person, a new word of the customer takes it back to triage.
func (ch *Change) settle(trouble string) {
	switch {
	case trouble != "" && ch.head.Status == StatusAttention:
		ch.head.Attention = clip(clip(ch.head.Attention, maxReasonText/2)+"; "+trouble, maxReasonText)
	case trouble != "":
		ch.voidApproval(trouble)
		ch.attention(trouble)
	}
	if !ch.head.Stirred {
		return
	}
	const why = "the customer wrote again"
	ch.head.Stirred = false
	ch.voidApproval(why)
	ch.dropDraft()
	if !ch.held() {
		if !ch.head.Status.Open() {
			ch.head.Reopened++
		}
		ch.becomes(StatusReceived)
		ch.event(CaseReopened, map[string]string{"why": why})
	}
	ch.task(StageTriage, ch.now, nil)
}

// PostedByHand records that a person posted the approved text, with the URL of
// the reply.
func (ch *Change) PostedByHand(hash, url string) error {
	if err := ch.person("report a reply posted"); err != nil {
		return err
	}
	if err := ch.need("report a reply posted", StatusApproved, StatusAttention); err != nil {
		return err
	}
	if ch.head.Status == StatusAttention {
		return ch.foundPosted(hash, url)
	}
	a := ch.head.Approval
	if hash != a.Hash {
		return Conflictf("this is not the text that was approved")
	}
	if !a.Assisted {
		return Conflictf("this reply is posted by the program")
	}
	if err := ch.leaves(a); err != nil {
		return err
	}
	return ch.byHand(a, url)
}

// foundPosted: a person looked after an unknown outcome, and the reply is there.
func (ch *Change) foundPosted(hash, url string) error {
	for _, e := range slices.Backward(ch.caseRead.Publications) {
		t := e.Value.Attempt
		if t.Hash != hash {
			continue
		}
		d, ok := ch.caseRead.Draft(t.DraftSeq)
		if e.Value.Outcome != OutcomeUnknown || !ok {
			break
		}
		a := &Approval{Hash: hash, DraftSeq: d.Seq, InboundSeq: d.InboundSeq, By: ch.actor, At: ch.now}
		ch.head.Approval = a
		ch.head.Stirred = ch.wroteAfter(d.InboundSeq)
		if err := ch.byHand(a, url); err != nil {
			return err
		}
		ch.settle("")
		return nil
	}
	return Conflictf("nothing of that hash is under way with an unknown outcome")
}

func (ch *Change) byHand(a *Approval, url string) error {
	ch.decide(Decision{What: PostedByHand, Hash: a.Hash, DraftSeq: a.DraftSeq})
	p := Publication{Attempt: Attempt{Key: attemptKey(ch.head.ID, a), N: a.Tries + 1, Hash: a.Hash, DraftSeq: a.DraftSeq,
		Started: ch.now, Deadline: ch.now}, Outcome: OutcomePosted, URL: url, At: ch.now}
	ch.append(ChildPublication, p)
	ch.posted(p, nil)
	return nil
}
