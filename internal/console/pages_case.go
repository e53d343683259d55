package console

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// caseData is what the case page shows.
type caseData struct {
	Case     *webcare.Case
	Messages []messageData
	Facts    []webcare.Fact
	Customer customer
	Reply    *reply
	Kept     *review.Edit // what the person typed, where there is no editor to show it in
	Holder   review.Hand
	Here     []review.Presence
	People   []review.Colleague
	Desks    []option
	Error    string
	News     []news // what happened since the person saw the case, after a conflict
	Unticked []string
	UndoLeft int64 // seconds
	Until    int64
	Now      int64
	Seen     int64 // the next child's number, as the person sees the case
	Frames   []snoozeUntil
	Window   time.Time // until when the private half can be posted, zero for always
}

// news is one thing that happened since the person saw the case.
type news struct {
	At   time.Time
	What string // type of event, or "message"
	By   string
	Text string // of a message of the customer
}

// snoozeUntil is a time to choose, in words and in hours from now.
type snoozeUntil struct {
	Key   string
	Hours int
}

var snoozes = []snoozeUntil{{"1h", 1}, {"4h", 4}, {"1d", 24}, {"3d", 72}, {"7d", 168}}

// messageData is a message with its evidence marked.
type messageData struct {
	webcare.Message
	Parts []part
	Hide  string // "hide" or "show" where its platform can take it out of sight
	New   bool   // came since the person saw the case
}

func (s *Server) casePage(w http.ResponseWriter, r *http.Request) {
	u := userOf(r.Context())
	if err := u.mayRead(); err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.store.Load(r.Context(), webcare.CaseID(r.PathValue("id")))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := s.caseData(r, u, c)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if u.Person {
		if err := s.cfg.Desk.SeeMention(r.Context(), c.Head.ID, u.Actor); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	s.render(w, r, http.StatusOK, "case", title(c), data)
}

func title(c *webcare.Case) string {
	if c.Head.Subject != "" {
		return c.Head.Subject
	}
	if c.Head.Author.Name != "" {
		return c.Head.Author.Name
	}
	return c.Head.Author.Handle
}

// replies are the statuses in which a person can write a reply.
func writable(st webcare.Status) bool {
	switch st {
	case webcare.StatusInReview, webcare.StatusAttention, webcare.StatusTriaged, webcare.StatusAnswered, webcare.StatusWaiting:
		return true
	}
	return false
}

func (s *Server) caseData(r *http.Request, u User, c *webcare.Case) (*caseData, error) {
	ctx := r.Context()
	d := &caseData{Case: c, Messages: marked(c), Facts: c.Triage().Facts, Seen: c.Head.NextSeq, Now: s.cfg.Now().UnixMilli(), Frames: snoozes}
	s.hideable(u, c, d.Messages)
	d.Window = s.window(c)
	edit, err := s.cfg.Desk.LoadEdit(ctx, c.Head.ID, u.Actor)
	if err != nil {
		return nil, err
	}
	if writable(c.Head.Status) {
		if d.Reply, err = s.reply(r, u, c, edit); err != nil {
			return nil, err
		}
	} else {
		d.Kept = edit
	}
	if d.Holder, err = s.cfg.Desk.Holder(ctx, c.Head.ID); err != nil {
		return nil, err
	}
	present, err := s.cfg.Desk.Present(ctx)
	if err != nil {
		return nil, err
	}
	d.Here = others(present, c.Head.ID, u)
	if a := c.Head.Approval; a != nil && !a.Assisted {
		left := a.PublishAt.Sub(s.cfg.Now())
		d.UndoLeft, d.Until = int64((left+time.Second-1)/time.Second), a.PublishAt.UnixMilli()
	}
	if d.Customer, err = s.customer(ctx, u, c); err != nil {
		return nil, err
	}
	if b, err := s.cfg.Brands.Get(c.Head.Brand); err == nil {
		for id, desk := range b.Desks {
			d.Desks = append(d.Desks, option{Value: id + " · " + desk.Name})
		}
		slices.SortFunc(d.Desks, func(a, b option) int { return strings.Compare(a.Value, b.Value) })
	}
	d.People, err = s.cfg.Desk.Colleagues(ctx)
	return d, err
}

// reply is the editor: a draft, what the person made of it, and what stands in
// its way.
type reply struct {
	Case     *webcare.Case
	Draft    webcare.Draft
	HasDraft bool
	Open     bool   // a draft can be approved in this status
	Text     string // what the editor holds: the person's edit, else the draft
	Private  string
	Pair     bool // public and private text
	Edited   bool
	Stale    bool // the edit was begun on another draft
	Saved    time.Time
	Pick     string // chosen resolution
	Choices  []choice
	Side     side
	Diff     []change
	Machine  string // engine of the draft that Diff compares with
	Preview  preview
	Room     [2]room
}

// Picked says the chosen resolution in words.
func (r *reply) Picked(lang string) string {
	for _, c := range r.Choices {
		if c.ID == r.Pick {
			return c.Label
		}
	}
	if r.Pick == "" {
		return translate(lang, "none")
	}
	return strings.ReplaceAll(r.Pick, "_", " ")
}

// side is what stands in the way of an approval, and what it sets in motion.
type side struct {
	Findings  []finding
	Checks    []tick
	Promises  []webcare.Promised
	Cost      int64
	Authority webcare.Authority // what approving takes
	May       bool              // the person has it
	Blocked   bool
	ProposeTo webcare.Authority
	Expired   bool
	Error     string
	Blank     bool // there is no text yet
}

// finding is a guard finding with the stretch that it is about.
type finding struct {
	webcare.Finding
	Quote      string
	Overridden bool
}

// tick is a check of the resolution.
type tick struct {
	Text string
	Done bool
}

// room is how much of the channel's length a text takes.
type room struct{ Used, Most int }

// Over is by how much it is too long.
func (r room) Over() int {
	if r.Most == 0 {
		return 0
	}
	return max(0, r.Used-r.Most)
}

// reply fills the editor with what the person typed, else with the draft.
func (s *Server) reply(r *http.Request, u User, c *webcare.Case, edit *review.Edit) (*reply, error) {
	d := &reply{Case: c}
	d.Draft, d.HasDraft = c.CurrentDraft()
	d.Choices = s.choices(c, d.Draft.Resolution)
	d.Open = c.Head.Status == webcare.StatusInReview || c.Head.Status == webcare.StatusAttention
	d.Text, d.Private, d.Pair = d.Draft.Text, d.Draft.PrivateText, d.Draft.PrivateText != ""
	if d.Draft.Resolution != nil {
		d.Pick = d.Draft.Resolution.ID
	}
	shown := d.Draft
	var ticked, overrides []string
	if edit != nil {
		d.Edited, d.Stale, d.Saved = true, d.HasDraft && edit.Hash != d.Draft.Hash, edit.At
		d.Text, d.Private, ticked = edit.Text, edit.PrivateText, edit.Ticked
		d.Pair = d.Pair || edit.PrivateText != ""
		if edit.Resolution != nil {
			d.Pick = *edit.Resolution
		}
		checked, err := s.guarded(r.Context(), c.Head.ID, review.Approval{Text: &d.Text, PrivateText: &d.Private, Resolution: &d.Pick})
		switch {
		case err == nil:
			shown = checked
		case status(err) >= http.StatusInternalServerError:
			return nil, err
		}
	}
	if r.Method == http.MethodPost {
		ticked, overrides = r.PostForm["ticked"], r.PostForm["override"]
	}
	d.Side = s.side(u, shown, ticked, overrides)
	machine := machineDraft(c, d.Draft)
	d.Machine = machine.Engine
	d.Diff = compare(machine, d.Text, d.Private)
	d.Preview = s.preview(c, shown, d.Text, d.Private)
	d.Room = s.rooms(c, d.Text, d.Private)
	return d, nil
}

// side says what stands in the way of a draft.
func (s *Server) side(u User, d webcare.Draft, ticked, overrides []string) side {
	out := side{Promises: d.Promises, Authority: webcare.Higher(webcare.Agent, d.Authority),
		Blank: strings.TrimSpace(d.Text) == ""}
	for _, f := range d.Findings {
		text := d.Text
		if f.Field == "private_text" {
			text = d.PrivateText
		}
		x := finding{Finding: f, Overridden: slices.Contains(overrides, f.Rule)}
		if f.Start >= 0 && f.End <= len(text) && f.Start < f.End && f.End-f.Start < len(text)*9/10 {
			x.Quote = text[f.Start:f.End]
		}
		out.Blocked = out.Blocked || f.Severity == webcare.Blocking
		out.Findings = append(out.Findings, x)
	}
	slices.SortStableFunc(out.Findings, func(a, b finding) int { // what must be mended before what may be overridden
		return strings.Compare(string(a.Severity), string(b.Severity))
	})
	if d.Resolution != nil {
		out.Cost = d.Resolution.CostCents
		for _, check := range d.Resolution.Checks {
			out.Checks = append(out.Checks, tick{check, slices.Contains(ticked, check)})
		}
	}
	out.May = u.Authority.AtLeast(out.Authority)
	x := d.Expires()
	out.Expired = !x.IsZero() && !x.After(s.cfg.Now())
	return out
}

// guarded checks a text; one without words has nothing to check.
func (s *Server) guarded(ctx context.Context, id webcare.CaseID, a review.Approval) (webcare.Draft, error) {
	if a.Text != nil && strings.TrimSpace(*a.Text) == "" {
		return webcare.Draft{}, nil
	}
	return s.cfg.Desk.Check(ctx, id, a)
}

// machineDraft is the latest draft that no person wrote, else the present one.
func machineDraft(c *webcare.Case, present webcare.Draft) webcare.Draft {
	for _, e := range slices.Backward(c.Drafts) {
		if e.Seq <= present.Seq && e.Value.InboundSeq == present.InboundSeq && byMachine(e.Value) {
			return e.Value
		}
	}
	return present
}

func byMachine(d webcare.Draft) bool {
	return strings.HasPrefix(d.Engine, "playbook") || strings.HasPrefix(d.Engine, "llm")
}

// compare shows what a person changed; nothing where nothing was.
func compare(machine webcare.Draft, text, private string) []change {
	if machine.Text == text && machine.PrivateText == private {
		return nil
	}
	out := diff(machine.Text, text)
	if machine.PrivateText != private {
		out = append(append(out, change{Text: "\n\n"}), diff(machine.PrivateText, private)...)
	}
	return out
}

// rooms counts both texts as their channel does.
func (s *Server) rooms(c *webcare.Case, text, private string) [2]room {
	var out [2]room
	if b, err := s.cfg.Brands.Get(c.Head.Brand); err == nil {
		out[0].Used, out[0].Most = guard.PostingOf(c, b, s.cfg.Now()).Room(text)
	} else {
		out[0].Used, out[0].Most = guard.Room(c.Head.Channel, text)
	}
	out[1].Used, _ = guard.Room("", private)
	return out
}

// kindOf is the kind of channel that a case came by.
func (s *Server) kindOf(h webcare.Head) string {
	if b, err := s.cfg.Brands.Get(h.Brand); err == nil {
		if ch, ok := b.Channel(h.Channel); ok && ch.Kind != "" {
			return ch.Kind
		}
	}
	return h.Channel
}

// choice is a resolution of the playbook for what this customer met.
type choice struct {
	ID        string
	Label     string // what we do, in a few words
	Text      string // as a customer would read it
	CostCents int64
	Open      bool // it costs the amount at stake
	Authority webcare.Authority
	For       string // the friction it stands under
}

// slot is a place in a resolution's text that a case fills in.
var slot = regexp.MustCompile(`\{[a-z_]+\}`)

// choices lists the playbook's resolutions for what this customer met.
func (s *Server) choices(c *webcare.Case, picked *webcare.Resolution) []choice {
	b, err := s.cfg.Brands.Get(c.Head.Brand)
	if err != nil {
		return nil // the case of a brand that is served no more can still be read
	}
	lang := c.Head.Language
	if !b.Speaks(lang) {
		lang = b.Languages[0]
	}
	register := b.Register(b.Locale(lang))
	var out []choice
	seen := map[string]bool{}
	keys := append(texts(c.Head.Frictions), string(c.Head.Kind), brand.ForGeneral)
	for _, k := range keys {
		for _, r := range b.Resolutions(k) {
			if seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			say := brand.Address(brand.Variants(r.Texts[lang].Short)[0], register)
			if picked != nil && picked.ID == r.ID {
				for name, value := range picked.Params {
					say = strings.ReplaceAll(say, "{"+name+"}", value)
				}
			}
			say = slot.ReplaceAllString(say, "…")
			label := say
			if r.Promise != nil && r.Promise.What[lang] != "" {
				label = slot.ReplaceAllString(brand.Address(r.Promise.What[lang], register), "…")
			}
			out = append(out, choice{ID: r.ID, Label: label, Text: say, CostCents: r.CostCents, Open: r.CostFrom != "",
				Authority: webcare.Higher(webcare.Higher(webcare.Agent, r.Authority), b.AuthorityFor(r.CostCents)), For: k})
		}
	}
	return out
}
