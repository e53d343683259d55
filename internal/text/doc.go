// Package text answers what several stages ask of a text: which language it
// is in, where its words, sentences and clauses are, which facts the writer
// already gave, and which stretches are personal data.
//
// # A tour
//
//   - words.go: Words cuts a text into words, numbers, handles, links and
//     marks, each with its normal form (lower case, no accents).
//   - sentences.go: Sentences and Clauses, natural boundaries with offsets.
//   - quotes.go: Quotes, what stands between quotation marks: somebody else's words.
//   - language.go: Language says nl, en, de, fr, or "und" where it does not know.
//   - facts.go and the facts_*.go beside it: Facts, what must never be asked again.
//   - personal.go: Personal, what must not stand in public or leave for a language model.
//   - iban.go: ValidIBAN, with check digits.
//   - cut.go: Cut and Graphemes, lengths as a reader counts them.
//
// # Promises
//
// Every offset counts UTF-8 bytes into the given string, falls on the start of
// a rune where the string is valid UTF-8, and s[Start:End] is the stretch
// verbatim. No function fails or panics on any bytes. All run in time linear
// in the length of the text. Tables are built on first use, so importing the
// package costs a program nothing at start.
package text
