package run

import (
	"context"
	"errors"
	"math/rand/v2"

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

// Triager returns who triages, made by f of the model's client (nil if there is
// no model) and made again when the model's key was renewed.
func (w *Wired) Triager(m Model, f func(*llm.Client) (webcare.Triager, error)) webcare.Triager {
	return triager{Renewed(w, m.secret(), func(key string) (webcare.Triager, error) {
		client, err := w.model(m, key)
		if err != nil {
			return nil, err
		}
		return f(client)
	})}
}

type triager struct{ now func() webcare.Triager }

// Triage implements webcare.Triager.
func (t triager) Triage(ctx context.Context, in webcare.TriageInput) (webcare.Triage, error) {
	return t.now().Triage(ctx, in)
}

// Drafter is to drafts as Triager is to triage.
func (w *Wired) Drafter(m Model, f func(*llm.Client) webcare.Drafter) webcare.Drafter {
	return drafter{Renewed(w, m.secret(), func(key string) (webcare.Drafter, error) {
		client, err := w.model(m, key)
		return f(client), err
	})}
}

type drafter struct{ now func() webcare.Drafter }

// Draft implements webcare.Drafter.
func (d drafter) Draft(ctx context.Context, r webcare.DraftRequest) (webcare.Draft, error) {
	return d.now().Draft(ctx, r)
}

// secret is the parameter with the model's key, "" where there is no model.
func (m Model) secret() string {
	if m.LLM.BaseURL == "" {
		return ""
	}
	return m.LLM.Secret
}

func (w *Wired) model(m Model, key string) (*llm.Client, error) {
	return m.LLM.Client(key, llm.Outside{Records: w.Store.Records, Now: w.Now, Jitter: rand.Float64, Log: w.Log})
}

// Learning does the tasks that make an example of a case's reply, and leaves
// others to next. An example that cannot be made is worth no person's look.
func (w *Wired) Learning(learn func(context.Context, webcare.CaseID) error, next webcare.Handler) webcare.Handler {
	return func(ctx context.Context, t webcare.Task) error {
		if t.Data[Learn] == "" {
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
