// Package mailin takes in mail that SES has put into the bucket. S3 tells a
// queue of each object; a mail that could not be stored stays in that queue and
// ends among its dead letters, while the object stays where it is.
package mailin

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
)

// Prefix is where the receipt rule puts mail.
const Prefix = "inbound/"

// Intake stores mails.
type Intake struct {
	Objects interface {
		Object(ctx context.Context, key string) ([]byte, error)
	}
	Receiver *receive.Receiver
	Options  func() mail.Options // as they are now: secrets are renewed
	Now      func() time.Time
	Log      *slog.Logger
}

// Handle takes in the mails of a batch of S3's notices.
func (in *Intake) Handle(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	var out events.SQSEventResponse
	for _, m := range e.Records {
		if err := in.notice(ctx, m.Body); err != nil {
			in.Log.ErrorContext(ctx, "a mail is not taken in", "message", m.MessageId, "err", err)
			out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
		}
	}
	return out, nil
}

// notice takes in the objects that one notice names. S3 also sends a test when
// it is told where to send notices; it names none.
func (in *Intake) notice(ctx context.Context, body string) error {
	var n struct {
		Event string
		events.S3Event
	}
	if err := json.Unmarshal([]byte(body), &n); err != nil {
		return webcare.Invalidf("notice: %v", err)
	}
	if len(n.Records) == 0 && n.Event != "s3:TestEvent" {
		return webcare.Invalidf("a notice without objects")
	}
	for _, r := range n.Records {
		key, err := url.QueryUnescape(r.S3.Object.Key)
		if err != nil || !strings.HasPrefix(key, Prefix) {
			return webcare.Invalidf("object key: not under %s", Prefix)
		}
		raw, err := in.Objects.Object(ctx, key)
		if err != nil {
			return err
		}
		res, err := in.Store(ctx, raw)
		if err != nil {
			return err
		}
		in.Log.InfoContext(ctx, "mail taken in", "case", res.CaseID, "duplicate", res.Duplicate)
	}
	return nil
}

// Store stores one mail. One whose Message-ID another mail already has is
// stored under an id of its own.
func (in *Intake) Store(ctx context.Context, raw []byte) (receive.Result, error) {
	opt := in.Options()
	opt.Now = in.Now()
	m := mail.Parse(raw, opt)
	res, err := in.receive(ctx, m, raw)
	if errors.Is(err, webcare.ErrConflict) {
		return in.receive(ctx, m.Renamed(), raw)
	}
	return res, err
}

func (in *Intake) receive(ctx context.Context, m mail.Parsed, raw []byte) (receive.Result, error) {
	return in.Receiver.Receive(ctx, receive.Item{Message: m.Message, Raw: raw, Files: m.Files, Parents: m.Parents, Claims: m.Claims})
}
