package eval

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Report is what an engine got right. Shares lie between 0 and 1.
type Report struct {
	Engine            string           `json:"engine"`
	Messages          int              `json:"messages"`
	Frictions         []Row            `json:"frictions"` // per type, those that occur
	Micro             Score            `json:"micro"`     // over all types
	MacroF1           float64          `json:"macro_f1"`
	ByLanguage        map[string]Score `json:"by_language"`
	Confused          []Confusion      `json:"confused"` // the worst first
	Evidence          Evidence         `json:"evidence"`
	ComplaintMacroF1  float64          `json:"complaint_macro_f1"`
	QuietWithFriction float64          `json:"quiet_with_friction"` // messages that are no complaint, yet got a friction
	SentimentAccuracy float64          `json:"sentiment_accuracy"`
	Sentiment         []Row            `json:"sentiment"`
	UrgencyAccuracy   float64          `json:"urgency_accuracy"`
	Urgency           []Row            `json:"urgency"`
	CriticalFound     float64          `json:"critical_found"`
	LanguageAccuracy  float64          `json:"language_accuracy"`
	Signals           []Row            `json:"signals"`
	SignalsMicro      Score            `json:"signals_micro"`
	PraiseFound       float64          `json:"praise_found"`
	FactsFound        float64          `json:"facts_found"`
	KindAccuracy      *float64         `json:"kind_accuracy,omitempty"` // absent where no message has a kind
}

// Row is the score of one label.
type Row struct {
	Label string `json:"label"`
	N     int    `json:"n"` // messages labelled so
	Score
}

// Score is precision, recall and their harmonic mean.
type Score struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Confusion counts messages where one type was missed and another given.
type Confusion struct {
	Missed string `json:"missed"`
	Given  string `json:"given"`
	N      int    `json:"n"`
}

// Evidence says of the types given rightly how many point at the right place.
type Evidence struct {
	Right int `json:"right"`
	Hit   int `json:"hit"`  // overlaps the labelled stretch
	Near  int `json:"near"` // that, or within a sentence of it
}

type tally struct{ tp, fp, fn int }

func (t *tally) set(labelled, given bool) {
	switch {
	case labelled && given:
		t.tp++
	case given:
		t.fp++
	case labelled:
		t.fn++
	}
}

func (t tally) score() Score {
	s := Score{Precision: ratio(t.tp, t.tp+t.fp), Recall: ratio(t.tp, t.tp+t.fn)}
	if t.tp > 0 {
		s.F1 = 2 * float64(t.tp) / float64(2*t.tp+t.fp+t.fn)
	}
	return s
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// table counts by label.
type table map[string]*tally

func (t table) at(label string) *tally {
	if t[label] == nil {
		t[label] = &tally{}
	}
	return t[label]
}

func (t table) set(label string, labelled, given bool) { t.at(label).set(labelled, given) }

// label counts one message that has exactly one label of a group.
func (t table) label(labelled, given string) {
	if labelled == given {
		t.at(labelled).tp++
		return
	}
	t.at(labelled).fn++
	t.at(given).fp++
}

func (t table) accuracy() float64 {
	right, all := 0, 0
	for _, v := range t {
		right += v.tp
		all += v.tp + v.fn
	}
	return ratio(right, all)
}

func (t table) rows() []Row {
	var rows []Row
	for _, label := range slices.Sorted(maps.Keys(t)) {
		v := t[label]
		if v.tp+v.fn+v.fp > 0 {
			rows = append(rows, Row{Label: label, N: v.tp + v.fn, Score: v.score()})
		}
	}
	return rows
}

// micro adds all labels up; macro is the mean F1 over the labels that occur.
func (t table) micro() Score {
	var sum tally
	for _, v := range t {
		sum.tp, sum.fp, sum.fn = sum.tp+v.tp, sum.fp+v.fp, sum.fn+v.fn
	}
	return sum.score()
}

func (t table) macro() float64 {
	sum, n := 0.0, 0
	for _, label := range slices.Sorted(maps.Keys(t)) {
		if v := t[label]; v.tp+v.fn > 0 {
			sum += v.score().F1
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func (c *counter) report() Report {
	r := Report{Engine: c.engine, Messages: c.messages, Frictions: c.frictions.rows(), Micro: c.frictions.micro(), MacroF1: c.frictions.macro(),
		ByLanguage: map[string]Score{}, Evidence: c.evidence, ComplaintMacroF1: c.complaint.macro(), QuietWithFriction: ratio(c.quiet[1], c.quiet[0]),
		SentimentAccuracy: c.sentiment.accuracy(), Sentiment: c.sentiment.rows(), UrgencyAccuracy: c.urgency.accuracy(), Urgency: c.urgency.rows(),
		CriticalFound: ratio(c.critical[1], c.critical[0]), LanguageAccuracy: c.language.accuracy(), Signals: c.signals.rows(), SignalsMicro: c.signals.micro(),
		PraiseFound: ratio(c.praise[1], c.praise[0]), FactsFound: ratio(c.facts[1], c.facts[0])}
	for l, t := range c.languages {
		r.ByLanguage[l] = t.score()
	}
	if len(c.kind) > 0 {
		kind := c.kind.accuracy()
		r.KindAccuracy = &kind
	}
	for pair, n := range c.confused {
		r.Confused = append(r.Confused, Confusion{pair[0], pair[1], n})
	}
	slices.SortFunc(r.Confused, func(a, b Confusion) int {
		return cmp.Or(b.N-a.N, strings.Compare(a.Missed, b.Missed), strings.Compare(a.Given, b.Given))
	})
	r.Confused = r.Confused[:min(len(r.Confused), 12)]
	return r
}

// WriteTable writes the report for people to read.
func (r Report) WriteTable(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "engine %s, %d messages\n\nlabel\tn\tprecision\trecall\tF1\n", r.Engine, r.Messages)
	writeRows(w, r.Frictions)
	writeScore(w, "all types (micro)", r.Micro)
	fmt.Fprintf(w, "mean over types (macro)\t\t\t\t%.3f\n", r.MacroF1)
	for _, l := range slices.Sorted(maps.Keys(r.ByLanguage)) {
		writeScore(w, "  in "+l, r.ByLanguage[l])
	}
	fmt.Fprintf(w, "\nmissed\tgiven instead\tn\n")
	for _, c := range r.Confused {
		fmt.Fprintf(w, "%s\t%s\t%d\n", c.Missed, c.Given, c.N)
	}
	fmt.Fprintf(w, "\nsignal\tn\tprecision\trecall\tF1\n")
	writeRows(w, r.Signals)
	writeScore(w, "all signals", r.SignalsMicro)
	fmt.Fprintf(w, "\nsentiment\tn\tprecision\trecall\tF1\n")
	writeRows(w, r.Sentiment)
	fmt.Fprintf(w, "\nurgency\tn\tprecision\trecall\tF1\n")
	writeRows(w, r.Urgency)
	fmt.Fprintf(w, "\nevidence overlapping\t%.3f\nevidence within a sentence\t%.3f\n", ratio(r.Evidence.Hit, r.Evidence.Right), ratio(r.Evidence.Near, r.Evidence.Right))
	fmt.Fprintf(w, "complaint macro F1\t%.3f\nno complaint, yet a friction\t%.3f\n", r.ComplaintMacroF1, r.QuietWithFriction)
	fmt.Fprintf(w, "sentiment accuracy\t%.3f\nurgency accuracy\t%.3f\ncritical found\t%.3f\nlanguage accuracy\t%.3f\n", r.SentimentAccuracy, r.UrgencyAccuracy, r.CriticalFound, r.LanguageAccuracy)
	fmt.Fprintf(w, "praise found\t%.3f\nfacts found\t%.3f\n", r.PraiseFound, r.FactsFound)
	if r.KindAccuracy != nil {
		fmt.Fprintf(w, "kind accuracy\t%.3f\n", *r.KindAccuracy)
	}
	return w.Flush()
}

func writeRows(w io.Writer, rows []Row) {
	for _, row := range rows {
		fmt.Fprintf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\n", row.Label, row.N, row.Precision, row.Recall, row.F1)
	}
}

func writeScore(w io.Writer, label string, s Score) {
	fmt.Fprintf(w, "%s\t\t%.3f\t%.3f\t%.3f\n", label, s.Precision, s.Recall, s.F1)
}
