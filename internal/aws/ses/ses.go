// Package ses sends approved replies with Amazon SES (API v2).
//
// SES replaces the Message-ID that a mail carries. What it answers is the
// local part of the new one: answers come back to <ID@REGION.amazonses.com>
// (us-east-1: <ID@email.amazonses.com>), so that is the id a case is found by.
package ses

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// timeout is how long one mail may take.
const timeout = 30 * time.Second

// Publisher sends a brand's mail. It is blind: SES has no key by which a repeat
// would be known, and no way to ask whether a mail was taken.
type Publisher struct {
	client *sesv2.Client
	region string
	set    string
	mail   mail.Config
}

var _ webcare.Publisher = (*Publisher)(nil)

// Client makes the client that brands share; endpoint is an emulator's address.
// It tries once: a repeat after a lost answer could send a mail twice.
func Client(cfg awssdk.Config, endpoint string) *sesv2.Client {
	return sesv2.NewFromConfig(cfg, func(o *sesv2.Options) {
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = 1 })
		o.HTTPClient = awshttp.NewBuildableClient().WithTimeout(timeout)
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	})
}

// New returns the publisher of one brand; set is a configuration set, "" for none.
func New(client *sesv2.Client, set string, cfg mail.Config) *Publisher {
	return &Publisher{client: client, region: client.Options().Region, set: set, mail: cfg}
}

// Class: an unknown outcome stays unknown.
func (p *Publisher) Class() webcare.PublishClass { return webcare.PublishClass{Timeout: timeout} }

// Find is never called: mail is not findable.
func (p *Publisher) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, webcare.Invalidf("a sent mail cannot be looked for")
}

// Publish sends the reply as the bytes that package mail composed.
func (p *Publisher) Publish(ctx context.Context, out webcare.Outgoing) (_ webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	m, err := mail.Compose(out, p.mail, p.mail.Now())
	if errors.Is(err, webcare.ErrInvalid) {
		return webcare.Receipt{}, webcare.Refusedf("%v", err)
	}
	if err != nil {
		return webcare.Receipt{}, webcare.Unavailablef("%v", err) // an attachment that cannot be read now
	}
	in := &sesv2.SendEmailInput{FromEmailAddress: &m.From, Destination: &types.Destination{ToAddresses: m.To},
		Content: &types.EmailContent{Raw: &types.RawMessage{Data: m.Raw}}}
	if p.set != "" {
		in.ConfigurationSetName = &p.set
	}
	res, err := p.client.SendEmail(ctx, in)
	if err != nil {
		return webcare.Receipt{}, outcome(err)
	}
	id := awssdk.ToString(res.MessageId) + "@" + p.domain()
	r := webcare.Receipt{ExternalID: id, ThreadIDs: []string{id, m.ID}}
	if len(p.mail.Secret) > 0 {
		r.ThreadIDs = append(r.ThreadIDs, mail.TokenClaim(out.CaseID).Name)
	}
	return r, nil
}

// domain is where SES says its Message-IDs are made.
func (p *Publisher) domain() string {
	if p.region == "us-east-1" {
		return "email.amazonses.com"
	}
	return p.region + ".amazonses.com"
}

// outcome says what a failed call means. An answer of SES is definite; what
// came of a call without one nobody knows.
func outcome(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "MessageRejected", "BadRequestException", "MailFromDomainNotVerifiedException", "NotFoundException":
		return webcare.Refusedf("SES: %s", api.ErrorCode())
	case "AccountSuspendedException", "SendingPausedException", "TooManyRequestsException", "LimitExceededException", "ThrottlingException",
		"AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException":
		return webcare.Unavailablef("SES: %s", api.ErrorCode())
	}
	return err // an internal failure may have taken the mail
}
