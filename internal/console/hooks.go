package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"webcare.example/responder/internal/channel/inbox"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// MaxHookBytes bounds the body of a push, MaxBatch its messages.
const (
	MaxHookBytes = 1 << 20
	MaxBatch     = 100
)

// hookMessages takes messages signed with the secrets of the configuration.
func (s *Server) hookMessages(w http.ResponseWriter, r *http.Request) {
	if len(s.cfg.HookSecrets) == 0 {
		writeProblem(w, http.StatusNotFound, "no hook secret is configured: set WEBCARE_HOOK_SECRETS, or push to the address of a source")
		return
	}
	s.hook(w, r, Source{}, s.cfg.HookSecrets)
}

// hookSource takes messages from one source, signed with its own secret.
func (s *Server) hookSource(w http.ResponseWriter, r *http.Request) {
	src, err := s.source(r.Context(), r.PathValue("source"))
	if errors.Is(err, webcare.ErrNotFound) {
		writeProblem(w, http.StatusNotFound, "there is no such source")
		return
	}
	secrets, verr := src.valid(s.cfg.Now())
	if err := errors.Join(err, verr); err != nil {
		s.answerProblem(w, r, err)
		return
	}
	s.hook(w, r, src, secrets)
}

// hook takes one message, or a batch, signed as Standard Webhooks says. 202 is
// answered only once all are stored; the same id and body get the same answer,
// another body under the id 409.
func (s *Server) hook(w http.ResponseWriter, r *http.Request, src Source, secrets []webhook.Secret) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxHookBytes))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			writeProblem(w, http.StatusRequestEntityTooLarge, "a push may have at most 1 MiB")
			return
		}
		writeProblem(w, http.StatusBadRequest, "the body could not be read")
		return
	}
	id, err := webhook.Verify(secrets, r.Header, body, s.cfg.Now())
	if err != nil {
		writeProblem(w, http.StatusUnauthorized, err.Error())
		return
	}
	if src.ID != "" {
		if err := s.used(r.Context(), src.ID); err != nil {
			s.answerProblem(w, r, err)
			return
		}
	}
	take := s.take
	if dry := r.URL.Query().Get("dry_run"); dry != "" && dry != "0" && dry != "false" {
		take = s.foresee
	}
	bodies, batch, err := unbatched(body)
	if err != nil {
		writeProblem(w, status(err), err.Error())
		return
	}
	messages := make([]webcare.Message, len(bodies))
	for i, b := range bodies { // all are looked at before any is stored
		name := id
		if batch {
			name = fmt.Sprintf("%s#%d", id, i)
		}
		if messages[i], err = s.pushed(src, name, b); err != nil {
			if batch {
				err = fmt.Errorf("messages[%d]: %w", i, err)
			}
			writeProblem(w, status(err), err.Error())
			return
		}
	}
	if batch {
		s.hookBatch(w, r, messages, take)
		return
	}
	res, err := take(r.Context(), messages[0])
	if err != nil {
		s.answerProblem(w, r, err)
		return
	}
	writeJSON(w, http.StatusAccepted, res)
}

// unbatched returns the messages of {"messages":[...]}, or the one message
// that the body is.
func unbatched(body []byte) (messages []json.RawMessage, batch bool, err error) {
	var b struct {
		Messages *[]json.RawMessage `json:"messages"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if d.Decode(&b) != nil || b.Messages == nil {
		return []json.RawMessage{body}, false, nil // the decoder of messages says what is wrong with it
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, true, webcare.Invalidf("body: something follows the JSON")
	}
	if n := len(*b.Messages); n == 0 || n > MaxBatch {
		return nil, true, webcare.Invalidf("messages: %d, must be 1 to %d", n, MaxBatch)
	}
	return *b.Messages, true, nil
}

// batchResult is what became of one message of a batch.
type batchResult struct {
	Status int    `json:"status"` // 202, or 409 where other bytes stand under its id
	Detail string `json:"detail,omitempty"`
	answer any
}

// MarshalJSON puts the answer's own fields beside the status.
func (b batchResult) MarshalJSON() ([]byte, error) {
	out := map[string]any{}
	if b.answer != nil {
		j, err := json.Marshal(b.answer)
		if err == nil {
			err = json.Unmarshal(j, &out)
		}
		if err != nil {
			return nil, err
		}
	}
	if out["status"] = b.Status; b.Detail != "" {
		out["detail"] = b.Detail
	}
	return json.Marshal(out)
}

// hookBatch takes messages in their order. A conflict of one does not keep the
// others out; a fault of the store ends the call, which may then be repeated.
func (s *Server) hookBatch(w http.ResponseWriter, r *http.Request, messages []webcare.Message, take func(context.Context, webcare.Message) (any, error)) {
	results := make([]batchResult, len(messages))
	for i, m := range messages {
		res, err := take(r.Context(), m)
		switch code := status(err); {
		case err == nil:
			results[i] = batchResult{Status: http.StatusAccepted, answer: res}
		case code >= http.StatusInternalServerError:
			s.answerProblem(w, r, err)
			return
		default:
			results[i] = batchResult{Status: code, Detail: err.Error()}
		}
	}
	writeJSON(w, http.StatusAccepted, map[string]any{"results": results})
}

func (s *Server) take(ctx context.Context, m webcare.Message) (any, error) {
	return s.cfg.Receiver.Receive(ctx, receive.Item{Message: m})
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
func (s *Server) foresee(ctx context.Context, m webcare.Message) (any, error) {
	f := Foresight{DryRun: true, Would: "open_case", Message: messageView(m), Brand: m.Brand, Channel: m.Key.Channel}
	id, err := s.store.Cases.Claimed(ctx, webcare.MessageClaim(m.Brand, m.Key, m.Revision))
	switch {
	case err == nil:
		f.CaseID, f.Would = id, "nothing"
		c, err := s.store.Load(ctx, id)
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
	id, err = s.store.Cases.Claimed(ctx, webcare.ThreadClaim(m.Brand, m.Key.Channel, m.Thread))
	if err == nil {
		f.Would, f.CaseID = "join_case", id
	} else if !errors.Is(err, webcare.ErrNotFound) {
		return nil, err
	}
	return f, nil
}

// pushed reads one pushed message; without an id of its own it gets the
// delivery's. A source speaks for its own brand only.
func (s *Server) pushed(src Source, deliveryID string, body []byte) (webcare.Message, error) {
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
	b, err := s.cfg.Brands.Get(m.Brand)
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
