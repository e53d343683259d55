// Package followup looks after what is due: promises and work orders, snoozes
// and waits that are over, answered cases about which nobody says any more.
//
// It is run by tasks that a case's own steps schedule, so nothing polls all
// cases. A promise is reminded of before its term, escalated at it and broken
// after it; the desk of a work order is told when the order is made and
// reminded once, by mail with a link under which it answers (Links).
//
// Start at Stage.Handle.
package followup

import (
	"context"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// Stage is the pipeline's step for whatever has fallen due on a case.
type Stage struct {
	Store webcare.Store
	Now   func() time.Time
	// Brands, Mail and Links tell desks of work orders; with any of them nil,
	// desks hear of them by webhook alone.
	Brands *brand.Set
	Mail   func(brand string) (webcare.Publisher, bool)
	Links  *Links
}

// Handle does what is due on one case and schedules what comes next.
func (s *Stage) Handle(ctx context.Context, t webcare.Task) error {
	c, err := s.Store.Load(ctx, t.CaseID)
	if err != nil {
		return err
	}
	told, err := s.tellDesks(ctx, c)
	if err != nil {
		return err
	}
	ch := webcare.Begin(c, s.Now(), webcare.Machine("followup"))
	if err := ch.FallDue(); err != nil {
		return err
	}
	for _, id := range told {
		ch.OrderTold(id)
	}
	ch.Finishes(t.ID)
	_, err = s.Store.Commit(ctx, ch)
	return err
}
