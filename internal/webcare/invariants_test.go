package webcare_test

import (
	"webcare.example/responder/internal/webcare"
)

// check holds what is true of a case between any two steps.
func (w *world) check() {
	c := w.load()
	h := c.Head
	w.checkMoves(c)
	w.checkFields(c)
	w.checkPosted(c)
	if h.Status == webcare.StatusAnswered && len(w.open) > 0 {
		w.t.Fatalf("answered, but nobody answered %v", w.open)
	}
	if why := lastWhy(c, webcare.CaseIgnored); h.Status == webcare.StatusIgnored && why == "nothing left to answer" && len(w.open) > 0 {
		w.t.Fatalf("set aside, but nobody answered %v", w.open)
	}
}

// checkMoves: a case that has not ended is before a person, or a task will move it.
func (w *world) checkMoves(c *webcare.Case) {
	living := map[webcare.Stage]bool{}
	for _, t := range w.mem.Tasks() {
		if !t.Dead && (t.Stage != webcare.StagePublish || c.Head.Attempt != nil || (c.Head.Approval != nil && t.Data["hash"] == c.Head.Approval.Hash)) {
			living[t.Stage] = true
		}
	}
	moves := true
	switch c.Head.Status {
	case webcare.StatusReceived:
		moves = living[webcare.StageTriage]
	case webcare.StatusTriaged:
		moves = living[webcare.StageDraft]
	case webcare.StatusApproved:
		moves = c.Head.Approval.Assisted || living[webcare.StagePublish]
	case webcare.StatusPublishing:
		moves = living[webcare.StagePublish]
	case webcare.StatusWaiting:
		moves = living[webcare.StageFollowup]
	}
	if !moves {
		w.t.Fatalf("the case is stuck: %s, and no task will move it; tasks %+v", c.Head.Status, w.mem.Tasks())
	}
}

// checkFields: what stands in the head agrees with its status and its children.
func (w *world) checkFields(c *webcare.Case) {
	h := c.Head
	if (h.Status == webcare.StatusAttention) != (h.Attention != "") && h.Status != webcare.StatusPublishing {
		w.t.Fatalf("%s with the reason %q", h.Status, h.Attention)
	}
	if (h.Approval != nil) != (h.Status == webcare.StatusApproved || h.Status == webcare.StatusPublishing) {
		w.t.Fatalf("%s with the approval %+v", h.Status, h.Approval)
	}
	if (h.Attempt != nil) != (h.Status == webcare.StatusPublishing) || (h.Stirred && h.Attempt == nil) {
		w.t.Fatalf("%s with the attempt %+v, stirred %v", h.Status, h.Attempt, h.Stirred)
	}
	waits := h.Status == webcare.StatusWaiting
	if waits != (h.WaitingFor != "") || waits == h.WaitingUntil.IsZero() {
		w.t.Fatalf("%s, waiting for %q until %v", h.Status, h.WaitingFor, h.WaitingUntil)
	}
	if !h.PausedAt.IsZero() && h.WaitingFor != "customer" {
		w.t.Fatalf("%s for %q, and the clock stands still", h.Status, h.WaitingFor)
	}
	if !h.Status.Open() && !h.DueAt.IsZero() {
		w.t.Fatalf("%s, and the clock runs", h.Status)
	}
	promises, orders := 0, 0
	for _, p := range c.Promises {
		if p.State == webcare.PromiseOpen {
			promises++
		}
	}
	for _, o := range c.WorkOrders {
		if o.State == webcare.WorkOrderOpen {
			orders++
		}
	}
	if promises != h.OpenPromises || orders != h.OpenOrders {
		w.t.Fatalf("%d promises and %d orders are open, the head says %d and %d", promises, orders, h.OpenPromises, h.OpenOrders)
	}
	if d, ok := c.CurrentDraft(); (h.DraftSeq != 0) != ok || (ok && (d.Hash != h.DraftHash || webcare.HashOf(h.Brand, h.Channel, d) != h.DraftHash)) {
		w.t.Fatalf("the head's draft %d, hash %s, is stored as %+v", h.DraftSeq, h.DraftHash, d)
	}
}

// checkPosted: nothing stands twice, and what stands is told.
func (w *world) checkPosted(c *webcare.Case) {
	for key, n := range w.platform.landed {
		if n > 1 {
			w.t.Fatalf("the reply %s stands %d times", key, n)
		}
		told := c.Head.Attempt != nil && c.Head.Attempt.Key == key
		for _, p := range c.Publications {
			switch p.Value.Outcome {
			case webcare.OutcomePosted, webcare.OutcomePending, webcare.OutcomeUnknown:
				told = told || p.Value.Attempt.Key == key
			}
		}
		if !told {
			w.t.Fatalf("the reply %s stands, and the case does not know", key)
		}
	}
}

// lastWhy is the reason given with the latest event of a type.
func lastWhy(c *webcare.Case, t webcare.EventType) string {
	why := ""
	for _, e := range c.Events {
		if e.Type == t {
			why = e.Data["why"]
		}
	}
	return why
}
