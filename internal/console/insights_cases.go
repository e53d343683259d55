package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

// The cases behind a figure. Where a case's head alone decides, that is the
// answer; else its events are counted as the tallies count them, so that the
// cases shown are those, and only those, that the figure is made of. No index
// leads from a counter to its cases: heads are looked at in the order of the
// queue, at most figureLooks of them and figureLoads cases a page, and a page
// may come short with a next one.

const (
	figureSize  = 50
	figureLooks = 10 * webcare.MaxExamined
	figureLoads = 160
	// loadsAtOnce is how many cases are read side by side.
	loadsAtOnce = 8
)

// figure is a figure asked for: metrics of a slice in a period.
type figure struct {
	insightsQuery
	metrics []string
	slices  []string
}

// figureOf reads a figure's name: metrics, by comma. A single label
// ("friction/late") stands for itself; "promise" for promises that ended.
func figureOf(q insightsQuery, what string) (f figure, err error) {
	f = figure{insightsQuery: q}
	f.slices, err = insight.Slices(q.Dimension())
	for m := range strings.SplitSeq(cmp.Or(what, "contact"), ",") {
		if m == "promise" {
			f.metrics = append(f.metrics, "promise/kept", "promise/broken")
			continue
		}
		kind, name, _ := strings.Cut(m, "/")
		if slices.Contains([]string{"channel", "tag", "resolution", "cost"}, kind) && name != "" {
			m = kind + "/" + insight.Escape(name)
		}
		f.metrics = append(f.metrics, m)
	}
	return f, err
}

type verdict int

const (
	no verdict = iota
	yes
	perhaps // its events tell
)

// judge says what a head alone tells.
func (f figure) judge(h webcare.Head) verdict {
	if h.UpdatedAt.Before(f.Period.From) || !h.Imported && !h.ReceivedAt.Before(f.Period.To) {
		return no // nothing happened to it in the period
	}
	out := no
	for _, m := range f.metrics {
		out = max(out, f.judgeOne(h, m))
	}
	return out
}

func (f figure) judgeOne(h webcare.Head, metric string) verdict {
	kind, name, _ := strings.Cut(metric, "/")
	answered := !h.FirstReplyAt.IsZero()
	switch kind {
	case "reply", "answered", "clock", "resolution", "cost", "waited", "open":
		if !answered || h.AnsweredAt.Before(f.Period.From) || !h.FirstReplyAt.Before(f.Period.To) {
			return no
		}
		return perhaps
	case "after":
		if !answered {
			return no
		}
		return perhaps
	case "reopened":
		if h.Reopened == 0 {
			return no
		}
		return perhaps
	case "contact", "case", "sentiment", "friction", "main", "family", "channel", "language", "tag", "urgency", "kind":
		return f.judgeLabel(h, kind, name, answered)
	}
	return perhaps
}

// judgeLabel decides by the labels of now, where the case has had one contact
// only: what a later one stands under says nothing of the first.
func (f figure) judgeLabel(h webcare.Head, kind, name string, answered bool) verdict {
	once := !answered || h.Reopened == 0 && h.Status == webcare.StatusAnswered && h.FirstReplyAt.Equal(h.AnsweredAt)
	if h.Imported || !once || h.Reopened > 0 {
		return perhaps
	}
	dimension, value := f.Dimension()
	if h.Kind == "" || !f.inSlice(h, dimension, value) {
		return no
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	if kind != "contact" && kind != "case" && !stands(h, kind, name) {
		return no
	}
	// When the contact began stands with its events: a moment after it was received.
	if kind == "tag" || dimension == "tag" || h.ReceivedAt.Before(f.Period.From) || h.ReceivedAt.After(f.Period.To.Add(-time.Hour)) {
		return perhaps
	}
	return yes
}

// inSlice reports whether a head stands in a slice; that of a family is of the
// cases whose main friction is of it.
func (f figure) inSlice(h webcare.Head, dimension, value string) bool {
	if dimension == "family" {
		return len(h.Frictions) > 0 && string(h.Frictions[0].Family()) == value
	}
	return stands(h, dimension, value)
}

// figurePage lists the cases behind a figure.
func (s *Server) figurePage(w http.ResponseWriter, r *http.Request) {
	u, q, err := s.asked(r)
	if err == nil {
		err = u.mayRead()
	}
	var f figure
	what := r.URL.Query().Get("what")
	if err == nil {
		f, err = figureOf(q, what)
	}
	var found webcare.Page
	if err == nil {
		found, err = s.casesBehind(r.Context(), f, r.URL.Query().Get("cursor"))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := figureData{insightsQuery: q, What: what, Heads: found.Heads, Now: s.cfg.Now().UnixMilli()}
	if found.Next != "" {
		v := r.URL.Query()
		v.Set("cursor", found.Next)
		d.More = "/insights/cases?" + v.Encode()
	}
	s.render(w, r, http.StatusOK, "figure", translate(language(r), "insights.cases"), d)
}

// casesBehind returns one page of them.
func (s *Server) casesBehind(ctx context.Context, f figure, cursor string) (found webcare.Page, err error) {
	query := webcare.Query{Brands: []string{f.Brand}, Statuses: webcare.Statuses(), Cursor: cursor,
		Match: func(h webcare.Head) bool { return f.judge(h) != no }}
	for looks, loads := 0, 0; looks < figureLooks && loads < figureLoads && len(found.Heads) < figureSize; looks += webcare.MaxExamined {
		query.Limit = figureSize - len(found.Heads)
		page, err := s.store.Cases.List(ctx, query)
		if err != nil {
			return found, err
		}
		sure, err := s.counted(ctx, f, page.Heads)
		if err != nil {
			return found, err
		}
		found.Heads, found.Next = append(found.Heads, sure...), page.Next
		loads += len(page.Heads)
		if query.Cursor = page.Next; page.Next == "" {
			break
		}
	}
	return found, nil
}

// counted leaves those of some heads that are behind a figure by their events.
func (s *Server) counted(ctx context.Context, f figure, heads []webcare.Head) ([]webcare.Head, error) {
	in, errs := make([]bool, len(heads)), make([]error, len(heads))
	var wg sync.WaitGroup
	busy := make(chan struct{}, loadsAtOnce)
	for i, h := range heads {
		if f.judge(h) == yes {
			in[i] = true
			continue
		}
		busy <- struct{}{}
		wg.Go(func() {
			defer func() { <-busy }()
			c, err := s.store.Load(ctx, h.ID)
			if errors.Is(err, webcare.ErrNotFound) {
				return
			}
			if errs[i] = err; err == nil {
				in[i] = insight.Behind(c.Events, f.slices, f.metrics, f.Period)
			}
		})
	}
	wg.Wait()
	var out []webcare.Head
	for i, h := range heads {
		if in[i] {
			out = append(out, h)
		}
	}
	return out, errors.Join(errs...)
}

type figureData struct {
	insightsQuery
	What  string
	Heads []webcare.Head
	More  string
	Now   int64
}

// Names say which figure it is, in words of the interface to translate.
func (d figureData) Names() (out []string) {
	for m := range strings.SplitSeq(cmp.Or(d.What, "contact"), ",") {
		kind, rest, _ := strings.Cut(m, "/")
		if kind = cmp.Or(figureWords[kind], kind); len(out) == 0 {
			out = append(out, kind)
		}
		for part := range strings.SplitSeq(rest, "/") {
			if part == "" {
				continue
			}
			if special, ok := figureWords[m]; ok {
				part = special
			}
			out = append(out, part)
		}
	}
	return out
}

// figureWords are the words of figures whose own are not those of the interface.
var figureWords = map[string]string{"contact": "contacts", "case": "cases", "sentiment": "filter.sentiment", "answered": "response.median", "reply": "reply",
	"clock": "on.time", "clock/kept": "yes", "clock/late": "no", "draft": "drafts.title", "draft/unchanged": "draft.unchanged", "draft/edited": "draft.edited",
	"draft/written": "draft.written", "draft/rejected": "draft.rejected", "promise": "ledger.promises", "owner": "ledger.promises", "praise": "praise.count",
	"after": "after.title", "waited": "waited", "open": "open.clock", "cost": "cost", "resolution": "resolution"}

// Back is the insights page that the figure stands on.
func (d figureData) Back() string { return "/insights?" + d.Values().Encode() }

// stands reports whether a head stands under a value of a dimension.
func stands(h webcare.Head, dimension, value string) bool {
	switch dimension {
	case "":
		return true
	case "channel":
		return h.Channel == value
	case "main":
		return value == "none" && len(h.Frictions) == 0 || len(h.Frictions) > 0 && string(h.Frictions[0]) == value
	case "friction":
		return slices.Contains(h.Frictions, webcare.FrictionType(value))
	case "family":
		return slices.ContainsFunc(h.Frictions, func(f webcare.FrictionType) bool { return string(f.Family()) == value })
	case "language":
		return h.Language == value
	case "tag":
		return slices.Contains(h.Tags, value)
	case "sentiment":
		return string(h.Sentiment.Label) == value
	case "urgency":
		return string(h.Urgency) == value
	case "kind":
		return string(h.Kind) == value
	}
	return false
}
