package console

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/webcare"
)

// rows writes an export row by row, in constant memory.
type rows interface {
	row(v any, cells []string) error
	flush() error
}

type csvRows struct{ w *csv.Writer }

func (c csvRows) row(_ any, cells []string) error {
	for i, s := range cells {
		cells[i] = defused(s)
	}
	return c.w.Write(cells)
}

func (c csvRows) flush() error {
	c.w.Flush()
	return c.w.Error()
}

// defused keeps a spreadsheet from taking a cell for a formula.
func defused(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

type jsonRows struct{ e *json.Encoder }

func (j jsonRows) row(v any, _ []string) error { return j.e.Encode(v) }
func (jsonRows) flush() error                  { return nil }

func newRows(format string, w io.Writer, header []string) (rows, error) {
	if format == "jsonl" {
		return jsonRows{json.NewEncoder(w)}, nil
	}
	c := csvRows{csv.NewWriter(w)}
	return c, c.w.Write(header)
}

func exportType(format string) string {
	if format == "jsonl" {
		return "application/jsonl"
	}
	return "text/csv; charset=utf-8"
}

// exporting describes an answer that is a file.
func exporting(id, path, summary string) huma.Operation {
	op := operation(id, http.MethodGet, path, summary)
	text := func(doc string) *huma.MediaType {
		return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Description: doc}}
	}
	op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
		"text/csv": text("a header and a row each; cells that a spreadsheet would take for formulas begin with an apostrophe"), "application/jsonl": text("a JSON object a line")}}}
	return op
}

// download answers with a file. What fails after the first byte cuts it short:
// the connection is broken, so that nobody takes it for the whole.
func (s *Server) download(format, name string, header []string, each func(rows) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		hctx.SetHeader(contentType, exportType(format))
		hctx.SetHeader("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
		hctx.SetStatus(http.StatusOK)
		out, err := newRows(format, hctx.BodyWriter(), header)
		if err == nil {
			err = each(out)
		}
		if err == nil {
			err = out.flush()
		}
		if err != nil {
			s.cfg.Log.ErrorContext(hctx.Context(), "an export was cut short", "err", err)
			panic(http.ErrAbortHandler)
		}
	}}
}

var caseColumns = []string{"id", "brand", "channel", "status", "language", "author", "subject", "excerpt", "url", "received_at", "updated_at", "due_at", "assignee",
	"kind", "complaint", "sentiment", "sentiment_score", "urgency", "frictions", "signals", "tags"}

func caseCells(v CaseView) []string {
	due := ""
	if v.DueAt != nil {
		due = v.DueAt.Format(time.RFC3339)
	}
	return []string{string(v.ID), v.Brand, v.Channel, string(v.Status), v.Language, v.Author.Name, v.Subject, v.Excerpt, v.URL, v.ReceivedAt.Format(time.RFC3339),
		v.UpdatedAt.Format(time.RFC3339), due, v.Assignee, string(v.Kind), strconv.FormatBool(v.Complaint), string(v.Sentiment),
		strconv.FormatFloat(v.SentimentScore, 'f', -1, 64), string(v.Urgency), joined(v.Frictions), joined(v.Signals), joined(v.Tags)}
}

func joined[T ~string](list []T) string {
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = string(x)
	}
	return strings.Join(parts, " ")
}

// registerExports adds lists that are taken away whole.
func (s *Server) registerExports(api huma.API) {
	type casesQuery struct {
		Format string `query:"format" enum:"csv,jsonl" default:"csv"`
		Filter
	}
	huma.Register(api, exporting("export-cases", "/exports/cases", "All cases of a filter, as CSV or JSON lines; limit and cursor are for pages"),
		reading(s, func(ctx context.Context, in *casesQuery) (*huma.StreamResponse, error) {
			f, u := in.Filter, userOf(ctx)
			f.Limit = webcare.MaxPage
			if f.Status == "" {
				f.Status = statusList(webcare.Statuses())
			}
			page, err := s.list(ctx, u, f) // the first page tells what is wrong with the filter
			if err != nil {
				return nil, err
			}
			return s.download(in.Format, "cases", caseColumns, func(out rows) error {
				for {
					for _, h := range page.Heads {
						v := headView(h)
						if err := out.row(v, caseCells(v)); err != nil {
							return err
						}
					}
					if page.Next == "" {
						return nil
					}
					f.Cursor = page.Next
					if page, err = s.list(ctx, u, f); err != nil {
						return err
					}
				}
			}), nil
		}))
	type insightsQuery struct {
		Format string `query:"format" enum:"csv,jsonl" default:"csv"`
		InsightsQuery
	}
	huma.Register(api, exporting("export-insights", "/exports/insights", "Counters by the hour, as CSV or JSON lines"),
		func(ctx context.Context, in *insightsQuery) (*huma.StreamResponse, error) {
			out, err := s.exportInsights(ctx, in.Format, in.InsightsQuery)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			return out, nil
		})
}

// hourFigure is one counter over an hour.
type hourFigure struct {
	Brand  string    `json:"brand"`
	Hour   time.Time `json:"hour"`
	Metric string    `json:"metric"`
	N      int64     `json:"n"`
}

func (s *Server) exportInsights(ctx context.Context, format string, q InsightsQuery) (*huma.StreamResponse, error) {
	b, err := s.insightsBrand(ctx, q.Brand)
	switch {
	case errors.Is(err, webcare.ErrNotFound):
		return nil, webcare.Invalidf("brand: %q is not served here", q.Brand)
	case err != nil:
		return nil, err
	}
	if q.To.IsZero() {
		q.To = s.cfg.Now().UTC()
	}
	if q.From.IsZero() {
		q.From = q.To.AddDate(0, 0, -30)
	}
	if !q.From.Before(q.To) {
		return nil, webcare.Invalidf("from: not before to")
	}
	tallies, err := s.store.Tallies.Sum(ctx, b.ID, q.Prefix, q.From.Truncate(time.Hour), q.To)
	if err != nil {
		return nil, err
	}
	return s.download(format, "insights", []string{"brand", "hour", "metric", "n"}, func(out rows) error {
		for _, t := range tallies {
			v := hourFigure{b.ID, t.Hour.UTC(), t.Metric, t.N}
			if err := out.row(v, []string{v.Brand, v.Hour.Format(time.RFC3339), v.Metric, strconv.FormatInt(v.N, 10)}); err != nil {
				return err
			}
		}
		return nil
	}), nil
}
