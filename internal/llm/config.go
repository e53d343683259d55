package llm

import (
	"net/url"
	"strings"
	"time"

	"github.com/sashabaranov/go-openai"

	"webcare.example/responder/internal/webcare"
)

// API types.
const (
	OpenAI = "openai" // and whatever speaks the same: vLLM, Ollama, Mistral, a gateway
	Azure  = "azure"
)

// Config is what an installation sets. An empty Key is right for endpoints
// that ask for none.
type Config struct {
	BaseURL    string // "https://api.openai.com/v1"; for Azure the resource's address
	Key        string // a secret: never logged
	Model      string // for Azure the deployment's name
	APIType    string // OpenAI (default) or Azure
	APIVersion string // Azure only; default 2024-10-21, the first with strict schemas

	Timeout  time.Duration // of one call, default 20 s
	Total    time.Duration // of a question with all its repeats, default 45 s
	Attempts int           // calls a question, default 3

	// DailyBudgetCents is what one brand may cost in a day (UTC), in euro cents;
	// 0 for no bound. It needs prices.
	DailyBudgetCents int64
	// DailyBudgetTokens bounds a brand's tokens a day; 0 for no bound. For
	// models of one's own, which have no price.
	DailyBudgetTokens int64
	// PriceIn and PriceOut are euros per million tokens read and written.
	PriceIn, PriceOut float64

	MaxAnswerBytes int64 // of a response body, default 64 KiB
}

// Defaults, see Config.
const (
	defaultBaseURL    = "https://api.openai.com/v1"
	defaultAzure      = "2024-10-21"
	defaultTimeout    = 20 * time.Second
	defaultTotal      = 45 * time.Second
	defaultAttempts   = 3
	defaultAnswerSize = 64 << 10
)

// Enabled reports whether a language model is configured at all.
func (c Config) Enabled() bool { return c.Model != "" }

// Check fills in defaults and returns what cannot work as an error of kind
// webcare.ErrInvalid. It never repeats the key.
func (c Config) Check() (Config, error) {
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.BaseURL == "" && c.APIType != Azure {
		c.BaseURL = defaultBaseURL
	}
	if c.APIType == "" {
		c.APIType = OpenAI
	}
	if c.APIType == Azure && c.APIVersion == "" {
		c.APIVersion = defaultAzure
	}
	c.Timeout = orDefault(c.Timeout, defaultTimeout)
	c.Total = max(orDefault(c.Total, defaultTotal), c.Timeout)
	c.Attempts = orDefault(c.Attempts, defaultAttempts)
	c.MaxAnswerBytes = orDefault(c.MaxAnswerBytes, defaultAnswerSize)
	u, err := url.Parse(c.BaseURL)
	switch {
	case c.Model == "":
		return c, webcare.Invalidf("llm: no model")
	case c.APIType != OpenAI && c.APIType != Azure:
		return c, webcare.Invalidf("llm: API type %q: write openai or azure", c.APIType)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return c, webcare.Invalidf("llm: the base URL is no http or https address")
	case u.User != nil || u.RawQuery != "":
		return c, webcare.Invalidf("llm: the base URL carries a user or a query")
	case strings.ContainsAny(c.Key, " \r\n"):
		return c, webcare.Invalidf("llm: the key holds white space")
	case c.Timeout < 0 || c.Attempts < 0 || c.MaxAnswerBytes < 0 || c.DailyBudgetCents < 0 || c.DailyBudgetTokens < 0 || c.PriceIn < 0 || c.PriceOut < 0:
		return c, webcare.Invalidf("llm: a negative bound")
	case c.DailyBudgetCents > 0 && c.PriceIn == 0 && c.PriceOut == 0:
		return c, webcare.Invalidf("llm: a budget in cents needs prices, or give one in tokens")
	}
	return c, nil
}

func orDefault[T int | int64 | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// client returns the library's configuration.
func (c Config) client() openai.ClientConfig {
	cfg := openai.DefaultConfig(c.Key)
	if c.APIType == Azure {
		cfg = openai.DefaultAzureConfig(c.Key, c.BaseURL)
		cfg.APIVersion = c.APIVersion
		cfg.AzureModelMapperFunc = func(model string) string { return model }
	}
	cfg.BaseURL = c.BaseURL
	return cfg
}

// newTokenBound reports whether the endpoint wants max_completion_tokens:
// OpenAI and Azure do, and its reasoning models refuse the older name; most
// other servers know max_tokens only.
func (c Config) newTokenBound() bool {
	return c.APIType == Azure || c.BaseURL == defaultBaseURL || c.reasons()
}

// reasons reports whether the model spends answer tokens on thinking first.
func (c Config) reasons() bool {
	for _, family := range []string{"o1", "o3", "o4", "gpt-5", "gpt-6"} {
		if strings.HasPrefix(c.Model, family) {
			return true
		}
	}
	return false
}
