package hook_test

import (
	"errors"
	"net/http"
	"testing"

	"webcare.example/responder/internal/channel/meta"
	"webcare.example/responder/internal/webcare"
)

// TestHubSignature: the value that GitHub documents for X-Hub-Signature-256
// ("Validating webhook deliveries: testing the webhook payload validation"),
// which Meta computes in the same way over the raw body. What is signed there
// is no JSON, so a right signature gets as far as being read.
func TestHubSignature(t *testing.T) {
	const (
		secret = "It's a Secret to Everybody"
		body   = "Hello, World!"
		right  = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	)
	for _, tc := range []struct {
		name, secret, signature, body string
		want                          error
	}{
		{"as documented", secret, "sha256=" + right, body, webcare.ErrInvalid},
		{"another body", secret, "sha256=" + right, body + " ", webcare.ErrForbidden},
		{"another secret", secret + " ", "sha256=" + right, body, webcare.ErrForbidden},
		{"half of it", secret, "sha256=" + right[:32], body, webcare.ErrForbidden},
		{"no hex", secret, "sha256=" + right[:63] + "x", body, webcare.ErrForbidden},
		{"none", secret, "", body, webcare.ErrForbidden},
		{"no secret configured", "", "sha256=" + right, body, webcare.ErrForbidden},
	} {
		h := &meta.Hook{AppSecret: tc.secret}
		if _, err := h.Decode(http.Header{"X-Hub-Signature-256": {tc.signature}}, []byte(tc.body)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}
