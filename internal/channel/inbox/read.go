package inbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Entry is one message of a file: a mail, or a post.
type Entry struct {
	Where string // file and line, for messages to a person
	Mail  []byte // a mail's bytes, for package mail; nil for a post
	Post  Post
	Raw   []byte // the lines the post was read from
}

// Format is how a file holds its messages.
type Format string

// Formats.
const (
	FormatMail  Format = "mail" // one mail
	FormatMbox  Format = "mbox"
	FormatJSONL Format = "jsonl"
	FormatCSV   Format = "csv"
	FormatText  Format = "text" // one message
)

// FormatOf tells the format by the name of the file, and where that says
// nothing by its first bytes.
func FormatOf(name string, head []byte) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".eml", ".emlx", ".msg822":
		return FormatMail
	case ".mbox", ".mbx":
		return FormatMbox
	case ".jsonl", ".ndjson", ".json":
		return FormatJSONL
	case ".csv", ".tsv":
		return FormatCSV
	case ".txt", ".md":
		return FormatText
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	first, _, _ := bytes.Cut(head, []byte("\n"))
	switch {
	case fromLine.Match(first):
		return FormatMbox
	case bytes.HasPrefix(head, []byte("{")):
		return FormatJSONL
	case mailHeader(head):
		return FormatMail
	}
	return FormatText
}

// mailHeader reports a first line that is a field of a mail.
func mailHeader(head []byte) bool {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	name, _, ok := bytes.Cut(first, []byte(":"))
	if !ok {
		return false
	}
	known := []string{"received", "return-path", "delivered-to", "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
		"x-mozilla-status", "x-apparently-to", "authentication-results", "dkim-signature"}
	return slices.Contains(known, strings.ToLower(string(name)))
}

// Read returns the messages of r one by one. name is that of the file, for its
// format and for errors. An error of kind ErrInvalid concerns the entry it
// comes with, and reading goes on; any other ends it.
func Read(name string, r io.Reader, columns Columns) iter.Seq2[Entry, error] {
	br := bufio.NewReaderSize(r, 64<<10)
	head, _ := br.Peek(4096)
	switch FormatOf(name, head) {
	case FormatMbox:
		return mbox(name, br)
	case FormatJSONL:
		return jsonLines(name, br)
	case FormatCSV:
		return table(name, br, columns)
	case FormatMail:
		return whole(name, br, maxMail, func(b []byte) (Entry, error) { return Entry{Mail: b}, nil })
	}
	return whole(name, br, 4*MaxText, textEntry)
}

func textEntry(b []byte) (Entry, error) {
	s := string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	if !utf8.ValidString(s) {
		s, _ = plain.UTF8([]byte(s), "")
	}
	e := Entry{Post: Post{Text: s}, Raw: b}
	return e, e.Post.check()
}

// whole reads a file as one entry.
func whole(name string, r io.Reader, most int64, entry func([]byte) (Entry, error)) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		b, err := io.ReadAll(io.LimitReader(r, most+1))
		var e Entry
		switch {
		case err != nil:
			err = unreadable(name, err)
		case int64(len(b)) > most:
			err = webcare.Invalidf("%s: larger than %d kB", name, most>>10)
		case len(bytes.TrimSpace(b)) == 0:
			err = webcare.Invalidf("%s: empty", name)
		default:
			if e, err = entry(b); err != nil {
				err = within(name, err)
			}
		}
		e.Where = name
		yield(e, err)
	}
}

// Files returns the files to import under path: the file itself, or those of a
// folder and its folders by name, hidden ones left out. ErrInvalid: there is
// no such file.
func Files(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, webcare.Invalidf("%s: %v", path, cause(err))
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var out []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != path && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return filepath.SkipDir
			}
		case d.Type().IsRegular():
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		return nil, webcare.Invalidf("%s: %v", path, cause(err))
	}
	return out, nil
}

// cause is the error without the path that it repeats.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func position(name string, line int) string { return fmt.Sprintf("%s:%d", name, line) }

func unreadable(at string, err error) error {
	return webcare.Unavailablef("%s: %w", at, cause(err))
}
