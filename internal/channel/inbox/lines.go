package inbox

import (
	"bufio"
	"errors"
	"io"
)

// lineReader reads lines with their numbers and a bound on their length.
type lineReader struct {
	r *bufio.Reader
	n int // number of the line read last
	// back holds lines that were read ahead, the next one last.
	back [][]byte
}

func newLineReader(r io.Reader) *lineReader {
	if b, ok := r.(*bufio.Reader); ok {
		return &lineReader{r: b}
	}
	return &lineReader{r: bufio.NewReaderSize(r, 64<<10)}
}

var errLong = errors.New("line too long")

// next returns the next line with its end, a copy of its own. Of a line longer
// than most bytes the rest is skipped and errLong returned; io.EOF comes alone.
func (l *lineReader) next(most int) (line []byte, err error) {
	l.n++
	if k := len(l.back); k > 0 {
		line, l.back = l.back[k-1], l.back[:k-1]
		return line, nil
	}
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		if !long && len(line)+len(part) <= most+2 {
			line = append(line, part...)
		} else {
			long, line = true, nil
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || (len(line) == 0 && !long)):
			l.n-- // no line was read
			return nil, err
		case long:
			return nil, errLong
		}
		return line, nil
	}
}

// unread gives lines back, to be read again in their order.
func (l *lineReader) unread(lines [][]byte) {
	for i := len(lines) - 1; i >= 0; i-- {
		l.back = append(l.back, lines[i])
		l.n--
	}
}
