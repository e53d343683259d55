// Package guard checks a reply before it leaves: against what the customer
// wrote, against the resolution that was chosen, and against the brand's
// voice. It checks every reply, whoever wrote it, and shows each finding at
// its place in the text. Blocking findings must be fixed before approval;
// warnings may be overridden by a person.
//
// # A tour
//
//   - input.go: Input, what a check needs to know; Voice, what the brand asks.
//   - check.go: Check and the table of the rules, in their order.
//   - case.go: CheckDraft, with everything taken from a case and a brand.
//   - reading.go: a reply cut into words, segments and sentences, once.
//   - phrase.go: the small pattern language in which the rules are written.
//   - one file a rule, named for what it asks: specific.go (1), apology.go (2),
//     action.go (3), question.go (4), bounce.go (5), process.go (6),
//     register.go (7), signature.go (8), promise.go, promise_words.go and
//     promise_sense.go (9), personal.go and intimate.go (10),
//     length.go (11), link.go (12), duplicate.go (13), tone.go (14) with stakes.go.
//
// # Promises
//
// Check is deterministic, reads no clock and no network, and never panics on
// any bytes. Offsets count UTF-8 bytes into the reply and fall on the start of
// a rune where the reply is valid UTF-8. The rules know Dutch and English; in
// other languages those that need no words of their own still hold: length,
// links, numbers, near-duplicates, language, emoji.
package guard
