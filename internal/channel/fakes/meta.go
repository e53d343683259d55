package fakes

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// Meta plays the Graph API and the webhooks of one page or one Instagram
// account, after developers.facebook.com/docs: graph-api/webhooks,
// graph-api/reference/page/feed, graph-api/reference/object/comments,
// instagram-platform/webhooks, messenger-platform/discovery/private-replies,
// graph-api/guides/error-handling.
type Meta struct {
	Token, AppSecret string
	ID               string // of the page or account
	Instagram        bool
	Now              func() time.Time

	mu       sync.Mutex
	faults   Faults
	seq      int
	comments map[string]*comment
	order    []*comment
	queue    []map[string]any // changes not yet delivered
	at       time.Time        // of the last change
	mux      *http.ServeMux
}

type comment struct {
	id, parent, message, from, name string
	at                              time.Time
	viaAPI, private, hidden         bool
	privately                       string // the private reply, one a comment
}

// NewMeta returns a page, or an Instagram account.
func NewMeta(token, secret, id string, instagram bool, now func() time.Time) *Meta {
	m := &Meta{Token: token, AppSecret: secret, ID: id, Instagram: instagram, Now: now, comments: map[string]*comment{}, mux: http.NewServeMux()}
	m.faults.expired = func(w http.ResponseWriter) {
		graphFail(w, 400, 190, "Error validating access token: Session has expired")
	}
	m.mux.HandleFunc("GET /{version}/{id}", m.signed(m.get))
	m.mux.HandleFunc("POST /{version}/{id}", m.signed(m.hide))
	m.mux.HandleFunc("GET /{version}/{id}/comments", m.signed(m.list))
	m.mux.HandleFunc("GET /{version}/{id}/replies", m.signed(m.list))
	m.mux.HandleFunc("POST /{version}/{id}/comments", m.signed(m.reply))
	m.mux.HandleFunc("POST /{version}/{id}/replies", m.signed(m.reply))
	m.mux.HandleFunc("POST /{version}/{id}/messages", m.signed(m.privately))
	return m
}

func (m *Meta) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.faults.serve(w, r, m.mux) }

// Faults makes it fail.
func (m *Meta) Faults() *Faults { return &m.faults }

func graphFail(w http.ResponseWriter, status, code int, message string) {
	answer(w, status, map[string]any{"error": map[string]any{"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2"}})
}

// signed wants the token and its proof, as an app that requires the secret.
func (m *Meta) signed(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		defer m.mu.Unlock()
		mac := hmac.New(sha256.New, []byte(m.AppSecret))
		mac.Write([]byte(m.Token))
		switch {
		case r.Header.Get("Authorization") != "Bearer "+m.Token:
			graphFail(w, 401, 190, "Invalid OAuth access token.")
		case r.URL.Query().Get("appsecret_proof") != hex.EncodeToString(mac.Sum(nil)):
			graphFail(w, 400, 100, "Invalid appsecret_proof provided in the API argument")
		default:
			h(w, r)
		}
	}
}

// Write comments as people do, and tells the webhook.
func (m *Meta) Write(p Post) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := p.Author
	if m.Instagram {
		name = p.Handle
	}
	c := m.add(p.ReplyTo, p.Text, "u-"+p.Handle, name, p.At)
	if p.Ours {
		c.from, c.name = m.ID, "Voorbeeld"
	}
	m.tell(c, "add", p.At)
	return c.id
}

func (m *Meta) add(parent, text, from, name string, at time.Time) *comment {
	m.seq++
	c := &comment{id: fmt.Sprintf("1789%06d", m.seq), parent: parent, message: text, from: from, name: name, at: at}
	if !m.Instagram {
		c.id = "88001_" + c.id
	}
	if top, ok := m.comments[parent]; ok && top.parent != "" {
		c.parent = top.parent // two levels, no more
	}
	m.comments[c.id] = c
	m.order = append(m.order, c)
	return c
}

func (m *Meta) tell(c *comment, verb string, at time.Time) {
	m.at = at
	if m.Instagram {
		v := map[string]any{"id": c.id, "text": c.message, "from": map[string]any{"id": c.from, "username": c.name}, "media": map[string]any{"id": "1790001", "media_product_type": "FEED"}}
		if c.parent != "" {
			v["parent_id"] = c.parent
		}
		if verb == "add" {
			m.queue = append(m.queue, map[string]any{"field": "comments", "value": v})
		}
		return
	}
	v := map[string]any{"item": "comment", "verb": verb, "comment_id": c.id, "post_id": m.ID + "_88001", "parent_id": m.ID + "_88001", "created_time": c.at.Unix(),
		"from": map[string]any{"id": c.from, "name": c.name}, "post": map[string]any{"permalink_url": "https://www.facebook.com/voorbeeld/posts/88001", "id": m.ID + "_88001"}}
	if verb != "remove" {
		v["message"] = c.message
	}
	if c.parent != "" {
		v["parent_id"] = c.parent
	}
	m.queue = append(m.queue, map[string]any{"field": "feed", "value": v})
}

// Edit changes a comment.
func (m *Meta) Edit(id, text string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.comments[id].message = text
	m.tell(m.comments[id], "edited", at)
}

// Delete removes a comment.
func (m *Meta) Delete(id string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tell(m.comments[id], "remove", at)
	m.order = slices.DeleteFunc(m.order, func(c *comment) bool { return c.id == id })
	delete(m.comments, id)
}

// Answers are the texts posted by API under a comment, the private one last.
func (m *Meta) Answers(id string) (out []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.viaAPI && c.parent == id {
			out = append(out, c.message)
		}
	}
	if c := m.comments[id]; c != nil && c.privately != "" {
		out = append(out, c.privately)
	}
	return out
}

// Deliveries bundles what happened as Meta does: up to a thousand changes in
// one delivery, signed over the bytes as sent, other letters than ASCII escaped.
func (m *Meta) Deliveries() (out []Delivery) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.queue) > 0 {
		n := min(len(m.queue), 3)
		out = append(out, m.sign(m.queue[:n]))
		m.queue = m.queue[n:]
	}
	return out
}

func (m *Meta) sign(changes []map[string]any) Delivery {
	object, at := "page", m.at.UnixMilli()
	if m.Instagram {
		object, at = "instagram", m.at.Unix()
	}
	raw, _ := json.Marshal(map[string]any{"object": object, "entry": []any{map[string]any{"id": m.ID, "time": at, "changes": changes}}})
	plain := escaped(string(raw))
	mac := hmac.New(sha256.New, []byte(m.AppSecret))
	mac.Write([]byte(plain))
	return Delivery{Header: http.Header{"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}}, Body: []byte(plain)}
}

// escaped is JSON in ASCII alone: other letters as \uXXXX, those above 16 bits
// as a pair.
func escaped(raw string) string {
	var b strings.Builder
	for _, r := range raw {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	return b.String()
}

func (m *Meta) found(w http.ResponseWriter, r *http.Request) *comment {
	c, ok := m.comments[r.PathValue("id")]
	if !ok {
		graphFail(w, 400, 100, "Unsupported get request. Object with ID does not exist")
		return nil
	}
	return c
}

func graphTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05-0700") }

func (m *Meta) get(w http.ResponseWriter, r *http.Request) {
	c := m.found(w, r)
	if c == nil {
		return
	}
	v := map[string]any{"id": c.id}
	for _, f := range strings.Split(r.URL.Query().Get("fields"), ",") {
		switch {
		case f == "created_time" && !m.Instagram, f == "timestamp" && m.Instagram:
			v[f] = graphTime(c.at)
		case f == "can_reply_privately" && !m.Instagram:
			v[f] = c.privately == "" && m.Now().Sub(c.at) < 7*24*time.Hour
		case f != "id":
			graphFail(w, 400, 100, "(#100) Tried accessing nonexisting field ("+f+")")
			return
		}
	}
	answer(w, 200, v)
}

func (m *Meta) list(w http.ResponseWriter, r *http.Request) {
	if m.found(w, r) == nil {
		return
	}
	out := []any{}
	for _, c := range m.order {
		if c.parent != r.PathValue("id") || c.private {
			continue
		}
		if m.Instagram {
			out = append(out, map[string]any{"id": c.id, "text": c.message, "timestamp": graphTime(c.at), "from": map[string]any{"id": c.from, "username": c.name}})
		} else {
			out = append(out, map[string]any{"id": c.id, "message": c.message, "created_time": graphTime(c.at), "from": map[string]any{"id": c.from, "name": c.name}})
		}
	}
	answer(w, 200, map[string]any{"data": out, "paging": map[string]any{}})
}

func (m *Meta) reply(w http.ResponseWriter, r *http.Request) {
	c := m.found(w, r)
	if c == nil {
		return
	}
	if edge := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; (edge == "replies") != m.Instagram {
		graphFail(w, 400, 100, "Unsupported post request")
		return
	}
	text := r.FormValue("message")
	if text == "" || len([]rune(text)) > 8000 || (m.Instagram && len([]rune(text)) > 2200) {
		graphFail(w, 400, 100, "(#100) Param message is not valid")
		return
	}
	own := m.add(c.id, text, m.ID, "Voorbeeld", m.Now())
	own.viaAPI = true
	m.tell(own, "add", m.Now())
	answer(w, 200, map[string]any{"id": own.id})
}

// privately takes one private reply a comment, within seven days.
func (m *Meta) privately(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Recipient struct {
			CommentID string `json:"comment_id"`
		} `json:"recipient"`
		Message struct{ Text string } `json:"message"`
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	c := m.comments[in.Recipient.CommentID]
	switch {
	case err != nil || c == nil || r.PathValue("id") != m.ID:
		graphFail(w, 400, 100, "(#100) No matching comment")
	case m.Now().Sub(c.at) >= 7*24*time.Hour:
		graphFail(w, 400, 10903, "(#10903) This user can't reply to this activity")
	case c.privately != "":
		graphFail(w, 400, 10900, "(#10900) Activity already replied to")
	default:
		c.privately = in.Message.Text
		answer(w, 200, map[string]any{"recipient_id": c.from, "message_id": "m_" + c.id})
	}
}

func (m *Meta) hide(w http.ResponseWriter, r *http.Request) {
	c := m.found(w, r)
	field := map[bool]string{true: "hide", false: "is_hidden"}[m.Instagram]
	if c == nil || r.FormValue(field) == "" {
		return
	}
	c.hidden = r.FormValue(field) == "true"
	answer(w, 200, map[string]any{"success": true})
}

// Privately is the private reply to a comment, "" for none.
func (m *Meta) Privately(id string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.comments[id].privately
}

// Hidden reports whether a comment is hidden.
func (m *Meta) Hidden(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.comments[id].hidden
}
