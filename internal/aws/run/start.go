package run

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// Batch handles what a queue delivers.
type Batch = func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Start wires the function and then asks Lambda for events: while it starts, a
// function has a whole processor, later its share of one. Work put off to the
// first event would only be hidden from the start, and dearer.
func Start[In, Out any](wire func() func(context.Context, In) (Out, error)) { lambda.Start(wire()) }
