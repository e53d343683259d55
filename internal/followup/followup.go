// Package followup looks after what is due: promises whose term has passed,
// snoozes and waits that are over.
//
// It is run by tasks that a case's own steps schedule, so nothing polls all
// cases. Start at Stage.Handle.
package followup

import (
	"context"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Stage is the pipeline's step for whatever has fallen due on a case.
type Stage struct {
	Store webcare.Store
	Now   func() time.Time
}

// Handle does what is due on one case and schedules what comes next.
func (s *Stage) Handle(ctx context.Context, t webcare.Task) error {
	c, err := s.Store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	ch := webcare.Begin(c, s.Now(), webcare.Machine("followup"))
	if err := ch.FallDue(); err != nil {
		return err
	}
	ch.Finishes(t.ID)
	_, err = s.Store.Commit(ctx, ch)
	return err
}
