// Package mail is the mail channel: it reads what customers send, writes what
// a person approved, and moves both over SMTP.
//
// Reading starts at Parse. Whatever the bytes are, it answers with a message
// that a person can read: headers decoded and cleaned, the customer's new words
// apart from quoted history (Cut), attachments listed, threads named, and
// machine-written mail recognised so that it is never answered. Nothing in it
// panics, recurses without bound or grows faster than its input; what was
// wrong with the mail stands in the message's warnings, and the raw bytes are
// kept by the caller.
//
// Writing starts at Compose, which turns an approved reply into one mail whose
// bytes depend on its arguments alone. Two publishers carry it: SMTP hands it
// to a submission server and is blind, Outbox writes it as a file.
//
// Server takes mail in over SMTP and answers 250 only once the mail is stored.
//
// The package keeps no state and asks no clock: times are arguments.
package mail
