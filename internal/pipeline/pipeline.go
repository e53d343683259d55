// Package pipeline wires the stages on one screen: Task to handler.
//
//	receive -> triage -> draft -> review (a person) -> publish -> follow up
//
// Stages talk to each other through tasks alone, which each step's save puts
// into the outbox. A pool of workers leases them; the relay reads events into
// tallies and deliveries to webhooks. Functions on AWS wire one stage each, with the same constructors.
//
// Start at New, then Run.
package pipeline

import (
	"context"
	"io"
	"log/slog"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/followup"
	"webcare.example/responder/internal/publish"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// Config is what a pipeline is made of.
type Config struct {
	Store      webcare.Store
	Brands     *brand.Set
	Triager    webcare.Triager
	Drafter    webcare.Drafter
	Resolve    review.Resolve
	Publishers func(brand, channel string) (webcare.Publisher, bool)
	// Learn makes the reply of a case an example for later ones; nil for none.
	Learn   func(context.Context, webcare.CaseID) error
	Sign    string // who signs a draft that nobody handles yet
	Undo    time.Duration
	Now     func() time.Time
	Random  io.Reader
	Jitter  func() float64
	Log     *slog.Logger
	Workers int // per stage, 2 if zero
	// Link is the address of the console, as webhooks name it; Egress says
	// which addresses they may have.
	Link   string
	Egress webhook.Egress
	// Poll is how often an idle stage looks for due tasks, 250 ms if zero.
	Poll time.Duration
}

// Pipeline is the wired stages.
type Pipeline struct {
	Receiver *receive.Receiver
	Desk     *review.Desk
	Courier  *webhook.Courier
	Links    *followup.Links
	worker   webcare.Worker
	cfg      Config
	bells    map[webcare.Stage]chan struct{}
	happened chan struct{} // the relay's bell: there are events
}

// callers is how many webhooks are called at once; each endpoint has its own
// bound, far below.
const callers = 256

// New wires the stages.
func New(cfg Config) *Pipeline {
	if cfg.Workers == 0 {
		cfg.Workers = 2
	}
	if cfg.Poll == 0 {
		cfg.Poll = 250 * time.Millisecond
	}
	p := &Pipeline{cfg: cfg, bells: map[webcare.Stage]chan struct{}{}, happened: make(chan struct{}, 1)}
	for _, st := range webcare.Stages() {
		p.bells[st] = make(chan struct{}, 1)
	}
	cfg.Store.Cases, cfg.Store.Tasks = ringing{cfg.Store.Cases, p}, ringingTasks{cfg.Store.Tasks, p}
	s := cfg.Store
	p.cfg = cfg
	p.Receiver = &receive.Receiver{Store: s, Now: cfg.Now, Random: cfg.Random}
	p.Desk = &review.Desk{Store: s, Brands: cfg.Brands, Resolve: cfg.Resolve, Now: cfg.Now, Undo: cfg.Undo, Assisted: p.assisted}
	p.Courier = &webhook.Courier{Store: s, Client: cfg.Egress.Client(webhook.Timeout), Link: cfg.Link, Jitter: cfg.Jitter, Log: cfg.Log,
		Subscriptions: &webhook.Subscriptions{Records: s.Records, Egress: cfg.Egress, Now: cfg.Now, Random: cfg.Random}}
	p.Courier.Subscriptions.Changed = p.Courier.Forget
	p.Courier.Mail = p.deskMail
	p.Links = &followup.Links{Records: s.Records, Random: cfg.Random, Now: cfg.Now, Base: cfg.Link}
	p.worker = webcare.Worker{Store: s, Now: cfg.Now, Jitter: cfg.Jitter, Handlers: map[webcare.Stage]webcare.Handler{
		webcare.StageTriage: (&triage.Stage{Store: s, Engine: cfg.Triager, Brands: cfg.Brands, Now: cfg.Now}).Handle,
		webcare.StageDraft: (&draft.Stage{Store: s, Drafter: cfg.Drafter, Brands: cfg.Brands, Recent: webcare.RecentReplies,
			Sign: cfg.Sign, Now: cfg.Now}).Handle,
		webcare.StagePublish:  (&publish.Stage{Store: s, Brands: cfg.Brands, Publishers: cfg.Publishers, Now: cfg.Now, Jitter: cfg.Jitter}).Handle,
		webcare.StageFollowup: (&followup.Stage{Store: s, Now: cfg.Now, Brands: cfg.Brands, Mail: p.deskMail, Links: p.Links}).Handle,
		webcare.StageNotify:   p.Courier.Handle,
	}}
	return p
}

// Store returns the store that rings the pipeline's doorbell at every save:
// whoever saves cases beside the stages uses this one.
func (p *Pipeline) Store() webcare.Store { return p.cfg.Store }

// deskMail is what mails the desks of a brand.
func (p *Pipeline) deskMail(brandID string) (webcare.Publisher, bool) {
	return p.cfg.Publishers(brandID, "email")
}

// assisted reports whether a person posts the replies of a channel.
func (p *Pipeline) assisted(brandID, channel string) bool {
	_, ok := p.cfg.Publishers(brandID, channel)
	return !ok
}
