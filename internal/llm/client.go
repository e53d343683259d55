package llm

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"webcare.example/responder/internal/webcare"
)

// Outside is what a Client needs from the world around it. What is left out
// gets its plain meaning.
type Outside struct {
	Records   webcare.Records // keeps the budgets; without it there are none
	Transport http.RoundTripper
	Now       func() time.Time
	Sleep     func(ctx context.Context, d time.Duration) error
	Jitter    func() float64 // 0..1
	Log       *slog.Logger
}

// Client asks one model at one endpoint. It is safe for concurrent use.
type Client struct {
	cfg     Config
	out     Outside
	api     *openai.Client
	breaker *gobreaker.CircuitBreaker[reply]
	budget  budget
	// quiet is until when the endpoint asked to be left alone, in Unix nanoseconds.
	quiet atomic.Int64
}

// The breaker opens after so many failures in a row and lets one question
// through after so long.
const (
	breakerFailures = 5
	breakerRest     = 30 * time.Second
)

// New returns a client, or an error of kind webcare.ErrInvalid that says what
// in the configuration cannot work.
func New(cfg Config, out Outside) (*Client, error) {
	cfg, err := cfg.Check()
	if err != nil {
		return nil, err
	}
	if (cfg.DailyBudgetCents > 0 || cfg.DailyBudgetTokens > 0) && out.Records == nil {
		return nil, webcare.Invalidf("llm: a budget needs records to be kept in")
	}
	out = out.filled()
	api := cfg.client()
	api.HTTPClient = &http.Client{Transport: bounded{out.Transport, cfg.MaxAnswerBytes}}
	return &Client{cfg: cfg, out: out, api: openai.NewClientWithConfig(api),
		budget: budget{out.Records, cfg.DailyBudgetCents, cfg.DailyBudgetTokens},
		breaker: gobreaker.NewCircuitBreaker[reply](gobreaker.Settings{Timeout: breakerRest, IsSuccessful: answered,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFailures },
			IsExcluded:  func(err error) bool { return ReasonOf(err) == Cancelled }})}, nil
}

func (o Outside) filled() Outside {
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0.5 }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// answered: the endpoint did its work, whatever became of the question.
func answered(err error) bool {
	switch ReasonOf(err) {
	case TimedOut, Limited, Failing, Unreachable, Cut:
		return false
	}
	return true
}

// Name is the model's name, for engine fields.
func (c *Client) Name() string { return c.cfg.Model }

// Turn is one message of a question.
type Turn struct {
	Role string // "user" or "assistant"
	Text string
}

// Question is what is asked. System holds instructions and nothing that a
// customer wrote; customers' words stand in Turns, as data.
type Question struct {
	Brand     string // whose budget pays
	Name      string // of the schema, letters and "_"
	System    string
	Turns     []Turn
	Schema    Schema
	MaxTokens int // of the answer
}

// Usage is what calls took.
type Usage struct {
	TokensIn, TokensOut int64
	CostMicros          int64 // millionths of a euro
}

// Tokens is read and written together.
func (u Usage) Tokens() int64 { return u.TokensIn + u.TokensOut }

// Plus adds two usages.
func (u Usage) Plus(v Usage) Usage {
	return Usage{u.TokensIn + v.TokensIn, u.TokensOut + v.TokensOut, u.CostMicros + v.CostMicros}
}

// Ask puts the question until there is an answer that fits its schema, and
// decodes that into into. It repeats what may pass by itself, within
// Config.Attempts and Config.Total. Usage counts all calls, also those without
// a usable answer. Every error is an *Error.
func (c *Client) Ask(ctx context.Context, q Question, into any) (Usage, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Total)
	defer cancel()
	var total Usage
	for attempt := 1; ; attempt++ {
		answer, usage, asked, err := c.attempt(ctx, q, attempt)
		total = total.Plus(usage)
		if err == nil {
			if json.Unmarshal(answer, into) != nil {
				return total, &Error{Reason: OffSchema}
			}
			return total, nil
		}
		if attempt >= c.cfg.Attempts || !err.again(attempt) || ctx.Err() != nil {
			return total, err
		}
		pause := wait(attempt, asked, c.out.Jitter())
		if !c.fits(ctx, pause) {
			c.keepQuiet(asked)
			return total, err
		}
		if c.out.Sleep(ctx, pause) != nil {
			return total, err
		}
	}
}

// fits reports whether a pause ends before the question's time does.
func (c *Client) fits(ctx context.Context, pause time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || pause < time.Until(deadline)
}

// mostQuiet bounds what an endpoint can ask for.
const mostQuiet = 10 * time.Minute

// keepQuiet leaves the endpoint alone for as long as it asked.
func (c *Client) keepQuiet(asked time.Duration) {
	if asked > 0 {
		c.quiet.Store(c.out.Now().Add(min(asked, mostQuiet)).UnixNano())
	}
}

// price returns the usage with its cost.
func (c *Client) price(in, out int64) Usage {
	euros := float64(in)*c.cfg.PriceIn + float64(out)*c.cfg.PriceOut // per million tokens: so in micros
	return Usage{TokensIn: in, TokensOut: out, CostMicros: int64(math.Ceil(euros))}
}
