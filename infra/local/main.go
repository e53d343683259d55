// Command local runs the functions of template.yaml on this machine as Lambda
// would: the built binaries under a small Runtime API, fed from an emulated
// table's stream, queues, bucket and clock.
//
//	eval "$(infra/emulators start)"
//	go run ./infra/local
//
// It says where mail goes in and what SES was given. Ctrl-C stops it; the
// emulators keep nothing.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "local:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) error {
	dynamodb, moto := os.Getenv("WEBCARE_TEST_DYNAMODB"), os.Getenv("WEBCARE_TEST_S3")
	if dynamodb == "" || moto == "" {
		return fmt.Errorf(`the emulators are not running: eval "$(infra/emulators start)"`)
	}
	dir, err := os.MkdirTemp("", "webcare-local-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := compile(ctx, dir); err != nil {
		return err
	}
	s, err := newStack(ctx, dynamodb, moto, dir, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Printf("table and bucket %s\n  mail in:  put a .eml under s3://%s/inbound/ at %s, then s.mail(key)\n  mail out: %s/moto-api/data.json, sesv2\n", s.name, s.name, moto, moto)
	s.run(ctx)
	return nil
}
