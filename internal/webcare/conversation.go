package webcare

import (
	"slices"
	"strings"
)

// turn is a message of the conversation as it now reads.
type turn struct {
	first, last int64 // sequence of its first and of its latest revision
	m           Message
}

// turns returns the latest revision of every message, oldest first, deleted
// ones among them.
func (c *Case) turns() []turn {
	at := map[Key]int{}
	var out []turn
	for _, e := range c.Messages {
		if i, seen := at[e.Value.Key]; seen {
			out[i].last, out[i].m = e.Seq, e.Value
			continue
		}
		at[e.Value.Key] = len(out)
		out = append(out, turn{e.Seq, e.Seq, e.Value})
	}
	return out
}

// Conversation returns the latest revision of every message, oldest first,
// deleted ones left out.
func (c *Case) Conversation() []Entry[Message] {
	var out []Entry[Message]
	for _, t := range c.turns() {
		if !t.m.Deleted {
			out = append(out, Entry[Message]{t.first, t.m})
		}
	}
	return out
}

// LatestInbound returns the customer's latest message in the conversation.
func (c *Case) LatestInbound() (Message, bool) {
	for _, e := range slices.Backward(c.Conversation()) {
		if e.Value.inbound() {
			return e.Value, true
		}
	}
	return Message{}, false
}

// inbound reports whether the customer wrote m.
func (m Message) inbound() bool { return !m.Ours && m.Automatic == "" }

// Unanswered returns what the customer wrote, or rewrote, and none of our
// replies was written for, oldest first: what a draft answers and what triage
// reads together. A reply on its way answers nothing that came meanwhile.
func (c *Case) Unanswered() []Message {
	var answered int64
	turns := c.turns()
	for _, t := range turns {
		if t.m.Ours && !t.m.Deleted && t.m.Automatic == "" {
			answered = max(answered, t.answers())
		}
	}
	var out []Message
	for _, t := range turns {
		if t.m.inbound() && !t.m.Deleted && t.last > answered {
			out = append(out, t.m)
		}
	}
	return out
}

// answers is the sequence up to which our reply answers the customer.
func (t turn) answers() int64 {
	if t.m.Answers == 0 {
		return t.first
	}
	return t.m.Answers
}

// writtenBefore is the sequence of the customer's latest word that stood when
// m was posted: what a colleague's reply can be about. -1 where there was none.
func (c *Case) writtenBefore(m Message) int64 {
	seq := int64(-1)
	for _, e := range c.Messages {
		if e.Value.inbound() && !e.Value.PostedAt.After(m.PostedAt) {
			seq = e.Seq
		}
	}
	return seq
}

// UnansweredText is the customer's unanswered words as one text: what triage
// reads, and what its offsets count in.
func (c *Case) UnansweredText() string {
	var b strings.Builder
	for i, m := range c.Unanswered() {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(m.Text)
	}
	return b.String()
}
