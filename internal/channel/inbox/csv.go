package inbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Bounds of one record.
const (
	maxRecord      = 1 << 20 // bytes
	maxRecordLines = 5000
)

// Columns maps fields of Post to columns, by their name in the header or by
// number from 1. Fields that it leaves out are found by the names that exports
// give them.
type Columns map[string]string

// ParseColumns reads a mapping such as "text=Bericht,author=Naam,posted_at=3".
// ErrInvalid names the field that does not exist.
func ParseColumns(s string) (Columns, error) {
	c := Columns{}
	for part := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		field, column, ok := strings.Cut(part, "=")
		field, column = strings.ToLower(strings.TrimSpace(field)), strings.TrimSpace(column)
		if !ok || column == "" {
			return nil, webcare.Invalidf("column mapping %q: expected field=column", part)
		}
		if _, ok := setters[field]; !ok {
			return nil, webcare.Invalidf("column mapping: %q is no field; fields are %s", field, strings.Join(slices.Sorted(maps.Keys(setters)), ", "))
		}
		c[field] = column
	}
	return c, nil
}

// setters put a cell into a post.
var setters = map[string]func(*Post, string) error{
	"id":   func(p *Post, s string) error { p.ID = s; return nil },
	"text": func(p *Post, s string) error { p.Text = s; return nil },
	"channel": func(p *Post, s string) error {
		p.Channel = strings.ToLower(strings.ReplaceAll(s, " ", "_"))
		return nil
	},
	"subject":    func(p *Post, s string) error { p.Subject = s; return nil },
	"author":     func(p *Post, s string) error { p.Author.Name = s; return nil },
	"handle":     func(p *Post, s string) error { p.Author.Handle = s; return nil },
	"address":    func(p *Post, s string) error { p.Author.Address = s; return nil },
	"thread":     func(p *Post, s string) error { p.Thread = s; return nil },
	"url":        func(p *Post, s string) error { p.URL = s; return nil },
	"posted_at":  func(p *Post, s string) (err error) { p.PostedAt, err = parseTime(s); return err },
	"language":   func(p *Post, s string) error { p.Language = s; return nil },
	"brand":      func(p *Post, s string) error { p.Brand = s; return nil },
	"visibility": func(p *Post, s string) error { p.Visibility = strings.ToLower(s); return nil },
	"stars":      func(p *Post, s string) (err error) { p.Stars, err = parseStars(s); return err },
}

// usual are the names by which exports call the fields, the likeliest first.
var usual = map[string]string{
	"id": "id,nummer,message_id,bericht_id,review_id,ticket,ticketnummer", "text": "text,tekst,bericht,message,klacht,complaint,omschrijving,description,review,opmerking,comment,body,inhoud",
	"channel": "channel,kanaal,bron,source,platform", "subject": "subject,onderwerp,titel,title", "author": "author,auteur,naam,name,klant,customer,afzender,from",
	"handle": "handle,gebruikersnaam,username,screen_name", "address": "address,email,e-mail,e-mailadres,emailadres,mail", "thread": "thread,thread_id,gesprek,conversation",
	"url": "url,link,permalink", "posted_at": "posted_at,datum,date,tijdstip,created_at,created,geplaatst,timestamp,time", "language": "language,taal,lang",
	"brand": "brand,merk", "visibility": "visibility,zichtbaarheid", "stars": "stars,sterren,score,rating,beoordeling,cijfer",
}

// csvReader reads records of a table with a header line.
type csvReader struct {
	l     *lineReader
	name  string
	comma rune
	width int
	set   map[int]string // column -> field
}

// table reads a CSV file: delimiter comma, semicolon or tab, as the header has it.
func table(name string, r io.Reader, columns Columns) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		c := &csvReader{l: newLineReader(r), name: name}
		if err := c.header(columns); err != nil {
			yield(Entry{Where: position(name, 1)}, err)
			return
		}
		for {
			at := position(name, c.l.n+1)
			cells, raw, bad, err := c.record()
			switch {
			case errors.Is(err, io.EOF):
				return
			case bad == nil && len(cells) == 1 && strings.TrimSpace(cells[0]) == "":
				continue // an empty line
			case err != nil:
				yield(Entry{Where: at}, unreadable(at, err))
				return
			}
			e := Entry{Where: at, Raw: raw}
			if bad == nil {
				e.Post, bad = c.post(cells)
			}
			if bad != nil {
				bad = within(at, bad)
			}
			if !yield(e, bad) {
				return
			}
		}
	}
}

func (c *csvReader) header(columns Columns) error {
	first, err := c.l.next(maxRecord)
	if err != nil {
		return webcare.Invalidf("%s: no header line: %v", position(c.name, 1), err)
	}
	first = bytes.TrimPrefix(first, []byte("\xef\xbb\xbf"))
	c.comma = delimiter(first)
	names, err := c.parse(first, false)
	if err != nil {
		return webcare.Invalidf("%s: header: %v", position(c.name, 1), err)
	}
	c.width, c.set = len(names), map[int]string{}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	for field, column := range columns {
		i := find(names, column)
		if i < 0 {
			return webcare.Invalidf("%s: no column %q for %s; the header has %s", position(c.name, 1), column, field, quoteAll(names))
		}
		c.set[i] = field
	}
	for field, candidates := range usual {
		if _, given := columns[field]; given {
			continue
		}
		for n := range strings.SplitSeq(candidates, ",") {
			if i := find(names, n); i >= 0 && c.set[i] == "" && !number(n) {
				c.set[i] = field
				break
			}
		}
	}
	if !slices.Contains(slices.Collect(maps.Values(c.set)), "text") {
		return webcare.Invalidf("%s: which column is the text? name it with text=COLUMN; the header has %s", position(c.name, 1), quoteAll(names))
	}
	return nil
}

func number(s string) bool { _, err := strconv.Atoi(s); return err == nil }

// find returns the column of that name, or of that number from 1.
func find(names []string, column string) int {
	for i, n := range names {
		if strings.EqualFold(n, column) || strings.EqualFold(strings.ReplaceAll(n, " ", "_"), column) {
			return i
		}
	}
	if n, err := strconv.Atoi(column); err == nil && n >= 1 && n <= len(names) {
		return n - 1
	}
	return -1
}

func quoteAll(names []string) string {
	q := make([]string, 0, len(names))
	for _, n := range names[:min(len(names), 40)] {
		q = append(q, strconv.Quote(plain.Clip(plain.Line(n), 40)))
	}
	return strings.Join(q, ", ")
}

// delimiter is the one that stands most often in the header.
func delimiter(line []byte) rune {
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		if n := bytes.Count(line, []byte(string(d))); n > most {
			best, most = d, n
		}
	}
	return best
}

// record reads one record. A record ends where its quotes are balanced; if they
// never are, the sign was no quote (5" is an inch): then the first line alone
// is the record, and the others are read again.
func (c *csvReader) record() (cells []string, raw []byte, bad, err error) {
	var lines [][]byte
	size, quotes := 0, 0
	for {
		line, err := c.l.next(maxRecord)
		switch {
		case errors.Is(err, errLong):
			return nil, nil, fmt.Errorf("line longer than %d MB", maxRecord>>20), nil
		case errors.Is(err, io.EOF) && len(lines) > 0:
			cells, raw, bad = c.alone(lines)
			return cells, raw, bad, nil
		case err != nil:
			return nil, nil, nil, err
		}
		lines = append(lines, line)
		size += len(line)
		quotes += bytes.Count(line, []byte{'"'})
		if quotes%2 == 0 {
			raw = bytes.Join(lines, nil)
			if cells, bad = c.parse(raw, false); bad == nil {
				return cells, raw, nil, nil
			}
		}
		if quotes%2 == 0 || size > maxRecord || len(lines) > maxRecordLines {
			cells, raw, bad = c.alone(lines)
			return cells, raw, bad, nil
		}
	}
}

// alone takes the first of the lines for a record and gives the others back.
func (c *csvReader) alone(lines [][]byte) ([]string, []byte, error) {
	c.l.unread(lines[1:])
	cells, err := c.parse(lines[0], true)
	if err == nil && len(cells) > c.width {
		err = fmt.Errorf("%d cells, the header has %d", len(cells), c.width)
	}
	if err != nil {
		return nil, lines[0], fmt.Errorf("quotes do not match: %w", err)
	}
	return cells, lines[0], nil
}

// parse splits a record into cells (RFC 4180). Where lazy, a quote that does
// not enclose a cell is a sign like any other.
func (c *csvReader) parse(raw []byte, lazy bool) (cells []string, err error) {
	s := string(raw)
	if !utf8.ValidString(s) {
		s, _ = plain.UTF8(raw, "windows-1252") // what spreadsheets write without being asked
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "\n"), "\r")
	for more := true; more; {
		var cell, rest string
		cell, rest, more, err = c.cell(s)
		if err != nil && !lazy {
			return nil, err
		}
		if err != nil {
			cell, rest, more = strings.Cut(s, string(c.comma))
		}
		cells, s = append(cells, strings.ReplaceAll(cell, "\r\n", "\n")), rest
	}
	return cells, nil
}

// cell takes the first cell off s.
func (c *csvReader) cell(s string) (cell, rest string, more bool, err error) {
	if !strings.HasPrefix(s, `"`) {
		cell, rest, more = strings.Cut(s, string(c.comma))
		if strings.Contains(cell, `"`) || strings.Contains(cell, "\n") {
			err = errors.New("a quote inside a cell without quotes")
		}
		return cell, rest, more, err
	}
	var b strings.Builder
	for s = s[1:]; ; {
		part, after, ok := strings.Cut(s, `"`)
		if !ok {
			return "", "", false, errors.New("a quote is not closed")
		}
		b.WriteString(part)
		switch {
		case strings.HasPrefix(after, `"`):
			b.WriteByte('"')
			s = after[1:]
		case after == "":
			return b.String(), "", false, nil
		case strings.HasPrefix(after, string(c.comma)):
			return b.String(), after[len(string(c.comma)):], true, nil
		default:
			return "", "", false, errors.New("text after a closing quote")
		}
	}
}

func (c *csvReader) post(cells []string) (p Post, err error) {
	if len(cells) > c.width {
		return p, fmt.Errorf("%d cells, the header has %d", len(cells), c.width)
	}
	for i, cell := range cells {
		field, ok := c.set[i]
		if !ok || strings.TrimSpace(cell) == "" {
			continue
		}
		if field != "text" {
			cell = plain.Line(cell)
		}
		if err := setters[field](&p, cell); err != nil {
			return p, fmt.Errorf("%s: %w", field, err)
		}
	}
	return p, p.check()
}
