package fakes

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Bluesky plays a PDS with the AppView behind it, after docs.bsky.app (the
// lexicons com.atproto.server, com.atproto.repo, app.bsky.notification,
// app.bsky.feed) and atproto.com/specs/tid, /specs/xrpc.
type Bluesky struct {
	Handle, Password string
	Now              func() time.Time

	mu       sync.Mutex
	faults   Faults
	posts    []*skeet
	byURI    map[string]*skeet
	notes    []*skeet
	seq      int
	access   string
	until    time.Time // of the access token
	refresh  string
	Sessions int // created, not refreshed
	mux      *http.ServeMux
}

type skeet struct {
	uri, cid, did, handle, name string
	record                      map[string]any
	reason                      string
	indexed                     time.Time
	viaAPI                      bool
}

// NewBluesky returns a server with the brand's account.
func NewBluesky(handle, password string, now func() time.Time) *Bluesky {
	b := &Bluesky{Handle: handle, Password: password, Now: now, byURI: map[string]*skeet{}, mux: http.NewServeMux()}
	b.faults.expired = func(w http.ResponseWriter) { xfail(w, 400, "ExpiredToken", "Token has expired") }
	b.mux.HandleFunc("POST /xrpc/com.atproto.server.createSession", b.locked(b.createSession))
	b.mux.HandleFunc("POST /xrpc/com.atproto.server.refreshSession", b.locked(b.refreshSession))
	b.mux.HandleFunc("GET /xrpc/app.bsky.notification.listNotifications", b.signed(b.notifications))
	b.mux.HandleFunc("GET /xrpc/app.bsky.feed.getAuthorFeed", b.signed(b.authorFeed))
	b.mux.HandleFunc("GET /xrpc/app.bsky.feed.searchPosts", b.signed(b.search))
	b.mux.HandleFunc("GET /xrpc/app.bsky.feed.getPosts", b.signed(b.getPosts))
	b.mux.HandleFunc("GET /xrpc/com.atproto.repo.getRecord", b.locked(b.getRecord))
	b.mux.HandleFunc("GET /xrpc/com.atproto.identity.resolveHandle", b.locked(b.resolve))
	b.mux.HandleFunc("POST /xrpc/com.atproto.repo.createRecord", b.signed(b.createRecord))
	return b
}

func (b *Bluesky) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.faults.serve(w, r, b.mux) }

// Faults makes it fail.
func (b *Bluesky) Faults() *Faults { return &b.faults }

func (b *Bluesky) did() string { return did(b.Handle) }

func did(handle string) string {
	return "did:plc:" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '2' && r <= '7' {
			return r
		}
		return '2'
	}, strings.ToLower(handle))
}

func xfail(w http.ResponseWriter, code int, name, message string) {
	answer(w, code, map[string]string{"error": name, "message": message})
}

func (b *Bluesky) locked(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		h(w, r)
	}
}

// signed lets in whoever has a valid access token; they last two hours.
func (b *Bluesky) signed(h http.HandlerFunc) http.HandlerFunc {
	return b.locked(func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case token == "":
			xfail(w, 401, "AuthMissing", "Authentication Required")
		case token != b.access || b.access == "":
			xfail(w, 400, "InvalidToken", "Token could not be verified")
		case !b.Now().Before(b.until):
			xfail(w, 400, "ExpiredToken", "Token has expired")
		default:
			h(w, r)
		}
	})
}

func (b *Bluesky) session(w http.ResponseWriter) {
	b.seq++
	b.access, b.refresh, b.until = fmt.Sprintf("access-%d-secretsecret", b.seq), fmt.Sprintf("refresh-%d-secretsecret", b.seq), b.Now().Add(2*time.Hour)
	answer(w, 200, map[string]any{"accessJwt": b.access, "refreshJwt": b.refresh, "did": b.did(), "handle": b.Handle, "active": true})
}

// createSession allows 30 in five minutes and 300 a day; the fake allows 300.
func (b *Bluesky) createSession(w http.ResponseWriter, r *http.Request) {
	var in struct{ Identifier, Password string }
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Identifier != b.Handle || in.Password != b.Password {
		xfail(w, 401, "AuthenticationRequired", "Invalid identifier or password")
		return
	}
	if b.Sessions++; b.Sessions > 300 {
		xfail(w, 429, "RateLimitExceeded", "Rate Limit Exceeded")
		return
	}
	b.session(w)
}

// refreshSession takes a refresh token once.
func (b *Bluesky) refreshSession(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+b.refresh || b.refresh == "" {
		xfail(w, 400, "ExpiredToken", "Token has been revoked")
		return
	}
	b.session(w)
}

// Write posts as people do.
func (b *Bluesky) Write(p Post) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	handle := p.Handle
	if p.Ours {
		handle = b.Handle
	}
	rec := map[string]any{"$type": "app.bsky.feed.post", "text": p.Text, "createdAt": stamp(p.At), "langs": []string{p.Lang}}
	if parent, ok := b.byURI[p.ReplyTo]; ok {
		rec["reply"] = map[string]any{"root": parent.root(), "parent": parent.ref()}
	}
	b.seq++
	s := b.put(did(handle), handle, p.Author, fmt.Sprintf("3k%011s", strings.Map(tidDigit, fmt.Sprint(b.seq))), rec)
	if p.Mention && !p.Ours {
		s.reason = "mention"
		if p.ReplyTo != "" {
			s.reason = "reply"
		}
		b.notes = append(b.notes, s)
	}
	return s.uri
}

func tidDigit(r rune) rune { return rune("abcdefghij"[r-'0']) }

func (b *Bluesky) put(did, handle, name, rkey string, rec map[string]any) *skeet {
	rkey = strings.ReplaceAll(rkey, " ", "2")
	b.seq++
	s := &skeet{uri: "at://" + did + "/app.bsky.feed.post/" + rkey, cid: fmt.Sprintf("bafyrei%d", b.seq), did: did, handle: handle, name: name, record: rec, indexed: b.Now()}
	b.posts = append(b.posts, s)
	b.byURI[s.uri] = s
	return s
}

func (s *skeet) ref() map[string]any { return map[string]any{"uri": s.uri, "cid": s.cid} }

func (s *skeet) root() any {
	if r, ok := s.record["reply"].(map[string]any); ok {
		return r["root"]
	}
	return s.ref()
}

// Edit rewrites the record: the app cannot, other programs can.
func (b *Bluesky) Edit(id, text string, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.byURI[id]
	b.seq++
	s.record["text"], s.cid, s.indexed = text, fmt.Sprintf("bafyrei%d", b.seq), at
}

// Delete removes a post.
func (b *Bluesky) Delete(id string, _ time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.byURI[id]
	delete(b.byURI, id)
	b.posts = slices.DeleteFunc(b.posts, func(x *skeet) bool { return x == s })
	b.notes = slices.DeleteFunc(b.notes, func(x *skeet) bool { return x == s })
}

// Answers are the texts created by API with the post as parent.
func (b *Bluesky) Answers(id string) (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.posts {
		r, _ := s.record["reply"].(map[string]any)
		parent, _ := r["parent"].(map[string]any)
		if s.viaAPI && parent["uri"] == id {
			out = append(out, s.record["text"].(string))
		}
	}
	return out
}

func (s *skeet) view() map[string]any {
	return map[string]any{"uri": s.uri, "cid": s.cid, "author": map[string]any{"did": s.did, "handle": s.handle, "displayName": s.name}, "record": s.record, "indexedAt": stamp(s.indexed)}
}

// listed answers a page of posts, the newest first.
func listed(w http.ResponseWriter, r *http.Request, name string, some []*skeet, view func(*skeet) any) {
	limit, from := number(r, "limit", 50, 100), 0
	if c := r.URL.Query().Get("cursor"); c != "" {
		if _, err := fmt.Sscanf(c, "n%d", &from); err != nil || from > len(some) {
			xfail(w, 400, "InvalidRequest", "cursor")
			return
		}
		from = len(some) - from // cursors count from the oldest: they stay when posts are added
	}
	page := slices.Clone(some)
	slices.Reverse(page)
	page = page[min(from, len(page)):]
	out, views := map[string]any{}, []any{}
	for _, s := range page[:min(limit, len(page))] {
		views = append(views, view(s))
	}
	if len(page) > limit {
		out["cursor"] = fmt.Sprintf("n%d", len(some)-from-limit)
	}
	out[name] = views
	answer(w, 200, out)
}

func (b *Bluesky) notifications(w http.ResponseWriter, r *http.Request) {
	listed(w, r, "notifications", b.notes, func(s *skeet) any {
		v := s.view()
		v["reason"], v["isRead"] = s.reason, false
		return v
	})
}

func (b *Bluesky) authorFeed(w http.ResponseWriter, r *http.Request) {
	actor := r.URL.Query().Get("actor")
	some := slices.DeleteFunc(slices.Clone(b.posts), func(s *skeet) bool { return s.did != actor && s.handle != actor })
	listed(w, r, "feed", some, func(s *skeet) any { return map[string]any{"post": s.view()} })
}

func (b *Bluesky) search(w http.ResponseWriter, r *http.Request) {
	q := strings.ToLower(r.URL.Query().Get("q"))
	some := slices.DeleteFunc(slices.Clone(b.posts), func(s *skeet) bool { return !strings.Contains(strings.ToLower(s.record["text"].(string)), q) })
	listed(w, r, "posts", some, func(s *skeet) any { return s.view() })
}

func (b *Bluesky) getPosts(w http.ResponseWriter, r *http.Request) {
	uris := r.URL.Query()["uris"]
	if len(uris) == 0 || len(uris) > 25 {
		xfail(w, 400, "InvalidRequest", "uris must have 1 to 25 elements")
		return
	}
	out := []any{}
	for _, u := range uris {
		if s, ok := b.byURI[u]; ok {
			out = append(out, s.view())
		}
	}
	answer(w, 200, map[string]any{"posts": out})
}

func (b *Bluesky) getRecord(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s, ok := b.byURI["at://"+q.Get("repo")+"/"+q.Get("collection")+"/"+q.Get("rkey")]
	if !ok {
		xfail(w, 400, "RecordNotFound", "Could not locate record")
		return
	}
	answer(w, 200, map[string]any{"uri": s.uri, "cid": s.cid, "value": s.record})
}

func (b *Bluesky) resolve(w http.ResponseWriter, r *http.Request) {
	answer(w, 200, map[string]string{"did": did(r.URL.Query().Get("handle"))})
}

var tidForm = regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)

type skeetRecord struct {
	Type      string   `json:"$type"`
	Text      string   `json:"text"`
	CreatedAt string   `json:"createdAt"`
	Langs     []string `json:"langs"`
	Reply     *struct {
		Root, Parent struct{ URI, CID string }
	} `json:"reply"`
	Facets []struct {
		Index struct {
			ByteStart, ByteEnd int
		} `json:"index"`
		Features []map[string]any `json:"features"`
	} `json:"facets"`
}

// createRecord is strict as the lexicon is: key, times, lengths, references,
// offsets; and a key is taken once.
func (b *Bluesky) createRecord(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Repo, Collection, Rkey string
		Record                 json.RawMessage
	}
	var rec skeetRecord
	if json.NewDecoder(r.Body).Decode(&in) != nil || json.Unmarshal(in.Record, &rec) != nil {
		xfail(w, 400, "InvalidRequest", "Input must be JSON")
		return
	}
	uri := "at://" + in.Repo + "/" + in.Collection + "/" + in.Rkey
	if why := b.refuses(in.Repo, in.Collection, in.Rkey, rec); why != "" {
		xfail(w, 400, "InvalidRequest", why)
		return
	}
	if _, taken := b.byURI[uri]; taken {
		xfail(w, 500, "InternalServerError", "Internal Server Error") // what the tree of a repository answers
		return
	}
	var raw map[string]any
	_ = json.Unmarshal(in.Record, &raw)
	s := b.put(b.did(), b.Handle, b.Handle, in.Rkey, raw)
	s.viaAPI = true
	answer(w, 200, map[string]any{"uri": s.uri, "cid": s.cid, "validationStatus": "valid"})
}

func (b *Bluesky) refuses(repo, collection, rkey string, rec skeetRecord) string {
	_, err := time.Parse(time.RFC3339, rec.CreatedAt)
	switch {
	case repo != b.did():
		return "repo is not the account's"
	case collection != "app.bsky.feed.post" || rec.Type != collection:
		return "Invalid $type"
	case !tidForm.MatchString(rkey):
		return "Invalid record key for collection: expected a tid"
	case err != nil:
		return "Record/createdAt must be a valid datetime"
	case uniseg.GraphemeClusterCount(rec.Text) > 300 || len(rec.Text) > 3000:
		return "Record/text must not be longer than 300 graphemes"
	}
	if rec.Reply != nil {
		parent, ok := b.byURI[rec.Reply.Parent.URI]
		if rec.Reply.Parent.CID == "" || rec.Reply.Root.CID == "" || rec.Reply.Root.URI == "" {
			return "Record/reply must have the property cid"
		}
		if ok && parent.root().(map[string]any)["uri"] != rec.Reply.Root.URI {
			return "Record/reply has the wrong root" // the real one shows such a reply nowhere
		}
	}
	for _, f := range rec.Facets {
		s, e := f.Index.ByteStart, f.Index.ByteEnd
		if s < 0 || e <= s || e > len(rec.Text) || len(f.Features) == 0 || !utf8.RuneStart(rec.Text[s]) || (e < len(rec.Text) && !utf8.RuneStart(rec.Text[e])) {
			return "Record/facets has an invalid index"
		}
	}
	return ""
}
