package webcare

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Assign gives the case to a person, "" for nobody.
func (ch *Change) Assign(to string) error {
	if err := ch.person("assign a case"); err != nil {
		return err
	}
	ch.head.Assignee = clip(to, maxHeadText)
	ch.event(CaseAssigned, map[string]string{"to": ch.head.Assignee})
	return nil
}

// Snooze hides the case from the queue until a time.
func (ch *Change) Snooze(until time.Time) error {
	if err := ch.person("snooze a case"); err != nil {
		return err
	}
	if err := ch.need("snooze", StatusInReview, StatusAttention, StatusTriaged, StatusWaiting); err != nil {
		return err
	}
	if !until.After(ch.now) {
		return Invalidf("until: %s has passed", until.Format(time.RFC3339))
	}
	ch.head.SnoozedUntil = until.UTC().Truncate(time.Millisecond)
	ch.event(CaseSnoozed, map[string]string{"until": until.Format(time.RFC3339)})
	ch.task(StageFollowup, until, nil)
	return nil
}

// Wait parks the case on the customer or a desk until a time; waiting on the
// customer pauses the response clock.
func (ch *Change) Wait(on string, until time.Time) error {
	if err := ch.person("let a case wait"); err != nil {
		return err
	}
	if err := ch.need("wait", StatusInReview, StatusAttention, StatusTriaged, StatusAnswered, StatusWaiting); err != nil {
		return err
	}
	if on == "" || !until.After(ch.now) {
		return Invalidf("waiting needs a desk or \"customer\", and a time to come")
	}
	if on != "customer" {
		ch.resumeClock()
	}
	ch.becomes(StatusWaiting)
	ch.head.WaitingFor, ch.head.WaitingUntil = clip(on, maxHeadText), until.UTC().Truncate(time.Millisecond)
	if on == "customer" && ch.head.PausedAt.IsZero() && !ch.head.DueAt.IsZero() {
		ch.head.PausedAt = ch.now
	}
	ch.event(CaseWaiting, map[string]string{"on": ch.head.WaitingFor, "until": until.Format(time.RFC3339)})
	ch.task(StageFollowup, until, nil)
	return nil
}

// stopWaiting ends a wait, whoever it was on.
func (ch *Change) stopWaiting() {
	ch.resumeClock()
	ch.head.WaitingFor, ch.head.WaitingUntil = "", time.Time{}
}

// resumeClock shifts the response clock by the time it stood still.
func (ch *Change) resumeClock() {
	h := &ch.head
	if !h.PausedAt.IsZero() && !h.DueAt.IsZero() {
		h.DueAt = h.DueAt.Add(ch.now.Sub(h.PausedAt))
	}
	h.PausedAt = time.Time{}
}

// Escalate asks somebody with more authority to look.
func (ch *Change) Escalate(to, why string) error {
	if err := ch.person("escalate a case"); err != nil {
		return err
	}
	if to == "" {
		return Invalidf("to: say to whom")
	}
	ch.head.EscalatedTo = clip(to, maxHeadText)
	ch.event(CaseEscalated, map[string]string{"to": ch.head.EscalatedTo})
	if why != "" {
		ch.append(ChildNote, Note{By: ch.actor, At: ch.now, Text: why})
	}
	return nil
}

// Hold keeps the case from erasure and retention, or lifts that: a dispute
// may need what a customer wrote. It takes a lead.
func (ch *Change) Hold(held bool) error {
	if err := ch.person("hold a case"); err != nil {
		return err
	}
	if !ch.actor.Authority.AtLeast(Lead) {
		return &AuthorityError{Has: ch.actor.Authority, Needs: Lead}
	}
	if ch.head.Held == held {
		return nil
	}
	ch.head.Held = held
	ch.event(CaseHeld, map[string]string{"held": fmt.Sprint(held)})
	return nil
}

// AddNote adds an internal remark.
func (ch *Change) AddNote(text string) error {
	if strings.TrimSpace(text) == "" {
		return Invalidf("text: a note needs words")
	}
	ch.append(ChildNote, Note{By: ch.actor, At: ch.now, Text: text})
	ch.event(CaseNoted, nil)
	return nil
}

// Tag sets the case's tags.
func (ch *Change) Tag(tags []string) error {
	if len(tags) > maxTags {
		return Invalidf("tags: at most %d", maxTags)
	}
	clean := make([]string, 0, len(tags))
	for _, t := range tags {
		t = strings.ToLower(strings.TrimSpace(t))
		if t == "" || clip(t, maxTagBytes) != t {
			return Invalidf("tags: %q is empty or longer than %d bytes", t, maxTagBytes)
		}
		if !slices.Contains(clean, t) {
			clean = append(clean, t)
		}
	}
	ch.head.Tags = clean
	ch.event(CaseTagged, ch.labelFacts())
	return nil
}

// Link notes that another case is about the same thing, or by the same customer.
func (ch *Change) Link(other CaseID) error {
	if other == "" || other == ch.head.ID {
		return Invalidf("case: a case cannot be linked to %q", other)
	}
	if slices.Contains(ch.head.Links, other) {
		return nil
	}
	if len(ch.head.Links) >= maxTags {
		return Invalidf("case: at most %d links", maxTags)
	}
	ch.head.Links = append(ch.head.Links, other)
	ch.event(CaseLinked, map[string]string{"case": string(other)})
	return nil
}

// Correct replaces labels of the triage by a person's.
func (ch *Change) Correct(c Correction) error {
	if err := ch.person("correct a triage"); err != nil {
		return err
	}
	for _, f := range c.Frictions {
		if !f.Valid() {
			return Invalidf("frictions: unknown type %q", f)
		}
	}
	if c.Urgency != "" && !slices.Contains([]Urgency{Low, Normal, High, Critical}, c.Urgency) {
		return Invalidf("urgency: unknown %q", c.Urgency)
	}
	if c.Sentiment != "" && !slices.Contains([]SentimentLabel{Negative, Neutral, Positive, Mixed}, c.Sentiment) {
		return Invalidf("sentiment: unknown %q", c.Sentiment)
	}
	if len(c.Frictions) > maxFrictions {
		return Invalidf("frictions: at most %d", maxFrictions)
	}
	c.By, c.At = ch.actor, ch.now
	ch.append(ChildCorrection, c)
	h := &ch.head
	if c.Frictions != nil {
		h.Frictions = slices.Clone(c.Frictions)
	}
	if c.Sentiment != "" {
		h.Sentiment.Label = c.Sentiment
	}
	if c.Urgency != "" {
		h.Urgency = c.Urgency
	}
	if c.Complaint != nil {
		h.Complaint = *c.Complaint
	}
	ch.event(TriageCorrected, ch.labelFacts())
	return nil
}
