package console

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the parsed templates.
type pages struct {
	byName map[string]*template.Template
	rows   rowsMade
	frozen sync.Map // markup that is the same for everybody, by name and key
}

// freeze returns what a part of the queue's templates makes of p, which must
// be the same for everybody under that key: it is made once.
func (p *pages) freeze(part, key string, from page) (template.HTML, error) {
	if m, ok := p.frozen.Load(part + " " + key); ok {
		return m.(template.HTML), nil
	}
	var b strings.Builder
	if err := p.byName["queue"].ExecuteTemplate(&b, part, from); err != nil {
		return "", err
	}
	m := template.HTML(b.String()) // our own templates escaped it
	p.frozen.Store(part+" "+key, m)
	return m, nil
}

func loadPages() (*pages, error) {
	p := &pages{byName: map[string]*template.Template{}}
	for _, name := range []string{"queue", "case", "handover", "mentions", "error", "out"} {
		files := []string{"templates/layout.html", "templates/parts.html", "templates/" + name + ".html"}
		if name == "case" {
			files = append(files, "templates/reply.html", "templates/steps.html", "templates/customer.html")
		}
		t, err := template.New("layout.html").Funcs(functions).ParseFS(templateFiles, files...)
		if err != nil {
			return nil, err
		}
		p.byName[name] = t
	}
	return p, nil
}

// page is what every template is given.
type page struct {
	Lang, Look string
	User       User
	Title      string
	Data       any
	Done       *done // what was just done, with its undo
	Mentions   int
	Stopped    int // webhooks that are delivered to no more, for who can mend it
	Search     string
	Here       string // path and query, to come back to
	From       string // the queue's query, which a case page keeps
	Streams    bool
	assets     *assets
	pages      *pages
	now        time.Time
	zone       *time.Location
	names      map[string]string // of people, by id
}

// T translates a word of the interface.
func (p page) T(key string) string { return translate(p.Lang, key) }

// Keys is the overlay with the shortcuts.
func (p page) Keys() (template.HTML, error) {
	return p.pages.freeze("keys", p.Lang, page{Lang: p.Lang})
}

// Asset returns where a browser finds a file.
func (p page) Asset(name string) string { return p.assets.Path(name) }

// With returns the page for a template that shows one thing of it.
func (p page) With(data any) page {
	p.Data = data
	return p
}

// Back is the queue that the person came from.
func (p page) Back() string {
	if p.From == "" {
		return "/"
	}
	return "/?" + p.From
}

// CaseURL is a case's page, from which the way back leads to the same queue.
func (p page) CaseURL(id webcare.CaseID) string { return caseURL(id, p.From) }

func caseURL(id webcare.CaseID, from string) string {
	to := "/cases/" + url.PathEscape(string(id))
	if from != "" {
		to += "?from=" + url.QueryEscape(from)
	}
	return to
}

func (s *Server) registerPages(mux *http.ServeMux) {
	mux.Handle("GET /assets/{version}/{name}", s.assets)
	mux.HandleFunc("GET /{$}", s.queuePage)
	mux.HandleFunc("GET /live", s.stream)
	mux.HandleFunc("GET /handover", s.handoverPage)
	mux.HandleFunc("GET /mentions", s.mentionsPage)
	mux.HandleFunc("POST /bulk", s.bulkStep)
	mux.HandleFunc("POST /bulk/undo", s.bulkUndo)
	mux.HandleFunc("POST /handover", s.handover)
	mux.HandleFunc("POST /views", s.keepView)
	mux.HandleFunc("POST /preferences", s.preferences)
	mux.HandleFunc("GET /cases/{id}", s.casePage)
	mux.HandleFunc("GET /cases/{id}/next", s.neighbour)
	mux.HandleFunc("POST /cases/{id}/check", s.checkText)
	mux.HandleFunc("POST /cases/{id}/keep", s.keepText)
	mux.HandleFunc("POST /cases/{id}/here", s.here)
	mux.HandleFunc("POST /cases/{id}/leave", s.leave)
	mux.HandleFunc("POST /cases/{id}/{step}", s.caseStep)
	mux.HandleFunc("GET /cases/{id}/files/{message}/{n}", s.file)
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, webcare.NotFoundf("page %q", r.URL.Path)) })
	s.registerSignIn(mux)
}

// registerSignIn adds the way in and out, where there are accounts.
func (s *Server) registerSignIn(mux *http.ServeMux) {
	if s.cfg.OIDC == nil {
		return
	}
	try := func(do func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := do(w, r); err != nil {
				s.fail(w, r, err)
			}
		}
	}
	mux.HandleFunc("GET /signin", try(s.cfg.OIDC.begin))
	mux.HandleFunc("GET /signin/callback", try(s.cfg.OIDC.finish))
	mux.HandleFunc("POST /signout", try(s.cfg.OIDC.end))
	mux.HandleFunc("GET /signedout", func(w http.ResponseWriter, r *http.Request) {
		s.render(w, r, http.StatusOK, "out", translate(language(r), "signed.out"), nil)
	})
}

// render writes a page whole or not at all.
func (s *Server) render(w http.ResponseWriter, r *http.Request, code int, name, title string, data any) {
	var b bytes.Buffer
	p := s.page(r, title, data)
	if err := s.pages.byName[name].Execute(&b, p); err != nil {
		s.cfg.Log.ErrorContext(r.Context(), "rendering", "page", name, "err", err)
		http.Error(w, translate(p.Lang, "oops"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = b.WriteTo(w) // a client that hung up needs no answer
}

func (s *Server) page(r *http.Request, title string, data any) page {
	u := userOf(r.Context())
	q := r.URL.Query()
	p := page{Lang: language(r), Look: look(r), User: u, Title: title, Data: data, Search: q.Get("q"), Streams: s.cfg.Feed != nil,
		Here: r.URL.RequestURI(), From: queueQuery(q.Get("from")), assets: s.assets, pages: s.pages,
		now: s.cfg.Now(), zone: s.zone, names: map[string]string{u.ID: u.Name}}
	switch d := data.(type) {
	case *caseData:
		p.know(d.People)
	case *queueData:
		p.know(d.People)
	}
	if r.Method != http.MethodGet {
		p.Here = "/"
		if id := caseInPath(r.URL.Path); id != "" {
			p.From = queueQuery(r.PostForm.Get("from"))
			p.Here = caseURL(id, p.From)
		}
	}
	if u.mayManage() == nil && s.cfg.Courier != nil {
		if subs, err := s.cfg.Courier.Subscriptions.List(r.Context()); err == nil { // the page is worth more than its warning
			for _, sub := range subs {
				if sub.Stopped() {
					p.Stopped++
				}
			}
		}
	}
	if u.mayDecide() == nil {
		p.Done = s.done(r, u)
		if called, err := s.cfg.Desk.Mentions(r.Context(), u.Actor); err == nil { // the page is worth more than its count
			p.Mentions = len(called)
		}
	}
	return p
}

func (p page) know(people []review.Colleague) {
	for _, c := range people {
		p.names[c.ID] = c.Name
	}
}

// fail shows an error as a page that says what to do next.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	code := status(err)
	lang := language(r)
	d := failure{Detail: errorSays(lang, err), Code: code}
	switch code {
	case http.StatusNotFound:
		d.Next = translate(lang, "fail.404")
	case http.StatusForbidden, http.StatusUnauthorized:
		d.Next = translate(lang, "fail.403")
	case http.StatusServiceUnavailable:
		d.Next = translate(lang, "fail.503")
	}
	if code >= http.StatusInternalServerError {
		s.cfg.Log.ErrorContext(r.Context(), "request failed", "err", err)
		d.Detail = translate(lang, "oops")
	}
	s.render(w, r, code, "error", http.StatusText(code), d)
}

// failure is what the error page shows.
type failure struct {
	Code         int
	Detail, Next string
}

// look is light, dark or, with "", what the system says.
func look(r *http.Request) string {
	if c, err := r.Cookie("look"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// preferences keeps language and look in this browser.
func (s *Server) preferences(w http.ResponseWriter, r *http.Request) {
	for _, name := range []string{"lang", "look"} {
		if r.PostFormValue(name) == "" {
			continue
		}
		http.SetCookie(w, &http.Cookie{Name: name, Value: url.QueryEscape(r.PostFormValue(name)), Path: "/", MaxAge: 365 * 24 * 3600,
			SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: s.cfg.OIDC != nil && s.cfg.OIDC.secure()})
	}
	http.Redirect(w, r, localPath(r.PostFormValue("to")), http.StatusSeeOther)
}

// keepView saves or drops a view of the queue.
func (s *Server) keepView(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	v := review.View{Name: r.PostFormValue("name"), Query: queueQuery(r.PostFormValue("query"))}
	err := u.mayDecide()
	to := "/?" + v.Query
	switch {
	case err != nil:
	case r.PostFormValue("drop") != "":
		to = "/"
		err = s.cfg.Desk.DropView(r.Context(), u.Actor, v.Name)
	default:
		err = s.cfg.Desk.SaveView(r.Context(), u.Actor, v)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
