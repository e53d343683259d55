package brand

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Term is how long something may take: working days, opening time, or plain
// time. In the file: "2 working days", "4 hours" (of opening time), "90
// minutes", "2 hours around the clock", "0 working days" (today, before closing).
type Term struct {
	WorkingDays int
	Open        time.Duration // opening time
	Plain       time.Duration // around the clock
	set         bool
	wrong       string // why it could not be read; Load reports it with its line
}

// IsZero reports whether no term was given.
func (t Term) IsZero() bool { return !t.set }

// UnmarshalYAML reads a term; what is wrong with it is reported by Load.
func (t *Term) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if err := unmarshal(&text); err != nil {
		*t = Term{set: true, wrong: "must be a text like \"2 working days\" or \"4 hours\""}
		return nil //nolint:nilerr // Load reports it, with the line
	}
	parsed, err := ParseTerm(text)
	if err != nil {
		parsed = Term{set: true, wrong: err.Error()}
	}
	*t = parsed
	return nil
}

// ParseTerm reads a term.
func ParseTerm(text string) (Term, error) {
	wrong := fmt.Errorf("%q is no term: write \"2 working days\", \"4 hours\", \"30 minutes\" or \"2 hours around the clock\"", text)
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 1000 {
		return Term{}, wrong
	}
	unit, plain := strings.CutSuffix(unit, " around the clock")
	var each time.Duration
	switch strings.TrimSuffix(unit, "s") {
	case "working day":
		if plain {
			return Term{}, wrong
		}
		return Term{WorkingDays: n, set: true}, nil
	case "hour":
		each = time.Hour
	case "minute":
		each = time.Minute
	default:
		return Term{}, wrong
	}
	if n == 0 {
		return Term{}, wrong
	}
	if plain {
		return Term{Plain: time.Duration(n) * each, set: true}, nil
	}
	return Term{Open: time.Duration(n) * each, set: true}, nil
}
