package run

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"

	"webcare.example/responder/internal/aws/queue"
	"webcare.example/responder/internal/aws/secret"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

// Model is the configuration of functions that ask a language model:
// WEBCARE_LLM_BASE_URL and so on.
type Model struct {
	LLM struct {
		llm.Env
		// Secret names the parameter that holds the model's key.
		Secret string
	}
}

// Secret reads a parameter, "" for no name.
func (w *Wired) Secret(name string) string {
	text, err := secret.New(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SSM"), w.Now).Get(context.Background(), name)
	w.Must(err)
	return text
}

// Model returns the language model's client, nil if there is no model.
func (w *Wired) Model(m Model) *llm.Client {
	key := ""
	if m.LLM.BaseURL != "" {
		key = w.Secret(m.LLM.Secret)
	}
	client, err := m.LLM.Client(key, llm.Outside{Records: w.Store.Records, Now: w.Now, Jitter: rand.Float64, Log: w.Log})
	w.Must(err)
	return client
}

// Learning does the tasks that make an example of a case's reply, and leaves
// others to next. An example that cannot be made is worth no person's look.
func (w *Wired) Learning(learn func(context.Context, webcare.CaseID) error, next webcare.Handler) webcare.Handler {
	return func(ctx context.Context, t webcare.Task) error {
		if t.Data[queue.Learn] == "" {
			return next(ctx, t)
		}
		err := learn(ctx, t.CaseID)
		if errors.Is(err, webcare.ErrNotFound) || (err != nil && t.Attempt >= webcare.MaxAttempts) {
			w.Log.WarnContext(ctx, "a reply is no example", "case", t.CaseID, "err", err)
			return nil
		}
		return err
	}
}
