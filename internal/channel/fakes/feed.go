package fakes

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Feed plays a site with one feed in three formats (/rss, /atom, /json) and a
// page for each article, after rssboard.org/rss-specification, RFC 4287,
// jsonfeed.org/version/1.1 and RFC 9110 section 13.
type Feed struct {
	Name string // of the brand, put into the titles of posts that mention it
	Base string // set once served

	mu       sync.Mutex
	faults   Faults
	articles []*article
	version  int
	Full     int // documents sent, beside 304s
	mux      *http.ServeMux
}

type article struct {
	id      string
	post    Post
	updated time.Time
}

// NewFeed returns a site.
func NewFeed(name string) *Feed {
	f := &Feed{Name: name, mux: http.NewServeMux()}
	f.faults.expired = func(w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) }
	f.mux.HandleFunc("GET /rss", f.conditional(f.rss))
	f.mux.HandleFunc("GET /atom", f.conditional(f.atom))
	f.mux.HandleFunc("GET /json", f.conditional(f.json))
	f.mux.HandleFunc("GET /artikel/{id}", f.page)
	return f
}

func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.faults.serve(w, r, f.mux) }

// Faults makes it fail.
func (f *Feed) Faults() *Faults { return &f.faults }

// Write publishes an article.
func (f *Feed) Write(p Post) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	a := &article{id: fmt.Sprintf("tag:site.example,2026:%d", f.version), post: p}
	f.articles = append(f.articles, a)
	return a.id
}

// Edit changes an article.
func (f *Feed) Edit(id, text string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	for _, a := range f.articles {
		if a.id == id {
			a.post.Text, a.updated = text, at
		}
	}
}

// Delete drops an article from the feed.
func (f *Feed) Delete(id string, _ time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	f.articles = slices.DeleteFunc(f.articles, func(a *article) bool { return a.id == id })
}

// Answers are none: nobody can post here by program.
func (f *Feed) Answers(string) []string { return nil }

func (f *Feed) conditional(doc func() (kind string, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		tag := fmt.Sprintf(`"v%d"`, f.version)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		f.Full++
		kind, body := doc()
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(body) // a client that hung up needs no answer
	}
}

func (f *Feed) link(a *article) string {
	return f.Base + "/artikel/" + a.id[strings.LastIndex(a.id, ":")+1:]
}

func (f *Feed) title(a *article) string {
	if a.post.Mention {
		return "Lezer over " + f.Name
	}
	return "Uit de regio"
}

func (f *Feed) rss() (string, []byte) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>De Krant</title><language>nl-NL</language>`)
	for _, a := range slices.Backward(f.articles) {
		fmt.Fprintf(&b, `<item><title>%s</title><link>%s</link><guid isPermaLink="false">%s</guid><dc:creator>%s</dc:creator><pubDate>%s</pubDate><description>%s</description>`,
			escape(f.title(a)), escape(f.link(a)), a.id, escape(a.post.Author+" "+a.post.Handle), a.post.At.UTC().Format(time.RFC1123Z), escape(paragraphs(a.post.Text)))
		if !a.updated.IsZero() {
			fmt.Fprintf(&b, `<atom:updated>%s</atom:updated>`, a.updated.UTC().Format(time.RFC3339))
		}
		b.WriteString(`</item>`)
	}
	b.WriteString(`</channel></rss>`)
	return "application/rss+xml", []byte(b.String())
}

func (f *Feed) atom() (string, []byte) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl"><title>De Krant</title><id>tag:site.example,2026:feed</id>`)
	for _, a := range slices.Backward(f.articles) {
		updated := a.post.At
		if !a.updated.IsZero() {
			updated = a.updated
		}
		fmt.Fprintf(&b, `<entry><title>%s</title><link href="%s"/><id>%s</id><author><name>%s</name></author><published>%s</published><updated>%s</updated><summary type="html">%s</summary></entry>`,
			escape(f.title(a)), escape(f.link(a)), a.id, escape(a.post.Author+" "+a.post.Handle), a.post.At.UTC().Format(time.RFC3339), updated.UTC().Format(time.RFC3339), escape(paragraphs(a.post.Text)))
	}
	b.WriteString(`</feed>`)
	return "application/atom+xml", []byte(b.String())
}

func (f *Feed) json() (string, []byte) {
	items := []any{}
	for _, a := range slices.Backward(f.articles) {
		it := map[string]any{"id": a.id, "url": f.link(a), "title": f.title(a), "content_html": paragraphs(a.post.Text), "date_published": a.post.At.UTC().Format(time.RFC3339),
			"authors": []any{map[string]any{"name": a.post.Author + " " + a.post.Handle}}}
		if !a.updated.IsZero() {
			it["date_modified"] = a.updated.UTC().Format(time.RFC3339)
		}
		items = append(items, it)
	}
	body, err := json.Marshal(map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": "De Krant", "language": "nl", "items": items})
	if err != nil {
		panic(err) // strings and maps of them
	}
	return "application/feed+json", body
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

func (f *Feed) page(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.articles {
		if strings.HasSuffix(f.link(a), "/"+r.PathValue("id")) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><html lang="nl"><head><title>x</title></head><body><nav><p>Menu Abonneren</p></nav><article><h1>%s</h1><p>%s</p></article><footer><p>Colofon</p></footer></body></html>`,
				html.EscapeString(f.title(a)), html.EscapeString(a.post.Text))
			return
		}
	}
	http.NotFound(w, r)
}
