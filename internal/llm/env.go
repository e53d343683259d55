package llm

import "time"

// Env is a model as the environment names it, read by envconfig under a prefix
// of the program's. Without BaseURL there is none: nothing leaves this house
// until somebody says where to.
type Env struct {
	BaseURL     string        `split_words:"true"`
	Model       string        `default:"gpt-4o-mini"`
	Type        string        `default:"openai"` // or azure
	Version     string        // azure: the API version
	Timeout     time.Duration `default:"20s"`
	DailyBudget int64         `split_words:"true" default:"500"` // cents
	PriceIn     float64       `split_words:"true" default:"0.15"`
	PriceOut    float64       `split_words:"true" default:"0.60"` // euro per million tokens
}

// Client returns the model's client, nil if there is no model.
func (e Env) Client(key string, out Outside) (*Client, error) {
	if e.BaseURL == "" {
		return nil, nil
	}
	return New(Config{BaseURL: e.BaseURL, Key: key, Model: e.Model, APIType: e.Type, APIVersion: e.Version, Timeout: e.Timeout,
		DailyBudgetCents: e.DailyBudget, PriceIn: e.PriceIn, PriceOut: e.PriceOut}, out)
}
