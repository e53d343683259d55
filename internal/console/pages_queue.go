package console

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// queueSize is how many cases one page of the queue shows.
const queueSize = 40

// queueData is what the queue page shows.
type queueData struct {
	Rows     []row
	Tabs     []tab
	Views    []tab
	Filters  []filterGroup
	Frozen   template.HTML // the filters, where none is in use
	Keep     []kept        // of the query, beside the filters
	Active   []activeFilter
	People   []review.Colleague
	Query    string // the queue's query, to keep as a view
	More     string // address of the next page
	First    bool   // no case was ever received
	Later    bool   // not the first page
	Filtered bool
	Now      int64
}

// row is one case of the queue.
type row struct {
	webcare.Head
	Here  []review.Presence // who has it open, but for oneself
	Query string            // the queue's
}

// tab is a saved way to look at the queue, with its count.
type tab struct {
	Name, Label, Query, Count string
	Current                   bool
}

// filterGroup is one thing to narrow the queue by.
type filterGroup struct {
	Name    string
	Options []option
}

// kept is a part of the query that other filters leave alone.
type kept struct{ Name, Value string }

type option struct {
	Value   string
	Checked bool
}

// activeFilter is a filter in use, with the query that does without it.
type activeFilter struct{ Name, Value, Without string }

// countLimit is where counts stop being exact.
const countLimit = 1000

var tabs = []struct {
	name     string
	statuses []webcare.Status
	assignee string
}{
	{"review", []webcare.Status{webcare.StatusInReview, webcare.StatusAttention}, ""},
	{"mine", openStatuses(), "me"},
	{"underway", []webcare.Status{webcare.StatusReceived, webcare.StatusTriaged, webcare.StatusApproved, webcare.StatusPublishing}, ""},
	{"waiting", []webcare.Status{webcare.StatusWaiting}, ""},
	{"answered", []webcare.Status{webcare.StatusAnswered}, ""},
	{"ended", []webcare.Status{webcare.StatusClosed, webcare.StatusIgnored}, ""},
}

func openStatuses() []webcare.Status {
	return slices.DeleteFunc(webcare.Statuses(), func(st webcare.Status) bool { return !st.Open() })
}

// queueQuery is the part of a query that says which queue, in a fixed order.
func queueQuery(raw string) string {
	q, err := url.ParseQuery(strings.TrimPrefix(raw, "?"))
	if err != nil {
		return ""
	}
	for k, v := range q {
		if !slices.Contains(queueKeys, k) || strings.Join(v, "") == "" {
			delete(q, k)
			continue
		}
		q[k] = []string{strings.Join(v, ",")}
	}
	return q.Encode()
}

var queueKeys = []string{"status", "friction", "sentiment", "urgency", "channel", "brand", "assignee", "signal", "tag", "q", "only"}

// filterOf reads a queue's query.
func filterOf(query string) Filter {
	q, err := url.ParseQuery(queueQuery(query))
	if err != nil {
		return Filter{Limit: queueSize}
	}
	f := Filter{Status: q.Get("status"), Friction: q.Get("friction"), Sentiment: q.Get("sentiment"), Urgency: q.Get("urgency"),
		Channel: q.Get("channel"), Brand: q.Get("brand"), Assignee: q.Get("assignee"), Signal: q.Get("signal"), Tag: q.Get("tag"),
		Q: q.Get("q"), Limit: queueSize}
	if f.Status == "" && f.Q == "" {
		f.Status = statusList(tabs[0].statuses)
		if f.Assignee != "" {
			f.Status = statusList(openStatuses())
		}
	}
	return f
}

// queueTries bounds how often a page is filled up where much of it is hidden.
const queueTries = 4

// queue lists what a query asks for, snoozed cases left out unless asked for.
// A page may come short.
func (s *Server) queue(ctx context.Context, u User, query, cursor string, limit int) (webcare.Page, error) {
	f := filterOf(query)
	f.Cursor, f.Limit, f.Snoozed = cursor, limit, true // hidden below: without a filter the store reads no more than it shows
	q, err := url.ParseQuery(query)
	if err != nil {
		return webcare.Page{}, webcare.Invalidf("query: %v", err)
	}
	if q.Get("only") == "snoozed" {
		return s.snoozedPage(ctx, u, f)
	}
	var out webcare.Page
	for range queueTries {
		page, err := s.list(ctx, u, f)
		if err != nil {
			return page, err
		}
		out.Heads, out.Next = append(out.Heads, s.shown(page.Heads, f, q.Get("only"))...), page.Next
		if page.Next == "" || len(out.Heads) >= limit/2 {
			break
		}
		f.Cursor, f.Limit = page.Next, limit-len(out.Heads)
	}
	return out, nil
}

// shown leaves out what a queue hides: snoozed cases, but for one's own and in
// a search, and what the choice "only" has no place for.
func (s *Server) shown(heads []webcare.Head, f Filter, only string) []webcare.Head {
	now := s.cfg.Now()
	return slices.DeleteFunc(heads, func(h webcare.Head) bool {
		snoozed := h.SnoozedUntil.After(now)
		switch only {
		case "proposed":
			return h.ProposedBy == ""
		case "escalated":
			return h.EscalatedTo == ""
		case "unassigned":
			return h.Assignee != "" || snoozed
		}
		return snoozed && f.Q == "" && f.Assignee == ""
	})
}

// snoozedPage lists snoozed cases, all on one page.
func (s *Server) snoozedPage(ctx context.Context, u User, f Filter) (page webcare.Page, err error) {
	q, err := s.query(u, f)
	if err != nil {
		return page, err
	}
	all, err := s.cfg.Desk.Snoozed(ctx)
	for _, h := range all {
		if holds(q, h) && (q.Match == nil || q.Match(h)) {
			page.Heads = append(page.Heads, h)
		}
	}
	return page, err
}

// holds reports whether a case stands in the part of a query that an index answers.
func holds(q webcare.Query, h webcare.Head) bool {
	return slices.Contains(q.Brands, h.Brand) && slices.Contains(q.Statuses, h.Status) && (q.Assignee == "" || q.Assignee == h.Assignee)
}

func (s *Server) queuePage(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayRead(); err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := s.queueData(r, u)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "queue", translate(language(r), "queue"), data)
}

func (s *Server) queueData(r *http.Request, u User) (*queueData, error) {
	ctx := r.Context()
	query, cursor := queueQuery(r.URL.RawQuery), r.URL.Query().Get("cursor")
	heads, err := s.queue(ctx, u, query, cursor, queueSize)
	if err != nil {
		return nil, err
	}
	d := &queueData{Query: query, Later: cursor != "", Now: s.cfg.Now().UnixMilli()}
	present, err := s.cfg.Desk.Present(ctx)
	if err != nil {
		return nil, err
	}
	for _, h := range heads.Heads {
		d.Rows = append(d.Rows, row{Head: h, Here: others(present, h.ID, u), Query: query})
	}
	if heads.Next != "" {
		more := "cursor=" + url.QueryEscape(heads.Next)
		if query != "" {
			more = query + "&" + more
		}
		d.More = "/?" + more
	}
	if err := s.queueTabs(ctx, u, d); err != nil {
		return nil, err
	}
	d.Filters, d.Active = filterGroups(query, s.channels(u))
	d.Filtered = len(d.Active) > 0
	if q, err := url.ParseQuery(query); err == nil {
		for _, name := range []string{"status", "assignee", "brand", "tag", "q"} {
			if v := q.Get(name); v != "" {
				d.Keep = append(d.Keep, kept{name, v})
			}
		}
	}
	if query == "" {
		lang := language(r)
		if d.Frozen, err = s.pages.freeze("filters", lang+" "+strings.Join(s.channels(u), " "), page{Lang: lang, Data: d}); err != nil {
			return nil, err
		}
	}
	d.People, err = s.cfg.Desk.Colleagues(ctx)
	return d, err
}

// queueTabs adds the views with their counts, and whether there is anything at all.
func (s *Server) queueTabs(ctx context.Context, u User, d *queueData) error {
	total := 0
	snoozed, err := s.cfg.Desk.Snoozed(ctx)
	if err != nil {
		return err
	}
	for _, t := range tabs {
		q := webcare.Query{Brands: u.brands(s.cfg.Brands.IDs()), Statuses: t.statuses}
		values := url.Values{"status": {statusList(t.statuses)}}
		if t.assignee != "" {
			q.Assignee = u.ID
			values = url.Values{"assignee": {t.assignee}}
		}
		n, err := s.counts.of(ctx, s.store.Cases, q, s.cfg.Now())
		if err != nil {
			return err
		}
		total += n
		if t.assignee == "" && n <= countLimit { // one's own are shown snoozed too
			n -= len(slices.DeleteFunc(slices.Clone(snoozed), func(h webcare.Head) bool { return !holds(q, h) }))
		}
		query := queueQuery(values.Encode())
		current := query == d.Query
		if t.name == "review" {
			query, current = "", d.Query == "" || current
		}
		d.Tabs = append(d.Tabs, tab{Name: t.name, Label: "tab." + t.name, Query: "/?" + query, Count: count(n), Current: current})
	}
	d.First = total == 0
	views, err := s.cfg.Desk.Views(ctx, u.Actor)
	for _, v := range views {
		d.Views = append(d.Views, tab{Name: v.Name, Query: "/?" + v.Query, Current: v.Query == d.Query})
	}
	return err
}

// others are who has a case open, but for oneself.
func others(present []review.Presence, id webcare.CaseID, u User) []review.Presence {
	var out []review.Presence
	for _, p := range present {
		if p.Case == id && p.By != u.ID {
			out = append(out, p)
		}
	}
	return out
}

// channels of the brands that a user sees.
func (s *Server) channels(u User) []string {
	var out []string
	for _, id := range u.brands(s.cfg.Brands.IDs()) {
		b, err := s.cfg.Brands.Get(id)
		if err != nil {
			continue
		}
		for _, c := range b.Channels {
			if !slices.Contains(out, c.Name) {
				out = append(out, c.Name)
			}
		}
	}
	return out
}

// filterGroups are the filters to choose from, and those in use.
func filterGroups(query string, channels []string) (groups []filterGroup, active []activeFilter) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return nil, nil
	}
	choices := map[string][]string{"urgency": {"critical", "high", "normal", "low"}, "sentiment": {"negative", "mixed", "neutral", "positive"},
		"channel": channels, "friction": texts(webcare.FrictionTypes()), "signal": texts(webcare.Signals()),
		"only": {"unassigned", "proposed", "escalated", "snoozed"}}
	for _, name := range []string{"urgency", "sentiment", "only", "channel", "signal", "friction"} {
		g := filterGroup{Name: name}
		in := split(q.Get(name))
		for _, v := range choices[name] {
			g.Options = append(g.Options, option{v, slices.Contains(in, v)})
		}
		groups = append(groups, g)
	}
	for _, name := range []string{"q", "urgency", "sentiment", "only", "channel", "signal", "friction", "tag", "brand"} {
		if v := q.Get(name); v != "" {
			rest := url.Values{}
			for k, x := range q {
				if k != name {
					rest[k] = x
				}
			}
			active = append(active, activeFilter{name, v, "/?" + rest.Encode()})
		}
	}
	return groups, active
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func statusList(st []webcare.Status) string { return strings.Join(texts(st), ",") }

// neighbour leads to the case after, or before, this one in its queue.
func (s *Server) neighbour(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayRead(); err != nil {
		s.fail(w, r, err)
		return
	}
	h, err := s.store.Cases.Head(r.Context(), webcare.CaseID(r.PathValue("id")))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	from := queueQuery(r.URL.Query().Get("from"))
	step := s.after
	if r.URL.Query().Get("back") != "" {
		step = s.before
	}
	to := step(r.Context(), u, from, h)
	if to == "" {
		to = "/?" + from
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// after is the page of the next case in the queue that nobody else has open:
// the first after h, else the first of all; "" where none is left.
func (s *Server) after(ctx context.Context, u User, from string, h webcare.Head) string {
	present, err := s.cfg.Desk.Present(ctx)
	if err != nil {
		return ""
	}
	for _, cursor := range []string{h.QueueKey(), ""} {
		page, err := s.queue(ctx, u, from, cursor, 8)
		if err != nil {
			return ""
		}
		for _, n := range page.Heads {
			if n.ID != h.ID && len(others(present, n.ID, u)) == 0 {
				return caseURL(n.ID, from)
			}
		}
	}
	return ""
}

// before is the page of the case that stands before h, as far as the first
// page of the queue reaches.
func (s *Server) before(ctx context.Context, u User, from string, h webcare.Head) string {
	page, err := s.queue(ctx, u, from, "", webcare.MaxPage)
	if err != nil {
		return ""
	}
	last := ""
	for _, n := range page.Heads {
		if n.ID == h.ID || n.QueueKey() >= h.QueueKey() && filterOf(from).Q == "" {
			break
		}
		last = caseURL(n.ID, from)
	}
	return last
}
