package draft

import (
	"strings"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

// modelAnswer is what the model gives back. The resolution comes first, so
// that the words follow the choice.
type modelAnswer struct {
	Resolution  string   `json:"resolution"`
	Details     []string `json:"details"`
	Language    string   `json:"language"`
	Text        string   `json:"text"`
	PrivateText string   `json:"private_text"`
}

func answerSchema(ids []string, lang string) llm.Schema {
	return llm.Object(
		llm.Field{Name: "resolution", Schema: llm.Enum(ids...)},
		llm.Field{Name: "details", Schema: llm.Array(12, llm.Text(300))},
		llm.Field{Name: "language", Schema: llm.Enum(lang)},
		llm.Field{Name: "text", Schema: llm.Text(8000)},
		llm.Field{Name: "private_text", Schema: llm.Text(8000)},
	)
}

var closingLine = lazily(`(?i)^(?:(?:met )?(?:vriendelijke|hartelijke|warme|lieve)?\s?groet(?:en|jes)?|(?:kind|best|warm|kindest)?\s?regards|best wishes|all the best|sincerely|yours sincerely|mvg|het team|the team|team \p{L}+)[\s,.!]*$`)

// draft makes a draft of a checked answer: the playbook's, with the model's
// words in it, details put back and the agent's signature below.
func (s *asking) draft(a modelAnswer, o option) (webcare.Draft, *fault) {
	restore := s.vault.Restore
	if s.req.Public {
		restore = s.vault.RestorePublic
	}
	reply, err := restore(s.tidy(a.Text))
	if err != nil {
		return webcare.Draft{}, &fault{short: "placeholder", tell: "text: use the codes in square brackets to the letter, in public only that of the customer's name"}
	}
	private, err := s.vault.Restore(s.tidy(a.PrivateText))
	if err != nil {
		return webcare.Draft{}, &fault{short: "placeholder", tell: "private_text: use the codes in square brackets to the letter"}
	}
	d := o.draft
	d.Engine = "llm/" + s.from.Client.Name() + "/" + promptVersion
	d.Text = s.signed(reply, s.reading.kind)
	if private != "" {
		d.PrivateText = s.signed(private, "message")
	}
	return d, nil
}

// signed puts the signature below: after a space in a short post, else as a
// paragraph of its own.
func (s *asking) signed(reply, kind string) string {
	sign, err := s.brand.Sign(s.reading.agent, s.lang, kind)
	if err != nil || sign == "" {
		return reply
	}
	if short(kind) {
		return reply + " " + sign
	}
	return strings.TrimRight(reply, "\n") + "\n\n" + sign
}
