// Package channel is the seam between the platforms where people complain and
// the rest of the responder: what a channel hands in, what it is told, how
// often it is asked, and how one sees that it is ill.
//
// # A tour
//
//   - source.go: Item (a message with its thread), Source (a channel that is
//     asked), Hook (a channel that calls), Rechecker, and the kinds of trouble.
//   - intake.go: which items become messages of a case. The brand's own posts
//     never open a case; what a colleague posts in the platform's own app joins
//     the case of the post it answers; a bystander's reply is taken only where
//     it tells a problem of its own or asks something (aside.go); edits and
//     deletions are revisions, whatever order they come in.
//   - poller.go: every source at its own pace, from a cursor that is saved only
//     after what came before it is stored; one that fails waits alone.
//   - health.go: what is known of each channel, in words with what to do; also
//     for processes that do not have the channels' secrets.
//   - stream.go: reading a list that comes newest first, without gaps.
//   - page.go: a post's HTML as the text its readers see.
//
// Package rest below calls platforms; mastodon, bluesky, imap and so on are the
// channels, each with a page in its package comment: what to click, which
// scopes, which variables. What a channel lets us post, and until when, is
// guard.PostingOf: it is asked before a draft is made. Package connect makes those a brand file names.
// Package fakes plays the platforms for tests and for trying out; nothing that
// serves customers imports it.
//
// # What every channel promises
//
// A poll from a saved cursor misses nothing and may repeat: intake's claims
// make each message be taken once. Publishers tell a reply that was definitely
// not taken (webcare.ErrUnavailable, ErrRefused, ErrInvalid) from one nobody
// knows of (any other error), and say in Class what can be done then. No
// error carries a secret or a customer's text. Package channeltest holds all
// of them to it.
package channel
