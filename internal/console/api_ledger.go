package console

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// PromiseView is a promise with its case.
type PromiseView struct {
	Case webcare.CaseID `json:"case"`
	webcare.Promise
}

// WorkOrderView is a work order with its case.
type WorkOrderView struct {
	Case webcare.CaseID `json:"case"`
	webcare.WorkOrder
}

// Paging asks for a page.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// registerLedger adds promises, work orders and insights.
func (s *Server) registerLedger(api huma.API) {
	type promises struct {
		Body struct {
			Promises []PromiseView `json:"promises"`
			Next     string        `json:"next"`
		}
	}
	huma.Register(api, operation("list-promises", http.MethodGet, "/promises", "Open promises, by case"),
		reading(s, func(ctx context.Context, in *Paging) (*promises, error) {
			out := &promises{}
			out.Body.Promises = []PromiseView{}
			next, err := s.eachCase(ctx, *in, func(h webcare.Head) bool { return h.OpenPromises > 0 }, func(c *webcare.Case) {
				for _, p := range c.Promises {
					if p.State == webcare.PromiseOpen {
						out.Body.Promises = append(out.Body.Promises, PromiseView{c.Head.ID, p})
					}
				}
			})
			out.Body.Next = next
			return out, err
		}))
	type orders struct {
		Body struct {
			WorkOrders []WorkOrderView `json:"work_orders"`
			Next       string          `json:"next"`
		}
	}
	huma.Register(api, operation("list-work-orders", http.MethodGet, "/work-orders", "Open work orders, by case"),
		reading(s, func(ctx context.Context, in *Paging) (*orders, error) {
			out := &orders{}
			out.Body.WorkOrders = []WorkOrderView{}
			next, err := s.eachCase(ctx, *in, func(h webcare.Head) bool { return h.OpenOrders > 0 }, func(c *webcare.Case) {
				for _, w := range c.WorkOrders {
					if w.State == webcare.WorkOrderOpen {
						out.Body.WorkOrders = append(out.Body.WorkOrders, WorkOrderView{c.Head.ID, w})
					}
				}
			})
			out.Body.Next = next
			return out, err
		}))
	s.registerKeeping(api)
	s.registerInsights(api)
	s.registerFigures(api)
	s.registerCustomers(api)
}

// eachCase loads the cases of one page whose head matches.
func (s *Server) eachCase(ctx context.Context, p Paging, match func(webcare.Head) bool, f func(*webcare.Case)) (string, error) {
	page, err := s.store.Cases.List(ctx, webcare.Query{Brands: userOf(ctx).brands(s.cfg.Brands.IDs()), Statuses: webcare.Statuses(), Match: match, Cursor: p.Cursor, Limit: p.Limit})
	if err != nil {
		return "", err
	}
	for _, h := range page.Heads {
		c, err := s.store.Load(ctx, h.ID)
		if err != nil {
			return "", err
		}
		f(c)
	}
	return page.Next, nil
}

// registerKeeping adds the steps that end promises and work orders.
func (s *Server) registerKeeping(api huma.API) {
	type keep struct {
		Promise string `json:"promise" minLength:"1" maxLength:"40"`
		Kept    bool   `json:"kept"`
		Note    string `json:"note,omitempty" maxLength:"1000"`
	}
	step(s, api, "promise", "Mark a promise kept, or broken", func(ctx context.Context, u User, in keep) (*webcare.Case, error) {
		return s.cfg.Desk.KeepPromise(ctx, caseOf(ctx), u.Actor, in.Promise, in.Kept, in.Note)
	})
	type done struct {
		WorkOrder string `json:"work_order" minLength:"1" maxLength:"40"`
		Done      bool   `json:"done"`
		Text      string `json:"text,omitempty" maxLength:"300" doc:"the desk's reference when done, the reason when refused"`
	}
	step(s, api, "work-order", "Record a desk's answer", func(ctx context.Context, u User, in done) (*webcare.Case, error) {
		return s.cfg.Desk.CloseWorkOrder(ctx, caseOf(ctx), u.Actor, in.WorkOrder, in.Done, in.Text)
	})
}

// InsightsQuery asks for counters.
type InsightsQuery struct {
	Brand  string    `query:"brand" maxLength:"100"`
	Prefix string    `query:"metric" maxLength:"100" doc:"beginning of the metric: friction/, sentiment/, event/, channel/mail/friction/"`
	From   time.Time `query:"from" doc:"default: 30 days before to"`
	To     time.Time `query:"to" doc:"default: now"`
}

// Figure is one counter over the period.
type Figure struct {
	Metric string `json:"metric"`
	N      int64  `json:"n"`
}

func (s *Server) registerInsights(api huma.API) {
	type insights struct {
		Body struct {
			Brand   string    `json:"brand"`
			From    time.Time `json:"from"`
			To      time.Time `json:"to"`
			Figures []Figure  `json:"figures"`
		}
	}
	huma.Register(api, operation("insights", http.MethodGet, "/insights", "Counters over a period, by the hour's edge"),
		func(ctx context.Context, in *InsightsQuery) (*insights, error) {
			b, err := s.insightsBrand(ctx, in.Brand)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			out := &insights{}
			out.Body.Brand, out.Body.From, out.Body.To = b.ID, in.From, in.To
			if in.To.IsZero() {
				out.Body.To = s.cfg.Now().UTC()
			}
			if in.From.IsZero() {
				out.Body.From = out.Body.To.AddDate(0, 0, -30)
			}
			if !out.Body.From.Before(out.Body.To) {
				return nil, s.problem(ctx, webcare.Invalidf("from: not before to"))
			}
			out.Body.Figures, err = s.figures(ctx, b.ID, in.Prefix, out.Body.From, out.Body.To)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			return out, nil
		})
}

// insightsBrand returns a brand whose figures the user may read.
func (s *Server) insightsBrand(ctx context.Context, id string) (*brand.Brand, error) {
	b, err := s.cfg.Brands.Get(id)
	if err != nil {
		return nil, err
	}
	u, err := userOf(ctx).in(b.ID)
	if err == nil {
		err = u.may(ScopeReadInsights)
	}
	return b, err
}

// figures sums counters over the period.
func (s *Server) figures(ctx context.Context, brandID, prefix string, from, to time.Time) ([]Figure, error) {
	tallies, err := s.store.Tallies.Sum(ctx, brandID, prefix, from.Truncate(time.Hour), to)
	if err != nil {
		return nil, err
	}
	out := []Figure{}
	for _, t := range tallies {
		if prefix == "" && strings.HasPrefix(t.Metric, "channel/") {
			continue // asked for by name: they repeat the others
		}
		if n := len(out); n > 0 && out[n-1].Metric == t.Metric {
			out[n-1].N += t.N
			continue
		}
		out = append(out, Figure{t.Metric, t.N})
	}
	return out, nil
}
