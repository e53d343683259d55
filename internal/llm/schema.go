package llm

import (
	"bytes"
	"encoding/json"
)

// Schema describes the JSON that is asked for, in the part of JSON Schema that
// strict modes know. Objects are closed and all their fields required; fields
// are written in the order given, and models answer in that order.
type Schema struct {
	kind   string
	about  string // for the model
	fields []Field
	items  *Schema
	values []string
	most   int // runes of a string, elements of an array; 0 for no bound
	lo, hi float64
}

// Field is one field of an object.
type Field struct {
	Name   string
	Schema Schema
}

// Object has exactly the fields given.
func Object(fields ...Field) Schema { return Schema{kind: "object", fields: fields} }

// Array has at most so many elements.
func Array(most int, of Schema) Schema { return Schema{kind: "array", items: &of, most: most} }

// Text is a string of at most so many runes.
func Text(most int) Schema { return Schema{kind: "string", most: most} }

// Enum is one of the values.
func Enum(values ...string) Schema { return Schema{kind: "string", values: values} }

// Range is a number between lo and hi, both included.
func Range(lo, hi float64) Schema { return Schema{kind: "number", lo: lo, hi: hi} }

// Bool is true or false.
func Bool() Schema { return Schema{kind: "boolean"} }

// About adds a description for the model.
func (s Schema) About(what string) Schema {
	s.about = what
	return s
}

// MarshalJSON writes the JSON Schema. Bounds are left out: strict modes differ
// in which they accept, and Check holds them all.
func (s Schema) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"type":` + quote(s.kind))
	if s.about != "" {
		b.WriteString(`,"description":` + quote(s.about))
	}
	if len(s.values) > 0 {
		list, err := json.Marshal(s.values)
		if err != nil {
			return nil, err
		}
		b.WriteString(`,"enum":`)
		b.Write(list)
	}
	if s.items != nil {
		items, err := s.items.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b.WriteString(`,"items":`)
		b.Write(items)
	}
	if s.kind == "object" {
		if err := s.writeFields(&b); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (s Schema) writeFields(b *bytes.Buffer) error {
	required := make([]string, 0, len(s.fields))
	b.WriteString(`,"properties":{`)
	for i, f := range s.fields {
		if i > 0 {
			b.WriteByte(',')
		}
		inner, err := f.Schema.MarshalJSON()
		if err != nil {
			return err
		}
		b.WriteString(quote(f.Name) + ":")
		b.Write(inner)
		required = append(required, f.Name)
	}
	list, err := json.Marshal(required)
	if err != nil {
		return err
	}
	b.WriteString(`},"required":`)
	b.Write(list)
	b.WriteString(`,"additionalProperties":false`)
	return nil
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("llm: a string cannot be marshalled: " + err.Error())
	}
	return string(b)
}
