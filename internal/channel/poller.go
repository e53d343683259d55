package channel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Line is one source of one brand.
type Line struct {
	Brand, Channel string
	Source         Source
	// Every is the interval at which the source is asked; the platform's own
	// wishes go before it. DefaultEvery if zero.
	Every time.Duration
}

// Intervals.
const (
	DefaultEvery = 30 * time.Second
	RecheckEvery = 5 * time.Minute
	// roundTime bounds one round, and is how long others leave a source alone
	// whose poller has died.
	roundTime = time.Minute
	maxPages  = 100 // of one round
)

// Poller asks every source at its own pace. State, cursor and health of each
// stand in one record, so pollers may be killed, restarted and doubled: what
// two of them bring is taken once.
type Poller struct {
	Records webcare.Records
	Intake  *Intake
	Lines   []Line
	Now     func() time.Time
	Jitter  func() float64
	Log     *slog.Logger
}

const stateKind = "channel-poll"

// Run polls until ctx ends, each source on its own.
func (p *Poller) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, l := range p.Lines {
		wg.Go(func() {
			for ctx.Err() == nil {
				next := p.Round(ctx, l)
				wait := max(time.Second, next.Sub(p.Now()))
				timer := time.NewTimer(wait)
				select {
				case <-ctx.Done():
				case <-timer.C:
				}
				timer.Stop()
			}
		})
	}
	wg.Wait()
}

// Due polls every source once that is due, side by side: what a schedule calls.
func (p *Poller) Due(ctx context.Context) {
	var wg sync.WaitGroup
	for _, l := range p.Lines {
		wg.Go(func() { p.Round(ctx, l) })
	}
	wg.Wait()
}

// Round polls one source if it is due, and returns when it is due next. What
// goes wrong stands in its state; nothing of it reaches another source.
func (p *Poller) Round(ctx context.Context, l Line) (next time.Time) {
	rec, st, err := loadState(ctx, p.Records, l.Brand, l.Channel, p.Now())
	if err != nil {
		p.Log.ErrorContext(ctx, "a channel's state cannot be read", "brand", l.Brand, "channel", l.Channel, "err", err)
		return p.Now().Add(webcare.Backoff(3, p.Jitter()))
	}
	if p.Now().Before(st.NextAt) {
		return st.NextAt
	}
	r := &round{p: p, l: l, rec: rec, st: st}
	r.st.NextAt = p.Now().Add(roundTime)
	if err := r.save(ctx); err != nil {
		return p.Now().Add(time.Second) // another poller has it
	}
	rctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	err = r.guarded(rctx)
	if ctx.Err() != nil {
		return p.Now() // stopped: the saved cursor stands
	}
	r.close(err)
	if err := r.save(ctx); err != nil && !errors.Is(err, webcare.ErrConflict) {
		p.Log.ErrorContext(ctx, "a channel's state cannot be saved", "brand", l.Brand, "channel", l.Channel, "err", err)
	}
	return r.st.NextAt
}

// round is one round of one source.
type round struct {
	p   *Poller
	l   Line
	rec webcare.Record
	st  State

	trouble error // of a part of the source
}

func (r *round) save(ctx context.Context) error {
	body, err := json.Marshal(r.st)
	if err != nil {
		return err
	}
	r.rec.Body = body
	if err := r.p.Records.Put(ctx, r.rec, r.p.Now()); err != nil {
		return err
	}
	r.rec.Version++
	return nil
}

// guarded runs the round; a panic in a source is that source's trouble.
func (r *round) guarded(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	if err := r.pages(ctx); err != nil {
		return err
	}
	if err := r.p.Intake.Again(ctx, r.l.Brand, r.l.Channel); err != nil {
		return err
	}
	return r.recheck(ctx)
}

// pages takes page after page; the cursor moves only after what stands before
// it is stored.
func (r *round) pages(ctx context.Context) error {
	for range maxPages {
		b, err := r.l.Source.Poll(ctx, r.st.Cursor)
		if err != nil {
			return err
		}
		if err := r.take(ctx, b.Items); err != nil {
			return err
		}
		if b.Trouble != nil {
			r.trouble = b.Trouble
		}
		if b.Next != r.st.Cursor || len(b.Items) > 0 {
			r.st.Cursor = b.Next
			if b.More {
				if err := r.save(ctx); err != nil {
					return err
				}
			}
		}
		if !b.More {
			return nil
		}
	}
	return nil
}

func (r *round) take(ctx context.Context, items []Item) error {
	for _, it := range items {
		taken, err := r.p.Intake.Take(ctx, it)
		if err != nil {
			return err
		}
		r.st.Seen++
		if taken {
			r.st.count(it.Message, r.p.Now())
		}
	}
	return nil
}

// close notes how the round ended and when the next one is.
func (r *round) close(err error) {
	now := r.p.Now()
	every := r.l.Every
	if every <= 0 {
		every = DefaultEvery
	}
	if err == nil {
		r.st.Failures, r.st.Error, r.st.Todo = 0, "", ""
		r.st.LastSuccess = now
		r.st.NextAt = now.Add(every)
		if r.trouble != nil {
			r.st.fail(r.trouble, now)
		}
		return
	}
	r.st.Failures++
	r.st.fail(err, now)
	r.st.NextAt = now.Add(max(every, webcare.Backoff(r.st.Failures, r.p.Jitter())))
	var limit *LimitError
	if errors.As(err, &limit) && limit.Until.After(r.st.NextAt) {
		r.st.NextAt = limit.Until
	}
	r.p.Log.Warn("polling a channel", "brand", r.l.Brand, "channel", r.l.Channel, "failures", r.st.Failures, "err", err)
}

// recheck looks again at the posts of open cases, a few at a time.
func (r *round) recheck(ctx context.Context) error {
	source, ok := r.l.Source.(Rechecker)
	now := r.p.Now()
	if !ok || now.Before(r.st.RecheckAt) {
		return nil
	}
	open := []webcare.Status{webcare.StatusReceived, webcare.StatusTriaged, webcare.StatusInReview, webcare.StatusApproved, webcare.StatusAttention, webcare.StatusWaiting}
	page, err := r.p.Intake.Store.Cases.List(ctx, webcare.Query{Brands: []string{r.l.Brand}, Statuses: open, Cursor: r.st.RecheckCursor, Limit: RecheckMost / 2,
		Match: func(h webcare.Head) bool { return h.Channel == r.l.Channel && !h.Imported }})
	if errors.Is(err, webcare.ErrInvalid) { // a cursor of an earlier version
		r.st.RecheckCursor = ""
		return nil
	}
	if err != nil {
		return err
	}
	var posts []webcare.Message
	for _, h := range page.Heads {
		c, err := r.p.Intake.Store.Load(ctx, h.ID)
		if err != nil {
			return err
		}
		if m, ok := c.LatestInbound(); ok && m.Automatic == "" {
			posts = append(posts, m)
		}
	}
	r.st.RecheckCursor = page.Next
	if page.Next == "" {
		r.st.RecheckAt = now.Add(RecheckEvery)
	}
	if len(posts) == 0 {
		return nil
	}
	items, err := source.Recheck(ctx, posts)
	if err != nil {
		return err
	}
	return r.take(ctx, items)
}
