package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"webcare.example/responder/internal/channel/inbox"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// input is one message to look at.
type input struct {
	inbox.Post
	where   string // file and line, for errors
	derived bool   // Text was taken out of a mail: it is shown with the result
	raw     []byte // the whole line, for commands that read further fields
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
	r, label, id := a.in, "standard input", "stdin"
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			a.complain(webcare.Invalidf("%w", err))
			return nil
		}
		defer file.Close()
		if st, err := file.Stat(); err == nil && st.IsDir() {
			a.complain(webcare.Invalidf("%s: is a folder: name the files in it", name))
			return nil
		}
		r, label, id = file, name, filepath.Base(name)
	}
	return a.entries(r, label, id, f)
}

// entries reads the messages of one file. One without an id is named by the
// file, and by its number where the file holds several.
func (a *app) entries(r io.Reader, label, id string, f func(input) error) error {
	n := 0
	for e, err := range inbox.Read(label, r, nil) {
		n++
		if err != nil {
			a.complain(err)
			if !errors.Is(err, webcare.ErrInvalid) {
				return nil // this file cannot be read on
			}
			continue
		}
		in := input{Post: e.Post, where: e.Where, raw: e.Raw}
		if e.Mail != nil {
			m := mail.Parse(e.Mail, mail.Options{Brand: "cli"}).Message
			in.Text, in.Subject, in.Channel, in.Author, in.derived = m.Text, m.Subject, mail.Channel, m.Author, true
		}
		if in.ID == "" {
			in.ID = id
			if n > 1 || len(e.Raw) > 0 && e.Raw[0] == '{' {
				in.ID = fmt.Sprintf("%s:%d", id, n)
			}
		}
		if err := f(in); err != nil {
			return err
		}
	}
	return nil
}
