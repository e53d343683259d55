// Package llmtest is a scripted OpenAI-compatible server for tests. Each
// request takes the next step of the script; the last step repeats. What came
// in is kept, so that a test can say exactly what is sent.
//
// Start at New.
package llmtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Key is the key that tests configure and grep for.
const Key = "sk-test-0123456789abcdef"

// Step is what the server does with one request. The zero step answers an
// empty string.
type Step struct {
	// Content is the model's answer; Answer, where set, makes it from the request.
	Content string
	Answer  func(Request) string
	Refusal string
	Finish  string // default "stop"
	// In and Out are the tokens it reports; both zero: 100 and 20. NoUsage reports none.
	In, Out int
	NoUsage bool

	Status int               // default 200; others answer an error that repeats key and request
	Code   string            // of the error
	Header map[string]string // Retry-After, Location, ...
	Body   string            // instead of everything above
	// Cut ends the connection after so many bytes of the body.
	Cut int
	// Hang waits so long before answering, or until the client gives up.
	Hang time.Duration
	// Drop closes the connection without an answer.
	Drop bool
}

// Turn is one message of a request.
type Turn struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Request is what came in.
type Request struct {
	Model     string          `json:"model"`
	Messages  []Turn          `json:"messages"`
	Format    json.RawMessage `json:"response_format"`
	MaxTokens int             `json:"max_tokens"`
	Path      string          `json:"-"`
	Key       string          `json:"-"`
	Raw       []byte          `json:"-"`
}

// System returns the instructions of the request.
func (r Request) System() string {
	for _, m := range r.Messages {
		if m.Role == "system" {
			return m.Content
		}
	}
	return ""
}

// Last returns the last message of the request.
func (r Request) Last() string { return r.Messages[len(r.Messages)-1].Content }

// Server is a running script.
type Server struct {
	URL string // the base URL, with /v1

	mu       sync.Mutex
	steps    []Step
	requests []Request
}

// New starts a server that ends with the test.
func New(t testing.TB, steps ...Step) *Server {
	t.Helper()
	s := &Server{steps: steps}
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		h.CloseClientConnections()
		h.Close()
	})
	s.URL = h.URL + "/v1"
	return s
}

// Script replaces what is left of the script.
func (s *Server) Script(steps ...Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = steps
}

// Requests returns what came in so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// ServeHTTP takes the next step.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	req := Request{Raw: raw, Path: r.URL.RequestURI(), Key: r.Header.Get("Authorization") + r.Header.Get("Api-Key")}
	if err := json.Unmarshal(raw, &req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.next(req).serve(w, r, req)
}

func (s *Server) next(req Request) Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	if len(s.steps) == 0 {
		return Step{Status: http.StatusTeapot}
	}
	step := s.steps[0]
	if len(s.steps) > 1 {
		s.steps = s.steps[1:]
	}
	return step
}

func (st Step) serve(w http.ResponseWriter, r *http.Request, req Request) {
	if st.Hang > 0 {
		select {
		case <-time.After(st.Hang):
		case <-r.Context().Done():
			return
		}
	}
	if st.Drop {
		panic(http.ErrAbortHandler)
	}
	for name, value := range st.Header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	status, body := st.Status, st.Body
	if status == 0 {
		status = http.StatusOK
	}
	switch {
	case body != "":
	case status != http.StatusOK:
		body = fault(st.Code, req)
	default:
		body = st.answer(req)
	}
	if st.Cut > 0 {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body[:min(st.Cut, len(body))])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// fault is an error as badly behaved endpoints write it: it repeats what it got.
func fault(code string, req Request) string {
	b, _ := json.Marshal(map[string]any{"error": map[string]any{"code": code, "type": "error",
		"message": "Incorrect API key provided: " + strings.TrimPrefix(req.Key, "Bearer ") + ". Input: " + string(req.Raw)}})
	return string(b)
}

func (st Step) answer(req Request) string {
	content := st.Content
	if st.Answer != nil {
		content = st.Answer(req)
	}
	message := map[string]any{"role": "assistant", "content": content}
	if st.Refusal != "" {
		message = map[string]any{"role": "assistant", "content": nil, "refusal": st.Refusal}
	}
	finish := st.Finish
	if finish == "" {
		finish = "stop"
	}
	res := map[string]any{"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": req.Model,
		"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": finish}}}
	if !st.NoUsage {
		in, out := st.In, st.Out
		if in+out == 0 {
			in, out = 100, 20
		}
		res["usage"] = map[string]int{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out}
	}
	b, _ := json.Marshal(res)
	return string(b)
}
