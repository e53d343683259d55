// Package house holds the rules of the house, as tests: who may import whom,
// what a deployable may link, that every package opens with a guide, how long
// files may be, and what lies at the top of the repository. It has no code of
// its own; a rule that is only written down does not last.
package house
