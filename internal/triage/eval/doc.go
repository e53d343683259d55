// Package eval measures a triage engine on labelled messages.
//
//   - labelled.go: the labelled messages, JSON lines.
//   - measure.go: Measure runs an engine over them and counts.
//   - report.go: the Report, as a table; it is JSON as it stands.
//   - compare.go: two reports beside each other.
//
// Friction types are counted per message. Evidence counts where the type is
// right: it hits where it overlaps the labelled stretch, and is near where it
// lies in the same or a neighbouring sentence.
package eval
