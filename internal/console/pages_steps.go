package console

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// movesOn are the steps after which the person goes on with the next case.
var movesOn = []string{"ignore", "snooze", "wait", "close", "propose"}

// caseStep takes a form of the case page. A step that succeeds leads on; one
// that fails shows the case as it stands, with the reason and all that was typed.
func (s *Server) caseStep(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, webcare.Invalidf("form: %v", err))
		return
	}
	id, step := webcare.CaseID(r.PathValue("id")), r.PathValue("step")
	before, err := s.store.Cases.Head(r.Context(), id)
	if err == nil {
		err = u.mayDecide()
	}
	if err == nil {
		err = s.takeStep(r, u, before, step)
	}
	if err != nil {
		s.showFailed(w, r, u, id, err)
		return
	}
	http.Redirect(w, r, s.leadOn(r, u, before, step), http.StatusSeeOther)
}

// leadOn is where a person goes after a step: to the next case where this one
// is done with, else back to it.
func (s *Server) leadOn(r *http.Request, u User, h webcare.Head, step string) string {
	from := queueQuery(r.PostForm.Get("from"))
	to := caseURL(h.ID, from)
	stay := r.PostForm.Get("stay") != ""
	if r.PostForm.Get("next") != "" || !stay && slices.Contains(movesOn, step) {
		if err := s.cfg.Desk.Leave(r.Context(), u.Actor, h.ID); err != nil {
			s.cfg.Log.WarnContext(r.Context(), "leaving a case", "case", h.ID, "err", err) // the claim ends by itself
		}
		if to = s.after(r.Context(), u, from, h); to == "" {
			to = "/?" + from
		}
	}
	if slices.Contains([]string{"keep", "save", "discard", "claim", "release", "note", "tags", "triage", "link", "write", "posted"}, step) {
		return to
	}
	sep := "?"
	if strings.Contains(to, "?") && !strings.HasSuffix(to, "?") {
		sep = "&"
	}
	return strings.TrimSuffix(to, "?") + sep + "did=" + step + "&on=" + url.QueryEscape(string(h.ID))
}

func (s *Server) takeStep(r *http.Request, u User, h webcare.Head, step string) error {
	f, d, ctx, id := r.PostForm, s.cfg.Desk, r.Context(), h.ID
	version, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return webcare.Invalidf("version: %q is not a number", f.Get("version"))
	}
	switch step {
	case "approve", "propose":
		return s.approveStep(ctx, u, h, approvalOf(f, version), step == "propose")
	case "save":
		err = d.SaveEdit(ctx, id, u.Actor, editOf(r))
	case "discard":
		err = d.DropEdit(ctx, id, u.Actor)
	case "write":
		if _, err = d.Write(ctx, id, u.Actor, approvalOf(f, version)); err == nil {
			err = d.DropEdit(ctx, id, u.Actor)
		}
	case "reject":
		_, err = d.Reject(ctx, id, u.Actor, review.Rejection{Version: version, Hash: f.Get("hash"), Reason: f.Get("reason"), Resolution: f.Get("resolution")})
		if err == nil {
			err = d.DropEdit(ctx, id, u.Actor)
		}
	case "undo":
		_, err = d.UndoApproval(ctx, id, u.Actor)
	case "resume":
		_, err = d.Resume(ctx, id, u.Actor, version)
	case "posted":
		_, err = d.Posted(ctx, id, u.Actor, f.Get("hash"), f.Get("url"))
	case "claim":
		if _, err = d.Claim(ctx, id, u.Actor); err == nil {
			_, err = d.Sign(ctx, id, u.Actor)
		}
	case "release":
		err = d.Leave(ctx, u.Actor, id)
	default:
		return s.parkStep(ctx, u, id, step, f, version)
	}
	return err
}

// approveStep approves or proposes. A draft that is still signed by somebody
// else is signed first, and shown again: nobody approves what they did not see.
func (s *Server) approveStep(ctx context.Context, u User, h webcare.Head, a review.Approval, propose bool) error {
	a.Propose = propose
	if a.Version == h.Version && h.Status == webcare.StatusInReview {
		signed, err := s.signUntouched(ctx, u, h)
		if err != nil {
			return err
		}
		if signed.Version != h.Version {
			return errSigned
		}
	}
	_, err := s.cfg.Desk.Approve(ctx, h.ID, u.Actor, a)
	return err
}

// errSigned asks a person to look once more.
var errSigned = webcare.Conflictf("the reply is now signed with your name: look at it once more, then approve")

// parkStep takes the steps that need no draft.
func (s *Server) parkStep(ctx context.Context, u User, id webcare.CaseID, step string, f url.Values, version int64) (err error) {
	d := s.cfg.Desk
	switch step {
	case "ignore":
		_, err = d.Ignore(ctx, id, u.Actor, version, f.Get("reason"))
	case "close":
		_, err = d.Close(ctx, id, u.Actor, version, f.Get("reason"))
	case "assign":
		to := s.person(u, f.Get("to"))
		if f.Get("me") != "" {
			to = u.ID
		}
		_, err = d.Assign(ctx, id, u.Actor, version, to)
	case "escalate":
		_, err = d.Escalate(ctx, id, u.Actor, version, f.Get("to"), f.Get("reason"))
	case "note":
		_, err = d.Note(ctx, id, u.Actor, f.Get("text"))
	case "tags":
		_, err = d.Tag(ctx, id, u.Actor, version, split(f.Get("tags")))
	case "link":
		_, err = d.Link(ctx, id, u.Actor, version, caseNamed(f.Get("case")))
	case "triage":
		_, err = d.Correct(ctx, id, u.Actor, version, correctionOf(f))
	case "snooze", "wait":
		until, uerr := s.untilOf(f)
		if uerr != nil {
			return uerr
		}
		if step == "snooze" {
			_, err = d.Snooze(ctx, id, u.Actor, version, until)
			break
		}
		on, _, _ := strings.Cut(f.Get("on"), " · ")
		_, err = d.Wait(ctx, id, u.Actor, version, on, until)
	default:
		return webcare.NotFoundf("step %q", step)
	}
	return err
}

// maxAway is how long a case may be put away.
const maxAway = 90 * 24 * time.Hour

// untilOf reads until when a case is put away: a day and time of one's own, in
// the brand's time zone, else a number of hours.
func (s *Server) untilOf(f url.Values) (time.Time, error) {
	now := s.cfg.Now()
	if v := f.Get("until"); v != "" {
		at, err := time.ParseInLocation(localTime, v, s.zone)
		if err != nil || !at.After(now) || at.After(now.Add(maxAway)) {
			return at, webcare.Invalidf("until: %q is not a time within the next 90 days", v)
		}
		return at, nil
	}
	hours, err := strconv.Atoi(f.Get("hours"))
	if err != nil || hours < 1 || hours > int(maxAway/time.Hour) {
		return now, webcare.Invalidf("hours: %q is not between 1 and 2160", f.Get("hours"))
	}
	return now.Add(time.Duration(hours) * time.Hour), nil
}

// localTime is how forms write a day and a time.
const localTime = "2006-01-02T15:04"

// caseNamed takes an id, or the address of a case's page.
func caseNamed(s string) webcare.CaseID {
	s = strings.TrimSpace(s)
	if i := strings.Index(s, "/cases/"); i >= 0 {
		s = s[i+len("/cases/"):]
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	return webcare.CaseID(s)
}

func correctionOf(f url.Values) webcare.Correction {
	fix := webcare.Correction{Sentiment: webcare.SentimentLabel(f.Get("sentiment")), Urgency: webcare.Urgency(f.Get("urgency")), Frictions: []webcare.FrictionType{}}
	if main := f.Get("main"); main != "" {
		fix.Frictions = append(fix.Frictions, webcare.FrictionType(main))
	}
	for _, t := range f["friction"] {
		if x := webcare.FrictionType(t); !slices.Contains(fix.Frictions, x) {
			fix.Frictions = append(fix.Frictions, x)
		}
	}
	if v := f.Get("complaint"); v != "" {
		yes := v == "yes"
		fix.Complaint = &yes
	}
	return fix
}

// clean undoes what forms do to line ends.
func clean(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func approvalOf(f url.Values, version int64) review.Approval {
	a := review.Approval{Version: version, Hash: f.Get("hash"), Overrides: f["override"], Ticked: f["ticked"]}
	for name, to := range map[string]**string{"text": &a.Text, "private_text": &a.PrivateText, "resolution": &a.Resolution} {
		if f.Has(name) {
			t := clean(f.Get(name))
			*to = &t
		}
	}
	return a
}

// showFailed shows the case as it stands now, the reason, what happened
// meanwhile, and what was typed, which is kept as the person's edit.
func (s *Server) showFailed(w http.ResponseWriter, r *http.Request, u User, id webcare.CaseID, failed error) {
	c, err := s.store.Load(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if status(failed) >= http.StatusInternalServerError {
		s.fail(w, r, failed)
		return
	}
	if r.PostForm.Has("hash") && r.PostForm.Has("text") && u.mayDecide() == nil && !errors.Is(failed, errSigned) {
		if err := s.keepDifference(r, u, c); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	data, err := s.caseData(r, u, c)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.explain(data, r, failed)
	s.render(w, r, status(failed), "case", title(c), data)
}

// keepDifference keeps the text of a failed step, unless it is the draft's own.
func (s *Server) keepDifference(r *http.Request, u User, c *webcare.Case) error {
	e := editOf(r)
	for _, d := range c.Drafts {
		if d.Value.Hash == e.Hash && d.Value.Text == e.Text && d.Value.PrivateText == e.PrivateText && len(e.Ticked) == 0 && samePick(e, d.Value) {
			return nil
		}
	}
	return s.cfg.Desk.SaveEdit(r.Context(), c.Head.ID, u.Actor, e)
}

func samePick(e review.Edit, d webcare.Draft) bool {
	id := ""
	if d.Resolution != nil {
		id = d.Resolution.ID
	}
	return e.Resolution == nil || *e.Resolution == id
}

// explain puts the reason of a failed step on the page.
func (s *Server) explain(d *caseData, r *http.Request, failed error) {
	lang := language(r)
	var findings *review.FindingsError
	var checks *review.ChecksError
	var authority *webcare.AuthorityError
	switch {
	case errors.As(failed, &findings):
		d.Error = translate(lang, "error.findings")
		if d.Reply != nil && len(d.Reply.Side.Findings) == 0 {
			for _, f := range findings.Findings {
				d.Reply.Side.Findings = append(d.Reply.Side.Findings, finding{Finding: f})
			}
		}
	case errors.As(failed, &checks):
		d.Error, d.Unticked = translate(lang, "error.checks"), checks.Unticked
	case errors.As(failed, &authority):
		d.Error = translate(lang, "error.authority") + " " + translate(lang, string(authority.Needs))
	case errors.Is(failed, errSigned):
		d.Error = translate(lang, "error.signed")
	case errors.Is(failed, webcare.ErrConflict):
		d.Error = translate(lang, "error.conflict")
		seen, err := strconv.ParseInt(r.PostForm.Get("seen"), 10, 64)
		if err == nil && seen > 0 {
			d.since(seen)
		}
		if len(d.News) == 0 {
			d.Error += " " + errorSays(lang, failed) + "."
		}
	default:
		d.Error = errorSays(lang, failed)
	}
}

// since collects what happened from the child with number seen on.
func (d *caseData) since(seen int64) {
	fresh := map[webcare.MessageID]bool{}
	for _, e := range d.Case.Messages {
		if e.Seq >= seen {
			fresh[e.Value.ID] = true
			d.News = append(d.News, news{At: e.Value.ReceivedAt, What: "message", By: e.Value.Author.Name, Text: e.Value.Text})
		}
	}
	for _, e := range d.Case.Events {
		if e.Seq >= seen && e.Type != webcare.MessageReceived && e.Type != webcare.MessageRevised {
			d.News = append(d.News, news{At: e.At, What: string(e.Type), By: d.name(e.By)})
		}
	}
	for i := range d.Messages {
		d.Messages[i].New = fresh[d.Messages[i].ID]
	}
}

// name is how colleagues call who did something.
func (d *caseData) name(id string) string {
	for _, p := range d.People {
		if p.ID == id {
			return p.Name
		}
	}
	return id
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
