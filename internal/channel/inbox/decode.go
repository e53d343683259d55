package inbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// MaxHook is the largest body of a pushed message in bytes.
const MaxHook = 1 << 20

// DecodeHook reads the body of POST /hooks/messages: one JSON object of Post's
// fields and no others. The message's ExternalID is empty where the body has
// no id, for the caller to name it. ErrInvalid names the field.
func DecodeHook(body []byte) (webcare.Message, error) {
	if len(body) > MaxHook {
		return webcare.Message{}, webcare.Invalidf("body: %d bytes, at most %d", len(body), MaxHook)
	}
	p, err := decode(body, true)
	if err != nil {
		return webcare.Message{}, webcare.Invalidf("%w", err)
	}
	m := p.Message()
	if p.ID == "" {
		m.Key.ExternalID = ""
	}
	return m, nil
}

// jsonError words what is wrong with the JSON itself.
func jsonError(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("body: empty")
	case errors.As(err, &syntax):
		return fmt.Errorf("no JSON at byte %d: %w", syntax.Offset, syntax)
	case errors.As(err, &kind):
		return fmt.Errorf("body: a JSON %s where an object is expected", kind.Value)
	}
	return fmt.Errorf("no JSON: %w", err)
}

func kindOf(b json.RawMessage) string {
	switch b[0] {
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}

func decodeString(b json.RawMessage, to *string) error {
	if b[0] != '"' {
		return fmt.Errorf("%s where a string is expected", kindOf(b))
	}
	return json.Unmarshal(b, to)
}

// decodeID takes a string or a whole number: many systems number their messages.
func decodeID(b json.RawMessage, to *string) error {
	if b[0] == '"' {
		return json.Unmarshal(b, to)
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil || strings.ContainsAny(n.String(), ".eE") {
		return fmt.Errorf("%s where a string or a whole number is expected", kindOf(b))
	}
	*to = n.String()
	return nil
}

func decodeAuthor(b json.RawMessage, to *webcare.Author) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &to.Name)
	}
	if b[0] != '{' {
		return fmt.Errorf("%s where a name or an object is expected", kindOf(b))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("expected {\"name\",\"handle\",\"address\"}: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

func decodeStars(b json.RawMessage, to *int) error {
	var f float64
	if b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		n, err := parseStars(s)
		*to = n
		return err
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return fmt.Errorf("%s where a number is expected", kindOf(b))
	}
	if f != math.Trunc(f) || f < 1 || f > 5 {
		return fmt.Errorf("%v is no whole number between 1 and 5", f)
	}
	*to = int(f)
	return nil
}

func parseStars(s string) (int, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "/5"))
	if n := strings.Count(s, "★"); n > 0 {
		s = strconv.Itoa(n)
	}
	f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || f != math.Trunc(f) || f < 1 || f > 5 {
		return 0, fmt.Errorf("%q is no whole number between 1 and 5", plain.Clip(s, 40))
	}
	return int(f), nil
}

// layouts of times in exports; Dutch ones put the day first.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05-07:00", "2006-01-02 15:04", "2006-01-02",
	"2-1-2006 15:04:05", "2-1-2006 15:04", "2-1-2006", "2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006", "2.1.2006 15:04", "2.1.2006",
	time.RFC1123Z, time.RFC1123, "Mon Jan 02 15:04:05 -0700 2006"}

// parseTime reads a time, in UTC where it names no zone.
func parseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return saneTime(t)
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) >= 9 {
		return unixTime(n)
	}
	return time.Time{}, fmt.Errorf("%q is no time such as 2025-03-31T14:05:00+02:00", plain.Clip(plain.Line(s), 60))
}

// unixTime reads seconds, or milliseconds where seconds would be absurd.
func unixTime(n int64) (time.Time, error) {
	if n > 100_000_000_000 {
		return saneTime(time.UnixMilli(n))
	}
	return saneTime(time.Unix(n, 0))
}

func saneTime(t time.Time) (time.Time, error) {
	if t.Year() < 1990 || t.Year() > 2200 {
		return time.Time{}, fmt.Errorf("the year %d is out of range", t.Year())
	}
	return t, nil
}

func decodeTime(b json.RawMessage, to *time.Time) (err error) {
	if b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*to, err = parseTime(s)
		return err
	}
	var n int64
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("%s where a time is expected", kindOf(b))
	}
	*to, err = unixTime(n)
	return err
}
