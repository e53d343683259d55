package fakes

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Mastodon plays one instance and its account, after docs.joinmastodon.org:
// methods/statuses, methods/notifications, methods/accounts, methods/search,
// methods/timelines, methods/instance (version 4.3).
type Mastodon struct {
	Token  string
	Handle string // of the brand's account
	Limit  int    // characters, 500 if zero
	Now    func() time.Time

	mu     sync.Mutex
	faults Faults
	last   int
	posts  []*toot
	byID   map[string]*toot
	notes  []note
	keys   map[string]keyed
	mux    *http.ServeMux
}

type toot struct {
	id, replyTo string
	post        Post
	edited      time.Time
	visibility  string
	viaAPI      bool
}

type note struct {
	id int
	t  *toot
}

type keyed struct {
	t  *toot
	at time.Time
}

// NewMastodon returns an instance on which the brand's account is handle.
func NewMastodon(token, handle string, now func() time.Time) *Mastodon {
	m := &Mastodon{Token: token, Handle: handle, Limit: 500, Now: now, last: 110000000000000000, byID: map[string]*toot{}, keys: map[string]keyed{}, mux: http.NewServeMux()}
	m.faults.expired = func(w http.ResponseWriter) { fail(w, http.StatusUnauthorized, "The access token was revoked") }
	m.mux.HandleFunc("GET /api/v2/instance", m.instance)
	m.mux.HandleFunc("GET /api/v1/accounts/verify_credentials", m.signed(func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, m.account(Post{Ours: true})) }))
	m.mux.HandleFunc("GET /api/v1/notifications", m.signed(m.notifications))
	m.mux.HandleFunc("GET /api/v1/accounts/{id}/statuses", m.signed(m.own))
	m.mux.HandleFunc("GET /api/v1/statuses", m.signed(m.several))
	m.mux.HandleFunc("GET /api/v1/statuses/{id}/context", m.signed(m.context))
	m.mux.HandleFunc("GET /api/v1/timelines/tag/{tag}", m.signed(m.tag))
	m.mux.HandleFunc("GET /api/v2/search", m.signed(m.search))
	m.mux.HandleFunc("POST /api/v1/statuses", m.signed(m.create))
	return m
}

func (m *Mastodon) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.faults.serve(w, r, m.mux) }

// Faults makes it fail.
func (m *Mastodon) Faults() *Faults { return &m.faults }

func (m *Mastodon) signed(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+m.Token {
			fail(w, http.StatusUnauthorized, "The access token is invalid")
			return
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		h(w, r)
	}
}

func (m *Mastodon) nextID() int { m.last += 7; return m.last }

// Write posts as people do.
func (m *Mastodon) Write(p Post) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := "public"
	if p.Private {
		v = "direct"
	}
	return m.add(p, v, false).id
}

func (m *Mastodon) add(p Post, visibility string, viaAPI bool) *toot {
	t := &toot{id: strconv.Itoa(m.nextID()), replyTo: p.ReplyTo, post: p, visibility: visibility, viaAPI: viaAPI}
	m.posts = append(m.posts, t)
	m.byID[t.id] = t
	if p.Mention && !p.Ours {
		m.notes = append(m.notes, note{m.nextID(), t})
	}
	return t
}

// Edit changes a post.
func (m *Mastodon) Edit(id, text string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byID[id].post.Text, m.byID[id].edited = text, at
}

// Delete removes a post, and its notification.
func (m *Mastodon) Delete(id string, _ time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.byID[id]
	delete(m.byID, id)
	m.posts = slices.DeleteFunc(m.posts, func(x *toot) bool { return x == t })
	m.notes = slices.DeleteFunc(m.notes, func(n note) bool { return n.t == t })
}

// Answers are the texts posted by API in reply to id.
func (m *Mastodon) Answers(id string) (out []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.posts {
		if t.viaAPI && t.replyTo == id {
			out = append(out, t.post.Text)
		}
	}
	return out
}

// Seen is who can read the text posted by API in reply to id: "public",
// "unlisted", "direct"; "" where there is none.
func (m *Mastodon) Seen(id, text string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.posts {
		if t.viaAPI && t.replyTo == id && strings.Contains(t.post.Text, text) {
			return t.visibility
		}
	}
	return ""
}

func (m *Mastodon) account(p Post) map[string]any {
	if p.Ours {
		return map[string]any{"id": "1", "username": m.Handle, "acct": m.Handle, "display_name": m.Handle}
	}
	return map[string]any{"id": "u-" + p.Handle, "username": p.Handle, "acct": p.Handle, "display_name": p.Author}
}

func (m *Mastodon) status(t *toot) map[string]any {
	s := map[string]any{"id": t.id, "created_at": stamp(t.post.At), "in_reply_to_id": nil, "in_reply_to_account_id": nil, "visibility": t.visibility,
		"language": t.post.Lang, "url": "https://social.example/@" + t.post.Handle + "/" + t.id, "uri": "https://social.example/" + t.id,
		"content": paragraphs(t.post.Text), "account": m.account(t.post), "edited_at": nil, "media_attachments": []any{}, "spoiler_text": "", "mentions": m.mentions(t)}
	if !t.edited.IsZero() {
		s["edited_at"] = stamp(t.edited)
	}
	if t.replyTo != "" {
		s["in_reply_to_id"] = t.replyTo
		if parent, ok := m.byID[t.replyTo]; ok {
			s["in_reply_to_account_id"] = m.account(parent.post)["id"]
		}
	}
	return s
}

func (m *Mastodon) mentions(t *toot) []any {
	if t.post.Mention {
		return []any{m.account(Post{Ours: true})}
	}
	return []any{}
}

func (m *Mastodon) instance(w http.ResponseWriter, _ *http.Request) {
	answer(w, 200, map[string]any{"domain": "social.example", "version": "4.3.0", "configuration": map[string]any{"statuses": map[string]any{"max_characters": m.Limit}}})
}

// newer returns what follows min_id, the newest first, a page at most: with
// min_id the page right after it, without the newest one.
func newer[T any](r *http.Request, all []T, id func(T) int, limit int) []T {
	after, _ := strconv.Atoi(r.URL.Query().Get("min_id"))
	out := slices.DeleteFunc(slices.Clone(all), func(t T) bool { return id(t) <= after })
	if after > 0 {
		out = out[:min(len(out), limit)]
	} else {
		out = out[max(0, len(out)-limit):]
	}
	slices.Reverse(out)
	return out
}

func (t *toot) number() int { n, _ := strconv.Atoi(t.id); return n }

func (m *Mastodon) notifications(w http.ResponseWriter, r *http.Request) {
	if types := r.URL.Query()["types[]"]; len(types) > 0 && !slices.Contains(types, "mention") {
		answer(w, 200, []any{})
		return
	}
	out := []any{}
	for _, n := range newer(r, m.notes, func(n note) int { return n.id }, number(r, "limit", 40, 80)) {
		out = append(out, map[string]any{"id": strconv.Itoa(n.id), "type": "mention", "created_at": stamp(n.t.post.At), "account": m.account(n.t.post), "status": m.status(n.t)})
	}
	answer(w, 200, out)
}

func (m *Mastodon) timeline(w http.ResponseWriter, r *http.Request, keep func(*toot) bool) []any {
	some := slices.DeleteFunc(slices.Clone(m.posts), func(t *toot) bool { return !keep(t) })
	out := []any{}
	for _, t := range newer(r, some, (*toot).number, number(r, "limit", 20, 40)) {
		out = append(out, m.status(t))
	}
	return out
}

func (m *Mastodon) own(w http.ResponseWriter, r *http.Request) {
	answer(w, 200, m.timeline(w, r, func(t *toot) bool { return t.post.Ours }))
}

func (m *Mastodon) tag(w http.ResponseWriter, r *http.Request) {
	tag := "#" + strings.ToLower(r.PathValue("tag"))
	answer(w, 200, m.timeline(w, r, func(t *toot) bool {
		return t.visibility == "public" && strings.Contains(strings.ToLower(t.post.Text), tag)
	}))
}

func (m *Mastodon) search(w http.ResponseWriter, r *http.Request) {
	q := strings.ToLower(r.URL.Query().Get("q"))
	found := m.timeline(w, r, func(t *toot) bool {
		return t.visibility == "public" && strings.Contains(strings.ToLower(t.post.Text), q)
	})
	answer(w, 200, map[string]any{"statuses": found, "accounts": []any{}, "hashtags": []any{}})
}

func (m *Mastodon) several(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id[]"]
	if len(ids) > 20 {
		fail(w, http.StatusUnprocessableEntity, "too many ids")
		return
	}
	out := []any{}
	for _, id := range ids {
		if t, ok := m.byID[id]; ok {
			out = append(out, m.status(t))
		}
	}
	answer(w, 200, out)
}

func (m *Mastodon) context(w http.ResponseWriter, r *http.Request) {
	t, ok := m.byID[r.PathValue("id")]
	if !ok {
		fail(w, http.StatusNotFound, "Record not found")
		return
	}
	var up []any
	for t = m.byID[t.replyTo]; t != nil; t = m.byID[t.replyTo] {
		up = append(up, m.status(t))
	}
	slices.Reverse(up)
	answer(w, 200, map[string]any{"ancestors": slices.Concat([]any{}, up), "descendants": []any{}})
}

// create is strict: an idempotency key stands for an hour; a reply needs its
// parent; too long is refused. Length as documented: of a remote handle only
// the local part, a link 23.
func (m *Mastodon) create(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		fail(w, http.StatusBadRequest, "form")
		return
	}
	key := r.Header.Get("Idempotency-Key")
	if old, ok := m.keys[key]; ok && key != "" && m.Now().Sub(old.at) < time.Hour {
		answer(w, 200, m.status(old.t))
		return
	}
	text, to := r.PostForm.Get("status"), r.PostForm.Get("in_reply_to_id")
	switch v := r.PostForm.Get("visibility"); {
	case strings.TrimSpace(text) == "":
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Text can't be blank")
		return
	case utf8.RuneCountInString(text) > m.Limit:
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Text character limit of %d exceeded", m.Limit)
		return
	case !slices.Contains([]string{"public", "unlisted", "private", "direct", ""}, v):
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Visibility is not included in the list")
		return
	}
	if _, ok := m.byID[to]; to != "" && !ok {
		fail(w, http.StatusNotFound, "Record not found")
		return
	}
	t := m.add(Post{Handle: m.Handle, Text: text, ReplyTo: to, At: m.Now(), Ours: true, Lang: r.PostForm.Get("language")}, r.PostForm.Get("visibility"), true)
	if key != "" {
		m.keys[key] = keyed{t, m.Now()}
	}
	answer(w, 200, m.status(t))
}
