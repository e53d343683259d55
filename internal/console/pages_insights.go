package console

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/insight"
)

// insightsQuery is what an insights page is asked for; it stands in the URL,
// so that a page can be sent to a colleague.
type insightsQuery struct {
	Brand  string
	Period insight.Period
	Days   int    // a preset's length, 0 for dates of one's own
	By     string // "main:late", "channel:x", ...; "" for everything
}

// presets of the period, in days.
var presets = []int{7, 30, 90, 365}

func readInsightsQuery(q url.Values, now time.Time) (iq insightsQuery, err error) {
	iq = insightsQuery{Brand: q.Get("brand"), By: q.Get("by")}
	if from, to := q.Get("from"), q.Get("to"); from != "" && to != "" {
		iq.Period, err = daysBetween(from, to)
		return iq, err
	}
	iq.Days = 30
	if n, err := strconv.Atoi(q.Get("days")); err == nil {
		iq.Days = n
	}
	iq.Period = insight.Days(iq.Days, now)
	return iq, iq.Period.Check()
}

// Dimension returns the dimension and its value.
func (q insightsQuery) Dimension() (name, value string) {
	name, value, _ = strings.Cut(q.By, ":")
	return name, value
}

// Last is the last day of the period.
func (q insightsQuery) Last() time.Time { return q.Period.To.AddDate(0, 0, -1) }

// Values are the query's parameters.
func (q insightsQuery) Values() url.Values {
	v := url.Values{}
	if q.Brand != "" {
		v.Set("brand", q.Brand)
	}
	if q.By != "" {
		v.Set("by", q.By)
	}
	if q.Days != 0 {
		v.Set("days", strconv.Itoa(q.Days))
	} else {
		v.Set("from", q.Period.From.Format(time.DateOnly))
		v.Set("to", q.Last().Format(time.DateOnly))
	}
	return v
}

// Query is the query's parameters, as an address has them.
func (q insightsQuery) Query() string { return q.Values().Encode() }

// with returns the address of the page with another parameter.
func (q insightsQuery) with(path, key, value string) string {
	v := q.Values()
	if key == "days" {
		v.Del("from")
		v.Del("to")
	}
	v.Set(key, value)
	return path + "?" + v.Encode()
}

// Cases is the address of the cases behind a figure.
func (q insightsQuery) Cases(what string) string { return q.with("/insights/cases", "what", what) }

// CasesIn is the same for a stretch of the period.
func (q insightsQuery) CasesIn(what string, b insight.Bucket) string {
	q.Days, q.Period = 0, insight.Period{From: b.From, To: b.To}
	return q.with("/insights/cases", "what", what)
}

// registerInsightPages adds insights, promises and work orders.
func (s *Server) registerInsightPages(mux *http.ServeMux) error {
	if err := s.pages.add("insights", "figure", "promises", "orders", "order"); err != nil {
		return err
	}
	mux.HandleFunc("GET /insights", s.insightsPage)
	mux.HandleFunc("GET /insights.csv", s.insightsExport)
	mux.HandleFunc("GET /insights.jsonl", s.insightsExport)
	mux.HandleFunc("GET /insights/cases", s.figurePage)
	s.registerLedgerPages(mux)
	return nil
}

// asked reads the query and checks that the user has a role in the brand.
func (s *Server) asked(r *http.Request) (User, insightsQuery, error) {
	u := userOf(r.Context())
	q, err := readInsightsQuery(r.URL.Query(), s.cfg.Now())
	if err != nil {
		return u, q, err
	}
	if q.Brand == "" {
		if all := u.brands(s.cfg.Brands.IDs()); len(all) > 0 {
			q.Brand = all[0]
		}
	}
	b, err := s.cfg.Brands.Get(q.Brand)
	if err != nil {
		return u, q, err
	}
	q.Brand = b.ID
	if u, err = u.in(b.ID); err == nil {
		err = u.may(ScopeReadInsights)
	}
	return u, q, err
}

func (s *Server) insightsPage(w http.ResponseWriter, r *http.Request) {
	u, q, err := s.asked(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := s.insights(r, u, q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "insights", translate(language(r), "insights"), data)
}

// insightsExport answers the counters by day, as CSV or JSON Lines.
func (s *Server) insightsExport(w http.ResponseWriter, r *http.Request) {
	_, q, err := s.asked(r)
	var f insight.Figures
	if err == nil {
		f, err = s.readFigures(r, q, q.Period)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	name := "insights-" + q.Brand + "-" + q.Period.From.Format(time.DateOnly)
	w.Header().Set("Cache-Control", "no-store")
	if strings.HasSuffix(r.URL.Path, ".jsonl") {
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.jsonl"`)
		enc := json.NewEncoder(w)
		for _, row := range f.Rows() {
			_ = enc.Encode(row) // a client that hung up needs no answer
		}
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"day", "metric", "n"})
	for _, row := range f.Rows() {
		_ = out.Write([]string{row.Day, row.Metric, strconv.FormatInt(row.N, 10)}) // metrics begin with their own name, never with a formula
	}
	out.Flush()
}

func (s *Server) readFigures(r *http.Request, q insightsQuery, p insight.Period) (insight.Figures, error) {
	read, err := insight.Slices(q.Dimension())
	if err != nil {
		return insight.Figures{}, err
	}
	return insight.Read(r.Context(), s.store.Tallies, q.Brand, read, p)
}
