package meta

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Account is one page or Instagram account of one brand.
type Account struct {
	Brand, Channel string
	Instagram      bool
	ID             string
}

// Hook takes the deliveries of one app, for all accounts that subscribed it.
type Hook struct {
	AppSecret   string
	VerifyToken string
	Accounts    []Account
}

// Greet answers the check that Meta makes of the callback.
func (h *Hook) Greet(r *http.Request) (string, error) {
	q := r.URL.Query()
	if q.Get("hub.mode") != "subscribe" || h.VerifyToken == "" || subtle.ConstantTimeCompare([]byte(q.Get("hub.verify_token")), []byte(h.VerifyToken)) != 1 {
		return "", webcare.Forbiddenf("the verify token is not ours")
	}
	return plain.Clip(plain.Line(q.Get("hub.challenge")), 200), nil
}

type delivery struct {
	Object string `json:"object"`
	Entry  []struct {
		ID      string `json:"id"`
		Time    int64  `json:"time"` // seconds, or milliseconds for pages
		Changes []struct {
			Field string `json:"field"`
			Value value  `json:"value"`
		} `json:"changes"`
	} `json:"entry"`
}

type value struct {
	Item        string `json:"item"`
	Verb        string `json:"verb"`
	CommentID   string `json:"comment_id"`
	PostID      string `json:"post_id"`
	ParentID    string `json:"parent_id"`
	Message     string `json:"message"`
	CreatedTime int64  `json:"created_time"`
	Photo       string `json:"photo"`
	Video       string `json:"video"`
	From        struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"from"`
	Post struct {
		PermalinkURL string `json:"permalink_url"`
	} `json:"post"`
	// Instagram
	ID    string `json:"id"`
	Text  string `json:"text"`
	Media struct {
		ID string `json:"id"`
	} `json:"media"`
}

// Decode verifies a delivery and returns its comments and visitors' posts.
func (h *Hook) Decode(header http.Header, body []byte) ([]channel.Item, error) {
	mac := hmac.New(sha256.New, []byte(h.AppSecret))
	mac.Write(body)
	sent, err := hex.DecodeString(strings.TrimPrefix(header.Get("X-Hub-Signature-256"), "sha256="))
	if err != nil || h.AppSecret == "" || !hmac.Equal(sent, mac.Sum(nil)) {
		return nil, webcare.Forbiddenf("the signature is not Meta's")
	}
	var d delivery
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, webcare.Invalidf("a delivery that is not the JSON it should be")
	}
	var out []channel.Item
	for _, e := range d.Entry {
		a, ok := h.account(d.Object, e.ID)
		if !ok {
			continue // an account that no brand file names
		}
		at := time.Unix(e.Time, 0)
		if e.Time > 1e11 {
			at = time.UnixMilli(e.Time)
		}
		for _, c := range e.Changes {
			if it, ok := a.item(c.Field, c.Value, at.UTC()); ok {
				out = append(out, it)
			}
		}
	}
	return out, nil
}

func (h *Hook) account(object, id string) (Account, bool) {
	for _, a := range h.Accounts {
		if a.ID == id && a.Instagram == (object == "instagram") && (object == "instagram" || object == "page") {
			return a, true
		}
	}
	return Account{}, false
}

func (a Account) item(field string, v value, at time.Time) (channel.Item, bool) {
	switch {
	case a.Instagram && field == "comments" && v.ID != "":
		return a.comment(v.ID, v.ParentID, "", plain.Text(v.Text), "@"+v.From.Username, v.From.Username, v, at, at), true
	case a.Instagram || field != "feed":
		return channel.Item{}, false
	}
	id, parent := v.CommentID, v.ParentID
	switch v.Item {
	case "comment":
		if parent == v.PostID {
			parent = ""
		}
	case "post", "status", "photo", "video": // a visitor's post on the page
		id, parent = v.PostID, ""
		if v.From.ID == a.ID {
			return channel.Item{}, false
		}
	}
	posted := at
	if v.CreatedTime > 0 {
		posted = time.Unix(v.CreatedTime, 0).UTC()
	}
	it := a.comment(id, parent, v.Post.PermalinkURL, plain.Text(v.Message), v.From.ID, v.From.Name, v, posted, at)
	switch v.Verb {
	case "add":
	case "edited", "edit":
		it.Message.Revision = channel.EditedAt(at)
	case "remove":
		it = channel.Deleted(it.Message)
	default: // hide, unhide, like: nobody said anything
		return it, false
	}
	return it, id != ""
}

// comment makes a message. handle is how the platform names the author for
// sure: by id on Facebook, by name on Instagram.
func (a Account) comment(id, parent, url, text, handle, name string, v value, posted, _ time.Time) channel.Item {
	m := webcare.Message{Key: webcare.Key{Channel: a.Channel, ExternalID: id}, Brand: a.Brand, Thread: id, Ours: v.From.ID == a.ID,
		Author: webcare.Author{Name: plain.Line(name), Handle: plain.Line(handle)}, Text: strings.TrimSpace(text), Visibility: webcare.Public, URL: url,
		PostedAt: posted, ReplyTo: webcare.ReplyTarget{ExternalID: id, Root: id, URL: url}}
	if parent != "" {
		m.Thread, m.ReplyTo.Root = parent, parent
	}
	if m.Ours {
		m.Thread, m.ReplyTo = "", webcare.ReplyTarget{ExternalID: parent, URL: url}
	}
	if v.Photo != "" || v.Video != "" {
		m.Attachments = []webcare.Attachment{{Name: "photo or video", MediaType: "image"}}
	}
	return channel.Item{Message: m, Aside: parent != "" && !m.Ours}
}
