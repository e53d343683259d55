package fakes

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Trustpilot plays the private API of one business unit and its webhook, after
// developers.trustpilot.com: authentication (client credentials), service
// reviews API (private), webhooks.
type Trustpilot struct {
	Key, Secret string
	HookSecret  string // the password in the webhook's address
	Unit        string
	Now         func() time.Time

	mu      sync.Mutex
	faults  Faults
	seq     int
	token   string
	until   time.Time
	reviews map[string]*review
	queue   []Delivery
	mux     *http.ServeMux
}

type review struct {
	id, text, title string
	stars           int
	consumer, name  string
	at, updated     time.Time
	reply           string
	replied         time.Time
	viaAPI          bool
}

// NewTrustpilot returns a business unit without reviews.
func NewTrustpilot(key, secret, hookSecret, unit string, now func() time.Time) *Trustpilot {
	p := &Trustpilot{Key: key, Secret: secret, HookSecret: hookSecret, Unit: unit, Now: now, reviews: map[string]*review{}, mux: http.NewServeMux()}
	p.faults.expired = func(w http.ResponseWriter) {
		answer(w, 401, map[string]any{"message": "Invalid access token", "errorCode": 1006})
	}
	p.mux.HandleFunc("POST /v1/oauth/oauth-business-users-for-applications/accesstoken", p.issue)
	p.mux.HandleFunc("GET /v1/private/reviews/{id}", p.signed(p.get))
	p.mux.HandleFunc("POST /v1/private/reviews/{id}/reply", p.signed(p.answer))
	return p
}

func (p *Trustpilot) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.faults.serve(w, r, p.mux) }

// Faults makes it fail.
func (p *Trustpilot) Faults() *Faults { return &p.faults }

func (p *Trustpilot) issue(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if key, secret, ok := r.BasicAuth(); !ok || key != p.Key || secret != p.Secret || r.FormValue("grant_type") != "client_credentials" {
		answer(w, 401, map[string]any{"message": "Invalid API Key"})
		return
	}
	p.seq++
	p.token, p.until = fmt.Sprintf("tp-token-%d", p.seq), p.Now().Add(100*time.Hour)
	answer(w, 200, map[string]any{"access_token": p.token, "token_type": "BearerToken", "expires_in": "359999"})
}

func (p *Trustpilot) signed(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.token == "" || r.Header.Get("Authorization") != "Bearer "+p.token || !p.Now().Before(p.until) {
			p.faults.expired(w)
			return
		}
		h(w, r)
	}
}

// Write reviews as a consumer, and tells the webhook. Colleagues reply.
func (p *Trustpilot) Write(post Post) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v, ok := p.reviews[post.ReplyTo]; ok && post.Ours {
		v.reply, v.replied = post.Text, post.At
		return v.id + "/reply"
	}
	p.seq++
	v := &review{id: fmt.Sprintf("65f1c0ffee%06d", p.seq), text: post.Text, title: "Ervaring", stars: max(post.Stars, 1), consumer: "c-" + post.Handle, name: post.Author, at: post.At}
	if post.Ours {
		return v.id // a company reviews nobody
	}
	p.reviews[v.id] = v
	p.tell("service-review-created", v)
	return v.id
}

// Edit changes a review.
func (p *Trustpilot) Edit(id, text string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reviews[id].text, p.reviews[id].updated = text, at
	p.tell("service-review-updated", p.reviews[id])
}

// Delete removes a review.
func (p *Trustpilot) Delete(id string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell("service-review-deleted", p.reviews[id])
	delete(p.reviews, id)
}

// Answers is the reply posted by API, one at most.
func (p *Trustpilot) Answers(id string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v, ok := p.reviews[id]; ok && v.viaAPI {
		return []string{v.reply}
	}
	return nil
}

func (p *Trustpilot) tell(name string, v *review) {
	data := map[string]any{"id": v.id, "language": "nl", "title": v.title, "text": v.text, "stars": v.stars, "createdAt": stamp(v.at), "link": "https://www.trustpilot.com/reviews/" + v.id,
		"isVerified": true, "businessUnitId": p.Unit, "consumer": map[string]any{"id": v.consumer, "name": v.name}}
	if !v.updated.IsZero() {
		data["updatedAt"] = stamp(v.updated)
	}
	body, err := json.Marshal(map[string]any{"events": []any{map[string]any{"eventName": name, "version": "1.0.0", "eventData": data}}})
	if err != nil {
		panic(err) // strings, numbers and maps of them
	}
	r, err := http.NewRequest(http.MethodPost, "https://us.example/hooks/trustpilot", strings.NewReader(""))
	if err != nil {
		panic(err)
	}
	r.SetBasicAuth("trustpilot", p.HookSecret)
	p.queue = append(p.queue, Delivery{Header: r.Header, Body: body})
}

// Deliveries are those made since it was asked last.
func (p *Trustpilot) Deliveries() []Delivery {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.queue
	p.queue = nil
	return out
}

func (p *Trustpilot) get(w http.ResponseWriter, r *http.Request) {
	v, ok := p.reviews[r.PathValue("id")]
	if !ok {
		answer(w, 404, map[string]any{"message": "Review not found"})
		return
	}
	out := map[string]any{"id": v.id, "stars": v.stars, "title": v.title, "text": v.text, "companyReply": nil}
	if v.reply != "" {
		out["companyReply"] = map[string]any{"text": v.reply, "createdAt": stamp(v.replied)}
	}
	answer(w, 200, out)
}

// answer takes one reply; another one replaces it.
func (p *Trustpilot) answer(w http.ResponseWriter, r *http.Request) {
	var in struct{ AuthorBusinessUserID, Message string }
	v, ok := p.reviews[r.PathValue("id")]
	switch {
	case !ok:
		answer(w, 404, map[string]any{"message": "Review not found"})
	case json.NewDecoder(r.Body).Decode(&in) != nil || in.Message == "" || in.AuthorBusinessUserID == "" || utf8.RuneCountInString(in.Message) > 4096:
		answer(w, 400, map[string]any{"message": "Invalid request"})
	default:
		v.reply, v.replied, v.viaAPI = in.Message, p.Now(), true
		w.WriteHeader(http.StatusCreated)
	}
}
