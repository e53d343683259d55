package llm

import (
	"context"
	"errors"
	"io"
	"net/http"
)

var errTooLarge = errors.New("response body over its bound")

// bounded is the transport under every call. It refuses redirects, which would
// carry the conversation to another host, reads no more than most bytes, and
// notes Retry-After for whoever asked.
type bounded struct {
	next http.RoundTripper
	most int64
}

// notesKey finds the call's notes in its context.
type notesKey struct{}

// notes is what a call learns beside its answer.
type notes struct{ retryAfter string }

func withNotes(ctx context.Context) (context.Context, *notes) {
	n := new(notes)
	return context.WithValue(ctx, notesKey{}, n), n
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if n, ok := r.Context().Value(notesKey{}).(*notes); ok {
		n.retryAfter = res.Header.Get("Retry-After")
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		res.Body.Close()
		return nil, &Error{Reason: Misconfigured, Status: res.StatusCode}
	}
	res.Body = &boundedBody{ReadCloser: res.Body, left: b.most}
	return res, nil
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
