package console

import (
	"html/template"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/webcare"
)

// rowsMade remembers rows of the queue. They look the same to everybody who
// reads it in one language: a team that watches one queue makes each of them
// once a minute, not once a page.
type rowsMade struct {
	mu   sync.Mutex
	made map[rowKey]template.HTML
}

// rowKey is all that a row is made of.
type rowKey struct {
	id                    webcare.CaseID
	version, minute       int64
	lang, query, assignee string
	here                  string
}

// maxRows bounds how many are remembered.
const maxRows = 4000

// Row is one case of the queue.
func (p page) Row(r row) (template.HTML, error) {
	var here strings.Builder
	for _, x := range r.Here {
		here.WriteString(x.Name + "\x00")
	}
	key := rowKey{id: r.ID, version: r.Version, minute: p.now.Unix() / 60, lang: p.Lang, query: r.Query, assignee: p.Name(r.Assignee), here: here.String()}
	made := &p.pages.rows
	made.mu.Lock()
	m, ok := made.made[key]
	made.mu.Unlock()
	if ok {
		return m, nil
	}
	p.now = p.now.Truncate(time.Minute)
	var b strings.Builder
	if err := p.pages.byName["queue"].ExecuteTemplate(&b, "row", p.With(r)); err != nil {
		return "", err
	}
	m = template.HTML(b.String()) // our own template escaped it
	made.mu.Lock()
	defer made.mu.Unlock()
	if made.made == nil || len(made.made) >= maxRows {
		made.made = map[rowKey]template.HTML{}
	}
	made.made[key] = m
	return m, nil
}

// Timer says how the response clock of a case stands.
func (p page) Timer(h webcare.Head) timer { return clock(h, p.now.UnixMilli(), p.Lang) }
