package inbox

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"regexp"

	"webcare.example/responder/internal/webcare"
)

// maxMail is the largest mail read; a larger one is reported and passed over.
const maxMail = 64 << 20

// fromLine is the line before each mail of an mbox: a sender and a time. Both
// are asked for, since a line of text may begin with the same word.
var fromLine = regexp.MustCompile(`^From \S.*\d{1,2}:\d{2}.*\b\d{4}\b|^From - \S|^From \S+\s*$`)

// mbox reads mails in any of the dialects: what counts is a "From " line at
// the start or after an empty line. Quoted ">From " lines lose one sign.
func mbox(name string, r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		m := mboxReader{l: newLineReader(r), name: name}
		for m.next() {
			if !yield(m.entry, m.err) {
				return
			}
		}
	}
}

type mboxReader struct {
	l     *lineReader
	name  string
	entry Entry
	err   error

	begun, done bool
	start       int // line of the "From " line of the mail to come
}

// next reads one mail and reports whether there was one.
func (m *mboxReader) next() bool {
	m.entry, m.err = Entry{}, nil
	if m.done || (!m.begun && !m.begin()) {
		return m.err != nil
	}
	m.entry.Where = position(m.name, m.start)
	var mail bytes.Buffer
	tooLong, empty := false, false
	for {
		line, err := m.l.next(maxMail)
		switch {
		case errors.Is(err, io.EOF):
			m.done = true
			return m.finish(&mail, tooLong)
		case errors.Is(err, errLong):
			tooLong = true
			continue
		case err != nil:
			m.done, m.err = true, unreadable(position(m.name, m.l.n), err)
			return true
		case empty && fromLine.Match(line):
			m.start = m.l.n
			return m.finish(&mail, tooLong)
		}
		empty = len(bytes.TrimRight(line, "\r\n")) == 0
		if mail.Len()+len(line) > maxMail {
			tooLong = true
		}
		if !tooLong {
			mail.Write(unquoteFrom(line))
		}
	}
}

// begin looks for the first "From " line.
func (m *mboxReader) begin() bool {
	m.begun = true
	for {
		line, err := m.l.next(maxMail)
		at := position(m.name, m.l.n)
		switch {
		case errors.Is(err, io.EOF):
			m.done = true
			return false
		case err != nil:
			m.err = unreadable(at, err)
		case len(bytes.TrimSpace(line)) == 0:
			continue
		case !fromLine.Match(line):
			m.err = webcare.Invalidf("%s: no mbox: it does not begin with a \"From \" line", at)
		default:
			m.start = m.l.n
			return true
		}
		m.done, m.entry.Where = true, at
		return false
	}
}

func (m *mboxReader) finish(mail *bytes.Buffer, tooLong bool) bool {
	switch {
	case tooLong:
		m.err = webcare.Invalidf("%s: mail larger than %d MB", m.entry.Where, maxMail>>20)
	case len(bytes.TrimSpace(mail.Bytes())) == 0:
		m.err = webcare.Invalidf("%s: empty mail", m.entry.Where)
	default:
		m.entry.Mail = bytes.TrimSuffix(bytes.TrimSuffix(mail.Bytes(), []byte("\n")), []byte("\r"))
	}
	return true
}

// unquoteFrom drops one sign of a quoted "From " line.
func unquoteFrom(line []byte) []byte {
	if len(line) > 0 && line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
		return line[1:]
	}
	return line
}
