package console

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// caseStep takes a form of the case page. A step that succeeds leads back to
// the page; one that fails shows it again, with the reason and all that was typed.
func (s *Server) caseStep(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, webcare.Invalidf("form: %v", err))
		return
	}
	id := webcare.CaseID(r.PathValue("id"))
	err := u.mayDecide()
	if err == nil {
		err = s.takeStep(r, u, id)
	}
	if err != nil {
		s.showFailed(w, r, u, id, err)
		return
	}
	to := "/cases/" + url.PathEscape(string(id))
	if r.PostForm.Get("next") != "" {
		to = s.nextCase(r, u, id)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Server) takeStep(r *http.Request, u User, id webcare.CaseID) error {
	f, d, ctx := r.PostForm, s.cfg.Desk, r.Context()
	version, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return webcare.Invalidf("version: %q is not a number", f.Get("version"))
	}
	switch step := r.PathValue("step"); step {
	case "approve", "propose":
		a := approvalOf(f, version)
		a.Propose = step == "propose"
		_, err = d.Approve(ctx, id, u.Actor, a)
	case "save":
		res := f.Get("resolution")
		err = d.SaveEdit(ctx, id, u.Actor, review.Edit{Text: clean(f.Get("text")), PrivateText: clean(f.Get("private_text")), Resolution: &res,
			Ticked: f["ticked"], Hash: f.Get("hash")})
	case "discard":
		err = d.DropEdit(ctx, id, u.Actor)
	case "write":
		a := approvalOf(f, version)
		_, err = d.Write(ctx, id, u.Actor, a)
	case "reject":
		_, err = d.Reject(ctx, id, u.Actor, review.Rejection{Version: version, Hash: f.Get("hash"), Reason: f.Get("reason"), Resolution: f.Get("resolution")})
	case "undo":
		_, err = d.UndoApproval(ctx, id, u.Actor)
	case "posted":
		_, err = d.Posted(ctx, id, u.Actor, f.Get("hash"), f.Get("url"))
	case "ignore":
		_, err = d.Ignore(ctx, id, u.Actor, version, f.Get("reason"))
	case "close":
		_, err = d.Close(ctx, id, u.Actor, version, f.Get("reason"))
	case "claim":
		if _, err = d.Claim(ctx, id, u.Actor); err == nil {
			_, err = d.Sign(ctx, id, u.Actor)
		}
	case "release":
		err = d.Release(ctx, id, u.Actor)
	case "note":
		_, err = d.Note(ctx, id, u.Actor, f.Get("text"))
	case "snooze":
		hours, perr := strconv.Atoi(f.Get("hours"))
		if perr != nil || hours < 1 || hours > 24*90 {
			return webcare.Invalidf("hours: %q is not between 1 and 2160", f.Get("hours"))
		}
		_, err = d.Snooze(ctx, id, u.Actor, version, s.cfg.Now().Add(time.Duration(hours)*time.Hour))
	default:
		return webcare.NotFoundf("step %q", step)
	}
	return err
}

// clean undoes what forms do to line ends.
func clean(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func approvalOf(f url.Values, version int64) review.Approval {
	a := review.Approval{Version: version, Hash: f.Get("hash"), Overrides: f["override"], Ticked: f["ticked"]}
	if f.Has("text") {
		t := clean(f.Get("text"))
		a.Text = &t
	}
	if f.Has("private_text") {
		t := clean(f.Get("private_text"))
		a.PrivateText = &t
	}
	if f.Has("resolution") {
		t := f.Get("resolution")
		a.Resolution = &t
	}
	return a
}

// showFailed shows the case as it stands now, the reason, and what was typed,
// which is kept as the person's edit.
func (s *Server) showFailed(w http.ResponseWriter, r *http.Request, u User, id webcare.CaseID, failed error) {
	c, err := s.store.Load(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f := r.PostForm
	if f.Has("text") && r.PathValue("step") != "note" {
		res := f.Get("resolution")
		edit := review.Edit{Text: clean(f.Get("text")), PrivateText: clean(f.Get("private_text")), Resolution: &res, Ticked: f["ticked"], Hash: f.Get("hash")}
		if err := s.cfg.Desk.SaveEdit(r.Context(), id, u.Actor, edit); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	data, err := s.caseData(r, u, c)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data.Error = failed.Error()
	var findings *review.FindingsError
	if errors.As(failed, &findings) {
		data.Findings = findings.Findings
	}
	if status(failed) >= http.StatusInternalServerError {
		s.fail(w, r, failed)
		return
	}
	s.render(w, r, status(failed), "case", title(c), data)
}

// nextCase is where "approve and next" leads: the first other case of the queue.
func (s *Server) nextCase(r *http.Request, u User, not webcare.CaseID) string {
	heads, err := s.list(r.Context(), u, Filter{Status: statusList(tabs[0].statuses), Limit: 2})
	if err == nil {
		for _, h := range heads.Heads {
			if h.ID != not {
				return "/cases/" + url.PathEscape(string(h.ID))
			}
		}
	}
	return "/"
}

// file sends an attachment as a download; a browser never shows it.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	if err := userOf(r.Context()).mayRead(); err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.store.Load(r.Context(), webcare.CaseID(r.PathValue("id")))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	for _, e := range c.Messages {
		if string(e.Value.ID) != r.PathValue("message") || err != nil || n < 0 || n >= len(e.Value.Attachments) {
			continue
		}
		a := e.Value.Attachments[n]
		data, err := s.store.Blobs.Get(r.Context(), a.Blob)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
		_, _ = w.Write(data) // a client that hung up needs no answer
		return
	}
	s.fail(w, r, webcare.NotFoundf("attachment"))
}
