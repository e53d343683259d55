// Package draft writes replies: it picks a resolution from the brand's
// playbook and composes a text around it that a person can send.
//
// # A tour
//
//   - playbook.go: Playbook, the offline drafter. It is a webcare.Drafter; any
//     other drafter of this package stands beside it in files of its own and
//     may fall back on it.
//   - reading.go: what a request says, read once: language, register, facts,
//     who writes, what was asked of a new draft.
//   - choose.go: which resolution, with which parameters and authority.
//   - evidence.go, slots.go, money.go, things.go: the customer's own details.
//   - clause.go, quote.go: naming what went wrong with them, as a clause that
//     follows "sorry that", or in a few words verbatim.
//   - compose.go, mail.go, post.go: the parts of a reply in their order, for
//     mail and private messages, and for posts.
//   - sure.go: what the triage only guesses, and whom it happened to.
//   - instruct.go: what a person asked of a new draft ("te stijf", "korter");
//     unheeded.go says what of it was not followed.
//   - fit.go: whether it fits the channel.
//   - phrases.go and the folder phrases: the words themselves, as data.
//
// # Promises
//
// A draft promises nothing but its resolution. It never asks what the customer
// told already, has at most one question, and one apology. In public it holds
// no personal data: what needs them goes into the private half of a pair. The
// same case gives the same draft; another case another wording. No clock, no
// network and no randomness: the request brings the time.
package draft
