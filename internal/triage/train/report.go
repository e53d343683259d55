package main

import (
	"fmt"
	"io"
	"slices"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// printReport says how well messages were labelled by models that had not seen them.
func printReport(out io.Writer, all []*prepared, w *model.Weights, c crossed) {
	types := webcare.FrictionTypes()
	tp, fp, fn := make([]int, len(types)), make([]int, len(types)), make([]int, len(types))
	perLang := map[string]*[3]int{}
	noise, calm := 0, 0
	for i, p := range all {
		l := perLang[p.Language]
		if l == nil {
			l = &[3]int{}
			perLang[p.Language] = l
		}
		any := false
		for t := range types {
			is, given := slices.Contains(p.Types(), types[t]), c.given[i][t]
			any = any || given
			switch {
			case is && given:
				tp[t]++
				l[0]++
			case given:
				fp[t]++
				l[1]++
			case is:
				fn[t]++
				l[2]++
			}
		}
		if !p.Complaint() {
			calm++
			if any {
				noise++
			}
		}
	}
	a, b, miss, macro := 0, 0, 0, 0.0
	for t := range types {
		fmt.Fprintf(out, "%-24s n=%4d  P %.2f  R %.2f  F1 %.2f\n", types[t], tp[t]+fn[t], ratio(tp[t], tp[t]+fp[t]), ratio(tp[t], tp[t]+fn[t]), f1(tp[t], fp[t], fn[t]))
		a, b, miss = a+tp[t], b+fp[t], miss+fn[t]
		macro += f1(tp[t], fp[t], fn[t]) / float64(len(types))
	}
	fmt.Fprintf(out, "%d messages; micro P %.3f R %.3f F1 %.3f, macro F1 %.3f; non-complaints with a friction %.3f\n", len(all), ratio(a, a+b), ratio(a, a+miss), f1(a, b, miss), macro, ratio(noise, calm))
	for _, l := range []string{"nl", "en", "de", "fr"} {
		if v := perLang[l]; v != nil {
			fmt.Fprintf(out, "  %s F1 %.3f", l, f1(v[0], v[1], v[2]))
		}
	}
	fmt.Fprintln(out)
	reportComplaint(out, all, c)
	reportSecond(out, all, c)
}

func reportSecond(out io.Writer, all []*prepared, c crossed) {
	for o, label := range model.MessageOutputs() {
		tp, fp, fn := 0, 0, 0
		for i, p := range all {
			given := c.held[i][o]
			switch is := p.is(label); {
			case is && given:
				tp++
			case given:
				fp++
			case is:
				fn++
			}
		}
		fmt.Fprintf(out, "%-26s n=%4d  P %.2f  R %.2f  F1 %.2f\n", label, tp+fn, ratio(tp, tp+fp), ratio(tp, tp+fn), f1(tp, fp, fn))
	}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// reportComplaint gives the mean of F1 over complaints and the others.
func reportComplaint(out io.Writer, all []*prepared, c crossed) {
	var n [2][2]int
	for i, p := range all {
		n[bit(p.Complaint())][bit(c.held[i][0])]++
	}
	fmt.Fprintf(out, "complaint macro F1 %.3f\n", (f1(n[1][1], n[0][1], n[1][0])+f1(n[0][0], n[1][0], n[0][1]))/2)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
