package console

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// Bodies of the steps under /cases/{id}/.
type (
	// VersionBody names the version that the person saw; 0 means whatever it is.
	VersionBody struct {
		Version int64 `json:"version,omitempty" minimum:"0" maximum:"9007199254740991"`
	}
	// NothingBody is empty.
	NothingBody struct{}
	// AssignBody gives a case to somebody.
	AssignBody struct {
		VersionBody
		Assignee string `json:"assignee" maxLength:"200" doc:"id of a person, me, or empty for nobody"`
	}
	// DraftBody is a person's own draft, or with Instruction the wish for another one.
	DraftBody struct {
		VersionBody
		Text        *string `json:"text,omitempty" maxLength:"20000"`
		PrivateText *string `json:"private_text,omitempty" maxLength:"20000"`
		Resolution  *string `json:"resolution,omitempty" maxLength:"100"`
		Instruction string  `json:"instruction,omitempty" maxLength:"1000" doc:"asks the drafter for a new draft"`
	}
	// ApproveBody approves exactly what hashes to draft_hash, or a person's edit of it.
	ApproveBody struct {
		Version     int64    `json:"version" minimum:"1" maximum:"9007199254740991"`
		DraftHash   string   `json:"draft_hash" minLength:"64" maxLength:"64"`
		Text        *string  `json:"text,omitempty" maxLength:"20000"`
		PrivateText *string  `json:"private_text,omitempty" maxLength:"20000"`
		Resolution  *string  `json:"resolution,omitempty" maxLength:"100"`
		Overrides   []string `json:"overrides,omitempty" maxItems:"20" doc:"rules of warnings to override"`
		Ticked      []string `json:"ticked,omitempty" maxItems:"20" doc:"checks of the resolution that were made"`
		Propose     bool     `json:"propose,omitempty" doc:"ask a higher authority instead"`
	}
	// RejectBody asks for a new draft and says why.
	RejectBody struct {
		VersionBody
		DraftHash  string `json:"draft_hash,omitempty" maxLength:"64"`
		Reason     string `json:"reason,omitempty" maxLength:"1000"`
		Resolution string `json:"resolution,omitempty" maxLength:"100"`
	}
	// ReasonBody says why.
	ReasonBody struct {
		VersionBody
		Reason string `json:"reason,omitempty" maxLength:"1000"`
	}
	// EscalateBody says to whom and why.
	EscalateBody struct {
		VersionBody
		To     string `json:"to" minLength:"1" maxLength:"200"`
		Reason string `json:"reason,omitempty" maxLength:"1000"`
	}
	// UntilBody says until when.
	UntilBody struct {
		VersionBody
		Until time.Time `json:"until"`
	}
	// WaitBody says on whom and until when.
	WaitBody struct {
		VersionBody
		On    string    `json:"on" minLength:"1" maxLength:"100" doc:"customer, or a desk"`
		Until time.Time `json:"until"`
	}
	// PostedBody reports a reply posted by hand.
	PostedBody struct {
		DraftHash string `json:"draft_hash" minLength:"64" maxLength:"64"`
		URL       string `json:"url,omitempty" maxLength:"2000"`
	}
	// NoteBody is an internal remark.
	NoteBody struct {
		Text string `json:"text" minLength:"1" maxLength:"10000"`
	}
	// TagsBody sets the tags.
	TagsBody struct {
		VersionBody
		Tags []string `json:"tags" maxItems:"12"`
	}
	// TriageBody corrects the triage; what is absent stays.
	TriageBody struct {
		VersionBody
		Frictions []webcare.FrictionType `json:"frictions,omitempty" maxItems:"8"`
		Sentiment webcare.SentimentLabel `json:"sentiment,omitempty" enum:"negative,neutral,positive,mixed"`
		Urgency   webcare.Urgency        `json:"urgency,omitempty" enum:"low,normal,high,critical"`
		Complaint *bool                  `json:"complaint,omitempty"`
	}
	// LinkBody names another case.
	LinkBody struct {
		VersionBody
		Case webcare.CaseID `json:"case" minLength:"1" maxLength:"64"`
	}
)

func (s *Server) registerSteps(api huma.API) {
	d := s.cfg.Desk
	step(s, api, "claim", "Say that you work on the case; the draft is signed with your name", func(ctx context.Context, u User, _ NothingBody) (*webcare.Case, error) {
		if _, err := d.Claim(ctx, caseOf(ctx), u.Actor); err != nil {
			return nil, err
		}
		return d.Sign(ctx, caseOf(ctx), u.Actor)
	})
	step(s, api, "release", "Say that you no longer work on the case", func(ctx context.Context, u User, _ NothingBody) (*webcare.Case, error) {
		if err := d.Release(ctx, caseOf(ctx), u.Actor); err != nil {
			return nil, err
		}
		return s.store.Load(ctx, caseOf(ctx))
	})
	step(s, api, "assign", "Give the case to somebody", func(ctx context.Context, u User, in AssignBody) (*webcare.Case, error) {
		if in.Assignee == "me" {
			in.Assignee = u.ID
		}
		return d.Assign(ctx, caseOf(ctx), u.Actor, in.Version, in.Assignee)
	})
	step(s, api, "drafts", "Write a draft, or ask for a new one", func(ctx context.Context, u User, in DraftBody) (*webcare.Case, error) {
		return s.newDraft(ctx, u, in)
	})
	step(s, api, "approve", "Approve the draft, word for word", func(ctx context.Context, u User, in ApproveBody) (*webcare.Case, error) {
		return d.Approve(ctx, caseOf(ctx), u.Actor, review.Approval{Version: in.Version, Hash: in.DraftHash, Text: in.Text,
			PrivateText: in.PrivateText, Resolution: in.Resolution, Overrides: in.Overrides, Ticked: in.Ticked, Propose: in.Propose})
	})
	step(s, api, "reject", "Reject the draft and ask for another", func(ctx context.Context, u User, in RejectBody) (*webcare.Case, error) {
		v, err := s.version(ctx, in.Version)
		if err != nil {
			return nil, err
		}
		return d.Reject(ctx, caseOf(ctx), u.Actor, review.Rejection{Version: v, Hash: in.DraftHash, Reason: in.Reason, Resolution: in.Resolution})
	})
	step(s, api, "undo", "Take an approval back while its undo window runs", func(ctx context.Context, u User, _ NothingBody) (*webcare.Case, error) {
		return d.UndoApproval(ctx, caseOf(ctx), u.Actor)
	})
	step(s, api, "posted", "Report the approved text posted by hand", func(ctx context.Context, u User, in PostedBody) (*webcare.Case, error) {
		return d.Posted(ctx, caseOf(ctx), u.Actor, in.DraftHash, in.URL)
	})
	s.registerParking(api)
	s.registerRemarks(api)
}

// version returns the one the client saw, or, where it named none, the present one.
func (s *Server) version(ctx context.Context, seen int64) (int64, error) {
	if seen != 0 {
		return seen, nil
	}
	h, err := s.store.Cases.Head(ctx, caseOf(ctx))
	return h.Version, err
}

func (s *Server) newDraft(ctx context.Context, u User, in DraftBody) (*webcare.Case, error) {
	v, err := s.version(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	if in.Text == nil {
		res := ""
		if in.Resolution != nil {
			res = *in.Resolution
		}
		return s.cfg.Desk.Reject(ctx, caseOf(ctx), u.Actor, review.Rejection{Version: v, Reason: in.Instruction, Resolution: res})
	}
	return s.cfg.Desk.Write(ctx, caseOf(ctx), u.Actor, review.Approval{Version: v, Text: in.Text, PrivateText: in.PrivateText, Resolution: in.Resolution})
}

// registerParking adds the steps that take a case off the table for a while, or for good.
func (s *Server) registerParking(api huma.API) {
	d := s.cfg.Desk
	step(s, api, "escalate", "Ask somebody with more authority to look", func(ctx context.Context, u User, in EscalateBody) (*webcare.Case, error) {
		return d.Escalate(ctx, caseOf(ctx), u.Actor, in.Version, in.To, in.Reason)
	})
	step(s, api, "snooze", "Hide the case from the queue until a time", func(ctx context.Context, u User, in UntilBody) (*webcare.Case, error) {
		return d.Snooze(ctx, caseOf(ctx), u.Actor, in.Version, in.Until)
	})
	step(s, api, "wait", "Wait for the customer or a desk", func(ctx context.Context, u User, in WaitBody) (*webcare.Case, error) {
		return d.Wait(ctx, caseOf(ctx), u.Actor, in.Version, in.On, in.Until)
	})
	step(s, api, "ignore", "Decide that no reply is needed", func(ctx context.Context, u User, in ReasonBody) (*webcare.Case, error) {
		return d.Ignore(ctx, caseOf(ctx), u.Actor, in.Version, in.Reason)
	})
	step(s, api, "close", "End the case", func(ctx context.Context, u User, in ReasonBody) (*webcare.Case, error) {
		return d.Close(ctx, caseOf(ctx), u.Actor, in.Version, in.Reason)
	})
}

// registerRemarks adds what people note about a case.
func (s *Server) registerRemarks(api huma.API) {
	d := s.cfg.Desk
	step(s, api, "notes", "Add an internal note", func(ctx context.Context, u User, in NoteBody) (*webcare.Case, error) {
		return d.Note(ctx, caseOf(ctx), u.Actor, in.Text)
	})
	step(s, api, "tags", "Set the tags", func(ctx context.Context, u User, in TagsBody) (*webcare.Case, error) {
		return d.Tag(ctx, caseOf(ctx), u.Actor, in.Version, in.Tags)
	})
	step(s, api, "triage", "Correct the triage", func(ctx context.Context, u User, in TriageBody) (*webcare.Case, error) {
		return d.Correct(ctx, caseOf(ctx), u.Actor, in.Version, webcare.Correction{Frictions: in.Frictions, Sentiment: in.Sentiment,
			Urgency: in.Urgency, Complaint: in.Complaint})
	})
	step(s, api, "link", "Link another case", func(ctx context.Context, u User, in LinkBody) (*webcare.Case, error) {
		return d.Link(ctx, caseOf(ctx), u.Actor, in.Version, in.Case)
	})
}
