// Package rest calls the HTTP interfaces of platforms and says what came of a
// call in the terms that publishing needs: definitely not taken, refused, or
// nobody knows. No error carries a secret, an address with a query, or more of
// the platform's answer than its own error message.
//
// Start at Client.Read and Client.Post.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 8 << 20

// Client calls one platform with one brand's credentials.
type Client struct {
	Platform string // as people call it, for error texts
	Base     string // https://host, no slash at the end
	HTTP     *http.Client
	// Sign adds the credentials to a request.
	Sign    func(*http.Request)
	Secrets []string // never to stand in an error
	Todo    string   // what a person does when the credentials have expired
	Now     func() time.Time
	// Expired reports answers by which this platform says that the credentials
	// are no longer good, beside status 401; nil for none.
	Expired func(code int, body []byte) bool
	// Limited reports answers by which this platform asks to wait, beside status
	// 429, and how long; nil for none.
	Limited func(res *http.Response, body []byte) (time.Duration, bool)
}

// Call is one request.
type Call struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   any // JSON, or url.Values for a form; nil for none
	Out    any // decoded from JSON; nil to ignore
}

// StatusError is an answer that is no success.
type StatusError struct {
	Platform string
	Code     int
	Message  string // the platform's own words, cleaned
	Body     []byte // the beginning of the answer
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("%s answers %d", e.Platform, e.Code)
	if e.Message != "" {
		s += ": " + e.Message
	}
	return s
}

// unsentError: the request did not leave this machine.
type unsentError struct{ err error }

func (e *unsentError) Error() string { return e.err.Error() }

// Read makes a call that changes nothing. Errors are channel.LimitError,
// channel.CredentialError, ErrNotFound, ErrInvalid (an answer that is not what
// it should be), else ErrUnavailable.
func (c *Client) Read(ctx context.Context, call Call) (http.Header, error) {
	if call.Method == "" {
		call.Method = http.MethodGet
	}
	h, err := c.do(ctx, call)
	var st *StatusError
	switch {
	case err == nil || errors.Is(err, webcare.ErrUnavailable) || errors.Is(err, webcare.ErrInvalid):
		return h, err
	case errors.As(err, &st) && (st.Code == http.StatusNotFound || st.Code == http.StatusGone):
		return h, fmt.Errorf("%w: %w", webcare.ErrNotFound, err)
	case ctx.Err() != nil:
		return h, ctx.Err()
	}
	return h, fmt.Errorf("%w: %w", webcare.ErrUnavailable, err)
}

// Post makes a call that posts. ErrUnavailable: definitely not taken;
// ErrRefused: never will be; any other error: nobody knows.
func (c *Client) Post(ctx context.Context, call Call) (http.Header, error) {
	if call.Method == "" {
		call.Method = http.MethodPost
	}
	h, err := c.do(ctx, call)
	var st *StatusError
	var unsent *unsentError
	switch {
	case err == nil || errors.Is(err, webcare.ErrUnavailable):
		return h, err
	case errors.As(err, &unsent):
		return h, fmt.Errorf("%w: %w", webcare.ErrUnavailable, err)
	case errors.As(err, &st) && st.Code >= 400 && st.Code < 500 && st.Code != http.StatusRequestTimeout && st.Code != http.StatusConflict && st.Code != 425:
		return h, fmt.Errorf("%w: %w", webcare.ErrRefused, err)
	case errors.Is(err, webcare.ErrInvalid): // a success that cannot be read is taken all the same
		return h, errors.New(err.Error())
	}
	return h, err
}

func (c *Client) do(ctx context.Context, call Call) (http.Header, error) {
	req, err := c.request(ctx, call)
	if err != nil {
		return nil, err
	}
	var began atomic.Bool
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{WroteHeaders: func() { began.Store(true) }}))
	res, err := c.HTTP.Do(req)
	if err != nil {
		err = errors.New(c.Platform + ": " + c.safe(why(err)))
		if !began.Load() {
			return nil, &unsentError{err}
		}
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return res.Header, fmt.Errorf("%s: the answer broke off", c.Platform)
	}
	if len(body) > maxAnswer {
		return res.Header, webcare.Invalidf("%s: an answer above %d bytes", c.Platform, maxAnswer)
	}
	if res.StatusCode/100 != 2 && res.StatusCode != http.StatusNotModified {
		return res.Header, c.failure(res, body)
	}
	if call.Out == nil || res.StatusCode == http.StatusNotModified {
		return res.Header, nil
	}
	if raw, ok := call.Out.(*[]byte); ok {
		*raw = body
		return res.Header, nil
	}
	if err := json.Unmarshal(body, call.Out); err != nil {
		return res.Header, webcare.Invalidf("%s: the answer is not the JSON it should be", c.Platform)
	}
	return res.Header, nil
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	var body io.Reader
	kind := ""
	switch b := call.Body.(type) {
	case nil:
	case url.Values:
		body, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		body, kind = bytes.NewReader(raw), "application/json"
	}
	target := c.Base + call.Path
	if len(call.Query) > 0 {
		target += "?" + call.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, target, body)
	if err != nil {
		return nil, webcare.Invalidf("%s: no such address", c.Platform)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "webcare-responder")
	for k, vs := range call.Header {
		req.Header[k] = vs
	}
	if c.Sign != nil {
		c.Sign(req)
	}
	return req, nil
}

// failure words an answer that is no success.
func (c *Client) failure(res *http.Response, body []byte) error {
	st := &StatusError{Platform: c.Platform, Code: res.StatusCode, Message: c.safe(message(body)), Body: body[:min(len(body), 4<<10)]}
	if c.Limited != nil {
		if wait, is := c.Limited(res, body); is {
			return fmt.Errorf("%s: %w", c.Platform, &channel.LimitError{Until: c.Now().Add(wait)})
		}
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("%s: %w", c.Platform, &channel.LimitError{Until: c.until(res.Header)})
	case res.StatusCode == http.StatusUnauthorized, c.Expired != nil && c.Expired(res.StatusCode, body):
		w := "the token has expired or was withdrawn"
		if st.Message != "" {
			w += ": " + st.Message
		}
		return &channel.CredentialError{Why: c.Platform + ": " + w, Todo: c.Todo}
	}
	return st
}

// until reads how long to wait: Retry-After in seconds or as a date (RFC 9110,
// 10.2.3), X-RateLimit-Reset as a date (Mastodon), ratelimit-reset in Unix
// seconds (Bluesky). A minute without; a day at most.
func (c *Client) until(h http.Header) time.Time {
	now := c.Now()
	t := now.Add(time.Minute)
	if v := h.Get("Retry-After"); v != "" {
		if n, err := strconv.Atoi(v); err == nil && n >= 0 {
			t = now.Add(time.Duration(min(n, 86400)) * time.Second)
		} else if d, err := http.ParseTime(v); err == nil {
			t = d
		}
	} else if v := h.Get("X-RateLimit-Reset"); v != "" {
		if d, err := time.Parse(time.RFC3339, v); err == nil {
			t = d
		}
	} else if v := h.Get("Ratelimit-Reset"); v != "" {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			t = time.Unix(n, 0)
		}
	}
	if t.After(now.Add(24 * time.Hour)) {
		t = now.Add(24 * time.Hour)
	}
	return t
}

// message finds the platform's own words in an answer: {"error":"..."},
// {"message":"..."}, {"error":{"message":"..."}}.
func message(body []byte) string {
	var o struct {
		Error   json.RawMessage `json:"error"`
		Message string          `json:"message"`
	}
	if json.Unmarshal(body, &o) != nil {
		return ""
	}
	var inner struct {
		Message string `json:"message"`
	}
	var word string
	switch {
	case json.Unmarshal(o.Error, &word) == nil && o.Message != "":
		return word + ": " + o.Message
	case word != "":
		return word
	case json.Unmarshal(o.Error, &inner) == nil && inner.Message != "":
		return inner.Message
	}
	return o.Message
}

// safe is a text on one line, short, without secrets.
func (c *Client) safe(s string) string {
	for _, secret := range c.Secrets {
		if len(secret) >= 4 {
			s = strings.ReplaceAll(s, secret, "[...]")
		}
	}
	return plain.Clip(plain.Line(s), 300)
}

// why drops the address from an error of the HTTP client: it may hold a token.
func why(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return "no answer in time"
		}
		err = u.Err
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Op + ": " + op.Err.Error()
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the connection was cut"
	}
	return err.Error()
}

// Signed makes a call with a token that sign gives; one that was turned down
// for its token is made once more, with another than the stale one.
func Signed(ctx context.Context, sign func(ctx context.Context, stale string) (string, error), call func(token string) error) error {
	stale := ""
	for try := 0; ; try++ {
		token, err := sign(ctx, stale)
		if err != nil {
			return Unsent(err)
		}
		err = call(token)
		var expired *channel.CredentialError
		if !errors.As(err, &expired) || try > 0 {
			return err
		}
		stale = token
	}
}

// Unsent marks what failed before a call was made: it left nothing behind.
func Unsent(err error) error {
	if errors.Is(err, webcare.ErrUnavailable) {
		return err
	}
	return webcare.Unavailablef("signing in: %w", err)
}
