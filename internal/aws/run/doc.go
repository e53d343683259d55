// Package run is what all functions on AWS share: the environment read into a
// struct, the store opened once per process, brand files, JSON logs, metrics,
// and the batches of tasks that SQS delivers. A function's main wires its one
// stage with it and starts.
//
// Start at Begin, then Wired.Tasks.
package run
