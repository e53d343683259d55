package draft

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

//go:embed prompts
var promptFiles embed.FS

func mustReadPrompt(name string) string {
	b, err := promptFiles.ReadFile("prompts/" + name)
	if err != nil {
		panic("draft: " + err.Error())
	}
	return string(b)
}

// promptParts are the sentences that fill the slots of the prompts, by name
// and language.
var promptParts = sync.OnceValue(func() map[string]string {
	parts := map[string]string{}
	for line := range strings.Lines(mustReadPrompt(promptVersion + ".parts.txt")) {
		if name, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name != "#" {
			lang, sentence, _ := strings.Cut(rest, " ")
			parts[name+" "+lang] = sentence
		}
	}
	return parts
})

// asking is one case put to the model.
type asking struct {
	ctx      context.Context
	from     *LLM
	brand    *brand.Brand
	req      webcare.DraftRequest
	standing webcare.Draft
	reading  *reading
	lang     string
	offered  []option
	vault    *llm.Vault
	system   string
	said     []turn    // the conversation, redacted
	input    modelSaid // what the model is told beside it
	best     *candidate
	backing  *backing
}

// turn is one message of the conversation.
type turn struct {
	From string `json:"from"` // customer or us
	Text string `json:"text"`
}

// modelSaid is the user message: data, in JSON, so that no text in it can end it.
type modelSaid struct {
	Channel      string        `json:"channel"`
	Public       bool          `json:"public"`
	Today        string        `json:"today"`
	Conversation []turn        `json:"conversation"`
	About        modelAbout    `json:"about"`
	Resolutions  []modelOption `json:"resolutions"`
	Examples     []Example     `json:"examples,omitempty"`
	Instruction  string        `json:"instruction,omitempty"`
}

type modelAbout struct {
	Kind      webcare.Kind     `json:"kind"`
	Frictions []modelFriction  `json:"frictions,omitempty"`
	Urgency   webcare.Urgency  `json:"urgency"`
	Signals   []webcare.Signal `json:"signals,omitempty"`
	Praise    []string         `json:"praise,omitempty"`
}

type modelFriction struct {
	Type  webcare.FrictionType `json:"type"`
	Words []string             `json:"words,omitempty"`
}

type modelOption struct {
	ID           string `json:"id"`
	Sorry        bool   `json:"sorry"`
	Reply        string `json:"reply"`
	PrivateReply string `json:"private_reply,omitempty"`
}

func newAsking(ctx context.Context, l *LLM, b *brand.Brand, req webcare.DraftRequest, standing webcare.Draft) *asking {
	s := &asking{ctx: ctx, from: l, brand: b, req: req, standing: standing, lang: standing.Language}
	s.reading = read(req, b)
	s.reading.lang = s.lang
	s.offered = s.options()
	s.redact()
	s.system = s.instructions()
	s.backing = newBacking(s)
	return s
}

// mostTurns of a conversation are sent, the latest.
const mostTurns = 12

// redact sends the conversation through the vault, and then what is told
// beside it, so that both speak of the same placeholders.
func (s *asking) redact() {
	turns := s.conversation()
	texts := make([]string, len(turns))
	for i, t := range turns {
		texts[i] = t.Text
	}
	known := llm.Known{Language: s.lang, Author: s.reading.author(), Ours: s.ours(), Public: s.praised()}
	redacted, vault := llm.Redact(texts, known)
	for i := range turns {
		turns[i].Text = redacted[i].Text
	}
	s.said, s.vault = turns[max(0, len(turns)-mostTurns):], vault
}

// ours are the names of the brand and of those who keep its promises.
func (s *asking) ours() []string {
	names := []string{s.brand.Name, s.brand.ID, s.reading.agent}
	for _, o := range s.brand.Owners {
		names = append(names, o.Name)
	}
	return names
}

// praised are people whom even a public reply may name: ours whom the customer
// praises, and whoever the playbook names there.
func (s *asking) praised() []string {
	var names []string
	for _, f := range s.reading.facts {
		if f.Kind != webcare.FactName {
			continue
		}
		public := slices.ContainsFunc(s.req.Triage.Praise, func(p webcare.Span) bool { return f.Start >= p.Start && f.End <= p.End })
		for _, w := range text.Words(f.Text) {
			word := f.Text[w.Start:w.End]
			if first, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(first) && (public || strings.Contains(s.standing.Text, word)) {
				names = append(names, word)
			}
		}
	}
	return names
}

// conversation is all messages, or the request's text where there is no case.
func (s *asking) conversation() []turn {
	var out []turn
	if s.req.Case != nil {
		for _, e := range s.req.Case.Conversation() {
			from := "customer"
			if e.Value.Ours {
				from = "us"
			} else if e.Value.Automatic != "" {
				continue
			}
			body := e.Value.Text
			if e.Value.Subject != "" && from == "customer" && len(out) == 0 {
				body = e.Value.Subject + "\n\n" + body
			}
			out = append(out, turn{from, body})
		}
	}
	if len(out) == 0 {
		out = []turn{{"customer", s.req.Text}}
	}
	return out
}

// question is what the model is asked.
func (s *asking) question() llm.Question {
	s.input = modelSaid{Channel: s.reading.kind, Public: s.req.Public, Today: s.brand.DateInWords(s.req.Now, s.lang, s.req.Now.AddDate(0, 0, -1)),
		Conversation: s.said, About: s.about(), Instruction: s.vault.Redact(s.req.Instruction).Text}
	ids := make([]string, 0, len(s.offered))
	for _, o := range s.offered {
		ids = append(ids, o.id)
		s.input.Resolutions = append(s.input.Resolutions, modelOption{o.id, o.sorry, s.vault.RedactOurs(o.text), s.vault.RedactOurs(o.private)})
	}
	if s.from.Examples != nil && len(s.req.Triage.Frictions) > 0 {
		// Without examples a draft is poorer, not impossible.
		s.input.Examples, _ = s.from.Examples.Nearest(s.ctx, s.brand.ID, s.lang, s.req.Triage.Main(), text.Terms(s.req.Text))
	}
	b, err := json.Marshal(s.input) // escapes <, > and & too
	if err != nil {
		panic("draft: a question cannot be marshalled: " + err.Error())
	}
	return llm.Question{Brand: s.brand.ID, Name: "reply", System: s.system, Turns: []llm.Turn{{Role: "user", Text: string(b)}},
		Schema: answerSchema(ids, s.lang), MaxTokens: 1500}
}

func (s *asking) about() modelAbout {
	t := s.req.Triage
	a := modelAbout{Kind: t.Kind, Urgency: t.Urgency, Signals: t.Signals}
	for _, f := range t.Frictions {
		m := modelFriction{Type: f.Type}
		for _, e := range f.Evidence {
			m.Words = append(m.Words, s.vault.Redact(e.Text).Text)
		}
		a.Frictions = append(a.Frictions, m)
	}
	for _, p := range t.Praise {
		a.Praise = append(a.Praise, s.vault.Redact(p.Text).Text)
	}
	return a
}

// instructions fill the prompt of the language. Nothing of the customer's is
// in them but the placeholder of a name.
func (s *asking) instructions() string {
	part := func(name string, values ...string) string {
		slots := map[string]string{}
		for i := 0; i+1 < len(values); i += 2 {
			slots[values[i]] = values[i+1]
		}
		filled, _ := brand.Fill(promptParts()[name+" "+s.lang], slots)
		return filled
	}
	yes := map[bool]string{true: "yes", false: "no"}
	values := map[string]string{"brand": s.brand.Name, "jargon": strings.Join(s.brand.Jargon[s.lang], ", "), "placeholders": "",
		"voice": "- " + strings.Join(s.brand.Voice[s.lang], "\n- "), "public": part("public." + yes[s.req.Public]),
		"private": part("private." + yes[s.offered[0].private != ""]), "register": part("register.any"), "greeting": part("greeting.post")}
	if name := s.vault.Customer(); name != "" {
		values["placeholders"] = part("placeholders.name", "name", name)
	}
	if s.lang == "nl" {
		values["register"] = part("register." + string(s.reading.register))
	}
	if s.reading.kind == "email" {
		values["greeting"] = part("greeting.mail")
	}
	length := "length.long"
	if short(s.reading.kind) {
		length = "length.short"
	}
	values["length"] = part(length, "most", fmt.Sprint(s.room(s.offered[0].text)))
	filled, _ := brand.Fill(mustReadPrompt(promptVersion+"."+s.lang+".txt"), values)
	return strings.TrimSpace(filled)
}

// noEssay is how many characters a reply may have: well over the standard one.
func noEssay(standard string) int {
	const least, most = 900, 4000
	return min(max(least, utf8.RuneCountInString(standard)*9/4), most)
}

// room is noEssay within what the channel takes, signature aside.
func (s *asking) room(standard string) int {
	n := noEssay(standard)
	if taken, limit := s.reading.room(""); limit > 0 {
		sign, _ := s.brand.Sign(s.reading.agent, s.lang, s.reading.kind)
		n = min(n, limit-taken-utf8.RuneCountInString(sign)-2)
	}
	return n
}

// repair tells the model what is wrong with its answer.
func (s *asking) repair(a modelAnswer, wrong faults) []llm.Turn {
	said, err := json.Marshal(a)
	if err != nil {
		panic("draft: an answer cannot be marshalled: " + err.Error())
	}
	var b strings.Builder
	b.WriteString(promptParts()["repair "+s.lang])
	for _, f := range wrong {
		b.WriteString("\n- " + f.tell)
	}
	return []llm.Turn{{Role: "assistant", Text: string(said)}, {Role: "user", Text: b.String()}}
}
