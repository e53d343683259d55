package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/inbox"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/webcare"
)

// importers is how many messages are stored at once, so that they share commits.
const importers = 32

// intake counts what an import did.
type intake struct {
	a        *app
	brand    *brand.Brand
	receiver *receive.Receiver
	columns  inbox.Columns
	bar      *progressbar.ProgressBar
	mu       sync.Mutex // of complaints

	stored, known, wrong atomic.Int64
}

func importCommand(ctx context.Context, a *app) error {
	if len(a.args) == 0 {
		return webcare.Invalidf("usage: onebox import [flags] FILE|DIR...")
	}
	columns, err := inbox.ParseColumns(a.mapping)
	if err != nil {
		return fmt.Errorf("--map: %w", err)
	}
	brands, err := a.brands()
	if err != nil {
		return err
	}
	b, err := brands.Get("")
	if err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, a.Data)
	if err != nil {
		return err
	}
	in := &intake{a: a, brand: b, columns: columns,
		receiver: &receive.Receiver{Store: webcare.Store{Ports: s.Ports()}, Now: time.Now, Random: rand.Reader}}
	return errors.Join(in.all(ctx), s.Close())
}

func (in *intake) all(ctx context.Context) error {
	var files []string
	for _, arg := range in.a.args {
		found, err := inbox.Files(arg)
		if err != nil {
			in.a.complain(err)
			continue
		}
		files = append(files, found...)
	}
	in.bar = in.progress(files)
	var err error
	for _, f := range files {
		if err = in.file(ctx, f); err != nil {
			break
		}
	}
	fmt.Fprintf(in.a.err, "%d stored, %d known already, %d wrong\n", in.stored.Load(), in.known.Load(), in.wrong.Load())
	return err
}

// progress shows bytes read, on a terminal only.
func (in *intake) progress(files []string) *progressbar.ProgressBar {
	var size int64
	for _, f := range files {
		if st, err := os.Stat(f); err == nil {
			size += st.Size()
		}
	}
	return in.a.bar(size, "importing")
}

// bar is a progress bar on standard error, silent where that is no terminal.
func (a *app) bar(size int64, what string) *progressbar.ProgressBar {
	f, ok := a.err.(*os.File)
	if ok {
		st, err := f.Stat()
		ok = err == nil && st.Mode()&os.ModeCharDevice != 0
	}
	if !ok || a.noProgress {
		return progressbar.DefaultBytesSilent(size, what)
	}
	return progressbar.NewOptions64(size, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(a.err), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
}

func (in *intake) file(ctx context.Context, name string) error {
	f, err := os.Open(name)
	if err != nil {
		in.complain(webcare.Invalidf("%w", err))
		return nil
	}
	defer f.Close()
	if strings.EqualFold(filepath.Ext(name), ".zip") {
		return in.archive(ctx, f)
	}
	return in.messages(ctx, name, io.TeeReader(f, in.bar))
}

// archive loads what export wrote.
func (in *intake) archive(ctx context.Context, f *os.File) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	bar := in.a.bar(1, "restoring") // the archive says how many there are
	m, err := in.receiver.Store.Restore(ctx, f, st.Size(), time.Now(), func(done, of int) {
		bar.ChangeMax(of)
		_ = bar.Set(done) // a bar that cannot be drawn stops nothing
		in.stored.Add(1)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name(), err)
	}
	fmt.Fprintf(in.a.err, "%s: %d cases, %d blobs of %s\n", f.Name(), m.Cases, m.Blobs, m.Made.Format(time.DateTime))
	brands, err := in.a.brands()
	if err != nil {
		return err
	}
	s := in.receiver.Store
	_, err = s.EraseAgain(ctx, brands.IDs(), nil, time.Now(), forgetting(s)) // what was erased stays so
	return err
}

// messages stores the messages of one file, several at once. A wrong one is
// reported and the rest goes on; a store that fails ends the import.
func (in *intake) messages(ctx context.Context, name string, r io.Reader) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slots := make(chan struct{}, importers)
	var wg sync.WaitGroup
	for e, err := range inbox.Read(name, r, in.columns) {
		if err != nil {
			in.complain(err)
			continue
		}
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := in.one(ctx, e); err != nil {
				cancel(fmt.Errorf("%s: %w", e.Where, err))
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// one stores a message. Only an error of the store is returned.
func (in *intake) one(ctx context.Context, e inbox.Entry) error {
	var res receive.Result
	var err error
	if e.Mail != nil {
		res, err = receiveMail(ctx, in.receiver, in.brand, in.a.config, nil, e.Mail, in.a.history)
	} else {
		m := e.Post.Message()
		m.Imported = in.a.history
		if m.Brand == "" {
			m.Brand = in.brand.ID
		}
		res, err = in.receiver.Receive(ctx, receive.Item{Message: m})
	}
	switch {
	case errors.Is(err, webcare.ErrInvalid), errors.Is(err, webcare.ErrConflict):
		in.complain(fmt.Errorf("%s: %w", e.Where, err))
	case err != nil:
		return err
	case res.Duplicate:
		in.known.Add(1)
	default:
		in.stored.Add(1)
	}
	return nil
}

func (in *intake) complain(err error) {
	in.wrong.Add(1)
	in.mu.Lock()
	defer in.mu.Unlock()
	in.a.complain(err)
}

// exportCommand writes an archive, whole or not at all.
func exportCommand(ctx context.Context, a *app) (err error) {
	if len(a.args) != 1 {
		return webcare.Invalidf("usage: onebox export [flags] ARCHIVE.zip")
	}
	if filepath.Ext(a.args[0]) != ".zip" {
		return webcare.Invalidf("%s: an archive's name ends in .zip", a.args[0])
	}
	brands, err := a.brands()
	if err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, a.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	tmp, err := os.CreateTemp(filepath.Dir(a.args[0]), ".webcare-export-*")
	if err != nil {
		return webcare.Unavailablef("%w", err)
	}
	defer os.Remove(tmp.Name())
	bar := a.bar(1, "exporting")
	store := webcare.Store{Ports: s.Ports()}
	m, err := store.Export(ctx, tmp, brands.IDs(), time.Now(), func(done int) {
		bar.ChangeMax(done + 1)
		_ = bar.Set(done)
	}) // a bar that cannot be drawn stops nothing
	if err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), a.args[0]); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s: %d cases, %d blobs\n", a.args[0], m.Cases, m.Blobs)
	return err
}
