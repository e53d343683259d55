package webcare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// MaxPromises bounds what one draft may promise, so that posting it fits one Save.
const MaxPromises = 4

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
// asked and has no such reply. It never guesses by posting again.
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
	d, ok := ch.caseRead.Draft(a.DraftSeq)
	if !ok || HashOf(ch.head.Brand, ch.head.Channel, d) != a.Hash {
		return Attempt{}, Conflictf("what would leave is not what was approved")
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
	switch out {
	case OutcomePosted, OutcomePending:
		ch.posted(p, r.ThreadIDs)
	case OutcomeUnsent:
		ch.unsent(p, retry)
	default:
		ch.failed(p)
	}
	return ch.settle()
}

// posted is what follows once a reply stands where the customer reads it.
func (ch *Change) posted(p Publication, threadIDs []string) {
	a := ch.head.Approval
	d, _ := ch.caseRead.Draft(a.DraftSeq)
	ch.head.Approval = nil
	ch.ourMessage(d, a.By, p, threadIDs)
	ch.dropDraft()
	ch.answered(ch.now)
	ch.event(ReplyPublished, map[string]string{"hash": p.Attempt.Hash, "outcome": string(p.Outcome), "resolution": resolutionID(d)})
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
	for _, id := range threadIDs {
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
	ch.head.DueAt, ch.head.PausedAt = time.Time{}, time.Time{}
	ch.head.Status = StatusAnswered
	ch.head.WaitingFor, ch.head.WaitingUntil, ch.head.EscalatedTo = "", time.Time{}, ""
}

// unsent: the platform has definitely not taken it; the approval stands.
func (ch *Change) unsent(p Publication, retry time.Time) {
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

// settle handles what happened while the attempt ran.
func (ch *Change) settle() error {
	bounced := ch.head.Attention
	if ch.head.Status == StatusAnswered && bounced != "" {
		ch.attention(bounced)
	}
	if !ch.head.Stirred {
		return nil
	}
	ch.head.Stirred = false
	ch.voidApproval("the customer wrote again")
	ch.dropDraft()
	if ch.head.Status == StatusAnswered {
		ch.head.Reopened++
	}
	if ch.head.Status != StatusAttention {
		ch.head.Status = StatusReceived
		ch.event(CaseReopened, map[string]string{"why": "the customer wrote again"})
		ch.task(StageTriage, ch.now, nil)
	}
	return nil
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
	d, ok := ch.caseRead.CurrentDraft()
	if !ok || d.Hash != hash {
		return Conflictf("there is no draft of that hash")
	}
	for _, e := range ch.caseRead.Publications {
		if e.Value.Attempt.Hash == hash && e.Value.Outcome == OutcomeUnknown {
			a := &Approval{Hash: hash, DraftSeq: d.Seq, InboundSeq: ch.head.InboundSeq, By: ch.actor, At: ch.now}
			ch.head.Approval = a
			return ch.byHand(a, url)
		}
	}
	return Conflictf("nothing of that hash was under way")
}

func (ch *Change) byHand(a *Approval, url string) error {
	ch.decide(Decision{What: PostedByHand, Hash: a.Hash, DraftSeq: a.DraftSeq})
	p := Publication{Attempt: Attempt{Key: attemptKey(ch.head.ID, a), N: a.Tries + 1, Hash: a.Hash, DraftSeq: a.DraftSeq,
		Started: ch.now, Deadline: ch.now}, Outcome: OutcomePosted, URL: url, At: ch.now}
	ch.append(ChildPublication, p)
	ch.head.Attention = ""
	ch.posted(p, nil)
	return nil
}
