package run

import (
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdaurl"
)

// Serve answers the requests of a function URL with the same handler that a
// laptop would, wired as Start does. URLs of functions must have the invoke mode
// RESPONSE_STREAM.
func Serve(wire func() http.Handler) {
	lambda.StartHandlerFunc(lambdaurl.Wrap(Cookies(wire())))
}

// RenewedHandler is a handler that is made again when its secret was renewed.
func RenewedHandler(w *Wired, name string, f func(value string) (http.Handler, error)) http.Handler {
	now := Renewed(w, name, f)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { now().ServeHTTP(rw, r) })
}

// Cookies puts the cookies, which Lambda hands over beside the headers (Lambda
// Developer Guide, "Invoking Lambda function URLs", request payload), where
// handlers look for them.
func Cookies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if req, ok := lambdaurl.RequestFromContext(r.Context()); ok && len(req.Cookies) > 0 {
			r.Header.Set("Cookie", strings.Join(req.Cookies, "; "))
		}
		h.ServeHTTP(w, r)
	})
}
