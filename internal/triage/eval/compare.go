package eval

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// Change is one figure of two reports.
type Change struct {
	Name   string  `json:"name"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// Compare lists the figures of a and b side by side: those of the whole
// first, then F1 per friction type and signal, where either has it.
func Compare(a, b Report) []Change {
	changes := []Change{
		{"friction micro F1", a.Micro.F1, b.Micro.F1},
		{"friction micro precision", a.Micro.Precision, b.Micro.Precision},
		{"friction micro recall", a.Micro.Recall, b.Micro.Recall},
		{"friction macro F1", a.MacroF1, b.MacroF1},
		{"evidence within a sentence", ratio(a.Evidence.Near, a.Evidence.Right), ratio(b.Evidence.Near, b.Evidence.Right)},
		{"complaint macro F1", a.ComplaintMacroF1, b.ComplaintMacroF1},
		{"no complaint, yet a friction", a.QuietWithFriction, b.QuietWithFriction},
		{"sentiment accuracy", a.SentimentAccuracy, b.SentimentAccuracy},
		{"urgency accuracy", a.UrgencyAccuracy, b.UrgencyAccuracy},
		{"critical found", a.CriticalFound, b.CriticalFound},
		{"signals F1", a.SignalsMicro.F1, b.SignalsMicro.F1},
		{"language accuracy", a.LanguageAccuracy, b.LanguageAccuracy},
		{"praise found", a.PraiseFound, b.PraiseFound},
		{"facts found", a.FactsFound, b.FactsFound},
	}
	changes = append(changes, compareRows("", a.Frictions, b.Frictions)...)
	return append(changes, compareRows("signal ", a.Signals, b.Signals)...)
}

func compareRows(prefix string, a, b []Row) []Change {
	var changes []Change
	for _, row := range a {
		changes = append(changes, Change{prefix + row.Label, row.F1, f1Of(b, row.Label)})
	}
	for _, row := range b {
		if !slices.ContainsFunc(a, func(r Row) bool { return r.Label == row.Label }) {
			changes = append(changes, Change{prefix + row.Label, 0, row.F1})
		}
	}
	return changes
}

func f1Of(rows []Row, label string) float64 {
	for _, r := range rows {
		if r.Label == label {
			return r.F1
		}
	}
	return 0
}

// WriteComparison writes what Compare gave, a mark where a figure moved by a hundredth or more.
func WriteComparison(out io.Writer, a, b Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\t%s\t%s\tchange\n", a.Engine, b.Engine)
	for _, c := range Compare(a, b) {
		mark := ""
		if math.Abs(c.After-c.Before) >= 0.01 {
			mark = "*"
		}
		fmt.Fprintf(w, "%s\t%.3f\t%.3f\t%+.3f%s\n", c.Name, c.Before, c.After, c.After-c.Before, mark)
	}
	return w.Flush()
}
