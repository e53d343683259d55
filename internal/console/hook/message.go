package hook

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/inbox"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
)

// AuthorView is who wrote.
type AuthorView struct {
	Name   string `json:"name"`
	Handle string `json:"handle"`
}

// MessageView is one message of the conversation.
type MessageView struct {
	ID          webcare.MessageID    `json:"id"`
	ExternalID  string               `json:"external_id"`
	Ours        bool                 `json:"ours"`
	Author      AuthorView           `json:"author"`
	Subject     string               `json:"subject,omitempty"`
	Text        string               `json:"text"`
	History     string               `json:"history,omitempty"`
	Language    string               `json:"language,omitempty"`
	Visibility  webcare.Visibility   `json:"visibility"`
	URL         string               `json:"url,omitempty"`
	PostedAt    time.Time            `json:"posted_at"`
	ReceivedAt  time.Time            `json:"received_at"`
	Attachments []webcare.Attachment `json:"attachments,omitempty"`
	Automatic   string               `json:"automatic,omitempty"`
	Warnings    []string             `json:"warnings,omitempty"`
	Revision    int                  `json:"revision,omitempty"`
	Stars       int                  `json:"stars,omitempty"`
}

// View is how a message is shown.
func View(m webcare.Message) MessageView {
	return MessageView{ID: m.ID, ExternalID: m.Key.ExternalID, Ours: m.Ours, Author: AuthorView{m.Author.Name, m.Author.Handle},
		Subject: m.Subject, Text: m.Text, History: m.History, Language: m.Language, Visibility: m.Visibility, URL: m.URL,
		PostedAt: m.PostedAt, ReceivedAt: m.ReceivedAt, Attachments: m.Attachments, Automatic: m.Automatic, Warnings: m.Warnings,
		Revision: m.Revision, Stars: m.Stars}
}

func (t *Intake) take(ctx context.Context, m webcare.Message) (any, error) {
	return t.Receiver.Receive(ctx, receive.Item{Message: m})
}

// Foresight is what taking a message would do.
type Foresight struct {
	DryRun  bool           `json:"dry_run"`
	Would   string         `json:"would"` // open_case, join_case, nothing (it is known), conflict
	CaseID  webcare.CaseID `json:"case_id,omitempty"`
	Message MessageView    `json:"message"`
	Brand   string         `json:"brand"`
	Channel string         `json:"channel"`
}

// foresee says what take would do, and does nothing. A message without a
// thread may still join another by its author, posted within two minutes.
func (t *Intake) foresee(ctx context.Context, m webcare.Message) (any, error) {
	f := Foresight{DryRun: true, Would: "open_case", Message: View(m), Brand: m.Brand, Channel: m.Key.Channel}
	id, err := t.Store.Cases.Claimed(ctx, webcare.MessageClaim(m.Brand, m.Key, m.Revision))
	switch {
	case err == nil:
		f.CaseID, f.Would = id, "nothing"
		c, err := t.Store.Load(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, e := range c.Messages {
			if e.Value.Key == m.Key && e.Value.Revision == m.Revision && e.Value.Digest != m.Digest {
				f.Would = "conflict"
			}
		}
		return f, nil
	case !errors.Is(err, webcare.ErrNotFound):
		return nil, err
	case m.Thread == "":
		return f, nil
	}
	id, err = t.Store.Cases.Claimed(ctx, webcare.ThreadClaim(m.Brand, m.Key.Channel, m.Thread))
	if err == nil {
		f.Would, f.CaseID = "join_case", id
	} else if !errors.Is(err, webcare.ErrNotFound) {
		return nil, err
	}
	return f, nil
}

// pushed reads one pushed message; without an id of its own it gets the
// delivery's. A source speaks for its own brand only.
func (t *Intake) pushed(src Source, deliveryID string, body []byte) (webcare.Message, error) {
	if src.Channel != "" {
		body = withChannel(body, src.Channel)
	}
	m, err := inbox.DecodeHook(body)
	if err != nil {
		return m, err
	}
	if m.Key.ExternalID == "" {
		m.Key.ExternalID = deliveryID
	}
	if src.Brand != "" {
		if m.Brand != "" && !strings.EqualFold(m.Brand, src.Brand) {
			return m, webcare.Invalidf("brand: this source pushes for %q only", src.Brand)
		}
		m.Brand = src.Brand
	}
	b, err := t.Brands.Get(m.Brand)
	if err != nil {
		return m, webcare.Invalidf("brand: %q is not served here", m.Brand)
	}
	m.Brand = b.ID
	return m, nil
}

// withChannel adds the source's channel to a message that names none; what is
// no object is left for the decoder to refuse.
func withChannel(body []byte, channel string) []byte {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil || object == nil {
		return body
	}
	if _, has := object["channel"]; has {
		return body
	}
	name, err := json.Marshal(channel)
	if err != nil {
		return body
	}
	object["channel"] = name
	out, err := json.Marshal(object)
	if err != nil {
		return body
	}
	return out
}
