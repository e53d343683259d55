package webhook_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

const (
	secretA = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	secretB = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
)

var at = time.Unix(1_780_000_000, 0)

func secret(t *testing.T, s string) webhook.Secret {
	t.Helper()
	got, err := webhook.ParseSecret(s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestVerify(t *testing.T) {
	body := []byte(`{"id":"1","text":"Al drie weken geen kast"}`)
	signed := func(s string, at time.Time) http.Header {
		h, err := secret(t, s).Sign("msg_1", at, body)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	with := func(h http.Header, k, v string) http.Header { h.Set(k, v); return h }
	for _, tc := range []struct {
		name   string
		header http.Header
		body   string
		want   string // part of the error, "" for none
	}{
		{"good", signed(secretA, at), string(body), ""},
		{"second secret of a rotation", signed(secretB, at), string(body), ""},
		{"several signatures, one right", with(signed(secretA, at), "webhook-signature", "v1,AAAA v1a,BBBB "+signed(secretA, at).Get("webhook-signature")), string(body), ""},
		{"just in time", signed(secretA, at.Add(-5*time.Minute)), string(body), ""},
		{"too old", signed(secretA, at.Add(-5*time.Minute-time.Second)), string(body), "too old"},
		{"from the future", signed(secretA, at.Add(5*time.Minute+time.Second)), string(body), "future"},
		{"changed body", signed(secretA, at), string(body) + " ", "no signature matches"},
		{"changed id", with(signed(secretA, at), "webhook-id", "msg_2"), string(body), "no signature matches"},
		{"moved timestamp", with(signed(secretA, at), "webhook-timestamp", "1780000001"), string(body), "no signature matches"},
		{"no headers", http.Header{}, string(body), "needed"},
		{"timestamp in words", with(signed(secretA, at), "webhook-timestamp", "now"), string(body), "not a number"},
		{"other version", with(signed(secretA, at), "webhook-signature", strings.Replace(signed(secretA, at).Get("webhook-signature"), "v1,", "v2,", 1)), string(body), "no signature matches"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			id, err := webhook.Verify([]webhook.Secret{secret(t, secretA), secret(t, secretB)}, tc.header, []byte(tc.body), at)
			if tc.want == "" {
				if err != nil || id != "msg_1" {
					t.Fatalf("id %q, %v", id, err)
				}
				return
			}
			if !errors.Is(err, webcare.ErrForbidden) || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestParseSecret(t *testing.T) {
	for _, bad := range []string{"", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "whsec_!!!", "whsec_MDEyMzQ1"} {
		if _, err := webhook.ParseSecret(bad); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		} else if len(bad) > 10 && strings.Contains(err.Error(), bad[8:]) {
			t.Errorf("the error shows the secret: %v", err)
		}
	}
	if _, err := webhook.ParseSecret(webhook.NewSecret([32]byte{1, 2, 3})); err != nil {
		t.Errorf("a new secret: %v", err)
	}
}

// TestSpecificationVectors: the message and signatures of the specification's
// own libraries (standard-webhooks/libraries, go/webhook_test.go).
func TestSpecificationVectors(t *testing.T) {
	const (
		key     = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
		id      = "msg_p5jXN8AQM9LWM0D4loKWxJek"
		payload = `{"test": 2432232314}`
		right   = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
		wrong   = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
		other   = "v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
	)
	when := time.Unix(1614265330, 0)
	for signature, valid := range map[string]bool{right: true, wrong: false, wrong + " " + other + " " + right: true, strings.Replace(right, "v1,", "v2,", 1): false, "": false} {
		h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {"1614265330"}, "Webhook-Signature": {signature}}
		if _, err := webhook.Verify([]webhook.Secret{secret(t, key)}, h, []byte(payload), when); (err == nil) != valid {
			t.Errorf("%q: %v", signature, err)
		}
	}
	h, err := secret(t, key).Sign(id, when, []byte(payload))
	if err != nil || h.Get("webhook-signature") != right {
		t.Errorf("signed as %q, %v", h.Get("webhook-signature"), err)
	}
}
