package webcare

import "time"

// Stage is a step of the pipeline that tasks are for.
type Stage string

// Stages.
const (
	StageTriage   Stage = "triage"
	StageDraft    Stage = "draft"
	StagePublish  Stage = "publish"
	StageFollowup Stage = "followup"
	StageNotify   Stage = "notify"
)

// Stages returns every stage; the slice is the caller's.
func Stages() []Stage {
	return []Stage{StageTriage, StageDraft, StagePublish, StageFollowup, StageNotify}
}

// Task is a unit of work for a stage. The stored task is the truth; a queue is
// only the doorbell.
type Task struct {
	ID     string    `json:"id"` // unique for ever: caseID + "/" + stage + "/" + number
	Stage  Stage     `json:"stage"`
	CaseID CaseID    `json:"case_id"`
	RunAt  time.Time `json:"run_at"`
	// Attempt counts leases; the first lease makes it 1.
	Attempt int `json:"attempt"`
	// LeasedUntil is when the lease of the present attempt ends, zero when not leased.
	LeasedUntil time.Time         `json:"leased_until,omitzero"`
	LastError   string            `json:"last_error,omitempty"` // in words, without texts or secrets
	Dead        bool              `json:"dead,omitempty"`       // dead letter: waits for a person to replay it
	Data        map[string]string `json:"data,omitempty"`       // small arguments
}

// MaxAttempts is how often a task is tried before it becomes a dead letter.
const MaxAttempts = 8

// Backoff returns how long to wait after the given attempt (1 for the first)
// failed: doubling from one second to five minutes, times 0.5 to 1.5 by
// jitter (a number in 0..1 that the caller draws).
func Backoff(attempt int, jitter float64) time.Duration {
	d := time.Second
	for i := 1; i < attempt && d < 5*time.Minute; i++ {
		d *= 2
	}
	d = min(d, 5*time.Minute)
	return time.Duration(float64(d) * (0.5 + jitter))
}
