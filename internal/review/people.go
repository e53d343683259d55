package review

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"webcare.example/responder/internal/webcare"
)

// Colleague is somebody who has signed in: cases can be given to them, and
// notes can call them by name.
type Colleague struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Authority webcare.Authority `json:"authority"`
	Seen      time.Time         `json:"seen"`
}

const (
	personKind  = "person"
	mentionKind = "mention"
	viewKind    = "view"
)

// Terms of records about people.
const (
	personTerm  = 90 * 24 * time.Hour
	mentionTerm = 30 * 24 * time.Hour
)

// Know remembers a person who works here.
func (d *Desk) Know(ctx context.Context, by webcare.Actor) error {
	now := d.Now()
	return d.put(ctx, personKind, by.ID, Colleague{ID: by.ID, Name: by.Name, Authority: by.Authority, Seen: now.UTC()}, now.Add(personTerm))
}

// Colleagues returns who worked here lately, by id.
func (d *Desk) Colleagues(ctx context.Context) ([]Colleague, error) {
	return scan[Colleague](ctx, d, personKind, "")
}

// Mention is a note that calls somebody.
type Mention struct {
	Case webcare.CaseID `json:"case"`
	By   string         `json:"by"` // the name of who wrote
	At   time.Time      `json:"at"`
}

// mention notes for everybody whom a note calls that it does.
func (d *Desk) mention(ctx context.Context, id webcare.CaseID, by webcare.Actor, text string) error {
	called := Called(text)
	if len(called) == 0 {
		return nil
	}
	people, err := d.Colleagues(ctx)
	if err != nil {
		return err
	}
	now := d.Now()
	for _, p := range people {
		if !slices.Contains(called, strings.ToLower(p.Name)) && !slices.Contains(called, strings.ToLower(p.ID)) {
			continue
		}
		if err := d.put(ctx, mentionKind, p.ID+"/"+string(id), Mention{Case: id, By: by.Name, At: now.UTC()}, now.Add(mentionTerm)); err != nil {
			return err
		}
	}
	return nil
}

// Called returns the names after an @ in a note, in lower case. The @ of a
// mail address calls nobody.
func Called(text string) []string {
	var out []string
	before := ' '
	for i, r := range text {
		if r == '@' && !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '.' {
			rest := text[i+1:]
			end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' })
			if end < 0 {
				end = len(rest)
			}
			if end > 0 {
				out = append(out, strings.ToLower(rest[:end]))
			}
		}
		before = r
	}
	return out
}

// Mentions returns the notes that call a person and were not seen yet.
func (d *Desk) Mentions(ctx context.Context, by webcare.Actor) ([]Mention, error) {
	return scan[Mention](ctx, d, mentionKind, by.ID+"/")
}

// SeeMention notes that a person has seen what calls them in a case.
func (d *Desk) SeeMention(ctx context.Context, id webcare.CaseID, by webcare.Actor) error {
	key := by.ID + "/" + string(id)
	if _, err := d.Store.Records.Get(ctx, mentionKind, key, d.Now()); errors.Is(err, webcare.ErrNotFound) {
		return nil // as good as always: nobody waits for a write then
	} else if err != nil {
		return err
	}
	return d.Store.Records.Remove(ctx, mentionKind, key)
}

// View is a way to look at the queue that a person has kept.
type View struct {
	Name  string `json:"name"`
	Query string `json:"query"` // of the queue's address, without "?"
}

// maxViewBytes bounds the name and the query of a view together.
const maxViewBytes = 2000

// SaveView keeps a view under its name.
func (d *Desk) SaveView(ctx context.Context, by webcare.Actor, v View) error {
	v.Name = strings.TrimSpace(v.Name)
	if v.Name == "" || len(v.Name) > 60 || len(v.Name)+len(v.Query) > maxViewBytes {
		return webcare.Invalidf("name: a view has a name of 1 to 60 bytes")
	}
	return d.put(ctx, viewKind, by.ID+"/"+strings.ToLower(v.Name), v, time.Time{})
}

// Views returns a person's views by name.
func (d *Desk) Views(ctx context.Context, by webcare.Actor) ([]View, error) {
	return scan[View](ctx, d, viewKind, by.ID+"/")
}

// DropView forgets a view.
func (d *Desk) DropView(ctx context.Context, by webcare.Actor, name string) error {
	return d.Store.Records.Remove(ctx, viewKind, by.ID+"/"+strings.ToLower(strings.TrimSpace(name)))
}
