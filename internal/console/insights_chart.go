package console

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	xlang "golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"webcare.example/responder/internal/insight"
)

// Charts are SVG written by templates: this file only measures. Every chart
// stands beside a table of the same numbers.

// Size of a chart in its own units.
const (
	chartWidth  = 720.0
	chartHeight = 220.0
	chartFoot   = 22.0 // for the names of the stretches
)

// columns is a chart of stacked columns.
type columns struct {
	Width, Height float64
	Columns       []column
	Grid          []gridLine
}

type column struct {
	insight.Bucket
	X, W  float64
	Label string // "" where there is no room
	Parts []segment
	Sum   int64
}

type segment struct {
	Class string
	Y, H  float64
	N     int64
}

type gridLine struct {
	Y float64
	N int64
}

// stack lays out sentiment over time.
func stack(series []insight.Bucket) columns {
	c := columns{Width: chartWidth, Height: chartHeight}
	most := int64(1)
	for _, b := range series {
		most = max(most, total(b.N))
	}
	top := round(most)
	high := chartHeight - chartFoot
	for i := range 5 {
		n := top * int64(i) / 4
		c.Grid = append(c.Grid, gridLine{high - high*float64(n)/float64(top)*0.95, n})
	}
	step := chartWidth / float64(max(len(series), 1))
	every := max(len(series)/8, 1)
	for i, b := range series {
		col := column{Bucket: b, X: float64(i)*step + step*0.12, W: step * 0.76, Sum: total(b.N)}
		if i%every == 0 {
			col.Label = b.From.Format("02-01")
		}
		y := high
		for j, n := range b.N {
			h := high * float64(n) / float64(top) * 0.95
			y -= h
			if n > 0 {
				col.Parts = append(col.Parts, segment{moods[j], y, h, n})
			}
		}
		c.Columns = append(c.Columns, col)
	}
	return c
}

func total(n []int64) (sum int64) {
	for _, v := range n {
		sum += max(v, 0)
	}
	return sum
}

// round is the next number that is easy to read, four quarters of which are whole.
func round(n int64) int64 {
	for step := int64(4); ; step *= 10 {
		for m := int64(1); m < 10; m++ {
			if n <= step*m {
				return step * m
			}
		}
	}
}

// bar is one value with its share of the most.
type bar struct {
	Name       string
	N, Was     int64
	Width      float64 // 0..100
	Difference string
	Rise       int   // 1 more than before, -1 less
	Cumulative int64 // per cent, in a Pareto chart
}

func bars(now, was []insight.Value) []bar {
	before := map[string]int64{}
	for _, v := range was {
		before[v.Name] = v.N
	}
	most := int64(1)
	for _, v := range now {
		most = max(most, v.N)
	}
	var out []bar
	for _, v := range now {
		b := bar{Name: v.Name, N: v.N, Was: before[v.Name], Width: 100 * float64(max(v.N, 0)) / float64(most)}
		b.Rise = sign(b.N - b.Was)
		switch {
		case b.Was > 0:
			b.Difference = fmt.Sprintf("%+d%%", (b.N-b.Was)*100/b.Was)
		case b.N > 0:
			b.Difference = "+"
		}
		out = append(out, b)
	}
	return out
}

// pareto is the frictions with how much of all they make up together.
func pareto(now, was []insight.Value) []bar {
	out := bars(now, was)
	sum, so := int64(0), int64(0)
	for _, b := range out {
		sum += b.N
	}
	for i := range out {
		so += out[i].N
		out[i].Cumulative = so * 100 / max(sum, 1)
	}
	return out
}

func waitBars(w insight.Wait, lang string) []bar {
	var out []bar
	most := slices.Max(append(slices.Clone(w.Buckets), 1))
	bounds := append(insight.WaitBounds(), 0)
	for i, n := range w.Buckets {
		out = append(out, bar{Name: hours(lang, within(bounds[i])), N: n, Width: 100 * float64(n) / float64(most)})
	}
	return out
}

// hours writes the sign for hours as a language does.
func hours(lang, s string) string {
	if lang == "nl" {
		return strings.ReplaceAll(s, " h", " u")
	}
	return s
}

// spell says a duration in its two largest units.
func spell(d time.Duration) string {
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d m", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %02d", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
}

// sorted puts first before the others in order.
func sorted(others []string, first string) []string {
	return append([]string{first}, slices.Sorted(slices.Values(others))...)
}

// add parses further pages, each with the layout.
func (p *pages) add(names ...string) error {
	for _, name := range names {
		t, err := template.New("layout.html").Funcs(functions).Funcs(figureFunctions).ParseFS(templateFiles,
			"templates/layout.html", "templates/parts.html", "templates/"+name+".html")
		if err != nil {
			return err
		}
		p.byName[name] = t
	}
	return nil
}

var figureFunctions = template.FuncMap{
	"date":    func(t time.Time) string { return t.Format(time.DateOnly) },
	"day":     func(t time.Time) string { return t.Format("02-01-2006") },
	"euros":   euros,
	"half":    func(f float64) float64 { return f / 2 },
	"plus":    func(a, b float64) float64 { return a + b },
	"whenIn":  func(t time.Time, zone *time.Location) string { return t.In(zone).Format("02-01-2006 15:04") },
	"decimal": func(f float64) string { return fmt.Sprintf("%.1f", f) },
	"tr":      translate,
	"langOf":  func(code string) string { return display.Self.Name(xlang.Make(code)) },
	"when":    func(t time.Time) string { return t.Format("02-01-2006 15:04") },
	// cell is a figure of a table with the way to the cases behind it.
	"cell": func(d *insightsData, what string, n int64) map[string]any {
		c := map[string]any{"N": n, "URL": ""}
		if n != 0 && d.Links {
			c["URL"] = d.Cases(what)
		}
		return c
	},
	"byParts": func(by string) []string { return strings.SplitN(by, ":", 2) },
	"moods":   func() []string { return moods },
	"within":  func(lang string, d time.Duration) string { return hours(lang, within(d)) },
	"spell":   func(lang string, d time.Duration) string { return hours(lang, spell(d)) },
	"hours":   hours,
	"inc":     func(i int) int { return i + 1 },
	"named": func(lang, dim, name string) map[string]string {
		return map[string]string{"Lang": lang, "Dim": dim, "Name": name}
	},
}

// init adds the words of these pages to those of the interface; a word that
// is there already stays.
func init() {
	own := maps.Clone(insightWords)
	maps.Copy(own, words)
	words = own
}
