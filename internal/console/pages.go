package console

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// pages are the parsed templates.
type pages struct{ byName map[string]*template.Template }

func loadPages() (*pages, error) {
	p := &pages{byName: map[string]*template.Template{}}
	for _, name := range []string{"queue", "case", "error"} {
		t, err := template.New("layout.html").Funcs(functions).ParseFS(templateFiles, "templates/layout.html", "templates/"+name+".html")
		if err != nil {
			return nil, err
		}
		p.byName[name] = t
	}
	return p, nil
}

// page is what every template is given.
type page struct {
	Lang  string
	User  User
	Title string
	Data  any
}

// T translates a word of the interface.
func (p page) T(key string) string { return translate(p.Lang, key) }

func (s *Server) registerPages(mux *http.ServeMux) {
	assets, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		panic(err) // the folder is embedded
	}
	files := http.StripPrefix("/assets/", http.FileServerFS(assets))
	mux.HandleFunc("GET /assets/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /{$}", s.queuePage)
	mux.HandleFunc("GET /cases/{id}", s.casePage)
	mux.HandleFunc("POST /cases/{id}/{step}", s.caseStep)
	mux.HandleFunc("GET /cases/{id}/files/{message}/{n}", s.file)
}

// render writes a page whole or not at all.
func (s *Server) render(w http.ResponseWriter, r *http.Request, code int, name, title string, data any) {
	var b bytes.Buffer
	lang := language(r)
	if err := s.pages.byName[name].Execute(&b, page{Lang: lang, User: userOf(r.Context()), Title: title, Data: data}); err != nil {
		s.cfg.Log.ErrorContext(r.Context(), "rendering", "page", name, "err", err)
		http.Error(w, translate(lang, "oops"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = b.WriteTo(w) // a client that hung up needs no answer
}

// fail shows an error as a page.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	code := status(err)
	detail := err.Error()
	if code >= http.StatusInternalServerError {
		s.cfg.Log.ErrorContext(r.Context(), "request failed", "err", err)
		detail = translate(language(r), "oops")
	}
	s.render(w, r, code, "error", http.StatusText(code), detail)
}

// queueData is what the queue page shows.
type queueData struct {
	Cases  []webcare.Head
	Next   string
	Filter Filter
	Tabs   []tab
	More   string // query of the next page
	Now    int64
}

// tab is a saved way to look at the queue, with its count.
type tab struct {
	Name, Query, Count string
	Current            bool
}

// countLimit is where counts stop being exact.
const countLimit = 1000

var tabs = []struct {
	name     string
	statuses []webcare.Status
}{
	{"review", []webcare.Status{webcare.StatusInReview, webcare.StatusAttention}},
	{"underway", []webcare.Status{webcare.StatusReceived, webcare.StatusTriaged, webcare.StatusApproved, webcare.StatusPublishing}},
	{"waiting", []webcare.Status{webcare.StatusWaiting}},
	{"answered", []webcare.Status{webcare.StatusAnswered}},
	{"ended", []webcare.Status{webcare.StatusClosed, webcare.StatusIgnored}},
}

func (s *Server) queuePage(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayRead(); err != nil {
		s.fail(w, r, err)
		return
	}
	f := filterOf(r)
	if f.Status == "" && f.Q == "" {
		f.Status = statusList(tabs[0].statuses)
	}
	heads, err := s.list(r.Context(), u, f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := queueData{Cases: heads.Heads, Next: heads.Next, Filter: f, Now: s.cfg.Now().UnixMilli()}
	if heads.Next != "" {
		q := r.URL.Query()
		q.Set("cursor", heads.Next)
		data.More = "?" + q.Encode()
	}
	for _, t := range tabs {
		list := statusList(t.statuses)
		n, err := s.store.Cases.Count(r.Context(), webcare.Query{Brands: s.cfg.Brands.IDs(), Statuses: t.statuses}, countLimit)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data.Tabs = append(data.Tabs, tab{Name: "tab." + t.name, Query: "?status=" + list, Count: count(n), Current: list == f.Status})
	}
	s.render(w, r, http.StatusOK, "queue", translate(language(r), "queue"), data)
}

func statusList(st []webcare.Status) string {
	parts := make([]string, len(st))
	for i, x := range st {
		parts[i] = string(x)
	}
	return strings.Join(parts, ",")
}

func filterOf(r *http.Request) Filter {
	q := r.URL.Query()
	return Filter{Status: q.Get("status"), Friction: q.Get("friction"), Sentiment: q.Get("sentiment"), Urgency: q.Get("urgency"),
		Channel: q.Get("channel"), Brand: q.Get("brand"), Assignee: q.Get("assignee"), Signal: q.Get("signal"), Tag: q.Get("tag"),
		Q: q.Get("q"), Cursor: q.Get("cursor"), Limit: 50}
}

// caseData is what the case page shows.
type caseData struct {
	Case     *webcare.Case
	Messages []messageData
	Draft    webcare.Draft
	HasDraft bool
	Text     string // what the editor holds: the person's edit, else the draft
	Private  string
	Pick     string // chosen resolution
	Choices  []choice
	Ticked   []string
	Holder   review.Hand
	Error    string
	Findings []webcare.Finding
	UndoLeft int64 // seconds
	Stale    bool  // the edit was begun on another draft
}

// choice is a resolution of the playbook for the main friction.
type choice struct {
	ID        string
	Text      string
	CostCents int64
	Authority webcare.Authority
}

// messageData is a message with its evidence marked.
type messageData struct {
	webcare.Message
	Parts []part
}

func (s *Server) casePage(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayRead(); err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.store.Load(r.Context(), webcare.CaseID(r.PathValue("id")))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := s.caseData(r, u, c)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "case", title(c), data)
}

func title(c *webcare.Case) string {
	if c.Head.Subject != "" {
		return c.Head.Subject
	}
	return c.Head.Author.Name + c.Head.Author.Handle
}

func (s *Server) caseData(r *http.Request, u User, c *webcare.Case) (*caseData, error) {
	d := &caseData{Case: c, Messages: marked(c)}
	d.Draft, d.HasDraft = c.CurrentDraft()
	d.Text, d.Private, d.Findings = d.Draft.Text, d.Draft.PrivateText, d.Draft.Findings
	if d.Draft.Resolution != nil {
		d.Pick = d.Draft.Resolution.ID
	}
	edit, err := s.cfg.Desk.LoadEdit(r.Context(), c.Head.ID, u.Actor)
	if err != nil {
		return nil, err
	}
	if edit != nil && c.Head.Status.Open() {
		d.Text, d.Private, d.Ticked, d.Stale = edit.Text, edit.PrivateText, edit.Ticked, edit.Hash != d.Draft.Hash
		if edit.Resolution != nil {
			d.Pick = *edit.Resolution
		}
	}
	if d.Holder, err = s.cfg.Desk.Holder(r.Context(), c.Head.ID); err != nil {
		return nil, err
	}
	if a := c.Head.Approval; a != nil && !a.Assisted {
		d.UndoLeft = int64(a.PublishAt.Sub(s.cfg.Now()).Seconds())
	}
	d.Choices = s.choices(c)
	return d, nil
}

// choices lists the playbook's resolutions for what this customer met.
func (s *Server) choices(c *webcare.Case) []choice {
	b, err := s.cfg.Brands.Get(c.Head.Brand)
	if err != nil {
		return nil // the case of a brand that is served no more can still be read
	}
	var out []choice
	seen := map[string]bool{}
	keys := append([]webcare.FrictionType(nil), c.Head.Frictions...)
	for _, k := range append(keys, webcare.FrictionType(c.Head.Kind), "general") {
		for _, r := range b.Resolutions(string(k)) {
			if seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			out = append(out, choice{r.ID, r.Texts[c.Head.Language].Short, r.CostCents, webcare.Higher(r.Authority, b.AuthorityFor(r.CostCents))})
		}
	}
	return out
}
