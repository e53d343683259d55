package draft

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

// Asker asks a language model; *llm.Client is one.
type Asker interface {
	// Ask decodes an answer that fits the question's schema into into. Usage
	// counts also where there is an error.
	Ask(ctx context.Context, q llm.Question, into any) (llm.Usage, error)
	Name() string
}

// LLM drafts with a language model, inside what the playbook allows: the model
// chooses among resolutions that fit the case and finds the words. Promises,
// costs, authority and work orders come from the playbook, never from the
// model. Names and numbers are replaced before the conversation leaves, which
// it does as data, and put back after.
//
// Whatever goes wrong, the playbook's own draft stands in: no answer, an
// answer outside the schema, one that is refused (llm_check.go), one in which
// the guard still finds more after one round of repair than in the playbook's.
// The draft's engine says which and why.
type LLM struct {
	Client Asker
	Brands *brand.Set
	// Playbook decides whether there is a draft at all, what it promises, and
	// stands in.
	Playbook webcare.Drafter
	Examples Examples // nil for none

	general sync.Map // vocabulary -> stems that any reply may use
}

var _ webcare.Drafter = (*LLM)(nil)

// promptVersion is in the names of the prompt files and in a draft's engine;
// raised whenever the same case would be asked about otherwise.
const promptVersion = "draft-1"

// Draft implements webcare.Drafter. Its errors are the playbook's.
func (l *LLM) Draft(ctx context.Context, req webcare.DraftRequest) (webcare.Draft, error) {
	standing, err := l.Playbook.Draft(ctx, req)
	if err != nil {
		return standing, err
	}
	d, usage, why := l.write(ctx, req, standing)
	if why != "" {
		d = standing
		d.Engine = fmt.Sprintf("%s (llm: %s)", standing.Engine, why)
	}
	d.LLMTokens, d.LLMCostMicros = usage.Tokens(), usage.CostMicros
	return d, nil
}

// write asks the model, at most twice, and returns its draft or why there is none.
func (l *LLM) write(ctx context.Context, req webcare.DraftRequest, standing webcare.Draft) (d webcare.Draft, total llm.Usage, why string) {
	defer func() {
		if p := recover(); p != nil { // a fault of ours must not cost the customer a reply
			why = "failed"
		}
	}()
	b, err := l.Brands.Get(req.Brand)
	if err != nil {
		return d, total, "failed"
	}
	s := newAsking(ctx, l, b, req, standing)
	q := s.question()
	for round := 1; ; round++ {
		var a modelAnswer
		usage, err := l.Client.Ask(ctx, q, &a)
		total = total.Plus(usage)
		if err != nil {
			return s.settle(total, string(llm.ReasonOf(err)))
		}
		faults := s.consider(a)
		if len(faults) == 0 {
			return s.best.draft, total, ""
		}
		if round == 2 || faults.final() {
			return s.settle(total, faults.why())
		}
		q.Turns = append(q.Turns, s.repair(a, faults)...)
	}
}

// consider checks an answer and keeps the draft made of it where it could be
// sent. It returns what is wrong, nothing where all is well.
func (s *asking) consider(a modelAnswer) faults {
	opt, refused := s.check(a)
	if len(refused) > 0 {
		return refused
	}
	d, fault := s.draft(a, opt)
	if fault != nil {
		return faults{*fault}
	}
	found := s.guard(d)
	if !webcare.HasBlocking(found) && (s.best == nil || len(found) < s.best.findings) {
		s.best = &candidate{d, len(found)}
	}
	var out faults
	for _, f := range found {
		out = append(out, s.finding(d, f))
	}
	return out
}

// candidate is a draft of the model's that could be approved.
type candidate struct {
	draft    webcare.Draft
	findings int
}

// settle takes the best draft of the model's if the guard finds no more in it
// than in the playbook's.
func (s *asking) settle(total llm.Usage, why string) (webcare.Draft, llm.Usage, string) {
	if s.best != nil && s.best.findings <= len(s.guard(s.standing)) {
		return s.best.draft, total, ""
	}
	return webcare.Draft{}, total, why
}

// guard checks a draft as the stage will.
func (s *asking) guard(d webcare.Draft) []webcare.Finding {
	c := webcare.Case{}
	if s.req.Case != nil {
		c = *s.req.Case
	}
	if len(c.Messages) == 0 {
		m := webcare.Message{Text: s.req.Text, Language: s.req.Triage.Language}
		c.Messages = []webcare.Entry[webcare.Message]{{Seq: 1, Value: m}}
	}
	if c.Head.Channel == "" {
		c.Head.Channel = s.req.Channel
	}
	if c.Head.Language == "" {
		c.Head.Language = s.req.Triage.Language
	}
	if len(c.Triages) == 0 {
		c.Triages = []webcare.Entry[webcare.Triage]{{Seq: 2, Value: s.req.Triage}}
	}
	if !s.req.Public {
		d.Visibility = webcare.Private
	} else if d.Visibility == "" {
		d.Visibility = webcare.Public
	}
	return guard.CheckDraft(&c, s.brand, d, nil, s.req.Now)
}

// fault is something wrong with an answer: for the draft's engine, in a word
// or two, and for the model. Neither repeats the answer as restored.
type fault struct {
	short, tell string
	last        bool // no second try: the answer obeys somebody else
}

type faults []fault

func (f faults) final() bool {
	for _, x := range f {
		if x.last {
			return true
		}
	}
	return false
}

func (f faults) why() string { return "refused: " + f[0].short }

// finding puts a finding of the guard into words for the model, redacted.
func (s *asking) finding(d webcare.Draft, f webcare.Finding) fault {
	reply, field := d.Text, "text"
	if f.Field != "" {
		reply, field = d.PrivateText, "private_text"
	}
	place := ""
	if f.Start < f.End && f.End <= len(reply) && f.End-f.Start < 200 {
		place = fmt.Sprintf(" (%q)", s.vault.Redact(reply[f.Start:f.End]).Text)
	}
	return fault{short: f.Rule, tell: field + ": " + s.vault.Redact(f.Message).Text + place}
}

// tidy brings a reply of the model into our form: line ends, spaces, and no
// closing, for the signature brings its own.
func (s *asking) tidy(reply string) string {
	reply = strings.TrimSpace(strings.ReplaceAll(reply, "\r\n", "\n"))
	lines := strings.Split(reply, "\n")
	for len(lines) > 1 {
		last := strings.TrimSpace(lines[len(lines)-1])
		if last != "" && last != s.brand.Name && !closingLine.MatchString(last) {
			break
		}
		lines = lines[:len(lines)-1]
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
