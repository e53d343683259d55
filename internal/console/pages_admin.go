package console

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// registerAdminPages adds the pages that set the house up: webhooks and their
// deliveries, tokens, sources. They are for leads.
func (s *Server) registerAdminPages(mux *http.ServeMux) error {
	for _, name := range []string{"admin_webhooks", "admin_webhook", "admin_tokens", "admin_sources"} {
		t, err := template.New("layout.html").Funcs(functions).Funcs(adminFunctions).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/admin_parts.html", "templates/"+name+".html")
		if err != nil {
			return err
		}
		s.pages.byName[name] = t
	}
	mux.Handle("GET /settings", http.RedirectHandler("/settings/webhooks", http.StatusSeeOther))
	page := func(pattern string, f func(r *http.Request) (name string, data any, err error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.adminPage(w, r, f) })
	}
	page("GET /settings/webhooks", s.webhooksPage)
	page("POST /settings/webhooks", s.webhookForm)
	page("GET /settings/webhooks/{id}", s.webhookPage)
	page("POST /settings/webhooks/{id}/{step}", s.webhookStep)
	page("GET /settings/tokens", s.tokensPage)
	page("POST /settings/tokens", s.tokenForm)
	page("POST /settings/tokens/{id}/revoke", s.revokeForm)
	page("GET /settings/sources", s.sourcesPage)
	page("POST /settings/sources", s.sourceForm)
	page("POST /settings/sources/{id}/{step}", s.sourceStep)
	return nil
}

// adminFunctions are what only these pages ask of a template.
var adminFunctions = template.FuncMap{
	"list": func(words ...string) []string { return words },
	// host hides the rest of an address: it may hold a secret.
	"host": func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return ""
		}
		return u.Host
	},
}

// to leads the browser elsewhere.
type to string

// adminPage answers a lead with a page, or leads elsewhere.
func (s *Server) adminPage(w http.ResponseWriter, r *http.Request, f func(*http.Request) (string, any, error)) {
	err := userOf(r.Context()).mayManage()
	if err == nil && r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
		if perr := r.ParseForm(); perr != nil {
			err = webcare.Invalidf("form: %v", perr)
		}
	}
	var name string
	var data any
	if err == nil {
		name, data, err = f(r)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if there, ok := data.(to); ok {
		http.Redirect(w, r, string(there), http.StatusSeeOther)
		return
	}
	s.render(w, r, http.StatusOK, name, translate(language(r), "settings"), data)
}

// shown is a secret, shown this once.
type shown struct{ Name, Secret, Path string }

type webhooksData struct {
	Tab      string
	Webhooks []webhook.Subscription
	Events   []webcare.EventType
	Brands   []string
	Shown    *shown
}

func (s *Server) courier() (*webhook.Courier, error) {
	if s.cfg.Courier == nil {
		return nil, webcare.NotFoundf("webhooks are not served here")
	}
	return s.cfg.Courier, nil
}

func (s *Server) webhooksPage(r *http.Request) (string, any, error) {
	d, err := s.webhooksData(r.Context())
	return "admin_webhooks", d, err
}

func (s *Server) webhooksData(ctx context.Context) (*webhooksData, error) {
	c, err := s.courier()
	if err != nil {
		return nil, err
	}
	subs, err := c.Subscriptions.List(ctx)
	return &webhooksData{Tab: "webhooks", Webhooks: subs, Events: webhook.EventTypes(), Brands: s.cfg.Brands.IDs()}, err
}

func (s *Server) webhookForm(r *http.Request) (string, any, error) {
	f := r.PostForm
	b := WebhookBody{Name: f.Get("name"), URL: f.Get("url"), Brands: f["brand"], Format: webhook.Format(f.Get("format")), Language: f.Get("language"), Owner: f.Get("owner"),
		Texts: f.Has("texts"), Special: f.Has("special")}
	for _, e := range f["event"] {
		b.Events = append(b.Events, EventName(e))
	}
	if _, err := s.courier(); err != nil {
		return "", nil, err
	}
	made, err := s.createWebhook(r.Context(), b)
	if err != nil {
		return "", nil, err
	}
	d, err := s.webhooksData(r.Context())
	if d != nil {
		d.Shown = &shown{Name: made.Body.Name, Secret: made.Body.Secret}
	}
	return "admin_webhooks", d, err
}

type webhookData struct {
	Tab        string
	Webhook    webhook.Subscription
	Deliveries []webhook.Delivery
	More       string
	Outcome    string
	Shown      *shown
	Sent       int // again
}

const deliveriesShown = 50

func (s *Server) webhookPage(r *http.Request) (string, any, error) {
	d, err := s.webhookData(r)
	return "admin_webhook", d, err
}

func (s *Server) webhookData(r *http.Request) (*webhookData, error) {
	c, err := s.courier()
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	d := &webhookData{Tab: "webhooks", Outcome: q.Get("outcome")}
	if d.Webhook, err = c.Subscriptions.Get(r.Context(), r.PathValue("id")); err != nil {
		return nil, err
	}
	var next string
	d.Deliveries, next, err = c.Deliveries(r.Context(), d.Webhook.ID, webhook.Range{Outcome: webhook.Outcome(d.Outcome)}, q.Get("cursor"), deliveriesShown)
	if next != "" {
		q.Set("cursor", next)
		d.More = "/settings/webhooks/" + url.PathEscape(d.Webhook.ID) + "?" + q.Encode()
	}
	return d, err
}

func (s *Server) webhookStep(r *http.Request) (string, any, error) {
	c, err := s.courier()
	if err != nil {
		return "", nil, err
	}
	ctx, id := r.Context(), r.PathValue("id")
	var secret *shown
	sent := 0
	switch r.PathValue("step") {
	case "pause":
		_, err = c.Subscriptions.Pause(ctx, id, userOf(ctx).Name)
	case "resume":
		_, err = c.Resume(ctx, id)
	case "test":
		_, err = c.Ping(ctx, id)
	case "rotate":
		var sub webhook.Subscription
		if sub, err = c.Subscriptions.Rotate(ctx, id); err == nil {
			secret = &shown{Name: sub.Name, Secret: sub.Secrets[0].Secret}
		}
	case "delete":
		return "", to("/settings/webhooks"), c.Subscriptions.Remove(ctx, id)
	case "replay":
		sent, err = s.replayForm(ctx, c, id, r.PostForm)
	default:
		err = webcare.NotFoundf("step %q", r.PathValue("step"))
	}
	if err != nil {
		return "", nil, err
	}
	if secret == nil && sent == 0 {
		return "", to("/settings/webhooks/" + url.PathEscape(id)), nil
	}
	d, err := s.webhookData(r)
	if d != nil {
		d.Shown, d.Sent = secret, sent
	}
	return "admin_webhook", d, err
}

// replayForm sends one delivery again, or all of a range.
func (s *Server) replayForm(ctx context.Context, c *webhook.Courier, id string, f url.Values) (n int, err error) {
	if one := f.Get("delivery"); one != "" {
		_, err := c.ReplayOne(ctx, id, one)
		return 0, err
	}
	in := webhook.Range{}
	if f.Has("failed") {
		in.Outcome = webhook.Failed
	}
	for name, at := range map[string]*time.Time{"since": &in.Since, "until": &in.Until} {
		if v := f.Get(name); v != "" {
			if *at, err = time.ParseInLocation(localTime, v, s.zone); err != nil {
				return 0, webcare.Invalidf("%s: %q is no time such as 2026-11-23T10:00", name, v)
			}
		}
	}
	if in.Since.IsZero() || in.Until.IsZero() {
		return 0, webcare.Invalidf("since, until: both are needed")
	}
	for cursor := ""; ; {
		k, next, err := c.Replay(ctx, id, in, cursor, replayPage)
		n += k
		if cursor = next; err != nil || next == "" {
			return n, err
		}
	}
}

type tokensData struct {
	Tab    string
	Tokens []TokenUse
	Scopes []Scope
	Shown  *shown
}

func (s *Server) tokensPage(r *http.Request) (string, any, error) {
	ts, err := s.tokens(r.Context())
	return "admin_tokens", &tokensData{Tab: "tokens", Tokens: ts, Scopes: Scopes()}, err
}

func (s *Server) tokenForm(r *http.Request) (string, any, error) {
	b := TokenBody{Name: r.PostForm.Get("name"), Role: Role(r.PostForm.Get("role"))}
	for _, sc := range r.PostForm["scope"] {
		b.Scopes = append(b.Scopes, Scope(sc))
	}
	t, secret, err := s.makeToken(r.Context(), b)
	if err != nil {
		return "", nil, err
	}
	name, data, err := s.tokensPage(r)
	data.(*tokensData).Shown = &shown{Name: t.Name, Secret: secret}
	return name, data, err
}

func (s *Server) revokeForm(r *http.Request) (string, any, error) {
	return "", to("/settings/tokens"), s.revoke(r.Context(), r.PathValue("id"))
}

type sourcesData struct {
	Tab     string
	Sources []SourceView
	Brands  []string
	Shown   *shown
}

func (s *Server) sourcesPage(r *http.Request) (string, any, error) {
	d := &sourcesData{Tab: "sources", Brands: s.cfg.Brands.IDs()}
	srcs, err := s.intake.Sources().List(r.Context())
	for _, src := range srcs {
		v, verr := s.sourceView(r.Context(), src)
		if verr != nil {
			return "", nil, verr
		}
		d.Sources = append(d.Sources, v)
	}
	return "admin_sources", d, err
}

// withSource shows a source's secret above the list, this once.
func (s *Server) withSource(r *http.Request, src hook.Source, err error) (string, any, error) {
	if err != nil {
		return "", nil, err
	}
	name, data, err := s.sourcesPage(r)
	if d, ok := data.(*sourcesData); ok {
		d.Shown = &shown{Name: src.Name, Secret: src.Secrets[0].Secret, Path: "/hooks/messages/" + src.ID}
	}
	return name, data, err
}

func (s *Server) sourceForm(r *http.Request) (string, any, error) {
	f := r.PostForm
	src, err := s.intake.Sources().Make(r.Context(), hook.Source{Name: f.Get("name"), Brand: f.Get("brand"), Channel: f.Get("channel")}, userOf(r.Context()).ID)
	return s.withSource(r, src, err)
}

func (s *Server) sourceStep(r *http.Request) (string, any, error) {
	switch id := r.PathValue("id"); r.PathValue("step") {
	case "rotate":
		src, err := s.intake.Sources().Rotate(r.Context(), id)
		return s.withSource(r, src, err)
	case "remove":
		return "", to("/settings/sources"), s.intake.Sources().Remove(r.Context(), id)
	}
	return "", nil, webcare.NotFoundf("step %q", r.PathValue("step"))
}
