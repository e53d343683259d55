package browsertest

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/pipeline"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// day is a Tuesday afternoon of a webcare team, with weeks of work behind it:
// the stages and the console in this process, on a clock that is moved along,
// so that ages, clocks and figures are what a team sees. Screenshots are taken
// of it.
type day struct {
	t     *testing.T
	pipe  *pipeline.Pipeline
	url   string
	ahead atomic.Int64 // what is added to this machine's clock
	rnd   *mrand.Rand
}

// theDay is when the screenshots are taken.
var theDay = time.Date(2026, 11, 24, 15, 20, 0, 0, time.UTC)

func (d *day) now() time.Time { return time.Now().Add(time.Duration(d.ahead.Load())) }

// at moves the clock to a time.
func (d *day) at(t time.Time) { d.ahead.Store(int64(time.Until(t))) }

var noor = console.User{Actor: webcare.Actor{ID: "noor", Name: "Noor", Authority: webcare.Lead, Person: true}, Role: console.RoleLead}

func newDay(t *testing.T) *day {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	brands, err := brand.NewSet(brand.Sample())
	must(err)
	engine, err := triage.New()
	must(err)
	d := &day{t: t, rnd: mrand.New(mrand.NewPCG(1, 24))}
	d.at(theDay)
	feed := console.NewFeed()
	store := porttest.NewMemory().Store()
	store.Ports = feed.Watch(store.Ports)
	cfg := pipeline.Config{Store: store, Brands: brands, Triager: engine, Drafter: draft.With(nil, store, brands), Resolve: draft.Resolver(draft.PlaybookOf(brands)),
		Publishers: func(string, string) (webcare.Publisher, bool) { return nil, false }, Learn: draft.Approved{Store: store, Brands: brands}.Index, Sign: "Noor",
		Undo: 30 * time.Second, Now: d.now, Random: rand.Reader, Jitter: mrand.Float64, Log: slog.New(slog.DiscardHandler), Link: "https://webcare.example.com", Poll: 20 * time.Millisecond}
	d.pipe = pipeline.New(cfg)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); d.pipe.Run(ctx) }()
	srv, err := console.New(console.Config{Store: d.pipe.Store(), Brands: brands, Desk: d.pipe.Desk, Receiver: d.pipe.Receiver, Identify: console.Local("Noor"), Feed: feed,
		Courier: d.pipe.Courier, DeskLinks: d.pipe.Links, Ready: func(context.Context) error { return nil }, Version: "test", Now: d.now, Log: cfg.Log})
	must(err)
	desk := httptest.NewServer(srv)
	d.url = desk.URL
	t.Cleanup(func() { feed.Close(); desk.Close(); stop(); <-done })
	for _, who := range []string{"Iris", "Bas"} {
		must(d.pipe.Desk.Know(t.Context(), webcare.Actor{ID: strings.ToLower(who), Name: who, Authority: webcare.Agent, Person: true}))
	}
	return d
}

// said is a line of the program's own demo.
type said struct {
	Channel, Name, Handle, Address, Subject, Text, Ago string
	Stars                                              int
}

func demoLines(t *testing.T) (out []said) {
	t.Helper()
	f, err := os.Open("../../../functions/onebox/demo/samples.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var s said
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// write lets a customer write, and waits until the case stands before a person.
func (d *day) write(s said, n int) webcare.CaseID {
	d.t.Helper()
	id := fmt.Sprintf("day-%d@example.com", n)
	m := webcare.Message{Brand: "voorbeeld", Key: webcare.Key{Channel: s.Channel, ExternalID: id}, Thread: id, Subject: s.Subject, Text: s.Text, Stars: s.Stars,
		Author: webcare.Author{Name: s.Name, Handle: strings.TrimPrefix(s.Handle, "@"), Address: s.Address}, PostedAt: d.now(), Visibility: webcare.Private,
		ReplyTo: webcare.ReplyTarget{ExternalID: id}}
	if guard.PublicChannel(s.Channel) {
		m.Visibility, m.URL = webcare.Public, "https://example.com/"+s.Channel+"/"+fmt.Sprint(n)
		m.ReplyTo.URL = m.URL
	} else {
		m.ReplyTo.Recipients = []string{s.Address}
	}
	r, err := d.pipe.Receiver.Receive(d.t.Context(), receive.Item{Message: m})
	if err != nil {
		d.t.Fatal(err)
	}
	eventually(d.t, "the case before a person", func() bool { return d.head(r.CaseID).DraftHash != "" || d.settled(r.CaseID) })
	return r.CaseID
}

func (d *day) settled(id webcare.CaseID) bool {
	return slices.Contains([]webcare.Status{webcare.StatusInReview, webcare.StatusAttention, webcare.StatusIgnored}, d.head(id).Status)
}

func (d *day) load(id webcare.CaseID) *webcare.Case {
	d.t.Helper()
	s := d.pipe.Store()
	c, err := s.Load(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func (d *day) head(id webcare.CaseID) webcare.Head {
	d.t.Helper()
	h, err := d.pipe.Store().Cases.Head(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return h
}

// answer approves the draft as it stands, or a little changed, and reports it
// posted; a draft that cannot go out so stays.
func (d *day) answer(id webcare.CaseID, change bool) bool {
	d.t.Helper()
	c := d.load(id)
	now, ok := c.CurrentDraft()
	if !ok {
		return false
	}
	a := review.Approval{Version: c.Head.Version, Hash: now.Hash}
	for _, f := range now.Findings {
		a.Overrides = append(a.Overrides, f.Rule)
	}
	if now.Resolution != nil {
		a.Ticked = now.Resolution.Checks
	}
	if text := strings.Replace(now.Text, "Het spijt me", "Het spijt ons", 1); change && text != now.Text {
		a.Text = &text
	}
	if _, err := d.pipe.Desk.Approve(d.t.Context(), id, noor.Actor, a); err != nil {
		return false
	}
	_, err := d.pipe.Desk.Posted(d.t.Context(), id, noor.Actor, d.head(id).Approval.Hash, "https://example.com/antwoord")
	return err == nil
}

// corpusLines are complaints of the triage's corpus, without their labels.
func corpusLines(t *testing.T) (out []said) {
	t.Helper()
	for _, name := range []string{"nl-contact-effort", "nl-time-money", "nl-information-attitude-product"} {
		b, err := os.ReadFile("../../../testdata/corpus/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(b), "\n") {
			labels, text, ok := strings.Cut(line, " :: ")
			if f := strings.Fields(labels); ok && len(f) > 1 && f[0] == "nl" && f[1] != "email" {
				out = append(out, said{Channel: f[1], Text: strings.ReplaceAll(label.ReplaceAllString(text, "$1"), `\n`, "\n")})
			}
		}
	}
	return out
}

// label is a stretch of the corpus with what it shows: "[late|nog geen stoel]".
var label = regexp.MustCompile(`\[[^\]|]*\|([^\]]*)\]`)

var firstNames = strings.Fields("Anna Bram Carla Dirk Els Farid Gerda Hans Ilse Jaap Karin Leo Mila Nico Olga Piet Rosa Sem Tess Umit Vera Wim Yara Zoë")

// weeks lets customers write for some weeks, and answers most of them.
func (d *day) weeks(days int) {
	d.t.Helper()
	lines := corpusLines(d.t)
	n := 1000
	for ago := days; ago > 0; ago-- {
		morning := theDay.AddDate(0, 0, -ago).Truncate(24 * time.Hour).Add(8 * time.Hour)
		each := 4 + d.rnd.IntN(4)
		if morning.Weekday() == time.Saturday || morning.Weekday() == time.Sunday {
			each = 1 + d.rnd.IntN(3)
		}
		var open []webcare.CaseID
		for range each {
			n++
			s := lines[d.rnd.IntN(len(lines))]
			s.Name = fmt.Sprintf("%s %c.", firstNames[d.rnd.IntN(len(firstNames))], 'A'+rune(n%26))
			s.Handle = fmt.Sprint("klant", n)
			d.at(morning.Add(time.Duration(d.rnd.IntN(240)) * time.Minute))
			open = append(open, d.write(s, n))
		}
		d.at(morning.Add(time.Duration(5+d.rnd.IntN(5)) * time.Hour))
		for _, id := range open {
			d.settle(id)
		}
	}
}

func (d *day) settle(id webcare.CaseID) {
	if !d.answer(id, d.rnd.IntN(3) == 0) {
		if _, err := d.pipe.Desk.Ignore(d.t.Context(), id, noor.Actor, 0, "elders beantwoord"); err != nil {
			d.t.Logf("%s stays: %v", id, err)
		}
		return
	}
	c := d.load(id)
	for _, p := range c.Promises {
		if kept := d.rnd.IntN(8) > 0; d.rnd.IntN(5) > 0 {
			if _, err := d.pipe.Desk.KeepPromise(d.t.Context(), id, noor.Actor, p.ID, kept, "gedaan"); err != nil {
				d.t.Fatal(err)
			}
		}
	}
}

// fill makes the day: some weeks of work, this day's messages at their time, a
// colleague on one of them, some answered, a webhook that waits.
func (d *day) fill(weeks int) map[string]webcare.CaseID {
	d.t.Helper()
	lines := demoLines(d.t)
	d.weeks(7 * weeks)
	age := func(s said) time.Duration {
		a, err := time.ParseDuration(s.Ago)
		if err != nil {
			d.t.Fatal(err)
		}
		return a
	}
	slices.SortStableFunc(lines, func(a, b said) int { return int(age(b) - age(a)) })
	ids := map[string]webcare.CaseID{}
	for i, s := range lines {
		d.at(theDay.Add(-age(s)))
		ids[s.Name] = d.write(s, i)
		if i%4 == 1 && age(s) > 5*time.Hour {
			d.at(d.now().Add(90 * time.Minute))
			d.answer(ids[s.Name], false)
		}
	}
	d.at(theDay)
	return ids
}

// hook makes a webhook in the morning; nobody answers there.
func (d *day) hook() string {
	d.t.Helper()
	d.at(theDay.Add(-4 * time.Hour))
	s, err := d.pipe.Courier.Subscriptions.Create(d.t.Context(), webhook.Subscription{Name: "CRM", URL: "https://crm.example.com/webcare", Owner: "beheer@example.com",
		Events: []webcare.EventType{webcare.DraftReady, webcare.ReplyPublished}}, "noor", "")
	if err != nil {
		d.t.Fatal(err)
	}
	d.at(theDay)
	return s.ID
}

func (d *day) token(name string) error {
	_, _, err := console.MakeToken(d.t.Context(), d.pipe.Store(), console.Token{Name: name, Role: console.RoleIntegration}, d.now())
	return err
}

// note lets a colleague call Noor.
func (d *day) note(id webcare.CaseID, text string) error {
	if err := d.pipe.Desk.Know(d.t.Context(), webcare.Actor{ID: "local", Name: "Noor", Authority: webcare.Lead, Person: true}); err != nil {
		return err
	}
	_, err := d.pipe.Desk.Note(d.t.Context(), id, webcare.Actor{ID: "iris", Name: "Iris", Authority: webcare.Agent, Person: true}, text)
	return err
}
