package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"webcare.example/responder/internal/webcare"
)

// Reason says in a few words why there is no answer. It goes into a draft's
// engine field, so that people see it.
type Reason string

// Reasons.
const (
	TimedOut      Reason = "timeout"
	Limited       Reason = "rate limited"
	Failing       Reason = "server error"
	Unreachable   Reason = "no connection"
	Cut           Reason = "answer cut off"
	TooLarge      Reason = "answer too large"
	Malformed     Reason = "answer is no JSON"
	OffSchema     Reason = "answer outside the schema"
	Declined      Reason = "refusal"
	Filtered      Reason = "content filter"
	BudgetSpent   Reason = "budget spent"
	BreakerOpen   Reason = "paused after failures"
	Denied        Reason = "key or access refused"
	Misconfigured Reason = "request refused"
	BudgetUnknown Reason = "budget cannot be read"
	Cancelled     Reason = "cancelled"
)

// Error says why there is no answer. It never wraps what the endpoint or the
// network said: that may repeat the key or the text.
type Error struct {
	Reason Reason
	Status int // of HTTP, 0 where there was none
	// Where says at which place of the answer, for OffSchema: "text", "frictions[2].type".
	Where string
}

func (e *Error) Error() string {
	s := "llm: " + string(e.Reason)
	if e.Status != 0 {
		s += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Where != "" {
		s += " at " + e.Where
	}
	return s
}

// Is puts the reason under one of webcare's kinds.
func (e *Error) Is(target error) bool {
	switch e.Reason {
	case Declined, Filtered:
		return target == webcare.ErrRefused
	case Denied:
		return target == webcare.ErrForbidden
	case Misconfigured:
		return target == webcare.ErrInvalid
	case Cancelled:
		return target == webcare.ErrUnavailable || target == context.Canceled
	}
	return target == webcare.ErrUnavailable
}

// ReasonOf returns the reason of an error in a few words, "failed" for one
// that is not of this package.
func ReasonOf(err error) Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return "failed"
}

// explain turns what a call returned into an Error, leaving its words behind.
func explain(ctx context.Context, err error) *Error {
	var own *Error
	var api *openai.APIError
	var request *openai.RequestError
	var network net.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return &Error{Reason: BreakerOpen}
	case errors.Is(ctx.Err(), context.Canceled):
		return &Error{Reason: Cancelled}
	case errors.Is(err, errTooLarge):
		return &Error{Reason: TooLarge}
	case errors.As(err, &api):
		return ofStatus(api.HTTPStatusCode, api.Code)
	case errors.As(err, &request):
		return ofStatus(request.HTTPStatusCode, nil)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return &Error{Reason: TimedOut}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Reason: Cut}
	case errors.As(err, &network):
		return &Error{Reason: Unreachable}
	}
	return &Error{Reason: Malformed}
}

func ofStatus(status int, code any) *Error {
	e := &Error{Status: status, Reason: Misconfigured}
	switch {
	case status == 429 && code == "insufficient_quota":
		e.Reason = Denied // paying helps, waiting does not
	case status == 429:
		e.Reason = Limited
	case status == 401 || status == 403:
		e.Reason = Denied
	case status == 408 || status == 504:
		e.Reason = TimedOut
	case status == 400 && code == "content_filter":
		e.Reason = Filtered // Azure says it with a status
	case status >= 500:
		e.Reason = Failing
	}
	return e
}
