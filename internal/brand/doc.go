// Package brand reads a brand file: one YAML file that says who a brand is,
// how it speaks, when it is open, who may promise what, and what it actually
// does for a customer who met friction.
//
// # A tour
//
//   - file.go, playbook.go: the file as Go types; the field names are the keys.
//   - load.go: reading it. Every mistake is reported, each with file, line and field.
//   - validate.go, validate_playbook.go: what must hold beyond the types.
//   - calendar.go, clock.go: working days, opening hours over daylight saving
//     time, when an answer or a promise is due. The time is always an argument.
//   - words.go: a date as a person says it ("donderdag 26 november").
//   - register.go: texts that read "je" or "u" from one source.
//   - sample.go: the complete Dutch and English sample brand, embedded.
//
// A Brand is never changed after Load and is safe for concurrent use.
// Secrets never stand in a brand file: it names where they are.
package brand
