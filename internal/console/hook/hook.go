// Package hook takes in messages that other systems push: POST /hooks/messages,
// signed as Standard Webhooks says, with the secrets of the configuration or
// those of one source. The console serves it beside its pages; on AWS a function
// of its own does, which links nothing else of the console.
//
// Start at Intake. The sources, each with secrets of its own, are in source.go.
package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// Intake answers the hooks. Its fields are set before it serves.
type Intake struct {
	Store    webcare.Store
	Brands   *brand.Set
	Receiver *receive.Receiver
	// Secrets verify POST /hooks/messages; with none it answers 404.
	Secrets []webhook.Secret
	Now     func() time.Time
	Log     *slog.Logger
}

// Paths are the patterns that Register serves. Their calls are signed, and no
// browser's.
var Paths = []string{"POST /hooks/messages", "POST /hooks/messages/{source}"}

// Register serves the hooks.
func (t *Intake) Register(mux *http.ServeMux) {
	mux.HandleFunc(Paths[0], t.messages)
	mux.HandleFunc(Paths[1], t.fromSource)
}

// Sources are the systems with secrets of their own.
func (t *Intake) Sources() Sources { return Sources{t.Store.Records, t.Brands, t.Now} }

// Uses tells when a source was used last.
func (t *Intake) Uses() Uses { return Uses{t.Store.Records, t.Now} }

// MaxBytes bounds the body of a push, MaxBatch its messages.
const (
	MaxBytes = 1 << 20
	MaxBatch = 100
)

// messages takes messages signed with the secrets of the configuration.
func (t *Intake) messages(w http.ResponseWriter, r *http.Request) {
	if len(t.Secrets) == 0 {
		Problem(w, http.StatusNotFound, "no hook secret is configured: set WEBCARE_HOOK_SECRETS, or push to the address of a source")
		return
	}
	t.serve(w, r, Source{}, t.Secrets)
}

// fromSource takes messages from one source, signed with its own secret.
func (t *Intake) fromSource(w http.ResponseWriter, r *http.Request) {
	src, err := t.Sources().Get(r.Context(), r.PathValue("source"))
	if errors.Is(err, webcare.ErrNotFound) {
		Problem(w, http.StatusNotFound, "there is no such source")
		return
	}
	secrets, verr := src.valid(t.Now())
	if err := errors.Join(err, verr); err != nil {
		t.fail(w, r, err)
		return
	}
	t.serve(w, r, src, secrets)
}

// serve takes one message, or a batch, signed as Standard Webhooks says. 202 is
// answered only once all are stored; the same id and body get the same answer,
// another body under the id 409.
func (t *Intake) serve(w http.ResponseWriter, r *http.Request, src Source, secrets []webhook.Secret) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBytes))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			Problem(w, http.StatusRequestEntityTooLarge, "a push may have at most 1 MiB")
			return
		}
		Problem(w, http.StatusBadRequest, "the body could not be read")
		return
	}
	id, err := webhook.Verify(secrets, r.Header, body, t.Now())
	if err != nil {
		Problem(w, http.StatusUnauthorized, err.Error())
		return
	}
	if src.ID != "" {
		if err := t.Uses().Note(r.Context(), src.ID); err != nil {
			t.fail(w, r, err)
			return
		}
	}
	take := t.take
	if dry := r.URL.Query().Get("dry_run"); dry != "" && dry != "0" && dry != "false" {
		take = t.foresee
	}
	bodies, batch, err := unbatched(body)
	if err != nil {
		Problem(w, Status(err), err.Error())
		return
	}
	messages := make([]webcare.Message, len(bodies))
	for i, b := range bodies { // all are looked at before any is stored
		name := id
		if batch {
			name = fmt.Sprintf("%s#%d", id, i)
		}
		if messages[i], err = t.pushed(src, name, b); err != nil {
			if batch {
				err = fmt.Errorf("messages[%d]: %w", i, err)
			}
			Problem(w, Status(err), err.Error())
			return
		}
	}
	if batch {
		t.serveBatch(w, r, messages, take)
		return
	}
	res, err := take(r.Context(), messages[0])
	if err != nil {
		t.fail(w, r, err)
		return
	}
	JSON(w, http.StatusAccepted, res)
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
		return []json.RawMessage{body}, false, nil //nolint:nilerr // the decoder of messages says what is wrong with it
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

// serveBatch takes messages in their order. A conflict of one does not keep the
// others out; a fault of the store ends the call, which may then be repeated.
func (t *Intake) serveBatch(w http.ResponseWriter, r *http.Request, messages []webcare.Message, take func(context.Context, webcare.Message) (any, error)) {
	results := make([]batchResult, len(messages))
	for i, m := range messages {
		res, err := take(r.Context(), m)
		switch code := Status(err); {
		case err == nil:
			results[i] = batchResult{Status: http.StatusAccepted, answer: res}
		case code >= http.StatusInternalServerError:
			t.fail(w, r, err)
			return
		default:
			results[i] = batchResult{Status: code, Detail: err.Error()}
		}
	}
	JSON(w, http.StatusAccepted, map[string]any{"results": results})
}
