package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"webcare.example/responder/internal/webcare"
)

// Labelled is one message with what a careful reader found in it. Kind may be
// absent; it is then not measured.
type Labelled struct {
	ID        string                 `json:"id"`
	Channel   string                 `json:"channel"`
	Language  string                 `json:"language"`
	Text      string                 `json:"text"`
	Complaint bool                   `json:"complaint"`
	Kind      webcare.Kind           `json:"kind,omitempty"`
	Frictions []LabelledFriction     `json:"frictions"`
	Sentiment webcare.SentimentLabel `json:"sentiment"`
	Urgency   webcare.Urgency        `json:"urgency"`
	Signals   []webcare.Signal       `json:"signals"`
	Praise    []string               `json:"praise"`
	Facts     []string               `json:"facts"`
}

// LabelledFriction is a type and the stretch of the text that shows it.
type LabelledFriction struct {
	Type     webcare.FrictionType `json:"type"`
	Evidence string               `json:"evidence"`
}

// Read reads labelled messages, one JSON object a line. The error names the
// line and is of kind invalid.
func Read(r io.Reader) ([]Labelled, error) {
	var all []Labelled
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 4<<20)
	for n := 1; scanner.Scan(); n++ {
		if len(scanner.Bytes()) == 0 {
			continue
		}
		var l Labelled
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			return nil, webcare.Invalidf("line %d: %v", n, err)
		}
		for _, f := range l.Frictions {
			if !f.Type.Valid() {
				return nil, webcare.Invalidf("line %d: unknown friction type %q", n, f.Type)
			}
		}
		all = append(all, l)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("eval.Read: %w", err)
	}
	return all, nil
}
