package fakes

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Google plays the reviews of one Business Profile location and its OAuth
// server, after developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews
// and developers.google.com/identity/protocols/oauth2.
type Google struct {
	ClientID, Secret, Refresh string
	Location                  string
	Held                      bool // replies wait for Google's review
	Now                       func() time.Time

	mu      sync.Mutex
	faults  Faults
	seq     int
	token   string
	until   time.Time
	reviews []*gReview
	mux     *http.ServeMux
}

type gReview struct {
	id           string
	post         Post
	updated      time.Time
	reply, state string
	replied      time.Time
	viaAPI       bool
}

// NewGoogle returns a location without reviews.
func NewGoogle(client, secret, refresh, location string, now func() time.Time) *Google {
	g := &Google{ClientID: client, Secret: secret, Refresh: refresh, Location: location, Now: now, mux: http.NewServeMux()}
	g.faults.expired = func(w http.ResponseWriter) {
		answer(w, 401, map[string]any{"error": map[string]any{"code": 401, "message": "Request had invalid authentication credentials: expired token.", "status": "UNAUTHENTICATED"}})
	}
	g.mux.HandleFunc("POST /token", g.issue)
	base := " /v4/" + location + "/reviews"
	g.mux.HandleFunc("GET"+base, g.signed(g.list))
	g.mux.HandleFunc("GET"+base+"/{id}", g.signed(g.get))
	g.mux.HandleFunc("PUT"+base+"/{id}/reply", g.signed(g.put))
	return g
}

func (g *Google) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.faults.serve(w, r, g.mux) }

// Faults makes it fail.
func (g *Google) Faults() *Faults { return &g.faults }

func (g *Google) issue(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.FormValue("grant_type") != "refresh_token" || r.FormValue("client_id") != g.ClientID || r.FormValue("client_secret") != g.Secret || r.FormValue("refresh_token") != g.Refresh {
		answer(w, 400, map[string]string{"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
		return
	}
	g.seq++
	g.token, g.until = fmt.Sprintf("ya29.google-token-%d", g.seq), g.Now().Add(time.Hour)
	answer(w, 200, map[string]any{"access_token": g.token, "expires_in": 3599, "token_type": "Bearer"})
}

func (g *Google) signed(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.token == "" || r.Header.Get("Authorization") != "Bearer "+g.token || !g.Now().Before(g.until) {
			g.faults.expired(w)
			return
		}
		h(w, r)
	}
}

func (g *Google) find(id string) *gReview {
	for _, v := range g.reviews {
		if v.id == id {
			return v
		}
	}
	return nil
}

// Write reviews as a customer; a colleague replies in the profile.
func (g *Google) Write(p Post) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seq++
	id := fmt.Sprintf("AbFvOq%06d", g.seq)
	if p.Ours {
		if v := g.find(p.ReplyTo); v != nil {
			v.reply, v.replied, v.state = p.Text, p.At, "APPROVED"
		}
		return id
	}
	g.reviews = append(g.reviews, &gReview{id: id, post: p, updated: p.At})
	return id
}

// Edit changes a review.
func (g *Google) Edit(id, text string, at time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.find(id)
	v.post.Text, v.updated = text, at
}

// Delete removes a review.
func (g *Google) Delete(id string, _ time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reviews = slices.DeleteFunc(g.reviews, func(v *gReview) bool { return v.id == id })
}

// Reject takes down the reply to a review that Google held.
func (g *Google) Reject(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.find(id).state = "REJECTED"
}

// Answers is the reply put by API, one at most.
func (g *Google) Answers(id string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if v := g.find(id); v != nil && v.viaAPI {
		return []string{v.reply}
	}
	return nil
}

func (v *gReview) view(location string) map[string]any {
	stars := []string{"ONE", "ONE", "TWO", "THREE", "FOUR", "FIVE"}[min(max(v.post.Stars, 0), 5)]
	out := map[string]any{"name": location + "/reviews/" + v.id, "reviewId": v.id, "reviewer": map[string]any{"displayName": v.post.Author}, "starRating": stars,
		"createTime": stamp(v.post.At), "updateTime": stamp(v.updated)}
	if v.post.Text != "" {
		out["comment"] = v.post.Text
	}
	if v.reply != "" {
		out["reviewReply"] = v.answer()
	}
	return out
}

func (v *gReview) answer() map[string]any {
	return map[string]any{"comment": v.reply, "updateTime": stamp(v.replied), "reviewReplyState": v.state}
}

// list pages by a token that counts from the oldest.
func (g *Google) list(w http.ResponseWriter, r *http.Request) {
	all := slices.Clone(g.reviews)
	slices.SortStableFunc(all, func(a, b *gReview) int { return b.updated.Compare(a.updated) })
	from, size := 0, number(r, "pageSize", 50, 50)
	if t := r.URL.Query().Get("pageToken"); t != "" {
		var left int
		if _, err := fmt.Sscanf(t, "left-%d", &left); err != nil || left > len(all) {
			answer(w, 400, map[string]any{"error": map[string]any{"code": 400, "message": "Request contains an invalid argument."}})
			return
		}
		from = len(all) - left
	}
	out, views := map[string]any{"totalReviewCount": len(all)}, []any{}
	for _, v := range all[from:min(len(all), from+size)] {
		views = append(views, v.view(g.Location))
	}
	out["reviews"] = views
	if from+size < len(all) {
		out["nextPageToken"] = fmt.Sprintf("left-%d", len(all)-from-size)
	}
	answer(w, 200, out)
}

func gFail(w http.ResponseWriter, code int, message string) {
	answer(w, code, map[string]any{"error": map[string]any{"code": code, "message": message}})
}

func (g *Google) get(w http.ResponseWriter, r *http.Request) {
	v := g.find(r.PathValue("id"))
	if v == nil {
		gFail(w, 404, "Requested entity was not found.")
		return
	}
	answer(w, 200, v.view(g.Location))
}

// put is strict: the reply has at most 4,096 bytes.
func (g *Google) put(w http.ResponseWriter, r *http.Request) {
	var in struct{ Comment string }
	v := g.find(r.PathValue("id"))
	switch err := json.NewDecoder(r.Body).Decode(&in); {
	case v == nil:
		gFail(w, 404, "Requested entity was not found.")
	case err != nil || in.Comment == "" || len(in.Comment) > 4096:
		gFail(w, 400, "Request contains an invalid argument.")
	default:
		v.reply, v.replied, v.state, v.viaAPI = in.Comment, g.Now(), "APPROVED", true
		if g.Held {
			v.state = "PENDING"
		}
		answer(w, 200, v.answer())
	}
}
