package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// DeskLinks checks the addresses under which desks answer work orders.
type DeskLinks interface {
	Check(ctx context.Context, id webcare.CaseID, order, signature string) error
}

// registerLedgerPages adds promises, work orders, and the page of a desk.
func (s *Server) registerLedgerPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /promises", s.promisesPage)
	mux.HandleFunc("POST /promises/{id}/{promise}", s.endPromise)
	mux.HandleFunc("GET /orders", s.ordersPage)
	mux.HandleFunc("POST /orders/{id}/{order}", s.endOrder)
	mux.HandleFunc("GET /desk/{id}/{order}/{signature}", s.deskPage)
	mux.HandleFunc("POST /desk/{id}/{order}/{signature}", s.deskAnswers)
}

// ledgerRow is a promise or a work order with its case.
type ledgerRow struct {
	Head     webcare.Head
	ID       string
	What     string
	Who      string // owner or desk
	Due      time.Time
	Zone     *time.Location
	State    string
	Note     string
	Overdue  bool
	Soon     bool
	Reminded bool
}

type ledgerData struct {
	Rows   []ledgerRow
	All    bool // ended ones too
	More   string
	Decide bool
	Teams  []teamRow
}

const ledgerSize = 100

// ledger lists what open cases promised, the first due first.
func (s *Server) ledger(r *http.Request, open func(webcare.Head) bool, take func(*webcare.Case, *brand.Brand, bool) []ledgerRow) (*ledgerData, error) {
	u := userOf(r.Context())
	if err := u.mayRead(); err != nil {
		return nil, err
	}
	d := &ledgerData{All: r.URL.Query().Get("all") != "", Decide: u.mayDecide() == nil}
	q := webcare.Query{Brands: u.brands(s.cfg.Brands.IDs()), Statuses: webcare.Statuses(), Limit: ledgerSize, Cursor: r.URL.Query().Get("cursor"),
		Match: func(h webcare.Head) bool { return d.All && !h.FirstReplyAt.IsZero() || open(h) }}
	for looks := 0; looks < figureLooks; looks += webcare.MaxExamined {
		page, err := s.store.Cases.List(r.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, h := range page.Heads {
			c, err := s.store.Load(r.Context(), h.ID)
			if err != nil {
				return nil, err
			}
			b, err := s.cfg.Brands.Get(h.Brand)
			if err != nil {
				return nil, err
			}
			d.Rows = append(d.Rows, take(c, b, d.All)...)
		}
		if q.Cursor = page.Next; q.Cursor == "" || len(d.Rows) >= ledgerSize {
			break
		}
	}
	if q.Cursor != "" {
		v := r.URL.Query()
		v.Set("cursor", q.Cursor)
		d.More = r.URL.Path + "?" + v.Encode()
	}
	slices.SortStableFunc(d.Rows, func(a, b ledgerRow) int {
		if (a.State == "open") != (b.State == "open") {
			return map[bool]int{true: -1, false: 1}[a.State == "open"]
		}
		return a.Due.Compare(b.Due)
	})
	return d, nil
}

func (s *Server) promisesPage(w http.ResponseWriter, r *http.Request) {
	now := s.cfg.Now()
	d, err := s.ledger(r, func(h webcare.Head) bool { return h.OpenPromises > 0 }, func(c *webcare.Case, b *brand.Brand, all bool) (out []ledgerRow) {
		for _, p := range c.Promises {
			if all || p.State == webcare.PromiseOpen {
				out = append(out, ledgerRow{Head: c.Head, ID: p.ID, What: p.What, Who: p.Owner, Due: p.Due, Zone: b.Location(), State: string(p.State),
					Note: p.Note, Overdue: p.State == webcare.PromiseOpen && now.After(p.Due), Soon: p.State == webcare.PromiseOpen && now.After(p.RemindAt())})
			}
		}
		return out
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "promises", translate(language(r), "ledger.promises"), d)
}

func (s *Server) ordersPage(w http.ResponseWriter, r *http.Request) {
	now := s.cfg.Now()
	d, err := s.ledger(r, func(h webcare.Head) bool { return h.OpenOrders > 0 }, func(c *webcare.Case, b *brand.Brand, all bool) (out []ledgerRow) {
		for _, o := range c.WorkOrders {
			if open := o.State == webcare.WorkOrderOpen; all || open {
				out = append(out, ledgerRow{Head: c.Head, ID: o.ID, What: o.Instruction, Who: cmp.Or(b.Desks[o.Desk].Name, o.Desk), Due: o.Due, Zone: b.Location(),
					State: string(o.State), Note: o.Reference + o.Reason, Overdue: open && now.After(o.Due), Soon: open && now.After(o.RemindAt()), Reminded: o.Told > 1})
			}
		}
		return out
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "orders", translate(language(r), "ledger.orders"), d)
}

// decider returns who decides about the case that a path names.
func (s *Server) decider(r *http.Request) (User, webcare.Head, error) {
	h, err := s.store.Cases.Head(r.Context(), webcare.CaseID(r.PathValue("id")))
	if err != nil {
		return User{}, h, err
	}
	u, err := userOf(r.Context()).in(h.Brand)
	if err == nil {
		err = u.mayDecide()
	}
	return u, h, err
}

// endPromise marks a promise kept, or broken; with "tell", a draft that tells
// the customer so is put up, to be approved like any other.
func (s *Server) endPromise(w http.ResponseWriter, r *http.Request) {
	u, h, err := s.decider(r)
	kept := r.PostFormValue("kept") != "no"
	if err == nil {
		_, err = s.cfg.Desk.KeepPromise(r.Context(), h.ID, u.Actor, r.PathValue("promise"), kept, clipForm(r.PostFormValue("note")))
	}
	to := "/promises"
	if err == nil && kept && r.PostFormValue("tell") != "" {
		to = "/cases/" + url.PathEscape(string(h.ID))
		err = s.tellKept(r.Context(), h.ID, u, r.PathValue("promise"))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func clipForm(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1000 {
		s = strings.ToValidUTF8(s[:1000], "")
	}
	return s
}

func (s *Server) endOrder(w http.ResponseWriter, r *http.Request) {
	u, h, err := s.decider(r)
	if err == nil {
		_, err = s.cfg.Desk.CloseWorkOrder(r.Context(), h.ID, u.Actor, r.PathValue("order"), r.PostFormValue("done") != "no", clipForm(r.PostFormValue("text")))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/orders", http.StatusSeeOther)
}

// orderData is what a desk sees: its order, and nothing of the customer.
type orderData struct {
	webcare.WorkOrder
	Desk  string
	Brand string
	Case  webcare.CaseID
	Zone  *time.Location
}

// deskOrder returns the order that a signed address names.
func (s *Server) deskOrder(r *http.Request) (orderData, error) {
	id, order := webcare.CaseID(r.PathValue("id")), r.PathValue("order")
	gone := webcare.NotFoundf("no work order has this address")
	if s.cfg.DeskLinks == nil {
		return orderData{}, gone
	}
	if err := s.cfg.DeskLinks.Check(r.Context(), id, order, r.PathValue("signature")); err != nil {
		return orderData{}, err
	}
	c, err := s.store.Load(r.Context(), id)
	if err != nil {
		return orderData{}, err
	}
	b, err := s.cfg.Brands.Get(c.Head.Brand)
	if err != nil {
		return orderData{}, err
	}
	for _, o := range c.WorkOrders {
		if o.ID == order {
			return orderData{o, cmp.Or(b.Desks[o.Desk].Name, o.Desk), b.Name, id, b.Location()}, nil
		}
	}
	return orderData{}, gone
}

func (s *Server) deskPage(w http.ResponseWriter, r *http.Request) {
	d, err := s.deskOrder(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is the key
	s.render(w, r, http.StatusOK, "order", translate(language(r), "order"), d)
}

func (s *Server) deskAnswers(w http.ResponseWriter, r *http.Request) {
	d, err := s.deskOrder(r)
	text, done := clipForm(r.PostFormValue("text")), r.PostFormValue("done") != "no"
	if err == nil && text == "" {
		err = webcare.Invalidf("text: give a reference, or the reason")
	}
	if err == nil {
		by := webcare.Actor{ID: "desk/" + d.WorkOrder.Desk, Name: d.Desk}
		_, err = s.cfg.Desk.CloseWorkOrder(r.Context(), d.Case, by, d.ID, done, text)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
}
