package console

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// registerChannelPages adds the page that shows how each channel is.
func (s *Server) registerChannelPages(mux *http.ServeMux) error {
	mux.HandleFunc("GET /channels", s.channelsPage)
	mux.HandleFunc("POST /cases/{id}/hide", s.hideForm)
	return s.pages.add("channels")
}

// channelRow is one channel as people see it.
type channelRow struct {
	channel.Health
	Key  string // of the word for its state
	Lag  string // from writing to taking
	Says string // what is wrong
	Do   []string
}

type channelsData struct {
	Rows   []channelRow
	Brands bool // more than one: the brand is named
}

// channelsPage lists the channels of the brands that somebody sees, those that
// want a person first.
func (s *Server) channelsPage(w http.ResponseWriter, r *http.Request) {
	d, err := s.channelsData(r.Context(), language(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "channels", translate(language(r), "channels"), d)
}

func (s *Server) channelsData(ctx context.Context, lang string) (*channelsData, error) {
	u := userOf(ctx)
	if err := u.mayRead(); err != nil {
		return nil, err
	}
	d := &channelsData{Brands: len(u.brands(s.cfg.Brands.IDs())) > 1}
	if s.cfg.Channels.Health == nil {
		return d, nil
	}
	all, err := s.cfg.Channels.Health(ctx)
	if err != nil {
		return nil, err
	}
	for _, state := range channelOrder {
		for _, h := range all {
			if !u.sees(h.Brand) || h.State != state {
				continue
			}
			row := channelRow{Health: h, Key: "channel." + strings.ReplaceAll(h.State, " ", "."), Says: channelSays(lang, h.Error)}
			if h.LagSeconds > 0 && !h.LastPost.IsZero() {
				row.Lag = lagged(time.Duration(h.LagSeconds*float64(time.Second)), lang)
			}
			if h.Todo != "" {
				for _, todo := range strings.Split(h.Todo, "; ") {
					row.Do = append(row.Do, channelSays(lang, todo))
				}
			}
			d.Rows = append(d.Rows, row)
		}
	}
	return d, nil
}

// channelOrder is what stands first: those that want a person.
var channelOrder = []string{channel.StateFailing, channel.StateNotConnected, channel.StateOK, channel.StateWaiting, channel.StateByHand}

// lagged is a length of time in the units that matter.
func lagged(d time.Duration, lang string) string {
	hour := map[bool]string{true: "u", false: "h"}[lang == "nl"]
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d %s %d min", int(d.Hours()), hour, int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d d", int(d.Hours()/24))
}

// window is until when a draft's private half can be posted, where the platform
// sets a time.
func (s *Server) window(c *webcare.Case) time.Time {
	b, err := s.cfg.Brands.Get(c.Head.Brand)
	d, ok := c.Draft(c.Head.DraftSeq)
	if err != nil || !ok || d.PrivateText == "" {
		return time.Time{}
	}
	return guard.PostingOf(c, b, s.cfg.Now()).PrivateUntil
}

// hideable marks the customer's latest public post where its platform can take
// it out of sight, for who decides on cases.
func (s *Server) hideable(u User, c *webcare.Case, messages []messageData) {
	latest, ok := c.LatestInbound()
	if !ok || !latest.Visibility.IsPublic() || u.mayDecide() != nil || s.cfg.Channels.Publisher == nil {
		return
	}
	p, connected := s.cfg.Channels.Publisher(c.Head.Brand, c.Head.Channel)
	if _, can := p.(channel.Hider); !can || !connected {
		return
	}
	step := "hide"
	for _, n := range c.Notes {
		switch n.Value.Text {
		case noteHidden:
			step = "show"
		case noteShown:
			step = "hide"
		}
	}
	for i := range messages {
		if messages[i].ID == latest.ID {
			messages[i].Hide = step
		}
	}
}

// hideForm hides or shows, and leads back to the case.
func (s *Server) hideForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxBodyBytes)
	id := webcare.CaseID(r.PathValue("id"))
	if err := s.hide(r.Context(), id, r.PostFormValue("step") == "hide"); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, caseURL(id, queueQuery(r.PostFormValue("from"))), http.StatusSeeOther)
}
