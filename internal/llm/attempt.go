package llm

import (
	"context"
	"log/slog"
	"time"

	"github.com/sashabaranov/go-openai"
)

// reply is what one call brought.
type reply struct {
	content    string
	in, out    int64 // tokens as counted by the endpoint, 0 where it does not say
	retryAfter string
}

// attempt makes one call: booked before, settled after. asked is how long the
// endpoint wants to be left alone.
func (c *Client) attempt(ctx context.Context, q Question, n int) (answer []byte, took Usage, asked time.Duration, _ *Error) {
	now := c.out.Now()
	if now.UnixNano() < c.quiet.Load() {
		return nil, Usage{}, 0, &Error{Reason: Limited}
	}
	booked := c.price(estimate(q), int64(c.most(q)))
	if err := c.budget.book(ctx, q.Brand, booked, now); err != nil {
		return nil, Usage{}, 0, explain(ctx, err)
	}
	began := time.Now()
	r, err := c.breaker.Execute(func() (reply, error) { return c.call(ctx, q) })
	var failure *Error
	if err != nil {
		failure = explain(ctx, err)
	}
	took = c.took(booked, r, failure)
	if err := c.budget.settle(ctx, q.Brand, booked, took, now); err != nil && failure == nil {
		c.out.Log.Warn("llm: budget not settled", "brand", q.Brand, "reason", string(ReasonOf(err)))
	}
	if failure == nil {
		if err := q.Schema.Check([]byte(r.content)); err != nil {
			failure = explain(ctx, err)
		}
	}
	c.log(q, n, r, failure, time.Since(began))
	if failure != nil {
		return nil, took, retryAfter(r.retryAfter, now), failure
	}
	return []byte(r.content), took, 0, nil
}

// call makes the HTTP call within Config.Timeout. It returns notes and counts
// beside an error too.
func (c *Client) call(ctx context.Context, q Question) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	ctx, notes := withNotes(ctx)
	res, err := c.api.CreateChatCompletion(ctx, c.request(q))
	r := reply{retryAfter: notes.retryAfter}
	if err != nil {
		return r, explain(context.WithoutCancel(ctx), err).cancelledBy(ctx)
	}
	r.in, r.out = int64(max(0, res.Usage.PromptTokens)), int64(max(0, res.Usage.CompletionTokens))
	if len(res.Choices) == 0 {
		return r, &Error{Reason: Malformed, Where: "choices"}
	}
	choice := res.Choices[0]
	r.content = choice.Message.Content
	switch {
	case choice.Message.Refusal != "":
		return r, &Error{Reason: Declined}
	case choice.FinishReason == openai.FinishReasonContentFilter:
		return r, &Error{Reason: Filtered}
	case choice.FinishReason == openai.FinishReasonLength:
		return r, &Error{Reason: TooLarge, Where: "its token bound"}
	case len(choice.Message.ToolCalls) > 0 || choice.Message.FunctionCall != nil:
		return r, &Error{Reason: OffSchema, Where: "a tool call"}
	}
	return r, nil
}

// cancelledBy tells a caller who gave up from an endpoint that was slow.
func (e *Error) cancelledBy(ctx context.Context) *Error {
	if ctx.Err() == context.Canceled {
		return &Error{Reason: Cancelled}
	}
	return e
}

func (c *Client) request(q Question) openai.ChatCompletionRequest {
	r := openai.ChatCompletionRequest{Model: c.cfg.Model,
		Messages: []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleSystem, Content: q.System}},
		ResponseFormat: &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: q.Name, Schema: q.Schema, Strict: true}}}
	for _, t := range q.Turns {
		r.Messages = append(r.Messages, openai.ChatCompletionMessage{Role: t.Role, Content: t.Text})
	}
	if c.cfg.newTokenBound() {
		r.MaxCompletionTokens = c.most(q)
	} else {
		r.MaxTokens = c.most(q)
	}
	return r
}

// thinkingRoom is how many more tokens a model takes that reasons before it answers.
const thinkingRoom = 4

func (c *Client) most(q Question) int {
	if c.cfg.reasons() {
		return q.MaxTokens * thinkingRoom
	}
	return q.MaxTokens
}

// estimate counts what a question holds, on the high side: Dutch takes about
// four bytes a token.
func estimate(q Question) int64 {
	bytes := len(q.System)
	for _, t := range q.Turns {
		bytes += len(t.Text)
	}
	schema, _ := q.Schema.MarshalJSON()
	return int64(bytes+len(schema))/3 + 50
}

// took is what a call cost: what the endpoint counted; all that was booked
// where it may have worked for nothing; nothing where it did not work.
func (c *Client) took(booked Usage, r reply, failure *Error) Usage {
	switch {
	case r.in+r.out > 0:
		return c.price(r.in, r.out)
	case failure == nil:
		return c.price(booked.TokensIn, int64(len(r.content))/3+1)
	}
	switch failure.Reason {
	case TimedOut, Cut, TooLarge, Cancelled, Malformed, Declined, Filtered, OffSchema:
		return booked
	}
	return Usage{}
}

// log writes counts and reasons, never a text.
func (c *Client) log(q Question, attempt int, r reply, failure *Error, d time.Duration) {
	level, reason := slog.LevelInfo, "ok"
	if failure != nil {
		level, reason = slog.LevelWarn, failure.Error()
	}
	c.out.Log.Log(context.Background(), level, "llm call", "brand", q.Brand, "for", q.Name, "model", c.cfg.Model, "attempt", attempt,
		"outcome", reason, "tokens_in", r.in, "tokens_out", r.out, "bytes", len(r.content), "ms", d.Milliseconds())
}
