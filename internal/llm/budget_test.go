package llm_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/webcare"
)

func TestBudgetSurvivesARestartAndEndsWithTheDay(t *testing.T) {
	records := &llmtest.Records{}
	now := noon
	cfg := llm.Config{DailyBudgetCents: 1, PriceIn: 10, PriceOut: 10} // 10,000 micros a day; each call takes 4,000 of them
	start := func() *bench {
		return newBench(t, cfg, llm.Outside{Records: records, Now: func() time.Time { return now }}, llmtest.Step{Content: `{"say":"ja"}`, In: 300, Out: 100})
	}
	b := start()
	for i, want := range []llm.Reason{"", "", llm.BudgetSpent} {
		if i == 2 {
			b = start()
		}
		_, err := b.Ask(t.Context(), question(), new(answer))
		if got := reasonOf(err); got != want {
			t.Fatalf("call %d: %q, want %q", i+1, got, want)
		}
	}
	if n := len(b.server.Requests()); n != 0 {
		t.Errorf("%d calls without a budget", n)
	}
	spent, err := b.Spent(t.Context(), "voorbeeld", now)
	if want := (llm.Spent{Tokens: 800, Micros: 8000, Calls: 2}); err != nil || spent != want {
		t.Errorf("spent %+v, %v, want %+v", spent, err, want)
	}
	other := question()
	other.Brand = "ander"
	if _, err := b.Ask(t.Context(), other, new(answer)); err != nil {
		t.Errorf("another brand: %v", err)
	}
	now = now.Add(12 * time.Hour)
	if _, err := b.Ask(t.Context(), question(), new(answer)); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func reasonOf(err error) llm.Reason {
	if err == nil {
		return ""
	}
	return llm.ReasonOf(err)
}

func TestBudgetHoldsAgainstManyAtOnce(t *testing.T) {
	records := &llmtest.Records{}
	const bound = 2000
	b := newBench(t, llm.Config{DailyBudgetTokens: bound}, llm.Outside{Records: records}, llmtest.Step{Content: `{"say":"ja"}`, In: 100, Out: 60})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _, _ = b.Ask(t.Context(), question(), new(answer)) })
	}
	wg.Wait()
	spent, err := b.Spent(t.Context(), "voorbeeld", noon)
	if err != nil || spent.Tokens > bound || spent.Tokens != int64(len(b.server.Requests()))*160 {
		t.Errorf("spent %+v in %d calls, %v; the bound is %d", spent, len(b.server.Requests()), err, bound)
	}
}

func TestWhatFailuresCost(t *testing.T) {
	for _, tt := range []struct {
		name string
		step llmtest.Step
		free bool
	}{
		{"server error", llmtest.Step{Status: 500}, true},
		{"rate limit", llmtest.Step{Status: 429}, true},
		{"wrong key", llmtest.Step{Status: 401}, true},
		{"timeout", llmtest.Step{Hang: time.Minute}, false},
		{"cut", llmtest.Step{Content: `{"say":"ja"}`, Cut: 30}, false},
		{"off schema", llmtest.Step{Content: `{"say":"o"}`}, false},
		{"refusal without counts", llmtest.Step{Refusal: "no", NoUsage: true}, false},
		{"answer without counts", llmtest.Step{Content: `{"say":"ja"}`, NoUsage: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, llm.Config{DailyBudgetTokens: 1e6, Timeout: 100 * time.Millisecond, Attempts: 1}, llm.Outside{Records: &llmtest.Records{}}, tt.step)
			usage, _ := b.Ask(t.Context(), question(), new(answer))
			spent, err := b.Spent(t.Context(), "voorbeeld", noon)
			if err != nil || (usage.Tokens() == 0) != tt.free || spent.Tokens != usage.Tokens() || spent.Micros != usage.CostMicros {
				t.Errorf("usage %+v, spent %+v, %v; free: %v", usage, spent, err, tt.free)
			}
		})
	}
}

func TestNoCallWhereTheBudgetCannotBeRead(t *testing.T) {
	b := newBench(t, llm.Config{DailyBudgetCents: 100}, llm.Outside{Records: &llmtest.Records{Fail: errors.New("disk on fire")}}, llmtest.Step{Content: `{"say":"ja"}`})
	_, err := b.Ask(t.Context(), question(), new(answer))
	if llm.ReasonOf(err) != llm.BudgetUnknown || !errors.Is(err, webcare.ErrUnavailable) || len(b.server.Requests()) != 0 {
		t.Errorf("error %v after %d calls", err, len(b.server.Requests()))
	}
}
