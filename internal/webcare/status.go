package webcare

// Status of a case. Proposed, snoozed, escalated and held are fields beside it.
type Status string

// Statuses, in the order a case runs through them.
const (
	StatusReceived   Status = "received"   // stored, not yet understood
	StatusTriaged    Status = "triaged"    // understood, no draft yet
	StatusInReview   Status = "in_review"  // waits for a person
	StatusApproved   Status = "approved"   // a person approved; the undo window runs, or a person posts by hand
	StatusPublishing Status = "publishing" // an attempt is claimed
	StatusAnswered   Status = "answered"
	StatusWaiting    Status = "waiting" // on a desk or on the customer, until when
	StatusClosed     Status = "closed"
	StatusIgnored    Status = "ignored"   // spam, automatic, no reply needed
	StatusAttention  Status = "attention" // a person must look
)

// Statuses returns all statuses; the slice is the caller's.
func Statuses() []Status {
	return []Status{StatusReceived, StatusTriaged, StatusInReview, StatusApproved, StatusPublishing,
		StatusAnswered, StatusWaiting, StatusClosed, StatusIgnored, StatusAttention}
}

// Valid reports whether s is a status.
func (s Status) Valid() bool {
	for _, t := range Statuses() {
		if s == t {
			return true
		}
	}
	return false
}

// Open reports whether somebody or something still has to act.
func (s Status) Open() bool {
	switch s {
	case StatusAnswered, StatusClosed, StatusIgnored:
		return false
	}
	return true
}
