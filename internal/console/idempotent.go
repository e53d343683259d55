package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"time"
	"unicode/utf8"

	"webcare.example/responder/internal/webcare"
)

// An Idempotency-Key makes a POST safe to repeat: the first answer is stored
// and given again. Without one, a POST is done each time.
const (
	keyHeader    = "Idempotency-Key"
	replayHeader = "Idempotency-Replayed"
	keyKind      = "idempotency"
	keyPattern   = "^[!-~]{1,255}$"
	// keepAnswers is how long an answer is given again.
	keepAnswers = 24 * time.Hour
	// underWay is how long a call may take before another takes its place.
	underWay    = time.Minute
	maxKept     = 250 << 10 // bytes of an answer
	contentType = "Content-Type"
)

var goodKey = regexp.MustCompile(keyPattern)

// answer is a stored answer; Status 0 while the call is under way. Path and
// Text stand in clear, so that an erasure finds the case that they are about.
type answer struct {
	Fingerprint string `json:"fingerprint"`
	Path        string `json:"path,omitempty"`
	Status      int    `json:"status,omitempty"`
	Type        string `json:"type,omitempty"`
	Text        string `json:"text,omitempty"`
	Body        []byte `json:"body,omitempty"` // of a version before: Text in base64
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(code int) {
	if r.status == 0 {
		r.status = code
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

func (s *Server) idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(keyHeader)
		if r.Method != http.MethodPost || len(r.Header.Values(keyHeader)) == 0 {
			next.ServeHTTP(w, r)
			return
		}
		if !goodKey.MatchString(key) {
			writeProblem(w, http.StatusUnprocessableEntity, "Idempotency-Key: 1 to 255 characters of ASCII, without spaces")
			return
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, MaxBodyBytes+1))
		if err != nil {
			writeProblem(w, http.StatusBadRequest, "the body could not be read")
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		a := answer{Path: r.URL.Path, Fingerprint: webcare.Digest([]byte(r.Method + "\n" + r.URL.RequestURI() + "\n" + webcare.Digest(body)))}
		name := webcare.Digest([]byte(userOf(r.Context()).ID + "\n" + key))
		stands, err := s.begin(r.Context(), name, a)
		switch {
		case err != nil:
			s.answerProblem(w, r, err)
		case stands == nil:
			s.first(w, r, next, name, a)
		case stands.Fingerprint != a.Fingerprint:
			writeProblem(w, http.StatusUnprocessableEntity, "Idempotency-Key: another call was made with it")
		case stands.Status == 0:
			w.Header().Set("Retry-After", "1")
			writeProblem(w, http.StatusConflict, "the first call with this Idempotency-Key is still under way")
		default:
			w.Header().Set(replayHeader, "true")
			if stands.Type != "" {
				w.Header().Set(contentType, stands.Type)
			}
			w.WriteHeader(stands.Status)
			_, _ = w.Write(append(stands.Body, stands.Text...)) // a client that hung up needs no answer
		}
	})
}

// begin takes the key, or returns what stands under it.
func (s *Server) begin(ctx context.Context, name string, a answer) (*answer, error) {
	now := s.cfg.Now()
	b, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	err = s.store.Records.Put(ctx, webcare.Record{Kind: keyKind, Key: name, Body: b, Expires: now.Add(underWay)}, now)
	if !errors.Is(err, webcare.ErrConflict) {
		return nil, err
	}
	rec, err := s.store.Records.Get(ctx, keyKind, name, now)
	if errors.Is(err, webcare.ErrNotFound) {
		return nil, webcare.Unavailablef("the first call ended just now")
	}
	if err != nil {
		return nil, err
	}
	var have answer
	return &have, json.Unmarshal(rec.Body, &have)
}

// first makes the call and stores its answer, unless trying again may bring
// another one. What cannot be stored is answered all the same: the call is done.
func (s *Server) first(w http.ResponseWriter, r *http.Request, next http.Handler, name string, a answer) {
	rec := &recorder{header: w.Header().Clone()}
	next.ServeHTTP(rec, r)
	rec.WriteHeader(http.StatusOK)
	ctx, now := context.WithoutCancel(r.Context()), s.cfg.Now()
	var err error
	if !keeps(rec) {
		err = s.store.Records.Remove(ctx, keyKind, name)
	} else {
		a.Status, a.Type, a.Text = rec.status, rec.header.Get(contentType), rec.body.String()
		var b []byte
		if b, err = json.Marshal(a); err == nil {
			err = s.store.Records.Put(ctx, webcare.Record{Kind: keyKind, Key: name, Version: 1, Body: b, Expires: now.Add(keepAnswers)}, now)
		}
	}
	if err != nil {
		s.cfg.Log.WarnContext(ctx, "an answer is not kept", "err", err)
	}
	maps.Copy(w.Header(), rec.header)
	w.WriteHeader(rec.status)
	_, _ = w.Write(rec.body.Bytes()) // a client that hung up needs no answer
}

// keeps reports whether an answer is worth keeping: what may end otherwise the
// next time is not, nor what was refused for its form, which it is again and
// which quotes what no case holds.
func keeps(rec *recorder) bool {
	switch rec.status {
	case http.StatusTooManyRequests, http.StatusBadRequest, http.StatusUnprocessableEntity:
		return false
	}
	return rec.status < http.StatusInternalServerError && rec.body.Len() <= maxKept && utf8.Valid(rec.body.Bytes())
}

// answerProblem writes an error as the problem it is.
func (s *Server) answerProblem(w http.ResponseWriter, r *http.Request, err error) {
	var p *Problem
	if errors.As(s.problem(r.Context(), err), &p) {
		writeProblem(w, p.Status, p.Detail)
	}
}
