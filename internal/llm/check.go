package llm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// Check returns an *Error of reason Malformed or OffSchema where data is not
// exactly one value of the schema: every field once, none besides, enums and
// bounds held. A server that promises strict schemas is checked all the same.
func (s Schema) Check(data []byte) error {
	if !utf8.Valid(data) {
		return &Error{Reason: Malformed}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := s.check(d, "answer"); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return &Error{Reason: Malformed, Where: "the end"}
	}
	return nil
}

func off(where string) error { return &Error{Reason: OffSchema, Where: where} }

func (s Schema) check(d *json.Decoder, where string) error {
	token, err := d.Token()
	if err != nil {
		return &Error{Reason: Malformed, Where: where}
	}
	switch v := token.(type) {
	case json.Delim:
		switch {
		case v == '{' && s.kind == "object":
			return s.checkObject(d, where)
		case v == '[' && s.kind == "array":
			return s.checkArray(d, where)
		}
	case string:
		if s.kind == "string" && s.holds(v) {
			return nil
		}
	case bool:
		if s.kind == "boolean" {
			return nil
		}
	case json.Number:
		if f, err := v.Float64(); err == nil && s.kind == "number" && f >= s.lo && f <= s.hi {
			return nil
		}
	}
	return off(where)
}

func (s Schema) holds(v string) bool {
	if len(s.values) > 0 {
		return slices.Contains(s.values, v)
	}
	return s.most == 0 || utf8.RuneCountInString(v) <= s.most
}

func (s Schema) checkObject(d *json.Decoder, where string) error {
	seen := make([]bool, len(s.fields))
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return &Error{Reason: Malformed, Where: where}
		}
		i := slices.IndexFunc(s.fields, func(f Field) bool { return f.Name == token })
		if i < 0 || seen[i] {
			return off(where + ": a field too many")
		}
		seen[i] = true
		if err := s.fields[i].Schema.check(d, within(where, s.fields[i].Name)); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return &Error{Reason: Malformed, Where: where}
	}
	if i := slices.Index(seen, false); i >= 0 {
		return off(within(where, s.fields[i].Name) + ": missing")
	}
	return nil
}

func (s Schema) checkArray(d *json.Decoder, where string) error {
	for n := 0; d.More(); n++ {
		if s.most > 0 && n >= s.most {
			return off(where + ": too many")
		}
		if err := s.items.check(d, fmt.Sprintf("%s[%d]", where, n)); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return &Error{Reason: Malformed, Where: where}
	}
	return nil
}

func within(where, name string) string {
	if where == "answer" {
		return name
	}
	return where + "." + name
}
