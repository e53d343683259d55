package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/kelseyhightower/envconfig"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// version of the program; releases set it with -ldflags "-X main.version=...".
var version = "dev"

// stdio is where a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// Exit statuses.
const (
	exitOK      = 0
	exitFailure = 1 // something outside went wrong; trying again may help
	exitUsage   = 2 // the input or the call is wrong
)

// command is one word after onebox.
type command struct {
	name, args, help string
	run              func(ctx context.Context, a *app) error
}

var commands []command

func init() {
	commands = []command{
		{"serve", "", "console and API on --listen, mail intake on --smtp, data in --data (default)", serve},
		{"demo", "", "the same on a throw-away folder, with sample complaints", demo},
		{"triage", "[FILE...|-]", "what happened to the customer: text, .eml or JSON lines in, JSON out", triageCommand},
		{"draft", "[FILE...|-]", "triage and a draft reply", draftCommand},
		{"check", "[FILE...|-]", "the guard as a linter for replies: JSON lines in, findings out", checkCommand},
		{"import", "FILE|DIR...", "take in .eml, mbox, JSON lines, CSV, text, or an archive", importCommand},
		{"export", "ARCHIVE.zip", "write everything to a portable archive", exportCommand},
		{"eval", "LABELLED.jsonl", "precision, recall and F1 of the triage", evalCommand},
		{"brand", "check FILE...|sample", "check brand files, or print the sample", brandCommand},
		{"corrections", "", "triages that people put right, in the form that the engine learns from", correctionsCommand},
		{"recount", "[repair]", "count all events again and compare with the tallies", recountCommand},
		{"privacy", "export|erase|erasures|reapply ...", "a customer's export and erasure, and erasing again after a restore", privacyCommand},
		{"token", "NAME", "make an API token", tokenCommand},
		{"fakes", "", "play the platforms on this machine, to try out the channels", fakesCommand},
		{"version", "", "print the version", func(_ context.Context, a *app) error {
			_, err := fmt.Fprintln(a.out, "webcare onebox", version)
			return err
		}},
	}
}

// app is one run of a command.
type app struct {
	stdio
	config
	args []string
	bad  bool // an input was wrong; the others were done
}

// run runs a command and returns the exit status.
func run(ctx context.Context, args []string, io stdio) int {
	name := "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	i := slices.IndexFunc(commands, func(c command) bool { return c.name == name })
	if i < 0 {
		fmt.Fprintf(io.err, "onebox: there is no command %q\n\n", name)
		usage(io.err)
		return exitUsage
	}
	a := &app{stdio: io}
	if err := envconfig.Process("webcare", &a.config); err != nil {
		fmt.Fprintln(io.err, "onebox:", err)
		return exitUsage
	}
	fs := a.flags(commands[i])
	rest, err := parseAnywhere(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitUsage
	}
	a.args = rest
	return a.status(commands[i].run(ctx, a))
}

// parseAnywhere parses flags before, between and after the arguments.
func parseAnywhere(fs *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// status says how a command ended, in words and as a number: the one place
// where error kinds become exit statuses.
func (a *app) status(err error) int {
	switch {
	case err == nil && a.bad:
		return exitUsage
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(a.err, "onebox: stopped")
		return exitFailure
	}
	fmt.Fprintln(a.err, "onebox:", err)
	if errors.Is(err, webcare.ErrInvalid) || errors.Is(err, webcare.ErrConflict) || errors.Is(err, webcare.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return exitUsage
	}
	return exitFailure
}

// complain reports one bad input; the others go on.
func (a *app) complain(err error) {
	a.bad = true
	fmt.Fprintln(a.err, "onebox:", err)
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: onebox COMMAND [flags] [arguments]")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-8s %-22s %s\n", c.name, c.args, c.help)
	}
	fmt.Fprintln(w, "onebox COMMAND --help lists its flags; WEBCARE_... variables set the same.")
}

// brands loads the brand files, or the sample.
func (a *app) brands() (*brand.Set, error) {
	if len(a.Brand) == 0 && a.demoBrand != nil {
		return brand.NewSet(a.demoBrand)
	}
	if len(a.Brand) == 0 {
		return brand.NewSet(brand.Sample())
	}
	var all []*brand.Brand
	for _, file := range a.Brand {
		b, err := loadBrand(file)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return brand.NewSet(all...)
}

func loadBrand(file string) (*brand.Brand, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, webcare.Invalidf("brand file: %w", err)
	}
	defer f.Close()
	return brand.Load(f, file)
}
