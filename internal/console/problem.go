package console

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// Problem is an RFC 9457 problem with what a client needs to go on.
type Problem struct {
	huma.ErrorModel
	Authority webcare.Authority `json:"authority,omitempty" doc:"403: the authority that the decision takes"`
	Findings  []webcare.Finding `json:"findings,omitempty" doc:"422: findings that stand in the way"`
	Unticked  []string          `json:"unticked,omitempty" doc:"422: checks of the resolution that are not ticked"`
	Case      *CaseView         `json:"case,omitempty" doc:"409: the case as it stands now"`
}

// Every error that huma makes is a Problem too, so that the description and the
// answers agree.
func init() {
	huma.NewError = func(code int, detail string, errs ...error) huma.StatusError {
		p := &Problem{ErrorModel: huma.ErrorModel{Title: http.StatusText(code), Status: code, Detail: detail}}
		for _, err := range errs {
			p.Add(err)
		}
		return p
	}
}

// refuse answers who is nobody we know, in the form that was asked for.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	if strings.HasPrefix(r.URL.Path, "/api/") {
		writeProblem(w, http.StatusUnauthorized, "sign in first, or send a token that is known")
		return
	}
	http.Error(w, "sign in first", http.StatusUnauthorized)
}

// status is that of the hooks; who must sign in first is the console's alone.
func status(err error) int {
	if errors.Is(err, errUnauthorized) {
		return http.StatusUnauthorized
	}
	return hook.Status(err)
}

// problem turns an error into what the client is told; what it is not told is
// logged.
func (s *Server) problem(ctx context.Context, err error) error {
	code := status(err)
	p := &Problem{ErrorModel: huma.ErrorModel{Title: http.StatusText(code), Status: code, Detail: err.Error()}}
	var authority *webcare.AuthorityError
	var findings *review.FindingsError
	var checks *review.ChecksError
	switch {
	case errors.As(err, &authority):
		p.Authority = authority.Needs
	case errors.As(err, &findings):
		p.Findings = findings.Findings
	case errors.As(err, &checks):
		p.Unticked = checks.Unticked
	}
	if code >= http.StatusInternalServerError {
		s.cfg.Log.ErrorContext(ctx, "request failed", "err", err)
		p.Detail = "something went wrong on our side; it is logged"
		if code == http.StatusServiceUnavailable {
			p.Detail = "the store does not answer just now; try again"
		}
	}
	return p
}

// conflict adds the case as it stands to a conflict, so that a client can show
// what is new.
func (s *Server) conflict(ctx context.Context, id webcare.CaseID, err error) error {
	perr := s.problem(ctx, err)
	var p *Problem
	if errors.As(perr, &p) && p.Status == http.StatusConflict {
		if c, lerr := s.store.Load(ctx, id); lerr == nil {
			v := s.caseView(c)
			p.Case = &v
		}
	}
	return perr
}

func writeProblem(w http.ResponseWriter, code int, detail string) { hook.Problem(w, code, detail) }
