package console

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"webcare.example/responder/internal/channel/inbox"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// MaxHookBytes bounds the body of a pushed message.
const MaxHookBytes = 1 << 20

// hookMessages takes one message, signed as Standard Webhooks says. 202 is
// answered only once the message is stored; the same id and body get the same
// answer, another body under the id 409.
func (s *Server) hookMessages(w http.ResponseWriter, r *http.Request) {
	if len(s.cfg.HookSecrets) == 0 {
		writeProblem(w, http.StatusNotFound, "no hook secret is configured: set WEBCARE_HOOK_SECRETS")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxHookBytes))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			writeProblem(w, http.StatusRequestEntityTooLarge, "a message may have at most 1 MiB")
			return
		}
		writeProblem(w, http.StatusBadRequest, "the body could not be read")
		return
	}
	id, err := webhook.Verify(s.cfg.HookSecrets, r.Header, body, s.cfg.Now())
	if err != nil {
		writeProblem(w, http.StatusUnauthorized, err.Error())
		return
	}
	m, err := s.pushed(id, body)
	if err != nil {
		writeProblem(w, status(err), err.Error())
		return
	}
	res, err := s.cfg.Receiver.Receive(r.Context(), receive.Item{Message: m})
	if err != nil {
		var p *Problem
		if errors.As(s.problem(r.Context(), err), &p) {
			writeProblem(w, p.Status, p.Detail)
		}
		return
	}
	writeJSON(w, http.StatusAccepted, res)
}

// pushed reads the message in a hook's body; without an id of its own it gets
// the delivery's.
func (s *Server) pushed(deliveryID string, body []byte) (webcare.Message, error) {
	m, err := inbox.DecodeHook(body)
	if err != nil {
		return m, err
	}
	if m.Key.ExternalID == "" {
		m.Key.ExternalID = deliveryID
	}
	b, err := s.cfg.Brands.Get(m.Brand)
	if err != nil {
		return m, webcare.Invalidf("brand: %q is not served here", m.Brand)
	}
	m.Brand = b.ID
	return m, nil
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // a client that hung up needs no answer
}

func writeProblem(w http.ResponseWriter, code int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(code), "status": code, "detail": detail})
}
