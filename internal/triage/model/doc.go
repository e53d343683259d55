// Package model holds the linear model that triage scores with: what it looks
// at in a text, and the trained weights.
//
//   - document.go: a Document is a text cut into words and clauses, with the
//     concepts that its words carry.
//   - lexicon.go and lexicon.txt: the concepts, in Dutch and English, some
//     German and French. They let the model learn "promised ... call ... not"
//     once for all ways to say it.
//   - features.go: the features of one clause and of a window of sentences.
//   - weights.go: the weights as they stand in the file, read in place.
//
// Weights and sums are integers, so that every machine finds the same scores.
package model
