package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// Bounds of one input.
const (
	maxLine = 8 << 20
	maxText = 64 << 20
)

// input is one message to look at.
type input struct {
	ID       string
	Text     string
	Subject  string
	Channel  string
	Language string
	Author   webcare.Author
	Stars    int
	where    string // file and line, for errors
	derived  bool   // Text was taken out of a mail: it is shown with the result
	raw      []byte // the whole line, for commands that read further fields
}

// author is a name, or an object of name and handle.
type author struct{ webcare.Author }

func (a *author) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &a.Name)
	}
	return json.Unmarshal(b, &a.Author)
}

// each reads all inputs and hands them to f, in order. A bad one is complained
// about, with file and line, and the rest goes on.
func (a *app) each(f func(input) error) error {
	files := a.args
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, name := range files {
		if err := a.file(name, f); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) file(name string, f func(input) error) error {
	r, label := a.in, "standard input"
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			a.complain(webcare.Invalidf("%w", err))
			return nil
		}
		defer file.Close()
		if st, err := file.Stat(); err == nil && st.IsDir() {
			a.complain(webcare.Invalidf("%s: is a folder", name))
			return nil
		}
		r, label = file, name
	}
	br := bufio.NewReaderSize(r, 64<<10)
	switch {
	case strings.EqualFold(filepath.Ext(name), ".eml"):
		return a.whole(br, label, filepath.Base(name), true, f)
	case isJSONLines(name, br):
		return a.lines(br, label, f)
	}
	id := filepath.Base(name)
	if name == "-" {
		id = "stdin"
	}
	return a.whole(br, label, id, false, f)
}

// isJSONLines reports whether the input begins like a JSON object.
func isJSONLines(name string, br *bufio.Reader) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson", ".json":
		return true
	case ".txt", ".md":
		return false
	}
	for n := 1; n <= 4096; n++ {
		b, err := br.Peek(n)
		if err != nil {
			return false
		}
		if c := b[n-1]; c != ' ' && c != '\t' && c != '\n' && c != '\r' && !bytes.HasPrefix(b, []byte("\xef\xbb\xbf")[:min(n, 3)]) {
			return c == '{'
		}
	}
	return false
}

// whole reads a file as one message.
func (a *app) whole(r io.Reader, label, id string, isMail bool, f func(input) error) error {
	b, err := io.ReadAll(io.LimitReader(r, maxText+1))
	switch {
	case err != nil:
		a.complain(fmt.Errorf("%s: %w", label, err))
		return nil
	case len(b) > maxText:
		a.complain(webcare.Invalidf("%s: larger than %d MB", label, maxText>>20))
		return nil
	}
	if isMail {
		m := mail.Parse(b, mail.Options{Brand: "cli"}).Message
		return f(input{ID: id, Text: m.Text, Subject: m.Subject, Channel: "email", Author: m.Author, where: label, derived: true})
	}
	if !utf8.Valid(b) {
		a.complain(webcare.Invalidf("%s: not UTF-8: byte %d", label, firstBad(b)))
		return nil
	}
	if strings.TrimSpace(string(b)) == "" {
		a.complain(webcare.Invalidf("%s: empty", label))
		return nil
	}
	return f(input{ID: id, Text: string(b), where: label})
}

func firstBad(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// lines reads JSON lines, however many, one at a time.
func (a *app) lines(r *bufio.Reader, label string, f func(input) error) error {
	for n := 1; ; n++ {
		line, err := readLine(r)
		where := fmt.Sprintf("%s:%d", label, n)
		if errors.Is(err, errLongLine) {
			a.complain(webcare.Invalidf("%s: line longer than %d MB", where, maxLine>>20))
			continue
		}
		if len(bytes.TrimSpace(line)) > 0 {
			in, perr := parseLine(line, where, n)
			if perr != nil {
				a.complain(perr)
			} else if ferr := f(in); ferr != nil {
				return ferr
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			a.complain(fmt.Errorf("%s: %w", where, err))
			return nil
		}
	}
}

var errLongLine = errors.New("line too long")

// readLine returns the next line; of one that is too long it skips the rest.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
			long = len(line) > maxLine
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return line, err
		case long:
			return nil, errLongLine
		}
		return line, nil
	}
}

func parseLine(line []byte, where string, n int) (input, error) {
	line = bytes.TrimPrefix(bytes.TrimSpace(line), []byte("\xef\xbb\xbf"))
	if !utf8.Valid(line) {
		return input{}, webcare.Invalidf("%s: not UTF-8: byte %d", where, firstBad(line))
	}
	var v struct {
		ID       any     `json:"id"`
		Text     *string `json:"text"`
		Subject  string  `json:"subject"`
		Channel  string  `json:"channel"`
		Language string  `json:"language"`
		Author   author  `json:"author"`
		Stars    int     `json:"stars"`
	}
	if err := json.Unmarshal(line, &v); err != nil {
		return input{}, webcare.Invalidf("%s: %v", where, err)
	}
	if v.Text == nil {
		return input{}, webcare.Invalidf("%s: text: missing", where)
	}
	in := input{Text: *v.Text, Subject: v.Subject, Channel: v.Channel, Language: v.Language, Author: v.Author.Author, Stars: v.Stars,
		where: where, raw: bytes.Clone(line)}
	switch id := v.ID.(type) {
	case nil:
		in.ID = fmt.Sprint(n)
	case string:
		in.ID = id
	default:
		in.ID = strings.Trim(fmt.Sprint(id), `"`)
	}
	return in, nil
}
