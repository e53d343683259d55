package pipeline

import (
	"context"
	"errors"
	"sync"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/publish"
	"webcare.example/responder/internal/webcare"
)

// ringing tells the workers of new tasks, so that they need not wait for their
// next look. The stored task is the truth; a lost ring costs one poll.
type ringing struct {
	webcare.Cases
	p *Pipeline
}

func (r ringing) Save(ctx context.Context, s webcare.Save) error {
	if err := r.Cases.Save(ctx, s); err != nil {
		return err
	}
	for _, t := range s.Tasks {
		r.p.ring(r.p.bells[t.Stage])
	}
	if len(s.Events) > 0 {
		r.p.ring(r.p.happened)
	}
	return nil
}

// ringingTasks rings for tasks that no case has made.
type ringingTasks struct {
	webcare.Tasks
	p *Pipeline
}

func (r ringingTasks) Put(ctx context.Context, t webcare.Task) error {
	if err := r.Tasks.Put(ctx, t); err != nil {
		return err
	}
	r.p.ring(r.p.bells[t.Stage])
	return nil
}

func (p *Pipeline) ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, then finishes what is under way. Tasks that a stop
// interrupts come back when their lease ends.
func (p *Pipeline) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for st := range p.worker.Handlers {
		wg.Go(func() { p.serve(ctx, st) })
	}
	wg.Go(func() { p.relay(ctx) })
	wg.Go(func() { p.sweep(ctx) })
	wg.Go(func() { p.watch(ctx) })
	wg.Go(func() { p.expire(ctx) })
	wg.Go(func() { p.digests(ctx) })
	wg.Wait()
}

// sweepEvery is how often blobs that no case refers to are looked for; what
// one round notes, the next one deletes.
const sweepEvery = time.Hour

// sweep deletes what saves that failed have left behind.
func (p *Pipeline) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		n, err := p.worker.Store.SweepBlobs(ctx, p.cfg.Now(), sweepEvery/2)
		if err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("sweeping blobs", "err", err)
		} else if n > 0 {
			p.cfg.Log.Info("swept blobs", "blobs", n)
		}
	}
}

// each does something for every brand, again and again until ctx ends.
func (p *Pipeline) each(ctx context.Context, every time.Duration, do func(brand string)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, id := range p.cfg.Brands.IDs() {
			do(id)
		}
	}
}

// expireEvery is how often ended cases are looked for whose term of retention
// is over.
const expireEvery = 6 * time.Hour

// expire erases what brands keep no longer.
func (p *Pipeline) expire(ctx context.Context) {
	p.each(ctx, expireEvery, func(id string) {
		b, err := p.cfg.Brands.Get(id)
		if err != nil || b.RetentionDays <= 0 {
			return
		}
		now := p.cfg.Now()
		n, err := p.worker.Store.Expire(ctx, id, now.AddDate(0, 0, -b.RetentionDays), now, p.Courier.ForgetCase)
		if err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("erasing what is kept no longer", "brand", id, "err", err)
		} else if n > 0 {
			p.cfg.Log.Info("erased what is kept no longer", "brand", id, "cases", n)
		}
	})
}

// digestEvery is how often weekly digests are looked for that are due.
const digestEvery = time.Hour

// digests mails process owners what customers met in their process.
func (p *Pipeline) digests(ctx context.Context) {
	d := &insight.Digests{Store: p.worker.Store, Brands: p.cfg.Brands, Mail: p.deskMail, Now: p.cfg.Now, Link: p.cfg.Link}
	p.each(ctx, digestEvery, func(id string) {
		if n, err := d.Send(ctx, id); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("sending digests", "brand", id, "err", err)
		} else if n > 0 {
			p.cfg.Log.Info("sent digests", "brand", id, "mails", n)
		}
	})
}

// watchEvery is how often spikes are looked for.
const watchEvery = time.Minute

// watch tells webhooks of spikes in what customers meet.
func (p *Pipeline) watch(ctx context.Context) {
	w := &insight.Watch{Store: p.worker.Store, Now: p.cfg.Now, Tell: func(ctx context.Context, e webcare.Event) error {
		_, err := p.Courier.Announce(ctx, []webcare.Event{e})
		return err
	}}
	p.each(ctx, watchEvery, func(id string) {
		if _, err := w.Look(ctx, id); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("looking for spikes", "brand", id, "err", err)
		}
	})
}

// serve leases tasks of one stage and hands them to its workers.
func (p *Pipeline) serve(ctx context.Context, st webcare.Stage) {
	workers := p.cfg.Workers
	if st == webcare.StageNotify {
		workers = callers
	}
	slots := make(chan struct{}, workers)
	var wg sync.WaitGroup
	defer wg.Wait()
	for ctx.Err() == nil {
		n := p.round(ctx, st, slots, &wg)
		if n == 0 {
			p.rest(ctx, p.bells[st])
		}
	}
}

// round leases as many tasks as there are free workers and starts them.
func (p *Pipeline) round(ctx context.Context, st webcare.Stage, slots chan struct{}, wg *sync.WaitGroup) int {
	slots <- struct{}{} // wait for one free worker at least
	free := cap(slots) - len(slots) + 1
	now := p.cfg.Now()
	tasks, err := p.worker.Store.Tasks.Lease(ctx, st, free, now, now.Add(publish.Lease))
	<-slots
	if err != nil && ctx.Err() == nil {
		p.cfg.Log.Error("leasing tasks", "stage", st, "err", err)
	}
	for _, t := range tasks {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			p.do(ctx, t)
		})
	}
	return len(tasks)
}

func (p *Pipeline) do(ctx context.Context, t webcare.Task) {
	if err := p.worker.Do(context.WithoutCancel(ctx), t); err != nil {
		level := p.cfg.Log.Warn
		if errors.Is(err, webcare.ErrConflict) {
			level = p.cfg.Log.Debug
		}
		level("task failed", "stage", t.Stage, "case", t.CaseID, "task", t.ID, "attempt", t.Attempt, "err", err)
	}
}

// rest waits for the doorbell or the next look.
func (p *Pipeline) rest(ctx context.Context, bell chan struct{}) {
	timer := time.NewTimer(p.cfg.Poll)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-bell:
	case <-timer.C:
	}
}

const cursorKind, relayCursor = "cursor", "relay"

// relay reads events into tallies and deliveries. Its cursor is saved after
// both; an event seen again changes nothing.
func (p *Pipeline) relay(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := p.Relay(ctx)
		if err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("relaying events", "err", err)
		}
		if n == 0 {
			p.rest(ctx, p.happened)
		}
	}
}

const relayBatch = 200

// Relay tallies and announces the next events and returns how many there were.
func (p *Pipeline) Relay(ctx context.Context) (int, error) {
	s := p.worker.Store
	now := p.cfg.Now()
	rec, err := s.Records.Get(ctx, cursorKind, relayCursor, now)
	if err != nil && !errors.Is(err, webcare.ErrNotFound) {
		return 0, err
	}
	rec.Kind, rec.Key = cursorKind, relayCursor
	events, next, err := s.Events.After(ctx, string(rec.Body), relayBatch)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	var wg sync.WaitGroup
	errs := make([]error, len(events)+1)
	wg.Go(func() { _, errs[len(events)] = p.Courier.Announce(ctx, events) })
	for i, e := range events { // together they share a commit
		wg.Go(func() { errs[i] = s.Tallies.Add(ctx, e.ID, insight.Deltas(e)) })
		if e.Type == webcare.ReplyPublished && p.cfg.Learn != nil {
			if err := p.cfg.Learn(ctx, e.CaseID); err != nil && !errors.Is(err, webcare.ErrNotFound) {
				return 0, err
			}
		}
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	rec.Body = []byte(next)
	return len(events), s.Records.Put(ctx, rec, now)
}
