// Package llm talks to any OpenAI-compatible endpoint, Azure's among them, and
// to nothing else: it knows neither brands nor cases.
//
// # A tour
//
//   - client.go: Client.Ask, one question with one answer that fits a schema.
//   - config.go: Config, what an installation sets.
//   - schema.go: Schema, what is asked for, in the order in which it is written.
//   - check.go: Schema.Check, whether an answer is that and nothing else.
//   - attempt.go: one call: refusals, cut answers, token counts.
//   - errors.go: Error, why there is no answer, without a word of what was sent.
//   - retry.go: which failures are tried again and when; Retry-After.
//   - transport.go: bounds on what is read, no redirects.
//   - budget.go: what a brand may spend in a day, kept in webcare.Records.
//   - redact.go, find.go, names.go: names and numbers out, before a text leaves.
//   - vault.go: and back in afterwards.
//   - anonymous.go: the same without a way back, for examples.
//   - llmtest: a scripted server for tests of everything that asks a model.
//
// # Promises
//
// Neither the key nor any text sent or received stands in an error or a log
// line; both carry reasons, statuses, sizes and counts. A call ends within
// Config.Total, whatever the endpoint does. A brand never begins a call that
// its budget of the day does not cover. What comes back is exactly the schema
// or an error.
package llm
