package console

import (
	"time"

	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/webcare"
)

// AuthorView is who wrote.
type AuthorView = hook.AuthorView

// CaseView is a case as lists and webhooks show it, and, with the fields from
// Messages on, as it is shown alone.
type CaseView struct {
	ID             webcare.CaseID         `json:"id"`
	Brand          string                 `json:"brand"`
	Channel        string                 `json:"channel"`
	Status         webcare.Status         `json:"status"`
	Version        int64                  `json:"version"`
	Language       string                 `json:"language"`
	Author         AuthorView             `json:"author"`
	Subject        string                 `json:"subject"`
	Excerpt        string                 `json:"excerpt"`
	URL            string                 `json:"url"`
	ReceivedAt     time.Time              `json:"received_at"`
	UpdatedAt      time.Time              `json:"updated_at"`
	DueAt          *time.Time             `json:"due_at" doc:"end of the response clock; null when none runs"`
	Assignee       string                 `json:"assignee"`
	Kind           webcare.Kind           `json:"kind"`
	Complaint      bool                   `json:"complaint"`
	Sentiment      webcare.SentimentLabel `json:"sentiment"`
	SentimentScore float64                `json:"sentiment_score"`
	Urgency        webcare.Urgency        `json:"urgency"`
	Frictions      []webcare.FrictionType `json:"frictions" doc:"the main one first"`
	Signals        []webcare.Signal       `json:"signals"`
	Tags           []string               `json:"tags"`
	Attention      string                 `json:"attention,omitempty" doc:"why a person must look"`
	ProposedBy     string                 `json:"proposed_by,omitempty"`
	EscalatedTo    string                 `json:"escalated_to,omitempty"`
	SnoozedUntil   *time.Time             `json:"snoozed_until,omitempty"`
	WaitingFor     string                 `json:"waiting_for,omitempty"`
	WaitingUntil   *time.Time             `json:"waiting_until,omitempty"`
	Disagreement   string                 `json:"disagreement,omitempty"`
	OpenPromises   int                    `json:"open_promises"`
	Authority      webcare.Authority      `json:"authority,omitempty" doc:"what approving the present draft takes"`
	UndoUntil      *time.Time             `json:"undo_until,omitempty"`
	Assisted       bool                   `json:"assisted,omitempty" doc:"a person posts the approved text by hand"`
	Links          []webcare.CaseID       `json:"links,omitempty"`

	Messages    []MessageView        `json:"messages,omitempty"`
	Triage      *webcare.Triage      `json:"triage,omitempty"`
	Draft       *DraftView           `json:"draft,omitempty"`
	Decisions   []webcare.Decision   `json:"decisions,omitempty"`
	Publication *webcare.Publication `json:"publication,omitempty"`
	Promises    []webcare.Promise    `json:"promises,omitempty"`
	WorkOrders  []webcare.WorkOrder  `json:"work_orders,omitempty"`
	Notes       []webcare.Note       `json:"notes,omitempty"`
	Events      []webcare.Event      `json:"events,omitempty"`
}

// MessageView is one message of the conversation.
type MessageView = hook.MessageView

// DraftView is the present draft.
type DraftView struct {
	Text        string              `json:"text"`
	PrivateText string              `json:"private_text,omitempty"`
	Language    string              `json:"language"`
	Hash        string              `json:"hash"`
	Resolution  *webcare.Resolution `json:"resolution"`
	Promises    []webcare.Promised  `json:"promises"`
	Findings    []webcare.Finding   `json:"findings"`
	Engine      string              `json:"engine"`
	SignedBy    string              `json:"signed_by,omitempty"`
	Authority   webcare.Authority   `json:"authority"`
	ExpiresAt   *time.Time          `json:"expires_at,omitempty"`
}

func ptr(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// list returns s, never nil: JSON shows an empty list, not null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func headView(h webcare.Head) CaseView {
	v := CaseView{ID: h.ID, Brand: h.Brand, Channel: h.Channel, Status: h.Status, Version: h.Version, Language: h.Language,
		Author: AuthorView{Name: h.Author.Name, Handle: h.Author.Handle}, Subject: h.Subject, Excerpt: h.Excerpt, URL: h.URL, ReceivedAt: h.ReceivedAt,
		UpdatedAt: h.UpdatedAt, DueAt: ptr(h.DueAt), Assignee: h.Assignee, Kind: h.Kind, Complaint: h.Complaint, Sentiment: h.Sentiment.Label,
		SentimentScore: h.Sentiment.Score, Urgency: h.Urgency, Frictions: list(h.Frictions), Signals: list(h.Signals), Tags: list(h.Tags),
		Attention: h.Attention, ProposedBy: h.ProposedBy, EscalatedTo: h.EscalatedTo, SnoozedUntil: ptr(h.SnoozedUntil),
		WaitingFor: h.WaitingFor, WaitingUntil: ptr(h.WaitingUntil), Disagreement: h.Disagreement, OpenPromises: h.OpenPromises,
		Authority: h.DraftAuthority, Links: h.Links}
	if a := h.Approval; a != nil {
		v.Assisted = a.Assisted
		if !a.Assisted {
			v.UndoUntil = ptr(a.PublishAt)
		}
	}
	return v
}

func (s *Server) caseView(c *webcare.Case) CaseView {
	v := headView(c.Head)
	for _, e := range c.Conversation() {
		v.Messages = append(v.Messages, hook.View(e.Value))
	}
	if len(c.Triages) > 0 {
		t := c.Triage()
		v.Triage = &t
	}
	if d, ok := c.CurrentDraft(); ok {
		v.Draft = draftView(d)
	}
	for _, e := range c.Decisions {
		v.Decisions = append(v.Decisions, e.Value)
	}
	if n := len(c.Publications); n > 0 {
		v.Publication = &c.Publications[n-1].Value
	}
	for _, e := range c.Notes {
		v.Notes = append(v.Notes, e.Value)
	}
	v.Promises, v.WorkOrders, v.Events = c.Promises, c.WorkOrders, c.Events
	return v
}

func draftView(d webcare.Draft) *DraftView {
	return &DraftView{Text: d.Text, PrivateText: d.PrivateText, Language: d.Language, Hash: d.Hash, Resolution: d.Resolution,
		Promises: list(d.Promises), Findings: list(d.Findings), Engine: d.Engine, SignedBy: d.SignedBy, Authority: d.Authority,
		ExpiresAt: ptr(d.Expires())}
}
