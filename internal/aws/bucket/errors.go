package bucket

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/smithy-go"
)

// refusedError is S3's answer that a call failed. It is a smithy.APIError, as those
// of the SDK's clients are, and carries what the retryer asks for.
type refusedError struct {
	Code    string `xml:"Code"`
	Message string `xml:"Message"`
	status  int
}

var _ smithy.APIError = (*refusedError)(nil)

func (e *refusedError) Error() string {
	return fmt.Sprintf("S3: %d %s %s", e.status, e.Code, e.Message)
}
func (e *refusedError) ErrorCode() string    { return e.Code }
func (e *refusedError) ErrorMessage() string { return e.Message }
func (e *refusedError) HTTPStatusCode() int  { return e.status }

// ErrorFault implements smithy.APIError.
func (e *refusedError) ErrorFault() smithy.ErrorFault {
	if e.status >= http.StatusInternalServerError {
		return smithy.FaultServer
	}
	return smithy.FaultClient
}

// brokenError is a call without an answer: of these calls any may be repeated.
type brokenError struct{ error }

func (e *brokenError) Unwrap() error         { return e.error }
func (e *brokenError) ConnectionError() bool { return true }

// refusal reads a failed call's answer. One to HEAD has no body: its status is
// the code.
func refusal(method string, res *http.Response) error {
	e := &refusedError{status: res.StatusCode}
	if method != http.MethodHead {
		body, err := io.ReadAll(io.LimitReader(res.Body, maxError))
		if err != nil {
			return &brokenError{err}
		}
		_ = xml.Unmarshal(body, e) // a gateway's page is no XML: the status remains
	}
	if e.Code == "" {
		e.Code = http.StatusText(res.StatusCode)
		if res.StatusCode == http.StatusNotFound {
			e.Code = "NotFound"
		}
	}
	return e
}
