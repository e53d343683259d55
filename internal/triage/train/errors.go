package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// writeErrors lists the messages whose friction types differ from their
// labels, so that a person can tell a weak model from a wrong label.
func writeErrors(name string, all []*prepared, w *model.Weights, c crossed) error {
	if name == "" {
		return nil
	}
	var b strings.Builder
	for i, p := range all {
		lines := differences(p, w, c.types[i])
		if p.Complaint() != c.held[i][0] {
			lines = append(lines, fmt.Sprintf("complaint: labelled %v, given %v", p.Complaint(), c.held[i][0]))
		}
		if len(lines) > 0 {
			fmt.Fprintf(&b, "%s %s\n  %q\n    %s\n", p.Source, p.Kind, p.Text, strings.Join(lines, "\n    "))
		}
	}
	return os.WriteFile(name, []byte(b.String()), 0o644)
}

func differences(p *prepared, w *model.Weights, scores []int32) []string {
	var lines []string
	for t, name := range webcare.FrictionTypes() {
		is := slices.Contains(p.Types(), name)
		margin := float64(scores[t]-w.Types[t].Threshold) / model.Unit
		switch given := margin >= 0; {
		case is && !given:
			lines = append(lines, fmt.Sprintf("missed %s %+.1f", name, margin))
		case given && !is:
			lines = append(lines, fmt.Sprintf("extra  %s %+.1f", name, margin))
		}
	}
	return lines
}
