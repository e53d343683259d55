package console

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"unicode/utf16"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// checked is what the editor is told about a text while it is typed.
type checked struct {
	Marks   map[string][]mark `json:"marks"` // by field
	Room    [2]room           `json:"room"`
	Side    string            `json:"side"`    // markup
	Diff    string            `json:"diff"`    // markup
	Preview string            `json:"preview"` // markup
	May     bool              `json:"may"`
	Blocked bool              `json:"blocked"`
}

// mark is a stretch of a text with a finding, in UTF-16 units as scripts count.
type mark struct {
	Start    int              `json:"start"`
	End      int              `json:"end"`
	Rule     string           `json:"rule"`
	Severity webcare.Severity `json:"severity"`
}

// units returns the place of a byte offset in UTF-16 units.
func units(s string, offset int) int {
	n := 0
	for _, r := range s[:min(max(offset, 0), len(s))] {
		n += utf16.RuneLen(r)
	}
	return n
}

// checkText guards a text as it is typed, and stores nothing.
func (s *Server) checkText(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	id := webcare.CaseID(r.PathValue("id"))
	r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
	err := r.ParseForm()
	if err == nil {
		err = u.mayDecide()
	}
	var c *webcare.Case
	if err == nil {
		c, err = s.store.Load(r.Context(), id)
	}
	var out checked
	if err == nil {
		out, err = s.checked(r, u, c)
	}
	if err != nil {
		http.Error(w, err.Error(), status(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(out) // a client that hung up needs no answer
}

func (s *Server) checked(r *http.Request, u User, c *webcare.Case) (checked, error) {
	a := approvalOf(r.PostForm, c.Head.Version)
	draft, err := s.guarded(r.Context(), c.Head.ID, a)
	failed := ""
	switch {
	case err == nil:
	case status(err) < http.StatusInternalServerError:
		failed = err.Error() // a resolution that cannot be filled in: said beside the editor
	default:
		return checked{}, err
	}
	text, private := clean(r.PostForm.Get("text")), clean(r.PostForm.Get("private_text"))
	sd := s.side(u, draft, a.Ticked, a.Overrides)
	sd.Error = failed
	present, _ := c.CurrentDraft()
	out := checked{Marks: marksOf(draft), Room: s.rooms(c, text, private), May: sd.May, Blocked: sd.Blocked || failed != ""}
	p := page{Lang: language(r), User: u, assets: s.assets, now: s.cfg.Now(), zone: s.zone}
	for name, to := range map[string]*string{"side": &out.Side, "diff": &out.Diff, "preview": &out.Preview} {
		data := map[string]any{"side": sd, "diff": compare(machineDraft(c, present), text, private), "preview": s.preview(c, draft, text, private)}[name]
		var b bytes.Buffer
		if err := s.pages.byName["case"].ExecuteTemplate(&b, name, p.With(data)); err != nil {
			return checked{}, err
		}
		*to = b.String()
	}
	return out, nil
}

func marksOf(d webcare.Draft) map[string][]mark {
	out := map[string][]mark{"text": {}, "private_text": {}}
	for _, f := range d.Findings {
		field, text := "text", d.Text
		if f.Field == "private_text" {
			field, text = f.Field, d.PrivateText
		}
		if f.Start >= f.End || f.End-f.Start >= len(text)*9/10 {
			continue // about the text as a whole
		}
		out[field] = append(out[field], mark{units(text, f.Start), units(text, f.End), f.Rule, f.Severity})
	}
	return out
}

// keepText saves what a person types, without raising the case's version.
func (s *Server) keepText(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
	err := r.ParseForm()
	if err == nil {
		err = u.mayDecide()
	}
	if err == nil {
		err = s.cfg.Desk.SaveEdit(r.Context(), webcare.CaseID(r.PathValue("id")), u.Actor, editOf(r))
	}
	if err != nil {
		http.Error(w, err.Error(), status(err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func editOf(r *http.Request) review.Edit {
	f := r.PostForm
	e := review.Edit{Text: clean(f.Get("text")), PrivateText: clean(f.Get("private_text")), Ticked: f["ticked"], Hash: f.Get("hash")}
	if f.Has("resolution") {
		res := f.Get("resolution")
		e.Resolution = &res
	}
	return e
}

// present is what a page learns about the others on its case.
type present struct {
	Holder  string         `json:"holder,omitempty"` // somebody else's name
	Others  []string       `json:"others"`
	Version int64          `json:"version"`
	Status  webcare.Status `json:"status"`
}

// here renews a person's presence and claim. Opening a case claims it for who
// comes first, and its draft is signed with their name.
func (s *Server) here(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	id := webcare.CaseID(r.PathValue("id"))
	out, err := s.arrive(r, u, id)
	if err != nil {
		http.Error(w, err.Error(), status(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(out) // a client that hung up needs no answer
}

func (s *Server) arrive(r *http.Request, u User, id webcare.CaseID) (present, error) {
	ctx, desk := r.Context(), s.cfg.Desk
	if err := u.mayDecide(); err != nil {
		return present{}, err
	}
	h, err := s.store.Cases.Head(ctx, id)
	if err != nil {
		return present{}, err
	}
	was, err := desk.Present(ctx)
	if err != nil {
		return present{}, err
	}
	if err := desk.Be(ctx, u.Actor, id); err != nil {
		return present{}, err
	}
	out := present{Others: []string{}, Version: h.Version, Status: h.Status}
	known := false
	for _, p := range was {
		known = known || p.By == u.ID && p.Case == id
	}
	for _, p := range others(was, id, u) {
		out.Others = append(out.Others, p.Name)
	}
	hand, err := desk.Claim(ctx, id, u.Actor)
	switch {
	case err == nil:
		c, err := s.signUntouched(ctx, u, h)
		if err != nil {
			return out, err
		}
		out.Version, out.Status = c.Version, c.Status
	case hand.By != "" && hand.By != u.ID:
		out.Holder = hand.Name
	case err != nil && status(err) >= http.StatusInternalServerError:
		return out, err
	}
	if !known {
		s.cfg.Feed.tell(Notice{Case: id, Version: out.Version, Status: out.Status, Brand: h.Brand})
	}
	return out, nil
}

// signUntouched signs the draft with the person's name, unless they have
// begun to change it: then their text stands, sign-off and all.
func (s *Server) signUntouched(ctx context.Context, u User, h webcare.Head) (webcare.Head, error) {
	if h.Status != webcare.StatusInReview {
		return h, nil
	}
	edit, err := s.cfg.Desk.LoadEdit(ctx, h.ID, u.Actor)
	if err != nil || edit != nil {
		return h, err
	}
	c, err := s.cfg.Desk.Sign(ctx, h.ID, u.Actor)
	switch {
	case err == nil:
		return c.Head, nil
	case status(err) >= http.StatusInternalServerError:
		return h, err
	}
	return h, nil // somebody was faster, or the draft stays as it was signed
}

// leave ends presence and claim; what was typed stays.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	id := webcare.CaseID(r.PathValue("id"))
	if err := s.cfg.Desk.Leave(r.Context(), u.Actor, id); err != nil {
		http.Error(w, err.Error(), status(err))
		return
	}
	s.cfg.Feed.tell(Notice{Case: id})
	w.WriteHeader(http.StatusNoContent)
}
