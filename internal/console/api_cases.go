package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// Filter is what lists can be narrowed by. Several values are separated by
// commas and mean any of them.
type Filter struct {
	Status    string `query:"status" doc:"statuses, by comma; default: all that are open"`
	Friction  string `query:"friction" doc:"friction types, by comma"`
	Sentiment string `query:"sentiment" doc:"negative, neutral, positive, mixed, by comma"`
	Urgency   string `query:"urgency" doc:"low, normal, high, critical, by comma"`
	Channel   string `query:"channel" doc:"channels, by comma"`
	Brand     string `query:"brand" doc:"brands, by comma; default: all"`
	Assignee  string `query:"assignee" doc:"id of the person; me for oneself"`
	Signal    string `query:"signal" doc:"signals, by comma"`
	Tag       string `query:"tag" doc:"tags, by comma"`
	Snoozed   bool   `query:"snoozed" doc:"show snoozed cases too"`
	Q         string `query:"q" maxLength:"200" doc:"words that all stand in the case"`
	Cursor    string `query:"cursor" maxLength:"200" doc:"next of the page before"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func split(s string) []string {
	return slices.DeleteFunc(strings.Split(s, ","), func(p string) bool { return strings.TrimSpace(p) == "" })
}

// query turns the filter into what the store is asked.
func (s *Server) query(u User, f Filter) (webcare.Query, error) {
	q := webcare.Query{Brands: u.brands(s.cfg.Brands.IDs()), Cursor: f.Cursor, Limit: f.Limit, Assignee: f.Assignee}
	if f.Assignee == "me" {
		q.Assignee = u.ID
	}
	if b := split(f.Brand); len(b) > 0 {
		q.Brands = b
	}
	for _, b := range q.Brands {
		if _, err := s.cfg.Brands.Get(b); err != nil || !u.sees(b) {
			return q, webcare.Invalidf("brand: %q is not served here", b)
		}
	}
	for _, v := range split(f.Status) {
		st := webcare.Status(v)
		if !st.Valid() {
			return q, webcare.Invalidf("status: unknown %q", v)
		}
		q.Statuses = append(q.Statuses, st)
	}
	if len(q.Statuses) == 0 {
		for _, st := range webcare.Statuses() {
			if st.Open() {
				q.Statuses = append(q.Statuses, st)
			}
		}
	}
	now := s.cfg.Now()
	if match := f.match(); f.Snoozed {
		q.Match = match
	} else {
		q.Match = func(h webcare.Head) bool { return !h.SnoozedUntil.After(now) && (match == nil || match(h)) }
	}
	return q, nil
}

// match returns the part of the filter that no index answers, nil for none.
func (f Filter) match() func(webcare.Head) bool {
	var tests []func(webcare.Head) bool
	any := func(values string, has func(h webcare.Head, v string) bool) {
		if vs := split(values); len(vs) > 0 {
			tests = append(tests, func(h webcare.Head) bool {
				return slices.ContainsFunc(vs, func(v string) bool { return has(h, v) })
			})
		}
	}
	any(f.Friction, func(h webcare.Head, v string) bool { return slices.Contains(h.Frictions, webcare.FrictionType(v)) })
	any(f.Sentiment, func(h webcare.Head, v string) bool { return string(h.Sentiment.Label) == v })
	any(f.Urgency, func(h webcare.Head, v string) bool { return string(h.Urgency) == v })
	any(f.Channel, func(h webcare.Head, v string) bool { return h.Channel == v })
	any(f.Signal, func(h webcare.Head, v string) bool { return slices.Contains(h.Signals, webcare.Signal(v)) })
	any(f.Tag, func(h webcare.Head, v string) bool { return slices.Contains(h.Tags, v) })
	if len(tests) == 0 {
		return nil
	}
	return func(h webcare.Head) bool {
		return !slices.ContainsFunc(tests, func(t func(webcare.Head) bool) bool { return !t(h) })
	}
}

// list answers a filter: by index, or by search where words are asked for.
func (s *Server) list(ctx context.Context, u User, f Filter) (webcare.Page, error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	q, err := s.query(u, f)
	if err != nil {
		return webcare.Page{}, err
	}
	if strings.TrimSpace(f.Q) == "" {
		return s.store.Cases.List(ctx, q)
	}
	return s.search(ctx, f, q)
}

// searchDepth is how many postings per word a search looks at.
const searchDepth = 500

// search returns the best matches on one page.
func (s *Server) search(ctx context.Context, f Filter, q webcare.Query) (webcare.Page, error) {
	terms := text.Terms(f.Q)
	var page webcare.Page
	if len(terms) == 0 {
		return page, nil
	}
	for _, b := range q.Brands {
		postings, err := s.store.Search.Postings(ctx, b, "case", terms, searchDepth)
		if err != nil {
			return page, err
		}
		for _, r := range webcare.Rank(postings, terms, true, webcare.MaxPage) {
			h, err := s.store.Cases.Head(ctx, r.Case)
			if err != nil {
				return page, err
			}
			wanted := f.Status == "" || slices.Contains(q.Statuses, h.Status)
			if wanted && (q.Assignee == "" || h.Assignee == q.Assignee) && (q.Match == nil || q.Match(h)) {
				page.Heads = append(page.Heads, h)
			}
		}
	}
	page.Heads = page.Heads[:min(len(page.Heads), f.Limit)]
	return page, nil
}

// CasesBody is a page of cases.
type CasesBody struct {
	Body struct {
		Cases []CaseView `json:"cases"`
		Next  string     `json:"next" doc:"cursor of the next page, empty after the last"`
	}
}

// NewCase is a case entered by hand: telephone, counter, letter.
type NewCase struct {
	Brand    string     `json:"brand,omitempty" maxLength:"100"`
	Channel  string     `json:"channel,omitempty" maxLength:"40" default:"telephone"`
	Text     string     `json:"text" minLength:"1" maxLength:"100000" doc:"what the customer said or wrote"`
	Subject  string     `json:"subject,omitempty" maxLength:"500"`
	Author   AuthorView `json:"author,omitempty"`
	Address  string     `json:"address,omitempty" maxLength:"320" doc:"mail address for the answer"`
	URL      string     `json:"url,omitempty" maxLength:"2000"`
	PostedAt *time.Time `json:"posted_at,omitempty"`
}

func (s *Server) registerCases(api huma.API) {
	huma.Register(api, operation("list-cases", http.MethodGet, "/cases", "The queue, critical first, then by response clock"),
		reading(s, func(ctx context.Context, f *Filter) (*CasesBody, error) {
			page, err := s.list(ctx, userOf(ctx), *f)
			if err != nil {
				return nil, err
			}
			out := &CasesBody{}
			out.Body.Cases, out.Body.Next = make([]CaseView, 0, len(page.Heads)), page.Next
			for _, h := range page.Heads {
				out.Body.Cases = append(out.Body.Cases, headView(h))
			}
			return out, nil
		}))
	huma.Register(api, operation("get-case", http.MethodGet, "/cases/{id}", "One case with all that belongs to it"),
		reading(s, func(ctx context.Context, in *CasePath) (*CaseBody, error) {
			c, err := s.store.Load(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &CaseBody{s.caseView(c)}, nil
		}))
	create := operation("create-case", http.MethodPost, "/cases", "Enter a case by hand")
	create.DefaultStatus = http.StatusCreated
	huma.Register(api, create, allowed(s, ScopeEnterCases, func(ctx context.Context, in *struct{ Body NewCase }) (*CaseBody, error) {
		c, err := s.createCase(ctx, userOf(ctx), in.Body)
		if err != nil {
			return nil, err
		}
		return &CaseBody{s.caseView(c)}, nil
	}))
}

func (s *Server) createCase(ctx context.Context, u User, n NewCase) (*webcare.Case, error) {
	b, err := s.cfg.Brands.Get(n.Brand)
	if err != nil {
		return nil, webcare.Invalidf("brand: %q is not served here", n.Brand)
	}
	if _, err := u.in(b.ID); err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	m := webcare.Message{Brand: b.ID, Key: webcare.Key{Channel: n.Channel, ExternalID: "hand/" + webcare.NewID(now, s.cfg.Receiver.Random)},
		Text: n.Text, Subject: n.Subject, Author: webcare.Author{Name: n.Author.Name, Handle: n.Author.Handle, Address: n.Address},
		Visibility: webcare.Private, URL: n.URL, ReplyTo: webcare.ReplyTarget{URL: n.URL}, Warnings: []string{"entered by " + u.ID}}
	if m.Key.Channel == "" {
		m.Key.Channel = "telephone"
	}
	if n.Address != "" {
		m.ReplyTo.Recipients = []string{n.Address}
	}
	if n.PostedAt != nil {
		m.PostedAt = *n.PostedAt
	}
	res, err := s.cfg.Receiver.Receive(ctx, receive.Item{Message: m})
	if err != nil {
		return nil, err
	}
	return s.store.Load(ctx, res.CaseID)
}
