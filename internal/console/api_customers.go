package console

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

// CustomerPath names a customer of a brand.
type CustomerPath struct {
	ID    webcare.CustomerID `path:"id" maxLength:"400" doc:"channel and address, handle or name, with the slash escaped: email%2Fkim@example.com"`
	Brand string             `query:"brand" maxLength:"100" doc:"default: the first brand"`
}

// CustomerExport is all that is kept of a customer.
type CustomerExport struct {
	Customer   webcare.CustomerID `json:"customer"`
	Brand      string             `json:"brand"`
	ExportedAt time.Time          `json:"exported_at"`
	Cases      []CustomerCase     `json:"cases"`
}

// CustomerCase is one case with everything in it, files by name.
type CustomerCase struct {
	CaseView
	Triages     []webcare.Triage      `json:"triages"`
	Drafts      []webcare.Draft       `json:"drafts"`
	Corrections []webcare.Correction  `json:"corrections"`
	Posted      []webcare.Publication `json:"posted"`
	Files       []webcare.BlobName    `json:"files"`
}

// registerCustomers adds export, erasure and hold.
func (s *Server) registerCustomers(api huma.API) {
	type export struct{ Body CustomerExport }
	huma.Register(api, operation("export-customer", http.MethodGet, "/customers/{id}", "All that is kept of a customer, for a person who decides"),
		func(ctx context.Context, in *CustomerPath) (*export, error) {
			b, err := s.customerBrand(ctx, in.Brand, webcare.Agent)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			out := &export{CustomerExport{Customer: in.ID, Brand: b, ExportedAt: s.cfg.Now().UTC()}}
			if out.Body.Cases, err = s.exportCustomer(ctx, b, in.ID); err != nil {
				return nil, s.problem(ctx, err)
			}
			return out, nil
		})
	type erased struct {
		Body struct {
			Cases int `json:"cases" doc:"how many cases were erased"`
		}
	}
	op := operation("erase-customer", http.MethodDelete, "/customers/{id}", "Erase a customer: texts go, what was counted stays; for a lead")
	op.Errors = append(op.Errors, http.StatusConflict)
	op.DefaultStatus = http.StatusOK
	huma.Register(api, op, func(ctx context.Context, in *CustomerPath) (*erased, error) {
		b, err := s.customerBrand(ctx, in.Brand, webcare.Lead)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		out := &erased{}
		if out.Body.Cases, err = s.store.EraseCustomer(ctx, b, in.ID, s.cfg.Now(), s.forget()); err != nil {
			return nil, s.problem(ctx, err)
		}
		if out.Body.Cases == 0 {
			return nil, s.problem(ctx, webcare.NotFoundf("customer of %s", b))
		}
		return out, nil
	})
	type hold struct {
		Held bool `json:"held" doc:"true keeps the case from erasure until it is lifted"`
	}
	step(s, api, "hold", "Keep a case from being erased, or lift that; for a lead", func(ctx context.Context, u User, in hold) (*webcare.Case, error) {
		return s.cfg.Desk.Hold(ctx, caseOf(ctx), u.Actor, in.Held)
	})
}

// customerBrand returns the brand in which a person has at least an authority.
func (s *Server) customerBrand(ctx context.Context, id string, needs webcare.Authority) (string, error) {
	b, err := s.cfg.Brands.Get(id)
	if err != nil {
		return "", err
	}
	u, err := userOf(ctx).in(b.ID)
	if err == nil {
		err = u.mayDecide()
	}
	if err == nil && !u.Authority.AtLeast(needs) {
		err = &webcare.AuthorityError{Has: u.Authority, Needs: needs}
	}
	return b.ID, err
}

// forget deletes what webhooks keep of a case.
func (s *Server) forget() func(context.Context, webcare.CaseID) error {
	if s.cfg.Courier == nil {
		return nil
	}
	return s.cfg.Courier.ForgetCase
}

func (s *Server) exportCustomer(ctx context.Context, brandID string, id webcare.CustomerID) ([]CustomerCase, error) {
	heads, err := s.store.CasesOf(ctx, brandID, id)
	if err != nil {
		return nil, err
	}
	if len(heads) == 0 {
		return nil, webcare.NotFoundf("customer of %s", brandID)
	}
	out := []CustomerCase{}
	for _, h := range heads {
		c, err := s.store.Load(ctx, h.ID)
		if err != nil {
			return nil, err
		}
		e := CustomerCase{CaseView: s.caseView(c), Triages: values(c.Triages), Drafts: values(c.Drafts), Corrections: values(c.Corrections), Posted: values(c.Publications)}
		if e.Files, _, err = s.store.Blobs.List(ctx, string(h.ID)+"/", "", webcare.MaxPage); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func values[T any](entries []webcare.Entry[T]) []T {
	out := []T{}
	for _, e := range entries {
		out = append(out, e.Value)
	}
	return out
}

// FiguresQuery asks for the counters of a period of days.
type FiguresQuery struct {
	Brand string `query:"brand" maxLength:"100"`
	By    string `query:"by" maxLength:"200" doc:"one value of a dimension: main:late, family:money, channel:x, language:nl, tag:kerst; empty for everything"`
	Days  int    `query:"days" minimum:"1" maximum:"800" default:"30" doc:"the last so many days, with today"`
	From  string `query:"from" format:"date" doc:"first day, instead of days"`
	To    string `query:"to" format:"date" doc:"last day"`
}

// registerFigures adds the counters that the insights page shows.
func (s *Server) registerFigures(api huma.API) {
	type figures struct {
		Body struct {
			Brand string        `json:"brand"`
			From  string        `json:"from" doc:"first day, UTC"`
			To    string        `json:"to" doc:"last day"`
			Rows  []insight.Row `json:"rows" doc:"counters by day and metric; none that is zero"`
		}
	}
	huma.Register(api, operation("insight-figures", http.MethodGet, "/insights/figures", "Counters by day of a period, as the insights page shows them"),
		func(ctx context.Context, in *FiguresQuery) (*figures, error) {
			b, err := s.insightsBrand(ctx, in.Brand)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			q := insightsQuery{Brand: b.ID, By: in.By, Period: insight.Days(in.Days, s.cfg.Now())}
			if in.From != "" || in.To != "" {
				if q.Period, err = daysBetween(in.From, in.To); err != nil {
					return nil, s.problem(ctx, err)
				}
			}
			out := &figures{}
			out.Body.Brand, out.Body.From, out.Body.To = b.ID, q.Period.From.Format(time.DateOnly), q.Last().Format(time.DateOnly)
			read, err := insight.Slices(q.Dimension())
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			f, err := insight.Read(ctx, s.store.Tallies, b.ID, read, q.Period)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			out.Body.Rows = list(f.Rows())
			return out, nil
		})
}

// daysBetween is the period from one day to another, both in it.
func daysBetween(from, to string) (p insight.Period, err error) {
	var errFrom, errTo error
	p.From, errFrom = time.Parse(time.DateOnly, from)
	p.To, errTo = time.Parse(time.DateOnly, to)
	if errFrom != nil || errTo != nil {
		return p, webcare.Invalidf("from, to: dates like 2026-11-21")
	}
	p.To = p.To.AddDate(0, 0, 1)
	return p, p.Check()
}
