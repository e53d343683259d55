package aws

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"webcare.example/responder/internal/webcare"
)

// failed returns the item that stood in the way of a condition, and whether
// err is a failed condition. The item is nil where there was none.
func failed(err error) (item, bool) {
	var c *types.ConditionalCheckFailedException
	if errors.As(err, &c) {
		return c.Item, true
	}
	return nil, false
}

// explain turns the SDK's errors into kinds: what AWS may answer differently
// in a moment is unavailable, what it will never take is invalid.
func explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "InternalServerError",
		"TransactionConflictException", "TransactionInProgressException", "ServiceUnavailable", "SlowDown", "InternalError":
		return webcare.Unavailablef("%w", err)
	case "ValidationException", "ItemCollectionSizeLimitExceededException", "EntityTooLarge", "KeyTooLongError":
		return webcare.Invalidf("%w", err)
	}
	return err
}
