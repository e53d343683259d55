// Package webcare holds the nouns, the state machine, the error kinds and the
// ports of a webcare responder: software that picks up complaints, says what
// kind of friction the customer met, drafts a reply with a concrete
// resolution, and queues that draft for a person. Nothing is posted that a
// person did not approve, word for word.
//
// # A tour
//
// Read the files in this order.
//
//   - message.go, triage.go, draft.go, decision.go, promise.go: the nouns.
//   - case.go: the Head (small, versioned) and its append-only children.
//   - change.go and transitions*.go: every legal step of a case. A Change is
//     begun on a loaded Case, mutated by methods that check the step, and
//     turned into one Save: head, children, events, tasks and uniqueness
//     claims that an adapter must commit together or not at all.
//   - ports.go: what an adapter promises. Package porttest holds it to that.
//   - store.go: loading and saving a whole case over the ports, the same on
//     every adapter.
//   - errors.go: the few error kinds that callers may tell apart.
//
// # Promises
//
// Time and randomness are arguments. No rule here reads a clock, a network or
// an environment. The package imports the standard library only.
//
// A reply leaves only through Change.BeginAttempt, which checks that a person
// with sufficient authority approved exactly the hash of what leaves, on the
// customer's latest message. The property tests walk random paths through the
// state machine and hold that.
package webcare
