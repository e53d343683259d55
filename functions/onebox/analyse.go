package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/triage"
	"webcare.example/responder/internal/webcare"
)

// triaged is what the triage command prints for one input.
type triaged struct {
	ID string `json:"id"`
	webcare.Triage
	// Text is shown where it was taken out of a mail: offsets count in it.
	Text string `json:"text,omitempty"`
}

// drafted is what the draft command prints for one input.
type drafted struct {
	triaged
	Draft   *draftJSON `json:"draft"`
	NoDraft string     `json:"no_draft,omitempty"` // why there is none
}

type draftJSON struct {
	Text        string            `json:"text"`
	PrivateText string            `json:"private_text,omitempty"`
	Language    string            `json:"language"`
	Hash        string            `json:"hash"`
	Resolution  *resolutionJSON   `json:"resolution"`
	Promises    []promiseJSON     `json:"promises"`
	Findings    []webcare.Finding `json:"findings"`
	Engine      string            `json:"engine"`
}

type resolutionJSON struct {
	ID        string            `json:"id"`
	CostCents int64             `json:"cost_cents"`
	Authority webcare.Authority `json:"authority"`
	Params    map[string]string `json:"params"`
}

type promiseJSON struct {
	What  string    `json:"what"`
	Due   time.Time `json:"due"`
	Owner string    `json:"owner"`
}

// full replaces nil lists by empty ones, so that JSON shows [] and not null.
func full(t webcare.Triage) webcare.Triage {
	t.Frictions, t.Signals, t.Praise, t.Facts = list(t.Frictions), list(t.Signals), list(t.Praise), list(t.Facts)
	for i := range t.Frictions {
		t.Frictions[i].Evidence = list(t.Frictions[i].Evidence)
	}
	return t
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func triageCommand(ctx context.Context, a *app) error {
	engine, err := triage.New()
	if err != nil {
		return err
	}
	return a.stream(ctx, func(ctx context.Context, in input) (any, error) { return triageOne(ctx, engine, in) })
}

func triageOne(ctx context.Context, engine webcare.Triager, in input) (triaged, error) {
	t, err := engine.Triage(ctx, webcare.TriageInput{Text: in.Text, Subject: in.Subject, Channel: in.Channel, Author: in.Author, Language: in.Language, Stars: in.Stars})
	if err != nil {
		return triaged{}, err
	}
	out := triaged{ID: in.ID, Triage: full(t)}
	if in.derived {
		out.Text = in.Text
	}
	return out, nil
}

func draftCommand(ctx context.Context, a *app) error {
	brands, err := a.brands()
	if err != nil {
		return err
	}
	b, err := brands.Get("")
	if err != nil {
		return err
	}
	now, err := a.time()
	if err != nil {
		return err
	}
	engine, err := triage.New()
	if err != nil {
		return err
	}
	return a.stream(ctx, func(ctx context.Context, in input) (any, error) {
		t, err := triageOne(ctx, engine, in)
		if err != nil {
			return nil, err
		}
		return draftOne(ctx, b, in, t, a.sign, now)
	})
}

// time is what --now says, else the time it is.
func (a *app) time() (time.Time, error) {
	if a.now == "" {
		return time.Now(), nil
	}
	t, err := time.Parse(time.RFC3339, a.now)
	if err != nil {
		return t, webcare.Invalidf("--now: %q is not a time like 2026-11-23T10:00:00+01:00", a.now)
	}
	return t, nil
}

// scratch makes a case of one message, as the pipeline would, without a store.
func scratch(b *brand.Brand, in input, t webcare.Triage, now time.Time) *webcare.Case {
	channel := in.Channel
	if channel == "" {
		channel = "email"
	}
	v := webcare.Private
	if guard.PublicChannel(channel) {
		v = webcare.Public
	}
	m := webcare.Message{ID: "1", Key: webcare.Key{Channel: channel, ExternalID: in.ID}, Brand: b.ID, Author: in.Author, Subject: in.Subject,
		Text: in.Text, Language: t.Language, Visibility: v, PostedAt: now, ReceivedAt: now}
	head := webcare.Head{ID: webcare.CaseID(in.ID), Brand: b.ID, Channel: channel, Author: in.Author, Subject: in.Subject, Language: t.Language,
		Kind: t.Kind, Complaint: t.Complaint, Urgency: t.Urgency, Sentiment: t.Sentiment, Signals: t.Signals, InboundSeq: 1, NextSeq: 3, Version: 1,
		Status: webcare.StatusTriaged, ReceivedAt: now}
	for _, f := range t.Frictions {
		head.Frictions = append(head.Frictions, f.Type)
	}
	return &webcare.Case{Head: head, Messages: []webcare.Entry[webcare.Message]{{Seq: 1, Value: m}}, Triages: []webcare.Entry[webcare.Triage]{{Seq: 2, Value: t}}}
}

func draftOne(ctx context.Context, b *brand.Brand, in input, t triaged, sign string, now time.Time) (drafted, error) {
	out := drafted{triaged: t}
	c := scratch(b, in, t.Triage, now)
	d, err := draft.New(ctx, draft.For(b), c, b, draft.Wish{Sign: sign, Now: now})
	if why, none := draft.Reason(err); none {
		out.NoDraft = why
		return out, nil
	}
	if err != nil {
		return out, err
	}
	j := &draftJSON{Text: d.Text, PrivateText: d.PrivateText, Language: d.Language, Hash: webcare.HashOf(b.ID, c.Head.Channel, d),
		Promises: []promiseJSON{}, Findings: list(d.Findings), Engine: d.Engine}
	if r := d.Resolution; r != nil {
		j.Resolution = &resolutionJSON{r.ID, r.CostCents, r.Authority, r.Params}
		if j.Resolution.Params == nil {
			j.Resolution.Params = map[string]string{}
		}
	}
	for _, p := range d.Promises {
		j.Promises = append(j.Promises, promiseJSON{p.What, p.Due, p.Owner})
	}
	out.Draft = j
	return out, nil
}

// checkLine are the fields of a reply to check, beside those of an input.
type checkLine struct {
	Reply      *string         `json:"reply"`
	Public     *bool           `json:"public"`
	Resolution json.RawMessage `json:"resolution"`
	Recent     []string        `json:"recent"` // replies to others, beside those earlier in the stream
}

// doubt is the complaint score from which a message that was replied to counts
// as a complaint. A plain question takes more.
const (
	doubt         = 0.25
	doubtQuestion = 0.4
)

// complained reports whether the rules for complaints hold. Replies are
// written to people who complained, as a rule: in doubt, they do.
func complained(t webcare.Triage) bool {
	switch {
	case t.Kind == webcare.KindSpam:
		return false
	case t.Complaint || len(t.Frictions) > 0:
		return true
	case t.Kind == webcare.KindQuestion:
		return t.ComplaintScore >= doubtQuestion
	}
	return t.ComplaintScore >= doubt
}

// checked is what the check command prints for one reply.
type checked struct {
	ID       string            `json:"id"`
	Findings []webcare.Finding `json:"findings"`
}

func checkCommand(ctx context.Context, a *app) error {
	brands, err := a.brands()
	if err != nil {
		return err
	}
	b, err := brands.Get("")
	if err != nil {
		return err
	}
	now, err := a.time()
	if err != nil {
		return err
	}
	engine, err := triage.New()
	if err != nil {
		return err
	}
	var before recentReplies
	return a.inOrder(ctx, func(in input) job {
		var line checkLine
		if err := json.Unmarshal(in.raw, &line); err != nil || line.Reply == nil {
			return func(context.Context) (any, error) {
				return nil, webcare.Invalidf("%s: reply: missing or not a text", in.where)
			}
		}
		earlier := before.add(in, *line.Reply)
		return func(ctx context.Context) (any, error) { return checkOne(ctx, b, engine, in, line, earlier, now) }
	})
}

// recentReplies are the latest replies of the stream, in the order of the
// inputs: what a reply is compared with does not depend on which worker is
// first. The zero value is ready.
type recentReplies struct{ all []sentReply }

type sentReply struct {
	to, text string // whom it answers: customer and message
	print    guard.Fingerprint
}

// mostRecent bounds how far a reply is compared back.
const mostRecent = 200

// add takes a reply in and returns those to other customers before it. Another
// reply to the same message is another wording for one customer.
func (r *recentReplies) add(in input, reply string) []guard.Fingerprint {
	s := sentReply{string(webcare.CustomerOf(in.Channel, in.Author)), in.Text, guard.FingerprintOf(reply)}
	var earlier []guard.Fingerprint
	for _, o := range r.all {
		if o.text != s.text && (o.to == "" || o.to != s.to) {
			earlier = append(earlier, o.print)
		}
	}
	if len(r.all) == mostRecent {
		copy(r.all, r.all[1:])
		r.all = r.all[:mostRecent-1]
	}
	r.all = append(r.all, s)
	return earlier
}

func checkOne(ctx context.Context, b *brand.Brand, engine webcare.Triager, in input, line checkLine, earlier []guard.Fingerprint, now time.Time) (any, error) {
	res, err := resolutionOf(b, line.Resolution)
	if err != nil {
		return nil, webcare.Invalidf("%s: resolution: %v", in.where, err)
	}
	t, err := engine.Triage(ctx, webcare.TriageInput{Text: in.Text, Subject: in.Subject, Channel: in.Channel, Author: in.Author, Language: in.Language, Stars: in.Stars})
	if err != nil {
		return nil, err
	}
	if complained(t) {
		t.Complaint, t.Kind = true, webcare.KindComplaint
	}
	lang := in.Language
	if lang == "" {
		lang = t.Language
	}
	replyLang, _ := text.Language(*line.Reply)
	g := guard.Input{Reply: *line.Reply, Channel: in.Channel, Public: guard.PublicChannel(in.Channel), Messages: []string{in.Text}, Author: in.Author,
		Triage: &t, Language: lang, Resolution: res, Allowed: guard.Allow(b, res, replyLang), Voice: guard.VoiceOf(b, replyLang),
		Recent: line.Recent, Earlier: earlier, Now: now}
	if line.Public != nil {
		g.Public = *line.Public
	}
	return checked{in.ID, list(guard.Check(g))}, nil
}

// resolutionOf reads a resolution: the id of one in the playbook, or an object.
func resolutionOf(b *brand.Brand, raw json.RawMessage) (*webcare.Resolution, error) {
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return nil, nil
	}
	var id string
	if json.Unmarshal(raw, &id) == nil {
		res := &webcare.Resolution{ID: id}
		if r, _, ok := b.Resolution(id); ok {
			res.CostCents, res.Authority = r.CostCents, r.Authority
		}
		return res, nil
	}
	var res webcare.Resolution
	if err := json.Unmarshal(raw, &res); err != nil {
		return nil, err
	}
	return &res, nil
}

// result is the answer to one input, in the making.
type result struct {
	value any
	err   error
}

// job is the work on one input that may run beside that on others.
type job func(context.Context) (any, error)

// stream runs f over all inputs, a few at a time, and prints the answers in
// the order of the inputs. Memory does not grow with their number.
func (a *app) stream(ctx context.Context, f func(context.Context, input) (any, error)) error {
	return a.inOrder(ctx, func(in input) job {
		return func(ctx context.Context) (any, error) { return f(ctx, in) }
	})
}

// inOrder is stream for work that depends on what came before: plan sees the
// inputs one by one in their order, the jobs it makes run a few at a time.
func (a *app) inOrder(ctx context.Context, plan func(input) job) error {
	workers := runtime.GOMAXPROCS(0)
	order := make(chan chan result, 4*workers)
	slots := make(chan struct{}, workers)
	printed := make(chan error, 1)
	go func() { printed <- a.print(order) }()
	err := a.each(func(in input) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		do := plan(in)
		done := make(chan result, 1)
		order <- done
		slots <- struct{}{}
		go func() {
			v, err := do(ctx)
			<-slots
			done <- result{v, err}
		}()
		return nil
	})
	close(order)
	if perr := <-printed; err == nil {
		err = perr
	}
	return err
}

func (a *app) print(order <-chan chan result) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	if !a.jsonl {
		enc.SetIndent("", "  ")
	}
	var failed error
	for done := range order {
		r := <-done
		switch {
		case r.err != nil:
			a.complain(r.err)
		case failed == nil:
			failed = enc.Encode(r.value) // a closed pipe: the rest is read and dropped
		}
	}
	if failed != nil && !errors.Is(failed, io.ErrClosedPipe) {
		return failed
	}
	return nil
}
