package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// MaxPayload is the largest body in bytes; what does not fit is behind the link.
const MaxPayload = 20_000

// PayloadVersion is raised when a field changes its meaning or goes. New fields
// may come without it.
const PayloadVersion = 1

// Payload is the body of a delivery in the standard format.
type Payload struct {
	Type      webcare.EventType `json:"type"`
	Timestamp time.Time         `json:"timestamp"` // of the event
	Version   int               `json:"version"`
	Data      Data              `json:"data"`
}

// Data says what happened. Labels are as of the event, never as of the attempt.
type Data struct {
	EventID  string            `json:"event_id"`
	CaseID   webcare.CaseID    `json:"case_id,omitempty"`
	Sequence int64             `json:"sequence,omitempty"` // rises within the case
	Brand    string            `json:"brand,omitempty"`
	Channel  string            `json:"channel,omitempty"`
	URL      string            `json:"url,omitempty"`     // the case, for people
	APIURL   string            `json:"api_url,omitempty"` // the case, whole, for programs
	Old      *webcare.Labels   `json:"old,omitempty"`
	New      *webcare.Labels   `json:"new,omitempty"`
	Details  map[string]string `json:"details,omitempty"`
	Texts    *Texts            `json:"texts,omitempty"`
}

// Texts is what was written, for subscriptions that ask for it.
type Texts struct {
	Author      string `json:"author,omitempty"`
	Subject     string `json:"subject,omitempty"`
	Text        string `json:"text"`
	PrivateText string `json:"private_text,omitempty"`
	Truncated   bool   `json:"truncated,omitempty"` // the whole is behind api_url
}

// special are the signals that only a subscription that asks for them gets.
var special = []webcare.Signal{webcare.VulnerableCustomer, webcare.Discrimination}

// body writes what one subscription is told of an event. It is the same at
// every attempt.
func (c *Courier) body(ctx context.Context, s Subscription, e webcare.Event) ([]byte, error) {
	d := Data{EventID: e.ID, CaseID: e.CaseID, Sequence: e.Seq, Brand: e.Brand, Channel: e.Channel,
		Old: s.labels(e.Old), New: s.labels(e.New), Details: details(e)}
	if e.CaseID != "" && c.Link != "" {
		base := strings.TrimSuffix(c.Link, "/")
		d.URL, d.APIURL = base+"/cases/"+string(e.CaseID), base+"/api/v1/cases/"+string(e.CaseID)
	}
	if s.Texts && e.CaseID != "" {
		var err error
		if d.Texts, err = c.texts(ctx, e); err != nil {
			return nil, err
		}
	}
	if s.Format == FormatSlack {
		return json.Marshal(map[string]any{"text": slackText(s, e, d), "unfurl_links": false})
	}
	return fitted(Payload{Type: e.Type, Timestamp: e.At.UTC(), Version: PayloadVersion, Data: d})
}

// labels leaves out what this subscription did not ask for.
func (s Subscription) labels(l *webcare.Labels) *webcare.Labels {
	if l == nil || s.Special {
		return l
	}
	out := *l
	out.Signals = slices.DeleteFunc(slices.Clone(l.Signals), func(x webcare.Signal) bool { return slices.Contains(special, x) })
	return &out
}

// details keeps what is documented of an event's facts.
func details(e webcare.Event) map[string]string {
	out := map[string]string{}
	for _, f := range detailsOf[e.Type] {
		if v := e.Data[f.source]; v != "" {
			out[f.name] = clip(v, 1000)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// texts looks up what had been written when the event happened; nil where the
// event has no text, or the case is gone.
func (c *Courier) texts(ctx context.Context, e webcare.Event) (*Texts, error) {
	cs, err := c.Store.Load(ctx, e.CaseID)
	if errors.Is(err, webcare.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	switch e.Type {
	case webcare.CaseReceived, webcare.CaseTriaged, DueSoon:
		if m, ok := before(cs.Messages, e.Seq, func(m webcare.Message) bool { return !m.Ours }); ok {
			return &Texts{Author: m.Author.Name, Subject: m.Subject, Text: m.Text}, nil
		}
	case webcare.DraftReady, webcare.DraftApproved, webcare.ReplyPublished:
		if d, ok := before(cs.Drafts, e.Seq, func(webcare.Draft) bool { return true }); ok {
			return &Texts{Text: d.Text, PrivateText: d.PrivateText}, nil
		}
	}
	return nil, nil
}

// before returns the last entry stored before seq that f accepts.
func before[T any](entries []webcare.Entry[T], seq int64, f func(T) bool) (v T, ok bool) {
	for _, e := range entries {
		if e.Seq < seq && f(e.Value) {
			v, ok = e.Value, true
		}
	}
	return v, ok
}

// fitted marshals p, its texts shortened until it keeps to MaxPayload.
func fitted(p Payload) ([]byte, error) {
	for room := MaxPayload; ; room = room * 3 / 4 {
		b, err := json.Marshal(p)
		if err != nil || len(b) < MaxPayload || p.Data.Texts == nil {
			return b, err
		}
		t := *p.Data.Texts
		t.Truncated = true
		for _, s := range []*string{&t.Author, &t.Subject, &t.Text, &t.PrivateText} {
			*s = clip(*s, room)
		}
		p.Data.Texts = &t
	}
}
