// Package triage says what happened to a customer: the friction types with
// their evidence, complaint or not, sentiment, urgency, signals, praise,
// facts, kind and language. It works in the binary, without network or key.
//
// # A tour
//
//   - engine.go: Engine, the offline triager, and what it embeds.
//   - decide.go: from scores to labels. evidence.go: from clauses to stretches.
//   - signals.go: what patterns know better than weights.
//   - combine.go: an offline and a language model's triage of one message.
//   - corrected.go: what people put right, as messages to learn from.
//   - validate.go: what a triage must be, whoever made it.
//   - model/: what is looked at in a text, and the weights.
//   - corpus/: labelled messages, read and written.
//   - train/: the command that learns the weights from testdata/corpus.
//   - eval/: how well an engine does on labelled messages.
//
// # Promises
//
// The same text gives the same triage on every machine: weights and sums are
// integers. Every label points at text: offsets count UTF-8 bytes into what
// was given. Any bytes of any length are triaged, in time linear in their
// length; of a text over 256 kB the first part speaks for all.
//
//go:generate go run ./train -corpus ../../testdata/corpus -out weights.bin
package triage
