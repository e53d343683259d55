// Command onebox is the whole webcare responder in one process on one SQLite
// file, and its command line: serve, demo, triage, draft, check, import,
// export, eval, brand, token, version.
//
// Start reading at run in commands.go; serve.go boots the program.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // brands name their time zone; a bare machine may have none
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
}
