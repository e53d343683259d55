package hook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"webcare.example/responder/internal/webcare"
)

// Status is the one place where error kinds become HTTP statuses.
func Status(err error) int {
	switch {
	case errors.Is(err, webcare.ErrInvalid):
		return http.StatusUnprocessableEntity
	case errors.Is(err, webcare.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, webcare.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, webcare.ErrForbidden):
		return http.StatusForbidden
	case errors.Is(err, webcare.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Problem answers an RFC 9457 problem.
func Problem(w http.ResponseWriter, code int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(code), "status": code, "detail": detail})
}

// JSON answers v.
func JSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // a client that hung up needs no answer
}

// fail answers an error; what the caller is not told is logged.
func (t *Intake) fail(w http.ResponseWriter, r *http.Request, err error) {
	code, detail := Status(err), err.Error()
	if code >= http.StatusInternalServerError {
		t.Log.ErrorContext(r.Context(), "request failed", "err", err)
		detail = "something went wrong on our side; it is logged"
		if code == http.StatusServiceUnavailable {
			detail = "the store does not answer just now; try again"
		}
	}
	Problem(w, code, detail)
}
