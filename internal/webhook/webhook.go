// Package webhook signs, verifies and delivers messages as Standard Webhooks
// says (https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0): the
// headers webhook-id, webhook-timestamp and webhook-signature, HMAC-SHA256 over
// "id.timestamp.body", secrets written whsec_ and base64.
//
// The computation is the reference library's; time is an argument here, so
// that a verification can be repeated.
//
// # A tour
//
//   - webhook.go: secrets, Sign, Verify; what comes in is checked here.
//   - subscription.go: who wants to be told what, and where.
//   - announce.go: Courier.Announce turns an event into deliveries, each once.
//   - deliver.go: Courier.Handle makes one attempt and says when the next is.
//   - delivery.go: what is kept of a delivery; lists, ranges.
//   - owner.go: who hears of it when a receiver fails for long.
//   - lane.go: a slow endpoint holds up nobody else.
//   - payload.go, slack.go, schema.go: what is said, and its description.
//   - desk.go: signed addresses under which desks answer work orders.
//   - egress.go: calls never reach the inside of a network.
//
// A delivery is a record and a task of the notify stage. The record says what
// is known, the task when it is tried again; the record comes first, so that a
// crash between the two costs nothing but a second look.
package webhook

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	sw "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"webcare.example/responder/internal/webcare"
)

// Tolerance is how far a message's timestamp may be from now, either way.
const Tolerance = 5 * time.Minute

const prefix = "whsec_"

// Secret is a signing secret of 24 to 64 bytes.
type Secret struct{ hook *sw.Webhook }

// ParseSecret reads "whsec_" and base64. An error names no part of the secret.
func ParseSecret(s string) (Secret, error) {
	raw, ok := strings.CutPrefix(strings.TrimSpace(s), prefix)
	if !ok {
		return Secret{}, webcare.Invalidf("webhook secret: must begin with %q", prefix)
	}
	key, err := base64.StdEncoding.DecodeString(raw)
	if err != nil {
		return Secret{}, webcare.Invalidf("webhook secret: what follows %q is not base64", prefix)
	}
	if len(key) < 24 || len(key) > 64 {
		return Secret{}, webcare.Invalidf("webhook secret: %d bytes, must be 24 to 64", len(key))
	}
	hook, err := sw.NewWebhookRaw(key)
	return Secret{hook}, err
}

// NewSecret writes 32 random bytes as a secret.
func NewSecret(random [32]byte) string {
	return prefix + base64.StdEncoding.EncodeToString(random[:])
}

// Sign returns the headers for one attempt at delivering body at the time now.
func (s Secret) Sign(id string, now time.Time, body []byte) (http.Header, error) {
	sig, err := s.hook.Sign(id, now, body)
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	h.Set(sw.HeaderWebhookID, id)
	h.Set(sw.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	h.Set(sw.HeaderWebhookSignature, sig)
	return h, nil
}

// Verify checks a received body against any of the secrets: during a rotation
// two are valid. It returns the message's id. Errors are of kind ErrForbidden
// and say what is wrong, not what would be right.
func Verify(secrets []Secret, h http.Header, body []byte, now time.Time) (id string, err error) {
	id = h.Get(sw.HeaderWebhookID)
	stamp := h.Get(sw.HeaderWebhookTimestamp)
	if id == "" || stamp == "" || h.Get(sw.HeaderWebhookSignature) == "" {
		return "", webcare.Forbiddenf("webhook-id, webhook-timestamp and webhook-signature are needed")
	}
	sec, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return "", webcare.Forbiddenf("webhook-timestamp: not a number of seconds")
	}
	switch age := now.Sub(time.Unix(sec, 0)); {
	case age > Tolerance:
		return "", webcare.Forbiddenf("webhook-timestamp: too old")
	case age < -Tolerance:
		return "", webcare.Forbiddenf("webhook-timestamp: in the future")
	}
	for _, s := range secrets {
		if s.hook.VerifyIgnoringTimestamp(body, h) == nil {
			return id, nil
		}
	}
	return "", webcare.Forbiddenf("webhook-signature: no signature matches")
}
