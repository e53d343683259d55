package channeltest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/fakes"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/publish"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
)

// clock is moved by the tests.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// subject is one channel on its fake platform.
type subject struct {
	channel     string
	platform    fakes.Platform
	source      func() channel.Source // nil for none; each call is a restart
	publisher   webcare.Publisher     // nil where a person posts
	secrets     []string
	long        string // what no longer fits
	noAside     bool   // no threads of others
	noOurs      bool   // a colleague's reply is not told
	noDeletions bool   // not told
	quiet       bool   // no edits and deletions are told
	hook        bool   // the platform calls us
	unlimited   bool   // says never how long to wait
}

// world is a subject with everything behind it.
type world struct {
	t      *testing.T
	clock  *clock
	mem    *porttest.Memory
	store  webcare.Store
	brands *brand.Set
	brand  string
	s      subject
	poller *channel.Poller
	log    *bytes.Buffer
	worker webcare.Worker
}

func newWorld(t *testing.T, open func(*testing.T, *world) subject) *world {
	t.Helper()
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	mem := porttest.NewMemory()
	w := &world{t: t, clock: &clock{now: porttest.Start}, mem: mem, store: mem.Store(), brands: brands, brand: brand.Sample().ID, log: &bytes.Buffer{}}
	w.s = open(t, w)
	log := slog.New(slog.NewTextHandler(&locked{w: w.log}, nil))
	r := &receive.Receiver{Store: w.store, Now: w.clock.Now, Random: rand.Reader}
	in := &channel.Intake{Store: w.store, Now: w.clock.Now, Log: log, Deliver: func(ctx context.Context, it channel.Item) error {
		_, err := r.Receive(ctx, receive.Item{Message: it.Message, Raw: it.Raw, Files: it.Files, Parents: it.Parents, Claims: it.Claims})
		return err
	}, Names: func(string, string) []string { return []string{"voorbeeld"} }}
	w.poller = &channel.Poller{Records: w.store.Records, Intake: in, Now: w.clock.Now, Jitter: func() float64 { return 0.5 }, Log: log}
	stage := &publish.Stage{Store: w.store, Brands: brands, Now: w.clock.Now, Jitter: func() float64 { return 0.5 },
		Publishers: func(_, _ string) (webcare.Publisher, bool) { return w.s.publisher, w.s.publisher != nil }}
	w.worker = webcare.Worker{Store: w.store, Now: w.clock.Now, Jitter: stage.Jitter, Handlers: map[webcare.Stage]webcare.Handler{webcare.StagePublish: stage.Handle}}
	return w
}

type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// serve puts a fake behind a real connection.
func serve(t testing.TB, h http.Handler) (base string, client *http.Client) {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL, srv.Client()
}

// listen puts a mail server on a port of its own.
func listen(t testing.TB, m *fakes.Mailbox) (addr string) {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- m.Serve(ln) }()
	t.Cleanup(func() {
		_ = ln.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// write has somebody write, a second after what came before.
func (w *world) write(p fakes.Post) string {
	w.clock.add(time.Second)
	if p.At.IsZero() {
		p.At = w.clock.Now()
	}
	if p.Handle == "" {
		p.Handle = "sanne"
	}
	if p.Author == "" {
		p.Author = "Sanne"
	}
	if p.Lang == "" {
		p.Lang = "nl"
	}
	return w.s.platform.Write(p)
}

// poll asks once what is new, after the interval, by a source that was just
// started.
func (w *world) poll() channel.Health {
	w.t.Helper()
	w.clock.add(channel.DefaultEvery + time.Second)
	return w.round()
}

func (w *world) round() channel.Health {
	w.t.Helper()
	w.poller.Round(w.t.Context(), channel.Line{Brand: w.brand, Channel: w.s.channel, Source: w.s.source()})
	return w.health()
}

func (w *world) health() channel.Health {
	w.t.Helper()
	h, err := channel.HealthOf(w.t.Context(), w.store.Records, w.brand, w.s.channel, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func (w *world) cases() (out []*webcare.Case) {
	w.t.Helper()
	for _, id := range w.mem.CaseIDs() {
		out = append(out, w.load(id))
	}
	return out
}

func (w *world) load(id webcare.CaseID) *webcare.Case {
	w.t.Helper()
	c, err := w.store.Load(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// caseOf is the case that holds a post, nil for none.
func (w *world) caseOf(id string) *webcare.Case {
	w.t.Helper()
	for _, c := range w.cases() {
		for _, m := range c.Messages {
			if m.Value.Key.ExternalID == id {
				return c
			}
		}
	}
	return nil
}

// counted is how often each post stands in the store, revisions apart.
func (w *world) counted() map[string]int {
	out := map[string]int{}
	for _, c := range w.cases() {
		for _, m := range c.Messages {
			out[fmt.Sprintf("%s#%d", m.Value.Key.ExternalID, m.Value.Revision)]++
		}
	}
	return out
}

func (w *world) step(id webcare.CaseID, by webcare.Actor, do func(*webcare.Change) error) {
	w.t.Helper()
	ch := webcare.Begin(w.load(id), w.clock.Now(), by)
	if err := do(ch); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.store.Commit(w.t.Context(), ch); err != nil {
		w.t.Fatal(err)
	}
}

var lea = webcare.Actor{ID: "lea", Name: "Lea", Authority: webcare.Lead, Person: true}

// draft takes a case to in review with the given reply.
func (w *world) draft(id webcare.CaseID, text string) {
	w.t.Helper()
	w.step(id, webcare.Machine("triage"), func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: webcare.Normal}, ch.Head().InboundSeq, w.clock.Now().Add(time.Hour))
	})
	latest, _ := w.load(id).LatestInbound()
	w.step(id, webcare.Machine("draft"), func(ch *webcare.Change) error {
		return ch.RecordDraft(webcare.Draft{Text: text, Language: "nl", Visibility: latest.Visibility, ReplyTo: latest.ReplyTo, SignedBy: "Lea", InboundSeq: ch.Head().InboundSeq})
	})
}

func (w *world) approve(id webcare.CaseID, text string) {
	w.t.Helper()
	w.draft(id, text)
	w.step(id, lea, func(ch *webcare.Change) error {
		return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Undo: time.Second})
	})
}

// drain does publish tasks, each when it is due, until none is left.
func (w *world) drain() {
	w.t.Helper()
	for range 200 {
		next, found := time.Time{}, false
		for _, task := range w.mem.Tasks() {
			due := task.RunAt
			if task.LeasedUntil.After(due) {
				due = task.LeasedUntil
			}
			if task.Stage == webcare.StagePublish && !task.Dead && (!found || due.Before(next)) {
				next, found = due, true
			}
		}
		if !found {
			return
		}
		if d := next.Sub(w.clock.Now()); d > 0 {
			w.clock.add(d)
		}
		w.deliver()
	}
	w.t.Fatal("the publish tasks do not end")
}

func (w *world) deliver() {
	w.t.Helper()
	tasks, err := w.store.Tasks.Lease(w.t.Context(), webcare.StagePublish, 10, w.clock.Now(), w.clock.Now().Add(publish.Lease))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, task := range tasks {
		if err := w.worker.Do(w.t.Context(), task); err != nil {
			w.discreet("an error of a task", err.Error())
		}
	}
}

// discreet holds that a text carries no secret.
func (w *world) discreet(what, text string) {
	w.t.Helper()
	for _, s := range w.s.secrets {
		if strings.Contains(text, s) {
			w.t.Errorf("%s carries a secret: %s", what, text)
		}
	}
}
