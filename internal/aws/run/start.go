package run

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// Batch handles what a queue delivers.
type Batch = func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Start asks Lambda for events, and wires the function meanwhile: brand files
// are read, secrets fetched and templates made while the first event is on its
// way and its connection made. Events wait for it.
func Start[In, Out any](wire func() func(context.Context, In) (Out, error)) {
	ready := meanwhile(wire)
	lambda.Start(func(ctx context.Context, in In) (Out, error) { return ready()(ctx, in) })
}

// headStart lets the process ask for its first event before it begins to work:
// on a part of a processor the two would be in each other's way.
const headStart = 2 * time.Millisecond

// meanwhile begins to make something; what it returns waits for that.
func meanwhile[T any](make func() T) func() T {
	made := newOnce[T]()
	time.AfterFunc(headStart, func() { made.set(make) })
	return made.get
}

type once[T any] struct {
	done  chan struct{}
	value T
}

func newOnce[T any]() *once[T] { return &once[T]{done: make(chan struct{})} }

func (o *once[T]) set(f func() T) { o.value = f(); close(o.done) }
func (o *once[T]) get() T         { <-o.done; return o.value }
