// Package corpus reads and writes labelled messages, the text that the triage
// engine is trained on. A team's own corrections are written in the same form,
// so that they can join the training.
//
// One message is one line:
//
//	LANG CHANNEL SENTIMENT URGENCY KIND SIGNALS :: text with [friction_type|evidence] marks
//
// SIGNALS are separated by commas, or "-". In the text [late,broken_promise|stretch]
// marks the evidence of one or more frictions and [+|stretch] marks praise; marks
// do not nest. A line break within a message is written \n; the signs [ ] | stand
// for nothing else. A line that begins with # is a comment.
package corpus

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// Example is one labelled message. Offsets count bytes into Text.
type Example struct {
	Language  string
	Channel   string
	Sentiment webcare.SentimentLabel
	Urgency   webcare.Urgency
	Kind      webcare.Kind
	Signals   []webcare.Signal
	Text      string
	Frictions []Mark
	Praise    []webcare.Span
	Source    string // file:line
}

// Mark is a stretch of the text and the friction types it shows.
type Mark struct {
	Types []webcare.FrictionType
	webcare.Span
}

// Complaint reports whether the message is one.
func (e Example) Complaint() bool { return e.Kind == webcare.KindComplaint }

// Types returns the friction types of the message, the first mark first, each once.
func (e Example) Types() []webcare.FrictionType {
	var types []webcare.FrictionType
	for _, m := range e.Frictions {
		for _, t := range m.Types {
			if !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
	}
	return types
}

// Read reads all examples from r; name goes into Source and errors. Lines that
// are not in the form are left out, and each gives an error of its own.
func Read(r io.Reader, name string) ([]Example, []error) {
	var examples []Example
	var errs []error
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimSpace(scanner.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		e, err := Parse(line)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, n, err))
			continue
		}
		e.Source = fmt.Sprintf("%s:%d", name, n)
		examples = append(examples, e)
	}
	if err := scanner.Err(); err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", name, err))
	}
	return examples, errs
}

// Parse reads one line.
func Parse(line string) (Example, error) {
	head, body, ok := strings.Cut(line, " :: ")
	fields := strings.Fields(head)
	if !ok || len(fields) != 6 {
		return Example{}, webcare.Invalidf("a line begins with six words and ' :: '")
	}
	e := Example{
		Language: fields[0], Channel: fields[1],
		Sentiment: webcare.SentimentLabel(fields[2]), Urgency: webcare.Urgency(fields[3]), Kind: webcare.Kind(fields[4]),
	}
	if fields[5] != "-" {
		for s := range strings.SplitSeq(fields[5], ",") {
			e.Signals = append(e.Signals, webcare.Signal(s))
		}
	}
	if err := e.check(); err != nil {
		return Example{}, err
	}
	return e, e.marked(strings.ReplaceAll(body, `\n`, "\n"))
}

func (e Example) check() error {
	switch {
	case len(e.Language) != 2:
		return webcare.Invalidf("language %q is no two letters", e.Language)
	case !slices.Contains(Sentiments(), e.Sentiment):
		return webcare.Invalidf("unknown sentiment %q", e.Sentiment)
	case !slices.Contains(Urgencies(), e.Urgency):
		return webcare.Invalidf("unknown urgency %q", e.Urgency)
	case !slices.Contains(Kinds(), e.Kind):
		return webcare.Invalidf("unknown kind %q", e.Kind)
	}
	for _, s := range e.Signals {
		if !slices.Contains(webcare.Signals(), s) {
			return webcare.Invalidf("unknown signal %q", s)
		}
	}
	return nil
}

// marked takes the marks out of body and sets the text, frictions and praise.
func (e *Example) marked(body string) error {
	var b strings.Builder
	for body != "" {
		at := strings.IndexByte(body, '[')
		if at < 0 {
			break
		}
		b.WriteString(body[:at])
		labels, rest, ok := strings.Cut(body[at+1:], "|")
		stretch, after, closed := strings.Cut(rest, "]")
		if !ok || !closed || stretch == "" || strings.ContainsAny(stretch, "[|") {
			return webcare.Invalidf("a mark is [type|stretch]: %.40q", body[at:])
		}
		span := webcare.Span{Start: b.Len(), End: b.Len() + len(stretch), Text: stretch}
		if err := e.addMark(labels, span); err != nil {
			return err
		}
		b.WriteString(stretch)
		body = after
	}
	b.WriteString(body)
	e.Text = b.String()
	if strings.ContainsAny(e.Text, "[]|") {
		return webcare.Invalidf("a sign of a mark stands outside a mark")
	}
	return nil
}

func (e *Example) addMark(labels string, span webcare.Span) error {
	if labels == "+" {
		e.Praise = append(e.Praise, span)
		return nil
	}
	mark := Mark{Span: span}
	for label := range strings.SplitSeq(labels, ",") {
		t := webcare.FrictionType(strings.TrimSpace(label))
		if !t.Valid() {
			return webcare.Invalidf("unknown friction type %q", t)
		}
		mark.Types = append(mark.Types, t)
	}
	e.Frictions = append(e.Frictions, mark)
	return nil
}

// Sentiments returns the sentiment labels.
func Sentiments() []webcare.SentimentLabel {
	return []webcare.SentimentLabel{webcare.Negative, webcare.Neutral, webcare.Positive, webcare.Mixed}
}

// Urgencies returns the urgencies, most urgent first.
func Urgencies() []webcare.Urgency {
	return []webcare.Urgency{webcare.Critical, webcare.High, webcare.Normal, webcare.Low}
}

// Kinds returns the kinds of a message.
func Kinds() []webcare.Kind {
	return []webcare.Kind{webcare.KindComplaint, webcare.KindQuestion, webcare.KindPraise, webcare.KindSuggestion,
		webcare.KindPress, webcare.KindSpam, webcare.KindOther}
}
