package console

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"webcare.example/responder/internal/insight"
)

// insightsData is what the insights page shows.
type insightsData struct {
	insightsQuery
	Brands    []string
	Links     bool // the user may open the cases behind a figure
	Presets   []preset
	Choices   []filterGroup
	Cards     []figureCard
	Sentiment columns
	Pareto    []bar
	Groups    []breakdown
	After     []afterRow
	Waits     []waitRow
	Drafts    []bar
	Costs     []costRow
	Teams     []teamRow
	Spikes    []insight.Spike
	Empty     bool
}

type preset struct {
	Days    int
	URL     string
	Current bool
}

// figureCard is one number with the one before it.
type figureCard struct {
	Key        string // word of the interface
	Text       string
	What       string // the cases behind it, "" for none
	Was        string
	Better     int // 1 better than before, -1 worse, 0 the same or not to be said
	Difference string
}

// breakdown is a dimension with its values.
type breakdown struct {
	Name string // dimension
	Bars []bar
}

// afterRow is a sentiment before our answer, and what followed on it.
type afterRow struct {
	Before string
	N      [4]int64
}

// waitRow is a response clock with its figures.
type waitRow struct {
	Key  string
	Wait insight.Wait
	Bars []bar
}

type costRow struct {
	ID    string
	N     int64
	Cents int64
}

// teamRow is how a team keeps its promises. Persons are not counted.
type teamRow struct {
	ID, Team                 string
	Made, Kept, Late, Broken int64
	Rate                     string
}

var moods = []string{"negative", "mixed", "neutral", "positive"}

func (s *Server) insights(r *http.Request, u User, q insightsQuery) (*insightsData, error) {
	f, was, whole, err := s.readInsights(r, q)
	if err != nil {
		return nil, err
	}
	lang := language(r)
	d := &insightsData{insightsQuery: q, Brands: u.brands(s.cfg.Brands.IDs()), Links: u.mayRead() == nil, Empty: f.Total("contact") == 0 && f.Total("reply") == 0}
	for _, n := range presets {
		d.Presets = append(d.Presets, preset{n, q.with("/insights", "days", fmt.Sprint(n)), n == q.Days})
	}
	d.Choices = insightChoices(whole, q)
	d.Cards = figureCards(f, was)
	d.Sentiment = stack(f.Series("sentiment/negative", "sentiment/mixed", "sentiment/neutral", "sentiment/positive"))
	d.Pareto = pareto(f.By("friction/"), was.By("friction/"))
	for _, name := range []string{"channel", "family", "language", "tag"} {
		if b := bars(f.By(name+"/"), was.By(name+"/")); len(b) > 0 {
			d.Groups = append(d.Groups, breakdown{name, b[:min(len(b), 12)]})
		}
	}
	for _, before := range moods {
		row := afterRow{Before: before}
		for i, after := range moods {
			row.N[i] = f.Total("after/" + before + "/" + after)
		}
		if row.N != [4]int64{} {
			d.After = append(d.After, row)
		}
	}
	for _, clock := range []string{"waited", "open"} {
		if w := f.Waited(clock); w.N > 0 {
			d.Waits = append(d.Waits, waitRow{clock, w, waitBars(w, lang)})
		}
	}
	d.Drafts = bars(f.By("draft/"), was.By("draft/"))
	for _, v := range f.By("resolution/") {
		d.Costs = append(d.Costs, costRow{v.Name, v.N, f.Total("cost/" + v.Name)})
	}
	d.Teams = s.teams(f, q.Brand)
	spikes, err := insight.Spikes(r.Context(), s.store.Records, q.Brand, s.cfg.Now())
	d.Spikes = spikes
	return d, err
}

// readInsights reads what a page shows: the period, the one before it, and
// the period of the whole brand, to choose from. They are read side by side.
func (s *Server) readInsights(r *http.Request, q insightsQuery) (f, was, whole insight.Figures, err error) {
	all := q
	all.By = ""
	var wg sync.WaitGroup
	var errs [3]error
	wg.Go(func() { f, errs[0] = s.readFigures(r, q, q.Period) })
	wg.Go(func() { was, errs[1] = s.readFigures(r, q, q.Period.Before()) })
	if q.By != "" {
		wg.Go(func() { whole, errs[2] = s.readFigures(r, all, q.Period) })
	}
	wg.Wait()
	if q.By == "" {
		whole = f
	}
	return f, was, whole, errors.Join(errs[:]...)
}

// insightChoices are the values to narrow a page by: those that were counted.
func insightChoices(f insight.Figures, q insightsQuery) []filterGroup {
	var out []filterGroup
	for _, name := range []string{"main", "family", "channel", "language", "tag"} {
		g := filterGroup{Name: name}
		for _, v := range f.By(name + "/") {
			if v.N > 0 && len(g.Options) < 40 {
				g.Options = append(g.Options, option{v.Name, q.By == name+":"+v.Name})
			}
		}
		if len(g.Options) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// figureCards are the numbers at the top.
func figureCards(f, was insight.Figures) []figureCard {
	negative := func(f insight.Figures) (int64, int64) {
		return f.Total("sentiment/negative") + f.Total("sentiment/mixed"), f.Total("contact")
	}
	onTime := func(f insight.Figures) (int64, int64) {
		kept := f.Total("clock/kept")
		return kept, kept + f.Total("clock/late")
	}
	unchanged := func(f insight.Figures) (int64, int64) {
		n := f.Total("draft/unchanged")
		return n, n + f.Total("draft/edited") + f.Total("draft/written")
	}
	promises := func(f insight.Figures) (int64, int64) {
		kept := f.Total("promise/kept")
		return kept, kept + f.Total("promise/broken")
	}
	return []figureCard{
		amount("contacts", "contact", f.Total("contact"), was.Total("contact"), 0, fmt.Sprint),
		share("negative.share", "sentiment/negative,sentiment/mixed", negative, f, was, -1),
		wait(f.Waited("waited"), was.Waited("waited")),
		share("on.time", "clock/kept", onTime, f, was, 1),
		share("unchanged", "draft/unchanged", unchanged, f, was, 1),
		share("promises.kept", "promise", promises, f, was, 1),
		amount("cost.total", "cost", f.Total("cost"), was.Total("cost"), -1, func(a ...any) string { return euros(a[0].(int64)) }),
		amount("praise.count", "praise", f.Total("praise"), was.Total("praise"), 1, fmt.Sprint),
	}
}

// amount is a card with a number; more of it is good (1), bad (-1) or neither.
func amount(key, what string, n, was int64, good int, text func(...any) string) figureCard {
	c := figureCard{Key: key, What: what, Text: text(n), Was: text(was)}
	if was != 0 {
		c.Difference = fmt.Sprintf("%+d%%", (n-was)*100/was)
		c.Better = good * sign(n-was)
	}
	return c
}

// share is a card with a percentage.
func share(key, what string, of func(insight.Figures) (part, whole int64), f, was insight.Figures, good int) figureCard {
	part, whole := of(f)
	oldPart, oldWhole := of(was)
	c := figureCard{Key: key, What: what, Text: percent(part, whole), Was: percent(oldPart, oldWhole)}
	if whole != 0 && oldWhole != 0 {
		points := part*100/whole - oldPart*100/oldWhole
		c.Difference = fmt.Sprintf("%+d", points)
		c.Better = good * sign(points)
	}
	return c
}

func wait(w, was insight.Wait) figureCard {
	c := figureCard{Key: "response.median", What: "answered", Text: "–", Was: "–"}
	if w.N > 0 {
		c.Text = within(w.Median)
	}
	if was.N > 0 {
		c.Was = within(was.Median)
		if w.N > 0 {
			c.Better = sign(int64(was.Mean - w.Mean))
		}
	}
	return c
}

// within says a bound: "≤ 4 h", "> 7 d".
func within(d time.Duration) string {
	switch {
	case d == 0:
		return "> 7 d"
	case d < time.Hour:
		return fmt.Sprintf("≤ %d m", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("≤ %d h", int(d.Hours()))
	}
	return fmt.Sprintf("≤ %d d", int(d.Hours()/24))
}

func sign(n int64) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

func percent(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%d%%", (part*100+whole/2)/whole)
}

func euros(cents int64) string { return fmt.Sprintf("€ %d,%02d", cents/100, cents%100) }

// teams are desks, and the webcare team.
func (s *Server) teams(f insight.Figures, brandID string) []teamRow {
	names := []string{"webcare"}
	b, err := s.cfg.Brands.Get(brandID)
	if err == nil {
		for id := range b.Desks {
			names = append(names, id)
		}
	}
	var out []teamRow
	for _, n := range sorted(names[1:], names[0]) {
		at := "owner/" + n + "/"
		t := teamRow{ID: n, Team: n, Made: f.Total(at + "made"), Kept: f.Total(at + "kept"), Late: f.Total(at + "kept_late"), Broken: f.Total(at + "broken")}
		if err == nil && b.Desks[n].Name != "" {
			t.Team = b.Desks[n].Name
		}
		if t.Made+t.Kept+t.Broken > 0 {
			t.Rate = percent(t.Kept, t.Kept+t.Broken)
			out = append(out, t)
		}
	}
	return out
}
