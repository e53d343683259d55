package main

import (
	"fmt"
	"io"
	"slices"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

// printReport says how well messages were labelled by models that had not seen them.
func printReport(out io.Writer, all []*prepared, w *model.Weights, raws []model.Raw) {
	types := webcare.FrictionTypes()
	tp, fp, fn := make([]int, len(types)), make([]int, len(types)), make([]int, len(types))
	perLang := map[string]*[3]int{}
	noise, quiet := 0, 0
	for i, p := range all {
		l := perLang[p.Language]
		if l == nil {
			l = &[3]int{}
			perLang[p.Language] = l
		}
		scores := w.TypeScores(raws[i])
		any := false
		for t := range types {
			is, given := slices.Contains(p.Types(), types[t]), scores[t] >= w.Types[t].Threshold
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
			quiet++
			if any {
				noise++
			}
		}
	}
	a, b, c, macro := 0, 0, 0, 0.0
	for t := range types {
		fmt.Fprintf(out, "%-24s n=%4d  P %.2f  R %.2f  F1 %.2f\n", types[t], tp[t]+fn[t], ratio(tp[t], tp[t]+fp[t]), ratio(tp[t], tp[t]+fn[t]), f1(tp[t], fp[t], fn[t]))
		a, b, c = a+tp[t], b+fp[t], c+fn[t]
		macro += f1(tp[t], fp[t], fn[t]) / float64(len(types))
	}
	fmt.Fprintf(out, "%d messages; micro P %.3f R %.3f F1 %.3f, macro F1 %.3f; non-complaints with a friction %.3f\n", len(all), ratio(a, a+b), ratio(a, a+c), f1(a, b, c), macro, ratio(noise, quiet))
	for _, l := range []string{"nl", "en", "de", "fr"} {
		if v := perLang[l]; v != nil {
			fmt.Fprintf(out, "  %s F1 %.3f", l, f1(v[0], v[1], v[2]))
		}
	}
	fmt.Fprintln(out)
	reportSecond(out, all, w, raws)
}

func reportSecond(out io.Writer, all []*prepared, w *model.Weights, raws []model.Raw) {
	for _, s := range w.Second {
		tp, fp, fn := 0, 0, 0
		for i, p := range all {
			given := s.SecondScore(model.SecondInput(raws[i], w.TypeScores(raws[i]))) >= s.Threshold
			switch is := p.is(s.Label); {
			case is && given:
				tp++
			case given:
				fp++
			case is:
				fn++
			}
		}
		fmt.Fprintf(out, "%-26s n=%4d  P %.2f  R %.2f  F1 %.2f\n", s.Label, tp+fn, ratio(tp, tp+fp), ratio(tp, tp+fn), f1(tp, fp, fn))
	}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
