package main

import (
	"context"
	"crypto/rand"
	mrand "math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

// faults runs mails through a bad day: calls refused and answers lost after
// they took effect, deliveries twice and out of order, functions killed at
// random in the middle of their batches. Nothing is lost, nothing is done twice.
func faults(t *testing.T) {
	var mu sync.Mutex
	random := mrand.New(mrand.NewPCG(7, 7))
	s := up(t, func(s *stack) {
		s.twice, s.disorder = true, true
		s.proxies.fault = func(c call) fault {
			mu.Lock()
			defer mu.Unlock()
			switch p := random.Float64(); {
			case c.On == "identity" || c.On == "parameter":
				return none // SES has a test of its own: it cannot be asked again
			case p < 0.06:
				return throttle
			case p < 0.10:
				return lose
			}
			return none
		}
	})
	kills := 0
	ctx, done := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		victims := []string{"triage", "draft", "relay", "receive-mail", "followup"}
		for end := time.Now().Add(12 * time.Second); time.Now().Before(end); rest(t.Context(), 350*time.Millisecond) {
			s.functions[victims[mrand.IntN(len(victims))]].kill()
			kills++
		}
		for ctx.Err() == nil {
			s.endLeases(ctx)
			rest(ctx, time.Second)
		}
	})
	defer wg.Wait()
	defer done()
	s.through(t, 8)
	done()
	wg.Wait()
	s.proxies.mu.Lock()
	lost, refused := s.proxies.lost, s.proxies.refused
	s.proxies.mu.Unlock()
	t.Logf("%d processes killed, %d answers lost, %d calls refused", kills, lost, refused)
	if kills < 10 || lost < 20 || refused < 20 {
		t.Error("too quiet a day to show anything")
	}
}

// endLeases does what the time would: leases of killed workers end. Those of
// publishing are left to the clock, for an attempt may be under way.
func (s *stack) endLeases(ctx context.Context) {
	now := time.Now()
	for _, st := range []webcare.Stage{webcare.StageTriage, webcare.StageDraft, webcare.StageFollowup} {
		due, err := s.store.Due(ctx, st, 100, now.Add(4*time.Minute))
		if err != nil {
			return
		}
		for _, d := range due {
			if d.LeasedUntil.After(now) && d.LeasedUntil.Before(now.Add(160*time.Second)) {
				_ = s.store.Fail(ctx, d, "its worker was killed", now, false) // one that is done needs none
			}
		}
	}
}

// answerLost: SES took the mail, and its answer never came. It is not sent
// again: a person looks.
func answerLost(t *testing.T) {
	var once sync.Once
	s := up(t, func(s *stack) {
		s.proxies.fault = func(c call) (f fault) {
			if c.On == "identity" {
				once.Do(func() { f = lose })
			}
			return f
		}
	})
	tag := strings.ToLower(rand.Text())
	if err := s.put(t.Context(), "lost", mailText(1, tag)); err != nil {
		t.Fatal(err)
	}
	h := await(t, "a draft", func() ([]webcare.Head, bool) { h := s.heads(t, webcare.StatusInReview); return h, len(h) == 1 })
	s.approve(t, h[0])
	h = await(t, "attention", func() ([]webcare.Head, bool) { h := s.heads(t, webcare.StatusAttention); return h, len(h) == 1 })
	time.Sleep(3 * time.Second) // for a second mail, if there were one
	if k := s.sent(t, tag); k != 1 {
		t.Errorf("SES was given %d mails", k)
	}
	if h[0].Attention == "" {
		t.Errorf("attention without a reason")
	}
}
