// Package inbox is the generic channel: messages that other systems push or
// export. It reads what is imported from files (Read, Files) and decodes what
// is pushed over HTTP (DecodeHook); both take the same object, Post.
//
// Readers hand out one Entry at a time and hold no more than one in memory, so
// a file may be larger than the machine. What is wrong with an entry is an
// error of kind ErrInvalid that names file and line; reading goes on after it.
// Mails, in files of their own or in an mbox, come out as bytes, for package
// mail to parse.
package inbox
