package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// done is what a person just did, as the next page tells it: with an undo
// while there is one.
type done struct {
	Step    string
	Case    *webcare.Head
	Seconds int64 // left to undo an approval
	Until   int64
	Bulk    *review.Done
	Left    string // cases that an undo left alone
	CanUndo bool
}

// done reads from the address what was done, and from the store whether it can
// still be undone: the page stays true when it is loaded again.
func (s *Server) done(r *http.Request, u User) *done {
	q := r.URL.Query()
	if id := q.Get("bulk"); id != "" {
		b, err := s.cfg.Desk.LoadBulk(r.Context(), u.Actor, id)
		if err != nil {
			return nil
		}
		return &done{Step: "bulk." + b.Step, Bulk: &b, CanUndo: len(b.Changed) > 0}
	}
	if q.Get("did") == "bulk.undone" {
		return &done{Step: "bulk.undone", Left: q.Get("left")}
	}
	id := q.Get("on")
	if id == "" {
		return nil
	}
	h, err := s.store.Cases.Head(r.Context(), webcare.CaseID(id))
	if err != nil || !u.sees(h.Brand) {
		return nil
	}
	d := &done{Step: q.Get("did"), Case: &h}
	switch d.Step {
	case "approve":
		a := h.Approval
		if a == nil || a.By.ID != u.ID {
			return nil
		}
		if a.Assisted {
			d.Step, d.CanUndo = "approve.assisted", true
			return d
		}
		left := a.PublishAt.Sub(s.cfg.Now())
		d.CanUndo = left > 0 && h.Status == webcare.StatusApproved
		d.Seconds, d.Until = int64((left+time.Second-1)/time.Second), a.PublishAt.UnixMilli()
	case "ignore":
		d.CanUndo = h.Status == webcare.StatusIgnored
	case "propose", "reject", "snooze", "wait", "escalate", "close", "assign", "undo", "resume":
	default:
		return nil
	}
	return d
}

func cases(ids []string) []webcare.CaseID {
	out := make([]webcare.CaseID, len(ids))
	for i, id := range ids {
		out[i] = webcare.CaseID(id)
	}
	return out
}

// bulkStep takes one step on the cases chosen in the queue.
func (s *Server) bulkStep(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, webcare.Invalidf("form: %v", err))
		return
	}
	f := r.PostForm
	b := review.Bulk{Step: f.Get("step"), Reason: f.Get("reason"), Cases: cases(f["case"])}
	switch b.Step {
	case "assign":
		b.Value = s.person(u, f.Get("to"))
	case "tag":
		b.Value = f.Get("tag")
	}
	s.runBulk(w, r, u, b, f.Get("from"))
}

func (s *Server) runBulk(w http.ResponseWriter, r *http.Request, u User, b review.Bulk, from string) {
	if err := s.mayTouch(r.Context(), u, b.Cases); err != nil {
		s.fail(w, r, err)
		return
	}
	d, err := s.cfg.Desk.Bulk(r.Context(), u.Actor, b, s.cfg.Receiver.Random)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	to := queueQuery(from)
	if to != "" {
		to += "&"
	}
	http.Redirect(w, r, "/?"+to+"bulk="+url.QueryEscape(d.ID), http.StatusSeeOther)
}

// mayTouch reports whether a person may decide on all of some cases.
func (s *Server) mayTouch(ctx context.Context, u User, ids []webcare.CaseID) error {
	if len(u.Roles) == 0 || len(ids) > review.MaxBulk {
		return u.mayDecide()
	}
	for _, id := range ids {
		h, err := s.store.Cases.Head(ctx, id)
		if err != nil {
			return err
		}
		here, err := u.in(h.Brand)
		if err != nil {
			return err
		}
		if err := here.mayDecide(); err != nil {
			return err
		}
	}
	return nil
}

// person returns the id of somebody named in a form.
func (s *Server) person(u User, name string) string {
	if name == "me" {
		return u.ID
	}
	return name
}

func (s *Server) bulkUndo(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayDecide(); err != nil {
		s.fail(w, r, err)
		return
	}
	left, err := s.cfg.Desk.UndoBulk(r.Context(), u.Actor, r.PostFormValue("bulk"))
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		s.fail(w, r, err)
		return
	}
	to := queueQuery(r.PostFormValue("from"))
	if to != "" {
		to += "&"
	}
	http.Redirect(w, r, "/?"+to+"did=bulk.undone&left="+count(left), http.StatusSeeOther)
}

// handoverData is what the handover page shows.
type handoverData struct {
	Rows   []row
	People []review.Colleague
	More   bool
	Now    int64
}

// handoverPage shows one's open cases, to be given to a colleague.
func (s *Server) handoverPage(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayDecide(); err != nil {
		s.fail(w, r, err)
		return
	}
	page, err := s.list(r.Context(), u, Filter{Assignee: "me", Status: statusList(openStatuses()), Limit: review.MaxBulk})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := handoverData{More: page.Next != "", Now: s.cfg.Now().UnixMilli()}
	for _, h := range page.Heads {
		d.Rows = append(d.Rows, row{Head: h})
	}
	if d.People, err = s.cfg.Desk.Colleagues(r.Context()); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "handover", translate(language(r), "handover"), d)
}

// handover gives the chosen cases to a colleague, each with the same note.
func (s *Server) handover(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, webcare.Invalidf("form: %v", err))
		return
	}
	f := r.PostForm
	ids := cases(f["case"])
	if err := s.mayTouch(r.Context(), u, ids); err != nil {
		s.fail(w, r, err)
		return
	}
	if note := f.Get("note"); note != "" && len(ids) <= review.MaxBulk {
		for _, id := range ids {
			if _, err := s.cfg.Desk.Note(r.Context(), id, u.Actor, note); err != nil {
				s.fail(w, r, err)
				return
			}
		}
	}
	s.runBulk(w, r, u, review.Bulk{Step: "assign", Value: s.person(u, f.Get("to")), Cases: ids}, "")
}

// mentionsPage shows the notes that call a person.
func (s *Server) mentionsPage(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayDecide(); err != nil {
		s.fail(w, r, err)
		return
	}
	called, err := s.cfg.Desk.Mentions(r.Context(), u.Actor)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	type line struct {
		review.Mention
		Head webcare.Head
	}
	var lines []line
	for _, m := range called {
		h, err := s.store.Cases.Head(r.Context(), m.Case)
		if err == nil && u.sees(h.Brand) {
			lines = append(lines, line{m, h})
		}
	}
	s.render(w, r, http.StatusOK, "mentions", translate(language(r), "mentions"), lines)
}
