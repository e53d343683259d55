package inbox

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"unicode/utf8"

	"webcare.example/responder/internal/webcare"
)

// maxLine is the longest JSON line: text, escaped, and labels beside it.
const maxLine = 4 << 20

// jsonLines reads one object a line. Empty lines are fine.
func jsonLines(name string, r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		l := newLineReader(r)
		for {
			line, err := l.next(maxLine)
			if errors.Is(err, io.EOF) {
				return
			}
			at := position(name, l.n)
			if err != nil && !errors.Is(err, errLong) {
				yield(Entry{Where: at}, unreadable(at, err))
				return
			}
			line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")))
			if err == nil && len(line) == 0 {
				continue
			}
			e, err := jsonLine(at, line, err)
			if !yield(e, err) {
				return
			}
		}
	}
}

func jsonLine(at string, line []byte, err error) (Entry, error) {
	e := Entry{Where: at, Raw: line}
	if err != nil {
		return e, webcare.Invalidf("%s: line longer than %d MB", at, maxLine>>20)
	}
	if !utf8.Valid(line) {
		line = bytes.ToValidUTF8(line, []byte("\uFFFD"))
	}
	if e.Post, err = decode(line, false); err != nil {
		return e, within(at, err)
	}
	return e, nil
}

// within puts the position before an error that already has its kind.
func within(at string, err error) error { return webcare.Invalidf("%s: %w", at, err) }
