package brand

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"webcare.example/responder/internal/webcare"
)

// maxFile bounds a brand file, in bytes.
const maxFile = 4 << 20

// Load reads and validates a brand file; name stands in its errors. All
// mistakes are joined into one error of kind webcare.ErrInvalid, a line each:
// "sample.yaml:41: playbook.refund.resolutions[0].cost_cents: must not be negative".
func Load(r io.Reader, name string) (*Brand, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("brand file %s: %w", name, err)
	}
	if len(data) > maxFile {
		return nil, webcare.Invalidf("%s: larger than %d bytes", name, maxFile)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, webcare.Invalidf("%w", syntaxError(name, err))
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, webcare.Invalidf("%s:1: the file is empty", name)
	}
	if len(file.Docs) > 1 {
		return nil, webcare.Invalidf("%s:%d: one document a file", name, file.Docs[1].GetToken().Position.Line)
	}
	at := &places{name: name, lines: map[string]int{}}
	at.walk(file.Docs[0].Body, reflect.TypeFor[Brand](), "")
	b := &Brand{}
	if len(at.problems) == 0 {
		if err := yaml.NodeToValue(file.Docs[0].Body, b); err != nil {
			return nil, webcare.Invalidf("%w", syntaxError(name, err))
		}
		validate(b, at.report)
	}
	if len(at.problems) > 0 {
		return nil, webcare.Invalidf("%w", errors.Join(at.problems...))
	}
	return b, nil
}

// syntaxError puts the parser's position in front of its message.
func syntaxError(name string, err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", name, e.GetToken().Position.Line, firstLine(e.GetMessage()))
	}
	return fmt.Errorf("%s:1: %s", name, firstLine(err.Error()))
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// places knows on which line each field stands, and collects what is wrong.
type places struct {
	name     string
	lines    map[string]int
	problems []error
}

var lastStep = regexp.MustCompile(`(\.[^.\[\]]+|\[\d+\])$`)

// report adds a problem with a field, on its line or that of what it stands in.
func (p *places) report(field, format string, args ...any) {
	line, path := 1, field
	for path != "" {
		if l, ok := p.lines[path]; ok {
			line = l
			break
		}
		shorter := lastStep.ReplaceAllString(path, "")
		if shorter == path {
			break
		}
		path = shorter
	}
	p.problems = append(p.problems, fmt.Errorf("%s:%d: %s: %s", p.name, line, field, fmt.Sprintf(format, args...)))
}

// walk notes the lines of all fields and reports keys and shapes that the
// type does not have: all of them, where the decoder would stop at the first.
func (p *places) walk(node ast.Node, t reflect.Type, path string) {
	for {
		switch n := node.(type) {
		case *ast.TagNode:
			node = n.Value
			continue
		case *ast.AnchorNode:
			node = n.Value
			continue
		}
		break
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if node == nil || node.Type() == ast.NullType || node.Type() == ast.AliasType || t == reflect.TypeFor[Term]() {
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		p.walkMap(node, path, "a list of keys and values", func(key string) (reflect.Type, bool) { return fieldType(t, key) })
	case reflect.Map:
		p.walkMap(node, path, "a list of keys and values", func(string) (reflect.Type, bool) { return t.Elem(), true })
	case reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			p.report(path, "must be a list")
			return
		}
		for i, v := range list.Values {
			at := fmt.Sprintf("%s[%d]", path, i)
			p.lines[at] = v.GetToken().Position.Line
			p.walk(v, t.Elem(), at)
		}
	default:
		p.scalar(node, t, path)
	}
}

func (p *places) walkMap(node ast.Node, path, shape string, typeOf func(string) (reflect.Type, bool)) {
	var entries []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	default:
		p.report(orRoot(path), "must be %s", shape)
		return
	}
	for _, e := range entries {
		if e.Key.IsMergeKey() {
			continue
		}
		key := e.Key.GetToken().Value
		at := strings.TrimPrefix(path+"."+key, ".")
		p.lines[at] = e.Key.GetToken().Position.Line
		t, ok := typeOf(key)
		if !ok {
			p.report(at, "unknown key")
			continue
		}
		p.walk(e.Value, t, at)
	}
}

func (p *places) scalar(node ast.Node, t reflect.Type, path string) {
	wrong := ""
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode:
		wrong = "must be a single value"
	case *ast.IntegerNode:
		if t.Kind() == reflect.Bool {
			wrong = "must be true or false"
		}
	case *ast.BoolNode:
		if t.Kind() != reflect.Bool {
			wrong = "must not be true or false; put quotes around a text"
		}
	default:
		if t.Kind() == reflect.Int64 || t.Kind() == reflect.Int {
			wrong = "must be a whole number"
		} else if t.Kind() == reflect.Bool {
			wrong = "must be true or false"
		}
	}
	if wrong != "" {
		p.report(path, "%s", wrong)
	}
}

func orRoot(path string) string {
	if path == "" {
		return "(file)"
	}
	return path
}

func fieldType(t reflect.Type, key string) (reflect.Type, bool) {
	for i := range t.NumField() {
		if name, ok := t.Field(i).Tag.Lookup("yaml"); ok && name == key {
			return t.Field(i).Type, true
		}
	}
	return nil, false
}
