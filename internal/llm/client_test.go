package llm_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/llm/llmtest"
	"webcare.example/responder/internal/webcare"
)

const secretText = "Mijn buurman Ronaldus Pietersma woont boven de slagerij"

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

type answer struct {
	Say string `json:"say"`
}

func question() llm.Question {
	return llm.Question{Brand: "voorbeeld", Name: "draft", System: "Say a word.", Turns: []llm.Turn{{Role: "user", Text: secretText}},
		Schema: llm.Object(llm.Field{Name: "say", Schema: llm.Enum("ja", "nee")}), MaxTokens: 100}
}

// bench is a client on a scripted server, with what it slept and logged.
type bench struct {
	*llm.Client
	server *llmtest.Server
	mu     sync.Mutex
	slept  []time.Duration
	log    bytes.Buffer
}

func newBench(t *testing.T, cfg llm.Config, out llm.Outside, steps ...llmtest.Step) *bench {
	t.Helper()
	b := &bench{server: llmtest.New(t, steps...)}
	cfg.BaseURL, cfg.Key, cfg.Model = b.server.URL, llmtest.Key, "test-model"
	if cfg.PriceIn == 0 {
		cfg.PriceIn, cfg.PriceOut = 1, 4
	}
	out.Sleep = func(_ context.Context, d time.Duration) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.slept = append(b.slept, d)
		return nil
	}
	if out.Now == nil {
		out.Now = func() time.Time { return noon }
	}
	out.Jitter = func() float64 { return 0 }
	out.Log = slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client, err := llm.New(cfg, out)
	if err != nil {
		t.Fatal(err)
	}
	b.Client = client
	t.Cleanup(func() { clean(t, "log", b.log.String()) })
	return b
}

// clean fails where a secret or the customer's text stands in s.
func clean(t *testing.T, where, s string) {
	t.Helper()
	for _, secret := range []string{llmtest.Key, "0123456789abcdef", "Ronaldus", "slagerij", "Say a word"} {
		if strings.Contains(s, secret) {
			t.Errorf("the %s holds %q: %s", where, secret, s)
		}
	}
}

func TestFaults(t *testing.T) {
	good := llmtest.Step{Content: `{"say":"ja"}`}
	tests := []struct {
		name   string
		steps  []llmtest.Step
		reason llm.Reason // "" for an answer
		kind   error
		calls  int
	}{
		{"answer", []llmtest.Step{good}, "", nil, 1},
		{"429 with Retry-After", []llmtest.Step{{Status: 429, Header: map[string]string{"Retry-After": "2"}}, good}, "", nil, 2},
		{"429 without", []llmtest.Step{{Status: 429}, good}, "", nil, 2},
		{"429 for good", []llmtest.Step{{Status: 429}}, llm.Limited, webcare.ErrUnavailable, 3},
		{"429 for an hour", []llmtest.Step{{Status: 429, Header: map[string]string{"Retry-After": "3600"}}}, llm.Limited, webcare.ErrUnavailable, 1},
		{"429 without credit", []llmtest.Step{{Status: 429, Code: "insufficient_quota"}}, llm.Denied, webcare.ErrForbidden, 1},
		{"500 once", []llmtest.Step{{Status: 500}, good}, "", nil, 2},
		{"500 for good", []llmtest.Step{{Status: 500}}, llm.Failing, webcare.ErrUnavailable, 3},
		{"502 in HTML", []llmtest.Step{{Status: 502, Body: "<html>" + secretText}}, llm.Failing, webcare.ErrUnavailable, 3},
		{"timeout", []llmtest.Step{{Hang: time.Minute}}, llm.TimedOut, webcare.ErrUnavailable, 3},
		{"timeout once", []llmtest.Step{{Hang: time.Minute}, good}, "", nil, 2},
		{"cut", []llmtest.Step{{Content: `{"say":"ja"}`, Cut: 40}}, llm.Cut, webcare.ErrUnavailable, 3},
		{"dropped", []llmtest.Step{{Drop: true}, good}, "", nil, 2},
		{"no JSON", []llmtest.Step{{Content: "Ja hoor!"}}, llm.Malformed, webcare.ErrUnavailable, 2},
		{"no JSON around", []llmtest.Step{{Body: "ja"}}, llm.Malformed, webcare.ErrUnavailable, 2},
		{"JSON and more", []llmtest.Step{{Content: `{"say":"ja"} graag`}}, llm.Malformed, webcare.ErrUnavailable, 2},
		{"fenced", []llmtest.Step{{Content: "```json\n{\"say\":\"ja\"}\n```"}}, llm.Malformed, webcare.ErrUnavailable, 2},
		{"wrong enum", []llmtest.Step{{Content: `{"say":"misschien"}`}}, llm.OffSchema, webcare.ErrUnavailable, 2},
		{"wrong enum once", []llmtest.Step{{Content: `{"say":"misschien"}`}, good}, "", nil, 2},
		{"field too many", []llmtest.Step{{Content: `{"say":"ja","to":"all"}`}}, llm.OffSchema, webcare.ErrUnavailable, 2},
		{"field twice", []llmtest.Step{{Content: `{"say":"ja","say":"nee"}`}}, llm.OffSchema, webcare.ErrUnavailable, 2},
		{"field in capitals", []llmtest.Step{{Content: `{"SAY":"ja"}`}}, llm.OffSchema, webcare.ErrUnavailable, 2},
		{"empty", []llmtest.Step{{}}, llm.Malformed, webcare.ErrUnavailable, 2},
		{"no choices", []llmtest.Step{{Body: `{"choices":[]}`}}, llm.Malformed, webcare.ErrUnavailable, 2},
		{"refusal", []llmtest.Step{{Refusal: "I cannot help with " + secretText}}, llm.Declined, webcare.ErrRefused, 1},
		{"content filter", []llmtest.Step{{Content: `{"say":"ja"}`, Finish: "content_filter"}}, llm.Filtered, webcare.ErrRefused, 1},
		{"content filter by status", []llmtest.Step{{Status: 400, Code: "content_filter"}}, llm.Filtered, webcare.ErrRefused, 1},
		{"out of tokens", []llmtest.Step{{Content: `{"say":"j`, Finish: "length"}}, llm.TooLarge, webcare.ErrUnavailable, 1},
		{"100 kB", []llmtest.Step{{Content: `{"say":"` + strings.Repeat("ja ", 34_000) + `"}`}}, llm.TooLarge, webcare.ErrUnavailable, 1},
		{"wrong key", []llmtest.Step{{Status: 401}}, llm.Denied, webcare.ErrForbidden, 1},
		{"bad request", []llmtest.Step{{Status: 400}}, llm.Misconfigured, webcare.ErrInvalid, 1},
		{"redirect", []llmtest.Step{{Status: 307, Header: map[string]string{"Location": "http://evil.example/"}}}, llm.Misconfigured, webcare.ErrInvalid, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, llm.Config{Timeout: 150 * time.Millisecond}, llm.Outside{}, tt.steps...)
			var a answer
			_, err := b.Ask(t.Context(), question(), &a)
			if n := len(b.server.Requests()); n != tt.calls {
				t.Errorf("%d calls, want %d", n, tt.calls)
			}
			if tt.reason == "" {
				if err != nil || a.Say != "ja" {
					t.Fatalf("Ask = %+v, %v", a, err)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			clean(t, "error", err.Error())
			if llm.ReasonOf(err) != tt.reason || !errors.Is(err, tt.kind) {
				t.Errorf("error %v: reason %q, want %q of kind %v", err, llm.ReasonOf(err), tt.reason, tt.kind)
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for _, tt := range []struct {
		header string
		want   time.Duration
	}{{"2", 2 * time.Second}, {"0.25", 250 * time.Millisecond}, {noon.Add(3 * time.Second).Format("Mon, 02 Jan 2006 15:04:05 GMT"), 3 * time.Second},
		{"", 250 * time.Millisecond}, {"soon", 250 * time.Millisecond}, {"-5", 250 * time.Millisecond}} {
		b := newBench(t, llm.Config{}, llm.Outside{}, llmtest.Step{Status: 429, Header: map[string]string{"Retry-After": tt.header}}, llmtest.Step{Content: `{"say":"ja"}`})
		if _, err := b.Ask(t.Context(), question(), new(answer)); err != nil {
			t.Fatal(err)
		}
		if len(b.slept) != 1 || b.slept[0] != tt.want {
			t.Errorf("Retry-After %q: slept %v, want %v", tt.header, b.slept, tt.want)
		}
	}
}

func TestEndpointIsLeftAloneForAsLongAsItAsked(t *testing.T) {
	now := noon
	b := newBench(t, llm.Config{}, llm.Outside{Now: func() time.Time { return now }},
		llmtest.Step{Status: 429, Header: map[string]string{"Retry-After": "120"}}, llmtest.Step{Content: `{"say":"ja"}`})
	for _, tt := range []struct {
		after time.Duration
		calls int
		ok    bool
	}{{0, 1, false}, {time.Minute, 1, false}, {121 * time.Second, 2, true}} {
		now = noon.Add(tt.after)
		_, err := b.Ask(t.Context(), question(), new(answer))
		if (err == nil) != tt.ok || len(b.server.Requests()) != tt.calls {
			t.Errorf("after %v: error %v, %d calls, want %d", tt.after, err, len(b.server.Requests()), tt.calls)
		}
	}
}

func TestBreakerOpens(t *testing.T) {
	b := newBench(t, llm.Config{}, llm.Outside{}, llmtest.Step{Status: 500})
	for range 2 {
		if _, err := b.Ask(t.Context(), question(), new(answer)); err == nil {
			t.Fatal("no error")
		}
	}
	_, err := b.Ask(t.Context(), question(), new(answer))
	if n := len(b.server.Requests()); llm.ReasonOf(err) != llm.BreakerOpen || n != 5 {
		t.Errorf("after %d calls: %v, want the breaker open after 5", n, err)
	}
}

func TestRefusalsDoNotOpenTheBreaker(t *testing.T) {
	b := newBench(t, llm.Config{}, llm.Outside{}, llmtest.Step{Refusal: "no"})
	for range 10 {
		if _, err := b.Ask(t.Context(), question(), new(answer)); llm.ReasonOf(err) != llm.Declined {
			t.Fatalf("error %v, want a refusal", err)
		}
	}
}

func TestCancelledByTheCaller(t *testing.T) {
	b := newBench(t, llm.Config{}, llm.Outside{}, llmtest.Step{Hang: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	go func() { time.Sleep(20 * time.Millisecond); cancel() }()
	_, err := b.Ask(ctx, question(), new(answer))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want cancelled", err)
	}
}

func TestWhatIsSent(t *testing.T) {
	b := newBench(t, llm.Config{}, llm.Outside{}, llmtest.Step{Content: `{"say":"ja"}`})
	usage, err := b.Ask(t.Context(), question(), new(answer))
	if err != nil {
		t.Fatal(err)
	}
	if want := (llm.Usage{TokensIn: 100, TokensOut: 20, CostMicros: 180}); usage != want {
		t.Errorf("usage %+v, want %+v", usage, want)
	}
	r := b.server.Requests()[0]
	const want = `{"model":"test-model","messages":[{"role":"system","content":"Say a word."},{"role":"user","content":"` + secretText + `"}],` +
		`"max_tokens":100,"stream":false,"response_format":{"type":"json_schema","json_schema":{"name":"draft","schema":{"type":"object","properties":` +
		`{"say":{"type":"string","enum":["ja","nee"]}},"required":["say"],"additionalProperties":false},"strict":true}}}`
	if string(r.Raw) != want || r.Path != "/v1/chat/completions" || r.Key != "Bearer "+llmtest.Key {
		t.Errorf("sent to %s with %s:\n%s\nwant\n%s", r.Path, r.Key, r.Raw, want)
	}
}

func TestAzure(t *testing.T) {
	s := llmtest.New(t, llmtest.Step{Content: `{"say":"ja"}`})
	c, err := llm.New(llm.Config{BaseURL: strings.TrimSuffix(s.URL, "/v1"), Key: llmtest.Key, Model: "ons-model.4", APIType: llm.Azure}, llm.Outside{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Ask(t.Context(), question(), new(answer)); err != nil {
		t.Fatal(err)
	}
	r := s.Requests()[0]
	if r.Path != "/openai/deployments/ons-model.4/chat/completions?api-version=2024-10-21" || r.Key != llmtest.Key {
		t.Errorf("sent to %s with %s", r.Path, r.Key)
	}
	if !bytes.Contains(r.Raw, []byte(`"max_completion_tokens":100`)) {
		t.Errorf("no token bound in %s", r.Raw)
	}
}

func TestConfig(t *testing.T) {
	for name, cfg := range map[string]llm.Config{
		"no model":              {},
		"no address":            {Model: "m", BaseURL: "localhost"},
		"file":                  {Model: "m", BaseURL: "file:///etc"},
		"user in address":       {Model: "m", BaseURL: "https://a:b@example.com"},
		"azure without":         {Model: "m", APIType: llm.Azure},
		"type":                  {Model: "m", APIType: "bedrock"},
		"key with line":         {Model: "m", Key: llmtest.Key + "\n"},
		"budget without price":  {Model: "m", DailyBudgetCents: 100},
		"budget without record": {Model: "m", DailyBudgetTokens: 100},
	} {
		_, err := llm.New(cfg, llm.Outside{})
		if !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%s: error %v, want invalid", name, err)
		} else {
			clean(t, "error", err.Error())
		}
	}
}
